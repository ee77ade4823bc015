"""Shifts: templates, rotations, the roster and what changes it, and who is on duty when. A roster that decides who gets work."""
