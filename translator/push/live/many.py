"""The same look at many hosts at one time; what goes wrong with one is that host's result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from translator.errors import DriverError, HostsFailedError, TranslatorError
from translator.inventory.model import Host
from translator.push.redact import Redactor, redacted, watch_logs

if TYPE_CHECKING:
    from nornir.core.task import Result, Task

__all__ = ["FORKS", "Ended", "attempt", "exit_code_of", "on_each"]

_T = TypeVar("_T")
FORKS: Final = 20
_ALIKE: Final = (4, 5)
"""Exit codes that say more than that some hosts failed."""
Advance = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Ended(Generic[_T]):
    """What came of one host: a value or an error."""

    host: Host
    value: _T | None = None
    error: TranslatorError | None = None


def on_each(
    hosts: Sequence[Host],
    look: Callable[[Host], _T],
    redactor: Redactor,
    *,
    forks: int = FORKS,
    advance: Advance | None = None,
) -> tuple[Ended[_T], ...]:
    """Look at each host, in threads; return what came of each, in the order of the hosts.

    Args:
        look: called with a host in a thread; what it raises is that host's error, without secrets.
        forks: hosts at one time.
        advance: told how many hosts are done, of how many.
    """
    known = {host.name: host for host in hosts}
    found: dict[str, Ended[_T]] = {}
    lock = Lock()

    def task(task: Task) -> Result:
        from nornir.core.task import Result

        ended = attempt(known[task.host.name], look, redactor)
        with lock:
            found[ended.host.name] = ended
            if advance is not None:
                advance(len(found), len(known))
        return Result(host=task.host)

    with watch_logs(redactor):
        _run(task, known, min(forks, max(1, len(known))))
    return tuple(found[name] for name in known)


def exit_code_of(errors: Iterable[TranslatorError | int]) -> int:
    """Return what errors of hosts come to: 0 without, 4 or 5 if all are so, else 3."""
    codes = {item if isinstance(item, int) else item.exit_code for item in errors}
    if len(codes) == 1 and codes <= set(_ALIKE):
        return codes.pop()
    return HostsFailedError.exit_code if codes else 0


def attempt(host: Host, look: Callable[[Host], _T], redactor: Redactor) -> Ended[_T]:
    """Return what comes of one host; an error without secrets where something fails."""
    try:
        return Ended(host, look(host))
    except Exception as error:
        redacted(error, redactor)
        if isinstance(error, TranslatorError):
            return Ended(host, error=error)
        # The other hosts must not be lost with this one, whatever it was.
        unexpected = DriverError(
            f"{host.name}: unexpected {type(error).__name__}: {error}",
            hint="the other hosts are not affected; please report it",
        )
        return Ended(host, error=unexpected)


def _run(task: Callable[[Task], Result], names: Iterable[str], forks: int) -> None:
    from nornir.core import Nornir
    from nornir.core.inventory import Host as Named
    from nornir.core.inventory import Hosts, Inventory
    from nornir.plugins.runners import ThreadedRunner

    hosts = Hosts({name: Named(name=name) for name in names})
    Nornir(inventory=Inventory(hosts=hosts), runner=ThreadedRunner(num_workers=forks)).run(task)
