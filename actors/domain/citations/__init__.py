"""Finding, normalising and checking citations of law in text."""
