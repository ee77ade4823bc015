"""Calling a customer out: by a link that the agent's own phone dials, or by whoever dials for us; how it went is on the timeline."""
