"""Kills of real processes."""
