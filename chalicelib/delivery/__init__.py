"""An event to the open sockets of its audience. Best effort: who misses it catches up from the log."""
