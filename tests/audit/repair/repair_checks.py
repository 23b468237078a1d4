"""What a repair promises, recomputed here from texts and behaviours without asking the repair."""

from __future__ import annotations

from itertools import product

from tests.support.values import replace
from translator.audit.repair import Repair, repair
from translator.errors import TranslatorError
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents
from translator.inventory.adhoc import adhoc_host
from translator.inventory.job import Job
from translator.plan.load import load_plan
from translator.verify.behaviour import ProgramCache, behaviour_of_programs
from translator.verify.conditions import packets_of
from translator.verify.diagram import EVERYTHING, NOTHING, Node, Space
from translator.verify.names import spelled_out
from translator.verify.prove import domain_of, prove

__all__ = ["Bench", "intents_for"]

SPACE = Space()


def intents_for(platform: str, *interfaces: str, plan: str = "lync-2013") -> DeviceIntents:
    """Return the lowered intents of a device that is given on the command line."""
    return Job(load_plan(plan)).intents(adhoc_host(platform, interfaces, ()))


class Bench:
    """One running text with the intents for it; every check recomputes what it needs."""

    def __init__(self, driver, text: str, intents: DeviceIntents) -> None:
        SPACE.recycle()
        self.driver = driver
        self.text = text
        self.intents = intents
        self.before = driver.parse(text)
        self.ready: dict[int, tuple[DeviceQos, ProgramCache]] = {}
        asked = {spelled_out(self.before, item.name) for item in intents.interfaces}
        names = dict.fromkeys(item.name for item in self.before.interfaces)
        # Parts of an asked interface without QoS of their own follow it.
        self.asked = asked | {n for n in names if n.split(".")[0].split(" ")[0] in asked}
        self.names = tuple(dict.fromkeys((*names, *asked, "*")))
        self.domain = domain_of(intents, driver.capabilities)

    def repaired(self, **options) -> Repair:
        options = {"snippet": True, "space": SPACE, **options}
        return repair(self.driver, self.text, self.intents, **options)

    def outcome(self, **options) -> Repair | TranslatorError:
        """The repair, or why there is none."""
        try:
            return self.repaired(**options)
        except TranslatorError as error:
            return error

    def check(self, found: Repair, *, hitless: bool = True) -> None:
        """All promises of a repair but the refusals."""
        after = self.driver.apply(self.text, found.commands)
        assert after == found.text
        self.check_result(after)
        self.check_others(self.driver.parse(after))
        self.check_rollback(after, found)
        self.check_second(after)
        assert hitless == (not found.gaps)
        if hitless and not found.atomic:
            self.check_steps(found)

    def check_result(self, after: str) -> None:
        parsed = self.driver.parse(after)
        proof = prove(self.intents, parsed, self.driver.capabilities, SPACE)
        assert proof.ok, proof.problem
        assert len(parsed.unread) <= len(self.before.unread)

    def check_others(self, after: DeviceQos) -> None:
        foreign = [name for name in self.names if name not in self.asked and name != "*"]
        for way in ways(foreign):
            assert self.same(self.before, after, *way), way
        for name in foreign:
            assert queues(self.before, name) == queues(after, name)

    def check_rollback(self, after: str, found: Repair) -> None:
        back = self.driver.apply(after, found.rollback)
        restored = self.driver.parse(back)
        for way in ways(self.names):
            assert self.same(self.before, restored, *way), way
        for name in self.names:
            assert queues(self.before, name) == queues(restored, name)

    def check_second(self, after: str) -> None:
        again = repair(self.driver, after, self.intents, snippet=True, space=SPACE)
        assert again.commands == ()

    def check_steps(self, found: Repair) -> None:
        """After every single command each packet meets its old or its new treatment."""
        after = self.driver.parse(found.text)
        domain = EVERYTHING if self.domain is None else packets_of(self.domain, SPACE)
        for count in range(1, len(found.commands)):
            text = self.driver.apply(self.text, found.commands[:count])
            meanwhile = self.driver.parse(text)
            for way in ways(self.names):
                ends = (self.node(self.before, *way), self.node(after, *way))
                if self.node(meanwhile, *way) in ends:
                    continue
                for part in parts(way):
                    old = self.unlike(self.before, meanwhile, way, part)
                    new = self.unlike(after, meanwhile, way, part)
                    third = SPACE.intersection(domain, SPACE.intersection(old, new))
                    assert third == NOTHING, (count, found.commands[count - 1], way, part)

    def same(self, one: DeviceQos, other: DeviceQos, entry, leave) -> bool:
        return self.node(one, entry, leave) == self.node(other, entry, leave)

    def node(self, device: DeviceQos, entry, leave) -> Node:
        """The treatments on one way; a device is made ready to run once."""
        kept, cache = self.ready.setdefault(id(device), (device, ProgramCache()))
        return behaviour_of_programs(cache.between(kept, entry, leave), SPACE)

    def unlike(self, one: DeviceQos, other: DeviceQos, way, part) -> Node:
        """The packets whose treatment differs in the given parts."""
        nodes = [SPACE.map_leaves(self.node(device, *way), part) for device in (one, other)]
        return SPACE.combine(*nodes, lambda _a, _b: True)


def ways(names):
    yield from ((name, None) for name in names)
    yield from ((None, name) for name in names)
    yield from ((a, b) for a, b in product(names, names) if a != b)


def parts(way):
    """At one end a treatment counts as a whole; between two ends marking and service by itself."""
    if None in way:
        return (lambda treatment: treatment,)
    return (
        lambda treatment: ("marking", treatment.marking, treatment.dropped),
        lambda treatment: ("service", treatment.service),
        lambda treatment: ("policed", treatment.policed_bps),
    )


def queues(device: DeviceQos, name: str):
    found = device.interface(name).queuing
    if found is None:
        return None
    return replace(found, lines=(), classes=tuple(replace(c, lines=()) for c in found.classes))
