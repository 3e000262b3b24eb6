"""An emulated Base Filtering Engine: BFE's rules over objects in memory or in a SQLite file.

``checks``, ``conditions`` and ``contexts`` say what a single object may be, ``session`` what objects may do together,
``state`` what there is, and the storages keep it.
"""

from ndtui.backends.bfe.engine import BfeEngine

__all__ = ["BfeEngine"]
