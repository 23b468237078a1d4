"""The statements of firewall and class-of-service that we write, each stated once.

Reading dispatches on the same statements: `keyword` is the word a `Line` begins with.
"""

from __future__ import annotations

from typing import Final

from translator.drivers.line import Line

__all__ = ["keyword"]

# firewall, `from`
SOURCE_ADDRESS: Final = Line("source-address")
DESTINATION_ADDRESS: Final = Line("destination-address")
PROTOCOL: Final = Line("protocol {value:rest}")
NEXT_HEADER: Final = Line("next-header {value:rest}")
SOURCE_PORT: Final = Line("source-port {value:rest}")
DESTINATION_PORT: Final = Line("destination-port {value:rest}")
DSCP: Final = Line("dscp {value:rest}")
TRAFFIC_CLASS: Final = Line("traffic-class {value:rest}")
# firewall, `then`
LOSS_PRIORITY: Final = Line("loss-priority {level:word}")
FORWARDING_CLASS: Final = Line("forwarding-class {name:word}")
ACCEPT: Final = Line("accept")
# class-of-service, tables
CODE_POINTS: Final = Line("loss-priority {level:word} code-points {value:rest}")
CODE_POINT: Final = Line("loss-priority {level:word} code-point {value:word}")
CLASS: Final = Line("class {name:word} queue-num {queue:int}")
# class-of-service, schedulers
MAP_ENTRY: Final = Line("forwarding-class {name:word} scheduler {scheduler:word}")
TRANSMIT_PERCENT: Final = Line("transmit-rate percent {percent:int}")
TRANSMIT_REMAINDER: Final = Line("transmit-rate remainder")
LIMIT_PERCENT: Final = Line("shaping-rate percent {percent:int}")
BUFFER_PERCENT: Final = Line("buffer-size percent {percent:int}")
BUFFER_REMAINDER: Final = Line("buffer-size remainder")
PRIORITY: Final = Line("priority {level:word}")
DROP_PROFILE_MAP: Final = Line(
    "drop-profile-map loss-priority any protocol any drop-profile {name:word}"
)
# class-of-service, interfaces
SCHEDULER_MAP: Final = Line("scheduler-map {name:word}")
SHAPING_RATE: Final = Line("shaping-rate {rate:word}")
TABLE: Final = Line("{kind:word} {name:word}")
# interfaces
FILTER: Final = Line("{direction:word} {name:word}")
# removal
DELETE: Final = Line("delete {path:rest}")


def keyword(line: Line) -> str:
    """Return the word that a statement begins with."""
    return line.form.partition(" ")[0]
