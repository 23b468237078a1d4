#!/bin/sh
# What a reviewer wants to see: a table turned into a plan, the plan's traps, a proven configuration
# per platform, one packet's way through it, and a proof that fails because of one wrong port.
set -eu
cd "$(dirname "$0")/../.."
qos=${QOS_TRANSLATOR:-qos-translator}
inventory=inventories/example
plan=$inventory/plan.yaml
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

say() { printf '\n== %s\n' "$*"; }

say 'A port table as it was copied from a page, turned into a plan'
"$qos" plan import $inventory/table.md > "$out/imported.yaml"
sed -n '/^rows:/,/source_ports/p' "$out/imported.yaml"

say 'What the plan needs before every row of it can be rendered (the first few)'
"$qos" plan check --plan "$plan" | grep -A1 'error:' | head -4 || true

say 'Every host of the example inventory, rendered and proven over all packets'
"$qos" render -i $inventory --plan "$plan" -o "$out/configs"
ls -C "$out/configs"

say 'The branch router, as it would be pasted'
cat "$out/configs/branch-router.conf"

say 'What it does with an audio packet of a client'
"$qos" explain --platform cisco_ios "$out/configs/branch-router.conf" \
  --in GigabitEthernet0/1 --out GigabitEthernet0/0 \
  --packet 'udp 10.2.32.10:20001 > 10.1.10.5:50000 dscp 0'

say 'The same configuration with one port changed (20039 became 20038) is not the plan'
sed 's/20039/20038/' "$out/configs/branch-router.conf" > "$out/wrong.conf"
if "$qos" prove "$out/wrong.conf" -i $inventory --limit branch-router --plan "$plan"; then
  echo 'error: the mistake was not seen' >&2
  exit 1
fi

say 'done: no configuration above was printed before it was proven'
