"""Port settings that have moved, as far as policies that were made of rows tell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.findings.shown import show_ports
from translator.endpoint.merge.setting_of import SettingOf
from translator.endpoint.policy.names import SaidRow, said_rows
from translator.endpoint.settings import HostPolicy, MediaPorts
from translator.plan.model import Plan, PortSetting
from translator.ports import PortBlock

__all__ = ["settings_of_policies"]


def settings_of_policies(
    policies: Sequence[HostPolicy], base: Plan, setting_of: SettingOf, read: Collection[str]
) -> tuple[dict[str, MediaPorts], list[EndpointFinding]]:
    """Return the settings on whose ports all policies of their rows agree, and what moves.

    Rows without a policy, such as those of phones, rest on the same settings: they would keep the
    old ports if only the rows of the policies moved.

    Args:
        read: names of settings that the product itself told.
    """
    said = said_rows(policies)
    found: dict[str, MediaPorts] = {}
    told: list[EndpointFinding] = []
    for setting in base.port_settings:
        rows = list(_rows_of(setting, base, said, setting_of))
        ranges = {row.source_ports for row in rows}
        if setting.name in read or setting.block is None or len(ranges) != 1:
            continue
        known = (setting.block.range, setting.policy_range)
        (now,) = next(iter(ranges)) if len(rows[0].source_ports) == 1 else (known[0],)
        if now in known:
            continue
        where = rows[0].policies[0].where
        block = PortBlock(now.low, now.high - now.low + 1)
        found[setting.name] = MediaPorts(setting.name, block, "host policy", where)
        names = ", ".join(row.id for row in rows)
        message = f"{setting.name} moves from {known[0]} to {now}, as policies of row {names} have"
        told.append(finding("policy-moves-row", message, where, cure=show_ports(setting.name)))
    return found, told


def _rows_of(
    setting: PortSetting, base: Plan, said: dict[str, SaidRow], setting_of: SettingOf
) -> Iterator[SaidRow]:
    """What policies say of the rows that have the setting's ports."""
    known = {(setting.policy_range,), (setting.block and setting.block.range,)}
    for row in base.rows:
        if row.id in said and row.source_ports in known and setting_of(row) == setting.name:
            yield said[row.id]
