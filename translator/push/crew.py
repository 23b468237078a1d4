"""Nornir carries out work on many hosts at once: our inventory in its form, its threaded runner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, TypeVar

from translator.inventory.model import Host
from translator.push.brake import Brake

if TYPE_CHECKING:
    from nornir.core import Nornir
    from nornir.core.task import Task

__all__ = ["Crew", "Gathered", "nornir_of"]

_T = TypeVar("_T")


def nornir_of(hosts: Sequence[Host], forks: int) -> Nornir:
    """Return a Nornir object with these hosts and its threaded runner.

    It holds no password: sessions get theirs from `Connections`. Nothing of the user's Nornir
    settings is read, and no logging is set up.
    """
    from nornir.core import Nornir
    from nornir.core.inventory import Defaults, Groups, Hosts, Inventory
    from nornir.core.inventory import Host as NornirHost
    from nornir.plugins.runners import ThreadedRunner

    entries = {
        host.name: NornirHost(
            name=host.name,
            hostname=host.address,
            port=host.port,
            username=host.username,
            platform=host.platform,
            data={"host": host},
        )
        for host in hosts
    }
    inventory = Inventory(hosts=Hosts(entries), groups=Groups(), defaults=Defaults())
    return Nornir(inventory=inventory, runner=ThreadedRunner(num_workers=forks))


@dataclass(slots=True)
class Gathered(Generic[_T]):
    """What was made of each host, and why of some nothing; both in the order of the hosts."""

    made: dict[str, _T] = field(default_factory=dict)
    failed: dict[str, Exception] = field(default_factory=dict)


class Crew:
    """Does work on hosts, at most `forks` of them at one time."""

    def __init__(self, hosts: Sequence[Host], forks: int) -> None:
        self._nornir = nornir_of(hosts, forks)

    def each(self, hosts: Sequence[Host], work: Callable[[Host], None]) -> None:
        """Do work for each of these hosts and wait for all; what it raises ends the others not.

        Raises:
            Exception: the first that the work raised.
        """
        names = {host.name for host in hosts}

        def one(task: Task) -> None:
            work(task.host["host"])

        chosen = self._nornir.filter(filter_func=lambda host: host.name in names)
        for result in chosen.run(task=one, on_failed=True).values():
            if result[0].exception is not None:
                raise result[0].exception

    def gather(
        self,
        hosts: Sequence[Host],
        work: Callable[[Host], _T],
        brake: Brake,
        advance: Callable[[int, int], None],
    ) -> Gathered[_T]:
        """Return what work makes of each host; hosts that the brake came before are in neither."""
        found: dict[str, _T | Exception] = {}

        def one(host: Host) -> None:
            if brake.why:
                return
            try:
                found[host.name] = work(host)
            except Exception as error:  # told with the host; the others go on
                found[host.name] = error
            advance(len(found), len(hosts))

        self.each(hosts, one)
        gathered: Gathered[_T] = Gathered()
        for name in (host.name for host in hosts if host.name in found):
            item = found[name]
            if isinstance(item, Exception):
                gathered.failed[name] = item
            else:
                gathered.made[name] = item
        return gathered
