"""A bulk run over several nodes of one machine, with kills in its middle, held against a run that nobody disturbed."""
