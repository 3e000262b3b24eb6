rem   Whether there is a rule: its context and its number. netsh shows its name, in whatever language it speaks.
:there
netsh advfirewall %1 show rule name="%STEM% %2" 2>nul | find "%STEM% %2" >nul
exit /b %errorlevel%

rem   Removes the rules of a context: its name and how many rules this file makes. An earlier version may have more.
:remove
set /a LAST=%2
:count
set /a NEXT=LAST+1
call :there %1 %NEXT%
if errorlevel 1 goto delete
set /a LAST=NEXT
goto count
:delete
if %LAST% equ 0 exit /b 0
call :there %1 %LAST%
if errorlevel 1 goto less
netsh advfirewall %1 delete rule name="%STEM% %LAST%"
call :there %1 %LAST%
if errorlevel 1 goto less
>&2 echo It cannot be removed: %1 rule %STEM% %LAST%
exit /b 1
:less
set /a LAST=LAST-1
goto delete

rem   Says whether a rule is there: its context, its number and what it is for.
:say
call :there %1 %2
if errorlevel 1 goto missing
echo there: %1 rule %STEM% %2, %~3
exit /b 0
:missing
echo missing: %1 rule %STEM% %2, %~3
set FOUND=1
exit /b 0

rem   Says whether there is one rule more in a context than this file makes.
:more
call :there %1 %2
if errorlevel 1 exit /b 0
echo of another version: %1 rule %STEM% %2
set FOUND=1
exit /b 0

:undo
call :elevated
if errorlevel 1 exit /b 1
call :clear
if errorlevel 1 exit /b 1
echo Nothing of it is there.
exit /b 0
