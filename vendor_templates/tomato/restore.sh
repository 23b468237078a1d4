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
# First those that were not there before: to unset what is set again below does no harm.
while read -r key; do
	nvram unset "$key"
done <touched
sh ./settings.sh || exit 1
service qos restart
service firewall restart
