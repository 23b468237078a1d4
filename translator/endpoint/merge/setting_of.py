"""Which port setting of the product gives the source ports of a row."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from translator.endpoint.policy.precedence import program_name
from translator.plan.legs import senders_of
from translator.plan.model import Media, Plan, PlanRow

__all__ = ["SettingOf"]

_SERVERS: Final = {
    "conference_servers": "conference_server",
    "mediation_servers": "mediation_server",
    "application_servers": "application_server",
    "trusted_app_servers": "trusted_application_pool",
}


class SettingOf:
    """Names the port setting of rows.

    Clients are the programs, and the components without one, whose rows in some of the plans have
    the ports of a client's setting: nothing else says that a program keeps to those.
    """

    def __init__(self, plans: Iterable[Plan]) -> None:
        clients = [row for plan in plans for row in plan.rows if _has_client_ports(row, plan)]
        self._programs = {program_name(row.executable) for row in clients if row.executable}
        self._components = {row.component.lower() for row in clients if not row.executable}

    def __call__(self, row: PlanRow) -> str | None:
        """Return a name such as `client.audio`; None where no setting gives the row's ports."""
        if row.opt_in or not row.source_ports or row.media in (Media.SIGNALLING, Media.ANY):
            return None
        for sender in senders_of(row):
            if sender in _SERVERS:
                return f"{_SERVERS[sender]}.{row.media}"
        program = program_name(row.executable)
        is_client = (
            program in self._programs if program else row.component.lower() in self._components
        )
        return f"client.{row.media}" if is_client else None


def _has_client_ports(row: PlanRow, plan: Plan) -> bool:
    blocks = (item.block for item in plan.port_settings if item.name == f"client.{row.media}")
    return not row.opt_in and row.source_ports in [
        (block.range,) for block in blocks if block is not None
    ]
