"""Where on a Linux router a run keeps what, and how it starts with the kept configuration."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from translator.drivers.change import Work
from translator.errors import UsageError

__all__ = ["Places", "setting_path"]

_FOLDER: Final = "/var/lib/qos-translator"
_UNITS: Final = "/etc/systemd/system"
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._-]+)+")


@dataclass(frozen=True, slots=True)
class Places:
    """Paths on the router.

    Attributes:
        folder: below which everything lies; only root may look into it.
        run: the run's own folder.
        units: where units of systemd lie; "": the owner starts the kept script himself.
    """

    folder: str
    run: str
    units: str
    unit_name: str = "qos-translator.service"

    @classmethod
    def of(cls, work: Work) -> Places:
        """Return the places of a run.

        Raises:
            UsageError: a setting is no path, or `boot` is neither systemd nor manual.
        """
        folder = setting_path(work, "folder", _FOLDER)
        boot = work.options.get("boot", "systemd")
        if boot not in ("systemd", "manual"):
            raise UsageError(f"{work.device}: boot is {boot!r}", hint="it is `systemd` or `manual`")
        units = setting_path(work, "units", _UNITS) if boot == "systemd" else ""
        return cls(folder, f"{folder}/runs/{work.run}", units)

    @property
    def runs(self) -> str:
        """The folder of the runs' folders."""
        return f"{self.folder}/runs"

    @property
    def lock(self) -> str:
        """The link whose target names who holds the router."""
        return f"{self.folder}/lock"

    @property
    def kept_script(self) -> str:
        """The script that made the configuration that was kept last; the boot runs it."""
        return f"{self.folder}/current.sh"

    @property
    def kept_state(self) -> str:
        """What the kernel showed after it."""
        return f"{self.folder}/current.state"

    @property
    def unit(self) -> str:
        """The unit that runs it; "" without."""
        return f"{self.units}/{self.unit_name}" if self.units else ""

    def file(self, name: str) -> str:
        """Return a file of the run."""
        return f"{self.run}/{name}"


def setting_path(work: Work, name: str, default: str) -> str:
    """Return a setting that is a path on the router.

    Raises:
        UsageError: it is none.
    """
    path = work.options.get(name, default)
    if not _PATH.fullmatch(path) or "/../" in f"{path}/":
        raise UsageError(
            f"{work.device}: {name} {path!r} is no absolute path",
            hint="letters, digits and . _ - between slashes",
        )
    return path
