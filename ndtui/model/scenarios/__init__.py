"""The scenarios: one record per mode in which traffic is protected."""
