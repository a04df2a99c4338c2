"""Runs and repairs the actors: supervision, composition, the command line."""
