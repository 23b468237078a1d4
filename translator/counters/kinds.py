"""Kinds of findings from counters: the id of each, how bad it is, what it means, what cures it.

The ids are part of the interface: filters and scripts name them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from translator.audit.kinds import Kind
from translator.audit.model import Severity

__all__ = ["KINDS"]

_ALL: Final = (
    Kind(
        "class-idle",
        Severity.WARNING,
        "no packet came to a class of the plan while others were busy",
        "The class that serves traffic of the plan counted nothing, and other classes of the same "
        "interface did. Either nobody sent such traffic in that time, or it is not recognised and "
        "waits in another class, mostly the default one.",
        "Make a call and count again. If the class stays idle, look at what marks the traffic: "
        "`audit` tells whether the rules are right, `explain` where one packet goes.",
    ),
    Kind(
        "drops-in-ef",
        Severity.ERROR,
        "packets were lost in the class of voice",
        "The class that serves EF, or another priority class, dropped packets: its policer or the "
        "limit of its priority was exceeded, or its queue was full. Every such packet is a gap in "
        "somebody's call.",
        "Raise the limit if there are more calls than planned; else find out what else is marked "
        "EF.",
    ),
    Kind(
        "default-holds-ef",
        Severity.ERROR,
        "packets marked EF wait with best effort",
        "Packets with the mark of voice left by a class that is not served first. They are marked "
        "right, and the queues do not look at the mark, or look at another one.",
        "Correct the classes or maps that put code points into queues; `audit` names the lines.",
    ),
    Kind(
        "counters-cleared",
        Severity.WARNING,
        "counters were cleared between the two snapshots",
        "A counter is lower than before, so somebody cleared it, the policy was bound anew or the "
        "device restarted. What is shown was counted since then.",
        "Take two new snapshots with nothing in between.",
    ),
    Kind(
        "no-queue-seen",
        Severity.ERROR,
        "the plan wants queues where the device counts none",
        "The output speaks of no class, or not of the one that serves traffic of the plan, where "
        "the role of the interface asks for queues. The policy may be bound nowhere, or the "
        "output is of other interfaces.",
        "Save the counters of that interface too; if it has none, bind the policy.",
    ),
    Kind(
        "priority-over-limit",
        Severity.WARNING,
        "a priority class is offered more than its limit",
        "More packets come to a priority class than its limit lets through. What is above the "
        "limit is lost as soon as the line is full.",
        "Raise the limit within a third of the line, or admit fewer calls.",
    ),
    Kind(
        "class-not-in-plan",
        Severity.WARNING,
        "packets are counted in a class that serves nothing of the plan",
        "A class took packets, and no packet of any class of the plan can be in it. The device "
        "does more than the plan says, or runs another policy than the configuration that was "
        "given.",
        "Take the class away, add its traffic to the plan, or give the configuration that runs.",
    ),
    Kind(
        "drops-in-class",
        Severity.WARNING,
        "packets were lost in a class",
        "The class dropped packets. In the default class that is how a full line is shared out, "
        "and only a note; in a class of the plan its share is too small, or its traffic more than "
        "planned.",
        "Compare the rate that was offered with the share of the class.",
    ),
    Kind(
        "unread",
        Severity.WARNING,
        "lines of the output were not understood",
        "What the class of these lines counted is unknown, and nothing is said about it. The text "
        "may be cut off, or come from a release that prints other lines.",
        "Save the whole output; report a line that should be known.",
    ),
)

KINDS: Final = MappingProxyType({item.id: item for item in _ALL})
