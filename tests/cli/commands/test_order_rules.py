"""``ndtui order`` of a design with several rules: who made which filter, and which rule is tried before which."""

import json
from pathlib import Path

from ndtui.model.files.design_file import format_design
from tests.cli.running import Run
from tests.support import design

BASE = {"name": "base", "mode": "negotiation-discovery"}
SQL = {"protocol": "tcp", "local_ports": [1433]}


def test_the_order_names_the_rule_of_each_filter_and_rule_against_rule(run: Run, tmp_path: Path):
    own = {"name": "SQL", "mode": "inherit", "scope": SQL, "encryption": "guaranteed"}
    path = tmp_path / "two.toml"
    path.write_text(format_design(design(version=2, rules=[BASE, own], families=["V4"])), encoding="utf-8")
    for words in (["order", str(path)], ["order", str(path), "--ladder"]):
        lines = run(*words, "--layer", "ALE_AUTH_RECV_ACCEPT_V4").out.splitlines()
        at = lines.index("Rule against rule, where filters of both match the same packets")
        assert lines[at + 1 :] == [
            "ALE_AUTH_RECV_ACCEPT_V4",
            "  rule 'SQL' (inherit) is tried before rule 'base' (negotiation-discovery): it is heavier in the bits of "
            "protocol",
        ]
    table = run("order", str(path)).out
    assert "made by" in table
    assert "keying module IKE of rule 'base'" in table
    found = json.loads(run("order", str(path), "--json", "--layer", "ALE_AUTH_RECV_ACCEPT_V4").out)
    assert [(each["above"], each["below"], each["tied"]) for each in found["rules"]] == [
        ("rule:SQL", "rule:base", False)
    ]
    assert "Rule against rule" not in run("order", "nd-transport").out
    assert "made by" not in run("order", "nd-transport").out
