"""Where a plan's rows belong: behind which role of interface their senders sit."""

from __future__ import annotations

from translator.intents.model import Role
from translator.plan.groups import CLIENT_GROUPS, outside_groups
from translator.plan.legs import senders_of
from translator.plan.model import Plan, PlanRow

__all__ = ["comes_from_outside", "concerns"]


def comes_from_outside(plan: Plan, row: PlanRow) -> bool:
    """Whether the row's packets enter by the site's Internet line."""
    senders = senders_of(row)
    return bool(senders) and outside_groups(plan).issuperset(senders)


def concerns(plan: Plan, row: PlanRow, role: Role) -> bool:
    """Whether the senders of a row sit behind an interface of the role.

    A row without a source group is a client's own: "any" in the plan means whatever host runs the
    program.
    """
    if role in (Role.UPLINK, Role.WAN):
        return False
    senders = set(senders_of(row))
    if role is Role.SERVER:
        return bool(senders) and not senders & (CLIENT_GROUPS | outside_groups(plan))
    if role is Role.PHONE:
        return senders <= CLIENT_GROUPS
    return senders <= {"clients"}
