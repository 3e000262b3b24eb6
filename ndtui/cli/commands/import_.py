"""``ndtui import``: the design of a bundle, a file or a Windows machine becomes one of the user's own presets."""

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ndtui.cli.arguments.common_options import add_force
from ndtui.cli.printing.output import check_free, note
from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.text import in_quotes

if TYPE_CHECKING:
    from ndtui.analysis.connection_security.security_rules import RulesRead
    from ndtui.model.design.design import Design

HELP = """\
Save the design of a bundle, of a TOML or JSON file, or of a handover (a folder or a zip file, whose digests have to be
right), as one of your own presets or as a TOML file.

Connection security rules of Windows Firewall are read too: a .reg file of the key ConSecRules with those of its sets,
what netsh advfirewall consec show rule name=all verbose prints in English, a script of netsh advfirewall commands
(.cmd, .bat, .txt), and what Get-NetIPsecRule | ConvertTo-Json -Depth 5 writes, with its filters and sets in the same
list (docs/powershell.md has the command). Each becomes a rule, or an exemption. Main mode rules and their sets are read
from the same .reg file (MainModeRules, Phase1CryptoSet), the same JSON (Get-NetIPsecMainModeRule,
Get-NetIPsecMainModeCryptoSet) or the same script. Firewall rules that this program has written beside them, in a .reg
file (FirewallRules) or a script, come back as what rules demand: encryption, and who may connect; of those of others
each that asks for security is named. A script is not run: what else in it changes something is named by its line. What
a design cannot say is named, and the exit status is then 1.

--from-netsh reads what netsh wfp show state wrote on a machine, recognises the IPsec policy in it (one of this
program's, or one of Microsoft's scenarios, whoever made it) and makes a design of it. What cannot be reconstructed is
named, and the exit status is then 1. Rules of this program's policy are known by the names of its filters, those of
another by their conditions: filters for the same traffic are one rule. Windows keeps no comments and nothing that is
switched off, so neither comes back.

examples:
  ndtui import bundle.json
  ndtui import bundle.json --name branch-office
  ndtui import bundle.json -o branch-office.toml
  ndtui import ConSecRules.reg --name isolation
  ndtui import --from-netsh wfpstate.xml --name branch-office"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("file", metavar="FILE", help="a bundle, a design, or what netsh wrote; or - for standard input")
    parser.add_argument("--from-netsh", action="store_true", help="FILE is what netsh wfp show state wrote")
    parser.add_argument("--name", metavar="NAME", help="give the design another name")
    parser.add_argument("-o", "--output", metavar="FILE", type=Path, help="the file to write, instead of a preset")
    parser.add_argument(
        "--accept-edits", action="store_true", help="take the design of a bundle that was edited by hand as it stands"
    )
    add_force(parser)


def run(file: str, *, from_netsh: bool, name: str | None, output: Path | None, accept_edits: bool, force: bool) -> int:
    """Read, rename and save."""
    from ndtui.analysis.connection_security.read_rules import read_rules
    from ndtui.cli.arguments.sources import STDIN, read_stdin
    from ndtui.exporters.bundle.designs_and_bundles import parse
    from ndtui.exporters.bundle.other_files import of_another_kind, refuse_binary
    from ndtui.exporters.handover.read_handover import is_handover, read_handover

    if from_netsh:
        return _run_netsh(file, name=name, output=output, force=force)
    if file != STDIN and is_handover(Path(file)):
        text = read_handover(Path(file))
    elif file == STDIN:
        text = read_stdin()
    else:
        refuse_binary(Path(file))
        text = files.read_windows_text(Path(file), files.MAX_JSON)
    where = "standard input" if file == STDIN else file
    rules = read_rules(text, where)
    if rules is not None:
        return _run_rules(rules, where, name=name, output=output, force=force)
    try:
        design = parse(text, where, accept_edits=accept_edits)
    except InputError as error:
        raise of_another_kind(text, where) or error from None
    if name is not None:
        design = _renamed(design, name)
    _save(design, output, force=force)
    return 0


def _run_rules(rules: "RulesRead", where: str, *, name: str | None, output: Path | None, force: bool) -> int:
    """Make a design of connection security rules and save it; what is missing is named and makes the status 1."""
    from ndtui.analysis.connection_security.design_from_rules import design_of_rules
    from ndtui.model.files.presets import file_stem

    made = design_of_rules(rules, name or file_stem(Path(where).stem))
    for remark in made.remarks:
        note(f"note: {remark}")
    for missing in made.missing:
        note(f"not taken over: {missing}")
    if made.design is None:
        raise RefusedError(f"{where} has no rules that make a design", remedy="what is missing is said above")
    _save(made.design, output, force=force)
    return 1 if made.missing else 0


def _run_netsh(file: str, *, name: str | None, output: Path | None, force: bool) -> int:
    """Reconstruct the policy of a machine and save it; what is missing is named and makes the status 1."""
    from ndtui.analysis.dump import read_dump
    from ndtui.analysis.reconstruct.design_from_dump import reconstruct
    from ndtui.cli.arguments.sources import STANDARD_INPUT, STDIN, windows_file
    from ndtui.model.files import presets

    reconstructed = reconstruct(read_dump(windows_file(file)), known=presets.readable())
    for missing in reconstructed.missing:
        note(f"not reconstructed: {missing}")
    if reconstructed.design is None:
        where = STANDARD_INPUT if file == STDIN else file
        raise RefusedError(f"{where} has no policy that makes a design", remedy="ndtui inspect shows what it has")
    _save(reconstructed.design if name is None else _renamed(reconstructed.design, name), output, force=force)
    return 1 if reconstructed.missing else 0


def _save(design: "Design", output: Path | None, *, force: bool) -> None:
    from ndtui.model.files import presets

    path = presets.own_path(design.name) if output is None else output
    check_free(path, force=force)
    presets.save(design, path)
    note(f"Saved {design.name} to {path}")


def _renamed(design: "Design", name: str) -> "Design":
    from pydantic import ValidationError

    from ndtui.model.design.design import change
    from ndtui.model.files.design_file import reason_of

    try:
        return change(design, name=name)
    except ValidationError as error:
        raise InputError(f"--name {in_quotes(name)} cannot be used", remedy=reason_of(error)) from None
