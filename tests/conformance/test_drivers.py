"""Every registered driver against every shape of device; a new platform enters without new code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from conformance.shapes import (
    SHAPES,
    Accepted,
    accepted_cases,
    family_of,
    interface_name,
    outcome,
)
from support.corpus import corpus_files

from tests.support.values import replace
from translator.drivers.base import Driver, Rendered
from translator.drivers.registry import driver, driver_names
from translator.errors import TranslatorError
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents, InterfaceIntents, QueuingIntent, Role
from translator.verify import Proof, prove

GOLDEN = Path(__file__).with_name("golden")
ACCEPTED = accepted_cases()
HOSTILE = [
    "e0\nend",
    "e0\rend",
    "e0\0",
    "e0\u2028end",
    "e0; reboot",
    "e0`reboot`",
    "$(reboot)",
    "e0\x1b[2J",
    'e0" x',
    "e0' x",
    "e" * 300,
]


def accepted(platform: str, shape: str) -> Accepted:
    found = outcome(platform, shape)
    assert isinstance(found, Accepted)
    return found


def proof_of(case: Accepted, text: str) -> Proof:
    return prove(case.wanted, case.driver.parse(text, file="rendered"), case.driver.capabilities)


@pytest.mark.parametrize(("platform", "shape"), ACCEPTED)
def test_what_is_rendered_is_proven(platform: str, shape: str) -> None:
    case = accepted(platform, shape)
    proof = proof_of(case, case.rendered.config)
    assert proof.ok, proof


@pytest.mark.parametrize(("platform", "shape"), ACCEPTED)
def test_every_line_of_its_own_is_understood(platform: str, shape: str) -> None:
    case = accepted(platform, shape)
    parsed = case.driver.parse(case.rendered.config, file="rendered")
    assert parsed.unread == ()
    assert parsed.qos_lines == parsed.understood
    assert parsed.qos_lines


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("platform", driver_names())
def test_text_and_refusals_stay_as_reviewed(
    platform: str, shape: str, request: pytest.FixtureRequest
) -> None:
    found = outcome(platform, shape)
    if isinstance(found, Accepted):
        whole = f"{found.rendered.config}\n----- removal\n{found.rendered.removal}"
    else:
        assert found.hint, "a refusal names the nearest thing that can be expressed"
        whole = f"refused: {found}\n  hint: {found.hint}\n"
    expected = GOLDEN / platform / f"{shape}.txt"
    if request.config.getoption("--update-golden"):
        expected.parent.mkdir(parents=True, exist_ok=True)
        expected.write_text(whole, encoding="utf-8")
    assert whole == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize(("platform", "shape"), ACCEPTED)
def test_rendering_is_deterministic(platform: str, shape: str) -> None:
    case = accepted(platform, shape)
    assert case.driver.render(case.wanted) == case.rendered


@pytest.mark.parametrize("platform", driver_names())
def test_each_platform_can_do_something(platform: str) -> None:
    """A driver that refuses every shape would pass all other tests here."""
    done = {shape for name, shape in ACCEPTED if name == platform}
    assert done & {"small-office", "branch", "access"}


def _mistakes(text: str) -> Iterator[tuple[str, str]]:
    """The text with one mistake put in, for each kind that the text offers."""
    for right, wrong in (("20039", "20040"), ("20040", "20041"), ("20000", "19999")):
        for found in re.finditer(rf"(?<!\d){right}(?!\d)", text):
            line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
            if not re.search(r"remark|description|/\*|#|comment|LYNC_RULES", line):
                yield f"{right} -> {wrong}", text[: found.start()] + wrong + text[found.end() :]


@pytest.mark.parametrize(("platform", "shape"), [case for case in ACCEPTED if case[1] != "transit"])
def test_one_port_off_is_found(platform: str, shape: str) -> None:
    case = accepted(platform, shape)
    mistakes = list(_mistakes(case.rendered.config))
    assert mistakes
    assert not [what for what, changed in mistakes if proof_of(case, changed).ok]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize(("platform", "shape"), ACCEPTED)
def test_a_hostile_name_never_becomes_a_line(platform: str, shape: str, name: str) -> None:
    """Names are checked when they enter; a driver given one all the same refuses it too."""
    case = accepted(platform, shape)
    first, *rest = case.wanted.interfaces
    with pytest.raises(TranslatorError):
        case.driver.render(replace(case.wanted, interfaces=(replace(first, name=name), *rest)))
    with suppress(TranslatorError):
        text = case.driver.render(replace(case.wanted, device=name, plan=name))
        assert _commands(text) == _commands(case.rendered)


def _commands(text: Rendered) -> list[str]:
    """The lines that a device would act on: names of device and plan stand in comments only."""
    return [
        line
        for line in text.config.splitlines()
        if not line.lstrip().startswith(("!", "#", "/*", "*"))
        and not re.search(r"\bdescription\b|\bremark\b|comment", line)
    ]


@pytest.mark.parametrize("platform", driver_names())
def test_no_text_makes_a_reader_crash(platform: str) -> None:
    found = driver(platform)
    for text in ("", "\n", "\r\n\r\n", "{", "}", "interface", "\ufeff", "set\nset\n", "!" * 5000):
        parsed = _parse_or_refuse(found, text)
        assert parsed is None or isinstance(parsed, DeviceQos)


def _parse_or_refuse(found: Driver, text: str) -> DeviceQos | None:
    try:
        return found.parse(text, file="odd")
    except TranslatorError:
        return None


@pytest.mark.parametrize("platform", driver_names())
def test_real_configurations_are_read_line_by_line(platform: str) -> None:
    """No crash on real text; each QoS line is either understood or named as unread."""
    paths = corpus_files(platform) or corpus_files(family_of(platform))
    if not paths:
        pytest.skip(f"no corpus for {platform} on this machine")
    found = driver(platform)
    lines = 0
    for path in paths:
        parsed = _parse_or_refuse(found, path.read_bytes().decode("utf-8", "replace"))
        if parsed is None:
            continue
        assert set(parsed.understood) <= set(parsed.qos_lines), path.name
        left = set(parsed.qos_lines) - set(parsed.understood)
        assert left == {item.line for item in parsed.unread}, path.name
        lines += len(parsed.qos_lines)
    assert lines


def test_names_of_interfaces_are_the_platforms_own() -> None:
    assert interface_name("juniper_junos_srx", "A").startswith("ge-")
    assert interface_name("tomato64", "B") == "vlan2"


def test_a_role_without_intents_renders_nothing_to_prove() -> None:
    """The empty device is the neutral element: nothing wanted, nothing found."""
    empty = DeviceIntents("r1", "p", (InterfaceIntents("e0", Role.UPLINK),))
    for platform in driver_names():
        found = driver(platform)
        assert prove(empty, found.parse(""), found.capabilities).verdict in ("equal", "unknown")


def test_queuing_needs_a_default_queue() -> None:
    with pytest.raises(TranslatorError, match="default queue"):
        QueuingIntent(())
