"""What we write: golden text in both forms, proof, removal, refusals, and the vendor's schema."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from shutil import which
from typing import Any
from warnings import catch_warnings, simplefilter

import pytest
from conformance.shapes import SHAPES, intents_of
from drivers.juniper_junos.devices import (
    AUDIO,
    CLIENT,
    DEVICES,
    INTERNET,
    QUEUES,
    RESET,
    UPLINK,
    WAN,
    device,
    random_devices,
    rule,
)
from hypothesis import HealthCheck, given, settings
from support.corpus import shared_file

from tests.support.values import replace
from translator.codepoint import CodePoint
from translator.drivers.base import Driver, Rendered
from translator.drivers.juniper_junos import JuniperJunos, JuniperJunosQfx, JuniperJunosSrx
from translator.errors import DriverError, UnsupportedIntentError
from translator.intents.match import Match
from translator.intents.model import DeviceIntents, QueueIntent, QueuingIntent
from translator.intents.pipeline import Service
from translator.verify import prove

GOLDEN = Path(__file__).with_name("golden")
FAMILIES = {
    "junos": JuniperJunos(),
    "junos-qfx": JuniperJunosQfx(),
    "junos-es": JuniperJunosSrx(),
}
REFUSED = {
    ("junos-qfx", "internet"): "cannot choose a queue by ports",
    ("junos-qfx", "home"): "cannot choose a queue by ports",
    ("junos-es", "client"): "marks by rewrite rules on the way out",
    ("junos-es", "home"): "marking beside an Internet line",
}
CASES = [(f, name) for f in FAMILIES for name in DEVICES if (f, name) not in REFUSED]


def set_form(text: Rendered) -> str:
    return dict(text.files)["config.set"]


@pytest.mark.parametrize(("family", "name"), CASES)
def test_both_forms_are_proven(family: str, name: str) -> None:
    driver, wanted = FAMILIES[family], DEVICES[name]
    text = driver.render(wanted)
    for form in (text.config, set_form(text)):
        found = driver.parse(form)
        assert found.unread == ()
        proof = prove(wanted, found, driver.capabilities)
        # Shares are compared in the tests of schedulers: these clients reach not every queue.
        assert not proof.differences, proof.problem
        assert not proof.reasons


@pytest.mark.parametrize(("family", "name"), CASES)
def test_both_forms_say_the_same(family: str, name: str) -> None:
    driver = FAMILIES[family]
    text = driver.render(DEVICES[name])
    curly, lines = driver.parse(text.config), driver.parse(set_form(text))
    assert without_lines(repr(curly.interfaces)) == without_lines(repr(lines.interfaces))


def without_lines(text: str) -> str:
    return re.sub(r"lines=\([^)]*\)", "", text)


@pytest.mark.parametrize(("family", "name"), CASES)
def test_removal_leaves_nothing(family: str, name: str) -> None:
    driver = FAMILIES[family]
    text = driver.render(DEVICES[name])
    left = driver.parse(set_form(text) + text.removal)
    assert (left.interfaces, left.policies, left.unread) == ((), (), ())
    order = text.removal.splitlines()
    assert order[0].startswith("delete interfaces") or "class-of-service interfaces" in order[0]


@pytest.mark.parametrize(("family", "name"), sorted(REFUSED))
def test_what_cannot_be_said_is_refused_with_the_nearest_thing(family: str, name: str) -> None:
    with pytest.raises(UnsupportedIntentError, match=REFUSED[family, name]) as refused:
        FAMILIES[family].render(DEVICES[name])
    assert refused.value.hint


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_text_stays_as_reviewed(family: str, request: pytest.FixtureRequest) -> None:
    text = FAMILIES[family].render(DEVICES["branch"])
    parts = {"conf": text.config, "set": set_form(text), "remove": text.removal}
    for ending, part in parts.items():
        path = GOLDEN / f"{family}-branch.{ending}"
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(part, encoding="utf-8")
        assert part == path.read_text(encoding="utf-8"), path.name


@pytest.fixture(scope="module")
def oracle(monkeypatch_module: pytest.MonkeyPatch) -> Any:
    """The module that holds a text against the vendor's published schema, read once a family."""
    if which("yanglint") is None:
        pytest.skip("yanglint (Debian package libyang2-tools) is not installed")
    spec = spec_from_file_location("junos_oracle", shared_file("yang/juniper/junos_oracle.py"))
    assert spec is not None
    assert spec.loader is not None
    module: Any = module_from_spec(spec)
    monkeypatch_module.setitem(sys.modules, "junos_oracle", module)  # its pickles name it
    spec.loader.exec_module(module)
    module.schema = cache(module.schema)
    limit = sys.getrecursionlimit()
    with catch_warnings():
        simplefilter("ignore", ResourceWarning)  # it leaves files open
        for family in FAMILIES:
            module.schema(family)
    sys.setrecursionlimit(limit)  # it raises that of this process, on which other tests rest
    return module


@pytest.fixture(scope="module")
def monkeypatch_module() -> Iterator[pytest.MonkeyPatch]:
    with pytest.MonkeyPatch.context() as patch:
        yield patch


def problems(oracle: Any, family: str, *forms: str) -> list[object]:
    """Return what the schema says against the forms; of two with the same statements once."""
    distinct = {}
    for form in forms:
        lines = form.splitlines() if form.startswith("set ") else oracle.curly_to_set(form)
        said = sorted(oracle.split_tokens(line) for line in lines if line.startswith("set "))
        assert said
        distinct[str(said)] = form
    only = {"firewall", "class-of-service", "interfaces"}
    checked = [oracle.check(form, family, only=only) for form in distinct.values()]
    assert all(count for count, _ in checked)
    return [problem for _, found in checked for problem in found]


@pytest.mark.parametrize(("family", "name"), CASES)
def test_the_vendors_schema_accepts_both_forms(oracle: Any, family: str, name: str) -> None:
    text = FAMILIES[family].render(DEVICES[name])
    assert not problems(oracle, family, text.config, set_form(text))


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_the_vendors_schema_accepts_the_real_plan(oracle: Any, family: str, shape: str) -> None:
    driver = FAMILIES[family]
    try:
        text = driver.render(intents_of(driver.platform, shape))
    except UnsupportedIntentError as refused_shape:
        pytest.skip(f"refused: {refused_shape}")
    assert not problems(oracle, family, text.config, set_form(text))


@pytest.mark.parametrize(
    ("family", "right", "wrong"),
    [
        ("junos", "strict-high", "strict-high wonder"),
        ("junos", "from protocol tcp", "from protocols tcp"),
        ("junos-es", "forwarding-class QOS-AUDIO\n", "dscp ef\n"),
    ],
)
def test_the_vendors_schema_sees_a_mistake(
    oracle: Any, family: str, right: str, wrong: str
) -> None:
    text = set_form(FAMILIES[family].render(DEVICES["branch"]))
    assert right in text
    assert problems(oracle, family, text.replace(right, wrong))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("20000-20039", "20000-20040"),
        ("then dscp ef", "then dscp af41"),
        ("term REST then accept", "term REST then discard"),
        ("term RESET from dscp ef", "term RESET from dscp cs1"),
        ("code-points ef", "code-points af31"),
        (
            "forwarding-class QOS-AUDIO scheduler QOS-AUDIO",
            "forwarding-class QOS-AUDIO scheduler QOS-BULK",
        ),
        ("insert", "insert"),
    ],
)
def test_a_mistake_put_in_is_found(right: str, wrong: str) -> None:
    driver, wanted = JuniperJunos(), DEVICES["branch"]
    text = set_form(driver.render(wanted))
    if right == "insert":  # a term behind the one that takes all packets is never reached
        start = "firewall family inet filter QOS-CLIENT-IN term"
        changed = f"{text}insert {start} AUDIO after term REST\n"
    else:
        assert right in text
        changed = text.replace(right, wrong, 1)
    assert prove(wanted, driver.parse(changed), driver.capabilities).differences


def test_without_its_last_term_a_filter_drops() -> None:
    driver, wanted = JuniperJunos(), DEVICES["client"]
    text = set_form(driver.render(wanted))
    changed = "".join(line for line in text.splitlines(True) if "term REST" not in line)
    proof = prove(wanted, driver.parse(changed), driver.capabilities)
    assert "drop" in str(proof.differences[0]).lower()


def test_plan_rows_stand_in_the_comments() -> None:
    config = JuniperJunos().render(DEVICES["client"]).config
    assert "/* audio row */\n            term AUDIO {" in config


def test_a_comment_cannot_end_early() -> None:
    odd = replace(CLIENT, classifier=(rule("audio", AUDIO, 1, 2, comment="x */ } firewall { /*"),))
    config = JuniperJunos().render(device(odd)).config
    assert "x * / } firewall" in config
    assert prove(device(odd), JuniperJunos().parse(config), JuniperJunos().capabilities).ok


@pytest.mark.parametrize("name", ["ge-0/0/0.", "ge-0/0/0.0.0", "ge-0/0/0.x", "Gi0/1", "0/1"])
def test_names_that_are_no_interface_are_refused(name: str) -> None:
    with pytest.raises(DriverError):
        JuniperJunos().render(device(replace(CLIENT, name=name)))


def test_interfaces_that_want_the_same_share_one_filter() -> None:
    second = replace(CLIENT, name="ge-0/0/9.0")
    config = JuniperJunos().render(device(CLIENT, second)).config
    assert config.count("filter QOS-CLIENT-IN {") == 1
    assert config.count("input QOS-CLIENT-IN;") == 2


def test_interfaces_that_differ_have_their_own_filter() -> None:
    second = replace(CLIENT, name="ge-0/0/9.0", classifier=CLIENT.classifier[:1])
    wanted = device(CLIENT, second)
    config = JuniperJunos().render(wanted).config
    assert "filter QOS-CLIENT-IN-2 {" in config
    assert prove(wanted, JuniperJunos().parse(config), JuniperJunos().capabilities).ok


def test_units_of_one_port_get_a_scheduler_each() -> None:
    other = replace(WAN, name="ge-0/0/3.0", queuing=QueuingIntent(QUEUES, 10_000_000))
    text = set_form(JuniperJunos().render(device(other, WAN)))
    assert "set interfaces ge-0/0/3 per-unit-scheduler\n" in text
    assert "set class-of-service interfaces ge-0/0/3 unit 0 shaping-rate 10m\n" in text
    assert "set class-of-service interfaces ge-0/0/3 unit 100 shaping-rate 50m\n" in text


def test_the_boxs_own_protocols_keep_a_share() -> None:
    text = set_form(JuniperJunos().render(DEVICES["wan"]))
    assert "forwarding-class network-control scheduler QOS-NETWORK-CONTROL\n" in text
    assert "schedulers QOS-NETWORK-CONTROL transmit-rate percent 5\n" in text


def test_a_second_priority_queue_is_high_on_routers_and_strict_on_switches() -> None:
    queues = (*QUEUES[:1], replace(QUEUES[1], service=Service.PRIORITY, congestion_avoidance=False))
    wanted = device(replace(UPLINK, queuing=QueuingIntent((*queues, *QUEUES[2:]))))
    line = "set class-of-service schedulers QOS-VIDEO priority"
    assert f"{line} high\n" in set_form(JuniperJunos().render(wanted))
    assert f"{line} strict-high\n" in set_form(JuniperJunosQfx().render(wanted))


def refused(driver: Driver, wanted: DeviceIntents) -> str:
    with pytest.raises(UnsupportedIntentError) as found:
        driver.render(wanted)
    return str(found.value)


def test_two_groupings_of_code_points_do_not_fit_one_device() -> None:
    other = replace(QUEUES[1], code_points=(CodePoint(36),))
    queuing = QueuingIntent((QUEUES[0], other, *QUEUES[2:]))
    wanted = device(UPLINK, replace(WAN, queuing=queuing))
    assert "other code points on another interface" in refused(JuniperJunos(), wanted)


def test_a_rewriting_box_tells_four_code_points_of_a_class_apart() -> None:
    points = tuple(CodePoint(number) for number in range(10, 15))
    many = QueueIntent("many", Service.GUARANTEED, points, 10)
    uplink = replace(UPLINK, queuing=QueuingIntent((many, QUEUES[-1])))
    assert "5 code points in queue many" in refused(JuniperJunosSrx(), device(CLIENT, uplink))
    four = replace(
        UPLINK, queuing=QueuingIntent((replace(many, code_points=points[:4]), QUEUES[-1]))
    )
    wanted = device(replace(CLIENT, reset=RESET), four)
    srx = JuniperJunosSrx()
    assert not prove(wanted, srx.parse(srx.render(wanted).config), srx.capabilities).differences


def test_masks_of_the_tos_byte_are_refused() -> None:
    odd = replace(CLIENT.classifier[0], match=Match(tos=((0xA0, 0xE0),)))
    assert "ToS" in refused(JuniperJunos(), device(replace(CLIENT, classifier=(odd,))))


def test_srx_never_marks_in_a_filter() -> None:
    text = set_form(JuniperJunosSrx().render(DEVICES["branch"]))
    assert "then dscp" not in text
    assert "then traffic-class" not in text
    assert (
        "rewrite-rules dscp QOS-MARK forwarding-class best-effort loss-priority high code-point be"
        in text
    )


def test_internet_marks_nothing() -> None:
    text = set_form(JuniperJunos().render(device(INTERNET)))
    assert "then dscp" not in text
    assert "output QOS-INTERNET-OUT" in text


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(random_devices)
def test_random_intents_are_proven_in_both_forms(wanted: DeviceIntents) -> None:
    for driver in (JuniperJunos(), JuniperJunosSrx()):
        text = driver.render(wanted)
        for form in (text.config, set_form(text)):
            found = driver.parse(form)
            assert found.unread == ()
            proof = prove(wanted, found, driver.capabilities)
            assert not proof.differences, proof.problem
            assert not proof.reasons
