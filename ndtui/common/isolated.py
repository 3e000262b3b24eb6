"""Starts a module of this package in a Python of its own that runs nothing of the current folder or of PYTHONPATH.

Python is started isolated (``-I``: neither the current folder nor PYTHONPATH is searched), by the path of this file. So
modules come from the standard library and from where packages are installed, plug-ins among them, and this package from
the very folder that it runs from: that may be a checkout that is not installed. This file imports nothing of it.
"""

import importlib
import importlib.util
import site
import sys
from collections.abc import Sequence
from pathlib import Path

_PACKAGE = "ndtui"


def command(module: str, arguments: Sequence[str]) -> list[str]:
    """Return the command that calls the function ``main`` of a module of this package with some texts."""
    return [sys.executable, "-I", str(Path(__file__).resolve()), _user_site(), module, *arguments]


def neutral_folder() -> str:
    """Return a folder to start it in that holds nothing of the operator's, and that nobody wants to take away."""
    return Path(sys.executable).anchor or str(Path.cwd().anchor)


def _user_site() -> str:
    """Return where ``pip install --user`` installs, if it is searched: an isolated Python leaves it out."""
    return site.getusersitepackages() if site.ENABLE_USER_SITE else ""


def _run(user_site: str, module: str, *arguments: str) -> None:
    if user_site:
        site.addsitedir(user_site)
    folder = Path(__file__).resolve().parent.parent
    spec = importlib.util.spec_from_file_location(
        _PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"there is no package in {folder}")
    package = importlib.util.module_from_spec(spec)
    sys.modules[_PACKAGE] = package
    spec.loader.exec_module(package)
    importlib.import_module(module).main(*arguments)


if __name__ == "__main__":
    _run(*sys.argv[1:])
