"""Certificate roots, found by what a person writes among encoded certificates."""

import base64
from hashlib import sha1

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.wfp.roots import find
from tests.support import one_line

#: A self-signed certificate, made for this test by OpenSSL: C=DE, O="Example, Inc.", OU=Größe, CN=Example Root CA,
#: emailAddress=ca@example.com.
CERTIFICATE = base64.b64decode(
    "MIICNDCCAdugAwIBAgIUPdWXq2NvEzMD9/4MzDxo4koU9yowCgYIKoZIzj0EAwIwcDELMAkGA1UEBhMCREUxFjAUBgNVBAoMDUV4"
    "YW1wbGUsIEluYy4xEDAOBgNVBAsMB0dyw7bDn2UxGDAWBgNVBAMMD0V4YW1wbGUgUm9vdCBDQTEdMBsGCSqGSIb3DQEJARYOY2FA"
    "ZXhhbXBsZS5jb20wHhcNMjYxMTIzMjE1OTUzWhcNMzYxMTIwMjE1OTUzWjBwMQswCQYDVQQGEwJERTEWMBQGA1UECgwNRXhhbXBs"
    "ZSwgSW5jLjEQMA4GA1UECwwHR3LDtsOfZTEYMBYGA1UEAwwPRXhhbXBsZSBSb290IENBMR0wGwYJKoZIhvcNAQkBFg5jYUBleGFt"
    "cGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABFFlD9LHdmzu8oCHpf4+8s0uNXNNcclkhEzM0mpz+nNouvPSfqnUDbl3"
    "Ffke8HWzJB3g/FUvd+Un3aDdEcjhDQSjUzBRMB0GA1UdDgQWBBSQhhVFdjYgjZgrwt+mbFO/cX3VWDAfBgNVHSMEGDAWgBSQhhVF"
    "djYgjZgrwt+mbFO/cX3VWDAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0cAMEQCID7hwE3nx3YfTmQTPIhCsQJfc/csfp4f"
    "2MArzeyWOk6ZAiAi2xDC+j/KU7l7h2M+KjoNH1lXN7jGYXMNITgxwEijuw=="
)
THUMBPRINT = "ED65103B6D8C81904458487B6764BA33B2702651"

#: Object identifiers of a name's parts, encoded.
CN, ORG, COUNTRY, DC, OWN = "550403", "55040a", "550406", "0992268993f22c640119", "2b0601040182371401"
UTF8, PRINTABLE, TELETEX, BMP = 12, 19, 20, 30


def element(tag: int, content: bytes) -> bytes:
    """Return an element of DER."""
    if len(content) < 0x80:
        return bytes([tag, len(content)]) + content
    length = len(content).to_bytes(2, "big")
    return bytes([tag, 0x82]) + length + content


def name(*parts: tuple[str, str, int]) -> bytes:
    """Return an encoded name: (identifier, value, type of string) for each part."""
    sets = {UTF8: "utf-8", PRINTABLE: "ascii", TELETEX: "latin-1", BMP: "utf-16-be"}
    return element(
        0x30,
        b"".join(
            element(
                0x31,
                element(0x30, element(6, bytes.fromhex(oid)) + element(kind, text.encode(sets[kind]))),
            )
            for oid, text, kind in parts
        ),
    )


def certificate(subject: bytes, *, version: bool = True, serial: int = 1) -> bytes:
    """Return as much of a certificate as has a subject: what follows it is one empty key."""
    fields = (element(0xA0, element(2, b"\2")) if version else b"") + element(2, bytes([serial]))
    fields += element(0x30, b"") + name((CN, "Issuer", UTF8)) + element(0x30, b"") + subject + element(0x30, b"")
    return element(0x30, element(0x30, fields) + element(0x30, b"") + element(3, b"\0"))


PLAIN = name((COUNTRY, "US", PRINTABLE), (ORG, "Example", UTF8), (CN, "Example Root", UTF8))
STORE = [CERTIFICATE, certificate(PLAIN), certificate(PLAIN, serial=2), b"no certificate", b""]


@pytest.mark.parametrize(
    "text",
    [
        "CN=Example Root CA",
        "Example Root CA",
        "cn = example  root ca",
        'O="Example, Inc."',
        "O=Example\\, Inc., C=DE",
        "C=de, CN=Example Root CA, O=Example\\, Inc., OU=GRÖSSE, E=ca@example.com",
        "emailAddress=CA@example.com",
    ],
)
def test_by_subject(text):
    found = find(f"subject:{text}", STORE)
    assert found in CERTIFICATE
    assert found[:2] == b"\x30\x70"
    assert b"Example, Inc." in found


def test_by_thumbprint():
    assert find(f"thumbprint:{THUMBPRINT}", STORE) == find("subject:OU=Größe", STORE)
    assert find(f"thumbprint:{THUMBPRINT.lower()}", STORE) == find("subject:OU=Größe", STORE)
    assert find("thumbprint:" + sha1(STORE[1]).hexdigest(), STORE) == PLAIN


def test_two_certificates_of_one_name_are_one_root():
    assert find("subject:CN=Example Root", STORE) == PLAIN


def test_a_certificate_of_the_first_version():
    assert find("subject:CN=Example Root", [certificate(PLAIN, version=False)]) == PLAIN


@pytest.mark.parametrize("kind", [UTF8, TELETEX, BMP])
def test_every_type_of_string(kind):
    subject = name((CN, "Größe", kind))
    assert find("subject:CN=GRÖSSE", [certificate(subject)]) == subject


def test_parts_by_their_number():
    subject = name((DC, "com", UTF8), (DC, "example", UTF8), (OWN, "x", UTF8), ("88370a", "y", UTF8))
    store = [certificate(subject), *STORE]
    assert find("subject:DC=example, DC=com", store) == subject
    assert find("subject:OID.1.3.6.1.4.1.311.20.1=x", store) == subject
    assert find("subject:OID.2.999.10=y", store) == subject


def test_a_long_name():
    subject = name((CN, "x" * 300, UTF8))
    assert find("subject:" + "x" * 300, [certificate(subject)]) == subject


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("subject:CN=Nobody", "has no certificate"),
        ("subject:CN=Example Root, C=DE", "has no certificate"),
        ("thumbprint:" + "0" * 40, "has no certificate"),
        ("thumbprint:" + sha1(b"no certificate").hexdigest(), "has no certificate"),
        ("subject:", "refers to no certificate root"),
        ("CN=Example Root", "refers to no certificate root"),
        ("(sha256:00)", "refers to no certificate root"),
    ],
)
def test_what_is_not_there(reference, why):
    with pytest.raises(BackendError, match=why) as caught:
        find(reference, STORE)
    assert caught.value.remedy
    one_line(str(caught.value))


def test_a_certificate_that_is_cut_off():
    with pytest.raises(BackendError, match="has no certificate"):
        find("subject:CN=Example Root CA", [CERTIFICATE[:-1], CERTIFICATE[:1], CERTIFICATE[:3]])


def test_several_different_ones():
    store = [certificate(name((CN, "Root", UTF8), (ORG, owner, UTF8))) for owner in ("One", "Two")]
    with pytest.raises(BackendError, match="means 2 different"):
        find("subject:Root", store)
    assert b"Two" in find("subject:CN=Root, O=Two", store)


@given(data=st.binary(max_size=200), at=st.integers(0, len(CERTIFICATE) - 1), byte=st.integers(0, 255))
def test_damaged_certificates_do_no_harm(data, at, byte):
    damaged = CERTIFICATE[:at] + bytes([byte]) + CERTIFICATE[at + 1 :]
    for each in (data, damaged, CERTIFICATE[:at], element(0x30, element(0x30, data))):
        try:
            assert find("subject:CN=Example Root CA", [each])
        except BackendError:
            continue


@given(text=st.text(max_size=60))
def test_whatever_a_person_writes_is_found_or_not(text):
    try:
        find(f"subject:{text}", STORE)
    except BackendError as error:
        assert str(error)
