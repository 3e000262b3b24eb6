"""What the tests of faults share: they stand one folder below what they build on."""

import sys
from pathlib import Path

_ABOVE = str(Path(__file__).resolve().parent.parent)
if _ABOVE not in sys.path:
    sys.path.append(_ABOVE)
