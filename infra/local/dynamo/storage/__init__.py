"""How items lie in SQLite: one file, one writer with group commit, readers that see what is committed."""
