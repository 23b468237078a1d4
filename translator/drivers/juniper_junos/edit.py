"""What commands make of a Junos configuration: the model of a candidate that is committed whole.

A text of either form becomes its list of `set` statements, one per value, in its order; commands
add to the list and take away from it. What a commit would refuse is refused here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from translator.drivers.capture import cleaned
from translator.drivers.juniper_junos.forms import (
    deactivated,
    flatten,
    is_commands,
)
from translator.drivers.juniper_junos.statements import statements
from translator.drivers.juniper_junos.words import words_of_line
from translator.errors import RefusedError

__all__ = ["EDIT_ASSUMPTIONS", "Candidate", "Words", "changes", "line_of"]

Words = tuple[str, ...]

# Source: Junos CLI guide, "commit": a candidate takes effect as a whole or not at all.
EDIT_ASSUMPTIONS: Final = (
    "all commands are loaded into one candidate and committed at once (`load set terminal`, "
    "then `commit confirmed`)",
    "the forwarding plane takes over a commit without a moment between old and new (unverified)",
)
# Statements that hold one value: setting another replaces it. Source: Junos CLI reference.
_SINGLE: Final = frozenset(
    {
        "buffer-size",
        "dscp",
        "dscp-ipv6",
        "forwarding-class",
        "input",
        "loss-priority",
        "output",
        "priority",
        "queue-num",
        "scheduler",
        "scheduler-map",
        "shaping-rate",
        "traffic-class",
        "transmit-rate",
    }
)
_NAMED_THIRD: Final = frozenset({"scheduler-maps", "schedulers", "drop-profiles"})
_MODIFIERS: Final = frozenset({"exact", "rate-limit"})
# Source: Junos class-of-service guide; the last three are those of QFX.
_BUILT_IN: Final = frozenset(
    {
        "best-effort",
        "expedited-forwarding",
        "assured-forwarding",
        "network-control",
        "fcoe",
        "no-loss",
        "mcast",
    }
)
_FATES: Final = frozenset({"accept", "discard", "reject", "next"})
_SESSION: Final = ("delete", "insert", "edit", "rename", "copy", "activate")


def _single(words: Words) -> Words:
    """Return the path whose one value a statement is, () where several may stand."""
    if "from" in words or words[-1] in _MODIFIERS:
        return ()
    if "then" in words and words[words.index("then") + 1] in _FATES:
        return (*words[: words.index("then") + 1], "a fate")
    at = next((at for at in range(len(words) - 2, 1, -1) if words[at] in _SINGLE), None)
    if at is None or (words[1:2] == ("classifiers",) or words[1:2] == ("rewrite-rules",)):
        return ()
    return words[: at + 1]


def line_of(verb: str, words: Words) -> str:
    """Return a command."""
    return " ".join([verb, *words])


def _filter_of(words: Words) -> Words:
    """Return the path of the filter that a statement belongs to, () for other statements."""
    if words[:1] != ("firewall",):
        return ()
    start = 3 if words[1:2] == ("family",) else 1
    return words[: start + 2] if words[start : start + 1] == ("filter",) else ()


class Candidate:
    """The statements of one configuration, in its order.

    Raises:
        RefusedError: the text is a typed session, not a configuration that a device printed.
    """

    def __init__(self, text: str) -> None:
        self.paths: dict[Words, None] = {}
        self.inactive: dict[Words, None] = {}
        self._values: dict[Words, Words] = {}
        text = cleaned(text)
        if not is_commands(text):
            self._take(flatten(text))
            self.inactive.update(dict.fromkeys(deactivated(text)))
            return
        for line in text.split("\n"):
            verb = line.split(" ", 1)[0].strip()
            if verb in _SESSION:
                raise RefusedError(
                    f"the text is a typed session (`{line.strip()}`), not a configuration",
                    hint="give the output of `show configuration | display set`",
                )
            if verb == "set":
                self._take((line,))
            elif verb == "deactivate":
                self.inactive[tuple(words_of_line(line)[1:])] = None

    @property
    def text(self) -> str:
        """The configuration in set form."""
        lines = [line_of("set", words) for words in self.paths]
        lines += [line_of("deactivate", words) for words in self.inactive]
        return "".join(f"{line}\n" for line in lines)

    def enter(self, commands: Iterable[str]) -> Candidate:
        """Take in commands and check what a commit would check.

        Raises:
            RefusedError: a command or the commit would be refused.
        """
        dangling = set(_dangling(self.paths))
        for line in commands:
            if line.startswith("set "):
                self._take((line,))
            elif line.startswith("delete "):
                self._delete(tuple(words_of_line(line)[1:]), line)
            else:
                raise RefusedError(f"`{line}` is no command that is known here")
        for user, what in _dangling(self.paths):
            if (user, what) not in dangling:
                raise RefusedError(
                    f"the commit is refused: `{line_of('set', user)}` needs {' '.join(what)}",
                    hint="nothing was changed",
                )
        return self

    def _take(self, lines: Iterable[str]) -> None:
        for line in lines:
            for path in statements(list(words_of_line(line)[1:])):
                self._add(tuple(str(word) for word in path))

    def _add(self, words: Words) -> None:
        if words in self.paths:
            return
        value = _single(words)
        old = self._values.get(value) if value else None
        if value:
            self._values[value] = words
        if old is None or old not in self.paths:
            self.paths[words] = None
            return
        # In the place of the old value, so that terms keep their order.
        self.paths = {words if other == old else other: None for other in self.paths}

    def _delete(self, prefix: Words, line: str) -> None:
        gone = [words for words in self.paths if words[: len(prefix)] == prefix]
        if not gone:
            raise RefusedError(f"`{line}` is refused: there is no such statement")
        for words in gone:
            del self.paths[words]


def changes(
    before: Iterable[Words], after: Iterable[Words], *, with_empty: bool = False
) -> list[str]:
    """Return the commands that turn some statements into others, terms in their order.

    A filter whose terms would stand in another order is taken away and set anew: a new term
    stands behind the others.

    Args:
        with_empty: whether hierarchies that would be left empty are deleted too; all statements
            of a configuration must be given then.
    """
    old, new = list(before), list(after)
    kept = set(new)
    rebuilt = {name for name in _filters(old) if name in _filters(new) and _moved(name, old, new)}
    gone = [words for words in old if words not in kept and _filter_of(words) not in rebuilt]
    known = set(old)
    commands = [line_of("delete", name) for name in sorted(rebuilt)]
    commands += dict.fromkeys(
        line_of("delete", _shortest(words, new, 1 if with_empty else _depth(words)))
        for words in gone
    )
    commands += [
        line_of("set", words)
        for words in new
        if words not in known or (_filter_of(words) and _filter_of(words) in rebuilt)
    ]
    return commands


def _filters(paths: Iterable[Words]) -> set[Words]:
    return {name for words in paths if (name := _filter_of(words))}


def _moved(name: Words, old: list[Words], new: list[Words]) -> bool:
    """Whether deleting and setting single statements would leave the terms in another order."""
    known = set(new)
    left = dict.fromkeys(_term(name, words) for words in old if words in known)
    left.update(dict.fromkeys(_term(name, words) for words in new))
    wanted = dict.fromkeys(_term(name, words) for words in new)
    return list(filter(None, left)) != list(filter(None, wanted))


def _term(name: Words, words: Words) -> str:
    inside = words[: len(name)] == name and words[len(name) : len(name) + 1] == ("term",)
    return words[len(name) + 1] if inside else ""


def _depth(words: Words) -> int:
    """Return how many words the name of a definition has."""
    return 4 if words[0] == "interfaces" or words[1] not in _NAMED_THIRD else 3


def _shortest(words: Words, kept: list[Words], least: int) -> Words:
    """Return the shortest path, of at least so many words, that holds nothing that stays."""
    for end in range(least, len(words)):
        if not any(other[:end] == words[:end] for other in kept):
            return words[:end]
    return words


def _dangling(paths: Iterable[Words]) -> Iterator[tuple[Words, Words]]:
    """Yield references to what is not defined, each with what it needs."""
    known = list(paths)
    for words in list(paths):  # `forwarding-classes queue 5 NAME` defines a class too
        if words[1:3] == ("forwarding-classes", "queue"):
            known.append((*words[:2], "class", words[-1]))
    defined = {words[:end] for words in known for end in range(2, min(len(words), 6) + 1)}
    for words in paths:
        for needed in _needs(words):
            if needed not in defined and needed[-1] != "default":
                yield words, needed


def _needs(words: Words) -> Iterator[Words]:
    if "forwarding-class" in words[2:-1] and words[1] != "forwarding-class-map":
        name = words[words.index("forwarding-class") + 1]
        if name not in _BUILT_IN:
            yield ("class-of-service", "forwarding-classes", "class", name)
    if words[:1] == ("interfaces",) and "filter" in words[4:7] and "family" in words[2:6]:
        at, family = words.index("filter"), words[words.index("family") + 1]
        if words[at + 1 : at + 2] in (("input",), ("output",)):
            yield ("firewall", "family", family, "filter", words[-1])
    elif words[:2] == ("class-of-service", "interfaces"):
        if words[-2] == "scheduler-map":
            yield ("class-of-service", "scheduler-maps", words[-1])
        for kind in ("classifiers", "rewrite-rules"):
            if kind in words[3:-2]:
                yield ("class-of-service", kind, *words[words.index(kind) + 1 :][:2])
    elif words[:2] == ("class-of-service", "scheduler-maps") and words[-2] == "scheduler":
        yield ("class-of-service", "schedulers", words[-1])
    elif words[:2] == ("class-of-service", "schedulers") and words[-2] == "drop-profile":
        yield ("class-of-service", "drop-profiles", words[-1])
