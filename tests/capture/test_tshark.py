"""An outside truth: each frame shows us what it shows Wireshark's own dissectors."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest
from capture.test_formats import LINKS, RAW, UNLOOKED
from capture.writer import Sent, conversation, ethernet, fragments, pcap, pcapng, rtp

from translator.capture.frames import frames_of
from translator.capture.header import Fragments, Header, read_header
from translator.capture.links import find_ip
from translator.capture.stream import opened

pytestmark = pytest.mark.skipif(
    shutil.which("tshark") is None, reason="tshark is not installed (Debian: apt install tshark)"
)

# MACsec, GRE and the like are dissected by tshark beyond where we stop; ports of later fragments
# are shown by it with the last one only, so it is asked to put nothing together.
OPTIONS = (
    "-o",
    "ip.defragment:FALSE",
    "-o",
    "ipv6.defragment:FALSE",
    "-o",
    "tcp.desegment_tcp_streams:FALSE",
)
FIELDS = (
    *("frame.number", "vlan.priority", "ip.dsfield.dscp", "ipv6.tclass.dscp", "ip.src", "ip.dst"),
    *("ipv6.src", "ipv6.dst", "udp.srcport", "udp.dstport", "tcp.srcport", "tcp.dstport"),
    *("ip.id", "udp.length", "ieee8021ad.priority"),
)
SIX = Sent("2001:db8:1::10", destination="2001:db8:2::2")
SHAPES = [
    *conversation(seed=11, count=120),
    ethernet(replace(Sent(), options=bytes([1] * 8)).ip()),
    ethernet(replace(SIX, extensions=((0, bytes([0, 1, 4, 0, 0, 0, 0])),)).ip()),
    ethernet(
        replace(
            SIX, extensions=((0, bytes([0, 1, 4, 0, 0, 0, 0])), (60, bytes([0, 1, 4, 0, 0, 0, 0])))
        ).ip()
    ),
    *(ethernet(part) for part in fragments(replace(Sent(), payload=rtp(size=100)))),
    *(ethernet(part) for part in fragments(replace(SIX, payload=rtp(size=100)))),
    *(UNLOOKED[name] for name in ("ARP", "LLDP", "EtherType 0x4242")),
]


def theirs(path: Path) -> list[dict[str, str]]:
    """The fields of each frame; of an encapsulated field the first."""
    words = [word for name in FIELDS for word in ("-e", name)]
    done = subprocess.run(
        ["tshark", "-n", "-r", str(path), *OPTIONS, "-T", "fields", *words],
        capture_output=True,
        text=True,
        check=True,
    )
    return [dict(zip(FIELDS, line.split("\t"), strict=True)) for line in done.stdout.splitlines()]


def ours(path: Path) -> list[dict[str, str]]:
    """The same, of our reader."""
    found = []
    seen = Fragments()
    with opened(str(path)) as stream:
        for number, interface, data, start, end, _ in frames_of(stream):
            place = find_ip(interface.link_type, data, start, end)
            header = place if isinstance(place, str) else read_header(data, place, end, seen)
            shown = dict.fromkeys(FIELDS, "")
            shown["frame.number"] = str(number)
            if isinstance(header, Header):
                shown.update(_fields(header))
            found.append(shown)
    return found


def _fields(header: Header) -> dict[str, str]:
    source, destination = (
        str(ip_address(value.to_bytes(4 if header.version == 4 else 16, "big")))
        for value in (header.source, header.destination)
    )
    dscp = str(header.tos >> 2)
    shown = {"vlan.priority": ",".join(map(str, header.priorities))}
    if header.version == 4:
        shown |= {"ip.dsfield.dscp": dscp, "ip.src": source, "ip.dst": destination}
        shown["ip.id"] = f"0x{header.identity:04x}"
    else:
        shown |= {"ipv6.tclass.dscp": dscp, "ipv6.src": source, "ipv6.dst": destination}
    name = {6: "tcp", 17: "udp"}.get(header.protocol)
    if name is not None and not header.fragment:
        shown[f"{name}.srcport"] = str(header.source_port)
        shown[f"{name}.dstport"] = str(header.destination_port)
        if name == "udp" and header.plain:  # of a first fragment we count what is there
            shown["udp.length"] = str(header.whole + 8)
    return shown


def compare(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "c"
    path.write_bytes(data)
    wanted, found = theirs(path), ours(path)
    assert len(found) == len(wanted) > 0
    for mine, other in zip(found, wanted, strict=True):
        # A tag of 802.1ad has a field of its own there; of three tags we keep the outer two.
        tags = [*other.pop("ieee8021ad.priority").split(","), *other["vlan.priority"].split(",")]
        other["vlan.priority"] = ",".join([tag for tag in tags if tag][:2])
        del mine["ieee8021ad.priority"]
        other["udp.length"] = other["udp.length"] if mine["udp.length"] else ""
        assert mine == other


@pytest.mark.parametrize("order", "<>")
def test_pcap(tmp_path, order):
    compare(tmp_path, pcap(SHAPES, order=order))


@pytest.mark.parametrize("block", ["enhanced", "simple", "old"])
def test_pcapng(tmp_path, block):
    compare(tmp_path, pcapng([(0, frame) for frame in SHAPES], block=block))


@pytest.mark.parametrize("name", LINKS)
def test_link_types(tmp_path, name):
    link, wrap = LINKS[name]
    compare(tmp_path, pcap([wrap(packet) for packet in RAW], link=link))
