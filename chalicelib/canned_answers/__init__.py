"""Canned answers: personal, of a queue or everybody's; found as one types, and said with names filled in."""
