"""A session and its log: states, rules and storage. The log is the truth; a push is a hint."""
