"""What tests of backends compare, as the shipped suite does."""

from ndtui.testing.backend_promises.holding import Objects, held, objects_of, plan_for, put

__all__ = ["Objects", "held", "objects_of", "plan_for", "put"]
