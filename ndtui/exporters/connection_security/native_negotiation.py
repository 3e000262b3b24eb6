"""Negotiation as a rule of Windows Firewall has it: a keying module, and the names of sets."""

from collections.abc import Mapping
from typing import NamedTuple

from ndtui.exporters.connection_security.native_methods import first_set, second_set
from ndtui.exporters.connection_security.native_proposals import main_mode_set, quick_mode_set
from ndtui.exporters.connection_security.native_reasons import Reasons
from ndtui.exporters.connection_security.native_target import NativeTarget
from ndtui.exporters.connection_security.net_objects import NetObject
from ndtui.model.design.authentication import WITH_CERTIFICATE
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.design.windows_versions import WindowsVersion

_KEY_MODULES: Mapping[KeyingModule, str] = {"IKE": "IKEv1", "AuthIP": "AuthIP", "IKEv2": "IKEv2"}
#: Methods that Windows Firewall has with one keying module alone, of those that Default stands for: IKE and AuthIP;
#: from 24H2 on IKE, IKEv2, which knows certificates alone there, and AuthIP where a method needs it.
_OF_ONE: Mapping[KeyingModule, tuple[str, ...]] = {
    "IKE": ("IKEEXT_PRESHARED_KEY",),
    "AuthIP": ("IKEEXT_NTLM_V2", "IKEEXT_ANONYMOUS"),
}


class Native(NamedTuple):
    """What a rule negotiates: the keying module, and the sets."""

    key_module: str
    main_mode: NetObject
    first: NetObject
    second: NetObject | None
    quick_mode: NetObject


def native_negotiation(
    said: Negotiation, windows: WindowsVersion | None, place: str, target: NativeTarget, reasons: Reasons
) -> Native | None:
    """Return what rules negotiate, ``None`` where it cannot be said at all; ``place`` is where it stands."""
    module, why = _key_module(said, windows, target)
    if module is None:
        reasons.refuse(f"{place}keying_modules {', '.join(said.keying_modules)}", why)
    main, first = main_mode_set(said, place, target, reasons), first_set(said, place, target, reasons)
    second, quick = second_set(said, place, target, reasons), quick_mode_set(said, place, reasons)
    if module is None or main is None or first is None or quick is None:
        return None
    return Native(module, main, first, second, quick)


def _key_module(said: Negotiation, windows: WindowsVersion | None, target: NativeTarget) -> tuple[str | None, str]:
    """Return the value of KeyModule: modules, or Default, which stands for two of them; otherwise why there is none.

    Source: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecrule and
    https://learn.microsoft.com/windows-server/get-started/whats-new-windows-server-2025
    """
    modules = said.keying_modules
    if target.has_key_modules and (len(modules) == 1 or target.has_several_key_modules):
        return ",".join(_KEY_MODULES[module] for module in modules), ""
    if modules == ("IKE", "AuthIP") or _is_alone(said):
        return "Default", ""
    certificates = all(each.method in WITH_CERTIFICATE for each in said.main_mode.ike_authentication)
    if modules == ("IKE", "IKEv2") and certificates:
        if windows == "11 24H2":
            return "Default", ""
        return None, (
            'Default is IKE and IKEv2 from Windows 11 24H2 on alone: set windows = "11 24H2" if all machines have it'
        )
    if target.has_key_modules:
        return None, "a rule has one keying module, or Default, which is IKE and AuthIP"
    return None, "a rule names none: it has IKE and AuthIP, each with those methods that it knows"


def _is_alone(said: Negotiation) -> bool:
    """Tell whether a design has one module, and none of the others that Default stands for knows any of its methods."""
    (module, *others) = said.keying_modules
    methods = said.main_mode.authentication(module)
    return not others and all(each.method in _OF_ONE.get(module, ()) for each in methods)
