[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [ValidateSet('Status', 'Apply', 'Confirm', 'Verify', 'Undo')]
    [string]$Action = 'Status',
    [string]$PolicyStore = 'PersistentStore',
    [ValidateRange(0, 1440)]
    [int]$ConfirmWithin = 0
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$Local = @('PersistentStore', 'ActiveStore')

# What cannot be read must not look like what is not there: a store that does not answer ends it here.
Get-NetFirewallProfile -PolicyStore $PolicyStore -ErrorAction 'Stop' | Out-Null
