"""Jurisdiction rules as checks on text."""
