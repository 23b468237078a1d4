"""A router's configuration that has nothing to do with the plan, with places for what has."""

from __future__ import annotations

__all__ = ["BEFORE", "BEHIND", "around"]

BEFORE = """version 15.7
service timestamps log datetime msec
hostname branch-7
!
aaa new-model
aaa authentication login default group tacacs+ local
!
banner motd ^C
policy-map QOS-IN-CLIENT
 class NOT-A-CLASS
interface GigabitEthernet0/1
 service-policy input QOS-OUT
^C
object-group network PRINTERS
 host 10.9.9.1
!
class-map match-any OFFICE-VOICE
 match dscp ef
 match access-group name OFFICE-PBX
class-map match-all OFFICE-NBAR
 match protocol rtp audio
!
policy-map OFFICE-IN
 class OFFICE-VOICE
  set dscp ef
 class OFFICE-NBAR
  set dscp cs5
policy-map OFFICE-OUT
 class OFFICE-VOICE
  priority percent 20
 class class-default
  fair-queue
!
"""
BEHIND = """interface GigabitEthernet0/2
 description office
 ip address 10.2.0.1 255.255.255.0
 ip access-group OFFICE-FILTER in
 service-policy input OFFICE-IN
!
interface GigabitEthernet0/3
 ip address 10.3.0.1 255.255.255.0
 service-policy input OFFICE-IN
 service-policy output OFFICE-OUT
!
interface Loopback0
 ip address 10.255.0.7 255.255.255.255
!
router ospf 1
 router-id 10.255.0.7
 network 10.0.0.0 0.255.255.255 area 0
!
ip route 0.0.0.0 0.0.0.0 192.0.2.1
!
ip access-list extended OFFICE-FILTER
 permit tcp any any established
 deny ip any any log
ip access-list extended OFFICE-PBX
 permit udp host 10.2.0.5 any range 16384 16484
!
line con 0
line vty 0 4
 transport input ssh
!
end
"""


def around(rendered: str) -> str:
    """Return the configuration with the rendered text in its place, addresses on its ports."""
    lines = []
    for line in rendered.splitlines():
        if line.startswith("! QoS of"):
            continue
        lines.append(line)
        if line == "interface GigabitEthernet0/1":
            lines.append(" ip address 10.1.0.1 255.255.255.0")
        if line == "interface GigabitEthernet0/0":
            lines.append(" ip address 192.0.2.2 255.255.255.252")
    return BEFORE + "\n".join(lines) + "\n" + BEHIND
