"""What is true of Nexus 9000 switches and not of every Nexus; the one place that says so.

What other models would differ in:

| | Nexus 9000 with eight queues (here) | others |
|---|---|---|
| queues | `c-out-8q-q7` to `-q1`, `c-out-8q-q-default`: one for each qos-group | `c-out-q3` to `-q1` and `-q-default` on 3000 and on line cards with four groups; on 7000 classes such as `1p7q4t-out-pq1`, which match CoS; on 5000 and 6000 classes of one's own over qos-groups |
| strict queue | the highest group, with `priority level 1` | any class |
| `match-all` | hardware takes it for `match-any` | as written |
| trust | code points pass, nothing is queued by them without a policy | 7000: CoS, or DSCP after a global command, chooses the queue |
| hardware entries | regions that have to be carved, with a reload | none to carve on 7000 |
| going back | the scheduler takes `rollback` from 9.3 on | not known |

Sources: Cisco, Nexus 9000 Series NX-OS Quality of Service Configuration Guide, releases 7.x and
10.x, chapters Configuring Classification (`match-all`), Configuring Queuing and Scheduling (system
classes cannot be modified; all traffic is qos-group 0 unless a policy says otherwise; one strict
queue is that of the highest group), Configuring QoS TCAM Carving; running configurations of 7000
and 5000 series switches.
"""  # noqa: E501

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "DEFAULT_GROUP",
    "DEFAULT_QUEUE",
    "GROUPS",
    "QOS_GROUP",
    "STRICT_GROUP",
    "group_of_queue",
    "is_nexus_9000",
    "is_rest",
    "queue_of_group",
]

QOS_GROUP: Final = "qos-group"
DEFAULT_GROUP: Final = 0
STRICT_GROUP: Final = 7
GROUPS: Final = tuple(range(STRICT_GROUP, DEFAULT_GROUP, -1))
"""Those with a queue of their own beside the default, in the order in which they are printed."""
DEFAULT_QUEUE: Final = "c-out-8q-q-default"
_QUEUE: Final = re.compile(r"c-out-(?:8q-)?q(?:([1-7])|-default)")
# Queues of packets that no other class takes: `8q2t-in-q-default`, `1p7q4t-out-q-default`.
_REST: Final = re.compile(r"class-default|(?:\d+[pq])+\d+t-[\w-]*q-default")
_NEXUS_9000: Final = re.compile(r"cisco Nexus ?9\d{3}", re.IGNORECASE)


def queue_of_group(group: int) -> str:
    """Return the system-defined class of a qos-group."""
    return DEFAULT_QUEUE if group == DEFAULT_GROUP else f"c-out-8q-q{group}"


def group_of_queue(name: str) -> int | None:
    """Return the qos-group of a system-defined class of four or eight queues, None for others."""
    found = _QUEUE.fullmatch(name)
    if found is None:
        return None
    return int(found[1]) if found[1] else DEFAULT_GROUP


def is_rest(name: str) -> bool:
    """Whether a class of a queuing policy takes what the others leave."""
    return _REST.fullmatch(name) is not None


def is_nexus_9000(text: str) -> bool:
    """Whether `show version` is that of a switch whose queues are known here."""
    return "NX-OS" in text and _NEXUS_9000.search(text) is not None
