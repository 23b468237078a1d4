"""Pushes as a process of its own: one child for each line of its input, so that each can be killed.

It stays small and without threads, so that its children are there at once. A line of input holds
address, port, file of known hosts and journal; it answers with the child's number, then with how
the child ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from devices import Faults
from push.faults import wanted_of
from push.ios.cases import ROUTER

from translator.drivers.change import Channel, Running
from translator.drivers.registry import driver
from translator.inventory.model import Host
from translator.push.change import make_change
from translator.push.credentials import Credentials
from translator.push.device import change_device
from translator.push.host_keys import HostKeys
from translator.push.journal import Journal
from translator.push.netmiko_session import Endpoint, opener
from translator.push.secret import Secret
from translator.push.session import Deadlines


def push(address: str, port: str, known_hosts: str, journal: str) -> None:
    endpoint = Endpoint(
        "r1", address, "cisco_ios", Channel.CLI, int(port), Deadlines(settle_s=0.001)
    )
    login = Credentials("admin", Secret("pw"))
    connect = opener(endpoint, login, HostKeys(Path(known_hosts)))
    with Journal(Path(journal)) as opened:
        change_device(Host("r1", "cisco_ios", "cisco_ios"), wanted_of(ROUTER), connect, opened)


def _prepare() -> None:
    """Import and compute once, for all children, what the first push of a process has to."""
    import netmiko  # noqa: F401

    running = Running(ROUTER.build(Faults()).running)
    make_change(driver(ROUTER.driver), "r1", wanted_of(ROUTER), running, revert_s=600)


def main() -> None:
    _prepare()
    for line in sys.stdin:
        child = os.fork()
        if not child:
            push(*line.split())
            os._exit(0)
        print(child, flush=True)
        print(os.waitpid(child, 0)[1], flush=True)


if __name__ == "__main__":
    main()
