"""The fields of a packet as z3 terms, what a match says of them, and the solver."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import z3  # type: ignore[import-untyped]  # it has no types

from translator.intents.condition import Predicate
from translator.intents.match import Match, Prefix
from translator.ports import PortRange

__all__ = [
    "DESTINATION_PORT",
    "NO",
    "REAL",
    "SOURCE_PORT",
    "TOS",
    "UNREAD",
    "YES",
    "Term",
    "all_of",
    "any_of",
    "constants",
    "if_",
    "match_holds",
    "not_",
    "predicate",
    "solved",
]

Term = Any  # z3 has no types of its own

VERSION = z3.Bool("six")
FRAGMENT = z3.Bool("fragment")
PROTOCOL = z3.BitVec("protocol", 8)
SOURCE = z3.BitVec("source", 128)
DESTINATION = z3.BitVec("destination", 128)
SOURCE_PORT = z3.BitVec("source_port", 16)
DESTINATION_PORT = z3.BitVec("destination_port", 16)
TOS = z3.BitVec("tos", 8)
REAL = z3.Implies(z3.Not(VERSION), z3.And(z3.ULT(SOURCE, 2**32), z3.ULT(DESTINATION, 2**32)))
"""An IPv4 address has 32 bits."""

YES, NO = z3.BoolVal(True), z3.BoolVal(False)
UNREAD = "unread: "


def predicate(condition: Predicate) -> Term:
    """Return the free boolean that a predicate is."""
    return z3.Bool((UNREAD if condition.unread else "named: ") + condition.name)


def match_holds(match: Match, tos: Term = TOS) -> Term:
    """Return the packets that a match fits, once their ToS byte has become the given term."""
    parts: list[Term] = []
    if match.version is not None:
        parts.append(VERSION if match.version == 6 else z3.Not(VERSION))
    if match.fragment is not None:
        parts.append(FRAGMENT if match.fragment else z3.Not(FRAGMENT))
    if match.protocols:
        parts.append(any_of([number == PROTOCOL for number in match.protocols]))
    for address, prefixes in ((SOURCE, match.sources), (DESTINATION, match.destinations)):
        if prefixes:
            parts.append(any_of([_in_prefix(address, prefix) for prefix in prefixes]))
    for port, ranges in (
        (SOURCE_PORT, match.source_ports),
        (DESTINATION_PORT, match.destination_ports),
    ):
        if ranges:
            parts += [z3.Not(FRAGMENT), any_of([_in_range(port, item) for item in ranges])]
    if match.code_points or match.tos:
        masked = [tos & mask == value & mask for value, mask in match.tos]
        parts.append(any_of([z3.LShR(tos, 2) == int(p) for p in match.code_points] + masked))
    return all_of(parts)


def _in_prefix(address: Term, prefix: Prefix) -> Term:
    six = prefix.version == 6
    version = VERSION if six else z3.Not(VERSION)
    shift = (128 if six else 32) - prefix.prefixlen
    if shift == (128 if six else 32):
        return version
    return z3.And(version, z3.LShR(address, shift) == int(prefix.network_address) >> shift)


def _in_range(port: Term, ports: PortRange) -> Term:
    return z3.And(z3.UGE(port, ports.low), z3.ULE(port, ports.high))


def solved(terms: Sequence[Term], limit_ms: int = 60_000) -> z3.ModelRef | None:
    """Return a packet for which all terms hold, None if there is none.

    Raises:
        TimeoutError: z3 gave up.
    """
    solver = z3.SolverFor("QF_BV")
    solver.set("timeout", limit_ms)
    solver.add(REAL, *terms)
    answer = solver.check()
    if answer == z3.unknown:
        raise TimeoutError(f"z3 gave up after {limit_ms} ms")
    return solver.model() if answer == z3.sat else None


def constants(term: Term) -> list[Term]:
    """Return the free names in a term: fields of the packet and predicates."""
    found: dict[str, Term] = {}
    seen: set[int] = set()
    pending = [term]
    while pending:
        item = pending.pop()
        if item.get_id() not in seen:
            seen.add(item.get_id())
            if z3.is_const(item) and item.decl().kind() == z3.Z3_OP_UNINTERPRETED:
                found[str(item)] = item
            pending.extend(item.children())
    return [found[name] for name in sorted(found)]


def all_of(parts: Iterable[Term]) -> Term:
    kept = [part for part in parts if not z3.is_true(part)]
    if any(z3.is_false(part) for part in kept):
        return NO
    return YES if not kept else kept[0] if len(kept) == 1 else z3.And(kept)


def any_of(parts: Iterable[Term]) -> Term:
    kept = [part for part in parts if not z3.is_false(part)]
    if any(z3.is_true(part) for part in kept):
        return YES
    return NO if not kept else kept[0] if len(kept) == 1 else z3.Or(kept)


def not_(term: Term) -> Term:
    if z3.is_true(term) or z3.is_false(term):
        return NO if z3.is_true(term) else YES
    return z3.Not(term)


def if_(condition: Term, then: Term, otherwise: Term) -> Term:
    return then if z3.is_true(condition) else z3.If(condition, then, otherwise)
