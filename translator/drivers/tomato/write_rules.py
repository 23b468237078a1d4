"""Writes intents as rules of `qos_orules`: one address, one side's ports, one code point each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from translator.drivers.base import refuse
from translator.drivers.tomato.dialect import Dialect, escape
from translator.errors import UnsupportedIntentError
from translator.intents.match import Match
from translator.intents.model import ClassifierRule
from translator.ports import ANY_PORT, PortRange, merge_ranges

__all__ = ["OUR_TAG", "RULES_LENGTH", "describe", "description", "plain", "written_rules"]

# Descriptions of our rules start with this: by it they are found again and removed.
OUR_TAG: Final = "[qos] "
# Source: httpd/tomato.c of Tomato64: qos_orules 0-4096 characters; descriptions 32.
RULES_LENGTH: Final = 4096
_DESCRIPTION_LENGTH: Final = 32
_ANY_PROTOCOL, _TCP_AND_UDP = "-2", "-1"
_TCP, _UDP = 6, 17
_PROTOCOL_WORDS: Final = {"-2": "any protocol", "-1": "TCP/UDP", "6": "TCP", "17": "UDP"}
_NOT_PLAIN: Final = re.compile(r"[^A-Za-z0-9 ._+-]")


def written_rules(
    platform: str, dialect: Dialect, rules: Iterable[ClassifierRule], index_of: dict[str, int]
) -> tuple[str, ...]:
    """Return the rules that put packets of the classifier into the classes of these indexes.

    Raises:
        UnsupportedIntentError: a match needs more than one rule of Tomato can ask, or the rules
            are too long together.
    """
    found: list[str] = []
    for rule in rules:
        try:
            fields = list(_fields(dialect, rule.match))
        except ValueError as error:
            raise refuse(
                platform,
                f"rows {' '.join(rule.rows) or rule.comment}",
                str(error),
                nearest="leave these rows out with the plan option exclude, or narrow them",
            ) from None
        index = str(index_of[rule.traffic_class.name])
        text = escape(description(rule.comment or rule.traffic_class.name))
        found.extend(dialect.write(**item, **{"class": index}, desc=text) for item in fields)
    length = sum(len(rule) + 1 for rule in found)
    if length > RULES_LENGTH:
        raise UnsupportedIntentError(
            f"{platform}: the rules need {length} characters, qos_orules holds {RULES_LENGTH}",
            hint="bind fewer addresses, or leave rows out with the plan option exclude",
        )
    return tuple(found)


def description(comment: str) -> str:
    """Return what stands beside a rule in the web interface, cut to its length."""
    return (OUR_TAG + plain(comment))[:_DESCRIPTION_LENGTH].rstrip()


def plain(comment: str) -> str:
    """Return a comment in letters, digits and blanks that mean nothing to a rule or a shell."""
    return _NOT_PLAIN.sub("-", comment)


def describe(dialect: Dialect, rule: str, names: tuple[str, ...]) -> str:
    """Return a rule as one types it into the web interface."""
    fields = dialect.split(rule) or {}
    address = {"1": "destination ", "2": "source "}.get(fields["addr_type"], "")
    side = {"s": ", source port ", "d": ", destination port "}.get(fields["port_type"], "")
    parts = [f"{address}{fields['addr']}" if address else "any address"]
    parts.append(_PROTOCOL_WORDS.get(fields["proto"], f"protocol {fields['proto']}"))
    ports = fields["port"].replace(":", "-") if side else ""
    point = f", DSCP {fields['dscp']}" if fields.get("dscp") else ""
    name = names[int(fields["class"])]
    return f"{', '.join(parts)}{side}{ports}{point}: class {name}, description {fields['desc']}"


def _fields(dialect: Dialect, match: Match) -> Iterator[dict[str, str]]:
    _check(dialect, match)
    sides = {"1": match.destinations, "2": match.sources}
    addresses = [(kind, str(item)) for kind, side in sides.items() for item in side]
    for kind, address in addresses or [("0", "")]:
        for protocol in _protocols(match):
            for point in match.code_points or (None,):
                item = {"addr_type": kind, "addr": address, "proto": protocol}
                item |= _port_fields(match)
                if "ipp2p" in dialect.fields:
                    item["ipp2p"] = "0"
                if point is not None:
                    item["dscp"] = str(int(point))
                yield item


def _check(dialect: Dialect, match: Match) -> None:
    """Raise ValueError with the reason where no set of rules says exactly this."""
    if match.sources and match.destinations:
        raise ValueError("a rule holds a source or a destination address, not both")
    if _narrow(match.source_ports) and _narrow(match.destination_ports):
        raise ValueError("a rule holds source or destination ports, not both")
    if match.code_points and not dialect.has_code_point:
        raise ValueError("rules of this build cannot ask for a code point")
    if match.tos or match.fragment:
        raise ValueError("a rule can ask neither for the whole ToS byte nor for fragments")
    if match.version is not None and not (match.sources or match.destinations):
        raise ValueError("a rule without an address holds for IPv4 and IPv6 alike")
    ports = _narrow(match.source_ports) or _narrow(match.destination_ports)
    if ports and not (match.protocols and set(match.protocols) <= {_TCP, _UDP}):
        raise ValueError("ports can be asked of TCP and UDP only")


def _narrow(ports: tuple[PortRange, ...]) -> tuple[PortRange, ...]:
    """The ranges merged, or nothing where they hold every port."""
    merged = merge_ranges(ports)
    return () if merged == (ANY_PORT,) else merged


def _protocols(match: Match) -> tuple[str, ...]:
    wanted = set(match.protocols)
    if not wanted:
        return (_ANY_PROTOCOL,)
    if {_TCP, _UDP} <= wanted:
        others = sorted(wanted - {_TCP, _UDP})
        return (_TCP_AND_UDP, *(str(number) for number in others))
    return tuple(str(number) for number in sorted(wanted))


def _port_fields(match: Match) -> dict[str, str]:
    for kind, ports in (("s", match.source_ports), ("d", match.destination_ports)):
        if ranges := _narrow(ports):
            return {"port_type": kind, "port": ",".join(_port_text(item) for item in ranges)}
    return {"port_type": "a", "port": ""}


def _port_text(ports: PortRange) -> str:
    return str(ports.low) if ports.low == ports.high else f"{ports.low}:{ports.high}"
