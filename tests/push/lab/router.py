"""The router of the lab as a device to be changed: what is on it, and how it is changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lab.agreement import intents_for
from lab.netns import Lab
from push.lab.sshd import Sshd

from translator.drivers.linux import Linux
from translator.intents.lower import lower
from translator.intents.model import DeviceIntents
from translator.inventory.model import Host
from translator.push import (
    Change,
    Journal,
    Options,
    Outcome,
    Patience,
    Session,
    change_device,
    plan_change,
)

__all__ = ["HOST", "Router", "intents"]

HOST = Host("lab", "linux", "linux")
LINUX = Linux()


def intents(*interfaces: str) -> DeviceIntents:
    """Return what the plan wants of a router with the given interfaces."""
    wanted = interfaces or ("lan=client", "wan=wan:1G")
    return lower(intents_for(*wanted), LINUX.capabilities)


@dataclass(frozen=True, slots=True)
class Router:
    """The router, its server, and the folder that stands for its disk."""

    lab: Lab
    sshd: Sshd
    disk: Path

    @property
    def journal(self) -> Path:
        return self.disk / "journal.sqlite"

    def options(self, revert_s: int = 30) -> Options:
        """A device that is lost is lost for good soon: the lab has no slow links."""
        settings = {"folder": str(self.disk / "state"), "units": str(self.disk / "units")}
        return Options(revert_s, patience=Patience(3.0, 0.2), settings=settings)

    def plan(self, wanted: DeviceIntents, revert_s: int = 30) -> Change:
        return plan_change(HOST, wanted, self.sshd.open, self.options(revert_s)).change

    def push(
        self,
        wanted: DeviceIntents,
        connect: Callable[[], Session] | None = None,
        *,
        revert_s: int = 30,
        planned: Change | None = None,
    ) -> Outcome:
        """Push with a journal on the disk."""
        options = self.options(revert_s)
        with Journal(self.journal) as journal:
            return change_device(
                HOST, wanted, connect or self.sshd.open, journal, options, planned=planned
            )

    def state(self) -> str:
        """Return rules and queues as the kernel shows them."""
        shown = self.lab.run("nft", "list", "ruleset")
        for device in ("lan", "wan"):
            shown += self.lab.run("tc", "qdisc", "show", "dev", device)
            shown += self.lab.run("tc", "class", "show", "dev", device)
        return LINUX.procedures.lasting(shown)

    def leftovers(self) -> list[str]:
        """Return what lies on the disk beside what is kept."""
        state = self.disk / "state"
        runs = [path.name for path in (state / "runs").glob("*")]
        # A link without a file behind it does not exist for `glob`.
        return runs + ["lock"] * (state / "lock").is_symlink()

    def forget(self) -> None:
        """Make the router as new."""
        self.lab.run("nft", "flush", "ruleset")
        for device in ("lan", "wan"):
            self.lab.attempt("tc", "qdisc", "del", "dev", device, "root")
        for path in self.disk.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        (self.disk / "units").mkdir()
