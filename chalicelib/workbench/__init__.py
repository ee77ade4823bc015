"""What an agent can do: come on, reply, note, take, end, file, and say whether they accept work."""
