"""How peers prove who they are: IKEEXT_AUTHENTICATION_METHOD0 and 2, with roots, criteria and pre-shared keys.

What a store says where nothing is said of it: one configuration, or one criteria, that is empty. The encodings of
``certHash`` and of ``localCertLocationUrl`` are those of the Windows backend (``marshal.certificate_structs``).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ndtui.backends.wfp.marshal.certificate_structs import CRITERIA_SIZES, ROOT_MEMBERS
from ndtui.exporters.policy_program.program_language import Language, Member
from ndtui.exporters.policy_program.program_lookups import Lookups
from ndtui.model.compiled.context_documents import CRITERIA_MEMBERS
from ndtui.model.design.authentication import SIDES
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST

#: The structure that holds what is said of a method, by the member that it is, for policies of version 0 and of 2.
_BODIES = {
    "presharedKeyAuthentication": {
        0: "IKEEXT_PRESHARED_KEY_AUTHENTICATION0",
        2: "IKEEXT_PRESHARED_KEY_AUTHENTICATION1",
    },
    "certificateAuthentication": {0: "IKEEXT_CERTIFICATE_AUTHENTICATION0", 2: "IKEEXT_CERTIFICATE_AUTHENTICATION2"},
    "sslAuthentication": {0: "IKEEXT_CERTIFICATE_AUTHENTICATION0", 2: "IKEEXT_CERTIFICATE_AUTHENTICATION2"},
    "kerberosAuthentication": {0: "IKEEXT_KERBEROS_AUTHENTICATION0", 2: "IKEEXT_KERBEROS_AUTHENTICATION1"},
    "ntlmV2Authentication": {0: "IKEEXT_NTLM_V2_AUTHENTICATION0", 2: "IKEEXT_NTLM_V2_AUTHENTICATION0"},
    "eapAuthentication": {2: "IKEEXT_EAP_AUTHENTICATION0"},
}
_INTERMEDIATE = "IKEEXT_CERT_FLAG_INTERMEDIATE_CA"

Body = Mapping[str, Any]


class Methods:
    """Declares the authentication methods of one provider context, in structures of its version."""

    def __init__(self, language: Language, lookups: Lookups, context: str, version: int) -> None:
        self._language = language
        self._lookups = lookups
        self._context = context
        self._version = version

    def members(self, methods: Sequence[Body]) -> list[Member]:
        """Return the members of a policy that hold its methods."""
        if not methods:
            return []
        late: list[tuple[str, str]] = []
        items = [self._method(each, number, late) for number, each in enumerate(methods)]
        name = self._language.array(f"IKEEXT_AUTHENTICATION_METHOD{self._version}", "methods", items)
        for reference, member in late:
            self._lookups.secret(reference, name + member, self._context)
        return [("numAuthenticationMethods", str(len(methods))), ("authenticationMethods", name)]

    def _method(self, method: Body, number: int, late: list[tuple[str, str]]) -> str:
        said: list[Member] = [("authenticationMethodType", self._language.number(method["authenticationMethodType"]))]
        said += [(name, self._body(name, body)) for name, body in method.items() if isinstance(body, Mapping)]
        key = method.get("presharedKeyAuthentication")
        if key is not None:
            late.append((key["presharedKey"], f"[{number}].presharedKeyAuthentication.presharedKey"))
        return self._language.structure(f"IKEEXT_AUTHENTICATION_METHOD{self._version}", said)

    def _body(self, name: str, body: Body) -> str:
        if name == "presharedKeyAuthentication":
            said = self._preshared_key(body)
        elif name in ("certificateAuthentication", "sslAuthentication"):
            said = self._certificate(body)
        else:
            said = [("flags", self._language.flags(body["flags"]))]
            if body.get("proxyServer"):
                said.append(("proxyServer", self._language.text(body["proxyServer"])))
        return self._language.structure(_BODIES[name][self._version], said)

    def _preshared_key(self, body: Body) -> list[Member]:
        said = [("presharedKey", self._language.later_blob("from the environment"))]
        if self._version:
            said.append(("flags", self._language.flags(body.get("flags", ()))))
        return said

    def _certificate(self, body: Body) -> list[Member]:
        said: list[Member] = []
        for side in SIDES:
            config = body[f"{side}ConfigType"]
            said.append((f"{side}ConfigType", self._language.number(config)))
            if config in CRITERIA_MEMBERS:
                said += (self._criteria_of_side if self._version else self._roots_of_side)(body, side, config)
        said.append(("flags", self._language.flags(body["flags"])))
        url = body.get("localCertLocationUrl", "")
        if url:
            said.append(("localCertLocationUrl", self._language.blob(url.encode("ascii"))))
        return said

    def _roots_of_side(self, body: Body, side: str, config: str) -> list[Member]:
        """Return version 0: the roots of a list, or the configuration of a store."""
        explicit = config == EXPLICIT_TRUST_LIST
        roots = body.get(f"{side}RootArray", ()) if explicit else (None,)
        items = [
            self._language.structure("IKEEXT_CERT_ROOT_CONFIG0", (("certData", self._root(reference)), ("flags", "0")))
            for reference in roots
        ]
        name = self._language.array("IKEEXT_CERT_ROOT_CONFIG0", "roots", items)
        for number, reference in enumerate(roots):
            if reference is not None:
                self._lookups.root(reference, f"{name}[{number}].certData", self._context)
        size: list[Member] = [(f"{side}RootArraySize", str(len(roots)))] if explicit else []
        return [*size, (side + ROOT_MEMBERS[config], name)]

    def _criteria_of_side(self, body: Body, side: str, config: str) -> list[Member]:
        """Return version 2: criteria, or where there are none, what version 0 would say."""
        member = side + CRITERIA_MEMBERS[config]
        criteria: Sequence[Body] = body.get(member) or ()
        if not criteria:
            roots = body.get(f"{side}RootArray", ()) if config == EXPLICIT_TRUST_LIST else (None,)
            criteria = [{"flags": []} if root is None else {"flags": [], "certData": root} for root in roots]
        items = [self._criterion(each) for each in criteria]
        name = self._language.array("IKEEXT_CERTIFICATE_CRITERIA0", "criteria", items)
        for number, each in enumerate(criteria):
            if "certData" in each:
                below = _INTERMEDIATE in each["flags"]
                self._lookups.root(each["certData"], f"{name}[{number}].certData", self._context, intermediate=below)
        return [(side + CRITERIA_SIZES[config], str(len(criteria))), (member, name)]

    def _criterion(self, criteria: Body) -> str:
        language = self._language
        said: list[Member] = [("certData", self._root(criteria["certData"]))] if "certData" in criteria else []
        if criteria.get("certHash"):
            said.append(("certHash", language.digest(bytes.fromhex(criteria["certHash"]))))
        if criteria.get("eku"):
            array = language.array("LPSTR", "key_usages", [language.ascii(usage) for usage in criteria["eku"]])
            members: tuple[Member, ...] = (("numEku", str(len(criteria["eku"]))), ("eku", array))
            said.append(("eku", self._pointed("IKEEXT_CERT_EKUS0", "key_usage_list", members)))
        if "name" in criteria:
            kind, text = criteria["name"]["nameType"], criteria["name"]["certName"]
            members = (("nameType", language.number(kind)), ("certName", language.text(text)))
            said.append(("name", self._pointed("IKEEXT_CERT_NAME0", "certificate_name", members)))
        said.append(("flags", language.flags(criteria["flags"])))
        return language.structure("IKEEXT_CERTIFICATE_CRITERIA0", said)

    def _pointed(self, kind: str, stem: str, members: Sequence[Member]) -> str:
        language = self._language
        return language.pointer(language.static(kind, stem, language.structure(kind, members)))

    def _root(self, reference: str | None) -> str:
        """Return a blob that is filled with a root's name when the program runs, or stays empty."""
        if reference is None:
            return self._language.empty_blob()
        return self._language.later_blob(f"looked up: {reference}")
