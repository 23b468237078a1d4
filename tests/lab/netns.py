"""Three network namespaces on one kernel: client, router, server, joined by veth pairs.

    client 10.1.1.10 -- lan ROUTER wan -- 10.2.2.2 server      (2001:db8:1::10 and 2001:db8:2::2)

Nothing can leave: the process is first moved into a network namespace of its own, without any
interface. Packets come from real sockets and are captured on the far end with a packet socket.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import socket
import struct
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from lab.packets import CLIENT, MAGIC, SERVER, Captured, Sent, collect

__all__ = ["NEEDED_TOOLS", "Lab", "class_counters", "leave_network", "why_not"]

NEEDED_TOOLS: Final = ("ip", "tc", "nft", "iptables", "busybox", "sysctl")
_ROUTER_LAN: Final = {4: "10.1.1.1", 6: "2001:db8:1::1"}
_ROUTER_WAN: Final = {4: "10.2.2.1", 6: "2001:db8:2::1"}
_LENGTH: Final = {4: 24, 6: 64}
_MAC: Final = {"client": "02:00:00:00:01:10", "lan": "02:00:00:00:01:01"} | {
    "server": "02:00:00:00:02:02",
    "wan": "02:00:00:00:02:01",
}
_CLONE_NEWNET: Final = 0x40000000
_SO_RCVBUFFORCE: Final = 33
_ALL_PROTOCOLS: Final = 3
_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_FAMILY: Final = {4: socket.AF_INET, 6: socket.AF_INET6}


def why_not() -> str:
    """Return why this machine cannot run the lab, or "" when it can."""
    if os.geteuid() != 0:
        return "the kernel lab needs root"
    missing = [tool for tool in NEEDED_TOOLS if shutil.which(tool) is None]
    return f"the kernel lab needs {', '.join(missing)}" if missing else ""


@cache
def leave_network() -> None:
    """Move this process, once, into a new network namespace that has no way out.

    Its loopback works: what is tested after the lab may serve there.
    """
    _checked(_LIBC.unshare(_CLONE_NEWNET), "unshare")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


class Lab:
    """A context manager; `run` executes in a namespace, `exchange` sends and captures."""

    def __init__(self) -> None:
        mark = f"{os.getpid()}-{time.monotonic_ns() % 100000}"
        self.names = {who: f"qos-{who}-{mark}" for who in ("client", "router", "server")}

    def __enter__(self) -> Lab:
        leave_network()
        try:
            self._build()
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove the namespaces."""
        for name in self.names.values():
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)

    def run(self, *command: str, where: str = "router", text: str | None = None) -> str:
        """Run a command in a namespace and return its output.

        Raises:
            AssertionError: it failed; the message holds what it wrote.
        """
        done = self.attempt(*command, where=where, text=text)
        shown = " ".join(command)[:200]
        assert done.returncode == 0, f"{shown}: {done.stdout}{done.stderr}"
        return done.stdout

    def attempt(
        self, *command: str, where: str = "router", text: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command in a namespace, whatever its exit code."""
        return subprocess.run(
            ["ip", "netns", "exec", self.names[where], *command],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )

    def apply(self, script: str, *arguments: str, folder: Path) -> str:
        """Run an apply script in the router with busybox ash, as a small router would."""
        path = folder / f"apply-{time.monotonic_ns()}.sh"
        path.write_text(script, encoding="utf-8")
        return self.run("busybox", "ash", str(path), *arguments)

    @contextmanager
    def inside(self, who: str) -> Iterator[None]:
        """Make sockets of this thread belong to a namespace."""
        before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        there = os.open(f"/run/netns/{self.names[who]}", os.O_RDONLY)
        try:
            _checked(_LIBC.setns(there, _CLONE_NEWNET), "setns")
            yield
        finally:
            _checked(_LIBC.setns(before, _CLONE_NEWNET), "setns back")
            os.close(there)
            os.close(before)

    def exchange(self, packets: Sequence[Sent], *, settle_s: float = 0.3) -> list[Captured]:
        """Send all packets, at about 10,000 a second; return all that arrived, in order."""
        backwards = {packet.backwards for packet in packets}
        assert len(backwards) <= 1, "one direction at a time"
        sender, receiver = ("server", "client") if backwards == {True} else ("client", "server")
        with self.capture(receiver, settle_s=settle_s) as arrived:
            udp = [(at, item) for at, item in enumerate(packets) if item.protocol == "udp"]
            tcp = [(at, item) for at, item in enumerate(packets) if item.protocol == "tcp"]
            self._send_udp(sender, udp)
            self._send_tcp(sender, receiver, [item for _, item in tcp])
        by_flow = {(item.version, item.source_port): at for at, item in tcp}
        return [
            _of_connection(found, by_flow) if found.protocol == 6 else found for found in arrived
        ]

    @contextmanager
    def capture(self, who: str, *, settle_s: float = 0.3) -> Iterator[list[Captured]]:
        """Collect what arrives at a namespace while the body runs and `settle_s` longer."""
        with self.inside(who):
            tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(_ALL_PROTOCOLS))
            tap.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, 64 << 20)
            tap.bind(("eth0", _ALL_PROTOCOLS))
        arrived: list[Captured] = []
        ends = threading.Event()
        reader = threading.Thread(target=collect, args=(tap, arrived, ends))
        reader.start()
        try:
            yield arrived
            time.sleep(settle_s)
        finally:
            ends.set()
            reader.join()
            tap.close()

    def _build(self) -> None:
        for name in self.names.values():
            _ip("netns", "add", name)
        self._quieten()
        router = self.names["router"]
        for device, who in (("lan", "client"), ("wan", "server")):
            there = self.names[who]
            _ip(
                *f"-n {router} link add {device} address {_MAC[device]} type veth".split(),
                *f"peer name eth0 address {_MAC[who]} netns {there}".split(),
            )
        for version in (4, 6):
            for who, device, addresses in (
                ("client", "eth0", CLIENT),
                ("router", "lan", _ROUTER_LAN),
                ("router", "wan", _ROUTER_WAN),
                ("server", "eth0", SERVER),
            ):
                address = f"{addresses[version]}/{_LENGTH[version]}"
                nodad = ["nodad"] if version == 6 else []
                _ip("-n", self.names[who], "addr", "add", address, "dev", device, *nodad)
        self._bring_up()

    def _quieten(self) -> None:
        """Stop the kernel's own packets, or have them all sent before a test starts.

        New devices take over what is set for `default` here.
        """
        for who in self.names:
            self.run(
                "sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1",
                "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0",
                "net.ipv6.conf.default.router_solicitations=0",
                "net.ipv6.conf.default.mldv2_unsolicited_report_interval=10", where=who,
            )  # fmt: skip

    def _bring_up(self) -> None:
        """Links up, routes, and neighbours fixed: an unresolved neighbour loses packets."""
        devices = {"client": ("eth0",), "router": ("lan", "wan"), "server": ("eth0",)}
        for who, names in devices.items():
            for device in ("lo", *names):
                _ip("-n", self.names[who], "link", "set", device, "up")
        for version in (4, 6):
            self._neighbours(version)
        time.sleep(0.2)
        for who, names in devices.items():
            for device in names:  # offloading would glue TCP segments together
                self.attempt(
                    "ethtool", "-K", device, "tso", "off", "gso", "off", "gro", "off", where=who
                )

    def _neighbours(self, version: int) -> None:
        client, router, server = (self.names[who] for who in ("client", "router", "server"))
        known = (
            (client, "eth0", _ROUTER_LAN[version], _MAC["lan"]),
            (server, "eth0", _ROUTER_WAN[version], _MAC["wan"]),
            (router, "lan", CLIENT[version], _MAC["client"]),
            (router, "wan", SERVER[version], _MAC["server"]),
        )
        for name, device, address, mac in known:
            _ip(
                *f"-n {name} neigh replace {address} lladdr {mac} dev {device}".split(),
                "nud",
                "permanent",
            )
        _ip("-n", client, f"-{version}", "route", "add", "default", "via", _ROUTER_LAN[version])
        _ip("-n", server, f"-{version}", "route", "add", "default", "via", _ROUTER_WAN[version])

    def _send_udp(self, sender: str, packets: Sequence[tuple[int, Sent]]) -> None:
        open_sockets: dict[tuple[int, int], socket.socket] = {}
        to = SERVER if sender == "client" else CLIENT
        try:
            for count, (number, item) in enumerate(packets):
                key = (item.version, item.source_port)
                if key not in open_sockets:
                    open_sockets[key] = self._bound(sender, *key)
                _set_tos(open_sockets[key], item.version, item.tos)
                payload = MAGIC + struct.pack("!I", number) + b"." * max(0, item.size - 8)
                open_sockets[key].sendto(payload, (to[item.version], item.destination_port))
                if count % 20 == 19:
                    time.sleep(0.002)
        finally:
            for each in open_sockets.values():
                each.close()

    def _bound(self, who: str, version: int, port: int) -> socket.socket:
        one = self.open_socket(who, version, socket.SOCK_DGRAM)
        one.bind(("", port))
        return one

    def open_socket(self, who: str, version: int, kind: int) -> socket.socket:
        """Return a socket that lives in a namespace; an IPv6 one leaves IPv4 ports alone."""
        with self.inside(who):
            one = socket.socket(_FAMILY[version], kind)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if version == 6:
            one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        return one

    def _send_tcp(self, sender: str, receiver: str, packets: Sequence[Sent]) -> None:
        servers = _Listeners(self, receiver)
        to = SERVER if sender == "client" else CLIENT
        try:
            for item in packets:
                servers.open(item.version, item.destination_port)
                with self.open_socket(sender, item.version, socket.SOCK_STREAM) as one:
                    # A reset at the end: no connection waits on the port for its next test.
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    _set_tos(one, item.version, item.tos)
                    one.settimeout(5)
                    one.bind(("", item.source_port))
                    one.connect((to[item.version], item.destination_port))
                    one.sendall(MAGIC + b"....")
                    time.sleep(0.002)
        finally:
            servers.close()


@dataclass(slots=True)
class _Listeners:
    """TCP listeners whose backlog completes handshakes; nobody needs to accept."""

    lab: Lab
    who: str
    open_sockets: dict[tuple[int, int], socket.socket] = field(default_factory=dict)

    def open(self, version: int, port: int) -> None:
        if (version, port) in self.open_sockets:
            return
        one = self.lab.open_socket(self.who, version, socket.SOCK_STREAM)
        one.bind(("", port))
        one.listen(4096)
        self.open_sockets[(version, port)] = one

    def close(self) -> None:
        for each in self.open_sockets.values():
            each.close()


def class_counters(lab: Lab, device: str = "wan") -> dict[str, int]:
    """Return how many packets each leaf class of an interface has sent: {"1:10": 12, ...}.

    "direct" counts what HTB sends past all classes.
    """
    found: dict[str, int] = {}
    words = lab.run("tc", "qdisc", "show", "dev", device).split()
    if "direct_packets_stat" in words:
        found["direct"] = int(words[words.index("direct_packets_stat") + 1])
    name, leaf = "", False
    for line in lab.run("tc", "-s", "class", "show", "dev", device).splitlines():
        words = line.split()
        if words[:1] == ["class"]:
            name, leaf = words[2], "root" not in words
        elif words[:1] == ["Sent"] and leaf:
            found[name] = int(words[3])
    return found


def _of_connection(found: Captured, by_flow: dict[tuple[int, int], int]) -> Captured:
    number = by_flow.get((found.version, found.source_port))
    return Captured(
        found.version, found.protocol, found.source_port, found.destination_port,
        found.tos, found.fragment, number, found.at,
    )  # fmt: skip


def _set_tos(one: socket.socket, version: int, tos: int) -> None:
    if version == 6:
        one.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_TCLASS, tos)
    else:
        one.setsockopt(socket.IPPROTO_IP, socket.IP_TOS, tos)


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"ip {' '.join(words)}: {done.stderr}"


def _checked(result: int, what: str) -> None:
    if result:
        raise OSError(ctypes.get_errno(), f"{what} failed")
