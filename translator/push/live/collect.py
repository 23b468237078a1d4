"""The running configurations of many hosts into a folder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from translator.inventory.model import Host
from translator.push.live.folder import Kept, file_of, keep
from translator.push.live.many import FORKS, Advance, Ended, on_each
from translator.push.live.read import read_whole
from translator.push.redact import Redactor
from translator.push.session import Opener

__all__ = ["Collected", "collect"]


@dataclass(frozen=True, slots=True)
class Collected:
    """One configuration that was read whole and written."""

    file: Path
    lines: int
    kept: Kept


def collect(
    hosts: Sequence[Host],
    opener: Callable[[Host], Opener],
    folder: Path,
    redactor: Redactor,
    *,
    masked: bool = False,
    forks: int = FORKS,
    advance: Advance | None = None,
) -> tuple[Ended[Collected], ...]:
    """Read each host and write its configuration as HOST.conf; return what came of each.

    The file of a host that cannot be read whole stays as it was.

    Args:
        masked: write the texts without their secrets.
    """

    def look(host: Host) -> Collected:
        file = file_of(folder, host.name)
        text = read_whole(host, opener(host)).text
        written = redactor(text) if masked else text
        return Collected(file, len(written.splitlines()), keep(file, written))

    return on_each(hosts, look, redactor, forks=forks, advance=advance)
