"""What is wrong with settings of the endpoint side, whatever file they came from."""

from __future__ import annotations

from collections.abc import Iterator

from translator.endpoint.checks.policies import check_policies
from translator.endpoint.checks.ports import check_ports
from translator.endpoint.checks.switches import check_switches
from translator.endpoint.findings.finding import EndpointFinding
from translator.endpoint.merge.scopes import Chosen
from translator.endpoint.merge.setting_of import SettingOf
from translator.plan.model import Plan

__all__ = ["check_settings"]


def check_settings(chosen: Chosen, plan: Plan, setting_of: SettingOf) -> Iterator[EndpointFinding]:
    """Yield every finding about the settings themselves.

    Args:
        plan: the plan that was made of them; its code points are what hosts should mark.
    """
    yield from check_ports(chosen.seen, plan)
    yield from check_switches(chosen, plan)
    yield from check_policies(chosen, plan, setting_of)
