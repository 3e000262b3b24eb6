"""Every line that is generated is one of the grammar, and the grammar of the tests refuses what netsh refuses."""

from itertools import islice

import pytest

from ndtui.exporters.contract import ExportError
from tests.exporters.netsh_script.netsh_designs import ENVIRONMENT, netsh_designs
from tests.exporters.netsh_script.netsh_grammar import GrammarError, parse
from tests.exporters.netsh_script.small_netsh import applied

CONSEC = "netsh advfirewall consec add rule name=x endpoint1=any endpoint2=any"
SECURED = f"{CONSEC} action=requireinrequestout auth1=computerkerb"
MAIN = "netsh advfirewall mainmode add rule name=x"
FIREWALL = "netsh advfirewall firewall add rule name=x dir=in"

#: Lines that the documents themselves show, or say are right.
RIGHT = [
    'netsh advfirewall consec add rule name="RequireAuth" endpoint1=any endpoint2=any action=noauthentication',
    "netsh advfirewall consec add rule name=test1 endpoint1=any endpoint2=any action=requestinrequestout "
    'description="Use ECDSA256 certificate and AESGMAC256" auth1=computercert,computercertecdsap256 '
    "auth1ca=\"C=US, O=MSFT, CN=\\'Microsoft North, South, East, and West Root Authority\\'\" "
    "auth1ecdsap256ca=\"C=US, O=MSFT, CN=\\'Microsoft North, South, East, and West Root Authority\\'\" "
    "qmsecmethods=ah:aesgmac256+esp:aesgmac256-none",
    f"{SECURED} qmsecmethods=ah:sha256+esp:sha256-aes192",
    f"{SECURED} qmsecmethods=ah:aesgmac256+esp:aesgcm256-aesgcm256",
    f"{SECURED} qmsecmethods=esp:aesgcm128-aesgcm128+400min+100000000kb",
    f"{SECURED} protocol=tcp port1=53,443 port2=any interfacetype=wireless profile=domain,private",
    f"{CONSEC} action=noauthentication protocol=udp port1=5000-5100 port2=any",
    f"{CONSEC} action=requireinrequireout auth1=computerntlm,anonymous auth2=userkerb,anonymous qmpfs=mainmode",
    f"{MAIN} mmsecmethods=dhgroup14:aes256-sha256,dhgroup14:3des-sha1 mmkeylifetime=480min,0sess mmforcedh=yes",
    f'{FIREWALL} action=bypass security=authenticate rmtcomputergrp="D:(A;;CC;;;S-1-5-21-1-2-3-1114)"',
    f"{FIREWALL} action=allow security=authenc protocol=tcp localport=80",
    'netsh advfirewall firewall add rule name="BlockOutIP" protocol=tcp dir=out remoteip=192.168.1.100 action=block',
    'netsh advfirewall mainmode delete rule name="MyMainmodeRule"',
]

#: Lines that netsh refuses, with a word of the reason; of each documented restriction one.
WRONG = [
    (f"{SECURED} name=y", "twice"),
    ("netsh advfirewall consec add rule endpoint1=any endpoint2=any action=noauthentication", "a name"),
    ("netsh advfirewall consec add rule name=ALL endpoint1=any endpoint2=any action=noauthentication", "neither all"),
    ("netsh advfirewall consec add rule name=x endpoint1=any action=noauthentication", "needs endpoint2"),
    (f"{CONSEC} action=requireinclearout auth1=computerkerb", "none of"),
    (f"{CONSEC} action=requireinrequestout", "at least one authentication"),
    (f"{CONSEC} action=noauthentication auth1=computerkerb", "has no sets"),
    (f"{SECURED} keymodule=ikev2", "has no keymodule"),
    (f"{SECURED} port1=80 port2=any", "ports can only"),
    (f"{SECURED} protocol=icmpv4 port1=8 port2=any", "ports can only"),
    (f"{SECURED} protocol=tcp port1=80-90 port2=any", "ranges of ports"),
    (f"{SECURED} protocol=256", "no protocol"),
    (f"{SECURED} protocol=tcp port1=65536", "no port"),
    (f"{SECURED} profile=any,work", "no list"),
    (f"{SECURED} interfacetype=ethernet", "none of"),
    (SECURED.replace("endpoint1=any", "endpoint1=10.0.0.1") + " interfacetype=lan", "exclude each other"),
    (SECURED.replace("endpoint2=any", "endpoint2=10.0.0.0/8, 10.0.0.9"), "no argument"),
    (SECURED.replace("endpoint2=any", "endpoint2=10.0.0.9-10.0.0.1"), "no range"),
    (SECURED.replace("endpoint2=any", "endpoint2=10.0.0.1/8"), "no address"),
    (SECURED.replace("endpoint2=any", "endpoint2=128.0.0.0/1"), "multicast"),
    (SECURED.replace("endpoint2=any", "endpoint2=fe00::/7"), "multicast"),
    (f"{CONSEC} action=requireinrequestout auth1=computerpsk,computerntlm auth1psk=x", "cannot be specified together"),
    (f"{CONSEC} action=requireinrequestout auth1=computerpsk", "go together"),
    (f"{CONSEC} action=requireinrequestout auth1=computercert", "go together"),
    (f'{CONSEC} action=requireinrequestout auth1=computercert auth1ca="O=Example"', "no CN="),
    (f'{CONSEC} action=requireinrequestout auth1=computercert auth1ca="CN=x catype:leaf"', "option"),
    (f"{SECURED} auth2=computercert,userkerb", "no list"),
    (f"{SECURED} auth2=anonymous", "anonymous alone"),
    (f"{SECURED} qmpfs=dhgroup5", "none of"),
    (f"{SECURED} qmsecmethods=esp:aesgcm128-aesgcm256", "both sides"),
    (f"{SECURED} qmsecmethods=esp:aesgcm128-none", "both sides"),
    (f"{SECURED} qmsecmethods=esp:sha1-aesgcm128", "both sides"),
    (f"{SECURED} qmsecmethods=esp:aesgmac128-aes128", "does not go with"),
    (f"{SECURED} qmsecmethods=ah:sha1+esp:sha256-aes128", "same integrity"),
    (f"{SECURED} qmsecmethods=ah:aesgmac128+esp:aesgcm256-aesgcm256", "same integrity"),
    (f"{SECURED} qmsecmethods=ah:aesgcm128", "AH has no"),
    (f"{SECURED} qmsecmethods=esp:sha384-aes256", "ESP has no"),
    (f"{SECURED} qmsecmethods=esp:sha1-aes128+4min", "no lifetime"),
    (f"{SECURED} qmsecmethods=esp:sha1-aes128+20479kb", "no lifetime"),
    (MAIN, "needs mmsecmethods"),
    (f"{MAIN} mmsecmethods=dhgroup14:aes256-sha256,ecdhp256:aes256-sha256", "same key exchange"),
    (f"{MAIN} mmsecmethods=none:aes256-sha256", "no method"),
    (f"{MAIN} mmsecmethods=dhgroup14:aesgcm256-sha256", "no method"),
    (f"{MAIN} mmsecmethods=dhgroup14:aes256-sha256 mmkeylifetime=0min,0sess", "no lifetime"),
    (f"{MAIN} mmsecmethods=dhgroup14:aes256-sha256 auth2=userkerb", "has no auth2"),
    (f"{MAIN} mmsecmethods=dhgroup14:aes256-sha256 port1=80", "has no port1"),
    (f"{FIREWALL} action=allow rmtusrgrp=D:(A;;CC;;;DC)", "security must be"),
    (f"{FIREWALL} action=bypass security=authenticate", "remote computer group"),
    (f"{FIREWALL} action=block security=authenticate", "what is blocked"),
    (f"{FIREWALL} action=allow localport=80", "ports can only"),
    (f'{SECURED} description="x', "does not end"),
]


@pytest.mark.parametrize("line", RIGHT)
def test_what_the_documents_show_is_right(line: str) -> None:
    parse(line)


@pytest.mark.parametrize(("line", "why"), WRONG)
def test_what_the_documents_exclude_is_refused(line: str, why: str) -> None:
    with pytest.raises(GrammarError, match=why):
        parse(line)


def test_every_line_of_random_designs_is_one_of_the_grammar() -> None:
    """Those too of which something is lost: what is left of them is right."""
    made, words = 0, set()
    for design in islice(
        (each for part in (7, 8) for each in islice(netsh_designs(part, symmetric=part == 7), 100)), 200
    ):
        try:
            machine = applied(design, lossy=True, **ENVIRONMENT)
        except ExportError:
            continue
        made += 1
        words |= {f"{context} {name}" for context, said in machine.rules for name in said}
    assert made > 100
    assert words >= {f"consec {name}" for name in ("port1", "port2", "profile", "interfacetype", "auth2", "auth1psk")}
    assert words >= {"firewall rmtcomputergrp", "firewall rmtusrgrp", "mainmode profile", "mainmode endpoint2"}
