"""What a program that installs a policy holds, whatever language it is in: ``c_program``, ``python_program``."""
