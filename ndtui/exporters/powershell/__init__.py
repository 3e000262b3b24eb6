"""PowerShell: a design as a script on the NetSecurity cmdlets."""
