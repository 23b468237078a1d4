"""The lines of an `mls qos` switch that we write and read: each stated once."""

from __future__ import annotations

from typing import Final

from translator.drivers.line import Line

__all__ = [
    "ACCESS_LIST",
    "CLASS",
    "CLASS_MAP",
    "COS_QUEUE",
    "DSCP_QUEUE",
    "HEADER",
    "INTERFACE",
    "MATCH_DSCP",
    "MATCH_LIST",
    "MLS_QOS",
    "POLICY_MAP",
    "PRIORITY_OUT",
    "SERVICE_POLICY",
    "SET_DSCP",
    "SHAPE",
    "SHARE",
    "TRUST",
    "TRUST_CLASS",
    "written",
]

HEADER: Final = Line("! {device:rest}: QoS of plan {plan:rest}")

# Global. Source: Catalyst 2960 Command Reference; at most eight values on a line.
MLS_QOS: Final = Line("mls qos")
DSCP_QUEUE: Final = Line(
    "mls qos srr-queue output dscp-map queue {queue:int} threshold {threshold:int} {values:rest}"
)
COS_QUEUE: Final = Line(
    "mls qos srr-queue output cos-map queue {queue:int} threshold {threshold:int} {values:rest}"
)

# Classes. One access list and one match line in a class-map: Catalyst 2960 guide, QoS guidelines.
ACCESS_LIST: Final = Line("ip access-list extended {name:word}")
CLASS_MAP: Final = Line("class-map match-all {name:word}")
MATCH_LIST: Final = Line("match access-group name {name:word}")
MATCH_DSCP: Final = Line("match ip dscp {values:rest}")
POLICY_MAP: Final = Line("policy-map {name:word}")
CLASS: Final = Line("class {name:word}")
SET_DSCP: Final = Line("set dscp {value:word}")
TRUST_CLASS: Final = Line("trust {field:word}")

# On a port.
INTERFACE: Final = Line("interface {name:rest}")
SHARE: Final = Line("srr-queue bandwidth share {weights:rest}")
SHAPE: Final = Line("srr-queue bandwidth shape {weights:rest}")
PRIORITY_OUT: Final = Line("priority-queue out")
TRUST: Final = Line("mls qos trust {field:word}")
SERVICE_POLICY: Final = Line("service-policy input {name:word}")


def written(line: Line, depth: int = 0, **values: int | str) -> str:
    """Return a line filled in and indented by one blank for each level."""
    return " " * depth + line.write(**values)
