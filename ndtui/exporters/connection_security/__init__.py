"""Connection security rules and their sets, of which Windows Firewall's policy is made: what the scripts say."""
