"""One row of a plan file, its ports given by number or by the name of a port setting."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from translator.errors import PlanError
from translator.plan.fields import MAX_NOTE, Fields, items_of, scalar_of, table_of
from translator.plan.legs import port_hazard
from translator.plan.model import (
    Confidence,
    Media,
    Narrowing,
    PlanRow,
    PortSetting,
    Status,
    Transport,
)
from translator.plan.port_text import parse_range, parse_ranges
from translator.plan.text import nearest
from translator.plan.tree import Scalar, Table
from translator.ports import PortBlock, PortRange

__all__ = ["ROW_KEYS", "build_row"]

ROW_KEYS: Final = (
    "id", "component", "media", "code_point", "protocols", "status", "executable",
    "match_code_point", "sources", "destinations", "source_ports", "destination_ports",
    "port_setting", "narrow", "needs", "port_only_safe", "opt_in", "alternative_to",
    "policy_range_of", "confidence", "source", "note",
)  # fmt: skip
_SETTING: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*\.[A-Za-z0-9_.-]+\??")


def build_row(table: Table, settings: Mapping[str, PortSetting]) -> PlanRow:
    """Return one row; ports that name a setting are those of the setting.

    A setting written with a `?` behind it adds its ports once it is set and is passed over until
    then; without it the row waits for the setting (`PlanRow.port_setting`).

    Raises:
        PlanError: a key or value is wrong.
    """
    fields = Fields(table, _title(table), ROW_KEYS)
    fields.required("id")
    ports = _RowPorts(fields, settings)
    fields.required("media")
    row = PlanRow(
        id=fields.name("id") or "",
        component=fields.text("component"),
        media=fields.choice("media", Media),
        code_point=fields.code_point("code_point"),
        protocols=_protocols(fields),
        status=fields.choice("status", Status, Status.USER),
        executable=fields.text("executable") or None,
        match_code_point=fields.code_point("match_code_point"),
        sources=fields.names("sources"),
        destinations=fields.names("destinations"),
        source_ports=ports.source,
        destination_ports=ports.destination,
        port_setting=ports.waiting_for,
        narrow=_narrowing(fields),
        needs=fields.names("needs"),
        opt_in=fields.flag("opt_in", False),
        alternative_to=fields.name("alternative_to"),
        policy_range_of=ports.policy_range_of,
        confidence=fields.optional_choice("confidence", Confidence),
        source=fields.text("source", limit=MAX_NOTE),
        note=fields.text("note", limit=MAX_NOTE),
        where=fields.where,
    )
    safe_by_ports = not row.needs and not port_hazard(row)
    return replace(row, port_only_safe=fields.flag("port_only_safe", safe_by_ports))


def _title(table: Table) -> str:
    """What error messages call the row: its id where it has a readable one."""
    node = table.entries.get("id")
    if isinstance(node, Scalar) and node.text.isprintable() and len(node.text) <= 64:
        return f"row {node.text}"
    return "a row"


def _protocols(fields: Fields) -> tuple[Transport, ...]:
    node = fields.required("protocols")
    words = [
        scalar_of(item, "protocols").text.strip().lower() for item in items_of(node, "protocols")
    ]
    if words == ["both"]:
        return (Transport.UDP, Transport.TCP)
    for word in words:
        if word not in list(Transport):
            raise PlanError(
                f"protocol {word[:40]!a} is not known",
                where=node.where,
                hint="write udp, tcp or both",
            )
    return tuple(item for item in (Transport.UDP, Transport.TCP) if item in words)


def _narrowing(fields: Fields) -> Narrowing | None:
    node = fields.node("narrow")
    if node is None:
        return None
    one = Fields(table_of(node, "narrow"), "narrow", ("udp", "tcp"))
    found = {
        key: parse_range(one.text(key), one.where_of(key)) if one.node(key) else None
        for key in ("udp", "tcp")
    }
    return Narrowing(udp=found["udp"], tcp=found["tcp"])


class _RowPorts:
    """The port fields of a row, resolved."""

    def __init__(self, fields: Fields, settings: Mapping[str, PortSetting]) -> None:
        self._settings = settings
        self._fields = fields
        self.waiting_for: str | None = None
        self.policy_range_of: PortBlock | None = None
        self.source = self._ranges("source_ports")
        self.destination = self._ranges("destination_ports")
        named = fields.name("port_setting")
        if named is not None and not self.source:
            self.source = self._of_setting(named, "port_setting")
        if fields.node("policy_range_of") is not None:
            self.policy_range_of = self._policy_block()

    def _ranges(self, key: str) -> tuple[PortRange, ...]:
        node = self._fields.node(key)
        found: list[PortRange] = []
        for item in () if node is None else items_of(node, key):
            text = scalar_of(item, key).text.strip()
            if _SETTING.fullmatch(text):
                found.extend(self._of_setting(text, key))
            else:
                found.extend(parse_ranges(text, item.where))
        return tuple(found)

    def _of_setting(self, text: str, key: str) -> tuple[PortRange, ...]:
        setting = self._setting(text.rstrip("?"), key)
        if setting.block is None:
            if not text.endswith("?"):
                self.waiting_for = setting.name
            return ()
        if setting.policy_range is None or setting.policy_range == setting.block.range:
            return (setting.block.range,)
        self.policy_range_of = setting.block
        return (setting.policy_range,)

    def _setting(self, name: str, key: str) -> PortSetting:
        if name not in self._settings:
            raise PlanError(
                f"there is no port setting {name[:60]!a}",
                where=self._fields.where_of(key),
                hint=nearest(name, self._settings) if self._settings else "write port numbers",
            )
        return self._settings[name]

    def _policy_block(self) -> PortBlock | None:
        node = self._fields.required("policy_range_of")
        if isinstance(node, Scalar):
            return self._setting(node.text.strip(), "policy_range_of").block
        one = Fields(table_of(node, "policy_range_of"), "policy_range_of", ("start", "count"))
        start, count = one.number("start", 1, 65535), one.number("count", 1, 65535)
        if start is None or count is None or start + count - 1 > 65535:
            raise PlanError(
                "policy_range_of is no block of ports",
                where=one.where,
                hint="write {start: 49152, count: 8348}",
            )
        return PortBlock(start, count)
