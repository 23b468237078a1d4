"""Shapers and shares of classes: what the scheduler of an interface is read as."""

from __future__ import annotations

import pytest

from translator.drivers.cisco_ios import CiscoIos
from translator.intents.device import QueueClass, Queuing
from translator.intents.pipeline import Service

CLASSES = "class-map match-any A\n match dscp ef\nclass-map match-any B\n match dscp af41\n"
BOUND = "interface GigabitEthernet0/0\n ip address 10.0.0.1 255.255.255.0\n"


def queuing(policies: str) -> Queuing:
    text = f"{CLASSES}{policies}{BOUND} service-policy output P\nend\n"
    found = CiscoIos().parse(text).interface("GigabitEthernet0/0").queuing
    assert found is not None
    return found


def of_class(policies: str, name: str) -> QueueClass:
    return next(item for item in queuing(policies).classes if item.name == name)


@pytest.mark.parametrize(
    ("shaper", "limits"),
    [
        ("shape average 256000", (None, 256_000)),
        ("shape average 256k", (None, 256_000)),
        ("shape average percent 15", (15.0, None)),
        ("", (None, None)),
    ],
)
def test_a_shaper_inside_a_class_is_its_limit(shaper: str, limits: tuple[object, object]) -> None:
    flat = f"policy-map P\n class B\n  bandwidth percent 20\n  {shaper}\n"
    nested = flat.replace("map P", "map C") + (
        "policy-map P\n class class-default\n  shape average 10000000\n   service-policy C\n"
    )
    for text in (flat, nested):
        found = of_class(text, "B")
        assert (found.limit_percent, found.limit_bps) == limits
        assert found.service is Service.GUARANTEED


def test_a_shaper_of_class_default_beside_others_is_its_own() -> None:
    policy = "policy-map P\n class B\n  bandwidth percent 20\n class class-default\n"
    found = queuing(f"{policy}  shape average 500000\n")
    assert found.shaping_bps is None
    assert [(item.name, item.limit_bps) for item in found.classes] == [
        ("B", None),
        ("class-default", 500_000),
    ]


@pytest.mark.parametrize(
    ("shaper", "rates"),
    [("shape average 64000", (64_000, None)), ("shape average percent 10", (None, 10.0))],
)
def test_a_lone_shaped_class_default_shapes_the_interface(
    shaper: str, rates: tuple[object, object]
) -> None:
    found = queuing(f"policy-map P\n class class-default\n  {shaper}\n")
    assert (found.shaping_bps, found.shaping_percent) == rates
    (only,) = found.classes
    assert (only.name, only.limit_bps, only.limit_percent) == ("class-default", None, None)


def test_a_percentage_of_the_line_is_a_rate_where_that_of_the_line_is_known() -> None:
    found = queuing("policy-map P\n class class-default\n  shape average percent 10\n")
    assert (found.rate_bps(1_000_000), found.rate_bps(None)) == (100_000, None)


RATIOS = "policy-map P\n class A\n  priority percent 10\n class B\n  bandwidth remaining ratio 3\n"


@pytest.mark.parametrize(
    ("default", "shares"),
    [
        ("", {"A": None, "B": 75.0, "class-default": None}),  # the default weighs 1
        (
            " class class-default\n  bandwidth remaining ratio 9\n",
            {"A": None, "B": 25.0, "class-default": 75.0},
        ),
    ],
)
def test_ratios_are_shares_of_what_priority_leaves(
    default: str, shares: dict[str, float | None]
) -> None:
    found = {item.name: item.remaining_percent for item in queuing(RATIOS + default).classes}
    assert found == shares


@pytest.mark.parametrize(
    ("line", "noted"),
    [
        ("ip access-group FROM-LAN in", True),
        ("ipv6 traffic-filter FROM-LAN6 in", True),
        ("no ip redirects", False),
    ],
)
def test_a_filter_beside_qos_is_said_not_to_be_looked_at(line: str, noted: bool) -> None:
    policy = "policy-map P\n class A\n  priority percent 10\n"
    text = f"{CLASSES}{policy}{BOUND} {line}\n service-policy output P\n"
    assert any("not looked at" in note for note in CiscoIos().parse(text).notes) is noted
    elsewhere = f"{CLASSES}{policy}{BOUND} service-policy output P\ninterface Vlan9\n {line}\n"
    assert not any("not looked at" in note for note in CiscoIos().parse(elsewhere).notes)
