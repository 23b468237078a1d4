"""The QoS of one vendor as another's: proven, or refused with what cannot be carried over."""

from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from conformance.shapes import SHAPES, Accepted, accepted_cases, interface_name, outcome
from support.corpus import corpus_files

from tests.support.values import replace
from translator.audit.semdiff.ways import Text
from translator.audit.translation import Request, Translated, translate
from translator.drivers.registry import driver
from translator.errors import (
    DriverError,
    ProofError,
    TranslatorError,
    UndecidedError,
    UnsupportedIntentError,
    UsageError,
)
from translator.intents.capabilities import Feature
from translator.intents.compile import InterfaceSpec
from translator.intents.match import Match
from translator.intents.model import Role
from translator.verify.compare import Side, Verdict, compare
from translator.verify.diagram import Space
from translator.verify.packet import Packet

SPACE = Space()
NAMES = {
    "cisco_ios": "GigabitEthernet0/{}",
    "cisco_catalyst": "GigabitEthernet1/0/{}",
    "cisco_nxos": "Ethernet1/{}",
    "juniper_junos": "ge-0/0/{}.0",
    "linux": "eth{}",
    "tomato": "vlan{}",
}


def text(platform: str, config: str) -> Text:
    found = driver(platform)
    return Text(found.parse(config), found.capabilities)


@cache
def rendered(platform: str, shape: str) -> Text:
    case = outcome(platform, shape)
    assert isinstance(case, Accepted)
    return text(platform, case.rendered.config)


def request(source: str, target: str, shape: str) -> Request:
    specs = [InterfaceSpec.of(item) for item in SHAPES[shape]]
    names = {spec.name: interface_name(source, spec.name) for spec in specs}
    # Of a shaped interface the rate of the line is not known; of an uplink it is.
    rates = {names[spec.name]: spec.rate_bps for spec in specs if spec.role is Role.UPLINK}
    mapping = {names[spec.name]: interface_name(target, spec.name) for spec in specs}
    return Request(mapping=mapping, rates={k: v for k, v in rates.items() if v})


# Every queue of these switches has a share, the default one too; the default class of HTB is
# read as best effort.
NOT_EXPRESSED = {
    ("cisco_catalyst", "linux"),
    ("cisco_nxos", "linux"),
    ("arista_eos", "linux"),
    ("arista_eos", "tomato"),
    ("arista_eos", "tomato64"),
}
PAIRS = [
    (source, target, shape)
    for source, shape in accepted_cases()
    for target, other in accepted_cases()
    if other == shape and target != source
]


@pytest.mark.parametrize("shape", SHAPES)
def test_every_platform_that_can_do_a_role_takes_it_from_every_other(shape: str) -> None:
    pairs = [(source, target) for source, target, name in PAIRS if name == shape]
    for source, target in pairs:
        asked = request(source, target, shape)
        if (source, target) in NOT_EXPRESSED:
            with pytest.raises(TranslatorError):
                translate(rendered(source, shape), driver(target), asked, SPACE)
            continue
        found = translate(rendered(source, shape), driver(target), asked, SPACE)
        assert found.left_out == found.remainders == (), (source, target)
        assert found.ways
        assert found.rendered.config


def test_the_pairs_are_many() -> None:
    assert len(PAIRS) > 200


def test_the_new_text_does_what_the_old_one_did() -> None:
    """Compared here once more, by hand, between the two interfaces of a branch router."""
    source = rendered("cisco_ios", "branch")
    found = translate(source, driver("linux"), request("cisco_ios", "linux", "branch"), SPACE)
    old = Side(source.device, "GigabitEthernet0/0", "GigabitEthernet0/1")
    target = text("linux", found.rendered.config)
    new = Side(target.device, "eth0", "eth1")
    whole = compare(old, new, Space(), domain=Match(fragment=False))
    assert whole.verdict is Verdict.EQUAL
    packet = Packet.of("udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0")
    assert str(new.trace(packet).treatment) == "set dscp ef, priority"


MARKING = """\
ip access-list extended LIST-AUDIO
 10 permit udp any range 20000 20039 any
 20 permit tcp any any eq 5061
!
class-map match-any AUDIO
 match access-group name LIST-AUDIO
class-map match-any ROGUE
 match dscp ef af41
!
policy-map MARK
 class AUDIO
  set dscp ef
 class ROGUE
  set dscp default
!
interface GigabitEthernet0/1
 service-policy input MARK
!
end
"""


def test_classes_keep_their_names() -> None:
    found = translate(
        text("cisco_ios", MARKING),
        driver("juniper_junos"),
        Request(mapping={"Gi0/1": "ge-0/0/1.0"}),
    )
    assert "term AUDIO" in found.rendered.config
    assert "source-port 20000-20039;" in found.rendered.config
    (interface,) = found.intents.interfaces
    assert [int(point) for point in interface.reset] == [34, 46]
    assert [str(twin) for twin in found.names] == ["GigabitEthernet0/1 = ge-0/0/1.0"]


POLICED = MARKING.replace("  set dscp ef\n", "  set dscp ef\n  police 1000000\n")


@pytest.mark.parametrize(
    ("config", "line", "reason"),
    [
        pytest.param(POLICED, "police 1000000", "policed", id="policer"),
        pytest.param(MARKING.replace("  set dscp ef", "  drop"), "drop", "dropped", id="drop"),
        pytest.param(
            MARKING.replace(" match dscp ef af41", " match protocol rtp"),
            "match protocol rtp",
            "no header shows",
            id="NBAR",
        ),
        pytest.param(
            MARKING.replace("  set dscp ef\n", "  set dscp ef\n  frobnicate 7\n"),
            "frobnicate 7",
            "frobnicate 7",
            id="unread line",
        ),
        pytest.param(
            MARKING.replace("service-policy input", "service-policy output"),
            "set dscp ef",
            "elsewhere",
            id="marked where packets leave",
        ),
    ],
)
def test_what_cannot_be_carried_over_is_named_with_its_line(config, line, reason) -> None:
    source = text("cisco_ios", config)
    number = [item.strip() for item in config.splitlines()].index(line) + 1
    with pytest.raises(UnsupportedIntentError) as refused:
        translate(source, driver("cisco_ios"))
    assert refused.value.exit_code == 2
    said = next(item for item in str(refused.value).splitlines() if reason in item)
    shown = said.strip().partition(":")[0].removeprefix("lines ").removeprefix("line ")
    numbers = set()
    for part in shown.split(", "):
        low, _, high = part.partition("-")
        numbers.update(range(int(low), int(high or low) + 1))
    assert number in numbers


def test_partial_leaves_out_and_says_which_packets_differ() -> None:
    dropping = MARKING.replace("  set dscp default", "  drop")
    found = translate(
        text("cisco_ios", dropping),
        driver("juniper_junos"),
        Request(mapping={"Gi0/1": "ge-0/0/1.0"}, partial=True),
    )
    assert [item.what for item in found.left_out] == ["packets are dropped"]
    assert found.remainders
    assert all(item.source == "drop" for item in found.remainders)
    assert all("dscp af41,ef" in item.box for item in found.remainders)
    assert "dscp ef;" in found.rendered.config


def test_partial_keeps_the_mark_of_a_policed_class() -> None:
    found = translate(
        text("cisco_ios", POLICED),
        driver("cisco_catalyst"),
        Request(mapping={"Gi0/1": "Gi1/0/1"}, partial=True),
    )
    assert "set dscp ef" in found.rendered.config
    assert "police" not in found.rendered.config
    assert {item.way.entry.a for item in found.remainders if item.way.entry} == {
        "GigabitEthernet0/1"
    }


def test_names_that_the_target_refuses_ask_for_a_map() -> None:
    with pytest.raises(DriverError, match="GigabitEthernet0/1") as refused:
        translate(text("cisco_ios", MARKING), driver("juniper_junos"))
    assert "--map" in refused.value.hint
    with pytest.raises(UsageError, match="no QoS for interface Gi7/7"):
        translate(text("cisco_ios", MARKING), driver("linux"), Request(mapping={"Gi7/7": "eth0"}))


def test_a_name_that_the_target_takes_is_kept_and_said_so() -> None:
    found = translate(text("cisco_ios", MARKING), driver("cisco_catalyst"))
    assert any("keep their names: GigabitEthernet0/1" in item for item in found.notes)


def test_nothing_bound_is_nothing_to_translate() -> None:
    loose = MARKING.replace(" service-policy input MARK\n", "")
    with pytest.raises(UnsupportedIntentError, match="does nothing to packets"):
        translate(text("cisco_ios", loose), driver("linux"))


def test_a_share_in_bits_needs_the_rate_of_the_line() -> None:
    config = (
        "class-map match-any GOLD\n match dscp af41\n!\n"
        "policy-map OUT\n class GOLD\n  bandwidth 2000\n!\n"
        "interface GigabitEthernet0/0\n service-policy output OUT\n!\nend\n"
    )
    source = text("cisco_ios", config)
    mapping = {"Gi0/0": "ge-0/0/0.0"}
    with pytest.raises(UnsupportedIntentError, match="share of queue GOLD"):
        translate(source, driver("juniper_junos"), Request(mapping=mapping))
    rates = {"GigabitEthernet0/0": 10_000_000}
    found = translate(source, driver("juniper_junos"), Request(mapping=mapping, rates=rates))
    assert "transmit-rate percent 20;" in found.rendered.config
    assert any("taken to carry 10000000 bit/s" in item for item in found.notes)


def test_a_mistake_of_the_renderer_is_never_printed() -> None:
    """The text is read back: one port off in it is a proof that fails."""
    honest = driver("juniper_junos")

    class OnePortOff:
        platform, title = honest.platform, honest.title
        capabilities, session = honest.capabilities, honest.session
        parse = staticmethod(honest.parse)

        @staticmethod
        def render(intents):
            made = honest.render(intents)
            return replace(made, config=made.config.replace("20039", "20038"))

    with pytest.raises(ProofError, match="20039"):
        translate(
            text("cisco_ios", MARKING),
            OnePortOff(),
            Request(mapping={"Gi0/1": "ge-0/0/1.0"}),
        )


def _plain_mapping(source: Text, target: str) -> dict[str, str]:
    names = [name for name in source.names if "*" not in name]
    ports = [name for name in names if not any(other.startswith(f"{name}.") for other in names)]
    return {name: NAMES[target].format(at) for at, name in enumerate(ports, 1)}


def _tried(source: Text, target: str, *, partial: bool) -> Translated | TranslatorError:
    asked = Request(mapping=_plain_mapping(source, target), partial=partial)
    try:
        return translate(source, driver(target), asked, SPACE)
    except TranslatorError as error:
        return error


@pytest.mark.parametrize("platform", ["cisco_ios", "cisco_catalyst", "juniper_junos"])
def test_real_configurations_are_translated_or_refused(platform: str) -> None:
    """Never a crash and never an unproven text; what is refused is refused with a reason."""
    paths = corpus_files(platform)
    if not paths:
        pytest.skip(f"no corpus for {platform} on this machine")
    counts: Counter[str] = Counter()
    for path in paths:
        source = _source(platform, path)
        for target in NAMES:
            found = _tried(source, target, partial=False)
            if isinstance(found, UnsupportedIntentError):
                assert found.hint, (path.name, target)
                found = _tried(source, target, partial=True)
                counts["in part" if isinstance(found, Translated) else "refused"] += 1
            elif isinstance(found, Translated):
                assert not found.left_out
                counts["whole"] += 1
            else:
                assert isinstance(found, ProofError | UndecidedError | DriverError), path.name
                counts[type(found).__name__] += 1
    assert counts["refused"] + counts["in part"] > 0
    assert counts["whole"] + counts["in part"] > 0, counts


@cache
def _source(platform: str, path: Path) -> Text:
    return text(platform, path.read_bytes().decode("utf-8", "replace"))


def test_platforms_that_mark_on_the_way_out_are_covered() -> None:
    late = {name for name, _, _ in PAIRS if driver(name).capabilities.has(Feature.MARK_AT_EGRESS)}
    assert late == {"juniper_junos_srx"}
