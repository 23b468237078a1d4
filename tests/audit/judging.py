"""What the tests of the judgement share: a rendered configuration, edited and judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from conformance.shapes import BINDINGS, Accepted

from translator.audit.case import Case, Settings
from translator.audit.groups import groups_of, specs_to_judge
from translator.audit.judge import Judged, judge
from translator.audit.model import Direction, Finding, Judgement
from translator.drivers.base import Driver
from translator.drivers.registry import driver
from translator.intents.compile import Compiler, InterfaceSpec
from translator.intents.lower import lower
from translator.intents.port import Port
from translator.intents.stages import device_of
from translator.plan.load import load_plan
from translator.verify.behaviour import ProgramCache
from translator.verify.diagram import Space

PLAN = load_plan("lync-2013")
SNIPPET = Settings(snippet=True)
ROUTER = ("Gi0/1=client", "Gi0/2=client", "Gi0/0=wan:10M")


def judged(platform: str, specs: tuple[str, ...], edit: Callable[[str], str] = str) -> Judged:
    """Judge the configuration that is rendered for the interfaces, after an edit."""
    reader = driver(platform)
    asked = [InterfaceSpec.of(text) for text in specs]
    intents = lower(Compiler(PLAN).compile("r1", asked, {}), reader.capabilities)
    return judge(case_of(reader, asked, edit(reader.render(intents).config), {}))


def case_of(
    reader: Driver,
    specs: Sequence[InterfaceSpec],
    text: str,
    bindings: Mapping[str, Sequence[object]] = BINDINGS,
    settings: Settings = SNIPPET,
    *,
    ports: tuple[Port, ...] = (),
    space: Space | None = None,
) -> Case:
    """Return the case of a text, whose interfaces have these roles."""
    found = reader.parse(text)
    groups = groups_of(specs, found, ProgramCache())
    compiled = Compiler(PLAN).compile("r1", specs_to_judge(groups), bindings)
    intents = lower(compiled, reader.capabilities)
    return Case(
        reader,
        text,
        found,
        ports,
        PLAN,
        groups,
        intents,
        device_of(intents),
        space or Space(),
        settings,
    )


def specs_of(case: Accepted) -> list[InterfaceSpec]:
    return [InterfaceSpec(i.name, i.role, i.link_bps) for i in case.wanted.interfaces]


def rows(result: Judged, interface: str, direction: Direction) -> dict[str, Judgement]:
    for placement in result.placements:
        if interface in placement.interfaces and placement.direction is direction:
            return {item.name: item.judgement for item in placement.classes}
    raise AssertionError(f"{interface} {direction} was not judged")


def only(findings: tuple[Finding, ...]) -> Finding:
    assert len(findings) == 1, [item.message for item in findings]
    return findings[0]


def all_but(result: Judged, interface: str, direction: Direction, *names: str) -> set[Judgement]:
    found = rows(result, interface, direction)
    return {judgement for name, judgement in found.items() if name not in names}
