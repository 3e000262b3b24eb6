"""Which certificates count: IKEEXT_CERTIFICATE_AUTHENTICATION0 with its roots, and 2 with its criteria.

A store of which nothing is said has one configuration, or one criteria, that says nothing: the type of configuration
says that it is there. A root is given by its encoded subject name. Two encodings are decided here, since the pages
leave them open: of ``certHash``, "16-character hexadecimal string" that is to be a thumbprint, the bytes of the
thumbprint, as the page of IKEEXT_CERTIFICATE_CREDENTIAL1 has it; of ``localCertLocationUrl``, a blob with a URL, the
characters of the URL in ASCII without a zero at the end, as IKEv2 sends them (RFC 7296, section 3.6).
Shapes: https://learn.microsoft.com/windows/win32/api/iketypes/ns-iketypes-ikeext_certificate_authentication2 and
https://learn.microsoft.com/windows/win32/api/iketypes/ns-iketypes-ikeext_certificate_criteria0
"""

from collections.abc import Callable, Mapping, Sequence
from ctypes import addressof, c_void_p

from ndtui.backends.wfp.marshal.arena import point
from ndtui.backends.wfp.marshal.node import Node
from ndtui.backends.wfp.native import Struct
from ndtui.model.compiled.context_documents import CRITERIA_MEMBERS
from ndtui.model.design.authentication import SIDES
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST

#: The union member of version 0 for each way to choose certificates, without ``inbound`` or ``outbound``. Where the way
#: is unspecified there is none.
ROOT_MEMBERS = {
    EXPLICIT_TRUST_LIST: "RootArray",
    "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE": "EnterpriseStoreConfig",
    "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE": "TrustedRootStoreConfig",
}

#: The member of version 2 with the length of each list of CRITERIA_MEMBERS.
CRITERIA_SIZES = {
    EXPLICIT_TRUST_LIST: "RootArraySize",
    "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE": "EnterpriseStoreArraySize",
    "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE": "RootStoreArraySize",
}

_INTERMEDIATE = "IKEEXT_CERT_FLAG_INTERMEDIATE_CA"


def put_certificate(node: Node, certificate: Struct) -> None:
    """Fill an IKEEXT_CERTIFICATE_AUTHENTICATION."""
    for side in SIDES:
        node.choice(certificate, f"{side}ConfigType", "IKEEXT_CERT_CONFIG_TYPE")
        config = node.word(f"{side}ConfigType")
        if config in CRITERIA_MEMBERS:
            put = _put_criteria_of_side if node.work.version else _put_roots_of_side
            put(node, certificate, side, config)
    node.flags(certificate, "flags", "IKEEXT_CERT_AUTH_FLAG")
    if node.work.version and node.word("localCertLocationUrl"):
        node.blob(certificate.localCertLocationUrl, _url(node))


def says_nothing_more(config: str, criteria: Sequence[Mapping[str, object]]) -> bool:
    """Whether criteria say no more than roots alone would, or of a store no more than its name."""
    said = [{name for name, value in each.items() if value} for each in criteria]
    if config == EXPLICIT_TRUST_LIST:
        return all(each == {"certData"} for each in said)
    return not said or said == [set()]


def _put_roots_of_side(node: Node, certificate: Struct, side: str, config: str) -> None:
    """Write version 0: the roots of a list, or the configuration of a store."""
    roots = _roots(node, side, config)
    if config == EXPLICIT_TRUST_LIST:
        setattr(certificate, f"{side}RootArraySize", len(roots))
    if roots:
        array = node.work.arena.array(node.work.native.wfp.IKEEXT_CERT_ROOT_CONFIG0, len(roots))
        _put_roots(node, side, roots, array)
        point(certificate, side + ROOT_MEMBERS[config], array)


def _put_criteria_of_side(node: Node, certificate: Struct, side: str, config: str) -> None:
    """Write version 2: criteria, or where there are none, what version 0 would say."""
    member = side + CRITERIA_MEMBERS[config]
    criteria = node.children(member)
    if criteria and says_nothing_more(config, [each.body for each in criteria]):
        node.spell(member, member, "")  # without a note it would be read as what it amounts to
    roots = _roots(node, side, config)
    count = len(criteria) or len(roots)
    setattr(certificate, side + CRITERIA_SIZES[config], count)
    if count:
        array = node.work.arena.array(node.work.native.wfp.IKEEXT_CERTIFICATE_CRITERIA0, count)
        point(certificate, member, array)
        if not criteria:
            _put_roots(node, side, roots, array)
        for each, structure in zip(criteria, array, strict=False):
            _put_criteria(each, structure)


def _roots(node: Node, side: str, config: str) -> list[object]:
    """Return the references to the roots of a list; of a store one that names none."""
    return node.items(f"{side}RootArray") if config == EXPLICIT_TRUST_LIST else [None]


def _put_roots(node: Node, side: str, roots: list[object], array: Struct) -> None:
    """Write references to roots, which are texts; what is ``None`` stays empty."""
    for number, (reference, structure) in enumerate(zip(roots, array, strict=True)):
        if reference is not None:
            _put_root(node, f"{side}RootArray[{number}]", reference, structure, node.work.native.roots)


def _put_root(node: Node, member: str, reference: object, structure: Struct, look_up: Callable[[str], bytes]) -> None:
    if not isinstance(reference, str):
        raise node.wrong(member, "is no text")
    name = look_up(reference)
    node.blob(structure.certData, name)
    node.work.notes.add_root(node.where(member), reference, name)


def _put_criteria(node: Node, criteria: Struct) -> None:
    """Fill an IKEEXT_CERTIFICATE_CRITERIA0. Its root is another authority's certificate where a flag says so."""
    native = node.work.native
    node.flags(criteria, "flags", "IKEEXT_CERT_FLAG")
    root = node.body.get("certData")
    if root is not None:
        intermediate = _INTERMEDIATE in node.items("flags")
        _put_root(node, "certData", root, criteria, native.intermediates if intermediate else native.roots)
    thumbprint = node.word("certHash")
    if thumbprint:
        node.blob(criteria.certHash, _thumbprint(node, thumbprint))
    if node.items("eku"):
        point(criteria, "eku", _key_usages(node))
    name = node.child("name")
    if name is not None:
        structure = node.work.make("IKEEXT_CERT_NAME0")
        name.choice(structure, "nameType", "IKEEXT_CERT_CRITERIA_NAME_TYPE")
        name.text(structure, "certName")
        point(criteria, "name", structure)


def _key_usages(node: Node) -> Struct:
    """Return an IKEEXT_CERT_EKUS0: pointers to texts of bytes that end with a zero (LPSTR)."""
    usages = node.items("eku")
    structure = node.work.make("IKEEXT_CERT_EKUS0")
    structure.numEku = len(usages)
    array = node.work.arena.array(c_void_p, len(usages))
    for number, usage in enumerate(usages):
        if not isinstance(usage, str) or not usage.isascii() or "\0" in usage:
            raise node.wrong(f"eku[{number}]", "is no object identifier: write 1.3.6.1.5.5.8.2.2")
        array[number] = addressof(node.work.arena.data(usage.encode("ascii") + b"\0"))
    point(structure, "eku", array)
    return structure


def _thumbprint(node: Node, text: str) -> bytes:
    try:
        content = bytes.fromhex(text)
    except ValueError:
        raise node.wrong("certHash", "is not hexadecimal", "FWP_E_TYPE_MISMATCH") from None
    node.spell("certHash", text, content.hex())
    return content


def _url(node: Node) -> bytes:
    url = node.word("localCertLocationUrl")
    if not url.isascii() or not url.isprintable():
        raise node.wrong("localCertLocationUrl", "is no URL: it has characters other than those of ASCII")
    return url.encode("ascii")
