"""Telling whether two legal questions are the same question in other words."""
