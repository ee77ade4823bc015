"""What holds for the whole desk: settings, each read by some room, and the tags that are offered."""
