if ($Local -contains $PolicyStore) {
    foreach ($Service in @(Get-Service -Name 'BFE', 'MpsSvc', 'IKEEXT', 'PolicyAgent' -ErrorAction 'SilentlyContinue')) {
        if ('Disabled' -eq $Service.StartType) {
            Write-Output -InputObject ('the service ' + $Service.Name + ' is disabled: Set-Service -StartupType Manual')
        }
    }
    foreach ($Service in @(Get-Service -Name 'BFE', 'MpsSvc' -ErrorAction 'SilentlyContinue')) {
        if ('Running' -ne $Service.Status) {
            Write-Output -InputObject ('the service ' + $Service.Name + ' does not run: Start-Service')
        }
    }
    foreach ($Network in @(Get-NetFirewallProfile -PolicyStore 'ActiveStore' -ErrorAction 'Stop')) {
        if ('False' -eq $Network.AllowLocalIPsecRules) {
            Write-Output -InputObject ('group policy lets no local IPsec rules in: profile ' + $Network.Name)
        }
        if ('False' -eq $Network.Enabled) {
            Write-Output -InputObject ('Windows Firewall is off, and rules do nothing: profile ' + $Network.Name)
        }
    }
}
