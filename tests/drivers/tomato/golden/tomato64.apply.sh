#!/bin/sh
# QoS plan lync-2013 for home (Tomato64: qos_orules with nDPI and Firewall script).
# Run on the router: sh apply.sh. It changes settings in memory and restarts QoS; until
# `nvram commit` a restart of the router brings the old settings back. Running it again is harmless.
set -eu

refuse() {
	echo "$0: $1; nothing was changed" >&2
	exit 1
}

value_of() {
	nvram get "$1" || true
}

length_of() {
	printf '%s' "$1" | wc -c
}

# Setting $1 becomes $2; what it was before is kept beside it, marked by an x.
put() {
	was=$(value_of "$1")
	[ "$was" != "$2" ] || return 0
	[ -n "$(value_of "before_plan_$1")" ] || nvram set "before_plan_$1=x$was"
	nvram set "$1=$2"
}

put_back() {
	was=$(value_of "before_plan_$1")
	[ -n "$was" ] || return 0
	nvram set "$1=${was#x}"
	nvram unset "before_plan_$1"
}

# The rules of $1 whose description does not start with our tag, in order.
rules_of_others() {
	RULES=$1 TAG='[qos] ' awk 'BEGIN {
		count = split(ENVIRON["RULES"], rule, ">")
		for (i = 1; i <= count; i++) {
			last = split(rule[i], field, "<")
			if (rule[i] != "" && index(field[last], ENVIRON["TAG"]) != 1)
				others = others (others == "" ? "" : ">") rule[i]
		}
		print others
	}'
}

# The lines of $1 outside our block.
script_of_others() {
	[ -n "$1" ] || return 0
	printf '%s\n' "$1" | FIRST='# begin qos-translator' LAST='# end qos-translator' awk '
		$0 == ENVIRON["FIRST"] { if (ours) printf "%s", kept; ours = 1; kept = "" }
		ours { kept = kept $0 "\n" }
		!ours { print }
		$0 == ENVIRON["LAST"] { ours = 0 }
		END { if (ours) printf "%s", kept }'
}

# List $1 with our entries of list $2 in it; $3 separates. Entries that $1 lacks come from $2.
spliced() {
	OLD=$1 NEW=$2 BY=$3 OURS='2 3 4 5 6 9' awk 'BEGIN {
		had = split(ENVIRON["OLD"], old, ENVIRON["BY"])
		count = split(ENVIRON["NEW"], new, ENVIRON["BY"])
		amount = split(ENVIRON["OURS"], index_of, " ")
		for (i = 1; i <= amount; i++)
			ours[index_of[i]] = 1
		for (i = 1; i <= (had > count ? had : count); i++)
			list = list (i == 1 ? "" : ENVIRON["BY"]) ((i in ours) || i > had ? new[i] : old[i])
		print list
	}'
}

wan=$(value_of wan_iface)
[ -n "$wan" ] || wan=$(value_of wan_ifname)
[ -z "$wan" ] || [ "$wan" = vlan2 ] || refuse "the WAN of this router is $wan, these settings are for "vlan2

# First everything is worked out and checked, then everything is set.
others=$(rules_of_others "$(value_of qos_orules)")
rules='0<<6<d<5061<<<<3<[qos] signalling P04>0<<-1<s<20000:20039<<<<1<[qos] audio A10 A12 A14 A15 C01>0<<-1<s<20040:20079<<<<2<[qos] video A11 A13 C02 C04'${others:+">$others"}
[ "$(length_of "$rules")" -le 4096 ] || refuse "with the router's own rules qos_orules would be longer than 4096 characters"
block='# begin qos-translator
modprobe xt_DSCP 2>/dev/null
modprobe xt_dscp 2>/dev/null
modprobe ipt_DSCP 2>/dev/null
modprobe ipt_dscp 2>/dev/null
iptables -t mangle -N QOS_SET_0 2>/dev/null
iptables -t mangle -F QOS_SET_0
iptables -t mangle -A QOS_SET_0 -j DSCP --set-dscp 0
iptables -t mangle -N QOS_SET_24 2>/dev/null
iptables -t mangle -F QOS_SET_24
iptables -t mangle -A QOS_SET_24 -j DSCP --set-dscp 24
iptables -t mangle -N QOS_SET_34 2>/dev/null
iptables -t mangle -F QOS_SET_34
iptables -t mangle -A QOS_SET_34 -j DSCP --set-dscp 34
iptables -t mangle -N QOS_SET_46 2>/dev/null
iptables -t mangle -F QOS_SET_46
iptables -t mangle -A QOS_SET_46 -j DSCP --set-dscp 46
iptables -t mangle -N QOS_IN_1 2>/dev/null
iptables -t mangle -F QOS_IN_1
# plan: signalling P04
iptables -t mangle -A QOS_IN_1 -p tcp --dport 5061 -g QOS_SET_24
# plan: audio A10 A12 A14 A15 C01 C03 C07 C08
iptables -t mangle -A QOS_IN_1 -p tcp --sport 20000:20039 -g QOS_SET_46
iptables -t mangle -A QOS_IN_1 -p udp --sport 20000:20039 -g QOS_SET_46
# plan: video A11 A13 C02 C04
iptables -t mangle -A QOS_IN_1 -p tcp --sport 20040:20079 -g QOS_SET_34
iptables -t mangle -A QOS_IN_1 -p udp --sport 20040:20079 -g QOS_SET_34
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 10 -g QOS_SET_0
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 12 -g QOS_SET_0
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 14 -g QOS_SET_0
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 18 -g QOS_SET_0
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 20 -g QOS_SET_0
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 22 -g QOS_SET_0
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 24 -g QOS_SET_0
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 34 -g QOS_SET_0
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 36 -g QOS_SET_0
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 38 -g QOS_SET_0
iptables -t mangle -A QOS_IN_1 -m dscp --dscp 46 -g QOS_SET_0
iptables -t mangle -D FORWARD -i br0 -j QOS_IN_1 2>/dev/null
iptables -t mangle -A FORWARD -i br0 -j QOS_IN_1
ip6tables -t mangle -N QOS_SET_0 2>/dev/null
ip6tables -t mangle -F QOS_SET_0
ip6tables -t mangle -A QOS_SET_0 -j DSCP --set-dscp 0
ip6tables -t mangle -N QOS_SET_24 2>/dev/null
ip6tables -t mangle -F QOS_SET_24
ip6tables -t mangle -A QOS_SET_24 -j DSCP --set-dscp 24
ip6tables -t mangle -N QOS_SET_34 2>/dev/null
ip6tables -t mangle -F QOS_SET_34
ip6tables -t mangle -A QOS_SET_34 -j DSCP --set-dscp 34
ip6tables -t mangle -N QOS_SET_46 2>/dev/null
ip6tables -t mangle -F QOS_SET_46
ip6tables -t mangle -A QOS_SET_46 -j DSCP --set-dscp 46
ip6tables -t mangle -N QOS_IN_1 2>/dev/null
ip6tables -t mangle -F QOS_IN_1
# plan: signalling P04
ip6tables -t mangle -A QOS_IN_1 -p tcp --dport 5061 -g QOS_SET_24
# plan: audio A10 A12 A14 A15 C01 C03 C07 C08
ip6tables -t mangle -A QOS_IN_1 -p tcp --sport 20000:20039 -g QOS_SET_46
ip6tables -t mangle -A QOS_IN_1 -p udp --sport 20000:20039 -g QOS_SET_46
# plan: video A11 A13 C02 C04
ip6tables -t mangle -A QOS_IN_1 -p tcp --sport 20040:20079 -g QOS_SET_34
ip6tables -t mangle -A QOS_IN_1 -p udp --sport 20040:20079 -g QOS_SET_34
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 10 -g QOS_SET_0
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 12 -g QOS_SET_0
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 14 -g QOS_SET_0
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 18 -g QOS_SET_0
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 20 -g QOS_SET_0
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 22 -g QOS_SET_0
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 24 -g QOS_SET_0
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 34 -g QOS_SET_0
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 36 -g QOS_SET_0
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 38 -g QOS_SET_0
ip6tables -t mangle -A QOS_IN_1 -m dscp --dscp 46 -g QOS_SET_0
ip6tables -t mangle -D FORWARD -i br0 -j QOS_IN_1 2>/dev/null
ip6tables -t mangle -A FORWARD -i br0 -j QOS_IN_1
# end qos-translator'
rest=$(script_of_others "$(value_of script_fire)")
script="${rest:+$rest
}$block"
[ "$(length_of "$script")" -le 8192 ] || refuse "with the router's own script script_fire would be longer than 8192 characters"
names=$(spliced "$(value_of qos_classnames)" 'Service Audio Video Signalling AppSharing FileTransfer Class7 Class8 Default Class10' ' ')
rates=$(spliced "$(value_of qos_orates)" 5-100,10-10,20-100,3-100,10-100,4-100,0-0,0-0,25-100,0-0 ',')

put DSCP_fix_enable 0
put qos_enable 1
put qos_mode 1
put qos_classify 1
put qos_ack 0
put qos_syn 0
put qos_fin 0
put qos_rst 0
put qos_icmp 0
put wan_qos_obw 10000
put qos_default 8
put qos_classnames "$names"
put qos_orates "$rates"
nvram set "qos_orules=$rules"
nvram set "script_fire=$script"
service qos restart
echo "Inbound rate is $(value_of wan_qos_ibw)$(value_of qos_ibw) kbit/s: keep it below what your line downloads."
echo "QoS is set. Try it, then keep it with: nvram commit"
