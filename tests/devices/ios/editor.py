"""One configuration being edited: what each line changes, or why IOS refuses it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ..grammar import Ambiguous, Found, Incomplete, Invalid, Outcome
from ..tree import Node
from .rules import GRAMMARS, PARENTS
from .words import kept_ace, kept_dscp, kept_interface

__all__ = ["Editor", "caret"]

_LISTS = ("config-ext-nacl", "config-ipv6-acl", "config-std-nacl")
Check = Callable[["Editor", Found, bool], str]


def caret(outcome: Outcome, indent: int) -> str:
    """Return how IOS refuses a line; `indent` is the width of the prompt before it."""
    if isinstance(outcome, Ambiguous):
        return f'% Ambiguous command:  "{outcome.line}"\n'
    if isinstance(outcome, Invalid):
        return f"{' ' * (indent + outcome.column)}^\n% Invalid input detected at '^' marker.\n\n"
    return "% Incomplete command.\n\n"


@dataclass(slots=True)
class Editor:
    """A configuration, and the place where the next line goes.

    Attributes:
        check: asked before a line is kept; its answer, where there is one, is the refusal.
        physical: interfaces that exist and cannot be removed.
    """

    tree: Node
    physical: tuple[str, ...] = ()
    check: Check | None = None
    path: list[Node] = field(default_factory=list)
    _banner: str = ""

    @property
    def mode(self) -> str:
        """The mode: `config` or one of the modes below it."""
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
        if self._banner:
            return self._in_banner(line)
        stripped = line.strip()
        if not stripped or stripped.startswith("!"):
            return ""
        if stripped.startswith("banner "):
            return self._start_banner(stripped)
        word, _, rest = stripped.partition(" ")
        negative = word in ("no", "default") and bool(rest)
        skipped = len(line) - len(line.lstrip())
        if negative:
            skipped += len(word) + 1 + len(rest) - len(rest.lstrip())
            stripped = rest.strip()
        outcome, depth = self._read(self._joined_interface(stripped), negative=negative)
        if not isinstance(outcome, Found) and not (negative and isinstance(outcome, Incomplete)):
            return caret(outcome, indent + skipped)
        del self.path[depth:]
        if isinstance(outcome, Incomplete):
            self._remove_starting(" ".join(outcome.words))
            return ""
        refusal = self.check(self, outcome, negative) if self.check else ""
        if refusal:
            return refusal
        return self._remove(outcome) if negative else self._keep(outcome, indent + skipped)

    def load(self, text: str) -> list[str]:
        """Apply a whole text from the top; return the lines that were refused."""
        refused = []
        self.path.clear()
        for line in text.splitlines():
            if line.strip() == "end":
                break
            if line and not line[0].isspace() and not self._banner:
                self.path.clear()
            if line.strip() == "exit":
                self.leave()
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
            if isinstance(outcome, Found) or (negative and isinstance(outcome, Incomplete)):
                return outcome, depth
            if first is None or (isinstance(first, Invalid) and _reach(outcome) > first.column):
                first = outcome
            if mode == "config":
                return first, depth
            mode, depth = PARENTS[mode], depth - 1

    @staticmethod
    def _joined_interface(line: str) -> str:
        """`interface GigabitEthernet 0/1` is one name."""
        words = line.split()
        if len(words) == 3 and len(words[0]) > 2 and "interface".startswith(words[0].lower()):
            return f"{words[0]} {words[1]}{words[2]}"
        return line

    def _kept(self, found: Found) -> Found:
        """The words of a line as IOS keeps them."""
        words = found.words
        if words[0] == "interface" and not self.path:
            words = ("interface", kept_interface(words[1]) or words[1])
        elif "dscp" in words and self.mode not in _LISTS:
            at = words.index("dscp") + 1
            words = words[:at] + tuple(kept_dscp(w) if w.isdigit() else w for w in words[at:])
        return Found(found.rule, words)

    def _keep(self, found: Found, indent: int) -> str:
        if self.mode in _LISTS:
            return self._keep_entry(found)
        found = self._kept(found)
        if found.rule.opens == "config-if" and not self._may_exist(found.words[1]):
            return caret(Invalid(len("interface ")), indent)
        parent, text = self.here, found.text
        if found.words[0] == "match" and "dscp" in found.words:
            at = found.words.index("dscp") + 1
            text = " ".join(found.words[:at]) + " " + "  ".join(found.words[at:])
        elif "insert-before" in found.words:
            text = " ".join(found.words[:2])
        elif found.words[0] == "class-map" and len(found.words) == 2:
            known = parent.children.get(found.slot)
            text = known.text if known else f"class-map match-all {found.words[1]}"
        node = parent.put(found.slot, text, found.rule.opens)
        if self.mode == "config-pmap":
            self._order_classes(found)
        if found.words[:3] == ("mls", "qos", "srr-queue"):
            self._move_values(found, node)
        if found.rule.opens and not (found.words[0] == "police" and "-action" in text):
            self.path.append(node)
        return ""

    def _keep_entry(self, found: Found) -> str:
        """An entry goes where its number says; without one, to the end."""
        words = found.words[1:] if found.words[0] == "sequence" else found.words
        number, words = (int(words[0]), words[1:]) if words[0].isdigit() else (0, words)
        if not words:
            return "% Incomplete command.\n\n"
        entries = self.here.children
        text = " ".join(words) if words[0] == "remark" else kept_ace(words)
        # IOS keeps one of two equal entries and says nothing; for remarks this is unverified.
        if any(entry.text == text for entry in entries.values()):
            return ""
        last = max((entry.number for entry in entries.values()), default=0)
        if number and any(
            e.number == number and e.text.split()[0] != "remark" for e in entries.values()
        ):
            return "% Duplicate sequence number\n"
        # A remark has no number of its own; it stands before the entry that comes after it.
        at = number or (last if words[0] == "remark" else (last // 10 + 1) * 10)
        self.here.children[f"{len(entries)} {at} {text}"] = Node(text, number=at)
        ordered = sorted(self.here.children.items(), key=lambda item: item[1].number)
        self.here.children = dict(ordered)
        return ""

    def _remove(self, found: Found) -> str:
        if self.mode in _LISTS:
            return self._remove_entry(found)
        kept = self._kept(found)
        if kept.rule.opens == "config-if" and kept.words[1] in self.physical:
            return "% Removal of physical interfaces is not permitted\n"
        if self.here.children.pop(kept.slot, None) is None and not kept.rule.slot:
            self._remove_starting(kept.text)
        return ""

    def _remove_entry(self, found: Found) -> str:
        words = found.words[1:] if found.words[0] == "sequence" else found.words
        number, words = (int(words[0]), words[1:]) if words[0].isdigit() else (0, words)
        text = kept_ace(words) if words and words[0] != "remark" else " ".join(words)
        for slot, entry in self.here.children.items():
            if (number and entry.number == number) or (text and entry.text == text):
                del self.here.children[slot]
                return ""
        return "" if text else "% Invalid sequence number\n"

    def _remove_starting(self, start: str) -> None:
        kept = {
            slot: child
            for slot, child in self.here.children.items()
            if not (f"{child.text} ".startswith(f"{start} ") and child.text not in ("mls qos",))
        }
        self.here.children = kept

    def _may_exist(self, name: str) -> bool:
        made = ("Loopback", "Vlan", "Tunnel", "Port-channel", "Dialer")
        return not self.physical or name.partition(".")[0] in self.physical or name.startswith(made)

    def _order_classes(self, found: Found) -> None:
        """`class-default` is last, whatever came after it; `insert-before` moves a class."""
        classes = self.here.children
        if "insert-before" in found.words and f"class {found.words[3]}" in classes:
            own = classes.pop(found.slot)
            items = list(classes.items())
            at = [slot for slot, _ in items].index(f"class {found.words[3]}")
            self.here.children = classes = dict([*items[:at], (found.slot, own), *items[at:]])
        if "class class-default" in classes:
            classes["class class-default"] = classes.pop("class class-default")

    def _move_values(self, found: Found, node: Node) -> None:
        """A code point is in one queue: the last line that names it has it."""
        taken = set(found.words[9:])
        for slot, child in tuple(self.tree.children.items()):
            words = child.text.split()
            if child is not node and words[:5] == list(found.words[:5]):
                left = [word for word in words[9:] if word not in taken]
                if not left:
                    del self.tree.children[slot]
                child.text = " ".join(words[:9] + left)

    def _start_banner(self, line: str) -> str:
        words = line.split(" ", 2)
        if len(words) < 3:
            return "% Incomplete command.\n\n"
        end = "^C" if words[2].startswith("^C") else words[2][:1]
        body = words[2][len(end) :]
        self.path.clear()
        self.tree.put(f"banner {words[1]}", line)
        if end not in body:
            self._banner = f"{words[1]} {end}"
        return ""

    def _in_banner(self, line: str) -> str:
        kind, end = self._banner.split(" ", 1)
        node = self.tree.children[f"banner {kind}"]
        node.text += "\n" + line
        if end in line:
            self._banner = ""
        return ""


def _reach(outcome: Outcome) -> int:
    return outcome.column if isinstance(outcome, Invalid) else 10_000
