"""Many hosts at one time: each has its own end, in the order of the inventory."""

from __future__ import annotations

import threading

import pytest

from translator.errors import LoginError, ParseError, PreflightError, UnreachableError
from translator.inventory.model import Host
from translator.push import Redactor, Secret
from translator.push.live.many import exit_code_of, on_each

HOSTS = [Host(f"r{number}", "linux", "linux") for number in range(50)]


def test_all_hosts_are_looked_at_and_at_most_so_many_at_one_time():
    lock, inside, most = threading.Lock(), [0], [0]
    done: list[tuple[int, int]] = []

    def look(host: Host) -> str:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        with lock:
            inside[0] -= 1
        return host.name.upper()

    found = on_each(HOSTS, look, Redactor(), forks=7, advance=lambda *at: done.append(at))
    assert [item.value for item in found] == [host.name.upper() for host in HOSTS]
    assert 1 <= most[0] <= 7
    assert done[-1] == (50, 50)


def test_one_bad_host_does_not_lose_the_others_and_tells_no_secret():
    def look(host: Host) -> int:
        if host.name == "r3":
            raise LoginError("device said hunter22", hint="not hunter22")
        if host.name == "r4":
            raise ZeroDivisionError("hunter22 / 0")
        return 1

    found = on_each(HOSTS, look, Redactor([Secret("hunter22")]))
    assert sum(item.value or 0 for item in found) == 48
    assert str(found[3].error) == "device said <secret>"
    assert str(found[4].error) == "r4: unexpected ZeroDivisionError: <secret> / 0"


@pytest.mark.parametrize(
    ("errors", "code"),
    [
        ([], 0),
        ([UnreachableError("a"), LoginError("b")], 4),
        ([PreflightError("a")], 5),
        ([ParseError("a")], 3),
        ([UnreachableError("a"), PreflightError("b")], 3),
    ],
)
def test_errors_that_are_alike_keep_their_exit_code(errors, code: int):
    assert exit_code_of(errors) == code
