"""Letters that leave the house: written down first, sent at least once, forgotten when they are sent."""
