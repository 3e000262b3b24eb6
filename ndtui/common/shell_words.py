"""Words of a command as a person types them in a shell."""

import os
import shlex
import subprocess
from collections.abc import Sequence


def typed(words: Sequence[str]) -> str:
    """Return a command as it is typed in the shell of this system, with quotes where a word needs them."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
