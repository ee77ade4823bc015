"""Deskbell, as Lambda runs it."""
