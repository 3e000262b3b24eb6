"""The bundle: every object of a policy as JSON, its schema and its digest."""
