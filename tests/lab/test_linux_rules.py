"""The rendered Linux configuration on a real kernel: every packet leaves as `explain` says."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance.shapes import SHAPES as CONFORMANCE
from conformance.shapes import intents_of as conformance_intents
from lab.agreement import all_tos, disagreements, edges, intents_for
from lab.netns import Lab
from lab.packets import Sent

from translator.drivers.base import Rendered
from translator.drivers.linux import Linux
from translator.intents.lower import lower
from translator.intents.match import prefix_of
from translator.intents.model import DeviceIntents
from translator.verify.prove import prove

pytestmark = pytest.mark.netns

LINUX = Linux()
UNSHIFTED = "iptables -t mangle -A POSTROUTING -m dscp --dscp 46 -j TOS --set-tos 46"
SHAPES = {
    "client to wan": ("lan=client", "wan=wan:1G"),
    "phone to wan": ("lan=phone", "wan=wan:1G"),
    "client to internet": ("lan=client", "wan=internet:1G"),
    "internet alone": ("wan=internet:1G",),
    "trusted to wan": ("lan=uplink:1G", "wan=wan:1G"),
}


def intents(shape: str) -> DeviceIntents:
    return lower(intents_for(*SHAPES[shape]), LINUX.capabilities)


def applied(lab: Lab, rendered: Rendered, folder: Path) -> None:
    lab.apply(rendered.config, folder=folder)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_edge_leaves_as_explained(lab: Lab, shape: str, tmp_path: Path) -> None:
    wanted = intents(shape)
    rendered = LINUX.render(wanted)
    applied(lab, rendered, tmp_path)
    device = LINUX.parse(rendered.config)
    assert disagreements(lab, device, edges(wanted)) == []


def test_servers_are_marked_by_their_addresses(lab: Lab, tmp_path: Path) -> None:
    here = (prefix_of("10.1.1.10/32"), prefix_of("2001:db8:1::10/128"))
    bindings = {"conference_servers": here, "mediation_servers": here}
    wanted = lower(intents_for("lan=server", "wan=wan:1G", bindings=bindings), LINUX.capabilities)
    rendered = LINUX.render(wanted)
    applied(lab, rendered, tmp_path)
    assert disagreements(lab, LINUX.parse(rendered.config), edges(wanted)) == []


def test_all_code_points_with_all_ecn_values(lab: Lab, tmp_path: Path) -> None:
    rendered = LINUX.render(intents("client to wan"))
    applied(lab, rendered, tmp_path)
    device = LINUX.parse(rendered.config)
    assert disagreements(lab, device, all_tos(20000, 20079, 33333)) == []


def test_later_fragments_carry_no_ports(lab: Lab, tmp_path: Path) -> None:
    rendered = LINUX.render(intents("client to wan"))
    applied(lab, rendered, tmp_path)
    for version in (4, 6):
        big = Sent(version, "udp", 20000, 50000, tos=0x28, size=4000)
        tos = [item.tos for item in lab.exchange([big]) if item.protocol == 17]
        assert tos == [0xB8, 0, 0]


def test_what_the_kernel_prints_back_means_the_same(lab: Lab, tmp_path: Path) -> None:
    wanted = intents("client to internet")
    rendered = LINUX.render(wanted)
    applied(lab, rendered, tmp_path)
    printed = lab.run("nft", "-s", "list", "ruleset")
    for what in ("qdisc", "class", "filter"):
        printed += f"# tc {what} show dev wan\ntc {what} show dev wan\n"
        printed += lab.run("tc", what, "show", "dev", "wan")
    found = LINUX.parse(printed)
    assert found.unread == ()
    assert prove(wanted, found, LINUX.capabilities).problem == ""


def test_nft_takes_every_shape_and_prints_it_as_we_wrote_it(lab: Lab) -> None:
    for shape in CONFORMANCE:
        rendered = LINUX.render(lower(conformance_intents("linux", shape), LINUX.capabilities))
        (_, table) = rendered.files[0]
        lab.run("nft", "-c", "-f", "-", text=table)
        lab.run("nft", "-f", "-", text=table)
        assert lab.run("nft", "-s", "list", "ruleset") == table, shape
        lab.run("nft", "flush", "ruleset")


def test_a_second_application_and_the_removal(lab: Lab, tmp_path: Path) -> None:
    rendered = LINUX.render(intents("client to wan"))
    applied(lab, rendered, tmp_path)
    first = lab.run("nft", "-s", "list", "ruleset") + lab.run("tc", "class", "show", "dev", "wan")
    applied(lab, rendered, tmp_path)
    again = lab.run("nft", "-s", "list", "ruleset") + lab.run("tc", "class", "show", "dev", "wan")
    assert again == first
    lab.apply(rendered.removal, folder=tmp_path)
    assert lab.run("nft", "list", "ruleset") == ""
    assert "htb" not in lab.run("tc", "qdisc", "show", "dev", "wan")


def test_one_port_off_fails_the_lab(lab: Lab, tmp_path: Path) -> None:
    wanted = intents("client to wan")
    right = LINUX.render(wanted).config
    wrong = right.replace("20000-20039", "20000-20038")
    assert wrong != right
    lab.apply(wrong, folder=tmp_path)
    found = disagreements(lab, LINUX.parse(right), edges(wanted))
    assert any("20039" in problem for problem in found)


def test_an_unshifted_code_point_fails_the_lab(lab: Lab, tmp_path: Path) -> None:
    """46 written into the ToS byte instead of 46 << 2: DSCP 11 with ECN bits set."""
    wanted = intents("client to wan")
    right = LINUX.render(wanted).config
    lab.apply(f"{right}\n{UNSHIFTED}\n", folder=tmp_path)
    found = disagreements(lab, LINUX.parse(right), edges(wanted))
    assert any("ToS 0x2e" in problem for problem in found)
