"""Texts with kinds of lines that the drivers read but never write; we wrote them."""

from __future__ import annotations

from robust.grammar_eos import EOS

__all__ = ["GRAMMAR"]

_CISCO = """\
object-group network SITES
 description sites
 host 10.0.0.1
 10.1.0.0 255.255.0.0
 range 10.2.0.1 10.2.0.9
 group-object OTHERS
object-group network OTHERS
 10.3.0.0 255.255.0.0
object-group service MEDIA
 tcp eq 5061
 udp source range 50000 50019
ip access-list extended VOICE
 10 permit object-group MEDIA object-group SITES any
 20 permit udp object-group SITES any range 20000 20039 dscp ef
 30 deny ip any host 10.0.0.1
ip access-list resequence VOICE 10 10
ip access-list standard HOSTS
 permit 10.0.0.0 0.255.255.255
access-list 101 permit udp any any eq 5060
access-list 101 remark media
mac access-list extended PHONES
 permit any any 0x8100 0x0
class-map match-any VOICE
 match access-group name VOICE
 match access-group 101
 match class-map INNER
 match not dscp ef
 match ip rtp 16384 16383
 match protocol rtp audio
 match input-interface GigabitEthernet0/1
 match cos 5
 match qos-group 3
class-map match-all INNER
 match vlan 10
 match packet length min 60 max 300
"""
_IOS = (
    _CISCO
    + """\
table-map T
 map from 46 to 5
 default copy
policy-map CHILD
 class VOICE
  priority percent 10
  set cos dscp table T
 class class-default
  fair-queue
  random-detect dscp-based
  random-detect dscp 10 32 40
policy-map PARENT
 class class-default
  shape average 10000000
  service-policy CHILD
policy-map LIMITS
 class INNER
  police cir 8000 bc 1500
   conform-action set-dscp-transmit ef
   exceed-action drop
  bandwidth remaining ratio 5
  queue-limit 64
route-map MARK permit 10
 match ip address VOICE
 set ip precedence 5
interface Serial0/0
 ip policy route-map MARK
 rate-limit input access-group 101 8000 1500 2000 conform-action transmit exceed-action drop
 priority-group 1
 ip access-group VOICE in
interface GigabitEthernet0/1.10
 encapsulation dot1Q 10
 service-policy output PARENT
interface range GigabitEthernet0/2 - 4
 service-policy input LIMITS
interface Dialer1
 ip nat outside
 tunnel mode gre ip
 crypto map VPN
 qos pre-classify
banner motd ^C
hello
^C
macro name M
interface $if
@
"""
)
_CATALYST = (
    _CISCO
    + """\
mls qos
mls qos map cos-dscp 0 8 16 24 32 46 48 56
mls qos map dscp-mutation M 8 10 to 0
mls qos map policed-dscp 46 to 0
mls qos srr-queue output dscp-map queue 1 threshold 3 46
mls qos srr-queue input cos-map queue 2 threshold 1 5
mls qos queue-set output 1 threshold 1 100 100 100 400
mls qos aggregate-policer A 8000 8000 exceed-action drop
policy-map IN
 class VOICE
  set dscp ef
  police 128000 8000 exceed-action drop
 class INNER
  trust dscp
interface range GigabitEthernet1/0/1 - 24 , GigabitEthernet2/0/1
 switchport access vlan 10
 switchport voice vlan 20
 switchport trunk allowed vlan 1-10,20
 mls qos trust device cisco-phone
 mls qos trust dscp
 mls qos dscp-mutation M
 auto qos voip cisco-phone
 srr-queue bandwidth share 10 10 60 20
 srr-queue bandwidth limit 90
 priority-queue out
interface GigabitEthernet1/0/2
 channel-group 1 mode active
 service-policy input IN
interface Vlan10
 mls qos vlan-based
 service-policy input IN
"""
)
_NEXUS = """\
version 9.3(8) Bios:version 05.45
feature scheduler
ip access-list VOICE
  statistics per-entry
  10 remark voice
  20 permit udp 10.0.0.0/8 range 20000 20039 any dscp ef
  30 deny tcp host 10.0.0.1 any eq 5061 established
  40 permit ip addrgroup G any packet-length gt 100
ipv6 access-list VOICE-V6
  10 permit udp any range 20000 20039 2001:db8::/32
class-map type qos match-any VOICE
  match access-group name VOICE
  match dscp 8-10, 46,af41
class-map type qos match-all BOTH
  match cos 5-7
  match precedence 5
class-map type queuing match-any 1p7q4t-out-pq1
  match cos 5
class-map type network-qos N
  match qos-group 1
policy-map type qos IN
  class VOICE
    set qos-group 7
    set dscp 46
    police cir 1000 mbps bc 200 ms conform transmit violate drop
  class type qos BOTH
    set cos 5
  class class-default
policy-map type queuing OUT
  class type queuing c-out-8q-q7
    priority level 1
    shape min 0 bps max 1 gbps
  class type queuing 1p7q4t-out-pq1
    shape average percent 30
  class type queuing c-out-8q-q-default
    bandwidth remaining percent 80
    random-detect minimum-threshold 150 kbytes
policy-map type network-qos N
  class type network-qos N
    mtu 9216
system qos
  service-policy type qos input IN
  service-policy type queuing output OUT
  service-policy type network-qos N
  fex queue-limit
scheduler job name qos-a
rollback running-config checkpoint qos-a.t atomic

end-job

vlan configuration 10
  service-policy type qos input IN
port-profile type ethernet DESK
  service-policy type qos input IN
interface Ethernet1/1
  inherit port-profile DESK
  ip port access-group VOICE in
  service-policy type qos input IN no-stats
interface Ethernet1/2-4, Ethernet1/7
  no service-policy type qos input IN
interface port-channel1.10
  service-policy type queuing output OUT
control-plane
  service-policy input copp-system-p
line vty
"""
_JUNOS = """\
set groups G interfaces <ge-*> unit <*> family inet filter input F
set groups G class-of-service interfaces <*> scheduler-map M
set apply-groups G
set interfaces interface-range R member-range ge-0/0/0 to ge-0/0/9
set interfaces interface-range R member xe-0/0/[1-4]
set interfaces interface-range R unit 0 family inet filter input-list [ F H ]
set interfaces ge-0/0/1 unit 10 vlan-id 10
set interfaces ae0 apply-groups-except G
set policy-options prefix-list P 10.0.0.0/8
set policy-options prefix-list Q apply-path "interfaces <*> unit <*>"
set firewall policer L if-exceeding bandwidth-limit 8m burst-size-limit 15k
set firewall policer L then loss-priority high
set firewall family inet filter F interface-specific
set firewall family inet filter F term A from prefix-list P
set firewall family inet filter F term A from source-prefix-list P except
set firewall family inet filter F term A from port 5060-5061
set firewall family inet filter F term A from destination-address 10.0.0.0/8 except
set firewall family inet filter F term A then policer L
set firewall family inet filter F term A then next term
set firewall family inet filter F term B filter H
set firewall family inet filter H term A then forwarding-class voice
set firewall family inet filter H term A then dscp ef
set firewall filter O term A then accept
set class-of-service code-point-aliases dscp mine 101110
set class-of-service forwarding-classes class voice queue-num 5
set class-of-service forwarding-classes queue 6 video
set class-of-service classifiers dscp C import default
set class-of-service classifiers dscp C forwarding-class voice loss-priority low code-points mine
set class-of-service classifiers inet-precedence I import C
set class-of-service rewrite-rules dscp W forwarding-class voice loss-priority low code-point ef
set class-of-service drop-profiles D fill-level 50 drop-probability 50
set class-of-service schedulers S transmit-rate percent 10
set class-of-service schedulers S priority strict-high
set class-of-service scheduler-maps M forwarding-class voice scheduler S
set class-of-service traffic-control-profiles TP shaping-rate 10m
set class-of-service interfaces ge-0/0/* unit * classifiers dscp C
set class-of-service interfaces ge-0/0/1 unit 0 rewrite-rules dscp W
set class-of-service interfaces ge-0/0/1 scheduler-map M
set class-of-service interfaces ge-0/0/1 unit 0 forwarding-class voice
set class-of-service host-outbound-traffic dscp-code-point ef
deactivate class-of-service interfaces ge-0/0/1
delete firewall family inet filter F term A
rename firewall filter O to filter N
annotate firewall "x"
insert firewall family inet filter F term B before term A
"""
_NETFILTER = """\
*mangle
:PREROUTING ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:QOS - [0:0]
-A FORWARD -p udp -m multiport --sports 5060,5061 -m comment --comment "x" -j QOS
-A FORWARD -m mark --mark 0x1/0xff -j CONNMARK --save-mark
-A FORWARD -j CONNMARK --restore-mark --mask 0xff
-A PREROUTING -i eth0 -m set --match-set s src -j MARK --set-xmark 0x1/0xff
-A QOS -m iprange --src-range 10.0.0.1-10.0.0.9 -j CLASSIFY --set-class 1:10
-A QOS -m dscp --dscp-class EF -g OTHER
-A QOS -j RETURN
COMMIT
*nat
-A POSTROUTING -o eth1 -j MASQUERADE
COMMIT
iptables -t mangle -N MINE
iptables -t mangle -D FORWARD -j MINE
iptables -t mangle -C FORWARD -j MINE || iptables -t mangle -I FORWARD 1 -j MINE
iptables -t mangle -R FORWARD 1 -j MINE
iptables -t mangle -F
iptables -t mangle -X MINE
iptables -t mangle -P FORWARD ACCEPT
ip6tables -t mangle -A FORWARD -p tcp --dport 80 -j DSCP --set-dscp 10
"""
_TC = """\
tc qdisc add dev eth0 root handle 1: htb default 10
tc class add dev eth0 parent 1: classid 1:1 htb rate 10mbit ceil 10mbit
tc class add dev eth0 parent 1:1 classid 1:10 htb rate 1mbit prio 1
tc qdisc add dev eth0 parent 1:10 handle 10: sfq perturb 10
tc filter add dev eth0 parent 1: protocol ip prio 1 u32 match ip tos 0xb8 0xfc flowid 1:10
tc filter add dev eth0 parent 1: protocol ip prio 2 handle 6 fw classid 1:10
tc filter add dev eth0 parent 1: protocol all prio 3 flower ip_proto udp dst_port 5060 classid 1:10
tc qdisc del dev eth0 root
tc qdisc add dev eth1 root handle 2: prio bands 3 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1
qdisc htb 1: dev eth0 root refcnt 2 r2q 10 default 0x10 direct_packets_stat 0
class htb 1:10 parent 1:1 prio 1 rate 1Mbit ceil 1Mbit burst 1600b cburst 1600b
filter parent 1: protocol ip pref 1 u32 chain 0 fh 800::800 order 2048 key ht 800 bkt 0 flowid 1:10
"""
_LINUX = (
    """\
#!/bin/sh
A=eth0
B="$A $A"
for d in eth0 eth1 eth2; do
  tc qdisc add dev $d root fq_codel
done
if [ "$A" = eth0 ]; then
  iptables -t mangle -A FORWARD -o "$A" -j MINE
else
  iptables -t mangle -A FORWARD -j DROP
fi
case "$A" in
  eth0) tc qdisc add dev eth0 root fq ;;
  *) ;;
esac
mark() {
  iptables -t mangle -A FORWARD -p udp --sport "$1" -j MARK --set-mark 1
}
mark 5060
while read x; do
  mark "$x"
done
"""
    + _NETFILTER
    + _TC
    + """\
define ports = { 5060, 5061 }
add table inet t
add chain inet t c { type filter hook forward priority mangle; policy accept; }
add set inet t s { type ipv4_addr; flags interval; }
add element inet t s { 10.0.0.1, 10.0.1.0/24 }
add rule inet t c udp sport $ports meta mark set 1
add rule inet t c ip saddr @s ip dscp set ef
insert rule inet t c ct mark set meta mark
flush chain inet t c
flush table inet t
delete chain inet t c
flush ruleset
table inet u {
\tmap m {
\t\ttype inet_service : verdict
\t\telements = { 5060 : jump voice, 5061 : accept }
\t}
\tset named {
\t\ttype inet_service
\t\telements = { 5060, 5061-5070 }
\t}
\tchain voice {
\t\tcounter packets 0 bytes 0 ip dscp set ef
\t\tudp dport vmap @m
\t\tudp sport @named meta priority set 1:10
\t\tmeta mark set ct mark and 0xff
\t\tlimit rate 10/second accept
\t\tct state established,related accept
\t}
\tchain f {
\t\ttype filter hook forward priority -150; policy accept;
\t\tjump voice
\t\tiifname { "eth0", "eth1" } goto voice
\t}
}
"""
)
_TOMATO = (
    """\
qos_enable=1
qos_default=8
qos_orules=0<<-1<d<5060<0<<<<1<sip>0<<17<s<20000:20039<0<<<<0<audio
qos_orates=5-100,10-100,10-100,10-100,10-100,10-100,10-100,10-100,10-100,10-100
qos_classnames=Service VOIP Game Remote WWW Media HTTPS Messenger Mail P2P
qos_irates=10-100,10-100
wan_iface=ppp0
script_fire=iptables -t mangle -A FORWARD -j MINE
script_wanup=tc qdisc add dev ppp0 root fq_codel
lan_ifname=br0
"""
    + _NETFILTER
    + _TC
)

GRAMMAR: dict[str, str] = {
    "arista_eos": EOS,
    "cisco_ios": _IOS,
    "cisco_catalyst": _CATALYST,
    "cisco_nxos": _NEXUS,
    "juniper_junos": _JUNOS,
    "juniper_junos_qfx": _JUNOS,
    "juniper_junos_srx": _JUNOS,
    "linux": _LINUX,
    "tomato": _TOMATO,
    "tomato64": _TOMATO,
    "tomato_old": _TOMATO,
}
