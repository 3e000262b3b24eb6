"""The grammar in which a person writes a packet; apart from what reads it, so that help can quote it without."""

from collections.abc import Mapping
from typing import Literal

LocalType = Literal["unicast", "anycast", "multicast", "broadcast"]
"""The NL_ADDRESS_TYPE of the local address, as the field IP_LOCAL_ADDRESS_TYPE has it."""

LOCAL_TYPES: Mapping[LocalType, int] = {"unicast": 1, "anycast": 2, "multicast": 3, "broadcast": 4}
#: The words for networks, as ``model.vocabulary.networks`` has them with their numbers.
PROFILE_WORDS = ("domain", "private", "public")
INTERFACE_WORDS = ("lan", "wireless", "remote-access")
#: Words with a value that say whose a packet is, and by which interface, socket and bind it passes.
VALUED_WORDS = (
    "service",
    "package",
    "capability",
    "account",
    "tunnel",
    "luid",
    "epoch",
    "compartment",
    "socket",
    "bind",
)
#: Words that stand alone, with what they set.
ALONE: Mapping[str, tuple[str, bool]] = {
    "secured": ("secured", True),
    "clear": ("secured", False),
    "app-loopback": ("app_loopback", True),
    "non-app-loopback": ("app_loopback", False),
    "raw": ("raw", True),
    "fragment": ("fragment", True),
    "whole": ("fragment", False),
    "forwarded": ("forwarded", True),
}
GRAMMAR = """\
A packet is written as

  [in|out] PROTOCOL FROM -> TO [WORD ...]

  in, out    seen from the host that has the policy: "in" arrives there, "out"
             is sent by it. In the packet or by --direction
  PROTOCOL   tcp, udp, icmp, icmpv6, igmp, gre, esp, ah, or a number, 0 to 255
  FROM, TO   ADDRESS or ADDRESS:PORT; IPv6 with a port as [ADDRESS]:PORT
             TCP and UDP need the port of TO; that of FROM is 49152 if left out
  WORD       later        a later packet of a connection that was authorised;
                          the first packet is meant otherwise
             loopback     from this host to itself; the same address on both
                          sides and 127.0.0.0/8, ::1 are loopback by themselves
             unicast, anycast, multicast, broadcast
                          the type of the local address; taken from TO otherwise
             type N, code N
                          of ICMP; an echo request otherwise
             profile domain, profile private, profile public
                          of the network it passes by; domain otherwise
             interface lan, interface wireless, interface remote-access
                          or a number: of the type that it passes by; lan
                          otherwise
             app PATH     of the program with this path, in quotes where it has
                          blanks; of none that a filter names otherwise
             machine SIDS, user SIDS
                          who the peer is: the SID of its machine or user and
                          those of its groups, with commas, or none; one of
                          those who may connect otherwise
             unauthorized the peer authenticates and may not connect
           and for the filters of a machine, each open where it is not said:
             app System   of the kernel itself, such as file sharing
             service NAMES
                          of a process with these services: names or SIDs, with
                          commas, or none
             package P    of an app package, by its SID or family; none for a
                          desktop program
             capability C what that package may do: internetClient and the like,
                          or SIDs, with commas, or none
             account SIDS who runs the program: its SID and those of its groups
             tunnel T     none, other, direct, 6to4, isatap, teredo, ip-https
                          or a number; none where the interface is none (131)
             luid N, epoch N, compartment N
                          the interface, its quarantine epoch, the compartment
             socket S     plain, rpc, allow-edge, deny-edge
             bind any, bind address
                          what the program's socket is bound to
             secured, clear
                          IPsec protects it, or does not
             app-loopback, non-app-loopback
                          loopback of app packages, or of none
             raw          of a raw socket
             fragment, whole
                          it arrives as a fragment, or in one piece
             forwarded    it passes through this host, to another

  in tcp 10.0.0.5:51000 -> 10.0.0.9:443
  out udp [2001:db8::9]:51000 -> [2001:db8::5]:53 later
  in icmp 10.0.0.5 -> 10.0.0.9 type 3 code 4
  in tcp 10.0.0.5:51000 -> 10.0.0.9:1433 profile private unauthorized
  in tcp 10.0.0.5:51000 -> 10.0.0.9:3389 machine DC user S-1-5-21-1-2-3-1104
  in tcp 10.0.0.5:51000 -> 10.0.0.9:80 app "C:\\Program Files\\X\\x.exe"
  in tcp 10.0.0.5:51000 -> 10.0.0.9:445 app System package none socket plain
  out tcp 10.0.0.9 -> 198.51.100.7:443 package none account BU profile private"""
