"""Ways to put a policy to work: each backend is something a FilterSet can be applied to."""
