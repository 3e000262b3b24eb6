"""What the file says is read back whole: the design that is imported makes the same file again.

The same: rule by rule the same action, traffic, keying modules, contents of the sets, firewall rules beside them and
exemptions of the host, whatever ids are; nothing is missing, and nothing of what came back cannot be said. What is
negotiated is held against the first design itself: keying modules, proposals in their order with lifetimes and groups,
whether a group may be left out, and each method with what is asked of each side's certificates. Rules have their names,
and the design its id.
"""

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice

import pytest

from ndtui.analysis.trace.tracer import tracer_of
from ndtui.exporters.contract import ExportError
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.authentication import SIDES, AuthenticationMethod
from ndtui.model.design.certificate_criteria import CertificateCriteria
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.exporters.group_policy.exported import file_of, imported, lost, policy_of, text_of
from tests.exporters.group_policy.policy_read import POLICY, PolicyRead, read_policy
from tests.exporters.group_policy.reg_reader import text_in
from tests.exporters.group_policy.test_gpo_reg_meaning import _untouched, unicast
from tests.exporters.group_policy.two_sided_designs import two_sided_designs

DESIGNS = 1000
ALL = {"main_mode": "yes", "ipsec_exempt": "yes"}
_PARTS = 4


def back(design: Design, *, lossy: bool = False, **options: str) -> tuple[PolicyRead, Design]:
    """Return the policy in the file of a design, and the design that is imported from it: nothing may be missing."""
    data = file_of(design, lossy=lossy, **options)
    made = imported(text_in(data))
    assert made.missing == ()
    assert made.design is not None
    return read_policy(data, POLICY), made.design


@pytest.mark.parametrize("main_mode", ["no", "yes"])
@pytest.mark.parametrize("name", [each.name for each in presets.shipped()])
def test_a_preset_is_read_back(name: str, main_mode: str) -> None:
    """What is lost on the way out is named there: main mode, or its second group, and what is for one end alone."""
    design = presets.find(name).load()
    options = {"main_mode": main_mode, "ipsec_exempt": "yes"}
    try:
        policy, again = back(design, lossy=True, **options)
    except ExportError as error:
        assert (name, main_mode) == ("ms-sample", "yes")
        assert "no proposal is left" in str(error)
        return
    assert again.id == design.id
    said = {each.name for each in (*design.rules, *design.exemptions)}
    assert {each.name for each in again.rules} <= said
    assert policy_of(again, lossy=True, **options).content == policy.content
    named = lost(again, **options)
    one_sided = [each for each in lost(design, **options) if each.endswith("scope") or each.startswith("exemption")]
    assert set(named) <= set(one_sided)


@pytest.mark.parametrize("part", range(_PARTS))
def test_random_designs_are_read_back(part: int) -> None:
    for number, (design, policy, again) in enumerate(islice(_read_back(part), DESIGNS // _PARTS)):
        assert policy_of(again, **ALL).content == policy.content, number
        assert negotiated(again) == negotiated(design), number
        assert again.id == design.id
        assert all(each.name.startswith(names_of(design)) for each in again.rules), "one of several is counted"


def _read_back(part: int) -> Iterator[tuple[Design, PolicyRead, Design]]:
    """Yield designs that can be said, with their policies and what is read back of them."""
    for design in two_sided_designs(seed=100 + part):
        with suppress(ExportError):
            yield (design, *back(design, **ALL))


def names_of(design: Design) -> tuple[str, ...]:
    """Return the names of rules."""
    return tuple(each.name for each in design.rules)


def negotiated(design: Design) -> object:
    """Return what a design negotiates; of certificates, what is asked of each side."""
    main, users = design.main_mode, design.extended_mode
    methods = {module: tuple(map(_asked, main.authentication(module))) for module in design.keying_modules}
    offered = (main.proposals, main.flags, design.quick_mode.proposals)
    return (methods, offered, users and tuple(map(_asked, users.authentication)))


def _asked(method: AuthenticationMethod) -> object:
    sides = [method.criteria(side) or [CertificateCriteria(root=root) for root in method.roots] for side in SIDES]
    return (method.method, method.inbound, method.outbound, method.flags, [list(each) for each in sides])


def test_random_designs_decide_alike_when_they_are_read_back() -> None:
    for number, (design, _, again) in enumerate(islice(_read_back(9), 30)):
        one, other = (tracer_of(compile_design(each)) for each in (design, again))
        for packet in unicast(design, 150, seed=number):
            assert _untouched(one.trace(packet).outcomes) == _untouched(other.trace(packet).outcomes), packet


def test_without_its_own_word_the_host_leaves_out_what_it_usually_does() -> None:
    """The importer adds neighbour discovery and DHCP where the file does not say IPsecExempt; with it nothing."""
    design = presets.find("nd-boundary").load()
    usual = imported(text_of(design, lossy=True))
    assert usual.design is not None
    names = {each.name for each in usual.design.exemptions}
    assert {"DHCP", "DHCPv6", "Neighbour discovery 135"} <= names
    said = imported(text_of(usual.design, ipsec_exempt="yes"))
    assert said.design is not None
    assert {each.name for each in said.design.exemptions} == names
    assert policy_of(usual.design, ipsec_exempt="yes").exempt == 0b1001
    assert policy_of(design, lossy=True, ipsec_exempt="yes").exempt == 0b0010
    assert policy_of(design, lossy=True).exempt is None
