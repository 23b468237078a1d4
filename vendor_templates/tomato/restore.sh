#!/bin/sh
# Brings back the settings of before the run in whose folder this lies. Harmless when run twice.
# Nothing is committed: what a run did not save is gone after a restart of the router anyway.
cd "${0%/*}" || exit 1
# One at a time; a link that outlived its process, or a restart of the router, is taken over.
tries=0
until ln -s "$$" restoring 2>/dev/null; do
	tries=$((tries + 1))
	{ [ "$tries" -lt 60 ] && kill -0 "$(readlink restoring)" 2>/dev/null; } || rm -f restoring
	sleep 1
done
trap 'rm -f restoring' EXIT
kept=" $(cat kept) "
# Settings that were not there before. A line of a script may look like a setting; to unset what
# is not there does nothing.
nvram show 2>/dev/null | sed -n 's/^\([A-Za-z0-9_]*\)=.*/\1/p' | while read -r key; do
	case $key in
	qos_* | wan*_qos_* | script_* | DSCP_fix_enable | atm_overhead | before_plan_*) ;;
	*) continue ;;
	esac
	case $kept in
	*" $key "*) ;;
	*) nvram unset "$key" ;;
	esac
done
sh ./settings.sh || exit 1
service qos restart
service firewall restart
