"""The parts of a program that make its tables and look up what only the machine knows, each where it is needed."""

#: What the tables are made with, by name.
MAKERS = {
    "array": '''
def array(*items: Any) -> Any:
    """Return an array of C, which has at least one item."""
    return (type(items[0]) * len(items))(*items)
''',
    "fill": '''
def fill(place: FWP_BYTE_BLOB, content: bytes | bytearray) -> None:
    """Let a blob hold a copy of some bytes."""
    place.data = (c_ubyte * len(content)).from_buffer_copy(content)
    place.size = len(content)
''',
    "blob": '''
def blob(content: bytes) -> FWP_BYTE_BLOB:
    """Return a blob that holds some bytes."""
    made = FWP_BYTE_BLOB()
    fill(made, content)
    return made
''',
    "wide_blob": '''
def wide_blob(text: str) -> FWP_BYTE_BLOB:
    """Return a blob that holds a text as Windows has it: in UTF-16, with a zero at its end."""
    return blob(f"{text}\\0".encode("utf-16-le", "surrogatepass"))
''',
    "ipv4": '''
def ipv4(text: str) -> int:
    """Return an IPv4 address as the filter engine has it: a number."""
    return int(IPv4Address(text))
''',
    "ipv6": '''
def ipv6(text: str) -> Any:
    """Return the bytes of an IPv6 address."""
    return (c_ubyte * 16)(*IPv6Address(text).packed)
''',
    "FILLED_LATER": """
#: Stands for what is looked up when this program runs: a copy of it is filled then.
FILLED_LATER = FWP_BYTE_BLOB()
""",
}

#: The rows of tables, by name.
ROWS = {
    "Filter": '''
class Filter(NamedTuple):
    """A filter: what is no default of FWPM_FILTER0."""

    key: str
    name: str
    layer: Guid
    sublayer: Guid
    weight: FWP_VALUE0
    action: int
    description: str | None = None
    flags: int = 0
    notes: bytes = b""
    conditions: Any = None
    callout: Guid | None = None
    context: str | None = None
    raw_context: int = 0
''',
    "Secret": '''
class Secret(NamedTuple):
    """A pre-shared key: the environment variable that holds it, where it goes, and what needs it."""

    variable: str
    key: FWP_BYTE_BLOB
    context: str
''',
    "Root": '''
class Root(NamedTuple):
    """A certificate of an authority, by its thumbprint or by parts of its subject, and where its encoded name goes."""

    reference: str
    name: FWP_BYTE_BLOB
    context: str
    thumbprint: str = ""
    subject: tuple[tuple[str, str], ...] = ()
    intermediate: bool = False
''',
    "Descriptor": '''
class Descriptor(NamedTuple):
    """Who may connect, and where the security descriptor goes."""

    sddl: str
    place: FWP_BYTE_BLOB
''',
    "Program": '''
class Program(NamedTuple):
    """The path of a program, and where Windows' name of it goes."""

    path: str
    place: FWP_BYTE_BLOB
''',
}

SECRETS = '''
def read_secrets() -> None:
    """Read the pre-shared keys from the environment: none stands in this program. Windows takes them as UTF-8."""
    for secret in SECRETS:
        try:
            key = bytearray(os.environ.get(secret.variable, ""), "utf-8")
        except UnicodeEncodeError:
            key = bytearray()
        if not key:
            raise PolicyError(
                f'the provider context "{secret.context}" needs the pre-shared key in the environment variable '
                f"{secret.variable}, which is missing, empty or no text"
            )
        fill(secret.key, key)
        key[:] = bytes(len(key))


def wipe_secrets() -> None:
    """Overwrite the pre-shared keys."""
    for secret in SECRETS:
        if secret.key.data:
            memset(secret.key.data, 0, secret.key.size)
        secret.key.size = 0
'''

ROOTS = '''
class Authority(NamedTuple):
    """A certificate of the machine's stores."""

    thumbprint: str
    name: bytes
    subject: frozenset[tuple[str, str]]


def comparable(value: str) -> str:
    """Return a value of a subject as values are compared: neither case nor the amount of space counts (RFC 5280)."""
    return " ".join(value.split()).casefold()


def subject_of(name: Any) -> frozenset[tuple[str, str]]:
    """Return the parts of an encoded name, a CERT_NAME_BLOB: object identifiers and values."""
    info, size = POINTER(CERT_NAME_INFO)(), c_uint32()
    decoded = CryptDecodeObjectEx(
        X509_ASN_ENCODING,
        X509_UNICODE_NAME,
        name.pbData,
        name.cbData,
        CRYPT_DECODE_ALLOC_FLAG,
        None,
        byref(info),
        byref(size),
    )
    if not decoded:
        return frozenset()
    try:
        return frozenset(
            (part.pszObjId.decode("ascii"), comparable(wstring_at(part.Value.pbData)))
            for relative in info.contents.rgRDN[: info.contents.cRDN]
            for part in relative.rgRDNAttr[: relative.cRDNAttr]
            if part.dwValueType >= CERT_RDN_NUMERIC_STRING
        )
    finally:
        LocalFree(info)


def authorities(store_name: str) -> list[Authority]:
    """Return the certificates of one of the machine's stores."""
    flags = CERT_SYSTEM_STORE_LOCAL_MACHINE | CERT_STORE_READONLY_FLAG | CERT_STORE_OPEN_EXISTING_FLAG
    store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, flags, create_unicode_buffer(store_name))
    if not store:
        raise PolicyError(f"the machine's certificate store {store_name} cannot be opened")
    found = []
    try:
        certificate = CertEnumCertificatesInStore(store, None)
        while certificate:
            encoded = string_at(certificate.contents.pbCertEncoded, certificate.contents.cbCertEncoded)
            name = certificate.contents.pCertInfo.contents.Subject
            thumbprint = sha1(encoded, usedforsecurity=False).hexdigest()
            found.append(Authority(thumbprint, string_at(name.pbData, name.cbData), subject_of(name)))
            certificate = CertEnumCertificatesInStore(store, certificate)  # it frees the one before
    finally:
        CertCloseStore(store, 0)
    return found


def is_meant(root: Root, authority: Authority) -> bool:
    """Whether a certificate is the one that is wanted."""
    if root.thumbprint:
        return root.thumbprint == authority.thumbprint
    return {(kind, comparable(value)) for kind, value in root.subject} <= authority.subject


def find_roots() -> None:
    """Find the encoded names of the certificates that are wanted. Several with different names are an error."""
    trusted = authorities("Root")
    below = authorities("CA") if any(root.intermediate for root in ROOTS) else []
    for root in ROOTS:
        stores = trusted + below if root.intermediate else trusted
        names = {each.name for each in stores if is_meant(root, each)}
        wants = f'the provider context "{root.context}" wants the certificate {root.reference}'
        if not names:
            raise PolicyError(f"{wants}, and the machine's store has none", "certlm.msc lists those there are")
        if len(names) > 1:
            raise PolicyError(f"{wants}, and the machine has several that this may mean")
        fill(root.name, names.pop())
'''

DESCRIPTORS = '''
def convert_descriptors() -> None:
    """Make security descriptors of their texts: who may connect."""
    for sddl, place in DESCRIPTORS:
        made, size = c_void_p(), c_uint32()
        if not ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, byref(made), byref(size)):
            raise PolicyError(f"Windows does not read the security descriptor {sddl}")
        try:
            fill(place, string_at(made, size.value))
        finally:
            LocalFree(made)
'''

PROGRAMS = '''
def name_programs() -> None:
    """Ask Windows what it calls the programs of conditions: the files have to be there."""
    for path, place in PROGRAMS:
        found = POINTER(FWP_BYTE_BLOB)()
        check(f'name the program "{path}"', FwpmGetAppIdFromFileName0(path, byref(found)))
        try:
            fill(place, string_at(found.contents.data, found.contents.size))
        finally:
            FwpmFreeMemory0(cast(pointer(found), POINTER(c_void_p)))
'''
