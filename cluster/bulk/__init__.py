"""Bulk drafting: rows read from files, checked one by one, and the ledger that says what became of each."""
