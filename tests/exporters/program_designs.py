"""Designs whose programs are run, in every language, on a machine that has what they refer to."""

from collections.abc import Sequence
from functools import cache

from hypothesis import HealthCheck, given, settings

from ndtui.model.design.design import Design
from ndtui.model.files import presets
from ndtui.testing.sample_designs import EVERYTHING, HOSTILE_NAMES, RULES, hostile
from tests.exporters.c_program import machine_certificates
from tests.negotiations import negotiating_designs
from tests.rule_strategies import designs_with_rules
from tests.strategies import designs
from tests.support import design

DRAWN = 60

#: Names that would leave a literal or a comment of some language, or be read as something else in it.
TRICKS = (
    'x"; system("calc"); //',
    "ends in a backslash \\",
    "??/ ??' ??< trigraphs ??",
    "*/ int injected; /*",
    "// /* \\\\ \\n %s %ls %n",
    "é0123 \U0001f512abc",
    'L"\\x41" u8R"(',
    '""" \'\'\' \\""" # {injected} %(prog)s',
    "`$(calc)` ${x} %PATH% !x! '; import os; '",
    "שלום, ('right', \"to\", left) אב",
)

#: What a certificate is asked for that is below a root, in structures of Windows 8.
BELOW_A_ROOT = {
    "method": "IKEEXT_CERTIFICATE",
    "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
    "outbound": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
    "inbound_criteria": [
        {"root": machine_certificates.INTERMEDIATE, "flags": ["IKEEXT_CERT_FLAG_INTERMEDIATE_CA"]},
        {"root": machine_certificates.BY_THUMBPRINT, "key_usages": ["1.3.6.1.5.5.8.2.2"]},
    ],
}


@cache
def program_designs(random: int = 0) -> Sequence[tuple[str, Design]]:
    """Return designs by name: shipped, of samples, hostile, and the largest of some random ones."""
    found = [(each.name, each.load()) for each in presets.shipped()]
    found += [("everything", EVERYTHING), ("rules", RULES)]
    found += [("hostile", hostile(HOSTILE_NAMES[2])), ("tricks", with_tricks()), ("below", below_a_root())]
    found += [(f"random-{number}", each) for number, each in enumerate(_large_ones(random))]
    return [(name, on_this_machine(each)) for name, each in found]


def _large_ones(count: int) -> Sequence[Design]:
    drawn: list[Design] = []

    @settings(max_examples=DRAWN, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(designs(most=3) | negotiating_designs() | designs_with_rules())
    def collect(each: Design) -> None:
        drawn.append(each)

    if count:
        collect()
    return sorted(drawn, key=lambda each: -len(each.model_dump_json()))[:count]


def with_tricks() -> Design:
    """Return a design that has a trick in every place."""
    return design(name=TRICKS[0], description="\n".join(TRICKS), exemptions=[{"name": each} for each in TRICKS[1:]])


def below_a_root() -> Design:
    """Return a design that asks for a certificate below a root."""
    return design(keying_modules=["IKEv2"], main_mode={"ikev2_authentication": [BELOW_A_ROOT]})


def on_this_machine(each: Design) -> Design:
    """Return a design that refers to what the machine has: its roots, variables, and no domain."""
    text = each.model_dump_json()
    for before, after in (
        ("thumbprint:" + "0aF9" * 10, machine_certificates.BY_THUMBPRINT),
        ("keyring:", "env:KEYRING_"),
        (";;;DC)", ";;;S-1-5-21-1-2-3-516)"),
    ):
        text = text.replace(before, after)
    return Design.model_validate_json(text)


def secrets(each: Design) -> dict[str, str]:
    """Return the environment variables that a design's pre-shared keys are read from, each with a key of its own."""
    found: dict[str, str] = {}
    for part in each.model_dump_json().split('"key":"env:')[1:]:
        name = part.partition('"')[0]
        found[name] = f"key of env:{name}"
    return found
