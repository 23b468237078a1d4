"""The lines of an EOS switch that we write and read: each stated once.

Source: configurations rendered by Arista's own collection for Ansible (AVD), and the EOS user
manual, chapter Traffic Management.
"""

from __future__ import annotations

from typing import Final

from translator.drivers.line import Line

__all__ = [
    "ACCESS_LIST",
    "BANDWIDTH",
    "CLASS",
    "CLASS_MAP",
    "DSCP_MAP",
    "HEADER",
    "INTERFACE",
    "MATCH_LIST",
    "NO_PRIORITY",
    "POLICY_MAP",
    "QUEUE_MAP",
    "REMARK",
    "SERVICE_POLICY",
    "SET_CLASS",
    "SET_DSCP",
    "SHAPE_KBPS",
    "SHAPE_PERCENT",
    "STRICT",
    "TRUST",
    "TX_QUEUE",
    "written",
]

HEADER: Final = Line("! {device:rest}: QoS of plan {plan:rest}")

# Classes. One list, of one IP version, in a class-map.
ACCESS_LIST: Final = Line("{family:word} access-list {name:word}")
REMARK: Final = Line("remark {text:rest}")
CLASS_MAP: Final = Line("class-map type qos match-any {name:word}")
MATCH_LIST: Final = Line("match {family:word} access-group {name:word}")
POLICY_MAP: Final = Line("policy-map type quality-of-service {name:word}")
CLASS: Final = Line("class {name:word}")
SET_DSCP: Final = Line("set dscp {value:word}")
SET_CLASS: Final = Line("set traffic-class {number:int}")

# Of the whole switch.
DSCP_MAP: Final = Line("qos map dscp {values:rest} to traffic-class {number:int}")
QUEUE_MAP: Final = Line("qos map traffic-class {number:int} to tx-queue {queue:int}")

# On a port.
INTERFACE: Final = Line("interface {name:word}")
SERVICE_POLICY: Final = Line("service-policy type qos input {name:word}")
TRUST: Final = Line("qos trust {field:word}")
SHAPE_KBPS: Final = Line("shape rate {rate:int} kbps")
SHAPE_PERCENT: Final = Line("shape rate {percent:int} percent")
TX_QUEUE: Final = Line("tx-queue {number:int}")
STRICT: Final = Line("priority strict")
NO_PRIORITY: Final = Line("no priority")
BANDWIDTH: Final = Line("bandwidth percent {percent:int}")


def written(line: Line, depth: int = 0, **values: int | str) -> str:
    """Return a line filled in and indented by three blanks for each level."""
    return "   " * depth + line.write(**values)
