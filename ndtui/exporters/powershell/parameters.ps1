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
