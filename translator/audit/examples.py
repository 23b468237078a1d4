"""A small configuration with each kind of finding, for the documentation; tests audit them."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

__all__ = ["EXAMPLES", "Example"]


@dataclass(frozen=True, slots=True)
class Example:
    """A piece of a configuration, its platform and the roles of its interfaces."""

    platform: str
    interfaces: tuple[str, ...]
    text: str


def _router(text: str, *interfaces: str) -> Example:
    return Example("cisco_ios", interfaces or ("Gi0/1=client",), text)


def _marking(entries: str) -> Example:
    """A router that marks audio by the entries of one list."""
    return _router(
        f"""\
ip access-list extended AUDIO
{entries}
class-map match-all AUDIO
 match access-group name AUDIO
policy-map MARK
 class AUDIO
  set dscp ef
interface GigabitEthernet0/1
 service-policy input MARK
"""
    )


_QUEUES: Final = """\
class-map match-all VOICE
 match dscp ef
class-map match-all VIDEO
 match dscp af41
policy-map QUEUE
 class VOICE
  priority percent {voice}
 class VIDEO
  bandwidth percent {video}
interface GigabitEthernet0/0
 bandwidth 10000
 service-policy output {policy}
"""
_SHAPE: Final = """\
policy-map SHAPE
 class class-default
  shape average 10000000
  service-policy QUEUE
"""
_BOTH_PORTS: Final = (
    " permit tcp any range 20000 {last} any\n permit udp any range 20000 {last} any"
)
_WAN: Final = "Gi0/0=wan:10M"


def _queues(voice: int, video: int, *, shaped: bool = True) -> Example:
    """A router with two queues, below a shaper or not."""
    policy = "SHAPE" if shaped else "QUEUE"
    text = _QUEUES.format(voice=voice, video=video, policy=policy)
    head, interface, rest = text.partition("interface")
    return _router(head + (_SHAPE if shaped else "") + interface + rest, _WAN)


_SIGNALLING_BELOW: Final = """\
ip access-list extended SIGNALLING
 permit tcp any any eq 5061
ip access-list extended AUDIO
 permit udp any range 20000 20039 any
 permit tcp any range 20000 20039 any
class-map match-all SIGNALLING
 match access-group name SIGNALLING
class-map match-all AUDIO
 match access-group name AUDIO
policy-map MARK
 class AUDIO
  set dscp ef
 class SIGNALLING
  set dscp cs3
interface GigabitEthernet0/1
 service-policy input MARK
"""
_SIGNALLING: Final = """\
ip access-list extended SIP
 permit tcp any any eq 5061
ipv6 access-list SIP-V6
 permit tcp any any eq 5061
class-map match-any SIP
 match access-group name SIP
 match access-group name SIP-V6
policy-map MARK
 class SIP
  set dscp cs3
interface GigabitEthernet0/1
 service-policy {direction} MARK
"""
_MACRO: Final = """\
class-map match-all AutoQoS-VoIP-RTP-Trust
 match ip dscp ef
policy-map AutoQoS-Police-CiscoPhone
 class AutoQoS-VoIP-RTP-Trust
  set dscp ef
mls qos
interface GigabitEthernet1/0/1
 service-policy input AutoQoS-Police-CiscoPhone
"""
_DISCARDING: Final = """\
firewall {
    family inet {
        filter MARK {
            term AUDIO {
                from {
                    protocol udp;
                    source-port 20000-20039;
                }
                then {
                    dscp ef;
                    accept;
                }
            }
        }
    }
}
interfaces {
    ge-0/0/1 {
        unit 0 {
            family inet {
                filter {
                    input MARK;
                }
            }
        }
    }
}
"""
_MEMBER: Final = """\
interface Port-channel1
 ip address 10.0.0.1 255.255.255.0
interface GigabitEthernet0/0
 channel-group 1
 service-policy output QUEUE
"""
_ALL: Final = {
    "autoqos-erases-marks": Example("cisco_catalyst", ("Gi1/0/1=client",), _MACRO),
    "trust-missing": Example(
        "cisco_catalyst",
        ("Gi1/0/24=uplink",),
        "mls qos\ninterface GigabitEthernet1/0/24\n switchport mode trunk\n",
    ),
    "trust-untrusted-port": Example(
        "cisco_catalyst",
        ("Gi1/0/1=client",),
        "mls qos\ninterface GigabitEthernet1/0/1\n switchport mode access\n mls qos trust dscp\n",
    ),
    "phone-code-point": _router(
        _QUEUES.format(voice=10, video=20, policy="QUEUE").replace("dscp ef", "dscp ef cs5"), _WAN
    ),
    "ef-open": _marking(
        " permit udp any range 20000 20039 any\n permit udp any any range 49152 57500"
    ),
    "range-off-by-one": _marking(_BOTH_PORTS.format(last=20040)),
    "one-direction": _marking(
        " permit tcp any any range 20000 20039\n permit udp any any range 20000 20039"
    ),
    "tcp-forgotten": _marking(" permit udp any range 20000 20039 any"),
    "ipv6-forgotten": _marking(_BOTH_PORTS.format(last=20039)),
    "class-shadowed": _router(_SIGNALLING_BELOW),
    "rule-unreachable": _marking(
        " permit udp any range 20000 20039 any\n permit udp any eq 20010 any"
    ),
    "priority-share": _queues(40, 20),
    "shares-over-100": _queues(30, 80),
    "shaper-missing": _queues(10, 20, shaped=False),
    "filter-discards": Example("juniper_junos", ("ge-0/0/1.0=client",), _DISCARDING),
    "bundle-member": _router(
        _QUEUES.format(voice=10, video=20, policy="QUEUE").partition("interface")[0] + _MEMBER,
        _WAN,
    ),
    "treatment-different": _marking(_BOTH_PORTS.format(last=20029)),
    "queue-different": _queues(20, 20),
    "queue-extra": _router(
        "policy-map SLOW\n class class-default\n  shape average 64000\n"
        "interface GigabitEthernet0/1\n service-policy output SLOW\n"
    ),
    "qos-without-effect": Example(
        "cisco_catalyst",
        ("Gi1/0/24=uplink",),
        "no mls qos\ninterface GigabitEthernet1/0/24\n switchport mode trunk\n"
        " priority-queue out\n",
    ),
    "policy-missing": _router("interface GigabitEthernet0/1\n ip address 10.0.0.1 255.0.0.0\n"),
    "policy-unbound": _router(_SIGNALLING.partition(" service-policy")[0]),
    "policy-wrong-direction": _router(_SIGNALLING.format(direction="output")),
}
EXAMPLES: Final = MappingProxyType(_ALL)
