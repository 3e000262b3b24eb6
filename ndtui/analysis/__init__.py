"""What can be said about a design and its filters: their order, their JSON, what is wrong with them, and why."""
