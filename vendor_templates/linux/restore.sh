#!/bin/sh
# Brings back the configuration of before the run in whose folder this lies. Harmless when run twice.
cd "${0%/*}" || exit 1
# One at a time; a link that outlived its process, or a restart of the router, is taken over.
tries=0
until ln -s "$$" restoring 2>/dev/null; do
	tries=$((tries + 1))
	{ [ "$tries" -lt 60 ] && kill -0 "$(readlink restoring)" 2>/dev/null; } || rm -f restoring
	sleep 1
done
trap 'rm -f restoring' EXIT
failed=0
sh queues.sh
[ ! -e previous.sh ] || sh previous.sh || failed=1
nft -f tables.nft || failed=1
# A table that was made anew stands last. Where nothing but the order differs, and only there, all
# tables are loaded anew: what others have changed meanwhile is theirs.
nft -s list ruleset > ruleset.now || failed=1
if ! cmp -s ruleset.now ruleset.before; then
	sort ruleset.now > sorted.now
	sort ruleset.before > sorted.before
	! cmp -s sorted.now sorted.before || nft -f ruleset.nft || failed=1
fi
exit "$failed"
