# ICMP is left out by a setting of the host, for all rules there are; what it was stands in the record.
function Add-HostExemption {
    foreach ($Setting in @(Get-NetFirewallSetting -PolicyStore $PolicyStore -ErrorAction 'Stop')) {
        $Now = [string]$Setting.Exemptions
        if ($Now -notmatch 'Icmp') {
            if ($Now -eq 'None') {
                $Now = 'Icmp'
            } else {
                $Now = $Now + ', Icmp'
            }
            Set-NetFirewallSetting -PolicyStore $PolicyStore -Exemptions $Now -WhatIf:$WhatIfPreference -ErrorAction 'Stop'
        }
    }
}

function Restore-HostExemption {
    foreach ($Line in @(Read-Record)) {
        if ($Line -match '^exemptions ') {
            $Before = $Line -replace '^exemptions ', ''
            try {
                Set-NetFirewallSetting -PolicyStore $PolicyStore -Exemptions $Before -WhatIf:$WhatIfPreference -ErrorAction 'Stop'
            } catch {
                Write-Output -InputObject ('the host does not leave out again what it did: ' + $Before)
            }
        }
    }
}

function Get-HostExemption {
    foreach ($Setting in @(Get-NetFirewallSetting -PolicyStore $PolicyStore -ErrorAction 'Stop')) {
        Write-Output -InputObject ('exemptions ' + [string]$Setting.Exemptions)
    }
}
