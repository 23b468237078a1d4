"""The kinds of lines of modular QoS, each stated once for both directions."""

from __future__ import annotations

from typing import Final

from translator.drivers.line import Line

__all__ = [
    "ACCESS_LIST",
    "ACCESS_LIST_V6",
    "BANDWIDTH_KBPS",
    "BANDWIDTH_PERCENT",
    "BANDWIDTH_RATIO",
    "BANDWIDTH_REMAINING",
    "CHILD",
    "CLASS",
    "CLASS_MAP",
    "DESCRIPTION",
    "FAIR_QUEUE",
    "INTERFACE",
    "MATCH_ACCESS_GROUP",
    "MATCH_DSCP",
    "POLICY_MAP",
    "PRIORITY",
    "PRIORITY_KBPS",
    "PRIORITY_LEVEL",
    "PRIORITY_LEVEL_KBPS",
    "PRIORITY_LEVEL_PERCENT",
    "PRIORITY_PERCENT",
    "RANDOM_DETECT",
    "SERVICE_POLICY",
    "SET_DSCP",
    "SHAPE",
    "SHAPE_PERCENT",
]

ACCESS_LIST: Final = Line("ip access-list extended {name:word}")
ACCESS_LIST_V6: Final = Line("ipv6 access-list {name:word}")
CLASS_MAP: Final = Line("class-map match-any {name:word}")
DESCRIPTION: Final = Line("description {text:rest}")
MATCH_ACCESS_GROUP: Final = Line("match access-group name {name:word}")
MATCH_DSCP: Final = Line("match dscp {values:rest}")
POLICY_MAP: Final = Line("policy-map {name:word}")
CLASS: Final = Line("class {name:word}")
SET_DSCP: Final = Line("set dscp {phb:word}")
PRIORITY: Final = Line("priority")
PRIORITY_KBPS: Final = Line("priority {kbps:int}")
PRIORITY_PERCENT: Final = Line("priority percent {percent:int}")
PRIORITY_LEVEL: Final = Line("priority level {level:int}")
PRIORITY_LEVEL_PERCENT: Final = Line("priority level {level:int} percent {percent:int}")
PRIORITY_LEVEL_KBPS: Final = Line("priority level {level:int} {kbps:int}")
BANDWIDTH_KBPS: Final = Line("bandwidth {kbps:int}")
BANDWIDTH_PERCENT: Final = Line("bandwidth percent {percent:int}")
BANDWIDTH_REMAINING: Final = Line("bandwidth remaining percent {percent:int}")
BANDWIDTH_RATIO: Final = Line("bandwidth remaining ratio {ratio:int}")
FAIR_QUEUE: Final = Line("fair-queue")
RANDOM_DETECT: Final = Line("random-detect dscp-based")
SHAPE: Final = Line("shape average {rate_bps:int}")
SHAPE_PERCENT: Final = Line("shape average percent {percent:int}")
CHILD: Final = Line("service-policy {name:word}")
INTERFACE: Final = Line("interface {name:rest}")
SERVICE_POLICY: Final = Line("service-policy {direction:word} {name:word}")
