"""screenshots/ shows the program as it is."""

import importlib.util
from importlib.machinery import SourceFileLoader
from pathlib import Path

import pytest
import textual

ROOT = Path(__file__).resolve().parents[2]
DRAWN_WITH = "8.2.8"


@pytest.mark.skipif(textual.__version__ != DRAWN_WITH, reason=f"the screenshots were drawn with Textual {DRAWN_WITH}")
async def test_the_texts_are_current(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    loader = SourceFileLoader("screenshots", str(ROOT / "scripts" / "screenshots"))
    spec = importlib.util.spec_from_loader("screenshots", loader)
    assert spec is not None
    script = importlib.util.module_from_spec(spec)
    loader.exec_module(script)
    await script.draw(tmp_path / "drawn", svg=False)
    drawn = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "drawn").glob("*.txt")}
    shown = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "screenshots").glob("*.txt")}
    assert drawn == shown, "draw them anew: make screenshots"
    svgs = {path.stem for path in (ROOT / "screenshots").glob("*.svg")}
    assert svgs == {path.removesuffix(".txt") for path in shown}
    await script.draw(tmp_path / "pictures", ("designer-60",))
    assert (tmp_path / "pictures" / "designer-60.svg").read_text(encoding="utf-8").startswith("<svg")
