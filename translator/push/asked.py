"""What a rollout was asked for: kept with it, so that a later process asks for the same."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from translator.errors import InventoryError, TranslatorError
from translator.intents.model import DeviceIntents
from translator.inventory.failures import failure_of
from translator.inventory.job import Job
from translator.inventory.model import Host
from translator.inventory.targets import Target
from translator.plan.load import load_plan
from translator.push.pace import Pace

__all__ = ["Asked", "Scope", "lasting_name"]


@dataclass(frozen=True, slots=True)
class Scope:
    """The hosts of a rollout and what is wanted of each.

    Attributes:
        intents: by host name, in the form that the host's platform can express.
        failed: why there are none for some hosts.
        notes: sentences on how the hosts were chosen, and on the plan.
    """

    hosts: tuple[Host, ...]
    intents: Mapping[str, DeviceIntents]
    failed: Mapping[str, TranslatorError]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """The options that decide what is done.

    Attributes:
        inventory, plan: as the user named them, files by their whole path.
        revert_s: after this time without confirmation a device goes back by itself.
        saved: file of the plan that was reviewed; "" where none was.
        of: the run that is taken back; "" for a push.
    """

    inventory: str
    plan: str
    limit: str | None = None
    addresses: tuple[str, ...] = ()
    revert_s: int = 300
    any_hostname: bool = False
    saved: str = ""
    of: str = ""
    pace: Pace = field(default_factory=Pace)

    def scope(self) -> Scope:
        """Return the hosts, and what the plan wants of each; one that fails loses no other.

        Raises:
            InventoryError, UsageError, PlanError: nothing of it can be read.
            TranslatorError: the only host failed, or all did for one reason.
        """
        chosen = Target(self.inventory, self.limit, addresses=self.addresses).choose()
        plan = load_plan(self.plan)
        job = Job(plan)
        intents: dict[str, DeviceIntents] = {}
        failed: dict[str, TranslatorError] = {}
        for host in chosen.hosts:
            try:
                intents[host.name] = job.intents(host)
            except TranslatorError as error:
                failed[host.name] = error
        if not intents:
            pairs = [(host, failed[host.name]) for host in chosen.hosts]
            raise failure_of(pairs, len(pairs), plan.where)
        findings = (f"plan check: {item}" for item in job.contradictions(chosen.hosts))
        return Scope(chosen.hosts, intents, failed, (*findings, *chosen.notes))

    def hosts(self) -> dict[str, Host]:
        """Return the hosts by name, whatever the plan wants of them.

        Raises:
            InventoryError, UsageError: as `Target.choose`.
        """
        if not self.inventory:
            raise InventoryError("no inventory says where devices are", hint="add -i PATH")
        return {host.name: host for host in Target(self.inventory, self.limit).choose().hosts}


def lasting_name(name: str) -> str:
    """Return the name of a file, wherever a later process is started; of a preset, itself."""
    return os.path.abspath(name) if os.path.exists(name) else name
