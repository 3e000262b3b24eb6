"""The words of netsh advfirewall consec, in its commands and in what it prints in English.

Source: https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall (consec).
"""

from collections.abc import Mapping

from ndtui.analysis.connection_security.security_rules import Action
from ndtui.model.vocabulary.networks import InterfaceType

ACTIONS: Mapping[str, Action] = {
    "requireinrequestout": "SecureServer",
    "requestinrequestout": "Boundary",
    "requireinrequireout": "Secure",
    "noauthentication": "DoNotSecure",
}
INTERFACES: Mapping[str, InterfaceType] = {"lan": "lan", "wireless": "wireless", "ras": "remote-access"}
METHODS = {
    "computerkerb": "MachineKerb",
    "computercert": "MachineCert",
    "computercertecdsap256": "MachineCert ECDSA256",
    "computercertecdsap384": "MachineCert ECDSA384",
    "computerpsk": "MachineSHKey",
    "computerntlm": "MachineNtlm",
    "anonymous": "Anonymous",
    "userkerb": "UserKerb",
    "usercert": "UserCert",
    "usercertecdsap256": "UserCert ECDSA256",
    "usercertecdsap384": "UserCert ECDSA384",
    "userntlm": "UserNtlm",
}
