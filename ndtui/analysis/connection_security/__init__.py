"""Connection security rules of Windows Firewall: read from what holds them, and made into a design."""
