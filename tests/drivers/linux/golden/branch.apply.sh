#!/bin/sh
# QoS of r1 after plan lync-2013; written by qos-translator.
# Replaces table inet qos_translator in one transaction, then the tc tree of each queued interface.
# If the rules do not load, nothing has changed. If a queue cannot be built, the rules of before
# come back and the interfaces stand without queues of ours: tc cannot restore a tree.
set -eu
rules=$(mktemp)
before=$(mktemp)
trap 'rm -f "$rules" "$before"' EXIT
cat > "$rules" <<'RULES'
table inet qos_translator
delete table inet qos_translator
table inet qos_translator {
	chain mark_ef {
		ip dscp set ef
		ip6 dscp set ef
	}

	chain mark_af41 {
		ip dscp set af41
		ip6 dscp set af41
	}

	chain mark_cs3 {
		ip dscp set cs3
		ip6 dscp set cs3
	}

	chain mark_df {
		ip dscp set cs0
		ip6 dscp set cs0
	}

	chain from_eth0 {
		ip daddr 10.10.1.0/28 tcp dport 5061 goto mark_cs3 comment "signalling: P04"
		ip6 daddr 2001:db8:10::/64 tcp dport 5061 goto mark_cs3 comment "signalling: P04"
		meta l4proto { tcp, udp } th sport 20000-20039 goto mark_ef comment "audio: A10 A12 A14 A15 C01 C03 C08 C07"
		meta l4proto { tcp, udp } th sport 20040-20079 goto mark_af41 comment "video: A11 A13 C02 C04"
		ip dscp { af11, af12, af13, af21, af22, af23, cs3, af41, af42, af43, ef } goto mark_df comment "not marked by the plan"
		ip6 dscp { af11, af12, af13, af21, af22, af23, cs3, af41, af42, af43, ef } goto mark_df comment "not marked by the plan"
	}

	chain to_eth1 {
		ip dscp ef meta priority set 1:10 comment "audio"
		ip6 dscp ef meta priority set 1:10 comment "audio"
		ip dscp { af41, af42, af43 } meta priority set 1:20 comment "video"
		ip6 dscp { af41, af42, af43 } meta priority set 1:20 comment "video"
		ip dscp cs3 meta priority set 1:30 comment "signalling"
		ip6 dscp cs3 meta priority set 1:30 comment "signalling"
		ip dscp { af21, af22, af23 } meta priority set 1:40 comment "app_sharing"
		ip6 dscp { af21, af22, af23 } meta priority set 1:40 comment "app_sharing"
		ip dscp { af11, af12, af13 } meta priority set 1:50 comment "file_transfer"
		ip6 dscp { af11, af12, af13 } meta priority set 1:50 comment "file_transfer"
	}

	chain forward {
		type filter hook forward priority mangle + 2; policy accept;
		iifname "eth0" jump from_eth0
	}

	chain postrouting {
		type filter hook postrouting priority mangle + 2; policy accept;
		oifname "eth1" jump to_eth1
	}
}
RULES
nft -c -f "$rules"
printf 'table inet qos_translator\ndelete table inet qos_translator\n' > "$before"
nft -s list table inet qos_translator >> "$before" 2>/dev/null || true
nft -f "$rules"

trap 'nft -f "$before"
tc qdisc del dev eth1 root 2>/dev/null || true
rm -f "$rules" "$before"' EXIT

# eth1
tc qdisc del dev eth1 root 2>/dev/null || true
tc qdisc add dev eth1 root handle 1: htb default 0x60
tc class add dev eth1 parent 1: classid 1:1 htb rate 10000kbit burst 15000 quantum 12500
tc class add dev eth1 parent 1:1 classid 1:10 htb prio 0 rate 1000kbit ceil 10000kbit burst 15000 quantum 1514
tc qdisc add dev eth1 parent 1:10 handle 10: pfifo limit 100
tc class add dev eth1 parent 1:1 classid 1:20 htb prio 1 rate 2000kbit ceil 10000kbit burst 15000 quantum 2500
tc qdisc add dev eth1 parent 1:20 handle 20: fq_codel 2>/dev/null || tc qdisc add dev eth1 parent 1:20 handle 20: pfifo limit 100
tc class add dev eth1 parent 1:1 classid 1:30 htb prio 1 rate 300kbit ceil 10000kbit burst 15000 quantum 1514
tc qdisc add dev eth1 parent 1:30 handle 30: pfifo limit 100
tc class add dev eth1 parent 1:1 classid 1:40 htb prio 1 rate 1000kbit ceil 10000kbit burst 15000 quantum 1514
tc qdisc add dev eth1 parent 1:40 handle 40: fq_codel 2>/dev/null || tc qdisc add dev eth1 parent 1:40 handle 40: pfifo limit 100
tc class add dev eth1 parent 1:1 classid 1:50 htb prio 1 rate 400kbit ceil 10000kbit burst 15000 quantum 1514
tc qdisc add dev eth1 parent 1:50 handle 50: fq_codel 2>/dev/null || tc qdisc add dev eth1 parent 1:50 handle 50: pfifo limit 100
tc class add dev eth1 parent 1:1 classid 1:60 htb prio 1 rate 2500kbit ceil 10000kbit burst 15000 quantum 3125
tc qdisc add dev eth1 parent 1:60 handle 60: pfifo limit 100

trap 'rm -f "$rules" "$before"' EXIT
# end of configuration
