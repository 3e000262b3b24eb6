"""How peers prove who they are: IKEEXT_AUTHENTICATION_METHOD0 and 2, with roots, criteria and pre-shared keys.

What a store says where nothing is said of it: one configuration, or one criteria, that is empty. The encodings of
``certHash`` and of ``localCertLocationUrl`` are those of the Windows backend (``marshal.certificate_structs``).
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ndtui.exporters.c_program.c_declarations import Declarations, Member, structure
from ndtui.exporters.c_program.c_literals import in_a_comment, narrow, wide
from ndtui.exporters.c_program.c_lookups import Lookups
from ndtui.model.compiled.context_documents import CRITERIA_MEMBERS
from ndtui.model.design.authentication import SIDES
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST

#: The union member of IKEEXT_CERTIFICATE_AUTHENTICATION0 for each way to choose certificates, without its side.
_ROOT_MEMBERS = {
    EXPLICIT_TRUST_LIST: "RootArray",
    "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE": "EnterpriseStoreConfig",
    "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE": "TrustedRootStoreConfig",
}
#: The member of IKEEXT_CERTIFICATE_AUTHENTICATION2 with the length of each list of criteria.
_SIZES = {
    EXPLICIT_TRUST_LIST: "RootArraySize",
    "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE": "EnterpriseStoreArraySize",
    "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE": "RootStoreArraySize",
}
_INTERMEDIATE = "IKEEXT_CERT_FLAG_INTERMEDIATE_CA"

Body = Mapping[str, Any]


class Methods:
    """Declares the authentication methods of one provider context, in structures of its version."""

    def __init__(self, declared: Declarations, lookups: Lookups, context: str, version: int) -> None:
        self._declared = declared
        self._lookups = lookups
        self._context = context
        self._version = version

    def members(self, methods: Sequence[Body]) -> list[Member]:
        """Return the members of a policy that hold its methods."""
        if not methods:
            return []
        late: list[tuple[str, str]] = []
        items = [self._method(each, number, late) for number, each in enumerate(methods)]
        name = self._declared.array(f"IKEEXT_AUTHENTICATION_METHOD{self._version}", "methods", items)
        for reference, member in late:
            self._lookups.secret(reference, f"&{name}{member}", self._context)
        return [("numAuthenticationMethods", str(len(methods))), ("authenticationMethods", name)]

    def _method(self, method: Body, number: int, late: list[tuple[str, str]]) -> str:
        said: list[Member] = [("authenticationMethodType", self._declared.number(method["authenticationMethodType"]))]
        said += [(name, self._body(name, body)) for name, body in method.items() if isinstance(body, Mapping)]
        key = method.get("presharedKeyAuthentication")
        if key is not None:
            late.append((key["presharedKey"], f"[{number}].presharedKeyAuthentication.presharedKey"))
        return structure(said)

    def _body(self, name: str, body: Body) -> str:
        if name == "presharedKeyAuthentication":
            return self._preshared_key(body)
        if name in ("certificateAuthentication", "sslAuthentication"):
            return self._certificate(body)
        said = [("flags", self._flags(body["flags"]))]
        if body.get("proxyServer"):
            said.append(("proxyServer", wide(body["proxyServer"])))
        return structure(said)

    def _preshared_key(self, body: Body) -> str:
        said = [("presharedKey", "{0, NULL} /* from the environment */")]
        if self._version:
            said.append(("flags", self._flags(body.get("flags", ()))))
        return structure(said)

    def _certificate(self, body: Body) -> str:
        said: list[Member] = []
        for side in SIDES:
            config = body[f"{side}ConfigType"]
            said.append((f"{side}ConfigType", self._declared.number(config)))
            if config in CRITERIA_MEMBERS:
                said += (self._criteria_of_side if self._version else self._roots_of_side)(body, side, config)
        said.append(("flags", self._flags(body["flags"])))
        url = body.get("localCertLocationUrl", "")
        if url:
            said.append(("localCertLocationUrl", f"{{{len(url)}, (UINT8 *){narrow(url.encode('ascii'))}}}"))
        return structure(said)

    def _roots_of_side(self, body: Body, side: str, config: str) -> list[Member]:
        """Return version 0: the roots of a list, or the configuration of a store."""
        explicit = config == EXPLICIT_TRUST_LIST
        roots = body.get(f"{side}RootArray", ()) if explicit else (None,)
        items = [f"{{{_root(reference)}, 0}}" for reference in roots]
        name = self._declared.array("IKEEXT_CERT_ROOT_CONFIG0", "roots", items)
        for number, reference in enumerate(roots):
            if reference is not None:
                self._lookups.root(reference, f"&{name}[{number}].certData", self._context)
        size: list[Member] = [(f"{side}RootArraySize", str(len(roots)))] if explicit else []
        return [*size, (side + _ROOT_MEMBERS[config], name)]

    def _criteria_of_side(self, body: Body, side: str, config: str) -> list[Member]:
        """Return version 2: criteria, or where there are none, what version 0 would say."""
        member = side + CRITERIA_MEMBERS[config]
        criteria: Sequence[Body] = body.get(member) or ()
        if not criteria:
            roots = body.get(f"{side}RootArray", ()) if config == EXPLICIT_TRUST_LIST else (None,)
            criteria = [{"flags": []} if root is None else {"flags": [], "certData": root} for root in roots]
        items = [self._criterion(each) for each in criteria]
        name = self._declared.array("IKEEXT_CERTIFICATE_CRITERIA0", "criteria", items)
        for number, each in enumerate(criteria):
            if "certData" in each:
                below = _INTERMEDIATE in each["flags"]
                self._lookups.root(each["certData"], f"&{name}[{number}].certData", self._context, intermediate=below)
        return [(side + _SIZES[config], str(len(criteria))), (member, name)]

    def _criterion(self, criteria: Body) -> str:
        said: list[Member] = [("certData", _root(criteria["certData"]))] if "certData" in criteria else []
        if criteria.get("certHash"):
            content = bytes.fromhex(criteria["certHash"])
            said.append(("certHash", f"{{{len(content)}, (UINT8 *){narrow(content)}}} /* {content.hex()} */"))
        if criteria.get("eku"):
            usages = [narrow(usage.encode("ascii")) for usage in criteria["eku"]]
            array = self._declared.array("LPSTR", "key_usages", usages)
            initialiser = structure((("numEku", str(len(usages))), ("eku", array)))
            said.append(("eku", "&" + self._declared.static("IKEEXT_CERT_EKUS0", "key_usage_list", initialiser)))
        if "name" in criteria:
            kind, text = criteria["name"]["nameType"], criteria["name"]["certName"]
            initialiser = structure((("nameType", self._declared.number(kind)), ("certName", wide(text))))
            said.append(("name", "&" + self._declared.static("IKEEXT_CERT_NAME0", "certificate_name", initialiser)))
        return structure([*said, ("flags", self._flags(criteria["flags"]))])

    def _flags(self, names: Sequence[str]) -> str:
        return self._declared.flags(names)


def _root(reference: str | None) -> str:
    """Return a blob that is filled with a root's name when the program runs, or stays empty."""
    return "{0, NULL}" if reference is None else f"{{0, NULL}} /* looked up: {in_a_comment(reference)} */"
