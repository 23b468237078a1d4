"""The kinds of lines of NX-OS, each stated once for both directions.

Source: running configurations of Nexus 9000; a policy without a type is printed with `type qos`.
"""

from __future__ import annotations

from typing import Final

from translator.drivers.line import Line

__all__ = [
    "ACCESS_LIST",
    "ACCESS_LIST_V6",
    "BANDWIDTH",
    "BANDWIDTH_REMAINING",
    "CLASS",
    "CLASS_MAP",
    "DESCRIPTION",
    "ENTRY",
    "INTERFACE",
    "MATCH_ACCESS_GROUP",
    "MATCH_DSCP",
    "POLICY_MAP",
    "PRIORITY",
    "QUEUE",
    "QUEUING_MAP",
    "QUEUING_OUT",
    "SET_DSCP",
    "SET_GROUP",
    "SYSTEM",
    "TYPE_QOS_IN",
]

ACCESS_LIST: Final = Line("ip access-list {name:word}")
ACCESS_LIST_V6: Final = Line("ipv6 access-list {name:word}")
ENTRY: Final = Line("{number:int} {what:rest}")
CLASS_MAP: Final = Line("class-map type qos match-any {name:word}")
DESCRIPTION: Final = Line("description {text:rest}")
MATCH_ACCESS_GROUP: Final = Line("match access-group name {name:word}")
MATCH_DSCP: Final = Line("match dscp {values:rest}")
POLICY_MAP: Final = Line("policy-map type qos {name:word}")
CLASS: Final = Line("class {name:word}")
SET_DSCP: Final = Line("set dscp {value:int}")
SET_GROUP: Final = Line("set qos-group {group:int}")
QUEUING_MAP: Final = Line("policy-map type queuing {name:word}")
QUEUE: Final = Line("class type queuing {name:word}")
PRIORITY: Final = Line("priority level {level:int}")
BANDWIDTH: Final = Line("bandwidth percent {percent:int}")
BANDWIDTH_REMAINING: Final = Line("bandwidth remaining percent {percent:int}")
SYSTEM: Final = Line("system qos")
INTERFACE: Final = Line("interface {name:word}")
TYPE_QOS_IN: Final = Line("service-policy type qos input {name:word}")
QUEUING_OUT: Final = Line("service-policy type queuing output {name:word}")
