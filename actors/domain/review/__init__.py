"""The linter: deterministic checks of a contract's text."""
