"""Tests. A package of its own: some wheel installs another `tests`."""
