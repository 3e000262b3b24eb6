"""Presets: those that come with the program, and the user's own."""

import errno
import os
from pathlib import Path

import pytest

from ndtui.common import files
from ndtui.common.errors import InputError, NdtuiError, RefusedError
from ndtui.model.design.design import change, default_design
from ndtui.model.files import presets
from tests.support import ROOT, documents, one_line, preset

# Filters, layers, provider contexts, exemptions.
SHIPPED = {
    "nd-transport": (20, 10, 4, 1),
    "ms-sample": (16, 10, 2, 1),
    "nd-authip-only": (16, 10, 2, 1),
    "nd-boundary": (16, 8, 4, 1),
    "nd-certificates": (20, 10, 4, 1),
    "nd-domain-member": (40, 10, 4, 6),
    "nd-guaranteed-encryption": (24, 12, 4, 1),
    "nd-ike-only": (16, 10, 2, 1),
    "nd-ipv4-only": (10, 5, 4, 1),
    "nd-remote-identity": (20, 10, 2, 1),
    "nd-subnet": (10, 5, 4, 1),
    "nd-zones": (36, 12, 6, 1),
    "transport-require": (16, 8, 4, 1),
}


def test_the_default_comes_first_and_the_rest_by_name():
    assert [p.name for p in presets.shipped()] == list(SHIPPED)
    assert {p.kind for p in presets.shipped()} == {"shipped"}
    assert next(iter(SHIPPED)) == presets.DEFAULT_PRESET


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_preset(name):
    made = preset(name)
    lists = documents(made)
    layers = {f["layerKey"] for f in lists["filters"]}
    counts = (len(lists["filters"]), len(layers), len(lists["providerContexts"]), len(made.exemptions))
    assert counts == SHIPPED[name]
    assert made.name == name
    assert "Why: " in made.description
    assert made.sublayer.kind == "universal"


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_preset_is_written_by_hand_and_says_so_of_itself(name):
    text = (ROOT / "presets" / f"{name}.toml").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert "\r" not in text
    assert "\t" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize("name", SHIPPED)
def test_saving_a_shipped_preset_keeps_every_comment(name, tmp_path):
    source = ROOT / "presets" / f"{name}.toml"
    copy = tmp_path / "copy.toml"
    copy.write_bytes(source.read_bytes())
    presets.save(change(preset(name), lifetime="dynamic"), copy)
    written = copy.read_text(encoding="utf-8")
    for line in source.read_text(encoding="utf-8").split("\n"):
        if line.startswith("#"):
            assert line in written


def test_shipped_designs_have_identities_of_their_own():
    assert len({p.load().id for p in presets.shipped()}) == len(SHIPPED)


@pytest.mark.parametrize(
    "name", ["nothing", "", "../presets/nd-transport", "nd-transport.toml", "ND TRANSPORT", "a\x1b[2J"]
)
def test_there_is_no_such_preset(name):
    with pytest.raises(InputError) as caught:
        presets.find(name)
    message = one_line(str(caught.value))
    assert "there is no preset" in message
    assert "nd-transport" in message


def test_who_looks_for_a_preset_is_told_of_his_own_too():
    presets.save(change(default_design(), name="mine"), presets.own_path("mine"))
    with pytest.raises(InputError, match=r"choose nd-transport, .*transport-require, mine, or name a file"):
        presets.find("nothing")


def test_a_folder_that_cannot_be_read(monkeypatch):
    def denied(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "glob", denied)
    with pytest.raises(InputError, match="presets cannot be read: Permission denied"):
        presets.own()


def test_own_presets_are_found_after_shipped_ones():
    assert presets.own() == []
    mine = change(default_design(), name="mine")
    presets.save(mine, presets.own_path("mine"))
    [found] = presets.own()
    assert (found.name, found.kind) == ("mine", "own")
    assert presets.find("mine").load() == mine
    shadow = presets.own_dir() / "nd-transport.toml"
    presets.save(mine, shadow)
    assert presets.find("nd-transport").kind == "shipped"


@pytest.mark.skipif(os.name == "nt", reason="needs names that Windows does not have")
def test_hostile_names_of_files_are_written_out():
    presets.own_dir().mkdir(parents=True)
    (presets.own_dir() / "a\x1b[31mb\n.toml").write_text("name = 1", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        presets.find("nothing")
    one_line(str(caught.value))
    with pytest.raises(InputError) as caught:
        presets.own()[0].load()
    one_line(str(caught.value))


def test_own_presets_live_where_the_settings_say(monkeypatch, tmp_path):
    monkeypatch.setenv("NDTUI_CONFIG_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("NDTUI_DATA_DIR", str(tmp_path / "data"))
    assert presets.own_dir() == tmp_path / "elsewhere" / "presets"
    assert files.data_dir() == tmp_path / "data"
    for name in ("NDTUI_CONFIG_DIR", "NDTUI_DATA_DIR"):
        monkeypatch.delenv(name)
    assert files.config_dir().name == files.data_dir().name == "ndtui"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("web", "web"),
        ("Web servers, 2026", "Web-servers-2026"),
        ("../../etc/passwd", "etc-passwd"),
        ("C:\\Users\\x", "C-Users-x"),
        ("...hidden", "hidden"),
        ("[/x] [b", "x-b"),
        ("ключ 鍵", "ключ-鍵"),
    ],
)
def test_the_file_of_a_name_stays_in_its_folder(name, stem):
    path = presets.own_path(name)
    assert path.parent == presets.own_dir()
    assert path.name == f"{stem}.toml"


#: Source: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
DEVICES = ("CON", "PRN", "AUX", "NUL", *(f"{port}{digit}" for port in ("COM", "LPT") for digit in "123456789¹²³"))


@pytest.mark.parametrize("name", DEVICES)
def test_the_file_of_a_name_is_no_device_of_windows(name):
    for written in (name, name.lower(), f" {name}", f"{name}.old", f"{name}.a.b"):
        stem = presets.own_path(written).stem
        assert stem.partition(".")[0].upper() not in DEVICES
        assert stem.upper().startswith(name)
    for harmless in (f"{name}x", f"x{name}", f"x.{name}", f"{name}-1"):
        assert presets.own_path(harmless).stem == harmless


@pytest.mark.parametrize("name", ["COM0", "LPT0", "COM10", "CONS", "console", "null"])
def test_what_only_begins_like_a_device_keeps_its_name(name):
    assert presets.own_path(name).stem == name


@pytest.mark.parametrize("name", ["a" * 300, "鍵" * 300, "a" + "鍵" * 300, "\U00020000" * 512])
def test_the_file_of_a_long_name_is_one_a_disk_can_have(name, tmp_path):
    stem = presets.own_path(name).stem
    assert name.startswith(stem)
    assert len(stem) > 20
    assert len(f"{stem}.toml".encode()) <= 255
    presets.save(default_design(), presets.own_path(name))
    assert presets.find(stem).load() == default_design()


@pytest.mark.parametrize("name", ["", "...", "///", "-"])
def test_a_name_that_leaves_no_file_name(name):
    with pytest.raises(RefusedError, match="leaves nothing for a file name"):
        presets.own_path(name)


@pytest.mark.parametrize("name", ["nd-transport", "ms-sample", "nd transport"])
def test_a_shipped_preset_is_not_written_over(name):
    with pytest.raises(RefusedError, match="stays as it is"):
        presets.own_path(name)


def test_only_own_presets_are_deleted(tmp_path):
    copy = tmp_path / "copy.toml"
    copy.write_bytes(presets.find("nd-transport").path.read_bytes())
    with pytest.raises(RefusedError, match="shipped"):
        presets.delete(presets.Preset("copy", copy, "shipped"))
    assert copy.is_file()
    presets.save(default_design("mine"), presets.own_path("mine"))
    mine = presets.find("mine")
    presets.delete(mine)
    assert presets.own() == []
    presets.delete(mine)


def test_a_preset_that_cannot_be_deleted(monkeypatch):
    presets.save(default_design("mine"), presets.own_path("mine"))

    def denied(*_args, **_kwargs):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "unlink", denied)
    with pytest.raises(RefusedError, match="cannot be deleted: Permission denied"):
        presets.delete(presets.find("mine"))


def test_saving_where_nothing_can_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(RefusedError) as caught:
        presets.save(default_design(), tmp_path / "file" / "mine.toml")
    assert "cannot be written" in one_line(str(caught.value))


def test_errors_are_one_line_with_the_exit_status_they_mean():
    assert str(NdtuiError("what", remedy="do this")) == "what: do this"
    assert str(NdtuiError("what")) == "what"
    assert (NdtuiError("x").status, InputError("x").status, RefusedError("x").status) == (2, 2, 1)


@pytest.mark.parametrize("name", ["a" * 300, "a" * 5000, "a\0b", "..", "con"])
def test_a_name_that_no_file_can_have_is_that_of_no_preset(name: str):
    with pytest.raises(InputError, match="there is no preset") as found:
        presets.find(name)
    assert len(str(found.value)) < 400
