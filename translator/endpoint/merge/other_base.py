"""Whether rows or ports beside those of the base are those of another preset, which was meant."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.policy.precedence import program_name
from translator.endpoint.settings import MediaPorts
from translator.plan.load import load_preset, preset_names
from translator.plan.model import Plan, PlanRow
from translator.ports import PortBlock

__all__ = ["other_base"]

_FEWEST: Final = 2


def other_base(
    new: Collection[PlanRow], ports: Mapping[str, MediaPorts], base: Plan, command: str
) -> tuple[EndpointFinding, ...]:
    """Return the finding that all the rows that policies added, or all ports, are of one preset.

    Args:
        new: the rows that the base does not have.
        ports: what the product is set to, by name of the setting.
        command: what imports these files, to which a base can be added.
    """
    return tuple(_of_rows(new, base, command)) or tuple(_of_ports(ports, base, command))


def _of_rows(new: Collection[PlanRow], base: Plan, command: str) -> Iterator[EndpointFinding]:
    for name in preset_names() if new else ():
        rows = {row.id: row for row in load_preset(name).rows}
        if all(_is_same(row, rows.get(row.id)) for row in new):
            ids = ", ".join(row.id for row in new)
            message = f"rows {ids} are those of preset {name}; the base is {base.name}"
            where = next(iter(new)).where
            yield finding("other-base", message, where, cure=f"{command} --base {name}")
            return


def _of_ports(
    ports: Mapping[str, MediaPorts], base: Plan, command: str
) -> Iterator[EndpointFinding]:
    read = {name: item.block for name, item in ports.items() if item.block is not None}
    known = _blocks(base)
    # One setting alone may have its ports by chance.
    if sum(block != known.get(name) for name, block in read.items()) < _FEWEST:
        return
    for name in preset_names():
        preset = load_preset(name)
        # Without programs it is a plan of networks, with the ports of another one.
        is_product = any(row.executable for row in preset.rows)
        if is_product and name != base.name and read.items() <= _blocks(preset).items():
            message = f"the ports read are those of preset {name}; the base is {base.name}"
            where = next(iter(ports.values())).where
            yield finding("other-base", message, where, cure=f"{command} --base {name}")
            return


def _blocks(plan: Plan) -> dict[str, PortBlock | None]:
    return {item.name: item.block for item in plan.port_settings}


def _is_same(row: PlanRow, other: PlanRow | None) -> bool:
    return other is not None and program_name(row.executable) == program_name(other.executable)
