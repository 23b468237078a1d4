"""One EOS configuration being edited, directly or in a session."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..grammar import Ambiguous, Found, Incomplete, Invalid, Outcome
from ..tree import Node
from .maps import default_of, map_values
from .rules import GRAMMARS, GROUPS, HIDDEN, PARENTS, kept_interface, names

__all__ = ["Editor", "refusal"]


def refusal(outcome: Outcome, line: str) -> str:
    """Return how EOS refuses a line: it counts words where IOS draws a caret."""
    if isinstance(outcome, Ambiguous):
        return f"% Ambiguous command (at token 0: '{line.split(maxsplit=1)[0]}')\n"
    if isinstance(outcome, Incomplete):
        words = line.split()
        return f"% Incomplete command (at token {len(words) - 1}: '{words[-1]}')\n"
    assert isinstance(outcome, Invalid)
    at = len(line[: outcome.column + 1].split()) - 1
    return f"% Invalid input (at token {at}: '{line.split()[at]}')\n"


@dataclass(slots=True)
class Editor:
    """A configuration, and the place where the next line goes.

    While a group is edited `path` begins with a copy of it, which is put into the tree on leaving.
    """

    tree: Node
    physical: tuple[str, ...]
    path: list[tuple[str, Node]] = field(default_factory=list)  # slot and node

    @property
    def mode(self) -> str:
        """The mode of the next line."""
        return self.path[-1][1].mode if self.path else "config"

    @property
    def shown(self) -> str:
        """The mode as the prompt shows it, "" at the top."""
        return "-".join(names(node.mode, node.text) for _, node in self.path[-1:])

    def leave(self, *, to: int | None = None) -> None:
        """Go one mode up (or up to a depth); a group that is left takes effect."""
        depth = len(self.path) - 1 if to is None else to
        if depth <= 0 and self.path and self.path[0][1].mode in GROUPS:
            slot, node = self.path[0]
            self.tree.children[slot] = node
        del self.path[max(depth, 0) :]

    def abort(self) -> bool:
        """Drop the group that is edited; False when there is none."""
        group = bool(self.path) and self.path[0][1].mode in GROUPS
        if group:
            self.path.clear()
        return group

    def apply(self, line: str) -> str:
        """Take one line; return "" or the refusal."""
        stripped = line.strip()
        if not stripped or stripped.startswith("!"):
            return ""
        if stripped == "exit":
            self.leave()
            return ""
        word, _, rest = stripped.partition(" ")
        # where nothing is described, `no` is kept as it is: `no shutdown` is a setting there
        setting = isinstance(GRAMMARS[self.mode].read(stripped), Found)  # as `no priority` is
        negative = word in ("no", "default") and bool(rest) and not setting
        outcome, depth = self._read(rest.strip() if negative else stripped, negative=negative)
        if isinstance(outcome, Incomplete) and negative:
            if depth < len(self.path):
                self.leave(to=depth)
            self._remove_starting(" ".join(outcome.words))
            return ""
        if not isinstance(outcome, Found):
            return refusal(outcome, rest.strip() if negative else stripped)
        if depth < len(self.path):
            self.leave(to=depth)
        return self._remove(outcome) if negative else self._keep(outcome)

    def load(self, text: str) -> list[str]:
        """Apply a whole text from the top; return the lines that were refused."""
        refused = []
        for line in text.splitlines():
            if line.strip() == "end":
                break
            if line.strip() and not line[0].isspace():
                self.leave(to=0)
            if self.apply(line):
                refused.append(line.strip())
        self.leave(to=0)
        return refused

    def _read(self, line: str, *, negative: bool) -> tuple[Outcome, int]:
        first: Outcome | None = None
        mode, depth = self.mode, len(self.path)
        while True:
            outcome = GRAMMARS[mode].read(line)
            if mode == "free" and isinstance(GRAMMARS["config"].read(line), Found):
                outcome = Invalid(
                    0
                )  # a section that is not described ends where a known one begins
            if isinstance(outcome, Found) or (negative and isinstance(outcome, Incomplete)):
                return outcome, depth
            first = first or outcome
            if mode == "config":
                return first if isinstance(outcome, Invalid) else outcome, depth
            mode, depth = PARENTS[mode], depth - 1

    @property
    def _here(self) -> Node:
        return self.path[-1][1] if self.path else self.tree

    @staticmethod
    def _names(found: Found) -> tuple[str, str]:
        """The slot and the text of a line as EOS keeps it."""
        words = found.words
        slot = found.rule.slot.replace("{-1}", words[-1])
        if words[0] == "interface":
            text = f"interface {kept_interface(words[1])}"
            return text, text
        texts = {
            "class-map": f"class-map type qos match-any {words[-1]}",
            "policy-map": f"policy-map type quality-of-service {words[-1]}",
            "class": f"class {words[-1]}",
        }
        text = texts.get(words[0], found.text)
        return (slot.format(*words) if slot else text), text

    def _keep(self, found: Found) -> str:
        slot, text = self._names(found)
        if self.mode in ("acl", "acl6"):
            return self._keep_entry(found)
        if found.words[:2] == ("qos", "map"):
            return self._keep_values(found)
        if text in HIDDEN:
            self._here.children.pop(slot, None)
            return ""
        if text.startswith("interface Ethernet") and text.split()[1] not in self.physical:
            return f"% Invalid input (at token 1: '{found.words[1]}')\n"
        if not found.rule.opens:
            self._here.put(slot, text)
            return ""
        known = self._here.children.get(slot)
        if found.rule.opens in GROUPS and not self.path:
            node = known.copy() if known else Node(text, found.rule.opens)
        else:
            node = self._here.put(slot, text, found.rule.opens)
            if found.rule.opens == "pmap-c" and "class class-default" in self._here.children:
                below = self._here.children
                below["class class-default"] = below.pop("class class-default")
        self.path.append((slot, node))
        return ""

    def _keep_entry(self, found: Found) -> str:
        words = found.words
        number, words = (int(words[0]), words[1:]) if words[0].isdigit() else (0, words)
        entries = self._here.children
        if not words:
            return f"% Incomplete command (at token 0: '{number}')\n"
        if not number:
            number = max((entry.number for entry in entries.values()), default=0) + 10
        entries[str(number)] = Node(f"{number} {' '.join(words)}", number=number)
        self._here.children = dict(sorted(entries.items(), key=lambda item: item[1].number))
        return ""

    def _keep_values(self, found: Found) -> str:
        """Keep a map line as a line for each of its values; those of a default are not kept."""
        target = found.words[-1]
        if not target.isdigit():
            return f"% Incomplete command (at token {len(found.words) - 1}: '{target}')\n"
        for slot, value in map_values(found.words):
            self._here.children.pop(slot, None)
            if target != default_of(slot, value):
                self._here.children[slot] = Node(f"{slot} {target}")
        return ""

    def _remove(self, found: Found) -> str:
        slot, text = self._names(found)
        if found.words[:2] == ("qos", "map"):
            for each, _ in map_values(found.words):
                self._here.children.pop(each, None)
            return ""
        if self.mode in ("acl", "acl6"):
            entries = self._here.children
            hit = [
                key for key, e in entries.items() if key == text or e.text.partition(" ")[2] == text
            ]
            for key in hit:
                del entries[key]
        elif text.startswith("interface ") and text.split()[1] in self.physical:
            self._here.children[slot].children.clear()
        else:
            self._here.children.pop(slot, None)
        return ""

    def _remove_starting(self, start: str) -> None:
        here = self._here
        here.children = {
            slot: child
            for slot, child in here.children.items()
            if not f"{child.text} ".startswith(f"{start} ") and slot != start
        }
