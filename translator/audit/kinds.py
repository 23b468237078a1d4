"""Kinds of findings: the id of each, how bad it is, what it means and what cures it.

The ids are part of the interface: reports, filters and suppressions name them.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from translator.audit.model import Severity

__all__ = ["KINDS", "Kind", "kind"]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of finding; `meaning` and `cure` are whole sentences for its documentation."""

    id: str
    severity: Severity
    title: str
    meaning: str
    cure: str


_ALL: Final = (
    Kind(
        "treatment-different",
        Severity.ERROR,
        "packets are treated otherwise than the plan wants",
        "A class of the plan is marked, queued, policed or dropped in another way than the plan "
        "says, for the packets of the boxes that are shown. One packet of them is the witness.",
        "Change the lines that are named, or let `remediate` compute the smallest change.",
    ),
    Kind(
        "queue-different",
        Severity.WARNING,
        "a queue or the shaper has other parameters than the plan wants",
        "The share, limit, service or shaping rate of an interface is not what the plan asks for, "
        "by more than the tolerance.",
        "Set the parameter, or pass a wider `--share-tolerance` if the difference is meant.",
    ),
    Kind(
        "policy-missing",
        Severity.ERROR,
        "no policy is bound where the plan needs one",
        "The interface has no QoS in this direction, so its packets get the platform's default.",
        "Bind a policy; `render` writes one.",
    ),
    Kind(
        "policy-unbound",
        Severity.ERROR,
        "a fitting policy exists, but is bound nowhere",
        "The configuration defines a policy that does what the plan wants of this direction, and "
        "no interface uses it.",
        "Bind the policy to the interface.",
    ),
    Kind(
        "policy-wrong-direction",
        Severity.ERROR,
        "a fitting policy is bound in the other direction",
        "The policy would do what the plan wants, but sees the packets that go the other way.",
        "Take the binding away and bind the policy in the other direction.",
    ),
    Kind(
        "interface-missing",
        Severity.ERROR,
        "the configuration has no such interface",
        "A role was given to an interface that the text does not mention.",
        "Correct the name in the inventory, or give the whole configuration.",
    ),
    Kind(
        "traffic-extra",
        Severity.WARNING,
        "traffic that the plan leaves alone gets a treatment of its own",
        "Packets of no class of the plan are marked, queued, policed or dropped.",
        "Remove the lines if nobody needs them, or add the traffic to the plan.",
    ),
    Kind(
        "treatment-unknown",
        Severity.WARNING,
        "the text does not tell how packets are treated",
        "The verdict hangs on lines that were not understood, on a definition that is missing or "
        "on something that no header shows.",
        "Read the lines that are named; report a line that the platform's driver should know.",
    ),
    Kind(
        "text-incomplete",
        Severity.ERROR,
        "nothing shows that the text is whole",
        "A configuration that was cut off may look right: what is missing is what was cut. No "
        "class is called compliant on such a text.",
        "Save the whole configuration, or pass `--snippet` if the text is meant as a piece.",
    ),
    Kind(
        "undecided",
        Severity.WARNING,
        "the comparison grew beyond its budget",
        "The rules overlap in so many ways that the comparison was given up. This is no verdict.",
        "Audit fewer interfaces at once, or simplify the lists.",
    ),
    Kind(
        "intent-unsupported",
        Severity.WARNING,
        "the platform cannot do what the role asks for",
        "What the plan wants of an interface in this role cannot be expressed on the platform, so "
        "nothing can be held against it.",
        "Give the interface another role, or move the work to another device.",
    ),
)

KINDS: Final = MappingProxyType({item.id: item for item in _ALL})


def kind(name: str) -> Kind:
    """Return the kind of that id; an unknown id is a fault of the caller."""
    return KINDS[name]
