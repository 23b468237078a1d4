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
        "qos-without-effect",
        Severity.ERROR,
        "QoS stands at the interface, and nothing comes of it",
        "The text binds a policy to the interface or sets up its queues, and the platform does "
        "nothing with that, for instance because QoS is off on the device as a whole.",
        "Switch QoS on if it is off on the whole device (look at the other ports first, which that "
        "changes too); else bind a policy.",
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
        "queue-extra",
        Severity.WARNING,
        "leaving packets are held back where the plan asks for no queues",
        "A shaper or the limit of a class holds back what leaves, voice and all, though the line "
        "could take it. Shares of queues are not meant: they act only where the line is full.",
        "Remove the shaper or the limit, or give the interface a role with that rate if it is a "
        "slower circuit.",
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
        "policy-not-judged",
        Severity.WARNING,
        "a policy is bound where nothing says what it should do",
        "The interface has QoS, but neither the inventory nor the text tells what is behind it, so "
        "the plan wants nothing of it that the policy could be held against.",
        "Give the interface a role, in the inventory or with `--interface NAME=ROLE`.",
    ),
    Kind(
        "intent-unsupported",
        Severity.WARNING,
        "the platform cannot do what the role asks for",
        "What the plan wants of an interface in this role cannot be expressed on the platform, so "
        "nothing can be held against it.",
        "Give the interface another role, or move the work to another device.",
    ),
    Kind(
        "autoqos-erases-marks",
        Severity.ERROR,
        "the AutoQoS macro keeps EF and erases other marks",
        "The macro knows the voice and signalling of Cisco phones. A policy that it wrote trusts "
        "or sets EF and sets AF41 (video) or 40 (the mark of Lync phones) to 0, so that video and "
        "such phones are served as best effort.",
        "Bind a policy that marks by the plan's ports in place of the macro's.",
    ),
    Kind(
        "trust-missing",
        Severity.ERROR,
        "QoS is on, and a port that should trust marks erases them",
        "On these switches every port is untrusted as soon as QoS is switched on: a packet that "
        "enters leaves with code point 0. On an uplink, that erases what others have marked.",
        "Trust the code point on uplinks and towards marking devices, or switch QoS off.",
    ),
    Kind(
        "trust-untrusted-port",
        Severity.ERROR,
        "a port for end devices trusts whatever mark it is given",
        "Any program on a computer there can mark its packets as voice and fill the priority "
        "queue of the whole network.",
        "Take the trust away and bind a policy that marks by the plan's ports.",
    ),
    Kind(
        "phone-code-point",
        Severity.WARNING,
        "the phones' code point 40 is not mapped, or is served as voice unmarked",
        "Lync Phone Edition marks its audio with 40 (CS5). It has to be mapped to EF where the "
        "phones connect. Left as it is, it falls into best effort at the next device; put into "
        "the priority queue as it is, it hides that the mapping is missing, and everybody who "
        "sends 40 gets there.",
        "Set EF for the phones' audio at their ports, and keep 40 out of the priority queue.",
    ),
    Kind(
        "ef-open",
        Severity.ERROR,
        "any host can get the mark of voice",
        "A rule gives EF to a wide range of ports of any address to any address. The servers' "
        "ranges (49152-57500 and the like) are those that every operating system uses for any "
        "connection, so all kinds of traffic end in the priority queue.",
        "Name the servers' addresses in the rule, or leave only the clients' narrow ranges.",
    ),
    Kind(
        "range-off-by-one",
        Severity.ERROR,
        "a port range begins or ends one port beside the plan's",
        "A range is written with its count instead of its last port, or the other way round: "
        "20000 and 40 ports end at 20039. One port too few loses a call now and then, one port "
        "too many takes one from the next medium.",
        "Write the first and the last port as the plan has them.",
    ),
    Kind(
        "one-direction",
        Severity.ERROR,
        "only one direction of a conversation is marked",
        "The rules look for the ports at the wrong end (of the answers instead of what is sent), "
        "or only one side of the device marks at all. Half of each call is best effort.",
        "Match source ports where packets of their owner enter, and mark on both sides.",
    ),
    Kind(
        "tcp-forgotten",
        Severity.WARNING,
        "UDP packets of a class are marked, TCP packets are not",
        "Media falls back to TCP on the same ports where UDP is blocked. The plan has both, the "
        "rules only UDP.",
        "Add the same ranges for TCP.",
    ),
    Kind(
        "ipv6-forgotten",
        Severity.WARNING,
        "IPv4 packets of a class are marked, IPv6 packets are not",
        "The same traffic over IPv6 passes unmarked, because the lists are of IPv4 only.",
        "Add an IPv6 list with the same ranges to the class.",
    ),
    Kind(
        "class-shadowed",
        Severity.ERROR,
        "an earlier class takes packets that a later one is meant for",
        "The first class that matches decides. A class that stands too high takes packets that "
        "the plan wants in a class below it.",
        "Put the narrower class above the wider one.",
    ),
    Kind(
        "rule-unreachable",
        Severity.WARNING,
        "no packet reaches a rule",
        "Rules above it take all of its packets, so the line has no effect. Whoever wrote it "
        "thought otherwise. Where the result is the same without it, this is a note.",
        "Move the rule up if it is meant to act, or take it away.",
    ),
    Kind(
        "priority-share",
        Severity.WARNING,
        "priority classes may take more than a third of the line",
        "Priority classes are served before all others. Above 33 % of a line they are known to "
        "starve the others and to lose their own low delay.",
        "Lower their limits to 33 % together, or lease a faster line.",
    ),
    Kind(
        "shares-over-100",
        Severity.ERROR,
        "the shares of a scheduler sum to more than 100 %",
        "The classes are promised more than the line has, so no share can be relied on, and some "
        "devices refuse the policy when it is bound.",
        "Lower the shares until they sum to 100 % or less.",
    ),
    Kind(
        "shaper-missing",
        Severity.ERROR,
        "queues above a circuit slower than its line, without a shaper",
        "Queues act only where there is congestion. On a line that is faster than the circuit "
        "behind it they never fill: the provider drops what is too much without regard to class.",
        "Shape the interface to the rate of the circuit and queue below the shaper.",
    ),
    Kind(
        "filter-discards",
        Severity.ERROR,
        "a filter that classifies drops everything else",
        "A filter ends in a discard that nobody wrote. One that is there to classify must accept "
        "the rest, or all other traffic is lost as soon as it is bound.",
        "End the filter with a term that accepts everything.",
    ),
    Kind(
        "bundle-member",
        Severity.WARNING,
        "QoS stands at the wrong end of a bundle",
        "Depending on the platform, the QoS of a bundle belongs to the aggregate or to all its "
        "members alike. At the other end it has no effect or is refused; a role that is given to "
        "that end is neither judged nor repaired there.",
        "Move it, or give the role, to the place that the finding names.",
    ),
)

KINDS: Final = MappingProxyType({item.id: item for item in _ALL})


def kind(name: str) -> Kind:
    """Return the kind of that id; an unknown id is a fault of the caller."""
    return KINDS[name]
