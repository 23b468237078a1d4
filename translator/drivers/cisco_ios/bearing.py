"""Which lines of an interface bear on QoS, and which of these are not followed."""

from __future__ import annotations

from typing import Final

from translator.drivers.cisco.reader import TextLine

__all__ = [
    "BEARING",
    "CRYPTO_MAPS",
    "DIRECTIONS",
    "FILTERS",
    "PLAIN_QUEUE",
    "RELATIONS",
    "ROUTING",
    "SERVICE_POLICY",
    "TRANSLATION",
    "directions_of",
    "is_not_known",
    "opens_nested",
]

SERVICE_POLICY: Final = frozenset(
    "service-policy"[:end] for end in range(4, 15) if end != len("service")
)  # typed text shortens the word
DIRECTIONS: Final = {
    **{"input"[:end]: "in" for end in range(1, 6)},
    **{"output"[:end]: "out" for end in range(1, 7)},
}
# Older or other ways to treat packets on an interface; their meaning is not modelled.
_NOT_READ: Final = frozenset(
    {
        "rate-limit",
        "traffic-shape",
        "priority-group",
        "custom-queue-list",
        "tx-queue",
        "shape",
        "priority-flow-control",
        "srr-queue",
        "priority-queue",
        "wrr-queue",
        "rcv-queue",
        "queue-set",
        "trust",
    }
)
_NOT_READ_PAIRS: Final = frozenset(
    {
        ("mls", "qos"),
        ("platform", "qos"),
        ("qos", "trust"),
        ("qos", "cos"),
        ("bgp-policy", "source"),
        ("bgp-policy", "destination"),
    }
)
# Flow-fair or early-drop queuing of the whole interface: no class is served before another.
PLAIN_QUEUE: Final = frozenset({"fair-queue", "random-detect", "max-reserved-bandwidth"})
_NESTED: Final = frozenset({("service", "instance"), ("pvc", "")})
# Source: IOS command references: they bind a list to an interface that drops what it denies.
FILTERS: Final = frozenset({("ip", "access-group"), ("ipv6", "traffic-filter")})
# What is done to packets before output classes look at them.
CRYPTO_MAPS: Final = frozenset({("crypto", "map"), ("ipv6", "crypto")})
TRANSLATION: Final = ("ip", "nat")
# They bind a route-map to what enters, for one IP version.
ROUTING: Final = {("ip", "policy"): 4, ("ipv6", "policy"): 6}
# They tie an interface to others, whose policies may serve its packets or have theirs served.
RELATIONS: Final = frozenset(
    {
        ("channel-group", ""),
        ("multilink-group", ""),
        ("bridge-domain", ""),
        ("ppp", "multilink"),
        ("pppoe-client", "dial-pool-number"),
        ("dialer", "pool"),
        ("dialer", "pool-member"),
        ("tunnel", "source"),
    }
)
# First words of the lines that are looked at; a line with a service-policy always is.
BEARING: Final = (
    _NOT_READ
    | PLAIN_QUEUE
    | {word for word, _ in (*_NOT_READ_PAIRS, *_NESTED)}
    | SERVICE_POLICY
    | {"auto", "ip rtp", "shutdown"}
    | {" ".join(words) for words in (*FILTERS, *CRYPTO_MAPS, TRANSLATION, *RELATIONS, *ROUTING)}
)


def is_not_known(line: TextLine) -> bool:
    """Whether the line treats packets in a way that is not followed."""
    keys = line.keys
    word = keys[0]
    if word in _NOT_READ:
        return True
    second = keys[1] if len(keys) > 1 else ""
    if (word, second) in _NOT_READ_PAIRS:
        return True
    if (word, second) == ("ip", "rtp"):  # header compression treats no class before another
        return keys[2:3] == ["priority"]
    # `ip nhrp map group G service-policy output P` and the like
    return "service-policy" in keys and word not in (*SERVICE_POLICY, "description", "no")


def opens_nested(line: TextLine) -> bool:
    """Whether lines below it belong to a service instance or a circuit of the interface."""
    second = line.keys[1] if len(line.keys) > 1 else ""
    return (line.keys[0], second) in _NESTED or line.keys[0] == "pvc"


def directions_of(line: TextLine) -> tuple[str, ...]:
    """Return the directions that a line may concern."""
    if "input" in line.keys:
        return ("in",)
    return ("out",) if "output" in line.keys else ("in", "out")
