"""Whole documents through every check: no Ray, some minutes."""
