"""gpo-reg: a design as the registry values of a group policy for Windows Firewall."""
