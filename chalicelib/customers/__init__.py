"""Who writes to us: identity by source, and which session of theirs is the live one."""
