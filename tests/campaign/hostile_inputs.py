"""Hostile inputs: five hundred files, texts and command lines, made from good ones by what breaks programs.

The same every time: a seed makes them. Each is a command line and the bytes of its standard input; files are written
to a folder that is given.
"""

import json
import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from ndtui.backends.memory import MemoryBackend
from ndtui.backends.planning.plan_file import _digest, format_plan
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.files.design_file import format_design
from tests.support import preset

SEED = 20_261_128

#: Texts that have broken something somewhere.
TEXTS = (
    "",
    " ",
    "\x00",
    "\x1b[2J\x1b]0;x\x07",
    "\u202egnp.exe",
    "[/x] [b",
    "a" * 300,
    "é" * 5_000,
    "\ud7ff\U0001f4a9",
    "../../../etc/passwd",
    "CON",
    "nul.x",
    "%s%n{0}",
    "-1",
    "1e999",
    "0x" + "f" * 6_000,
    "9" * 6_000,
    "NaN",
    "'; DROP TABLE object; --",
    "~~~",
    "=cmd|'/c calc'!A0",
)

#: Values that stand where others are expected.
VALUES: tuple[object, ...] = (None, True, -1, 1 << 70, 0.5, [], {}, [[]], {"": {}}, *TEXTS[:8])


class Hostile(NamedTuple):
    """An input: where it comes from, how the program is called, and what it reads."""

    kind: str
    words: list[str]
    stdin: bytes = b""


def inputs(folder: Path) -> Iterator[Hostile]:
    """Make all of them; files stand in ``folder``."""
    chance = random.Random(SEED)
    yield from _designs(folder, chance)
    yield from _documents(folder, chance)
    yield from _dumps(folder, chance)
    yield from _stores(folder, chance)
    yield from _command_lines(chance)
    yield from _places(folder)


def _damaged(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with one thing wrong: cut off, flipped, doubled, or something strange put in."""
    at = chance.randrange(len(data) + 1)
    way = chance.randrange(6)
    if way == 0:
        return data[:at]
    if way == 1 and at < len(data):
        return data[:at] + bytes([data[at] ^ 1 << chance.randrange(8)]) + data[at + 1 :]
    if way == 2:
        return data[:at] + data[: chance.randrange(400)] + data[at:]
    if way == 3:
        return data[:at] + chance.choice(TEXTS).encode("utf-8", "surrogatepass") + data[at:]
    if way == 4:
        return data.replace(b"\n", chance.choice((b"\r", b"\x0b", b"\xe2\x80\xa8", b"")))
    return data[:at] + bytes(chance.randrange(256) for _ in range(20)) + data[at + 20 :]


def _designs(folder: Path, chance: random.Random) -> Iterator[Hostile]:
    good = format_design(preset("nd-domain-member")).encode()
    commands: tuple[Callable[[str], list[str]], ...] = (
        lambda file: ["compile", file],
        lambda file: ["check", file],
        lambda file: ["order", file],
        lambda file: ["plan", file, "--backend", "memory"],
        lambda file: ["export", file, "-f", "report"],
        lambda file: ["diff", file, "nd-transport"],
        lambda file: ["trace", file, "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"],
    )
    for number in range(140):
        data = _damaged(good, chance)
        if number % 4 == 0:
            yield Hostile("a design on standard input", chance.choice(commands)("-"), data)
        else:
            file = folder / f"design-{number}.toml"
            file.write_bytes(data)
            yield Hostile("a design in a file", chance.choice(commands)(str(file)))
    keys = ("name", "description", "id", "version", "families", "lifetime", "exemptions", "sublayer", "quick_mode.idle")
    for _ in range(60):
        value = chance.choice(
            ('"""', "[" * 3_000, "{" * 3_000, "0x" + "f" * 6_000, "1" * 6_000, "1e400", "[" + "1," * 50_000 + "]")
        )
        key = chance.choice((*keys, "a." * 3_000 + "b", '"' + "k" * 3_000 + '"'))
        text = f'format = "ndtui-design"\nname = "x"\n{key} = {value}\n'
        yield Hostile("a strange value in a design", chance.choice(commands)("-"), text.encode())


def _documents(folder: Path, chance: random.Random) -> Iterator[Hostile]:
    filterset = compile_design(preset("nd-transport"))
    bundle = json.loads(str(exporter("bundle").export(filterset, {}).content))
    plan = json.loads(format_plan(MemoryBackend().plan(filterset), ""))
    for number in range(100):
        broken = json.loads(json.dumps(plan if number % 3 == 0 else bundle))
        for _ in range(chance.randrange(1, 4)):
            _spoil(broken, chance)
        file = folder / f"bundle-{number}.json"
        file.write_text(json.dumps(broken), encoding="utf-8", errors="surrogatepass")
        if number % 3 == 0:
            broken["sha256"] = (
                _digest({name: value for name, value in broken.items() if name != "sha256"}) if number % 2 else "0"
            )
            file.write_text(json.dumps(broken), encoding="utf-8", errors="surrogatepass")
            yield Hostile("a saved plan", ["apply", str(file), "--yes", "--backend", "memory"])
        else:
            words = (["import", str(file), "-o", "-"], ["diff", str(file), "nd-transport"])
            yield Hostile("a bundle", chance.choice(words))


def _spoil(document: object, chance: random.Random) -> None:
    """Put something strange somewhere into a document."""
    while True:
        if isinstance(document, dict) and document:
            key = chance.choice(list(document))
            if chance.random() < 0.3 or not isinstance(document[key], dict | list) or not document[key]:
                if chance.random() < 0.2:
                    del document[key]
                else:
                    document[key] = chance.choice(VALUES)
                return
            document = document[key]
        elif isinstance(document, list) and document:
            at = chance.randrange(len(document))
            if not isinstance(document[at], dict | list) or not document[at]:
                document[at] = chance.choice(VALUES)
                return
            document = document[at]
        else:
            return


_DUMP = b"""<?xml version="1.0"?>
<wfpdiag><filters numItems="1"><item><filterKey>{11111111-1111-4111-8111-111111111111}</filterKey>
<displayData><name>a</name><description/></displayData><flags/><providerKey/><layerKey>FWPM_LAYER_INBOUND_TRANSPORT_V4
</layerKey><subLayerKey>FWPM_SUBLAYER_UNIVERSAL</subLayerKey><weight><type>FWP_UINT8</type><uint8>12</uint8></weight>
<filterCondition numItems="1"><item><fieldKey>FWPM_CONDITION_IP_PROTOCOL</fieldKey><matchType>FWP_MATCH_EQUAL
</matchType><conditionValue><type>FWP_UINT8</type><uint8>6</uint8></conditionValue></item></filterCondition>
<action><type>FWP_ACTION_BLOCK</type><filterType/></action><rawContext>0</rawContext><filterId>7</filterId>
<effectiveWeight><type>FWP_UINT64</type><uint64>5</uint64></effectiveWeight></item></filters></wfpdiag>
"""


def _dumps(folder: Path, chance: random.Random) -> Iterator[Hostile]:
    packet = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
    for number in range(80):
        file = folder / f"dump-{number}.xml"
        file.write_bytes(_damaged(_DUMP, chance))
        words = (
            ["inspect", str(file)],
            ["order", str(file)],
            ["trace", str(file), packet],
            ["import", "--from-netsh", str(file), "-o", "-"],
            ["order", "nd-transport", "--among", str(file)],
        )
        yield Hostile("a dump of a machine", chance.choice(words))


def _stores(folder: Path, chance: random.Random) -> Iterator[Hostile]:
    from tests.support import DATA

    good = (DATA / "store_0_2.sqlite3").read_bytes()
    for number in range(60):
        file = folder / f"store-{number}.sqlite3"
        file.write_bytes(_damaged(good, chance))
        words = (
            ["status"],
            ["history"],
            ["status", "--all"],
            ["plan", "nd-transport"],
            ["rollback", "--yes"],
            ["confirm"],
        )
        yield Hostile("a store", [*chance.choice(words), "--store", str(file)])


def _command_lines(chance: random.Random) -> Iterator[Hostile]:
    commands = ("compile", "check", "order", "trace", "matrix", "diff", "inspect", "plan", "apply", "status", "confirm")
    more = (
        "rollback",
        "remove",
        "history",
        "export",
        "peer",
        "import",
        "presets",
        "backends",
        "exporters",
        "schema",
        "keys",
    )
    options = ("--json", "--store", "--backend", "-o", "--set", "-f", "--among", "--peer", "--yes", "--help", "--name")
    for _ in range(50):
        words = [chance.choice((*commands, *more))]
        for _ in range(chance.randrange(4)):
            words.append(chance.choice((*options, "nd-transport", *(text for text in TEXTS if "\x00" not in text))))
        yield Hostile("a command line", words)


def _places(folder: Path) -> Iterator[Hostile]:
    """Files that are none, and the texts that are largest for what they say."""
    loop = folder / "loop.toml"
    with suppress(OSError, NotImplementedError):  # not every system lets everybody make links
        loop.symlink_to(loop)
    deep = folder / "deep.json"
    deep.write_text("[" * 200_000, encoding="utf-8")
    for name in (str(loop), str(folder), f"{'n' * 300}.toml", "/dev/null", "nul\x7f.toml"):
        yield Hostile("a place that is no file", ["compile", name])
    yield Hostile("a document of great depth", ["import", str(deep), "-o", "-"])
    yield Hostile("a document of great depth", ["apply", str(deep), "--yes"])
    head = 'format = "ndtui-design"\nname = "x"\n'
    for text in (f"{'a.' * 40_000}b = 1\n", f"[{'a.' * 40_000}b]\n", f"x = {'[' * 40_000}\n"):
        yield Hostile("a key or a value of great depth", ["compile", "-"], (head + text).encode())
