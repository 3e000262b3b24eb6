"""Firewall rules that this program has written say what is asked of connections; those of others are named."""

import pytest

from tests.analysis.connection_security.rule_files import DEFAULTS, ISOLATION, imported, registry, whole

DESIGN = "845e5c93-dd2e-5908-aa40-5069ba033ea8"
OWN = f"EmbedCtxt=ndtui {{{DESIGN}}}|"
MACHINES = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-515)"
BASE = f"v2.20|Action=Secure|Active=TRUE|Name=ndtui Finance: base|KeyMod=AuthIP|{DEFAULTS}SkipVer=2.19|{OWN}"
SQL = "Protocol=6|LPort=1433|Name=ndtui Finance: SQL"
LET_IN = f"v2.0|Action=Allow|Active=TRUE|Dir=In|{SQL} (in, only if secure)|Security=AuthenticateEncrypt|{OWN}"
LET_OUT = (
    f"v2.10|Action=Allow|Active=TRUE|Dir=Out|{SQL} (out, only if encrypted)|Security=AuthenticateEncrypt|"
    f"AuthByPassOut=TRUE|SkipVer=2.9|{OWN}"
)
BYPASS = (
    f"v2.0|Action=ByPass|Active=TRUE|Dir=In|{SQL} (in, only if secure)|RMauth={MACHINES}|Security=Authenticate|{OWN}"
)
BLOCK = f"v2.0|Action=Block|Active=TRUE|Dir=In|{SQL} (in, all others)|{OWN}"
BLOCK_OUT = BLOCK.replace("Dir=In", "Dir=Out").replace("(in, ", "(out, ")


def policy(*firewall: str, rules: tuple[str, ...] = (BASE,)) -> str:
    """Return a registry file with some firewall rules."""
    return registry(*rules, firewall=firewall)


def test_names_and_the_id_are_those_of_the_design():
    design = whole(policy())
    assert str(design.id) == DESIGN
    assert [each.name for each in design.rules] == ["base"]
    exempt = f"v2.0|Action=DoNotSecure|Active=TRUE|Name=ndtui Finance: DNS: all|Protocol=17|EP2Port=53|{OWN}"
    names = {each.name for each in whole(policy(rules=(BASE, exempt))).exemptions}
    assert "DNS: all" in names


@pytest.mark.parametrize("other", [ISOLATION, BASE.replace(DESIGN, DESIGN.replace("8", "9"))])
def test_beside_rules_of_others_neither_is_taken(other: str):
    made = imported(policy(rules=(BASE, other)))
    assert made.design is not None
    assert str(made.design.id) != DESIGN
    assert made.design.rules[0].name == "ndtui Finance: base"


def test_a_group_that_only_looks_like_the_programs_own_is_named():
    made = imported(registry(ISOLATION + "EmbedCtxt=ndtui {me}|"))
    assert made.missing == ("rule Isolation: embedctxt=ndtui {me}",)


def test_what_is_encrypted_in_both_directions_is_guaranteed():
    _, sql = whole(policy(LET_IN, LET_OUT, BLOCK_OUT)).rules
    assert (sql.name, sql.mode, sql.encryption, sql.machines) == ("SQL", "inherit", "guaranteed", "")
    assert (sql.scope.protocol, list(map(str, sql.scope.local_ports))) == ("tcp", ["1433"])


def test_who_may_connect():
    _, sql = whole(policy(BYPASS, BLOCK)).rules
    assert (sql.encryption, sql.machines, sql.users) == ("none", MACHINES, "")


def test_a_demand_for_all_that_a_rule_protects_is_its_own():
    texts = [each.replace("Protocol=6|LPort=1433|", "").replace(": SQL", ": base") for each in (BYPASS, BLOCK)]
    (rule,) = whole(policy(*texts)).rules
    assert (rule.mode, rule.machines) == ("require", MACHINES)


def test_a_block_beside_an_exemption_is_for_new_connections():
    exempt = f"v2.0|Action=DoNotSecure|Active=TRUE|Protocol=6|EP1Port=88|Name=ndtui Finance: Kerberos|{OWN}"
    block = f"v2.0|Action=Block|Active=TRUE|Dir=In|Protocol=6|LPort=88|Name=ndtui Finance: Kerberos (in)|{OWN}"
    design = whole(policy(block, rules=(BASE, exempt)))
    (kerberos,) = [each for each in design.exemptions if each.name == "Kerberos"]
    assert set(kerberos.stems) == {"FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT"}


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ((LET_IN,), "what is encrypted inbound is not what is encrypted outbound"),
        ((LET_IN, BLOCK_OUT), "what is encrypted inbound is not what is encrypted outbound"),
        ((LET_IN, LET_OUT), "what is encrypted outbound and what blocks the rest do not go together"),
        (
            (LET_IN, LET_OUT.replace("AuthByPassOut=TRUE|", ""), BLOCK_OUT),
            "what is encrypted outbound and what blocks the rest do not go together",
        ),
        ((BYPASS,), "who may connect and what blocks all others do not go together"),
        ((BYPASS, BLOCK_OUT), "who may connect and what blocks all others do not go together"),
        ((BYPASS.replace("ByPass", "Allow"), BLOCK), "who may connect and what blocks all others do not go together"),
        ((LET_IN, LET_OUT, BLOCK_OUT, BLOCK), "who may connect and what blocks all others do not go together"),
        ((BLOCK,), "no rule that asks for more has its traffic"),
        ((LET_OUT,), "no rule that asks for more has its traffic"),
        (
            (LET_IN, LET_OUT.replace("1433", "1434"), BLOCK_OUT),
            "what is encrypted inbound is not what is encrypted outbound",
        ),
        ((LET_IN.replace("Active=TRUE", "Active=FALSE"), LET_OUT), "it was changed: it is switched off"),
        ((LET_IN.replace("Dir=In", "Dir=In|App=System"), LET_OUT), "it was changed: app=System"),
        ((LET_IN.replace("Protocol=6", "Protocol=x"),), "its protocol is x"),
        ((LET_IN.removesuffix("|"),), "to end with a bar"),
    ],
)
def test_what_was_changed_since_is_named(rules: tuple[str, ...], why: str):
    made = imported(policy(*rules))
    assert made.design is not None
    assert [each for each in made.missing if why in each], made.missing


def test_of_others_rules_what_asks_for_security_is_named():
    other = "v2.10|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|Name=SMB|"
    made = imported(registry(ISOLATION, firewall=(other, f"{other}Security=Authenticate|", "v2.10|App=x|")))
    assert made.missing == ("firewall rule SMB: security=Authenticate",)
    off = f"{other}Security=Authenticate|".replace("Active=TRUE", "Active=FALSE")
    assert imported(registry(ISOLATION, firewall=(off,))).missing == ()


def test_who_may_talk_in_both_directions_is_remarked_on():
    """Source: [MS-FASP] 2.2.55, of the tokens of a connection security rule."""
    made = imported(registry(f"{ISOLATION}TransportMachineAuthzSDDL={MACHINES}|"))
    assert made.design is not None
    assert made.design.rules[0].machines == MACHINES
    assert any("asked in both directions" in each for each in made.remarks)
    assert not any("asked in both directions" in each for each in imported(policy(BYPASS, BLOCK)).remarks)
