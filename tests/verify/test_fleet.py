"""What differs in interface names only is proven once, and nothing else is."""

from __future__ import annotations

import pytest
from conformance.shapes import Accepted, accepted_cases, outcome

from tests.support.values import replace
from translator.drivers.base import Rendered
from translator.drivers.registry import driver
from translator.errors import ProofError
from translator.intents.capabilities import Capabilities
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents
from translator.verify.fleet import Prover
from translator.verify.prove import prove, render_proven

# The same interfaces, some ports further: one digit more, another slot, another unit.
OTHER_NAMES = {
    "GigabitEthernet0/": "GigabitEthernet0/1",
    "GigabitEthernet1/0/": "GigabitEthernet1/0/2",
    "Ethernet1/": "Ethernet1/1",
    "ge-0/0/": "ge-1/0/1",
    "Ethernet": "Ethernet1",
    "eth": "eth1",
    "vlan": "vlan1",
    "br": "br1",
}


def moved(intents: DeviceIntents) -> DeviceIntents:
    """The intents on other interfaces of the same kind."""

    def name(old: str) -> str:
        start = max((key for key in OTHER_NAMES if old.startswith(key)), key=len)
        return OTHER_NAMES[start] + old[len(start) :]

    return replace(
        intents,
        device="another",
        interfaces=tuple(replace(item, name=name(item.name)) for item in intents.interfaces),
    )


class Counting:
    """A driver that counts how often it is asked to read, and may spoil what it writes."""

    def __init__(self, platform: str, spoil: tuple[str, str] = ("", "")) -> None:
        self._driver = driver(platform)
        self._spoil = spoil
        self.platform = platform
        self.title = self._driver.title
        self.session = self._driver.session
        self.reads = 0

    @property
    def capabilities(self) -> Capabilities:
        return self._driver.capabilities

    def render(self, intents: DeviceIntents) -> Rendered:
        text = self._driver.render(intents)
        return replace(text, config=text.config.replace(*self._spoil))

    def parse(self, text: str, *, file: str = "<config>") -> DeviceQos:
        self.reads += 1
        return self._driver.parse(text, file=file)


def accepted(platform: str, shape: str) -> DeviceIntents:
    found = outcome(platform, shape)
    assert isinstance(found, Accepted)
    return found.wanted


@pytest.mark.parametrize(("platform", "shape"), accepted_cases())
def test_interface_names_are_only_names(platform: str, shape: str) -> None:
    """What the shared proof rests on: on other interfaces each driver writes the same proof."""
    here = accepted(platform, shape)
    there = moved(here)
    shared = Prover()
    shared.render(driver(platform), here)
    text, proof = shared.render(driver(platform), there)
    alone = prove(there, driver(platform).parse(text.config), driver(platform).capabilities)
    assert proof == alone
    assert proof.ok


def test_the_second_device_of_a_kind_is_not_read_again() -> None:
    counting = Counting("cisco_ios")
    prover = Prover()
    here = accepted("cisco_ios", "branch")
    prover.render(counting, here)
    _, proof = prover.render(counting, moved(here))
    assert counting.reads == 1
    assert proof.pairs
    assert all(name in ("*", *(i.name for i in moved(here).interfaces)) for name in proof.pairs[0])


def test_other_intents_are_never_taken_for_the_same() -> None:
    """Equal text is not enough: the same lines are wrong where something else is wanted."""
    counting = Counting("cisco_ios", spoil=("priority percent 10", "priority percent 11"))
    prover = Prover()
    here = accepted("cisco_ios", "branch")
    with pytest.raises(ProofError):
        prover.render(Counting("cisco_ios", spoil=("20039", "20038")), here)
    with pytest.raises(ProofError):
        prover.render(Counting("cisco_ios", spoil=("set dscp ef", "set dscp cs5")), here)
    wider = replace(here, interfaces=(replace(here.interfaces[0], reset=()), here.interfaces[1]))
    prover.render(counting, here)
    assert counting.reads == 1
    prover.render(counting, wider)
    assert counting.reads == 2


def test_another_kind_of_interface_is_read_for_itself() -> None:
    counting = Counting("cisco_ios")
    prover = Prover()
    here = accepted("cisco_ios", "branch")
    prover.render(counting, here)
    first, *rest = here.interfaces
    prover.render(counting, replace(here, interfaces=(replace(first, name="Serial0/0"), *rest)))
    assert counting.reads == 2


def test_a_shared_space_gives_the_proof_of_a_fresh_one() -> None:
    prover = Prover()
    for shape in ("access", "branch", "transit"):
        wanted = accepted("cisco_ios", shape)
        _, shared = prover.render(driver("cisco_ios"), wanted)
        _, fresh = render_proven(driver("cisco_ios"), wanted)
        assert shared == fresh
