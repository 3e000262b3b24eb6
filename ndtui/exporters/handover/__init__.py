"""A handover: what a Windows machine without Python needs of a design, in one folder or one zip file, with digests."""
