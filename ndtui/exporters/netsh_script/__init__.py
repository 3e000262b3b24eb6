"""netsh: a design as a batch file of netsh advfirewall commands."""
