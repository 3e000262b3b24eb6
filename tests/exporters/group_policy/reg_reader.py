"""A reader of its own for .reg files of firewall policy, strict: whatever the documents do not have is an error.

It knows nothing of the program. Keys, values, tokens and words are those of [MS-GPFAS] 2.2, what may stand together is
as in [MS-FASP] 2.2.37, 2.2.55, 2.2.65, 2.2.71, 2.2.74 and 2.2.85; the file is read as
https://support.microsoft.com/topic/9c7f37cf-a5e9-e1cd-c4fa-2a26218a1a23 describes it.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple

HEADER = "Windows Registry Editor Version 5.00"
GUID = r"\{[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}"
DEFAULT_SETS = tuple(f"{{e5a5d32a-4bce-4e4d-b07f-4ab1ba7e5fe{number}}}" for number in (1, 2, 3, 4))
#: Released versions: 2.0 Vista, 2.1 its service pack, 2.10 Windows 7, 2.20 Windows 8 and so on ([MS-GPFAS] footnote 1).
RELEASED = [(2, 0), (2, 1), (2, 10), (2, 20)]

Keys = dict[str, dict[str, str | int]]


class RegFile(NamedTuple):
    """What a file makes, and which keys and values it removes."""

    keys: Keys
    removed_keys: list[str]
    removed_values: list[tuple[str, str]]


def text_in(data: bytes) -> str:
    """Return the text of a file: UTF-16 with a byte order mark, or ASCII."""
    if data.startswith(b"\xff\xfe"):
        return data[2:].decode("utf-16-le")
    return data.decode("ascii")


def read_file(data: bytes) -> RegFile:
    """Return what a file says; CR LF, the header first. In ASCII no text is in hexadecimal: readers differ there."""
    text = text_in(data)
    assert text.isascii() != data.startswith(b"\xff\xfe") or "hex(1):" in text
    assert data.startswith(b"\xff\xfe") or "hex(1):" not in text
    assert text.count("\n") == text.count("\r\n") == text.count("\r")
    lines = text.split("\r\n")
    assert lines[0] == HEADER
    assert lines[1] == ""
    assert lines[-1] == ""
    found = RegFile({}, [], [])
    key = ""
    pending = ""
    for line in lines[1:]:
        if pending:
            assert line.startswith("  ")
            line, pending = pending + line.strip(), ""  # noqa: PLW2901
        if not line or line.startswith(";"):
            continue
        if line.endswith("\\") and not line.startswith("["):
            pending = line[:-1]
            continue
        removes, key = _line(line, key, found)
        assert not (removes and key == "")
    assert not pending
    return found


def _line(line: str, key: str, found: RegFile) -> tuple[bool, str]:
    header = re.fullmatch(r"\[(-?)(HKEY_LOCAL_MACHINE(?:\\[^\\\]\[]+)+)\]", line)
    if header:
        if header[1]:
            found.removed_keys.append(header[2])
            return False, ""
        assert header[2] not in found.keys, "a key stands there once"
        found.keys[header[2]] = {}
        return False, header[2]
    value = re.fullmatch(r'"((?:[^"\\]|\\["\\])*)"=(.*)', line)
    assert value, line
    assert key, "a value stands under a key"
    name = _plain(value[1])
    if value[2] == "-":
        found.removed_values.append((key, name))
        return True, key
    assert name not in found.keys[key], "a value stands there once"
    found.keys[key][name] = _data(value[2])
    return False, key


def _plain(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", text)


def _data(text: str) -> str | int:
    quoted = re.fullmatch(r'"((?:[^"\\]|\\["\\])*)"', text)
    if quoted:
        return _plain(quoted[1])
    number = re.fullmatch("dword:([0-9a-f]{8})", text)
    if number:
        return int(number[1], 16)
    encoded = re.fullmatch(r"hex\(1\):([0-9a-f]{2}(?:,[0-9a-f]{2})*)", text)
    assert encoded, text
    plain = bytes.fromhex(encoded[1].replace(",", "")).decode("utf-16-le")
    assert plain.endswith("\0")
    assert "\0" not in plain[:-1]
    return plain[:-1]


# -- rules -------------------------------------------------------------------------------------------------------------

_WORDS = {
    "Action": "SecureServer|Boundary|Secure|DoNotSecure",
    "Profile": "Domain|Private|Public",
    "Protocol": r"[0-9]{1,3}",
    "Port": r"[0-9]{1,5}",
    "PortRange": r"[0-9]{1,5}-[0-9]{1,5}",
    "IFType": "Lan|Wireless|RemoteAccess",
    "Text": r"[^|\r\n]+",
    "Bool": "TRUE|FALSE",
    "Version": r"[0-9]{1,3}\.[0-9]{1,3}",
    "KeyMod": "KeyModDefault|IkeV1|AuthIP|IkeV2",
}
_OF_BOTH = {
    "Profile": "Profile",
    "Auth1Set": "Text",
    "EP1_4": "Address4",
    "EP2_4": "Address4",
    "EP1_6": "Address6",
    "EP2_6": "Address6",
    "Name": "Text",
    "Desc": "Text",
    "EmbedCtxt": "Text",
    "Active": "Bool",
    "SkipVer": "Version",
}
CONNECTION_SECURITY = {
    **_OF_BOTH,
    "Action": "Action",
    "Protocol": "Protocol",
    "EP1Port": "Port",
    "EP2Port": "Port",
    "EP1Port2_10": "PortRange",
    "EP2Port2_10": "PortRange",
    "IFType": "IFType",
    "Auth2Set": "Text",
    "Crypto2Set": "Text",
    "KeyMod": "KeyMod",
    "TransportMachineAuthzSDDL": "Text",
    "TransportUserAuthzSDDL": "Text",
}
MAIN_MODE = {**_OF_BOTH, "Crypto1Set": "Text"}
FIREWALL = {
    "Action": "FirewallAction",
    "Dir": "Dir",
    "Profile": "Profile",
    "Protocol": "Protocol",
    "LPort": "Port",
    "RPort": "Port",
    "LPort2_10": "PortRange",
    "RPort2_10": "PortRange",
    "Security": "Security",
    "IFType": "IFType",
    "LA4": "Address4",
    "RA4": "Address4",
    "LA6": "Address6",
    "RA6": "Address6",
    "Name": "Text",
    "EmbedCtxt": "Text",
    "Active": "Bool",
    "AuthByPassOut": "Bool",
    "RMauth": "Text",
    "RUAuth": "Text",
    "SkipVer": "Version",
}
_WORDS |= {"FirewallAction": "Allow|Block|ByPass", "Dir": "In|Out", "Security": "Authenticate|AuthenticateEncrypt"}
#: Tokens that make a list.
_SEVERAL = {"Profile", "IFType", "KeyMod"} | {
    name for name in (*CONNECTION_SECURITY, *FIREWALL) if re.match(r"EP[12]|[LR](A[46]|Port)", name)
}
_SINCE = {
    "KeyMod": (2, 20),
    "AuthByPassOut": (2, 10),
    "TransportMachineAuthzSDDL": (2, 20),
    "TransportUserAuthzSDDL": (2, 20),
}

Tokens = dict[str, list[str]]


def version_of(text: str) -> tuple[int, int]:
    """Return a version as numbers."""
    assert re.fullmatch(_WORDS["Version"], text), text
    major, minor = map(int, text.split("."))
    assert max(major, minor) <= 255
    return (major, minor)


def read_rule(text: str, grammar: dict[str, str], least: tuple[int, int] = (2, 0)) -> Tokens:
    """Return the tokens of a rule, after it has been held against a grammar; ``least``: the version of its kind."""
    assert text.startswith("v")
    version, *tokens, end = text.split("|")
    assert end == ""
    found: Tokens = {}
    for token in tokens:
        name, mark, value = token.partition("=")
        assert mark
        assert name in grammar, f"{name} is no token of such a rule"
        _check_word(grammar[name], value)
        assert name in _SEVERAL or name not in found, f"{name} stands there twice"
        found.setdefault(name, []).append(value)
    _check_version(version_of(version[1:]), found, least)
    _check_order(list(found))
    assert found["Active"] == ["TRUE"]
    assert 0 < len(found["Name"][0]) < 10_000
    assert found["Name"][0].casefold() != "all"
    return found


def _check_word(kind: str, value: str) -> None:
    if kind.startswith("Address"):
        _interval(value, 4 if kind.endswith("4") else 6)
        return
    assert re.fullmatch(_WORDS[kind], value), f"{value!r} is no {kind}"
    if kind in ("Port", "PortRange"):
        low, high = int(value.split("-", maxsplit=1)[0]), int(value.rsplit("-", maxsplit=1)[-1])
        assert low <= high <= 65535
        assert kind == "Port" or low < high
    if kind == "Protocol":
        assert int(value) <= 255


def _interval(value: str, version: int) -> tuple[int, int]:
    if "/" in value:
        network = ip_network(value)
        assert network.prefixlen < network.max_prefixlen
        low, high = network[0], network[-1]
    else:
        low, high = (ip_address(each) for each in (value.split("-") * 2)[:2])
    assert low.version == high.version == version
    assert int(low) <= int(high)
    if isinstance(low, IPv4Address):
        assert int(high) < 0xE0000000 or int(low) > 0xEFFFFFFF, "a multicast address"
    elif isinstance(low, IPv6Address):
        assert int(high) < 0xFF << 120, "a multicast address"
    return int(low), int(high)


def _check_version(version: tuple[int, int], tokens: Tokens, least: tuple[int, int]) -> None:
    """Make sure that a version is the lowest that has all tokens, and that lower ones pass the rule over."""
    since = [_SINCE.get(name, (2, 10) if name.endswith("2_10") else (2, 0)) for name in tokens]
    assert version == max(least, *since)
    if version == (2, 0):
        assert "SkipVer" not in tokens
        return
    skipped = version_of(tokens["SkipVer"][0])
    assert skipped < version
    assert all(each <= skipped for each in RELEASED if each < version)


def _check_order(names: list[str]) -> None:
    """The protocol comes before what belongs to it ([MS-GPFAS] 2.2.2.19)."""
    for place, name in enumerate(names):
        if "Port" in name:
            assert "Protocol" in names[:place]


def read_connection_security(text: str) -> Tokens:
    """Return the tokens of a connection security rule that passes the checks of [MS-FASP] 2.2.55."""
    tokens = read_rule(text, CONNECTION_SECURITY)
    (action,) = tokens["Action"]
    has_ports = any("Port" in name for name in tokens)
    assert not has_ports or tokens["Protocol"] in (["6"], ["17"])
    assert not any(name.endswith("2_10") for name in tokens) or action == "DoNotSecure"
    assert not ("IFType" in tokens and any(name.startswith("EP1_") for name in tokens))
    sets = [name for name in tokens if name.endswith("Set")]
    if action == "DoNotSecure":
        assert not sets
        assert "KeyMod" not in tokens
    else:
        assert {"Auth1Set", "Crypto2Set"} <= set(sets)
        assert tokens["KeyMod"]
    return tokens


def read_main_mode(text: str) -> Tokens:
    """Return the tokens of a main mode rule; such are there from version 2.8 on."""
    tokens = read_rule(text, MAIN_MODE, (2, 8))
    assert {"Auth1Set", "Crypto1Set"} <= tokens.keys()
    return tokens


def read_firewall(text: str) -> Tokens:
    """Return the tokens of a firewall rule that passes the checks of [MS-FASP] 2.2.37."""
    tokens = read_rule(text, FIREWALL)
    (action,), (direction,) = tokens["Action"], tokens["Dir"]
    assert not any("Port" in name for name in tokens) or tokens["Protocol"] in (["6"], ["17"])
    if action == "ByPass":
        assert direction == "In"
        assert "Security" in tokens
        assert "RMauth" in tokens
    if action == "Block":
        assert "Security" not in tokens
    if "AuthByPassOut" in tokens:  # [MS-FASP] 2.2.35
        assert (action, direction) == ("Allow", "Out")
        assert "Security" in tokens
    if "RMauth" in tokens or "RUAuth" in tokens:
        assert "Security" in tokens
    if direction == "Out":
        assert "RMauth" not in tokens
    for name in ("RMauth", "RUAuth"):
        assert all(re.fullmatch(r"(O:..)?(G:..)?D:[A-Z]*(\([AD];[A-Z]*;[A-Z0-9x]*;;;[^;()]+\))+", each)
                   for each in tokens.get(name, []))  # fmt: skip
    return tokens


# -- sets --------------------------------------------------------------------------------------------------------------


class SetRead(NamedTuple):
    """A set: its own values, and those of its suites in order."""

    values: dict[str, str]
    suites: tuple[dict[str, str], ...]

    @property
    def content(self) -> object:
        """What it says, without what people see of it."""
        own = {name: value for name, value in self.values.items() if name != "Name"}
        return (tuple(sorted(own.items())), tuple(tuple(sorted(each.items())) for each in self.suites))


_CIPHERS = {"DES", "3DES", "AES-128", "AES-192", "AES-256"}
_GCM = {"AES-GCM128", "AES-GCM192", "AES-GCM256"}
_PFS = {"Disable", "EnableDHFromPhase1", "ReKeyDH1", "ReKeyDH2", "ReKeyDH2048", "ReKeyECDH256", "ReKeyECDH384"}
_GROUPS = {"DH1", "DH2", "DH2048", "ECDH-256", "ECDH-384"}
_FIRST = {"Anonymous", "MachineKerb", "MachineCert", "MachineNtlm"}
_SECOND = {"Anonymous", "UserKerb", "UserNtlm"}


def read_sets(keys: Keys, base: str, kind: str) -> dict[str, SetRead]:
    """Return the sets of a kind by their ids, after they have been held against the documents."""
    found: dict[str, SetRead] = {}
    for key, values in keys.items():
        path = key.removeprefix(f"{base}\\{kind}\\")
        if path == key or "\\" in path:
            continue
        assert re.fullmatch(GUID, path)
        assert path.casefold() not in DEFAULT_SETS
        places = sorted(each for each in keys if each.startswith(f"{key}\\"))
        assert [each.rpartition("\\")[2] for each in places] == [f"{number:04}" for number in range(len(places))]
        suites = tuple(_texts(keys[each]) for each in places)
        assert suites
        found[path] = SetRead(_texts(values), suites)
        _CHECKS[kind](found[path])
    return found


def _texts(values: dict[str, str | int]) -> dict[str, str]:
    assert all(isinstance(each, str) and "|" not in (each if name != "CertCriteria" else "")
               for name, each in values.items())  # fmt: skip
    return {name: str(each) for name, each in values.items()}


def _check_first(read: SetRead) -> None:
    assert read.values.keys() == {"Version", "Name"}
    methods = [suite["Method"] for suite in read.suites]
    assert set(methods) <= _FIRST
    for once in _FIRST - {"MachineCert"}:
        assert methods.count(once) <= 1
    version = version_of(read.values["Version"])
    wanted = [(2, 0)]
    for suite in read.suites:
        if suite["Method"] != "MachineCert":
            assert suite.keys() == {"Method"}
            continue
        wanted.append(_check_certificate(suite, read.values["Version"]))
    assert version == max(wanted)
    kinds = [each.get("OtherCertSigning", "RSA") for each in read.suites if each["Method"] == "MachineCert"]
    runs = [kind for number, kind in enumerate(kinds) if number == 0 or kinds[number - 1] != kind]
    assert len(runs) == len(set(runs)), "certificates of one signing stand together"


def _check_certificate(suite: dict[str, str], version: str) -> tuple[int, int]:
    known = {"Method", "HealthCert", "CAName", "CertAccountMapping", "ExcludeCAName"}
    assert known <= suite.keys()
    assert suite["HealthCert"] == suite["ExcludeCAName"] == "FALSE"
    assert 0 < len(suite["CAName"]) < 10_000
    wanted = (2, 0)
    if "OtherCertSigning" in suite:
        assert suite["OtherCertSigning"] in ("ECDSA256", "ECDSA384")
        assert suite["SkipVersion"] == "2.0"
        wanted = (2, 1)
    if "IntermediateCA" in suite:
        assert suite["IntermediateCA"] == "TRUE"
        assert suite["SkipVersion"] == "2.8"
        wanted = (2, 10)
    if "CertCriteria" in suite:
        begun, *tokens, end = suite["CertCriteria"].split("|")
        assert (begun, end) == (f"v{version}", "")
        names = [token.partition("=")[0] for token in tokens]
        assert set(names) <= {"CriteriaType", "NameType", "Name", "Eku", "Hash"}
        assert all(names.count(name) == 1 for name in names if name != "Eku")
        wanted = (2, 20)
    assert suite.keys() <= known | {"OtherCertSigning", "SkipVersion", "IntermediateCA", "CertCriteria"}
    return wanted


def _check_second(read: SetRead) -> None:
    methods = [suite["Method"] for suite in read.suites]
    assert read.values == {"Version": "2.0", "Name": read.values["Name"]}
    assert set(methods) <= _SECOND
    assert len(set(methods)) == len(methods)
    assert methods != ["Anonymous"]
    assert all(suite.keys() == {"Method"} for suite in read.suites)


def _check_quick_mode(read: SetRead) -> None:
    newer = False
    assert read.values.keys() in ({"Version", "Name", "PFS"}, {"Version", "Name", "2_16PFS"})
    assert read.values.get("PFS", "Disable") in _PFS
    assert read.values.get("2_16PFS", "ReKeyDH24") == "ReKeyDH24"
    for suite in read.suites:
        hashes = {name: _newest(suite, f"{name}Hash", {"MD5", "SHA1"}, {"SHA256", *_GCM}) for name in ("Ah", "Esp")}
        cipher = _newest(suite, "Encryption", _CIPHERS, _GCM)
        assert suite["Protocol"] in ("AH", "ESP", "AH&ESP")
        assert (hashes["Ah"] is not None) == ("AH" in suite["Protocol"])
        assert (hashes["Esp"] is not None) == ("ESP" in suite["Protocol"])
        assert suite["Protocol"] != "AH&ESP" or hashes["Ah"] == hashes["Esp"]
        assert cipher is None or "ESP" in suite["Protocol"]
        assert cipher not in _GCM or hashes["Esp"] == cipher
        assert 5 <= int(suite["TimeOutMinutes"]) <= 2879
        assert 20480 <= int(suite["TimeOutKbytes"]) <= 2147483647
        has_newer = any(name.startswith("2_1") for name in suite)
        assert suite.get("SkipVersion") == ("2.0" if has_newer else None)
        newer = newer or has_newer
    wanted = (2, 20) if "2_16PFS" in read.values else (2, 1) if newer else (2, 0)
    assert version_of(read.values["Version"]) == wanted


def _newest(suite: dict[str, str], name: str, words: set[str], newer: set[str]) -> str | None:
    assert not (name in suite and f"2_1{name}" in suite)
    assert suite.get(name) in {None, *words}
    assert suite.get(f"2_1{name}") in {None, *newer}
    return suite.get(name) or suite.get(f"2_1{name}")


def _check_main_mode(read: SetRead) -> None:
    assert read.values.keys() == {"Version", "Name", "DoNotSkipDH", "TimeOutMinutes", "TimeOutSessions"}
    assert read.values["DoNotSkipDH"] in ("TRUE", "FALSE")
    assert 1 <= int(read.values["TimeOutMinutes"]) <= 2879
    assert int(read.values["TimeOutSessions"]) <= 2147483647
    groups = set()
    wanted = (2, 0)
    for suite in read.suites:
        assert suite["Encryption"] in _CIPHERS
        assert (suite.get("Hash") in ("MD5", "SHA1")) != (suite.get("2_1Hash") in ("SHA256", "SHA384"))
        if "2_16KeyExchange" in suite:
            assert suite["2_16KeyExchange"] == "DH24"
            wanted = (2, 20)
        else:
            assert suite["KeyExchange"] in _GROUPS
        if "2_1Hash" in suite:
            assert version_of(suite["SkipVersion"]) >= (2, 0)
            wanted = max(wanted, (2, 1))
        groups.add(suite.get("KeyExchange") or suite.get("2_16KeyExchange"))
    assert len(groups) == 1, "all proposals have one key exchange"
    assert version_of(read.values["Version"]) == wanted


_CHECKS = {
    "Phase1AuthenticationSets": _check_first,
    "Phase2AuthenticationSets": _check_second,
    "Phase2CryptoSets": _check_quick_mode,
    "Phase1CryptoSet": _check_main_mode,
}
