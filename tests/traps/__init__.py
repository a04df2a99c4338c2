"""Pairs of legal questions that the near tier must tell apart, or must not."""
