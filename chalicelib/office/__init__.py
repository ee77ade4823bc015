"""What an admin does: who works here, where they stand, what they can, and which queues they serve."""
