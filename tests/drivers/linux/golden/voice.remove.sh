#!/bin/sh
# Takes the QoS of r1 away again; written by qos-translator.
set -eu
tc qdisc del dev eth1 root 2>/dev/null || true
nft delete table inet qos_translator 2>/dev/null || true
