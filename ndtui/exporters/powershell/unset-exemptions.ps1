foreach ($Setting in @(Get-NetFirewallSetting -PolicyStore $PolicyStore -ErrorAction 'Stop')) {
    if ('NotConfigured' -eq $Setting.Exemptions) {
        Write-Output -InputObject 'this store does not say what the host leaves out: set -Exemptions there first'
    }
}
