"""One nftables rule, read from left to right: conditions, statements, a verdict.

A rule is evaluated in order; an expression that does not hold ends it. So `ip dscp set ef ip6
dscp set ef` never reaches its second half, and a condition behind a statement leaves that
statement done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.linux.chains import Entry, Verdict
from translator.drivers.linux.conditions import NotReadError, conjunction
from translator.drivers.linux.iptables_match import number
from translator.drivers.linux.nft_compose import Step, entry_of
from translator.drivers.linux.nft_fields import (
    condition_of,
    implied_by,
    known_field,
    mark_of,
    masked_condition,
)
from translator.drivers.linux.nft_map import Dispatch, mapped, verdicts_of
from translator.drivers.linux.nft_set import set_effect
from translator.drivers.linux.nft_tokens import Token, matching_brace
from translator.drivers.linux.nft_values import (
    MapElement,
    NamedSet,
    Span,
    elements,
    map_elements,
)
from translator.intents.condition import Not, Predicate
from translator.intents.match import Match
from translator.intents.pipeline import Unclear

__all__ = ["RuleReader"]

_VERDICTS: Final = {
    "accept": Verdict.ACCEPT,
    "drop": Verdict.DROP,
    "reject": Verdict.DROP,
    "return": Verdict.RETURN,
    "jump": Verdict.JUMP,
    "goto": Verdict.GOTO,
}
# What these do with the rest of the rule has no bearing on code point, class or marks.
_ENDS_WITHOUT_BEARING: Final = {
    "masquerade": Verdict.ACCEPT,
    "snat": Verdict.ACCEPT,
    "notrack": Verdict.CONTINUE,
    "synproxy": Verdict.DROP,
    "dup": Verdict.CONTINUE,
}
_REWRITES: Final = frozenset({"dnat", "redirect", "tproxy", "queue", "fwd", "flow"})
_COMPARISONS: Final = frozenset(
    {"==", "!=", "<", ">", "<=", ">=", "eq", "ne", "lt", "gt", "le", "ge"}
)
_WORD_OPERATORS: Final = {"eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">="}


@dataclass(slots=True)
class RuleReader:
    """Reads the tokens of one rule; `entries` are what it becomes in its chain.

    Attributes:
        sets: the named sets and maps of the rule's table.
        line: its first line, `spec` its text.
    """

    found: Sequence[Token]
    sets: Mapping[str, NamedSet]
    line: int
    spec: str
    at: int = 0
    steps: list[Step] = field(default_factory=list)
    verdict: Verdict = Verdict.CONTINUE
    target: str = ""
    dispatch: Dispatch | None = None

    def entries(self) -> list[Entry]:
        """Return the entries of the rule: one, or several for a verdict map.

        Raises:
            NotReadError: some part of it was not understood.
        """
        while self.at < len(self.found):
            self._part()
        if self.dispatch is not None:
            if any(step.condition is None for step in self.steps):
                raise NotReadError("a verdict map behind a statement")
            whole = conjunction(s.condition for s in self.steps if s.condition is not None)
            return verdicts_of(self.dispatch, whole, self.line, self.spec)
        return [entry_of(self.steps, self.verdict, self.target, self.line, self.spec)]

    def _part(self) -> None:
        word = self._word()
        if self.found[self.at].quoted:
            raise NotReadError(f"{word!r} stands where no name can")
        if word in _VERDICTS:
            self._verdict(word)
        elif word in _STATEMENTS:
            self.at += 1
            _STATEMENTS[word](self)
        elif word in _ENDS_WITHOUT_BEARING:
            self.verdict = _ENDS_WITHOUT_BEARING[word]
            self._skip_statement()
        elif word in _REWRITES:
            why = f"line {self.line}: {word} takes the packet another way or rewrites it"
            self.steps.append(Step(actions=(Unclear(why),)))
            self.at = len(self.found)
        else:
            self._expression()

    def _word(self, ahead: int = 0) -> str:
        at = self.at + ahead
        return self.found[at].text if at < len(self.found) else ""

    def _words(self) -> list[str]:
        return [token.text for token in self.found[self.at : self.at + 8]]

    def _verdict(self, word: str) -> None:
        self.verdict = _VERDICTS[word]
        self.at += 1
        if word in ("jump", "goto"):
            self.target = self._word()
            self.at += 1
        elif word == "reject":
            self._skip_statement()

    def _skip_statement(self) -> None:
        """Skip a statement with options, up to a comment or the next verdict or counter."""
        self.at += 1
        while self.at < len(self.found):
            token = self.found[self.at]
            if not token.quoted and token.text in ("comment", "counter", *_VERDICTS):
                return
            self.at += 1

    def skip_counter(self) -> None:
        """Skip `counter [name "x" | packets N bytes N]`."""
        if self._word() == "name":
            self.at += 2
        elif self._word() == "packets":
            self.at += 4

    def skip_log(self) -> None:
        """Skip `log [prefix "x"] [level x] [group n] [flags ...]`."""
        while self._word() in _LOG_WORDS and not self.found[self.at].quoted:
            of_header = self._word() == "flags" and self._word(1) in ("tcp", "ip")
            self.at += 3 if of_header else 2
            while self._word() == ",":
                self.at += 2

    def skip_one(self) -> None:
        """Skip the argument of a `comment`."""
        self.at += 1

    def skip_nothing(self) -> None:
        """Read `continue`: the verdict that every rule has by itself."""

    def read_limit(self) -> None:
        """Read `limit rate 10/second burst 5 packets`: a fact, true or not."""
        words = ["limit"]
        while self._word() in _LIMIT_WORDS or "/" in self._word() or self._word().isdigit():
            words.append(self._word())
            self.at += 1
        self.steps.append(Step(Predicate(" ".join(words))))

    def read_update(self) -> None:
        """Read `update @set { ... }`, `add @set { ... }`: only a limit inside is a condition."""
        if not self._word().startswith("@"):
            raise NotReadError("a set statement without a set")
        end = matching_brace(self.found, self.at + 1)
        inside = [token.text for token in self.found[self.at + 1 : end]]
        if "limit" in inside or "quota" in inside:
            self.steps.append(Step(Predicate(" ".join(inside[1:]))))
        self.at = end + 1

    def _expression(self) -> None:
        fields = [self._field()]
        while self._word() == ".":
            self.at += 1
            fields.append(self._field())
        word = self._word()
        if word == "set":
            self.at += 1
            self._set(fields[0])
        elif word == "vmap":
            self.at += 1
            self.dispatch = Dispatch(tuple(fields), tuple(self._map_members()))
        elif fields[0] == ("tcp", "flags"):
            self._flags()
        elif word in ("&", "and"):
            self._masked(fields[0])
        else:
            self._compare(fields)

    def _field(self) -> tuple[str, str]:
        known = known_field(self._words())
        if known is None:
            raise NotReadError(f"{self._word()!r} is not known")
        self.at += known[1]
        return known[0]

    def _operator(self) -> str:
        word = self._word()
        if word not in _COMPARISONS:
            return "=="
        self.at += 1
        return _WORD_OPERATORS.get(word, word)

    def _masked(self, field_: tuple[str, str]) -> None:
        mask = number(self._word(1))
        self.at += 2
        if self._word() == "vmap":
            self.at += 1
            self.dispatch = Dispatch((field_,), tuple(self._map_members()), mask)
            return
        operator = self._operator()
        if operator not in ("==", "!="):
            raise NotReadError(f"{operator} behind a mask")
        value = number(self._word())
        self.at += 1
        self.steps.append(Step(masked_condition(field_, mask, value, operator == "!=")))

    def _flags(self) -> None:
        """Read `tcp flags` in any of its forms: a fact about packets of TCP."""
        words = ["tcp flags"]
        while self._word() in _FLAG_WORDS or self._word().startswith("0x"):
            words.append(self._word())
            self.at += 1
        self.steps.append(Step(Match(protocols=(6,), fragment=False)))
        self.steps.append(Step(Predicate(" ".join(words))))

    def _compare(self, fields: list[tuple[str, str]]) -> None:
        operator = self._operator()
        name = self._word()[1:]
        in_set = self._word().startswith("@") and self._word(1) != ","
        if in_set and (name not in self.sets or self.sets[name].dynamic):
            self.at += 1
            shown = " . ".join(" ".join(field_) for field_ in fields)
            fact = Predicate(f"{shown} in set {name}", unread=name not in self.sets)
            holds = Not(fact) if operator == "!=" else fact
            self.steps.append(Step(conjunction((implied_by(fields), holds))))
            return
        members = self._members()
        if operator not in ("==", "!="):
            members = [_compared(operator, member) for member in members]
        self.steps.append(Step(condition_of(fields, members, operator == "!=")))

    def _members(self) -> list[tuple[Span, ...]]:
        """Read a value, a set in braces or the name of a set."""
        word = self._word()
        quoted = self.at < len(self.found) and self.found[self.at].quoted
        if word == "{" and not quoted:
            end = matching_brace(self.found, self.at)
            inside = self.found[self.at + 1 : end]
            self.at = end + 1
            return elements(inside)
        if word.startswith("@") and not quoted:
            self.at += 1
            return list(self.sets[word[1:]].give().members)
        if not word:
            raise NotReadError("a value is missing")
        return self._plain_value()

    def _plain_value(self) -> list[tuple[Span, ...]]:
        """Read one value; `a,b` is a list of values (`ct state established,related`)."""
        start = self.at
        self.at += 1
        while self._word() in (",", "-", ".") and self._word(1):
            self.at += 2
        return elements(self.found[start : self.at])

    def _map_members(self) -> list[MapElement]:
        word = self._word()
        if word.startswith("@"):
            self.at += 1
            named = self.sets.get(word[1:])
            if named is None or named.dynamic:
                raise NotReadError(f"map {word} is not in the text")
            return named.give().mapped
        if word != "{":
            raise NotReadError("a map is missing")
        end = matching_brace(self.found, self.at)
        inside = self.found[self.at + 1 : end]
        self.at = end + 1
        return map_elements(inside)

    def _set(self, field_: tuple[str, str]) -> None:
        keys: list[tuple[str, str]] = []
        while (known := known_field(self._words())) is not None and self._word() != "root":
            self.at += known[1]
            keys.append(known[0])
            if self._word() != ".":
                break
            self.at += 1
        if keys and self._word() == "map":
            self.at += 1
            condition, body = mapped(field_, tuple(keys), tuple(self._map_members()))
            self.steps.append(Step(condition))
            self.steps.append(Step(body=body))
            return
        words = self._rest_of_value((mark_of(keys[0]) or " ".join(keys[0])) if keys else None)
        effect = set_effect(field_, words)
        if effect.version is not None:
            self.steps.append(Step(Match(version=effect.version)))
        self.steps.append(Step(actions=effect.actions, copies=effect.copies))

    def _rest_of_value(self, source: str | None) -> list[str]:
        """Return the words of a set expression; a mark that is read stands first."""
        words: list[str] = []
        if source is not None:
            words.append(source)
        elif self.at < len(self.found):
            words.append(self._word())
            self.at += 1
        while self._word() in ("&", "|", "^", "and", "or", "xor", "(", ")"):
            words.extend((self._word(), self._word(1)))
            self.at += 2
        return words


def _compared(operator: str, member: tuple[Span, ...]) -> tuple[Span, ...]:
    value = number(member[0].low)
    low, high = {
        "<": (0, value - 1),
        "<=": (0, value),
        ">": (value + 1, 65535),
        ">=": (value, 65535),
    }[operator]
    if high < low:
        raise NotReadError(f"{operator} {value} leaves nothing")
    return (Span(str(low), str(high)),)


_LIMIT_WORDS: Final = frozenset(
    ("rate", "over", "burst", "packets", "bytes", "kbytes", "mbytes", "name", "second")
)
_FLAG_WORDS: Final = frozenset(
    {"fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr", "&", "|", "^", "/", "(", ")", "=="}
    | {"!=", ",", "{", "}", "and", "or"}
)
_LOG_WORDS: Final = frozenset({"prefix", "level", "group", "snaplen", "queue-threshold", "flags"})
_STATEMENTS: Final[dict[str, Callable[[RuleReader], None]]] = {
    "counter": RuleReader.skip_counter,
    "comment": RuleReader.skip_one,
    "log": RuleReader.skip_log,
    "continue": RuleReader.skip_nothing,
    "limit": RuleReader.read_limit,
    "update": RuleReader.read_update,
    "add": RuleReader.read_update,
    "delete": RuleReader.read_update,
}
