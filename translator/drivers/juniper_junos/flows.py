"""Flow routes: static filters that hold for the packets of a routing table on any interface.

Source: Junos CLI reference, "flow (Routing Options)". What they do with packets is not worked out;
which packets they concern is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from translator.drivers.juniper_junos import values
from translator.drivers.juniper_junos.matches import Names, read_from
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.tree import Node
from translator.intents.condition import AllOf, Condition, Predicate
from translator.intents.pipeline import Rule

__all__ = ["ROUTING", "flow_rules"]

ROUTING: Final = "routing-options"
_ADDRESSES: Final = {"destination": "destination-address", "source": "source-address"}
_OF_IPV6: Final = {"protocol": "next-header", "dscp": "traffic-class"}
_NO_BEARING: Final = values.words("accept community sample")


def flow_rules(root: Node, names: Names, report: Report) -> Iterator[Rule]:
    """Yield why what becomes of packets of flow routes is not known, one rule for each."""
    yield from _rules(root.get(ROUTING), (), names, report)
    instances = root.get("routing-instances")
    for item in () if instances is None else instances.children.values():
        where = (Predicate(f"routing instance {item.word}"),)
        yield from _rules(item.get(ROUTING), where, names, report)


def _rules(
    options: Node | None, where: tuple[Condition, ...], names: Names, report: Report
) -> Iterator[Rule]:
    if options is None:
        return
    yield from _routes(options, 4, where, names, report)
    tables = options.get("rib")
    for table in () if tables is None else tables.children.values():
        version = 6 if "inet6" in table.word else 4
        yield from _routes(table, version, where, names, report)


def _routes(
    options: Node, version: int, where: tuple[Condition, ...], names: Names, report: Report
) -> Iterator[Rule]:
    routes = options.get("flow", "route")
    for route in () if routes is None else routes.children.values():
        then = route.get("then")
        if then is None or then.children.keys() <= _NO_BEARING:
            continue
        doubt = report.doubt(route, f"flow route {route.word} is not followed")
        names_there = _ADDRESSES | _OF_IPV6 if version == 6 else _ADDRESSES
        match = _renamed(route.get("match"), names_there)
        # What is not understood of the match is no reason of its own: the packets may be meant.
        condition = read_from(match, version=version, names=names, report=Report())
        yield doubt.rule(AllOf((*where, condition)))


def _renamed(match: Node | None, names: Mapping[str, str]) -> Node | None:
    """Return the conditions of a route under the names that they have in filters."""
    if match is None:
        return None
    copy = Node("from")
    for word, node in match.children.items():
        copy.children[names.get(word, word)] = node.renamed(names.get(word, word))
    return copy
