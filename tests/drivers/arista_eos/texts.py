"""A small switch whose lines the tests of this folder change, and what becomes of packets there."""

from __future__ import annotations

from translator.drivers.registry import driver
from translator.intents.device import DeviceQos
from translator.verify.explain import Explanation, explain
from translator.verify.packet import Packet

__all__ = ["EOS", "SWITCH", "parsed", "put", "seen"]

EOS = driver("arista_eos")
SWITCH = """\
! Command: show running-config
! device: sw-1 (DCS-7050SX3-48YC8, EOS-4.29.2F)
!
hostname sw-1
!
ip access-list AUDIO
   10 permit udp any range 20000 20039 any
!
class-map type qos match-any AUDIO
   match ip access-group AUDIO
!
policy-map type quality-of-service IN
   class AUDIO
      set dscp ef
      set traffic-class 5
!
qos map dscp 46 to traffic-class 5
!
interface Ethernet1
   service-policy type qos input IN
   qos trust dscp
!
interface Ethernet2
   qos trust dscp
   !
   tx-queue 0
      no priority
      bandwidth percent 30
   !
   tx-queue 1
      no priority
      bandwidth percent 50
   !
   tx-queue 5
      shape rate 20 percent
!
interface Ethernet3
!
end
"""
AUDIO = "udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0"


def put(old: str, new: str, text: str = SWITCH) -> str:
    """Return a text with one change; what is changed must be there."""
    assert old in text, old
    return text.replace(old, new, 1)


def parsed(text: str) -> DeviceQos:
    """Return what a text does."""
    return EOS.parse(text)


def seen(
    text: str, packet: str = AUDIO, *, enter: str = "Ethernet1", leave: str | None = "Ethernet2"
) -> Explanation:
    """Return what becomes of a packet."""
    return explain(parsed(text), Packet.of(packet), enter, leave)
