"""The names of policies that are made of rows, and the rows that such policies say together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, TypeVar

from translator.codepoint import CodePoint
from translator.endpoint.settings import HostPolicy
from translator.plan.groups import Prefix
from translator.plan.model import Media, PlanRow, Transport
from translator.ports import PortRange

__all__ = ["SaidRow", "policy_name", "row_id_of_policy", "said_rows"]

_UNSAFE: Final = re.compile(r"[^\w.()+-]+")
_WORDS: Final = {media.replace("_", " "): media for media in Media}
_NAME: Final = re.compile(
    rf"QoS (?P<id>\S+)(?: (?P<component>.+?))??"
    rf" (?P<media>{'|'.join(_WORDS)})(?: (?P<number>[0-9]{{1,9}}))?"
)
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class SaidRow:
    """What the policies of one row say together: each pair of its ports and addresses is one.

    Attributes:
        source_ports, destination_ports, source_prefixes, destination_prefixes: empty is any.
    """

    id: str
    component: str
    media: Media
    executable: str | None
    code_point: CodePoint | None
    protocols: tuple[Transport, ...]
    source_ports: tuple[PortRange, ...]
    destination_ports: tuple[PortRange, ...]
    source_prefixes: tuple[Prefix, ...]
    destination_prefixes: tuple[Prefix, ...]
    policies: tuple[HostPolicy, ...]


def policy_name(row: PlanRow, number: int = 0) -> str:
    """Return the name of a row's policy: its id, what it is, a number where there are several.

    Only characters that no registry path, address or script reads as its own.
    """
    words = (row.component[:100], row.media.replace("_", " "), str(number) if number else "")
    text = " ".join(_UNSAFE.sub("-", word).strip("-") for word in " ".join(words).split())
    return f"QoS {row.id} {' '.join(text.split())}".strip()


def row_id_of_policy(name: str) -> str | None:
    """Return the id of the row that a policy was made of; None for policies of others."""
    found = _NAME.fullmatch(name)
    return None if found is None else found["id"]


def said_rows(policies: Iterable[HostPolicy]) -> dict[str, SaidRow]:
    """Return the rows, by id, that policies say by their names.

    Policies of one row that are not every pair of ports and addresses once, or that differ in
    what is no pair, were changed by somebody: they say no row.
    """
    by_row: dict[str, list[tuple[int, HostPolicy, re.Match[str]]]] = {}
    for policy in policies:
        found = _NAME.fullmatch(policy.name)
        if found is not None:
            by_row.setdefault(found["id"], []).append((int(found["number"] or 0), policy, found))
    said: dict[str, SaidRow] = {}
    for row_id, members in by_row.items():
        members.sort(key=lambda member: member[0])
        name = members[0][2]
        row = _said(row_id, name["component"] or "", _WORDS[name["media"]], [m[1] for m in members])
        if row is not None:
            said[row_id] = row
    return said


def _said(
    row_id: str, component: str, media: Media, policies: Sequence[HostPolicy]
) -> SaidRow | None:
    first = policies[0]
    row = SaidRow(
        id=row_id,
        component=component,
        media=media,
        executable=first.application,
        code_point=first.code_point,
        protocols=first.protocols,
        source_ports=_distinct(policy.source_ports for policy in policies),
        destination_ports=_distinct(policy.destination_ports for policy in policies),
        source_prefixes=_distinct(policy.source_prefix for policy in policies),
        destination_prefixes=_distinct(policy.destination_prefix for policy in policies),
        policies=tuple(policies),
    )
    alike = {(p.application, p.code_point, p.protocols, p.store, p.throttle_bps) for p in policies}
    return row if len(alike) == 1 and _pairs(row) == {_pair(p) for p in policies} else None


def _distinct(values: Iterable[_T | None]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(value for value in values if value is not None))


def _pair(policy: HostPolicy) -> tuple[object, ...]:
    return (
        policy.source_ports,
        policy.destination_ports,
        policy.source_prefix,
        policy.destination_prefix,
    )


def _pairs(row: SaidRow) -> set[tuple[object, ...]]:
    return {
        (source_ports, destination_ports, source, destination)
        for source_ports, destination_ports, source, destination in product(
            row.source_ports or (None,),
            row.destination_ports or (None,),
            row.source_prefixes or (None,),
            row.destination_prefixes or (None,),
        )
        if source is None or destination is None or source.version == destination.version
    }
