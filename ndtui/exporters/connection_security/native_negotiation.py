"""Negotiation as a rule of Windows Firewall has it: a keying module, and the names of sets."""

from typing import NamedTuple

from ndtui.exporters.connection_security.native_methods import first_set, second_set
from ndtui.exporters.connection_security.native_proposals import main_mode_set, quick_mode_set
from ndtui.exporters.connection_security.native_reasons import Reasons
from ndtui.exporters.connection_security.net_objects import NetObject
from ndtui.model.design.authentication import WITH_CERTIFICATE
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.design.windows_versions import WindowsVersion

_ONE = {("IKE",): "IKEv1", ("AuthIP",): "AuthIP", ("IKEv2",): "IKEv2"}


class Native(NamedTuple):
    """What a rule negotiates: the keying module, and the sets."""

    key_module: str
    main_mode: NetObject
    first: NetObject
    second: NetObject | None
    quick_mode: NetObject


def native_negotiation(
    said: Negotiation, windows: WindowsVersion | None, place: str, reasons: Reasons
) -> Native | None:
    """Return what rules negotiate, ``None`` where it cannot be said at all; ``place`` is where it stands."""
    module = _key_module(said, windows, place, reasons)
    main, first = main_mode_set(said, place, reasons), first_set(said, place, reasons)
    second, quick = second_set(said, place, reasons), quick_mode_set(said, place, reasons)
    if module is None or main is None or first is None or quick is None:
        return None
    return Native(module, main, first, second, quick)


def _key_module(said: Negotiation, windows: WindowsVersion | None, place: str, reasons: Reasons) -> str | None:
    """Return the value of KeyModule: one module, or Default, which stands for two of them.

    Source: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecrule and
    https://learn.microsoft.com/windows-server/get-started/whats-new-windows-server-2025
    """
    modules = said.keying_modules
    if modules in _ONE:
        return _ONE[modules]
    if modules == ("IKE", "AuthIP"):
        return "Default"
    certificates = all(each.method in WITH_CERTIFICATE for each in said.main_mode.ike_authentication)
    if modules == ("IKE", "IKEv2") and certificates:
        if windows == "11 24H2":
            return "Default"
        why = 'Default is IKE and IKEv2 from Windows 11 24H2 on alone: set windows = "11 24H2" if all machines have it'
    else:
        why = "a rule has one keying module, or Default, which is IKE and AuthIP"
    reasons.refuse(f"{place}keying_modules {', '.join(modules)}", why)
    return None
