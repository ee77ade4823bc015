"""Sources (the very door a customer came through), categories, and the route from both to a queue."""
