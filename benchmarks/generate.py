"""A seeded fleet of IOS configurations of about 2,000 lines: `python -m benchmarks.generate`.

Nine of ten devices share their QoS text, the tenth has its own; no two interface sections are
alike. Some interfaces have the policy that the Lync plan asks for, some another, some none.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.policies import QosText, shared_qos, unique_qos
from benchmarks.surroundings import lines_above, lines_below, routing

__all__ = ["SEED", "configuration", "faultless", "write_fleet"]

SEED: Final = 2013
_UNIQUE: Final = 10  # one device of ten
_STACK: Final = 2  # switches of 48 ports
_VLANS: Final = 12
_ROOMS: Final = ("desk", "meeting room", "lobby", "lab", "reception", "workshop")
_WAN: Final = {"wan:10M": 10_000, "wan:20M": 20_000, "wan:50M": 50_000}


def write_fleet(folder: Path, count: int, seed: int = SEED) -> tuple[Path, ...]:
    """Write `count` configurations into the folder and return their paths in order."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(folder / f"sw{index:05d}.cfg" for index in range(count))
    for index, path in enumerate(paths):
        path.write_text(configuration(index, seed), encoding="ascii")
    return paths


def configuration(index: int, seed: int = SEED) -> str:
    """Return the running configuration of one device of the fleet."""
    choose = random.Random(f"{seed}/{index}")
    unique = index % _UNIQUE == _UNIQUE - 1
    return _text(choose, index, unique_qos(f"{seed}/{index}/qos") if unique else shared_qos())


def faultless(index: int, seed: int = SEED) -> str:
    """Return a device with QoS text of its own, and every policy as the plan asks for it."""
    return _text(
        random.Random(f"{seed}/{index}"), index, unique_qos(f"{seed}/{index}/qos", faults=False)
    )


def _text(choose: random.Random, index: int, qos: QosText) -> str:
    lines = [
        *lines_above(choose, f"sw{index:05d}"),
        *qos.definitions,
        *_interfaces(choose, qos),
        *routing(choose),
        *qos.access_lists,
        *lines_below(choose),
    ]
    return "\n".join(lines) + "\n"


def _interfaces(choose: random.Random, qos: QosText) -> Iterator[str]:
    at = 0
    for switch in range(1, _STACK + 1):
        for port in range(1, 49):
            at += 1
            yield from _access_port(choose, qos, f"0/{switch}/{port}", at)
        yield from _uplink(choose, qos, f"0/0/{switch + 2}")
    for number, role in enumerate(_WAN):
        yield from _wan(choose, qos, number, role)
    for vlan in range(_VLANS):
        yield from _vlan(choose, vlan)


def _access_port(choose: random.Random, qos: QosText, name: str, at: int) -> Iterator[str]:
    yield f"interface GigabitEthernet{name}"
    yield f" description {choose.choice(_ROOMS)} {choose.randrange(10_000)} outlet {at}"
    yield f" switchport access vlan {100 + choose.randrange(40)}"
    yield " switchport mode access"
    yield " authentication event server dead action authorize"
    yield " authentication host-mode multi-domain"
    yield " authentication port-control auto"
    yield f" authentication timer reauthenticate {choose.randrange(3600, 9000)}"
    if choose.random() < 0.5:
        yield f" switchport voice vlan {200 + choose.randrange(20)}"
    if choose.random() < 0.1:
        yield " shutdown"
    yield " mab"
    yield " dot1x pae authenticator"
    yield " spanning-tree portfast"
    yield " spanning-tree bpduguard enable"
    yield from _bound(choose, qos, "client", foreign=True)
    yield "!"


def _uplink(choose: random.Random, qos: QosText, name: str) -> Iterator[str]:
    yield f"interface TenGigabitEthernet{name}"
    yield f" description uplink to core {choose.randrange(10_000)}"
    yield f" switchport trunk allowed vlan 100-{140 + choose.randrange(40)}"
    yield " switchport mode trunk"
    yield from _bound(choose, qos, "uplink:1G")
    yield "!"


def _wan(choose: random.Random, qos: QosText, number: int, role: str) -> Iterator[str]:
    yield f"interface GigabitEthernet0/0/{number}"
    yield f" description WAN circuit {choose.randrange(10**6)}"
    yield f" bandwidth {_WAN[role]}"
    host = 4 * choose.randrange(64) + 1
    yield f" ip address 172.16.{choose.randrange(256)}.{host} 255.255.255.252"
    yield from _bound(choose, qos, role)
    yield "!"


def _vlan(choose: random.Random, vlan: int) -> Iterator[str]:
    yield f"interface Vlan{100 + vlan}"
    yield f" description gateway {choose.randrange(10_000)}"
    yield f" ip address 10.{choose.randrange(256)}.{choose.randrange(256)}.1 255.255.255.0"
    yield f" ip helper-address 10.{choose.randrange(256)}.0.10"
    yield "!"


def _bound(
    choose: random.Random, qos: QosText, role: str, *, foreign: bool = False
) -> Iterator[str]:
    """Yield the policy of one interface: mostly the plan's, else a mistaken, foreign or no one."""
    luck = choose.random()
    if luck < 0.80:
        yield qos.right[role]
    elif luck < 0.88:
        yield qos.wrong[role]
    elif luck < 0.94 and foreign:
        yield choose.choice(qos.foreign)


def main() -> None:
    """Write a fleet: `python -m benchmarks.generate FOLDER [COUNT] [SEED]`."""
    folder, *numbers = sys.argv[1:]
    count, seed = (*map(int, numbers), *(10_000, SEED)[len(numbers) :])
    print(f"{len(write_fleet(Path(folder), count, seed))} configurations in {folder}")


if __name__ == "__main__":
    main()
