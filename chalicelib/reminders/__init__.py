"""What an agent asked to be reminded of: a task on a session or a customer, which comes back at its time."""
