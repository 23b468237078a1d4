"""Tomato's own classifier on a real kernel: every plan class is where `explain` says."""

from __future__ import annotations

from pathlib import Path

import pytest
from drivers.tomato.routers import FACTORY, LYNC, NAMES, RATES
from drivers.tomato.stand_in import StandIn
from lab.agreement import all_tos, disagreements, edges, intents_for
from lab.netns import Lab, class_counters
from lab.packets import Sent
from lab.tomato_router import CLASS_IDS, TomatoRouter

from translator.drivers.tomato import Tomato, Tomato64, TomatoOld
from translator.drivers.tomato.dialect import FRESH, OLD, TOMATO64
from translator.intents.device import DeviceQos
from translator.intents.model import DeviceIntents

pytestmark = pytest.mark.netns

BUILDS = {"fresh": (Tomato(), FRESH), "64": (Tomato64(), TOMATO64), "old": (TomatoOld(), OLD)}


def wanted() -> DeviceIntents:
    return intents_for("lan=client", "wan=internet:1G")


def owner(build: str = "fresh", **changed: str) -> dict[str, str]:
    """A factory-like router on a line of 1 Gbit/s."""
    _, dialect = BUILDS[build]
    return {
        "lan_ifname": "br0",
        "qos_enable": "1",
        "wan_qos_obw": "1000000",
        "qos_obw": "1000000",
        "qos_default": "8",
        "qos_classnames": NAMES,
        "qos_orates": RATES,
        "qos_orules": FACTORY[dialect],
    } | changed


def read(settings: dict[str, str], build: str = "fresh") -> DeviceQos:
    """What the driver says of the settings, with the kernel's class ids for names."""
    dump = "".join(f"{k}={v}\n" for k, v in {**settings, "qos_classnames": CLASS_IDS}.items())
    return BUILDS[build][0].parse(dump)


def applied(settings: dict[str, str], folder: Path, build: str = "fresh") -> dict[str, str]:
    """The settings after our script ran on the router."""
    router = StandIn(folder / "router", settings)
    script = dict(BUILDS[build][0].render(wanted()).files)["apply.sh"]
    done = router.run(script)
    assert (done.returncode, done.stderr) == (0, "")
    return router.settings


@pytest.mark.parametrize("build", BUILDS)
def test_the_factory_rules_classify_as_explained(lab: Lab, build: str, tmp_path: Path) -> None:
    settings = owner(build)
    assert TomatoRouter(lab, settings, build).start(tmp_path) == ""
    device = read(settings, build)
    packets = edges(wanted())
    assert disagreements(lab, device, packets) == []
    audio = class_counters(lab)
    lab.exchange([Sent(4, "udp", 20000, 50001)])
    assert class_counters(lab)["1:100"] == audio["1:100"] + 1


@pytest.mark.parametrize("build", BUILDS)
def test_our_script_puts_every_plan_class_where_explained(
    lab: Lab, build: str, tmp_path: Path
) -> None:
    settings = applied(owner(build), tmp_path, build)
    assert TomatoRouter(lab, settings, build).start(tmp_path) == ""
    assert disagreements(lab, read(settings, build), edges(wanted())) == []
    before = class_counters(lab)
    lab.exchange([Sent(4, "udp", 20000, 50001), Sent(6, "udp", 20079, 50001)])
    after = class_counters(lab)
    assert (after["1:20"] - before["1:20"], after["1:30"] - before["1:30"]) == (1, 1)


def test_all_code_points_with_all_ecn_values(lab: Lab, tmp_path: Path) -> None:
    settings = applied(owner(), tmp_path)
    TomatoRouter(lab, settings).start(tmp_path)
    assert disagreements(lab, read(settings), all_tos(20000, 20079, 33333)) == []


def test_queues_by_code_point(lab: Lab, tmp_path: Path) -> None:
    asked = intents_for("lan=client", "wan=wan:1G")
    router = StandIn(tmp_path / "router", owner())
    router.run(dict(Tomato().render(asked).files)["apply.sh"])
    TomatoRouter(lab, router.settings).start(tmp_path)
    assert disagreements(lab, read(router.settings), edges(asked)) == []


def test_appended_rules_change_nothing(lab: Lab, tmp_path: Path) -> None:
    settings = owner(qos_orules=f"{FACTORY[FRESH]}>{LYNC}")
    TomatoRouter(lab, settings).start(tmp_path)
    lab.exchange([Sent(4, "udp", 20000, 50000), Sent(4, "udp", 20079, 50000)])
    assert class_counters(lab)["1:100"] == 2
    assert disagreements(lab, read(settings), edges(wanted())) == []


def test_the_first_packet_of_a_connection_decides(lab: Lab, tmp_path: Path) -> None:
    settings = owner(qos_orules=f"{LYNC}>{FACTORY[FRESH]}")
    TomatoRouter(lab, settings).start(tmp_path)
    flow = [Sent(4, "udp", 40000, 50000, tos) for tos in (0, 0xA0, 0xA0)]
    lab.exchange(flow)
    assert class_counters(lab)["1:100"] == 3
    lab.exchange([Sent(4, "udp", 40001, 50000, tos) for tos in (0xA0, 0, 0)])
    assert class_counters(lab)["1:20"] == 3


@pytest.mark.parametrize(
    "rule",
    [
        "0<<-2<a<<0<<<ef<1<a name for a code point",
        "0<<-2<a<<0<<<010<1<octal",
        "0<<-1<x<20000:20039,50000<0<<<<3<either side",
        "1<10.2.2.0/24<17<a<<0<<<<5<to an address",
        "2<2001:db8:1::/64<-2<a<<0<<<<6<from an address",
        "0<<-1<s<20000:20039<<<<1<ten fields",
        "0<<-1<s<20000:20039<0<<<<-1<switched off",
    ],
)
def test_odd_rules_classify_as_explained(lab: Lab, rule: str, tmp_path: Path) -> None:
    settings = owner(qos_orules=f"{rule}>{FACTORY[FRESH]}")
    assert TomatoRouter(lab, settings).start(tmp_path) == ""
    assert disagreements(lab, read(settings), edges(wanted(), tos=(0,))) == []


def test_eight_ranges_leave_no_rule_at_all(lab: Lab, tmp_path: Path) -> None:
    ranges = ",".join(f"{20000 + 10 * at}:{20004 + 10 * at}" for at in range(8))
    settings = owner(qos_orules=f"0<<-1<s<{ranges}<0<<<<1<too many>{FACTORY[FRESH]}")
    assert "too many ports" in TomatoRouter(lab, settings).start(tmp_path)
    assert "QOSO" not in lab.run("iptables", "-t", "mangle", "-S")


def test_one_port_off_fails_the_lab(lab: Lab, tmp_path: Path) -> None:
    settings = applied(owner(), tmp_path)
    wrong = settings["qos_orules"].replace("20000:20039", "20000:20038", 1)
    TomatoRouter(lab, settings | {"qos_orules": wrong}).start(tmp_path)
    found = disagreements(lab, read(settings), edges(wanted()))
    assert any(problem.startswith("class 1:20") for problem in found)


def test_a_wrong_code_point_fails_the_lab(lab: Lab, tmp_path: Path) -> None:
    settings = applied(owner(), tmp_path)
    wrong = settings["script_fire"].replace("--set-dscp 46", "--set-dscp 47")
    TomatoRouter(lab, settings | {"script_fire": wrong}).start(tmp_path)
    found = disagreements(lab, read(settings), edges(wanted()))
    assert any("explain says DSCP 46" in problem for problem in found)
