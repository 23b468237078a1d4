"""Commands that make a configuration: those of `display set`, or typed, with their prompts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from translator.drivers.juniper_junos import values
from translator.drivers.juniper_junos.statements import statements
from translator.drivers.juniper_junos.tree import SECTIONS, Path, Tree
from translator.drivers.juniper_junos.words import HEADING, PROMPT, TOKEN, path_of, spoken

__all__ = ["DEEPEST", "SHOW", "TOO_DEEP", "Session", "is_command"]

# No statement of Junos has more words or stands deeper.
DEEPEST: Final = 60
TOO_DEEP: Final = "deeper than any statement of Junos"
# `show` lists the configuration at the prompt of configuration mode, which ends in "#".
SHOW: Final = re.compile(
    r"(?:(?:^|[>#%]\s*)(?:run\s+)?show configuration\b|^\s*[^\s#]\S*(#)\s*show\b)([^|]*)(.*)"
)
_TYPED: Final = re.compile(rf"({PROMPT})?(\w+)(?:\s+(.*))?$")
# Words that name a list, so that `up` leaves them together with the name behind them.
_LISTS: Final = values.words(
    "filter term family unit policer three-color-policer dscp dscp-ipv6 inet-precedence exp "
    "ieee-802.1 forwarding-class loss-priority prefix-list instance group"
)
_BEARING: Final = SECTIONS | {"filter", "policer", "prefix-list"}
_LOADS: Final = re.compile(r"(?:merge|set|override|replace|update|patch|factory-default)\b")
_BACK: Final = re.compile(r"(?:\d+|rescue|revision.*)?$")
# What follows in the text is what these load.
_IN_THE_TEXT: Final = re.compile(r"(?:merge|set)\s+terminal\b")


class Session:
    """Commands in order, typed below `edit` or complete.

    Attributes:
        base: the hierarchy that the session stands in.
    """

    def __init__(self, tree: Tree) -> None:
        self.base: list[str] = []
        self._tree = tree
        self._left: list[list[str]] = []  # where `exit` goes back to
        self._listed: list[str] | None = None  # what lines of `display set` are relative to

    def read(self, line: str, number: int) -> bool:
        """Carry out a line; False where it is no command and no heading."""
        stripped = line.strip()
        verb, _, rest = stripped.partition(" ")
        if verb not in _VERBS:
            heading = HEADING.match(stripped)
            if heading is not None:
                self.base, self._listed = spoken(heading[1]), None
                return True
            typed = _TYPED.match(stripped)
            if typed is None:
                return False
            if typed[1]:
                self._listed = self._listing(line)
            verb, rest = typed[2], typed[3] or ""
            if verb not in _VERBS:
                return False
        if self._listed is None:
            _VERBS[verb](self, verb, rest, number)
        else:
            base, self.base = self.base, self._listed
            _VERBS[verb](self, verb, rest, number)
            self.base = base
        return True

    def shown(self, found: re.Match[str]) -> list[str]:
        """Return the hierarchy that a `show` lists: in configuration mode, from where it stands."""
        words = spoken(found[2])
        if "apply-groups" in words:
            words = words[: words.index("apply-groups")]
        return [*self.base, *words] if found[1] else words

    def _listing(self, line: str) -> list[str] | None:
        """Return what the commands that a line lists are relative to; None if it lists none."""
        if "display set" not in line or (found := SHOW.search(line)) is None:
            return None
        base = self.shown(found) if "relative" in found[3] else []
        return None if base == self.base else base

    def change(self, verb: str, rest: str, number: int) -> None:
        path: Path
        if '"' in rest or "[" in rest:
            path = path_of(TOKEN.findall(rest))
        else:  # nearly all lines
            path = [word for word in rest.split() if word not in "{};"]
        if self.base:
            path = [*self.base, *path]
        first = path[0] if path else ""
        if not isinstance(first, str) or first not in self._tree.kept:
            if verb in _DELETES and not path and self._tree.root.children:
                self._tree.lost[number] = "whether everything was deleted is not known"
            return
        if len(path) > DEEPEST:
            self._tree.lost[number] = TOO_DEEP
            return
        if verb == "set":
            for statement in statements(path):
                self._tree.add(statement, number)
            return
        if first in SECTIONS:
            self._tree.dormant.append(number)
        for words in _one_by_one(path):
            self._change_one(verb, words)

    def _change_one(self, verb: str, words: list[str]) -> None:
        if verb in _DELETES:
            self._tree.remove(words)
            return
        node = self._tree.root.get(*words)
        if node is not None:
            node.inactive = verb == "deactivate"
            self._tree.has_inactive = True

    def insert(self, _verb: str, rest: str, number: int) -> None:
        """Move a child before or after another: `insert PATH X before Y`, Y with its keyword."""
        words = [*self.base, *spoken(rest)]
        place = next((i for i, word in enumerate(words) if word in ("before", "after")), 0)
        if place < 2:
            return
        if words[0] in SECTIONS:
            self._tree.dormant.append(number)
        name, anchor = words[place - 1], words[-1]
        parent = self._tree.root.get(*words[: place - 1])
        if parent is not None and not self._tree.move(
            parent, name, anchor, behind=words[place] == "after"
        ):
            self._tree.lost[number] = "more statements are moved than are followed"

    def edit(self, _verb: str, rest: str, _number: int) -> None:
        self._left.append(self.base)
        # Where it is too deep already, more makes no difference.
        self.base = [*self.base, *spoken(rest)][: DEEPEST + 1]

    def top(self, _verb: str, rest: str, number: int) -> None:
        """Go to the top; a command behind `top` is carried out there."""
        before, self.base = self.base, []
        command = rest.partition(" ")[0]
        if command in _VERBS:
            self.read(rest, number)
            if command == "edit":
                self._left[-1] = before
            else:
                self.base = before

    def up(self, _verb: str, rest: str, _number: int) -> None:
        for _ in range(int(rest[:2]) if rest.isdecimal() else 1):
            named = len(self.base) > 1 and self.base[-2] in _LISTS
            self.base = self.base[: -2 if named else -1]

    def exit(self, _verb: str, rest: str, _number: int) -> None:
        """Go back to where the last `edit` was typed. Source: Junos CLI reference: `quit` too."""
        if rest:  # configuration-mode
            self._left = []
        self.base = self._left.pop() if self._left else []

    def configure(self, _verb: str, _rest: str, _number: int) -> None:
        self.base, self._left = [], []

    def load(self, verb: str, rest: str, number: int) -> None:
        """Go on with what stands behind the command; other sources are not in the text."""
        if _LOADS.match(rest) and not _IN_THE_TEXT.match(rest):
            self._tree.lost[number] = f"{verb} {rest} is not followed"

    def rollback(self, verb: str, rest: str, number: int) -> None:
        """Lose what was set before, as far as the candidate was not committed."""
        if self._tree.root.children and _BACK.match(rest):
            self._tree.lost[number] = f"{verb} is not followed"

    def name(self, verb: str, rest: str, number: int) -> None:
        """Rename or copy what has a name: `rename PATH A to B`, B also with its keyword."""
        words = [*self.base, *spoken(rest)]
        place = words.index("to") if "to" in words else 0
        new = words[place + 1 :]
        if not words or words[0] not in self._tree.kept:
            return
        if words[0] in SECTIONS:
            self._tree.dormant.append(number)
        done = (
            place > 1
            and (len(new) == 1 or new[:-1] == words[place - 2 : place - 1])
            and self._tree.name(words[:place], new[-1], copying=verb == "copy", line=number)
        )
        if not done:
            self._tree.lost[number] = f"{verb} is not followed"

    def replace(self, verb: str, rest: str, number: int) -> None:
        """Lose what a pattern of text may stand for, at any place below."""
        if rest.startswith("pattern") and (not self.base or self.base[0] in self._tree.kept):
            self._tree.lost[number] = f"{verb} is not followed"

    def wildcard(self, verb: str, rest: str, number: int) -> None:
        """Lose what a pattern of names stands for, where it may concern QoS."""
        words = rest.split()
        path = [*self.base, *words[1 if words[:1] == ["delete"] else 2 :]]
        bears = any(word in _BEARING for word in path)
        if bears or (words[:1] == ["delete"] and path[:1] and path[0] in self._tree.kept):
            self._tree.lost[number] = f"{verb} is not followed"


_DELETES: Final = ("delete", "del")
_VERBS: Final[dict[str, Callable[[Session, str, str, int], None]]] = {
    **dict.fromkeys(("set", "delete", "del", "deactivate", "activate"), Session.change),
    **dict.fromkeys(("rename", "copy"), Session.name),
    **dict.fromkeys(("exit", "quit"), Session.exit),
    "configure": Session.configure,
    "edit": Session.edit,
    "insert": Session.insert,
    "load": Session.load,
    "replace": Session.replace,
    "rollback": Session.rollback,
    "top": Session.top,
    "up": Session.up,
    "wildcard": Session.wildcard,
}
# A tag of the brace form, such as `replace:`, is no command.
_COMMANDED: Final = re.compile(rf"(?:{PROMPT})?(?:{'|'.join(_VERBS)})(?![\w:-])")


def is_command(text: str) -> bool:
    """Whether a line, without blanks around it, is a command, with or without a prompt."""
    return _COMMANDED.match(text) is not None


def _one_by_one(path: Path) -> Iterator[list[str]]:
    """Yield the statements that a path with a list at its end stands for."""
    words = [step for step in path if isinstance(step, str)]
    if len(words) == len(path):
        yield words
    elif len(words) == len(path) - 1 and not isinstance(path[-1], str):
        yield from ([*words, word] for word in path[-1])
