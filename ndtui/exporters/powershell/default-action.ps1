if ($Local -contains $PolicyStore) {
    foreach ($Network in @(Get-NetFirewallProfile -PolicyStore 'ActiveStore' -ErrorAction 'Stop')) {
        if ('Allow' -eq $Network.DefaultInboundAction) {
            Write-Output -InputObject ('what is not secure would be let in by default: profile ' + $Network.Name)
        }
    }
}
