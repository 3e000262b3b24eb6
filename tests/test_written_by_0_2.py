"""What version 0.2 printed and wrote: the same bytes from the same designs; its files are read and planned as ever.

The preset nd-domain-member is not among them: it exempts other traffic than in 0.2, where whoever sent from port 53 was
let in to every port, and what domain controllers started themselves was not. Neither is nd-ike-only, which is for peers
that do not have Kerberos and asked for it. The others are compared without the flag
that lets AuthIP accept peers without a Diffie-Hellman group, which 0.2 did not know.
"""

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pytest

from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import object_lists
from ndtui.model.design.design import Design
from ndtui.model.design.ipsec_policy import OPTIONAL_DH
from ndtui.model.files import presets
from ndtui.model.files.design_file import canonical_json
from ndtui.model.vocabulary.pages import PAGES
from tests.cli.conftest import run
from tests.cli.running import Run
from tests.first_format import first_format_designs
from tests.support import DATA, data_file

__all__ = ["run"]

WRITTEN = data_file("written_by_0_2.json")
BUNDLE = DATA / "bundle_0_2.json"
#: What 0.2 called the state of its store; the name covers the content since.
STATE_THEN = "6ebc833a3c3548e4"


#: Findings about these presets that 0.2 did not have, a use of one that it had, and what it said of others.
NEW_FINDINGS = ("management-dropped", "no-domain-controller", "authip-kerberos")
NEW_USE = ("start-up", "note")
WEAK_THEN = {
    "why": "A peer may choose any proposal that is offered, and an attacker in the way may steer it to the weakest.",
    "source": PAGES["ipsec-configuration"],
}
WORDS_THEN = {
    "weak-main-mode": WEAK_THEN,
    "weak-quick-mode": WEAK_THEN,
    "authip-only": {
        "why": "Windows 11 24H2 and Server 2025 no longer offer AuthIP by default unless an authentication needs it.",
        "remedy": "Add IKE unless every peer is known to speak AuthIP.",
        "source": PAGES["ipsec-configuration"],
    },
    "ale-raw-context": {
        "why": "At ALE layers the number 2 also reads as FWPM_CONTEXT_ALE_SET_CONNECTION_REQUIRE_IPSEC_SECURITY.",
    },
    "no-revocation-check": {
        "why": 'Microsoft\'s sample sets it "for test purposes".',
        "source": PAGES["sample"],
    },
    "no-encryption": {"source": PAGES["sa-transform"]},
    "one-family": {
        "why": "Windows peers prefer IPv6 where both work, and link-local addresses need no router.",
        "source": PAGES["negotiation-discovery"],
    },
    "start-up": {
        "message": "Clear traffic is dropped in both directions, and DHCP and DNS is not exempt",
        "remedy": "Exempt UDP 53 and 67 to the servers' addresses.",
    },
}
#: What it called an algorithm.
NAMED_THEN = ("3DES, which NIST disallows for encryption since 2024", "3DES, retired by NIST at the end of 2023")


def preset_then(name: str, folder: Path) -> Path:
    """Return a file with a shipped preset as 0.2 shipped it: without a flag that it did not know."""
    shipped = next(each for each in presets.shipped() if each.name == name)
    text = shipped.path.read_text(encoding="utf-8")
    path = folder / f"{name}.toml"
    path.write_text(text.replace(f'flags = ["{OPTIONAL_DH}"]\n', ""), encoding="utf-8")
    return path


def digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def findings_as_then(found: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return findings as 0.2 had them: without those that it did not know, and with its words."""
    known = [each for each in found if each["id"] not in NEW_FINDINGS and (each["id"], each["severity"]) != NEW_USE]
    named = [{**each, "message": each["message"].replace(*NAMED_THEN)} for each in known]
    return [{**each, **WORDS_THEN.get(each["id"], {})} for each in named]


def as_then(printed: str) -> str:
    """Return a printed bundle with its design in the first format and its findings as 0.2 had them.

    The objects stay as they are printed.
    """
    document = json.loads(printed)
    design = document["design"]
    (rule,) = design.pop("rules")
    then = {"scenario": rule["mode"], **{key: rule[key] for key in ("nd_secure", "ale_persist_context")}}
    order = ("format", "version", "name", "id", "description", "scenario", "keying_modules", "families", *then)
    said = {**design, "version": 1, **then}
    document["design"] = {key: said[key] for key in dict.fromkeys((*order, *design)) if key in said}
    document["findings"] = findings_as_then(document["findings"])
    lines = ",\n".join(f'    "{key}": {json.dumps(value)}' for key, value in document["design"].items())
    before, _, rest = printed.partition('\n  "design": {\n')
    objects = rest.partition("\n  },\n")[2].partition('  "findings": ')[0]
    found = json.dumps(document["findings"], indent=2).replace("\n", "\n  ")
    document.pop("sha256")
    sha256_then = digest(canonical_json(document))
    return (
        f'{before}\n  "design": {{\n{lines}\n  }},\n{objects}  "findings": {found},\n  "sha256": "{sha256_then}"\n}}\n'
    )


def test_a_thousand_designs_of_the_first_format_have_the_same_objects():
    found = []
    for number, plain in enumerate(first_format_designs(1000)):
        if number % 50 == 0:
            found.append(sha256())
        objects = object_lists(compile_design(Design.model_validate(plain)))
        found[-1].update(json.dumps(objects, sort_keys=True).encode())
    assert [each.hexdigest() for each in found] == WRITTEN["objects_of_fifty"]


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return Path(shutil.copy(DATA / "store_0_2.sqlite3", tmp_path))


@pytest.mark.parametrize("preset", [each for each in WRITTEN["compile"] if each != "nd-ike-only"])
def test_a_preset_compiles_to_the_same_bytes(preset: str, tmp_path: Path, run: Run):
    made = run("compile", preset_then(preset, tmp_path), "--json").out
    assert digest(as_then(made)) == WRITTEN["compile"][preset]


@pytest.mark.parametrize("preset", [each for each in WRITTEN["plan"] if each != "nd-ike-only"])
def test_a_store_is_planned_as_before(preset: str, store: Path, tmp_path: Path, run: Run):
    found = json.loads(run("plan", preset_then(preset, tmp_path), "--store", store, "--json").out)
    assert found.pop("place") == str(store)
    assert (found.pop("pending"), found.pop("trial")) == (None, None)  # which it did not say then
    found["state"] = STATE_THEN
    assert digest(json.dumps(found)) == WRITTEN["plan"][preset]


def test_a_store_is_written_and_goes_back(store: Path, run: Run):
    assert run("rollback", "--store", store, "--yes").status == 0
    assert json.loads(run("status", "--store", store, "--json").out)["policy"] == "nd-ipv4-only"
    assert [each["action"] for each in json.loads(run("history", "--store", store, "--json").out)["revisions"]] == [
        "rollback",
        "apply",
        "apply",
    ]


def test_a_bundle_is_read_and_made_again(run: Run):
    assert as_then(run("compile", BUNDLE, "--json").out) == BUNDLE.read_text(encoding="utf-8")
