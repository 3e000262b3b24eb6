"""Sets of packets as unions of boxes, with exact answers about them for policies of any size."""
