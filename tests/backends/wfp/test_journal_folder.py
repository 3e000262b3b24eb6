"""The journal on Windows: its folder is made for administrators alone, one that others can have written is refused."""

import os
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.store import StoreBackend
from ndtui.backends.wfp import journal_folder
from ndtui.backends.wfp.journal_folder import JournalFolder, distrust, folder_descriptor
from ndtui.backends.wfp.wfp_backend import WfpBackend
from tests.backends.faults.operations import ONE, TWO
from tests.backends.holding import held, objects_of, put
from tests.support import one_line

#: As Windows gives it back for a folder that was made so, and for a file made in it.
OURS = "O:BAG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
INSIDE = "O:BAG:DUD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)"
#: What a folder in ProgramData inherits, made by an administrator and by a user.
INHERITED = (
    "O:BAG:DUD:AI(A;OICIID;FA;;;SY)(A;OICIID;FA;;;BA)(A;OICIIOID;GA;;;CO)(A;OICIID;0x1200a9;;;BU)(A;CIID;DCLCRPCR;;;BU)"
)
PLANTED = "O:S-1-5-21-1-2-3-1001G:DUD:PAI(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"


class Machine:
    """Windows' functions for folders, over folders of this system."""

    def __init__(self) -> None:
        self.descriptors: dict[str, str] = {}
        self.error: OSError | None = None

    def make_folder(self, path: str, descriptor: str) -> None:
        if self.error is not None:
            raise self.error
        Path(path).mkdir()
        self.descriptors[path] = descriptor

    def descriptor_of(self, path: str) -> str:
        return self.descriptors.get(path) or INSIDE


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "ndtui" / "journal.sqlite3"


@pytest.fixture
def folder(machine: Machine, journal: Path) -> JournalFolder:
    return JournalFolder(journal, machine.make_folder, machine.descriptor_of)


def test_only_windows_and_administrators_are_in_the_list_and_nothing_is_inherited() -> None:
    assert folder_descriptor() == "O:BAG:SYD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"
    assert distrust(folder_descriptor()) == ""


@pytest.mark.parametrize(
    "descriptor",
    [OURS, INSIDE, "O:SYG:SYD:(A;;FA;;;S-1-5-18)(A;;FA;;;S-1-5-32-544)", f"{OURS}S:AI(AU;SAFA;FA;;;WD)", "O:BAG:SYD:P"],
)
def test_what_only_administrators_can_write_is_trusted(descriptor: str) -> None:
    assert distrust(descriptor) == ""


@pytest.mark.parametrize(
    ("descriptor", "why"),
    [
        (INHERITED, "is open to others than administrators (CO)"),
        (PLANTED, "belongs to somebody else"),
        ("O:BUG:DUD:P(A;OICI;FA;;;BA)", "belongs to somebody else"),
        ("G:DUD:P(A;OICI;FA;;;BA)", "belongs to somebody else"),
        ("", "belongs to somebody else"),
        ("O:BAG:SY", "is open to everybody"),
        ("O:BAG:SYD:NO_ACCESS_CONTROL", "is open to everybody"),
        (f"{OURS}(A;;FW;;;WD)", "is open to others than administrators (WD)"),
        (f"{OURS}(A;;0x2;;;S-1-5-21-1-2-3-1001)", "is open to others than administrators (S-1-5-21-1-2-3-1001)"),
        (f'{OURS}(XA;;FX;;;WD;(@User.Title=="PM"))', "is open to"),
        ("(not understood: 00)", "belongs to somebody else"),
    ],
)
def test_what_others_can_have_written_is_not(descriptor: str, why: str) -> None:
    assert distrust(descriptor).startswith(why)


def test_an_entry_that_denies_opens_nothing() -> None:
    assert distrust("O:BAG:SYD:P(D;OICI;FA;;;WD)(A;OICI;FA;;;BA)") == ""


def test_a_folder_that_is_not_there_is_none_and_looking_makes_none(folder: JournalFolder, journal: Path) -> None:
    folder.check()
    assert WfpBackend(journal, BfeEngine(), folder).snapshot().objects == ()
    assert not journal.parent.exists()


def test_applying_makes_it_with_the_list(folder: JournalFolder, journal: Path, machine: Machine) -> None:
    backend = WfpBackend(journal, BfeEngine(), folder)
    put(backend, ONE)
    assert machine.descriptors == {str(journal.parent): folder_descriptor()}
    put(WfpBackend(journal, backend._engine, folder), TWO)
    assert held(backend.snapshot()) == objects_of(TWO)


@pytest.mark.parametrize("which", ["the folder", "the journal"])
@pytest.mark.parametrize("descriptor", [INHERITED, PLANTED])
def test_a_planted_journal_is_not_opened(
    folder: JournalFolder, journal: Path, machine: Machine, which: str, descriptor: str
) -> None:
    journal.parent.mkdir()
    put(WfpBackend(journal, BfeEngine()), ONE)
    machine.descriptors[str(journal.parent)] = OURS
    machine.descriptors[str(journal.parent if which == "the folder" else journal)] = descriptor
    windows = BfeEngine()
    with pytest.raises(BackendError, match="the journal is not believed") as caught:
        WfpBackend(journal, windows, folder)
    assert str(journal.parent) in one_line(str(caught.value))


def test_a_folder_that_appears_meanwhile_is_looked_at(folder: JournalFolder, journal: Path, machine: Machine) -> None:
    windows = BfeEngine()
    backend = WfpBackend(journal, windows, folder)
    machine.error = FileExistsError(17, "File exists")
    journal.parent.mkdir()
    machine.descriptors[str(journal.parent)] = PLANTED
    with pytest.raises(BackendError, match="belongs to somebody else"):
        put(backend, ONE)
    with closing(windows.open(read_only=True)) as session:
        assert session.enumerate("filter") == []
    assert list(journal.parent.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_one_line(folder: JournalFolder, journal: Path, machine: Machine) -> None:
    machine.error = OSError("Windows does not make it")
    with pytest.raises(BackendError, match="cannot be made: Windows does not make it") as caught:
        put(WfpBackend(journal, BfeEngine(), folder), ONE)
    one_line(str(caught.value))


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
@pytest.mark.parametrize("which", ["the folder", "the journal"])
def test_a_link_is_refused(folder: JournalFolder, journal: Path, machine: Machine, which: str) -> None:
    elsewhere = journal.parent.with_name("elsewhere")
    elsewhere.mkdir()
    if which == "the folder":
        journal.parent.symlink_to(elsewhere)
    else:
        journal.parent.mkdir()
        journal.symlink_to(elsewhere / "journal.sqlite3")
    machine.descriptors[str(journal.parent)] = OURS
    with pytest.raises(BackendError, match="is a link to somewhere else"):
        folder.check()


@pytest.mark.parametrize("which", ["the folder", "the journal"])
def test_a_reparse_point_is_refused(
    folder: JournalFolder, journal: Path, machine: Machine, which: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A junction is no link to Python: Windows says of both that they are reparse points."""
    journal.parent.mkdir()
    journal.touch()
    machine.descriptors[str(journal.parent)] = OURS
    folder.check()
    junction = journal.parent if which == "the folder" else journal

    class Attributes:
        st_mode = 0
        st_file_attributes = journal_folder._REPARSE_POINT | 0x10

    lstat: Callable[[Path], os.stat_result] = Path.lstat
    monkeypatch.setattr(Path, "lstat", lambda path: Attributes() if path == junction else lstat(path))
    with pytest.raises(BackendError, match="is a link to somewhere else"):
        folder.check()


def test_what_cannot_be_looked_at_is_refused(journal: Path, machine: Machine) -> None:
    journal.parent.mkdir()

    def refuse(path: str) -> str:
        raise OSError("Windows answers 5")

    with pytest.raises(BackendError, match=r"cannot be looked at \(Windows answers 5\)"):
        JournalFolder(journal, machine.make_folder, refuse).check()


@pytest.mark.skipif(sys.platform == "win32", reason="a mode says nothing there")
def test_the_folder_of_a_store_is_made_for_its_owner_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = os.umask(0o022)
    try:
        monkeypatch.setenv("NDTUI_DATA_DIR", str(tmp_path / "new"))
        put(StoreBackend(tmp_path / "new" / "store.sqlite3"), ONE)
        assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
        store = StoreBackend(tmp_path / "other" / "store.sqlite3")
        plan = store.plan(None)
        assert plan.empty
        monkeypatch.setenv("NDTUI_DATA_DIR", str(tmp_path / "third"))
        with closing(BfeEngine(tmp_path / "third" / "store.sqlite3").open(dynamic=True)):
            assert (tmp_path / "third").stat().st_mode & 0o777 == 0o700
        chosen = tmp_path / "chosen"
        chosen.mkdir(mode=0o755)
        put(StoreBackend(chosen / "store.sqlite3"), ONE)
        assert chosen.stat().st_mode & 0o777 == 0o755
    finally:
        os.umask(before)
