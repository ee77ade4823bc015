"""Wrap-up: disposition schemes, and filing a session by one."""
