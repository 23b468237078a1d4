"""What like hosts share: the first of a fleet works it out, whatever thread it runs in."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from audit.repair.foreign_ios import around
from audit.repair.repair_checks import intents_for

from translator.audit.repair import compute
from translator.drivers.change import Identity, Running
from translator.drivers.registry import driver
from translator.inventory.model import Host
from translator.push import device
from translator.push.change import Change
from translator.push.proofs import Proofs
from translator.push.session import Session

IOS = driver("cisco_ios")
INTENTS = intents_for("cisco_ios", "GigabitEthernet0/1=client", "Gi0/0=wan:10M")
TEXT = around(IOS.render(INTENTS).config).replace("range 20000 20039", "range 20001 20040")
HOSTS = ("one", "two", "three", "four", "five")


def unopened() -> Session:
    raise AssertionError("the configuration is at hand")


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> Callable[[str, Proofs], Change]:
    """Plans the change of a host that differs from the others where no QoS is."""

    def read(host: Host, *_: object) -> tuple[Identity, Running]:
        number = 10 + HOSTS.index(host.name)
        text = TEXT.replace("ip address 10.1.0.1", f"ip address 10.1.0.{number}")
        return Identity(host.name, "", "", True), Running(text)

    monkeypatch.setattr(device, "read_device", read)

    def plan(name: str, proofs: Proofs) -> Change:
        wanted = replace(INTENTS, device=name)
        host = Host(name, "cisco_ios", "cisco_ios")
        return device.plan_change(host, wanted, unopened, proofs=proofs).change

    return plan


def test_threads_search_once_for_like_hosts(
    planned: Callable[[str, Proofs], Change], monkeypatch: pytest.MonkeyPatch
) -> None:
    searches = []
    search = compute.search
    monkeypatch.setattr(
        compute,
        "search",
        lambda case, **how: searches.append(case.intents.device) or search(case, **how),
    )
    proofs = Proofs()
    with ThreadPoolExecutor(len(HOSTS)) as threads:
        changes = list(threads.map(lambda name: planned(name, proofs), HOSTS))
    assert len(searches) == 1
    alone = planned("five", Proofs())
    assert [each.device for each in changes] == list(HOSTS)
    assert {each.work.lines for each in changes} == {alone.work.lines}
    assert changes[-1].after == alone.after
    assert changes[-1].proof == alone.proof


def test_a_turn_ends_with_what_goes_wrong_in_it() -> None:
    proofs = Proofs()
    with pytest.raises(ValueError, match="x"), proofs.turn():
        raise ValueError("x")
    with proofs.turn() as space:
        assert space is proofs.space
