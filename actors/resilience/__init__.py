"""Policies around a call that may fail: one file a policy, one order for all of them."""
