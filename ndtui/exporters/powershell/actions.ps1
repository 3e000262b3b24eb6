# What Undo has to know stands in a file of each version: the rules that were switched on before.
$Folder = Join-Path -Path $env:ProgramFiles -ChildPath 'ndtui'
$Place = $PolicyStore -replace '[^A-Za-z0-9.]', '_'
$Record = Join-Path -Path $Folder -ChildPath ($Design + ' ' + $Place + ' ' + $Generation + '.txt')
$Copy = Join-Path -Path $Folder -ChildPath ($Design + '.ps1')
$TaskName = 'ndtui undo ' + $Design

function Read-Record {
    if (Test-Path -LiteralPath $Record) {
        foreach ($Line in @(Get-Content -LiteralPath $Record)) {
            if ($Line -ne $Generation) {
                Write-Output -InputObject $Line
            }
        }
    }
}

# A record stays as it is while something of this version is in force: what was in force before it is in there.
function Save-Record {
    if (-not (Test-Path -LiteralPath $Record) -or @(Get-InForce).Count -eq 0) {
        New-Item -Path $Folder -ItemType 'Directory' -Force -WhatIf:$WhatIfPreference | Out-Null
        $Lines = @($Generation) + @(Get-Earlier)
        $Lines += @(Get-HostExemption)
        Set-Content -LiteralPath $Record -Value $Lines -Encoding 'ASCII' -WhatIf:$WhatIfPreference
    }
}

function Clear-Record {
    if (Test-Path -LiteralPath $Record) {
        Remove-Item -LiteralPath $Record -WhatIf:$WhatIfPreference
    }
}

# The task runs a copy in a folder that only administrators can write to, as the system, and needs nobody signed in.
function Register-Undo {
    New-Item -Path $Folder -ItemType 'Directory' -Force -WhatIf:$WhatIfPreference | Out-Null
    if ($PSCommandPath -ne $Copy) {
        Copy-Item -LiteralPath $PSCommandPath -Destination $Copy -Force -WhatIf:$WhatIfPreference
    }
    $Line = '-NoProfile -NonInteractive -ExecutionPolicy Bypass -File "' + $Copy + '" -Action Undo -PolicyStore ' + $PolicyStore
    $When = (Get-Date) + (New-TimeSpan -Minutes $ConfirmWithin)
    $Do = New-ScheduledTaskAction -Execute 'powershell.exe' -Argument $Line -ErrorAction 'Stop'
    $At = New-ScheduledTaskTrigger -Once -At $When -ErrorAction 'Stop'
    $As = New-ScheduledTaskPrincipal -UserId 'SYSTEM' -LogonType 'ServiceAccount' -RunLevel 'Highest' -ErrorAction 'Stop'
    $How = New-ScheduledTaskSettingsSet -StartWhenAvailable -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries -ErrorAction 'Stop'
    if (-not $WhatIfPreference) {
        Register-ScheduledTask -TaskName $TaskName -Action $Do -Trigger $At -Principal $As -Settings $How -Force -ErrorAction 'Stop' | Out-Null
        Write-Output -InputObject ('will be undone unless confirmed with -Action Confirm, at the latest at ' + [string]$When)
    }
}

function Unregister-Undo {
    $Task = Get-ScheduledTask -TaskName $TaskName -ErrorAction 'SilentlyContinue'
    if ($Task) {
        if (-not $WhatIfPreference) {
            Unregister-ScheduledTask -TaskName $TaskName -Confirm:$false -ErrorAction 'Stop'
        }
    }
    if (Test-Path -LiteralPath $Copy) {
        Remove-Item -LiteralPath $Copy -WhatIf:$WhatIfPreference
    }
}

# Whatever fails, the rest is undone; the record stays while something is in force, for another run.
function Undo-Policy {
    Restore-Earlier
    Restore-HostExemption
    Clear-Policy
    if (@(Get-InForce).Count -eq 0) {
        Clear-Record
    }
    Unregister-Undo
}

function Install-Policy {
    $Obstacles = @(Get-Obstacle)
    if ($ConfirmWithin -gt 0 -and $Local -notcontains $PolicyStore) {
        $Obstacles += 'the task that undoes it works in a local store: leave -ConfirmWithin out'
    }
    if ($ConfirmWithin -gt 0 -and -not $PSCommandPath) {
        $Obstacles += 'the task that undoes it runs a copy of this script: run it from a file, or leave -ConfirmWithin out'
    }
    if ($Obstacles.Count -gt 0) {
        foreach ($Obstacle in $Obstacles) {
            Write-Output -InputObject $Obstacle
        }
        Write-Output -InputObject 'nothing was changed'
        exit 1
    }
    if ($Local -contains $PolicyStore) {
        foreach ($Found in @(Get-NetIPsecRule -PolicyStore 'RSOP' -ErrorAction 'SilentlyContinue')) {
            Write-Output -InputObject ('group policy has an IPsec rule, which may have the same traffic: ' + $Found.DisplayName)
        }
    }
    $Before = @(Get-InForce)
    try {
        Save-Record
        if ($ConfirmWithin -gt 0) {
            Register-Undo
        }
        Add-Policy
        Add-HostExemption
        Enable-Policy
        Disable-Earlier
    } catch {
        if ($Before.Count -gt 0) {
            Write-Output -InputObject 'it failed; what was in force of it before stays in force'
        } else {
            Write-Output -InputObject 'it failed, and is undone'
            Undo-Policy
        }
        throw
    }
    if ($WhatIfPreference) {
        Write-Output -InputObject 'nothing was changed'
    } else {
        Write-Output -InputObject 'applied: -Action Verify looks at it, -Action Undo goes back'
    }
}

if ($Action -eq 'Apply') {
    Install-Policy
}
if ($Action -eq 'Confirm') {
    Unregister-Undo
    Clear-Earlier
    if ($WhatIfPreference) {
        Write-Output -InputObject 'nothing was changed'
    } else {
        Write-Output -InputObject 'confirmed: what was in force before is gone'
    }
}
if ($Action -eq 'Undo') {
    Undo-Policy
    if (@(Get-InForce).Count -gt 0 -and -not $WhatIfPreference) {
        Write-Output -InputObject 'some of it is still in force: run -Action Undo again'
        exit 1
    }
}
if ($Action -eq 'Status') {
    foreach ($Obstacle in @(Get-Obstacle)) {
        Write-Output -InputObject ('in the way: ' + $Obstacle)
    }
    foreach ($Setting in @(Get-NetFirewallSetting -PolicyStore $PolicyStore -ErrorAction 'Stop')) {
        Write-Output -InputObject ('the host itself leaves out of IPsec: ' + [string]$Setting.Exemptions)
    }
    if (Get-ScheduledTask -TaskName $TaskName -ErrorAction 'SilentlyContinue') {
        Write-Output -InputObject 'not confirmed yet: a task will undo it'
    }
}
if ($Action -eq 'Status' -or $Action -eq 'Verify') {
    $Differences = @(Get-Difference)
    foreach ($Difference in $Differences) {
        Write-Output -InputObject $Difference
    }
    if ($Differences.Count -gt 0) {
        if ($Action -eq 'Verify') {
            exit 1
        }
    } else {
        Write-Output -InputObject 'everything that this script makes is there, and switched on'
    }
}
exit 0
