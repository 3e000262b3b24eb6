"""Scripts of netsh commands as people write them: which rules they add, and what of them is named."""

import pytest

from ndtui.analysis.connection_security.batch_lines import commands_of
from ndtui.analysis.connection_security.read_rules import read_rules
from ndtui.model.design.design import Design
from tests.analysis.connection_security.rule_files import imported, whole

RULE = "netsh advfirewall consec add rule name=Isolation endpoint1=any endpoint2=any action=requireinrequestout"
QUICK = f"{RULE} qmpfs=ecdhp256 qmsecmethods=ah:sha1+esp:sha1-aes128+30min+50000kb,esp:aesgcm256-aesgcm256"
MAIN = "netsh advfirewall mainmode add rule name=Main"
FULL = (
    'netsh advfirewall consec add rule name="SQL servers" endpoint1=10.0.0.0/8,2001:db8::/32 endpoint2=192.0.2.7 '
    "action=requireinrequireout protocol=tcp port1=1433,1434 port2=any profile=domain,private interfacetype=lan "
    'auth1=computerkerb,computerntlm auth2=userkerb description="what it is for" enable=no'
)


def of_rule(design: Design) -> str:
    """Return the mode of a design's only rule."""
    (rule,) = design.rules
    return rule.mode


@pytest.mark.parametrize(
    "text",
    [
        RULE,
        f"@echo off\r\nrem isolation\r\n:: more\r\n{RULE}\r\npause\r\n",
        f"  @{RULE} >nul 2>&1",
        f"({RULE})",
        f"({RULE} >nul) || exit /b 1",
        RULE.replace("name=", '"').replace("Isolation", 'Isolation"'),
        RULE.replace("=", "=").replace("netsh", r'"%SystemRoot%\System32\netsh.exe"'),
        RULE.replace("netsh", "call netsh.exe"),
        RULE.replace("netsh ", "cmd /c NETSH "),
        RULE.upper().replace("ISOLATION", "Isolation"),
        RULE.replace(" endpoint2", " ^\r\n   endpoint2"),
        RULE.removeprefix("netsh "),
        f"\ufeff{RULE} & echo done",
        f"netsh advfirewall consec delete rule name=all\n{RULE}\nnetsh advfirewall consec show rule name=all",
        f"net session >nul 2>&1\nif errorlevel 1 (\n echo no\n exit /b 1\n) else (\n echo yes\n)\n{RULE}",
        f"netsh advfirewall firewall show rule name=all | find \"x\"\n{RULE}",
    ],
)  # fmt: skip
def test_a_rule_is_read_however_its_command_is_written(text: str) -> None:
    design = whole(text)
    assert (design.rules[0].name, of_rule(design)) == ("Isolation", "negotiation-discovery")


@pytest.mark.parametrize(
    ("action", "mode"),
    [
        ("requireinrequestout", "negotiation-discovery"),
        ("requestinrequestout", "boundary"),
        ("requireinrequireout", "require"),
    ],
)
def test_actions(action: str, mode: str) -> None:
    assert of_rule(whole(RULE.replace("requireinrequestout", action))) == mode


def test_everything_that_a_rule_says() -> None:
    made = imported(f"{RULE}\n{FULL}")
    assert not made.missing
    assert made.design is not None
    rule = made.design.rules[1]
    scope = rule.scope
    assert (rule.name, rule.comment, rule.enabled) == ("SQL servers", "what it is for", False)
    assert [str(each) for each in scope.local_addresses] == ["10.0.0.0/8", "2001:db8::/32"]
    assert [str(each) for each in scope.remote_addresses] == ["192.0.2.7"]
    assert (scope.protocol, [str(each) for each in scope.local_ports]) == ("tcp", ["1433", "1434"])
    assert (scope.profiles, scope.interfaces) == (("domain", "private"), ("lan",))
    said = rule.negotiation
    assert said is not None
    assert [each.method for each in said.main_mode.ike_authentication] == ["IKEEXT_KERBEROS"]
    assert [each.method for each in said.main_mode.authip_authentication] == ["IKEEXT_KERBEROS", "IKEEXT_NTLM_V2"]
    assert said.extended_mode is not None


def test_what_secures_nothing_is_an_exemption() -> None:
    text = (
        f"{RULE}\n{RULE.replace('Isolation', 'DNS').replace('requireinrequestout', 'noauthentication')} protocol=udp "
    )
    design = whole(f"{text}port1=any port2=53,5000-5100")
    exemption = design.exemptions[-1]
    assert (exemption.name, exemption.protocol) == ("DNS", "udp")
    assert [str(each) for each in exemption.remote_ports] == ["53", "5000-5100"]


def test_quick_mode_and_main_mode() -> None:
    text = f"{MAIN} mmsecmethods=ecdhp256:aes256-sha256,ecdhp256:aes128-sha1 mmkeylifetime=60min,7sess mmforcedh=yes"
    design = whole(f"{text}\n{QUICK}")
    assert [
        (each.cipher, each.integrity, each.dh_group, each.lifetime_seconds, each.quick_mode_limit)
        for each in design.main_mode.proposals
    ] == [
        ("IKEEXT_CIPHER_AES_256", "IKEEXT_INTEGRITY_SHA_256", "IKEEXT_DH_ECP_256", 3600, 7),
        ("IKEEXT_CIPHER_AES_128", "IKEEXT_INTEGRITY_SHA1", "IKEEXT_DH_ECP_256", 3600, 7),
    ]
    assert design.main_mode.flags == ()
    first, second = design.quick_mode.proposals
    assert [each.type for each in first.transforms] == ["IPSEC_TRANSFORM_AH", "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER"]
    assert (first.lifetime_seconds, first.lifetime_kilobytes, first.pfs_group) == (1800, 50000, "IPSEC_PFS_ECP_256")
    assert second.transforms[0].cipher == "IPSEC_CIPHER_CONFIG_GCM_AES_256"


def test_older_versions_name_the_key_exchange_once() -> None:
    design = whole(f"{MAIN} mmsecmethods=dhgroup14:aes256-sha256,aes128-sha1\n{RULE}")
    assert {each.dh_group for each in design.main_mode.proposals} == {"IKEEXT_DH_GROUP_14"}
    assert len(design.main_mode.proposals) == 2
    assert design.main_mode.flags == ("IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH",)


def test_main_mode_by_default_is_that_of_windows_firewall() -> None:
    assert whole(f"{MAIN} mmsecmethods=default\n{RULE}").main_mode == whole(RULE).main_mode


@pytest.mark.parametrize(("written", "key"), [("%PSK%", "env:PSK"), ('"!IPSEC_KEY!"', "env:IPSEC_KEY")])
def test_a_key_that_stands_in_a_variable_is_looked_up_there(written: str, key: str) -> None:
    design = whole(f"{RULE} auth1=computerpsk auth1psk={written}")
    assert design.keying_modules == ("IKE",)
    assert [each.key for each in design.main_mode.ike_authentication] == [key]


@pytest.mark.parametrize("line", [
    f"{RULE} auth1=computerpsk auth1psk=S3cret",
    f'{RULE} auth1=computerpsk auth1psk="S3cret words"',
    f"{RULE} auth1=computerpsk auth1psk=two S3cret words",
    f"{RULE}\nnetsh advfirewall consec set rule name=x new auth1=computerpsk auth1psk=S3cret",
    f"{RULE}\nnetsh ipsec static add rule name=x policy=y psk=S3cret",
    f"{RULE} auth1=computerpsk auth1psk=S3cret auth1psk=S3cret",
])  # fmt: skip
def test_a_key_is_neither_taken_over_nor_shown(line: str) -> None:
    made = imported(line)
    assert made.missing
    assert "S3cret" not in str(made)


def test_authorities_are_read_with_what_is_said_of_them() -> None:
    made = imported(
        f"{RULE} auth1=computercert,computercertecdsap256 "
        'auth1ca="C=US, O=Example, CN=\\\'North, South\\\' excludecaname:yes catype:root" auth1ecdsap256ca="CN=EC"'
    )
    assert made.design is not None
    methods = made.design.main_mode.ike_authentication
    assert [each.method for each in methods] == ["IKEEXT_CERTIFICATE", "IKEEXT_CERTIFICATE_ECDSA_P256"]
    assert [each.roots for each in methods] == [('subject:C=US, O=Example, CN="North, South"',), ("subject:CN=EC",)]
    assert made.missing == ("rule Isolation: MachineCert: excludecaname = TRUE",)


def test_rules_of_this_program_have_the_names_of_their_design() -> None:
    described = 'description="ndtui nd-zones: Secure zone"'
    design = whole(f"{RULE.replace('Isolation', '{name}')} {described}".replace("{name}", '"ndtui nd-zones 3"'))
    assert (design.rules[0].name, design.rules[0].comment) == ("Secure zone", "")
    theirs = whole(f"{RULE} {described}")
    assert (theirs.rules[0].name, theirs.rules[0].comment) == ("Isolation", "ndtui nd-zones: Secure zone")


SDDL = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-515)"
FIREWALL = 'netsh advfirewall firewall add rule name="ndtui x'
SQL = "protocol=tcp localport=1433"


def firewall(number: int, said: str, title: str) -> str:
    """Return a firewall rule as this program writes it."""
    return f'{FIREWALL} {number}" dir=in {said} {SQL} description="ndtui x: SQL ({title})"'


ENCRYPTED = firewall(1, "action=allow security=authenc", "in, only if secure")
ENCRYPTED_OUT = firewall(2, "action=bypass security=authenc", "out, only if encrypted").replace("dir=in", "dir=out")
OTHERS_OUT = firewall(3, "action=block", "out, all others").replace("dir=in", "dir=out")
WHO = firewall(1, f'action=bypass security=authenticate rmtcomputergrp="{SDDL}"', "in, only if secure")
OTHERS = firewall(2, "action=block", "in, all others")


def test_firewall_rules_of_this_program_say_what_is_demanded() -> None:
    _, sql = whole(f"{RULE}\n{ENCRYPTED}\n{ENCRYPTED_OUT}\n{OTHERS_OUT}").rules
    assert (sql.name, sql.mode, sql.encryption, sql.machines) == ("SQL", "inherit", "guaranteed", "")
    assert (sql.scope.protocol, [str(each) for each in sql.scope.local_ports]) == ("tcp", ["1433"])
    _, sql = whole(f"{RULE}\n{WHO}\n{OTHERS}").rules
    assert (sql.encryption, sql.machines, sql.users) == ("none", SDDL, "")
    _, sql = whole(
        f"{RULE} auth1=computerkerb auth2=userkerb\n{WHO.replace('=bypass', '=allow').replace('computer', 'usr')}"
    ).rules
    assert (sql.machines, sql.users) == ("", SDDL)


def test_a_firewall_rule_that_blocks_what_is_exempt_is_for_new_connections() -> None:
    exempt = RULE.replace("name=Isolation", 'name="ndtui x 2"').replace("requireinrequestout", "noauthentication")
    block = firewall(1, "action=block", "in, new connections")
    design = whole(f'{RULE}\n{exempt} protocol=tcp port1=1433 description="ndtui x: SQL"\n{block}')
    (made,) = [each for each in design.exemptions if each.name == "SQL"]
    assert set(made.stems) == {"FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT"}


MISSING = [
    (f"{RULE}\n{ENCRYPTED}", "what is encrypted inbound is not what is encrypted outbound"),
    (
        f"{RULE}\n{ENCRYPTED}\n{ENCRYPTED_OUT}",
        "what is encrypted outbound and what blocks the rest do not go together",
    ),
    (f"{RULE}\n{WHO}", "who may connect and what blocks all others do not go together"),
    (f"{RULE}\n{OTHERS}", "no rule that asks for more has its traffic"),
    (f"{RULE}\nif defined X {WHO}", "line 2: netsh advfirewall firewall add rule name=ndtui x 1"),
    (f"{RULE}\n{WHO} program=x", "line 2: netsh advfirewall firewall add rule name=ndtui x 1"),
    (f"{RULE}\n{WHO} profile=work", "line 2: netsh advfirewall firewall add rule name=ndtui x 1"),
    (f"{RULE}\n{WHO} protocol=tcp", "line 2: netsh advfirewall firewall add rule name=ndtui x 1"),
    (f"{RULE}\nnetsh advfirewall firewall add rule name=Web dir=in action=allow",
     "line 2: netsh advfirewall firewall add rule name=Web"),
    (f"{RULE}\nnetsh advfirewall set global mainmode mmsecmethods dhgroup14:aes256-sha256",
     "line 2: netsh advfirewall set global mainmode"),
    (f"netsh advfirewall set store gpo=example\\x\n{RULE}", "line 1: netsh advfirewall set store gpo=example\\x"),
    (f"{RULE}\nnetsh interface ip set dns x\nreg add HKLM\\x\nreg add HKLM\\y\nshutdown /r",
     "line 2: netsh interface ip set dns"),
    (f"{RULE}\nreg add HKLM\\x\nif errorlevel 1 reg add HKLM\\y", "lines 2, 3: reg is no command of netsh"),
    (f"{RULE}\nfor %%f in (1 2) do shutdown /r", "line 2: shutdown is no command of netsh"),
    (f"{RULE}\ncall other.cmd", "line 2: call is no command of netsh"),
    (f"{RULE}\nnetsh advfirewall consec delete rule name=isolation", "line 2: it removes rules that stand before it"),
    (f"{RULE}\nnetsh advfirewall consec delete rule name=all", "line 2: it removes rules that stand before it: 'all'"),
    (f"{RULE}\nnetsh advfirewall %1 delete rule name=\"%NAME%\"", "line 2: it removes rules that stand before it"),
    (f"if exist x.txt {RULE}", "rule Isolation: it is added under a condition: if exist x.txt"),
    (f"{RULE}\n{FULL} mode=tunnel localtunnelendpoint=192.0.2.1", "line 2, rule 'SQL servers': it is of a tunnel"),
    (f"{RULE}\n{RULE.replace('requireinrequestout', 'requireinclearout')}",
     "line 2, rule 'Isolation': its action is 'requireinclearout'"),
    (f"{RULE}\n{RULE.replace('endpoint2=any', 'endpoint2=%PEER%')}",
     "line 2, rule 'Isolation': endpoint2 is '%PEER%', and what that stands for is not in the file"),
    (f"{RULE}\n{RULE.replace('endpoint2=any', '')}", "line 2, rule 'Isolation': endpoint2 is missing"),
    (f"{RULE}\n{RULE} endpoint1=any", "line 2, rule 'Isolation': endpoint1 stands there twice"),
    (f"{RULE}\nnetsh advfirewall consec add rule endpoint1=any", "line 2, rule 'without a name': it has no name"),
    (f"{RULE}\n{RULE} auth1=computerface", "auth1 has 'computerface', which is not read here"),
    (f"{RULE}\n{RULE} qmsecmethods=authnoencap:sha1", "authentication without encapsulation"),
    (f"{RULE}\n{RULE} qmpfs=ecdhp256", "forward secrecy by ecdhp256 with what Windows offers by itself"),
    (f"{RULE}\n{RULE} profile=work", "its profile is work, none of"),
    (f"{RULE}\n{RULE} interfacetype=token", "its interfacetype is token, none of"),
    (f"{RULE}\n{RULE} protocol=tpc", "its protocol is tpc, which is none"),
    (f"{RULE}\n{RULE.replace('endpoint2=any', 'endpoint2=localsubnet')}", "is a keyword of Windows Firewall"),
    (f"{RULE} type=dynamic", "rule Isolation: type=dynamic"),
    (f"{RULE} applyauthz=yes", "rule Isolation: applyauthz=yes"),
    (f"{RULE} auth1healthcert=yes", "rule Isolation: auth1healthcert=yes"),
    (f"{RULE}\n{MAIN}", "line 2, rule 'Main': mmsecmethods is missing"),
    (f"{RULE}\n{MAIN} mmsecmethods=dhgroup5:aes256-sha1", "key exchange by dhgroup5 in main mode"),
    (f"{RULE}\n{MAIN} mmsecmethods=dhgroup14:aes256-sha1,dhgroup14:rc4-sha1",
     "main mode rule Main: encryption by rc4 in main mode"),
    (f"{RULE}\n{MAIN} mmsecmethods=default mmkeylifetime=9min", "main mode rule Main: a lifetime"),
    (f"{RULE}\n{MAIN} mmsecmethods=dhgroup14:aes256-sha1 enable=no", "main mode rule Main is switched off"),
    (f"{RULE}\n{MAIN} mmsecmethods=dhgroup14:aes256-sha1 auth1=computerntlm", "authenticates otherwise"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), MISSING, ids=[f"{n}" for n in range(len(MISSING))])
def test_what_is_not_taken_over_is_named(text: str, said: str) -> None:
    made = imported(text)
    assert any(said in each for each in made.missing), made.missing
    assert made.design is not None


def test_a_file_that_is_cut_off_is_read_as_far_as_it_goes() -> None:
    made = imported(f"{RULE}\n{FULL[:80]}")
    assert made.design is not None
    assert len(made.missing) == 1


@pytest.mark.parametrize(
    "text",
    [
        f'name = "x"\ndescription = """\n{RULE}\n"""\n',
        f'{{"description": "{RULE}"}}',
        f"<p>\n{RULE}\n</p>",
        "netsh advfirewall firewall add rule name=x dir=in action=allow\n",
        "",
    ],
)
def test_other_texts_are_none(text: str) -> None:
    assert read_rules(text, "x") is None


def test_signs_of_cmd_count_outside_of_quotation_marks_alone() -> None:
    text = 'one "a & b | c > d ^ (e" ^& f > out.txt 2>&1 & two || (three < in.txt) && four 2>nul'
    assert [each.words for each in commands_of(text)] == [
        ("one", "a & b | c > d ^ (e", "&", "f"),
        ("two",),
        ("three",),
        ("four",),
    ]


def test_lines_keep_their_numbers() -> None:
    found = [
        (each.line, each.words[0], each.condition) for each in commands_of("a\n\nb ^\n c\nrem d\nif not defined X e\n")
    ]
    assert found == [(1, "a", ""), (3, "b", ""), (6, "e", "if not defined X")]
