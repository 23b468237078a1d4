"""What commands are given that hold devices to a plan: the plan, and which devices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from translator.cli.options import (
    STANDARD,
    Address,
    Folder,
    Interface,
    Limit,
    PlanName,
    Platform,
)

if TYPE_CHECKING:
    from translator.inventory.job import Job
    from translator.inventory.targets import Target

__all__ = ["Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A plan, and the devices of an inventory, or the one of the command line, that it is for."""

    plan: PlanName = STANDARD
    folder: Folder = None
    limit: Limit = None
    platform: Platform = None
    interface: Interface = None
    address: Address = None

    @property
    def target(self) -> Target:
        """Which devices are named, as they were given."""
        from translator.inventory.targets import Target

        interfaces, addresses = tuple(self.interface or ()), tuple(self.address or ())
        return Target(self.folder, self.limit, self.platform, interfaces, addresses)

    def job(self) -> Job:
        """Return what is to be done with each of them.

        Raises:
            PlanError: the plan cannot be read.
        """
        from translator.inventory.job import Job
        from translator.plan.load import load_plan

        return Job(load_plan(self.plan))
