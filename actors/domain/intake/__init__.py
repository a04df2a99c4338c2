"""Intake: from a request in plain words, and typed facts, to a `Matter`."""
