"""One NX-OS configuration being edited: what each line changes, or why it is refused.

Unverified: the wording of refusals of lines that are well written, but for the one of a region
without entries, which is public.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from ..grammar import Ambiguous, Found, Incomplete, Invalid, Outcome
from ..ios.words import TYPES
from ..tree import Node
from .rules import GRAMMARS, LISTS, PARENTS, kept_interface

__all__ = ["Editor", "caret"]

_NO_REGION = (
    "ERROR: TCAM region is not configured. Please configure TCAM region and retry the command\n"
)
_DSCP = {"default": 0, "ef": 46, **{f"cs{n}": 8 * n for n in range(1, 8)},
         **{f"af{x}{y}": 8 * x + 2 * y for x in range(1, 5) for y in range(1, 4)}}  # fmt: skip


def caret(outcome: Outcome, line: str, indent: int) -> str:
    """Return how NX-OS refuses a line that it cannot read."""
    if isinstance(outcome, Ambiguous):
        return "% Ambiguous command at '^' marker.\n"
    if isinstance(outcome, Invalid):
        mark = " " * (indent + outcome.column) + "^\n"
        return f"{mark}% Invalid command at '^' marker.\n"
    return f"{' ' * (indent + len(line))}^\n% Incomplete command at '^' marker.\n"


@dataclass(slots=True)
class Editor:
    """A configuration, and the place where the next line goes.

    Attributes:
        carved: whether the hardware has entries for policies of an IP version.
    """

    tree: Node
    physical: tuple[str, ...] = ()
    carved: Callable[[int], bool] = lambda version: True
    path: list[Node] = field(default_factory=list)

    @property
    def mode(self) -> str:
        """The mode of the next line."""
        return self.path[-1].mode if self.path else "config"

    @property
    def here(self) -> Node:
        """The node under which lines go."""
        return self.path[-1] if self.path else self.tree

    def leave(self) -> bool:
        """Go one mode up; False at the top."""
        return bool(self.path) and bool(self.path.pop())

    def apply(self, line: str, *, indent: int = 0) -> str:
        """Take one line; return "" or the refusal."""
        stripped = line.strip()
        if not stripped or stripped.startswith("!"):
            return ""
        if self.mode == "config-job":  # whatever is typed is what the job does
            self.here.put(stripped, stripped)
            return ""
        negative = stripped.startswith("no ")
        bare = stripped[3:].strip() if negative else stripped
        outcome, depth = self._read(bare, negative=negative)
        if not isinstance(outcome, Found):
            return caret(outcome, bare, indent)
        del self.path[depth:]
        refusal = self._needed(outcome) if negative else self._missing(outcome)
        if refusal:
            return refusal
        return self._remove(outcome) if negative else self._keep(outcome)

    def load(self, text: str) -> list[str]:
        """Apply a whole text from the top; return the lines that were refused."""
        refused = []
        self.path.clear()
        for line in text.splitlines():
            if line.strip() == "end-job":
                self.path.clear()
            elif line and not line[0].isspace() and self.mode != "config-job":
                self.path.clear()
                refused += [line] if self.apply(line) else []
            elif self.apply(line):
                refused.append(line.strip())
        self.path.clear()
        return refused

    def _read(self, line: str, *, negative: bool) -> tuple[Outcome, int]:
        """Read a line in this mode, then in those above it; return also how deep its mode is."""
        first: Outcome | None = None
        mode, depth = self.mode, len(self.path)
        while True:
            outcome = GRAMMARS[mode].read(line)
            if isinstance(outcome, Found):
                return outcome, depth
            if negative and isinstance(outcome, Incomplete):  # `no description`
                return outcome, depth
            first = first or outcome
            if mode == "config":
                return first if isinstance(outcome, Invalid) else outcome, depth
            mode, depth = PARENTS[mode], depth - 1

    def _names(self, found: Found) -> tuple[str, str]:
        """Return the slot and the text of a line as NX-OS keeps it."""
        words = found.words
        slot = found.rule.slot.replace("{-1}", words[-1])
        slot = slot.format(*words) if slot else ""
        if words[0] == "interface":
            text = f"interface {kept_interface(words[1])}"
            return text, text
        kind = "queuing" if "queuing" in words[:3] else "qos"
        if words[0] == "class-map":
            how = next((word for word in words if word.startswith("match-")), "match-all")
            known = self.tree.children.get(slot)
            return slot, known.text if known else f"class-map type {kind} {how} {words[-1]}"
        texts = {
            "policy-map": f"policy-map type {kind} {words[-1]}",
            "class": f"class type queuing {words[-1]}"
            if kind == "queuing"
            else f"class {words[-1]}",
        }
        text = texts.get(words[0], found.text)
        if words[:2] in (("set", "dscp"), ("match", "dscp")):
            text = f"{words[0]} dscp {', '.join(map(str, _numbers(words[2:])))}"
        if words[0] == "service-policy" and "input" in words and kind == "qos":
            text = f"service-policy type qos input {words[-1]}"
        return slot or text, text

    def _keep(self, found: Found) -> str:
        if self.mode in LISTS:
            return self._keep_entry(found)
        slot, text = self._names(found)
        if text.startswith("interface Ethernet") and text.split()[1] not in self.physical:
            return "ERROR: Invalid interface format\n"
        node = self.here.put(slot, text, found.rule.opens)
        if self.mode.startswith("config-pmap-q") and "class class-default" in self.here.children:
            below = self.here.children
            below["class class-default"] = below.pop("class class-default")
        if found.rule.opens:
            self.path.append(node)
        return ""

    def _keep_entry(self, found: Found) -> str:
        words = found.words
        number, words = (int(words[0]), words[1:]) if words[0].isdigit() else (0, words)
        entries = self.here.children
        text = " ".join(words) if words[:1] in (("remark",), ("statistics",)) else _entry(words)
        if any(entry.text.partition(" ")[2] == text for entry in entries.values()):
            return ""
        number = number or max((entry.number for entry in entries.values()), default=0) + 10
        entries[str(number)] = Node(f"{number} {text}", number=number)
        self.here.children = dict(sorted(entries.items(), key=lambda item: item[1].number))
        return ""

    def _remove(self, found: Found) -> str:
        here = self.here
        if self.mode in LISTS:
            words = found.words[1:] if found.words[0].isdigit() else found.words
            text = _entry(words)
            hit = [key for key, e in here.children.items() if e.text.partition(" ")[2] == text]
            hit += [found.words[0]] if len(found.words) == 1 else []
        else:
            hit = [self._names(found)[0]]
        if not any(here.children.pop(key, None) for key in hit):
            return "ERROR: entry not found\n" if found.words[0] != "interface" else ""
        return ""

    def _missing(self, found: Found) -> str:
        """Return why NX-OS refuses a line that refers to something, "" when it takes it."""
        words, defined = found.words, self.tree.children
        name = words[-1]
        if words[0] == "service-policy":
            kind = "queuing " if "queuing" in words else ""
            if f"policy-map {kind}{name}" not in defined:
                return f"ERROR: policy-map {name} does not exist\n"
            if not kind and not all(self.carved(version) for version in self._versions(name)):
                return _NO_REGION
        if words[0] == "class" and self.mode == "config-pmap-qos" and name != "class-default":
            return (
                ""
                if f"class-map {name}" in defined
                else f"ERROR: class-map {name} does not exist\n"
            )
        if words[0] == "class" and self.mode == "config-pmap-que":
            own = name.startswith("c-out-8q-q") or f"class-map queuing {name}" in defined
            return "" if own or name == "class-default" else f"ERROR: class {name} does not exist\n"
        if words[0] in ("bandwidth", "priority") and self.mode == "config-pmap-c-que":
            return self._shares(words)
        return ""

    def _versions(self, policy: str) -> Iterator[int]:
        """Yield the IP versions of the lists that the classes of a policy name."""
        yield 4
        defined = self.tree.children
        for node in defined[f"policy-map {policy}"].children.values():
            known = defined.get(f"class-map {node.text.split()[-1]}")
            for line in known.children.values() if known else ():
                if f"ipv6 access-list {line.text.split()[-1]}" in defined:
                    yield 6

    def _shares(self, words: tuple[str, ...]) -> str:
        own = self.here.children
        other = {"bandwidth": "priority", "priority": "bandwidth"}[words[0]]
        if other in own:
            return f"ERROR: {other} is configured in this class\n"
        if words[:2] != ("bandwidth", "remaining"):
            return ""
        total = int(words[-1])
        for each in self.path[-2].children.values():
            for child in each.children.values() if each is not self.here else ():
                parts = child.text.split()
                total += int(parts[-1]) if parts[:2] == ["bandwidth", "remaining"] else 0
        return f"ERROR: sum of bandwidth exceeds 100 ({total})\n" if total > 100 else ""

    def _needed(self, found: Found) -> str:
        """Return why NX-OS does not remove what something else refers to."""
        words = found.words
        if words[0] not in ("class-map", "policy-map"):
            return ""
        users = list(_texts(self.tree))
        kind = "queuing" if "queuing" in words else "qos"
        if words[0] == "policy-map" and any(
            line.startswith(f"service-policy type {kind} ") and line.endswith(f" {words[-1]}")
            for line in users
        ):
            return f"ERROR: policy-map {words[-1]} is in use\n"
        if words[0] == "class-map" and f"class {words[-1]}" in users:
            return f"ERROR: class-map {words[-1]} is in use\n"
        return ""


def _texts(node: Node) -> Iterator[str]:
    for child in node.children.values():
        yield child.text
        yield from _texts(child)


def _numbers(words: tuple[str, ...]) -> Iterator[int]:
    for part in (part for word in words for part in word.split(",") if part):
        low, _, high = part.partition("-")
        ends = [_DSCP.get(end, end) for end in (low, high or low)]
        yield from range(int(ends[0]), int(ends[1]) + 1)


def _entry(words: tuple[str, ...]) -> str:
    """Return an entry with its addresses as prefixes."""
    kept: list[str] = []
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word == "host":
            address = ipaddress.ip_address(rest.pop(0))
            word = f"{address}/{address.max_prefixlen}"
        elif TYPES["ip"](word) and rest and TYPES["ip"](rest[0]):
            mask = int(ipaddress.IPv4Address(rest.pop(0)))
            word = f"{word}/{32 - mask.bit_length()}"
        kept.append(word)
    return " ".join(kept)
