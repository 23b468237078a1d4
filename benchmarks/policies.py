"""QoS text of generated devices: what our renderer writes, beside faults and foreign classes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

__all__ = ["QosText", "shared_qos", "unique_qos"]

_ROLES: Final = ("client", "uplink:1G", "wan:10M", "wan:20M", "wan:50M")
_FOREIGN: Final = ("BACKUP", "CAMERAS", "PRINT")
_MARKS: Final = ("cs1", "af11", "af31", "cs2", "default")


@dataclass(frozen=True, slots=True)
class QosText:
    """The QoS lines of one device but for the bindings.

    Attributes:
        definitions: class-maps and policy-maps, as they stand above the interfaces.
        access_lists: as they stand below them.
        right: for each role, the line that binds the policy that the plan asks for.
        wrong: for each role, a line that binds a policy with a mistake.
        foreign: lines that bind policies of other owners.
    """

    definitions: tuple[str, ...]
    access_lists: tuple[str, ...]
    right: dict[str, str]
    wrong: dict[str, str]
    foreign: tuple[str, ...]


@cache
def shared_qos() -> QosText:
    """Return the text that most devices of the fleet have in common."""
    return _qos_text(random.Random("shared"), video_low=20045)


def unique_qos(seed: str, *, faults: bool = True) -> QosText:
    """Return a text in which addresses, marks and the mistaken port range are the device's own.

    Without faults the mistaken policies are left out.
    """
    choose = random.Random(seed)
    video_low = choose.randrange(20041, 20079) if faults else None
    return _qos_text(choose, video_low=video_low)


def _qos_text(choose: random.Random, *, video_low: int | None) -> QosText:
    blocks, right = _rendered()
    own_blocks, foreign = _foreign_blocks(choose)
    every, wrong = [*blocks, *own_blocks], right
    if video_low is not None:
        more, wrong = _mistaken(blocks, right, video_low)
        every += more
    lists = [block for block in every if block[0].startswith(("ip access-list", "ipv6 access-"))]
    maps = [block for block in every if block not in lists]
    maps.sort(key=lambda block: block[0].startswith("policy-map"))
    return QosText(_joined(maps), _joined(lists), right, wrong, foreign)


def _joined(blocks: list[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(line for block in blocks for line in (*block, "!"))


@cache
def _rendered() -> tuple[list[tuple[str, ...]], dict[str, str]]:
    """Return the blocks that our driver writes for the Lync plan, and each role's binding."""
    from translator.drivers.registry import driver
    from translator.intents.compile import InterfaceSpec, compile_intents
    from translator.intents.lower import lower
    from translator.plan import load_plan

    ios = driver("cisco_ios")
    specs = [InterfaceSpec.of(f"Gi0/{at}={role}") for at, role in enumerate(_ROLES)]
    intents = compile_intents(load_plan("lync-2013"), "any", specs, {})
    blocks = list(_blocks(ios.render(lower(intents, ios.capabilities)).config))
    bound = [block[1] for block in blocks if block[0].startswith("interface")]
    return (
        [block for block in blocks if not block[0].startswith("interface")],
        dict(zip(_ROLES, bound, strict=True)),
    )


def _blocks(text: str) -> Iterator[tuple[str, ...]]:
    block: list[str] = []
    for line in text.splitlines():
        if not line.startswith(" ") and block:
            yield tuple(block)
            block = []
        if not line.startswith("!"):
            block.append(line)
    if block:
        yield tuple(block)


def _mistaken(
    blocks: list[tuple[str, ...]], right: dict[str, str], video_low: int
) -> tuple[list[tuple[str, ...]], dict[str, str]]:
    """Return copies with a mistake: video loses ports where it enters, voice its queue beyond."""
    renamed: list[tuple[str, ...]] = []
    for block in blocks:
        text = "\n".join(block).replace("QOS-", "OLD-")
        text = text.replace("range 20040 20079", f"range {video_low} 20079")
        renamed.append(tuple(text.replace("priority percent", "bandwidth percent").splitlines()))
    return renamed, {role: line.replace("QOS-", "OLD-") for role, line in right.items()}


def _foreign_blocks(choose: random.Random) -> tuple[list[tuple[str, ...]], tuple[str, ...]]:
    """Return classes of other owners, with access lists, and the lines that bind their policy."""
    blocks: list[tuple[str, ...]] = []
    policy = ["policy-map SITE-IN"]
    for name in _FOREIGN:
        blocks.append((f"ip access-list extended SITE-{name}", *_entries(choose)))
        blocks.append((f"class-map match-any SITE-{name}", f" match access-group name SITE-{name}"))
        policy += [f" class SITE-{name}", f"  set dscp {choose.choice(_MARKS)}"]
        if choose.random() < 0.5:
            policy.append(f"  police cir {choose.randrange(1, 90)}000000")
            policy += ["   conform-action transmit", "   exceed-action drop"]
    blocks.append(tuple(policy))
    return blocks, (" service-policy input SITE-IN",)


def _entries(choose: random.Random) -> tuple[str, ...]:
    """Return entries for the ports of the servers in one network."""
    network = f"10.{choose.randrange(256)}.{choose.randrange(256)}.0 0.0.0.255"
    ports = sorted(choose.sample(range(1024, 20_000), choose.randrange(2, 5)))
    protocol = choose.choice(("tcp", "udp"))
    return tuple(f" permit {protocol} any {network} eq {port}" for port in ports)
