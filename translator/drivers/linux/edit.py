"""What commands make of a Linux router: one nftables transaction, single tc commands.

The state of a router is a text that ends with the commands that were entered: the reader runs
them, so nothing about nftables or tc is said twice. A command that it cannot carry out is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Final

from translator.drivers.base import Step
from translator.drivers.linux.write import TABLE
from translator.errors import RefusedError
from translator.intents.device import DeviceQos

__all__ = ["EDIT_ASSUMPTIONS", "applied", "repairs", "undone"]

# Source: nft(8), -f: the whole file is one transaction. tc(8) has none.
EDIT_ASSUMPTIONS: Final = (
    "an nft file is loaded as one transaction; a class that is replaced by tc keeps its packets "
    "(unverified)",
    "what is entered is lost at the next start unless the script that runs then is changed too",
)
_BLOCK: Final = re.compile(rf"^table {TABLE} \{{\n(?:(?!\}}).*\n)*\}}", re.MULTILINE)
_LOAD: Final = "nft -f - <<'RULES'\n{rules}RULES"
_CLASS: Final = re.compile(r"tc class add dev (\S+) parent \S+ classid (\S+) .*")
_ROOT: Final = re.compile(r"tc qdisc add dev (\S+) root .*")
_LEAF: Final = re.compile(r"tc qdisc add dev (\S+) parent (\S+) handle \S+ .*")
_SHOWN: Final = re.compile(
    r"class htb (?P<id>\S+) (?:root|parent (?P<parent>\S+))(?: leaf \S+)? (?P<rest>.*)"
)
_DEVICE: Final = re.compile(r"\bdev (\S+)")
Parse = Callable[[str], DeviceQos]


def applied(text: str, commands: Sequence[str], parse: Parse) -> str:
    """Return the text with the commands behind it.

    Raises:
        RefusedError: the reader cannot carry one of them out.
    """
    if not commands:
        return text
    after = text.rstrip("\n") + "\n" + "\n".join(commands) + "\n"
    before = {item.text for item in parse(text).unread}
    for item in parse(after).unread:
        if item.text not in before:
            raise RefusedError(f"`{item.text}` is refused: {item.reason}")
    return after


def undone(text: str, commands: Sequence[str]) -> tuple[str, ...]:
    """Return the commands that take the commands back, the last one first."""
    found = [_undo(text, line) for line in reversed(commands)]
    roots = {line for line in found if line.endswith(" root")}
    devices = {_device(line) for line in roots}
    return tuple(line for line in found if line and (line in roots or _device(line) not in devices))


def repairs(rendered: str) -> Iterator[tuple[Step, ...]]:
    """Yield ways: the rules alone, queues that are changed where they are, queues built anew."""
    rules = _BLOCK.findall(rendered)
    load = (Step((), (_loaded(rules[-1]),)),) if rules else ()
    lines = rendered.splitlines()
    changed = [
        Step((), (line.replace(" add ", " replace ", 1),))
        for line in lines
        if _CLASS.fullmatch(line)
    ]
    built: list[Step] = []
    for device in dict.fromkeys(_device(line) for line in lines if _ROOT.fullmatch(line)):
        tree = [line for line in lines if line.startswith("tc ") and _device(line) == device]
        tree = [line for line in tree if " del " not in line]
        built.append(Step((), tuple(_weakest_first(tree))))
    for queues in (changed, built):
        yield (*queues, *load)
        yield (*load, *queues)


def _weakest_first(tree: list[str]) -> Iterator[str]:
    """Yield the lines of a tree, strict classes last: a class alone is served before nobody."""
    yield tree[0].replace(" add ", " replace ", 1)
    classes = [at for at, line in enumerate(tree) if _CLASS.fullmatch(line)]
    yield from tree[1 : classes[0] + 1]
    bounds = [*classes[1:], len(tree)]
    for start, end in reversed(list(pairwise(bounds))):
        yield from tree[start:end]


def _loaded(block: str) -> str:
    rules = f"table {TABLE}\ndelete table {TABLE}\n{block}\n"
    return _LOAD.format(rules=rules)


def _device(line: str) -> str:
    found = _DEVICE.search(line)
    return found[1] if found is not None else ""


def _undo(text: str, line: str) -> str:
    """Return what takes one command back, "" where something else does it.

    Raises:
        RefusedError: what was there before cannot be put back.
    """
    if line.startswith("nft "):
        before = _BLOCK.findall(text)
        return _loaded(before[-1]) if before else f"nft delete table {TABLE}"
    device = _device(line)
    if " root " in line:
        shown = re.search(rf"^qdisc \S+ (?!0:)\S+ dev {re.escape(device)} root", text, re.MULTILINE)
        if shown is not None or f"tc qdisc add dev {device} root" in text:
            raise RefusedError(
                f"`{line}` would take the queues of {device} away, which cannot be put back",
                hint="change them by hand after the rendered text; see `render`",
            )
        return f"tc qdisc del dev {device} root"
    if line.startswith("tc class "):
        return _class_before(text, device, line.split(" classid ", 1)[1].split(maxsplit=1)[0])
    return ""


def _class_before(text: str, device: str, class_id: str) -> str:
    """Return the command that gives a class what it had, or takes it away if it was not there."""
    current = ""
    for line in text.splitlines():
        current = _device(line) or current
        if current != device:
            continue
        typed = _CLASS.fullmatch(line.strip())
        if typed is not None and typed[2] == class_id:
            return line.strip().replace(" add ", " replace ", 1)
        shown = _SHOWN.fullmatch(line.strip())
        if shown is not None and shown["id"] == class_id:
            parent = shown["parent"] or f"{class_id.split(':', maxsplit=1)[0]}:"
            where = f"tc class replace dev {device} parent {parent} classid {class_id}"
            return f"{where} htb {shown['rest']}"
    return f"tc class del dev {device} classid {class_id}"
