"""Which of several scopes' values a plan is made of.

A plan holds one value per setting, a deployment may hold one per site or pool. What a careful
administrator expects:

- Values that are the same everywhere need no choice.
- Where only sites differ from Global, the plan is Global's, which holds wherever a site has
  nothing of its own; each site that differs is told as a finding, with the command for its plan.
- Where pools differ, or there is no Global, no value is the usual one: an error lists them.
- `--scope` chooses. A scope's configuration replaces Global's as a whole, as the product does it:
  what the site's does not show is not taken from Global's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.findings.shown import argument
from translator.endpoint.settings import (
    COMPUTER,
    ClientRanges,
    ExportedPlan,
    HostPolicy,
    MediaPorts,
    MediaQos,
    NlaSwitch,
    PhoneMarking,
    PschedMarking,
    Settings,
)
from translator.errors import PlanError, UsageError
from translator.plan.text import nearest

__all__ = ["Chosen", "Scoped", "choose"]

Scoped = MediaPorts | ClientRanges | MediaQos | PhoneMarking
_GLOBAL: Final = "global"
_BELOW_GLOBAL: Final = ("site:", "service:")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The values that a plan is made of.

    Attributes:
        ports: by the name of the port setting.
        seen: every scoped setting that is to be judged: those of the chosen scopes, or all.
        exported: what the files are all of, where they are the export of a plan.
    """

    ports: Mapping[str, MediaPorts]
    ranges: ClientRanges | None
    phone: PhoneMarking | None
    seen: tuple[Scoped, ...]
    policies: tuple[HostPolicy, ...]
    psched: tuple[PschedMarking, ...]
    nla: tuple[NlaSwitch, ...]
    exported: ExportedPlan | None = None


def choose(
    settings: Settings, scopes: Sequence[str], command: str = "qos-translator plan import FILES"
) -> tuple[Chosen, tuple[EndpointFinding, ...]]:
    """Return the values that hold in the chosen scopes, and which sites have others.

    Args:
        command: what imports these settings, to which a scope can be added.

    Raises:
        PlanError: two places say different things about one scope, or scopes differ and nothing
            says which is meant.
        UsageError: a scope is chosen that no file has.
    """
    scoped = _distinct([item for item in settings if isinstance(item, Scoped)])
    _check_names(scopes, scoped)
    values: list[Scoped] = []
    seen: list[Scoped] = []
    found: list[EndpointFinding] = []
    for family in _grouped(scoped, _family).values():
        wanted = _wanted(family, scopes)
        members = [item for item in family if wanted in (None, item.scope.lower())]
        seen += members
        values += _values(members)
        found += _differences(members, command)
    return (
        Chosen(
            ports={item.name: item for item in values if isinstance(item, MediaPorts)},
            ranges=next((item for item in values if isinstance(item, ClientRanges)), None),
            phone=next((item for item in values if isinstance(item, PhoneMarking)), None),
            seen=tuple(seen),
            policies=_policies([item for item in settings if isinstance(item, HostPolicy)]),
            psched=tuple(item for item in settings if isinstance(item, PschedMarking)),
            nla=tuple(item for item in settings if isinstance(item, NlaSwitch)),
            exported=_exported([item for item in settings if isinstance(item, ExportedPlan)]),
        ),
        tuple(found),
    )


def _key(item: Scoped) -> str:
    """What the setting is called where two values of it are compared."""
    if isinstance(item, MediaPorts):
        return item.name
    return {
        ClientRanges: "ClientMediaPortRangeEnabled",
        MediaQos: "EnableQoS",
        PhoneMarking: "VoiceDiffServTag",
    }[type(item)]


def _family(item: Scoped) -> str:
    """Settings of one configuration object of the product: they are chosen together."""
    if isinstance(item, MediaPorts):
        return item.name.partition(".")[0]
    return "client" if isinstance(item, ClientRanges) else _key(item)


def _value(item: Scoped) -> str:
    if isinstance(item, MediaPorts):
        return "any port" if item.block is None else f"{item.block.range}"
    if isinstance(item, PhoneMarking):
        return f"{item.code_point} (802.1p {item.dot1p})"
    return str(item.enabled)


def _distinct(items: Sequence[Scoped]) -> list[Scoped]:
    """Each setting of each scope once; the first place counts where two agree."""
    found: dict[tuple[str, str], Scoped] = {}
    for item in items:
        first = found.setdefault((_key(item), item.scope.lower()), item)
        if _value(first) != _value(item):
            raise PlanError(
                f"{_key(item)} of {item.scope} is {_value(item)} here, and {_value(first)} in "
                f"{first.where}",
                where=item.where,
                hint="leave out the file that is older",
            )
    return list(found.values())


def _check_names(scopes: Sequence[str], scoped: Sequence[Scoped]) -> None:
    known = {item.scope.lower(): item.scope for item in scoped}
    for name in scopes:
        if name.lower() not in known:
            raise UsageError(
                f"no file has the scope {name[:80]!a}",
                hint=nearest(name, known.values()) if known else "no file has any scope",
            )


def _wanted(members: Sequence[Scoped], scopes: Sequence[str]) -> str | None:
    there = {item.scope.lower() for item in members}
    wanted = dict.fromkeys(name.lower() for name in scopes if name.lower() in there)
    if len(wanted) > 1:
        raise UsageError(
            f"two scopes are chosen for {_family(members[0])}: {' and '.join(wanted)}",
            hint="make one plan for each",
        )
    if wanted:
        return next(iter(wanted))
    # A site without a configuration of its own has that of Global.
    is_site = any(name.lower().startswith(_BELOW_GLOBAL) for name in scopes)
    return _GLOBAL if is_site and _GLOBAL in there else None


def _grouped(members: Sequence[Scoped], name: Callable[[Scoped], str]) -> dict[str, list[Scoped]]:
    found: dict[str, list[Scoped]] = {}
    for item in members:
        found.setdefault(name(item), []).append(item)
    return found


def _values(members: Sequence[Scoped]) -> Iterator[Scoped]:
    """The value of each setting; Global's before that of a site.

    Raises:
        PlanError: they differ, and not only from Global.
    """
    for key, items in _grouped(members, _key).items():
        usual = next((item for item in items if item.scope.lower() == _GLOBAL), None)
        others = [item for item in items if item is not usual]
        below = all(item.scope.lower().startswith(_BELOW_GLOBAL) for item in others)
        if len({_value(item) for item in items}) > 1 and not (usual is not None and below):
            raise _undecided(key, items)
        if usual is None and _has_global(members):
            continue  # shown for sites only: the plan is Global's
        yield usual or items[0]


def _has_global(members: Sequence[Scoped]) -> bool:
    return any(item.scope.lower() == _GLOBAL for item in members)


def _undecided(key: str, items: Sequence[Scoped]) -> PlanError:
    shown = "; ".join(f"{_value(item)} in {item.scope} ({item.where})" for item in items[:20])
    return PlanError(
        f"{key} differs: {shown}",
        where=items[0].where,
        hint="choose with --scope, such as: "
        + " or ".join(f"--scope {argument(item.scope)}" for item in items[:3]),
    )


def _differences(members: Sequence[Scoped], command: str) -> Iterator[EndpointFinding]:
    """One finding for each scope whose values are not those that were taken."""
    taken = {_key(item): item for item in _values(members)}
    for scope, mine in _grouped(members, lambda item: item.scope).items():
        other = [
            item
            for item in mine
            if _key(item) not in taken or _value(taken[_key(item)]) != _value(item)
        ]
        if not other:
            continue
        shown = ", ".join(f"{_key(item)} {_value(item)}" for item in other)
        first = taken.get(_key(other[0]))
        yield finding(
            "scope-differs",
            f"{scope} differs from the plan: {shown}",
            other[0].where,
            None if first is None else first.where,
            cure=f"{command} --scope {argument(scope)} > site.yaml",
        )


def _policies(items: Sequence[HostPolicy]) -> tuple[HostPolicy, ...]:
    """Each policy once; hosts with the same GPO show the same policies, so do several formats.

    A policy whose store is not told is taken for one of the computer, as scripts make them.

    Raises:
        PlanError: two places show different policies of one name, program and store.
    """
    found: dict[tuple[str, str, str], HostPolicy] = {}
    for item in items:
        store = item.store.upper() or COMPUTER
        key = (item.name.lower(), (item.application or "").lower(), store)
        first = found.setdefault(key, item)
        if replace(first, where=None, store=store) != replace(item, where=None, store=store):
            raise PlanError(
                f"policy {item.name!r} is another one here than in {first.where}",
                where=item.where,
                hint="leave out the file that is older, or import hosts of different kinds apart",
            )
    return tuple(found.values())


def _exported(items: Sequence[ExportedPlan]) -> ExportedPlan | None:
    for item in items[1:]:
        if replace(item, where=None) != replace(items[0], where=None):
            raise PlanError(
                f"this is another export than that of {items[0].where}",
                where=item.where,
                hint="import the two folders one after the other",
            )
    return items[0] if items else None
