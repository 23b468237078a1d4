"""The kinds of lines of EOS for `robust.grammar`; we wrote them."""

from __future__ import annotations

__all__ = ["EOS"]

EOS = """\
ip access-list VOICE
   counters per-entry
   10 remark media
   20 permit udp any range 20000 20039 any dscp ef
   30 permit tcp host 10.0.0.1 gt 1023 10.1.0.0/16 eq 5060 5061
   4294967295 deny ip any any
ipv6 access-list VOICE6
   10 permit udp 2001:db8::/32 any range 20000 20039
ip access-list standard HOSTS
   10 permit 10.0.0.0/8
class-map type qos match-any VOICE
   match ip access-group VOICE
class-map type qos match-any VOICE6
   match ipv6 access-group VOICE6
class-map match-any LAN
   match vlan 10-20
class-map type qos match-any MARKED
   match dscp ef af41
class-map type pbr match-any ROUTED
   10 match ip access-group VOICE
policy-map type quality-of-service IN
   class VOICE
      set dscp ef
      set traffic-class 5
      police rate 10 mbps burst-size 64 kbytes action set dscp 0 rate 20 mbps burst-size 64 kbytes
   !
   class LAN
      set cos 3
      set drop-precedence 1
   class class-default
      set traffic-class 1
policy-map type qos OLD
   class VOICE6
qos rewrite dscp
qos map dscp 8-15 46 to traffic-class 5
qos map cos 1 2 to traffic-class 3 drop-precedence 1
qos map traffic-class 5 to dscp 46
qos map traffic-class 5 6 to tx-queue 4
qos map exp 0 to traffic-class 0
qos tx-queue 5 name NC1
qos random-detect ecn allow non-ect
qos profile VOICE
   qos trust dscp
   qos cos 2
   service-policy type qos input IN
   shape rate 80 percent
   tx-queue 5
      no priority
      bandwidth percent 40
      bandwidth guaranteed percent 10
      shape rate 40 percent
      random-detect ecn minimum-threshold 320 kbytes maximum-threshold 320 kbytes weight 10
   mc-tx-queue 1
      priority strict
traffic-policies
   traffic-policy P
      match M ipv4
         protocol udp source port 20000-20039
         actions
            set dscp 46
interface Ethernet1-4,7
   no switchport
   channel-group 3 mode active
   service-profile VOICE
   qos trust cos
   qos dscp 46
   uc-tx-queue 3
      priority strict
interface Ethernet5/1
   switchport access vlan 10
   switchport phone vlan 20
   speed forced 10000full
   no qos trust
   traffic-policy input P
   service-policy input OLD
   priority-flow-control on
interface Port-Channel3
   default qos trust
   shape rate 1000
banner motd
hello
EOF
"""
