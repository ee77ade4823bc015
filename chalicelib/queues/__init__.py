"""Queues: what waits together, how it is handed out, and who belongs to it."""
