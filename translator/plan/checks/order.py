"""Rows that meet: which of them decides, and whether that is what their author meant."""

from __future__ import annotations

from collections.abc import Iterator

from translator.plan.checks.finding import Draft, Severity, View, named
from translator.plan.legs import is_audio_or_video, legs_of, senders_of
from translator.plan.model import PlanRow
from translator.plan.overlap import HostlessMatch, Meeting, Region, match_of

__all__ = [
    "collapse_conflicts",
    "collapsing_rows",
    "dead_rows",
    "executables",
    "overlaps",
    "pair_precedence",
    "pairs_first",
    "reverse_order",
    "settled_overlaps",
]


def overlaps(view: View) -> Iterator[Draft]:
    """Equally specific rows that mark the same packets differently: only their order decides."""
    for pair in view.meetings:
        earlier, later = pair.earlier.row, pair.later.row
        if not _is_settled(pair):
            yield view.draft(
                Severity.ERROR,
                [later, earlier],
                f"rows {earlier.id} (DSCP {earlier.code_point}) and {later.id} "
                f"(DSCP {later.code_point}) both match "
                f"{pair.earlier.region.shared_ports(pair.later.region)}, and neither is more "
                "specific",
                "separate their ports or addresses, or give both the same DSCP",
            )


def settled_overlaps(view: View) -> Iterator[Draft]:
    """Rows of different kind that meet: the order of the plan says which one wins."""
    winners: dict[str, tuple[PlanRow, list[PlanRow]]] = {}
    for pair in view.meetings:
        if _is_settled(pair) and not pair.earlier.region.covers(pair.later.region):
            earlier = pair.earlier.row
            winners.setdefault(earlier.id, (earlier, []))[1].append(pair.later.row)
    for row, losers in winners.values():
        names = ", ".join(item.id for item in losers)
        yield view.draft(
            Severity.INFO,
            [row, *losers],
            f"row {row.id} (DSCP {row.code_point}) wins where it meets {names}",
            "nothing, if the more specific row comes first; else move it",
        )


def dead_rows(view: View) -> Iterator[Draft]:
    """Rows that never match because one earlier row takes all their packets."""
    for pair in view.meetings:
        earlier, later = pair.earlier.row, pair.later.row
        if pair.earlier.region.covers(pair.later.region):
            yield view.draft(
                Severity.ERROR,
                [later, earlier],
                f"row {later.id} never matches: row {earlier.id} before it takes all its "
                f"packets with another DSCP ({earlier.code_point})",
                f"move {later.id} before {earlier.id}, or take it out",
            )


def pair_precedence(view: View) -> Iterator[Draft]:
    """A row that names both ends must come before rows that name only its sender."""
    for pair, wide, is_first in _pairs(view):
        if not is_first:
            yield view.draft(
                Severity.ERROR,
                [pair, wide],
                f"row {pair.id} ({pair.component}) comes after row {wide.id}, which takes "
                f"part of its packets with DSCP {wide.code_point}",
                f"put {pair.id} before {wide.id}: addresses of both ends go first "
                "(Exchange UM is audio only)",
            )


def pairs_first(view: View) -> Iterator[Draft]:
    """The same where the order is right, so that nobody changes it."""
    for pair, wide, is_first in _pairs(view):
        if is_first:
            yield view.draft(
                Severity.INFO,
                [pair, wide],
                f"row {pair.id} ({pair.component}) names both ends and must stay before row "
                f"{wide.id}, which would mark part of its packets {wide.code_point}",
                "nothing: the order is right",
            )


def _pairs(view: View) -> Iterator[tuple[PlanRow, PlanRow, bool]]:
    """Yield each row with both addresses, a row with its sender only, and whether it is first."""
    rows = list(enumerate(view.chosen))
    pairs = [(at, row) for at, row in rows if row.sources and row.destinations]
    for at, pair in pairs:
        for other, wide in rows:
            if (
                wide.sources == pair.sources
                and not wide.destinations
                and _differ(wide, pair)
                and _ports_meet(wide, pair)
            ):
                yield pair, wide, at < other


def reverse_order(view: View) -> Iterator[Draft]:
    """A row that knows only the receiver's ports must come after those that know the sender's."""
    for at, earlier in enumerate(view.chosen):
        is_reverse = not senders_of(earlier) or set(senders_of(earlier)) <= set(
            earlier.destinations
        )
        knows_sender = any(leg.source_ports for leg in legs_of(earlier))
        if not is_reverse or knows_sender or not is_audio_or_video(earlier):
            continue
        for later in view.chosen[at + 1 :]:
            if later.source_ports and _differ(earlier, later) and _ports_meet(earlier, later):
                yield view.draft(
                    Severity.ERROR,
                    [earlier, later],
                    f"row {earlier.id} matches by destination port and comes before row "
                    f"{later.id}, whose sender knows what it sends",
                    f"put {earlier.id} after every row with source ports",
                )
                break


def executables(view: View) -> Iterator[Draft]:
    """Host policies match programs, network devices cannot."""
    rows = [row for row in view.chosen if row.executable]
    if rows:
        programs = ", ".join(dict.fromkeys(row.executable or "" for row in rows))
        yield view.draft(
            Severity.INFO,
            rows,
            f"the network cannot see executables ({programs}): rows match by ports and addresses "
            "alone, so another program on these ports is marked too",
            "keep the ports of the plan to these programs, and bind address groups",
        )


def collapsing_rows(view: View) -> Iterator[Draft]:
    """Rows that differ only by executable, which no network device can see."""
    for rows in _same_match(view).values():
        programs = ", ".join(dict.fromkeys(row.executable for row in rows if row.executable))
        if len(rows) > 1 and programs and len({row.code_point for row in rows}) == 1:
            yield view.draft(
                Severity.INFO,
                rows,
                f"{named(rows)} are one match on the network, which cannot see {programs}",
                "nothing: they agree on the DSCP",
            )


def collapse_conflicts(view: View) -> Iterator[Draft]:
    """Rows that only an executable tells apart, and that want different DSCPs."""
    for rows in _same_match(view).values():
        points = dict.fromkeys(row.code_point for row in rows)
        if len(points) > 1:
            wanted = " and ".join(str(point) for point in points)
            yield view.draft(
                Severity.ERROR,
                rows,
                f"{named(rows)} match the same packets but want DSCP "
                f"{wanted}; the network cannot see their executables",
                "give them different ports, or the same DSCP",
            )


def _is_settled(pair: Meeting) -> bool:
    """Whether the two match on different fields, or one lies within the other."""
    earlier, later = pair.earlier.region, pair.later.region
    return earlier.shape != later.shape or later.covers(earlier) or earlier.covers(later)


def _differ(one: PlanRow, other: PlanRow) -> bool:
    return None not in (one.code_point, other.code_point) and one.code_point != other.code_point


def _ports_meet(one: PlanRow, other: PlanRow) -> bool:
    mine, its = (Region(legs_of(row), (), (), row.match_code_point) for row in (one, other))
    return mine.overlaps(its)


def _same_match(view: View) -> dict[HostlessMatch, list[PlanRow]]:
    found: dict[HostlessMatch, list[PlanRow]] = {}
    for row in view.chosen:
        if row.code_point is not None and not row.port_setting:
            found.setdefault(match_of(row), []).append(row)
    return found
