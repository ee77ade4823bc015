"""Units: the org chart, a tree that owns queues and agents, and that scopes of permission follow."""
