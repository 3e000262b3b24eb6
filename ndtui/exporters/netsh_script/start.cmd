rem   Only programs of Windows are run, whatever lies in the folder that this is started from.
set "PATH=%SystemRoot%\System32"
cd /d "%PATH%"
if exist netsh.exe goto begin
>&2 echo There is no netsh.exe where the programs of Windows are. Nothing was changed.
exit /b 1
:begin
set "ERRORLEVEL="
if not "%~2"=="" goto usage
if /i "%~1"=="apply" goto apply
if /i "%~1"=="undo" goto undo
if /i "%~1"=="status" goto status

:usage
echo Name one of three words: apply makes the rules, undo removes them, status says which are there.
echo Nothing was changed.
exit /b 2

rem   fltmc answers administrators alone, whichever services run.
:elevated
fltmc >nul 2>nul
if not errorlevel 1 exit /b 0
>&2 echo This has to be run from an elevated command prompt. Nothing was changed.
exit /b 1
