"""An emulated Base Filtering Engine: BFE's rules over objects in memory or in a SQLite file.

``rules`` say what a single object may be, ``session`` what objects may do together, ``state`` what there is, and
``storage`` keeps it.
"""

from ndtui.backends.bfe.bfe_engine import BfeEngine

__all__ = ["BfeEngine"]
