"""The presets beside the standard one, on every platform: rendered and proven, or refused.

One proof for each pair of a preset and a shape that its senders fit; what drivers do with text,
names and mistakes is tested once, with the standard preset.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance.shapes import Accepted, bindings_of, intents_of, outcome, plan_of

from translator.audit.audit import Auditor, Subject
from translator.audit.case import Settings
from translator.audit.model import Judgement, Severity
from translator.drivers.registry import driver_names
from translator.errors import PlanError
from translator.intents.compile import Bindings, InterfaceSpec, compile_intents
from translator.intents.model import Role
from translator.plan.load import STANDARD_PRESET, preset_names
from translator.verify import Proof, prove

GOLDEN = Path(__file__).with_name("golden")
CLOUD = ("access", "branch", "transit", "small-office", "home")
SHAPES_OF = {
    "lync-2010": ("voice", "data-centre", "branch", "small-office"),
    "skype-for-business": ("voice", "data-centre", "branch", "small-office"),
    "microsoft-teams": ("voice", *CLOUD),
    "expressroute-edge": CLOUD,
    "zoom": CLOUD,
    "webex": CLOUD,
}
CASES = [
    (preset, shape, platform)
    for preset, shapes in SHAPES_OF.items()
    for shape in shapes
    for platform in driver_names()
]
# For reviewers: what a preset looks like where it shows most, on one platform of each family.
REVIEWED = [
    (preset, shape, platform)
    for preset, shape in (
        ("lync-2010", "data-centre"),
        ("skype-for-business", "data-centre"),
        ("microsoft-teams", "branch"),
        ("expressroute-edge", "transit"),
        ("zoom", "branch"),
        ("webex", "branch"),
    )
    for platform in ("cisco_ios", "juniper_junos", "linux")
]


def test_every_preset_takes_part():
    assert {*SHAPES_OF, STANDARD_PRESET} == set(preset_names())


@pytest.mark.parametrize(("preset", "shape", "platform"), CASES)
def test_what_is_rendered_is_proven(preset: str, shape: str, platform: str) -> None:
    found = outcome(platform, shape, preset)
    if not isinstance(found, Accepted):
        assert found.hint, "a refusal names the nearest thing that can be expressed"
        return
    assert proof_of(found).ok


def proof_of(found: Accepted) -> Proof:
    parsed = found.driver.parse(found.rendered.config, file="rendered")
    assert parsed.unread == ()
    assert parsed.qos_lines == parsed.understood
    return prove(found.wanted, parsed, found.driver.capabilities)


@pytest.mark.parametrize("preset", SHAPES_OF)
def test_most_platforms_can_do_it(preset: str) -> None:
    """A preset that all refuse would pass the test above."""
    accepted = {
        platform
        for name, shape, platform in CASES
        if name == preset and isinstance(outcome(platform, shape, preset), Accepted)
    }
    assert accepted >= {
        "cisco_ios", "cisco_catalyst", "juniper_junos", "juniper_junos_qfx", "juniper_junos_srx",
        "linux",
    }  # fmt: skip


@pytest.mark.parametrize(("preset", "shape", "platform"), REVIEWED)
def test_text_stays_as_reviewed(
    preset: str, shape: str, platform: str, request: pytest.FixtureRequest
) -> None:
    found = outcome(platform, shape, preset)
    assert isinstance(found, Accepted)
    expected = GOLDEN / platform / f"{preset}.{shape}.txt"
    if request.config.getoption("--update-golden"):
        expected.write_text(found.rendered.config, encoding="utf-8")
    assert found.rendered.config == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("preset", SHAPES_OF)
@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_compiled_or_refused_with_what_to_do(preset: str, role: Role) -> None:
    spec = InterfaceSpec("e0", role, 10_000_000)
    for bindings in ({}, bindings_of(preset)):
        refused = hint_of_refusal(preset, spec, bindings)
        assert refused is None or (refused and role in (Role.CLIENT, Role.PHONE, Role.SERVER))


def hint_of_refusal(preset: str, spec: InterfaceSpec, bindings: Bindings) -> str | None:
    """What to do where no row can be rendered for the role, None where one can."""
    try:
        compile_intents(plan_of(preset), "r1", [spec], bindings)
    except PlanError as refused:
        return refused.hint
    return None


def test_what_microsoft_sends_back_is_marked_on_the_internet_line() -> None:
    (line,) = intents_of("linux", "small-office", "microsoft-teams").interfaces
    marked = {rule.traffic_class.name: rule for rule in line.classifier}
    assert set(marked) == {"audio", "video", "app_sharing"}
    assert all(str(rule.match.sources[0]) == "52.112.0.0/14" for rule in line.classifier)
    assert str(marked["audio"].match.destination_ports[0]) == "50000-50019"


@pytest.mark.parametrize("platform", ["cisco_ios", "juniper_junos_srx", "linux"])
def test_the_edge_lets_five_code_points_pass_and_proves_it(platform: str) -> None:
    """Taking one code point out of the rendered reset is noticed."""
    found = outcome(platform, "transit", "expressroute-edge")
    assert isinstance(found, Accepted)
    for item in found.wanted.interfaces:
        assert set(range(64)) - set(map(int, item.reset)) == {0, 10, 18, 34, 46}
    word = {"cisco_ios": " cs5", "juniper_junos_srx": " cs5", "linux": "cs5, "}[platform]
    assert word in found.rendered.config
    parsed = found.driver.parse(found.rendered.config.replace(word, "", 1), file="rendered")
    assert not prove(found.wanted, parsed, found.driver.capabilities).ok


@pytest.mark.parametrize(("preset", "shape", "platform"), REVIEWED)
def test_an_audit_with_the_preset_finds_it_compliant(
    preset: str, shape: str, platform: str
) -> None:
    found = outcome(platform, shape, preset)
    assert isinstance(found, Accepted)
    specs = tuple(InterfaceSpec(x.name, x.role, x.link_bps) for x in found.wanted.interfaces)
    addresses = tuple((name, tuple(value)) for name, value in bindings_of(preset).items())
    subject = Subject("r1", "r1.conf", found.rendered.config, platform, specs, addresses)
    audit = Auditor(plan_of(preset), Settings(snippet=True)).audit(subject)
    judged = {item.judgement for place in audit.placements for item in place.classes}
    assert judged == {Judgement.COMPLIANT}
    assert not [item for item in audit.findings if item.severity is Severity.ERROR]
