"""Passwords, tokens, refresh families and socket tickets: how a caller proves who they are."""
