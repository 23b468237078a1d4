"""A base plan whose port settings are those that were read; its rows by name of a setting move."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.findings.shown import place
from translator.endpoint.settings import MediaPorts
from translator.errors import Where
from translator.plan.build import build_plan
from translator.plan.load import STANDARD_PRESET, load_preset
from translator.plan.model import Plan, PortSetting
from translator.plan.overlay import overlay
from translator.plan.tree import Node, Scalar, Table
from translator.ports import PortRange

__all__ = ["base_plan", "moves", "settled"]


def base_plan(tree: Table, name: str) -> Plan:
    """Return the plan of a base's tree (`translator.plan.load.load_tree`)."""
    return build_plan(tree, name, load_preset(STANDARD_PRESET).queues)


def settled(tree: Table, name: str, ports: Mapping[str, MediaPorts]) -> Plan:
    """Return the plan with these ports in place of the base's.

    A block that the base has already stays with what the base says of it, such as the wider range
    of published host policies.
    """
    base = {item.name: item.block for item in base_plan(tree, name).port_settings}
    entries: dict[str, Node] = {
        item.name: _setting(item, item.where or tree.where)
        for item in ports.values()
        if item.name not in base or base[item.name] != item.block
    }
    changes = Table({"port_settings": Table(entries, tree.where)}, tree.where)
    return base_plan(overlay(tree, changes), name)


def _setting(item: MediaPorts, where: Where) -> Table:
    start, count = ("", "") if item.block is None else (item.block.start, item.block.count)
    texts = {"start": start, "count": count, "source": f"{item.scope}, {place(where)}"}
    # A plain empty text is YAML's null: no block at all.
    return Table({key: Scalar(str(text), True, where) for key, text in texts.items()}, where)


def moves(base: Plan, plan: Plan, ports: Mapping[str, MediaPorts]) -> Iterator[EndpointFinding]:
    """Tell which ports of the base were replaced, and rows that still name the old ones."""
    before = {row.id: row for row in base.rows}
    in_use = {ports for setting in plan.port_settings for ports in _ranges(setting)}
    for setting in base.port_settings:
        now = ports.get(setting.name)
        if now is None or setting.block is None or now.block == setting.block:
            continue
        new = "any port" if now.block is None else now.block.range
        yield finding(
            "ports-moved",
            f"{setting.name} moves from {setting.block.range} to {new} ({now.scope})",
            now.where,
        )
        # Another setting that has the old ports still may be the one that a row names.
        old = _ranges(setting) - in_use
        kept = [
            row.id
            for row in plan.rows
            if old.intersection(row.destination_ports)
            and row.destination_ports == before[row.id].destination_ports
        ]
        if kept:
            yield finding(
                "row-keeps-ports",
                f"destination ports of row {', '.join(kept)} are still those that "
                f"{setting.name} had",
                *(plan.row(row_id).where for row_id in kept[:3]),
            )


def _ranges(setting: PortSetting) -> set[PortRange]:
    found = {setting.policy_range} if setting.policy_range is not None else set()
    return found if setting.block is None else {*found, setting.block.range}
