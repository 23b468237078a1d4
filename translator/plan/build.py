"""From the tree of a plan file to a checked `Plan`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from translator.errors import PlanError
from translator.plan.build_rows import ROW_KEYS, build_row
from translator.plan.fields import MAX_NOTE, Fields, items_of, table_of
from translator.plan.groups import known_groups, resolve_group
from translator.plan.model import (
    AddressGroup,
    Confidence,
    Media,
    Plan,
    PlanOptions,
    PlanRow,
    PortSetting,
    QueueRow,
    Treatment,
)
from translator.plan.port_text import parse_range
from translator.plan.select import chosen_rows
from translator.plan.text import nearest, require_name
from translator.plan.tree import Node, Table
from translator.ports import PortBlock

__all__ = ["MAX_ROWS", "PLAN_KEYS", "ROW_KEYS", "build_plan"]

MAX_ROWS: Final = 2000
PLAN_KEYS: Final = (
    "extends", "name", "title", "source", "options", "port_settings", "groups", "rows", "queues",
)  # fmt: skip
_OPTION_KEYS: Final = (
    "tcp", "server_tcp", "client_port_ranges", "include", "exclude", "allowed_code_points",
)  # fmt: skip
_SETTING_KEYS: Final = (
    "start", "count", "default_start", "default_count", "policy_range", "min_count", "source",
    "confidence",
)  # fmt: skip
_GROUP_KEYS: Final = ("prefixes", "union_of", "outside", "confidence", "source", "note")
_QUEUE_KEYS: Final = (
    *("media", "code_points", "treatment", "percent", "congestion_avoidance"),
    *("confidence", "source"),
)


def build_plan(root: Table, file: str, standard_queues: tuple[QueueRow, ...] | None) -> Plan:
    """Return the plan of a file's tree; `extends` has been dealt with.

    Args:
        standard_queues: queues of a plan that has no queue section; None where it must have one.

    Raises:
        PlanError: anything missing, unknown, of the wrong type or contradicting itself.
    """
    fields = Fields(root, "the plan", PLAN_KEYS)
    settings = _settings(fields)
    groups = _groups(fields)
    rows = _rows(fields, {item.name: item for item in settings})
    queues = fields.required("queues") if standard_queues is None else fields.node("queues")
    plan = Plan(
        name=fields.name("name") or _file_name(file),
        title=fields.text("title"),
        rows=rows,
        queues=(standard_queues or ()) if queues is None else _queues(queues),
        groups=groups,
        port_settings=settings,
        options=_options(fields),
        source=fields.text("source", limit=MAX_NOTE),
        where=fields.where,
    )
    _check_references(plan)
    return plan


def _read_block(fields: Fields, prefix: str = "") -> PortBlock | None:
    """Return the ports of `start` and `count`; None where both are absent.

    Raises:
        PlanError: only one is there, or the block ends after port 65535.
    """
    start = fields.number(f"{prefix}start", 1, 65535)
    count = fields.number(
        f"{prefix}count", 1, 65535, hint="; where the product says 0 (any port) leave it out"
    )
    if start is None or count is None:
        if start is not None:
            fields.required(f"{prefix}count")
        return None
    if start + count - 1 > 65535:
        raise PlanError(
            f"{count} ports from {start} end at {start + count - 1}, after port 65535",
            where=fields.where_of(f"{prefix}count"),
            hint=f"at most {65536 - start} ports fit",
        )
    return PortBlock(start, count)


def _settings(fields: Fields) -> tuple[PortSetting, ...]:
    node = fields.node("port_settings")
    if node is None:
        return ()
    found = []
    for name, entry in table_of(node, "port_settings").entries.items():
        require_name(name, "port setting", entry.where)
        what = f"port setting {name}"
        one = Fields(table_of(entry, what), what, _SETTING_KEYS)
        policy = one.text("policy_range")
        found.append(
            PortSetting(
                name=name,
                block=_read_block(one),
                default=_read_block(one, "default_"),
                policy_range=parse_range(policy, one.where_of("policy_range")) if policy else None,
                min_count=one.number("min_count", 1, 65535) or 1,
                source=one.text("source", limit=MAX_NOTE),
                confidence=one.optional_choice("confidence", Confidence),
                where=one.where,
            )
        )
    return tuple(found)


def _groups(fields: Fields) -> tuple[AddressGroup, ...]:
    node = fields.node("groups")
    if node is None:
        return ()
    found = []
    for name, entry in table_of(node, "groups").entries.items():
        require_name(name, "group", entry.where)
        table = entry if isinstance(entry, Table) else Table({"prefixes": entry}, entry.where)
        one = Fields(table, f"group {name}", _GROUP_KEYS)
        found.append(
            AddressGroup(
                name=name,
                prefixes=one.prefixes("prefixes"),
                union_of=one.names("union_of"),
                outside=one.flag("outside", False),
                confidence=one.optional_choice("confidence", Confidence),
                source=one.text("source", limit=MAX_NOTE),
                note=one.text("note", limit=MAX_NOTE),
                where=one.where,
            )
        )
    return tuple(found)


def _rows(fields: Fields, settings: Mapping[str, PortSetting]) -> tuple[PlanRow, ...]:
    nodes = items_of(fields.required("rows"), "rows")
    if not nodes:
        raise PlanError(
            "the plan has no rows",
            where=fields.where_of("rows"),
            hint="add rows, or start with: extends: lync-2013",
        )
    if len(nodes) > MAX_ROWS:
        raise PlanError(
            f"{len(nodes)} rows", where=nodes[MAX_ROWS].where, hint=f"at most {MAX_ROWS} fit a plan"
        )
    return tuple(build_row(table_of(node, "a row"), settings) for node in nodes)


def _queues(node: Node) -> tuple[QueueRow, ...]:
    found: list[QueueRow] = []
    for entry in items_of(node, "queues"):
        queue = _queue(table_of(entry, "a queue"))
        if any(queue.media == other.media for other in found):
            raise PlanError(
                f"queue {queue.name} stands twice",
                where=entry.where,
                hint="one queue per medium, and one default queue",
            )
        found.append(queue)
    return tuple(found)


def _queue(table: Table) -> QueueRow:
    fields = Fields(table, "a queue", _QUEUE_KEYS)
    fields.required("media")
    is_default = fields.text("media").lower() == "default"
    fields.required("percent")
    treatment = fields.choice("treatment", Treatment)
    early_drop = fields.flag("congestion_avoidance", False)
    if early_drop and treatment is Treatment.PRIORITY:
        raise PlanError(
            "a priority queue must not drop early",
            where=fields.where_of("congestion_avoidance"),
            hint="leave congestion_avoidance out",
        )
    return QueueRow(
        media=None if is_default else fields.choice("media", Media),
        code_points=fields.code_points("code_points"),
        treatment=treatment,
        percent=fields.number("percent", 1, 100) or 1,
        congestion_avoidance=early_drop,
        confidence=fields.optional_choice("confidence", Confidence),
        source=fields.text("source", limit=MAX_NOTE),
        where=fields.where,
    )


def _options(fields: Fields) -> PlanOptions:
    node = fields.node("options")
    if node is None:
        return PlanOptions()
    one = Fields(table_of(node, "options"), "options", _OPTION_KEYS)
    return PlanOptions(
        tcp=one.flag("tcp", True),
        server_tcp=one.flag("server_tcp", False),
        client_port_ranges=one.flag("client_port_ranges", True),
        include=one.names("include"),
        exclude=one.names("exclude"),
        allowed_code_points=one.code_points("allowed_code_points"),
    )


def _check_references(plan: Plan) -> None:
    """Refuse names of groups and rows that do not exist, and unions that run in a circle."""
    known = known_groups(plan)
    ids = {row.id for row in plan.rows}
    for row in plan.rows:
        for name in (*row.sources, *row.destinations, *row.needs):
            if name not in known:
                raise PlanError(
                    f"row {row.id}: there is no address group {name}",
                    where=row.where,
                    hint=nearest(name, known),
                )
        if row.alternative_to is not None and row.alternative_to not in ids:
            raise PlanError(
                f"row {row.id}: alternative_to names row {row.alternative_to}, which is not there",
                where=row.where,
                hint="name a row of this plan",
            )
    for group in plan.groups:
        resolve_group(plan, group.name, {})
    _check_allowed(plan)


def _check_allowed(plan: Plan) -> None:
    """Refuse rows that write what the plan itself lets nobody carry."""
    allowed = plan.options.allowed_code_points
    for row in chosen_rows(plan):
        if allowed and row.code_point and row.code_point not in allowed:
            names = ", ".join(point.name for point in (*allowed, row.code_point))
            raise PlanError(
                f"row {row.id} writes {row.code_point.name}, which options.allowed_code_points "
                "does not hold",
                where=row.where,
                hint=f"give the row another code point, or write allowed_code_points: [{names}]",
            )


def _file_name(file: str) -> str:
    """A plan without a name is called after its file."""
    stem = "".join(char if char.isalnum() and char.isascii() else "-" for char in Path(file).stem)
    return stem.strip("-")[:64] or "plan"
