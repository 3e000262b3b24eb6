:keyless
>&2 echo The environment lacks the variable with the pre-shared key, which the head names. Nothing was changed.
exit /b 1
:unusable
>&2 echo The pre-shared key has a quotation mark or ends with a backslash: netsh cannot take it. Nothing was changed.
exit /b 1
