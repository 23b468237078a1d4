"""Host policies by themselves and against each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from translator.codepoint import CodePoint
from translator.endpoint.checks.marks import marks_of
from translator.endpoint.findings.finding import EndpointFinding, finding
from translator.endpoint.findings.shown import argument, beside, place, set_source_ports
from translator.endpoint.merge.scopes import Chosen
from translator.endpoint.merge.setting_of import SettingOf
from translator.endpoint.policy.names import row_id_of_policy
from translator.endpoint.policy.precedence import meet, program_name, program_of, stronger
from translator.endpoint.powershell.netqos import policy_line
from translator.endpoint.settings import HostPolicy, MediaPorts
from translator.errors import PlanError
from translator.plan.components import is_edge
from translator.plan.model import Plan
from translator.ports import PortRange

__all__ = ["check_policies"]

# Pairs are compared; no host has a tenth of it.
_MAX_POLICIES: Final = 1000
_NO_MEDIA: Final = frozenset({"client.communicator_2007r2", "client.sip_dynamic"})
_EDGE: Final = "edge_server"


def check_policies(chosen: Chosen, plan: Plan, setting_of: SettingOf) -> Iterator[EndpointFinding]:
    """Yield what is wrong with host policies, and media that none of them marks.

    Raises:
        PlanError: more policies than can be compared.
    """
    policies = chosen.policies
    if len(policies) > _MAX_POLICIES:
        raise PlanError(
            f"{len(policies)} host policies",
            where=policies[_MAX_POLICIES].where,
            hint=f"at most {_MAX_POLICIES} fit a plan; import the hosts of one kind",
        )
    of_plan = chosen.exported.rows if chosen.exported else ()
    for policy in policies:
        if row_id_of_policy(policy.name) not in of_plan:
            yield from _one(policy, plan)
    marking = [policy for policy in policies if policy.code_point is not None]
    yield from _collisions(marking, plan)
    if chosen.exported is None:  # a whole export leaves media out on purpose, and says so
        yield from _unmarked(chosen, marking, plan, setting_of)


def _one(policy: HostPolicy, plan: Plan) -> Iterator[EndpointFinding]:
    name = repr(policy.name)
    has_ports = policy.source_ports is not None or policy.destination_ports is not None
    if policy.throttle_bps is not None:
        yield finding(
            "policy-throttles",
            f"policy {name} limits its traffic to {policy.throttle_bps} bit/s",
            policy.where,
            cure=_without_throttle(policy),
        )
    if policy.code_point is None:
        return
    addresses = (policy.source_prefix, policy.destination_prefix)
    if not has_ports and not policy.application and addresses == (None, None):
        yield finding(
            "policy-marks-all",
            f"policy {name} marks everything {policy.code_point}",
            policy.where,
            cure=_remove(policy),
        )
    elif not has_ports:
        what = program_of(policy) or "all between addresses"
        yield finding(
            "policy-without-ports",
            f"policy {name} marks {policy.code_point} whatever port {what} uses",
            policy.where,
            cure=_with_ports(policy, plan),
        )
    elif is_edge("", program_of(policy)) and policy.destination_ports is None:
        yield finding(
            "policy-edge-source",
            f"policy {name} matches source ports {policy.source_ports}, an Edge sends from 3478 "
            "and 443",
            policy.where,
        )


def _remove(policy: HostPolicy) -> str:
    return f"Remove-NetQosPolicy -Name {argument(policy.name)}"


def _without_throttle(policy: HostPolicy) -> str:
    if policy.code_point is None:
        return _remove(policy)
    return f"{_remove(policy)}; {policy_line(replace(policy, throttle_bps=None))}"


def _with_ports(policy: HostPolicy, plan: Plan) -> str:
    """The command that gives the policy the ports of its program's row, or takes it away."""
    for row in plan.rows:
        is_its = program_of(policy) == program_name(row.executable) != ""
        if is_its and row.code_point == policy.code_point and row.source_ports:
            return set_source_ports(policy.name, row.source_ports[0])
    return _remove(policy)


def _collisions(policies: Sequence[HostPolicy], plan: Plan) -> Iterator[EndpointFinding]:
    """Pairs of which Windows' rules say nothing, or the other than the order of the plan's rows."""
    order = {row.id: at for at, row in enumerate(plan.rows)}
    for one, other in combinations(policies, 2):
        if one.code_point == other.code_point or not meet(one, other):
            continue
        winner = stronger(one, other)
        if winner is None:
            yield _collision(one, other, "the rules of Windows do not say which counts")
            continue
        loser = other if winner is one else one
        wins, loses = (order.get(row_id_of_policy(item.name) or "") for item in (winner, loser))
        if wins is not None and loses is not None and loses < wins:
            result = f"the plan lets {loser.name!r} decide, Windows applies {winner.name!r}"
            yield _collision(one, other, result)


def _collision(one: HostPolicy, other: HostPolicy, result: str) -> EndpointFinding:
    return finding(
        "policies-collide",
        f"policies {one.name!r} ({one.code_point}) and {other.name!r} ({other.code_point}, "
        f"{place(other.where)}) match the same packets; {result}",
        one.where,
        other.where,
        cure=f"Get-NetQosPolicy -Name {argument(one.name)}, {argument(other.name)} | Format-List",
    )


def _programs(plan: Plan, setting_of: SettingOf) -> dict[str, set[str]]:
    """The programs of each component, such as lync.exe of `client`."""
    found: dict[str, set[str]] = {}
    for row in plan.rows:
        name = setting_of(row)
        if name is not None and row.executable:
            found.setdefault(name.partition(".")[0], set()).add(program_name(row.executable))
    return found


def _unmarked(
    chosen: Chosen, policies: Sequence[HostPolicy], plan: Plan, setting_of: SettingOf
) -> Iterator[EndpointFinding]:
    """Media of components for which there are policies, none of them for their ports."""
    programs, marks = _programs(plan, setting_of), marks_of(plan)
    components: dict[str, list[MediaPorts]] = {}
    for item in chosen.ports.values():
        component = item.name.partition(".")[0]
        if item.block is not None and item.name not in _NO_MEDIA and component != _EDGE:
            components.setdefault(component, []).append(item)
    for component, items in components.items():
        mine = [p for p in policies if _speaks_for(p, items, programs.get(component, set()))]
        for item in items if mine else ():
            if item.block is not None and not any(_marks(policy, item) for policy in mine):
                ports = item.block.range
                yield finding(
                    "media-unmarked",
                    f"no policy marks {item.name}, ports {ports} of {item.scope}",
                    item.where,
                    mine[0].where,
                    cure=_new_policy(item.name, ports, mine[0], marks),
                )


def _new_policy(
    name: str, ports: PortRange, like: HostPolicy, marks: Mapping[str, CodePoint]
) -> str:
    """The command that adds a policy; "" where the plan has no single code point for its medium."""
    mark = marks.get(name.partition(".")[2])
    if mark is None:
        return ""
    program = (
        ""
        if like.application is None
        else f" -AppPathNameMatchCondition {argument(like.application)}"
    )
    return (
        f"New-NetQosPolicy -Name {name}{program} -IPSrcPortStartMatchCondition {ports.low} "
        f"-IPSrcPortEndMatchCondition {ports.high} -DSCPAction {mark}"
    )


def _speaks_for(policy: HostPolicy, items: Sequence[MediaPorts], programs: set[str]) -> bool:
    program = program_of(policy)
    return program in programs if program else any(_marks(policy, item) for item in items)


def _marks(policy: HostPolicy, item: MediaPorts) -> bool:
    if policy.destination_ports is not None or item.block is None:
        return False
    ports, block = policy.source_ports, item.block.range
    if ports is None or beside(ports, block):
        return True
    return ports.low <= block.low and block.high <= ports.high
