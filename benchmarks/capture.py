"""A capture of calls and office traffic, checked against the plan, beside tshark on the same file.

Times are processor time, which a busy machine changes little.
"""

from __future__ import annotations

import json
import random
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

__all__ = ["check_figures", "main", "write_capture"]

_SEED: Final = 20130711
_PACKETS: Final = 1_000_000
_LINK: Final = bytes.fromhex("0200000002020200000001100800")
_LINK_6: Final = _LINK[:12] + b"\x86\xdd"
_UDP: Final = 17
_TCP: Final = 6
_TARGET: Final = 25
_FIELDS: Final = (
    *("frame.number", "vlan.priority", "ip.version", "ip.dsfield.dscp", "ipv6.tclass.dscp"),
    *("ip.src", "ip.dst", "ipv6.src", "ipv6.dst", "ip.proto", "ipv6.nxt"),
    *("udp.srcport", "udp.dstport", "tcp.srcport", "tcp.dstport"),
)
_CHECK: Final = """
import json, resource, sys, time
from translator.capture.check import Captures, check_captures
from translator.capture.expectation import Expectation
from translator.plan.load import load_plan

started = time.process_time()
found = check_captures(Expectation(load_plan("lync-2013"), {}), Captures((sys.argv[1],)))
print(json.dumps({
    "seconds": time.process_time() - started,
    "frames": found.frames,
    "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}))
"""


def write_capture(path: Path, packets: int = _PACKETS, seed: int = _SEED) -> None:
    """Write a capture with calls of 400 clients and the web and file traffic beside them."""
    draw = random.Random(seed)
    flows = [_flow(draw) for _ in range(2000)]
    with path.open("wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262144, 1))
        for number in range(packets):
            frame = _frame(flows[int(draw.random() ** 2 * len(flows))], number)
            seconds, microseconds = divmod(number * 50, 10**6)
            head = struct.pack("<IIII", 1_700_000_000 + seconds, microseconds, *[len(frame)] * 2)
            file.write(head + frame)


def _flow(draw: random.Random) -> tuple[int, int, bytes, bytes, int, int]:
    """Return version, protocol, addresses, ports, ToS byte and payload size of a flow."""
    version = 6 if draw.random() < 0.2 else 4
    kind = draw.random()
    here, there = draw.randrange(1, 65000), draw.randrange(1, 65000)
    if kind < 0.6:
        port, protocol, size = draw.randrange(20000, 20080), _UDP, 160
        tos = 0xB8 if port < 20040 else 0x88
        tos = 0 if draw.random() < 0.1 else tos
        ports = struct.pack("!HH", port, draw.randrange(49152, 65536))
    elif kind < 0.7:
        ports, tos, protocol, size = struct.pack("!HH", here, 5061), 0x60, _TCP, 300
    else:
        ports, tos, protocol, size = struct.pack("!HH", here, 443), 0, _TCP, 700
    if version == 4:
        ends = struct.pack("!II", 10 << 24 | here, 172 << 24 | there)
    else:
        ends = struct.pack("!QQQQ", 0x20010DB8 << 32, here, 0x20010DB8 << 32 | 1, there)
    return version, protocol, ends, ports, tos, size


def _frame(flow: tuple[int, int, bytes, bytes, int, int], number: int) -> bytes:
    version, protocol, ends, ports, tos, size = flow
    if protocol == _UDP:
        head = struct.pack("!BBHII", 0x80, 111, number & 0xFFFF, number * 160, 7)
        rest = struct.pack("!HH", 8 + len(head) + size, 0) + head
    else:
        rest = struct.pack("!IIBBHHH", number, 1, 0x50, 0x18, 512, 0, 0) + b"\x17\x03\x03\x02\xbc"
    inner = ports + rest + bytes(size)
    if version == 4:
        ip = struct.pack(
            "!BBHHHBBH", 0x45, tos, 20 + len(inner), number & 0xFFFF, 0x4000, 64, protocol, 0
        )
        return _LINK + ip + ends + inner
    return (
        _LINK_6 + struct.pack("!IHBB", 6 << 28 | tos << 20, len(inner), protocol, 64) + ends + inner
    )


def check_figures(path: Path) -> dict[str, float]:
    """Return seconds, frames and peak memory of a check in a process of its own."""
    command = [sys.executable, "-c", _CHECK, str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def _tshark_s(path: Path) -> float | None:
    """Return the seconds of tshark for the same fields, None where there is none."""
    program = shutil.which("tshark")
    if program is None:
        return None
    fields = [word for name in _FIELDS for word in ("-e", name)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [program, "-n", "-r", str(path), "-T", "fields", *fields],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(packets: int = _PACKETS) -> None:
    """Print the figures, and how often ours fits into tshark's."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "calls.pcap"
        write_capture(path, packets)
        small = Path(name) / "tenth.pcap"
        write_capture(small, packets // 10)
        ours, tenth = check_figures(path), check_figures(small)
        theirs = _tshark_s(path)
    print(f"capture of {packets} packets, checked       {ours['seconds']:8.2f} s")
    growth = ours["peak_mib"] - tenth["peak_mib"]
    print(f"  peak memory                            {ours['peak_mib']:8.1f} MiB")
    print(f"  more than for a tenth of the packets   {growth:8.1f} MiB  target 5")
    if theirs is None:
        print("  tshark is not installed here")
    else:
        ratio = theirs / ours["seconds"]
        print(f"  tshark -T fields takes                 {ratio:8.1f} x     target {_TARGET}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else _PACKETS)
