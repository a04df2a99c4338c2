"""The agents: what drafts, checks and remembers."""
