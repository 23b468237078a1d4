"""Reads nftables: what `nft list ruleset` prints, and the scripts that `nft -f` loads.

Source: nft(8); what nft 1.0.6 prints back was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from translator.drivers.linux.chains import Chain, unread_entry
from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.lines import LineBook
from translator.drivers.linux.netfilter import Ruleset
from translator.drivers.linux.nft_shared import SharedRules
from translator.drivers.linux.nft_tokens import (
    Token,
    matching_brace,
    statement_end,
    statements,
    tokens,
)
from translator.drivers.linux.nft_values import NamedSet, elements, map_elements
from translator.errors import TranslatorError

__all__ = ["NftReader"]

_FAMILIES: Final = {"ip": 4, "ip6": 6, "inet": None, "arp": 0, "bridge": 0, "netdev": None}
_VERBS: Final = frozenset({"add", "create", "insert", "replace", "delete", "destroy", "flush"})
# What may begin a statement besides: parts of a table that are added, and `rename`.
_IMPLIED_ADD: Final = frozenset({"rule", "chain", "set", "map", "element", "rename"})
_LOOKS_ONLY: Final = frozenset({"list", "reset", "monitor", "export", "describe"})
# Source: nft(8), table of standard priority names.
_PRIORITIES: Final = {
    "raw": -300,
    "mangle": -150,
    "dstnat": -100,
    "filter": 0,
    "security": 50,
    "srcnat": 100,
}
_OBJECTS: Final = frozenset(
    {"counter", "quota", "limit", "ct", "flowtable", "secmark", "synproxy", "comment"}
)
_MOST_DEFINED: Final = 100_000  # tokens that definitions stand for in a text
_PROPERTIES: Final = frozenset({"type", "policy", "flags", "comment"})
_QOS_WORDS: Final = frozenset({"dscp", "priority", "mark", "ecn"})


@dataclass(slots=True)
class _Table:
    name: str
    version: int | None
    sets: dict[str, NamedSet] = field(default_factory=dict)


class NftReader:
    """Reads whole texts into `ruleset`; `lines` says which lines were understood."""

    def __init__(self, ruleset: Ruleset | None = None, lines: LineBook | None = None) -> None:
        self.ruleset = Ruleset() if ruleset is None else ruleset
        self.lines = LineBook() if lines is None else lines
        self._tables: dict[str, dict[str, _Table]] = {}  # by family and name
        self._defines: dict[str, list[Token]] = {}
        self._room = _MOST_DEFINED
        self._line_chains: dict[int, tuple[str, str]] = {}
        self._qos_words: set[int] = set()
        self._rules = SharedRules()

    def read(self, text: Sequence[tuple[int, str]]) -> None:
        """Read numbered lines of one ruleset or script."""
        self.run(tokens(text))

    def run(self, found: list[Token]) -> None:
        """Read the tokens of one ruleset or script."""
        at = 0
        while at < len(found):
            if found[at].text in ("\n", ";", "}") and not found[at].quoted:
                at += 1
                continue
            at = max(at + 1, self._statement(found, at))

    def finish(self) -> None:
        """Note which lines bear on QoS: those of chains that a forwarded packet reaches."""
        reachable = self.ruleset.reachable()
        for line, key in self._line_chains.items():
            if key in reachable:
                self.lines.qos(line)
            elif line not in self._qos_words:
                self.lines.without_bearing(line)

    def _statement(self, found: list[Token], at: int) -> int:
        word = found[at].text
        end = statement_end(found, at, len(found))
        if word == "table":
            return self._table_statement(found, at, end)
        if word in ("define", "redefine"):
            return self._define(found, at, end)
        if word in _VERBS or word in _IMPLIED_ADD:
            try:
                self._verb(self._expanded(found[at:end]))
            except (NotReadError, TranslatorError, LookupError, ValueError) as error:
                self._unread(found[at:end], str(error) or "it ends too early")
        elif word == "include":
            self._unread(found[at:end], "the included file is not part of the text")
        elif word not in _LOOKS_ONLY and word != "undefine":
            self._unread(found[at:end], "no statement of nftables that we know", only_qos=True)
        return end

    def _define(self, found: list[Token], at: int, end: int) -> int:
        if at + 3 < len(found) and found[at + 2].text == "=":
            self._defines[found[at + 1].text] = self._expanded(found[at + 3 : end])
            self.lines.understood(found[at].line)
        else:
            self._unread(found[at:end], "a definition without a value")
        return end

    def _expanded(self, found: Sequence[Token]) -> list[Token]:
        """Return the tokens with `$name` replaced by what was defined.

        Definitions made of definitions can stand for more than a kernel holds: what goes beyond
        stays a name, which no rule is understood with.
        """
        if not self._defines:
            return list(found)
        result: list[Token] = []
        for token in found:
            text, line, _ = token
            if text.startswith("$") and self._has_room_for(text[1:]):
                value = self._defines[text[1:]]
                result.extend([Token(part, line, quoted) for part, _, quoted in value])
            else:
                result.append(token)
        return result

    def _has_room_for(self, name: str) -> bool:
        value = self._defines.get(name)
        if value is None or len(value) > self._room:
            return False
        self._room -= len(value)
        return True

    def _table_statement(self, found: list[Token], at: int, end: int) -> int:
        head = _until(found, at + 1, "{", end)
        words = [token.text for token in found[at + 1 : head] if token.text != "\n"]
        table = self._table(words)
        if head >= len(found) or found[head].text != "{":
            return end
        stop = matching_brace(found, head)
        self.ruleset.dormant.discard(table.name)
        self._table_body(table, found, head + 1, stop)
        return stop + 1

    def _table(self, words: Sequence[str]) -> _Table:
        # A table without a family is of IPv4; one without a name is an error of the text.
        family, name = ("ip", "".join(words)) if len(words) < 2 else (words[0], words[1])
        tables = self._tables.setdefault(family, {})
        if name not in tables:
            tables[name] = _Table(f"{family} {name}", _FAMILIES.get(family, 0))
        return tables[name]

    def _table_body(self, table: _Table, found: list[Token], start: int, stop: int) -> None:
        chains: list[tuple[Chain, int, int]] = []
        for at, end in statements(found, start, stop):
            word = found[at].text
            head = _until(found, at, "{", end)
            name = found[at + 1].text if at + 1 < end else ""
            inside = (head + 1, matching_brace(found, head)) if head < end else (end, end)
            if word == "chain":
                chain = self.ruleset.chain(table.name, name, table.version)
                chains.append((chain, *inside))
            elif word in ("set", "map"):
                self._set_body(table, name, found, inside)
            elif word == "flags":
                self._flags(table, found[at:end])
            elif word not in _OBJECTS:
                self._unread(found[at:end], "no part of a table that we know")
        for chain, first, last in chains:  # behind all sets, which rules may name before
            self._chain_body(table, chain, found, first, last)

    def _flags(self, table: _Table, found: Sequence[Token]) -> None:
        """Read `flags dormant`: no chain of the table is evaluated (nft(8))."""
        if any(token.text == "dormant" for token in found):
            self.ruleset.dormant.add(table.name)
            self._qos_words.add(found[0].line)
        self.lines.understood(found[0].line)

    def _set_body(
        self, table: _Table, name: str, found: list[Token], inside: tuple[int, int]
    ) -> None:
        self._rules.forget_sets()
        named = table.sets.setdefault(name, NamedSet())
        for at, end in statements(found, *inside):
            words = [token.text for token in found[at:end]]
            self.lines.understood(found[at].line)
            if words[0] == "flags" and {"dynamic", "timeout"} & set(words):
                named.dynamic = True
            elif words[0] == "elements":
                head = _until(found, at, "{", end)
                self._add_elements(named, found[head:end])

    def _add_elements(self, named: NamedSet, found: Sequence[Token]) -> None:
        self._rules.forget_sets()
        inside = self._expanded(found[1 : matching_brace(found, 0)])
        try:
            if _is_map(inside):
                named.mapped.extend(map_elements(inside))
            else:
                named.members.extend(elements(inside))
        except (NotReadError, IndexError) as error:
            named.dynamic = True
            self._unread(found, str(error))

    def _chain_body(
        self, table: _Table, chain: Chain, found: list[Token], first: int, last: int
    ) -> None:
        key = chain.key
        for at, end in statements(found, first, last):
            part = self._expanded(found[at:end]) or found[at:end]  # a variable may hold nothing
            for line in {line for _, line, _ in part}:
                self._line_chains[line] = key
                self.lines.understood(line)
            if not self._property(chain, part):
                self._rule(table, chain, part)

    def _property(self, chain: Chain, part: Sequence[Token]) -> bool:
        """Read a statement that says something about the chain; False when it is a rule."""
        if part[0].text not in _PROPERTIES:
            return False
        words = [token.text for token in part]
        if words[0] == "type" and "hook" in words:
            try:
                _hook(chain, words)
            except (NotReadError, IndexError, ValueError) as error:
                self._unread(part, f"chain {chain.name}: {error}")
            chain.lines.append(part[0].line)
            return True
        if words[0] == "policy":
            chain.drops = words[1:2] == ["drop"]
            chain.lines.append(part[0].line)
            return True
        return words[0] == "flags" or (words[0] == "comment" and len(words) == 2)

    def _rule(self, table: _Table, chain: Chain, part: list[Token], at: int | None = None) -> None:
        part = _without_handle(part) or part
        spec = " ".join([text for text, _, _ in part])
        try:
            new = self._rules.entries(part, table.sets, spec)
        except (NotReadError, TranslatorError, LookupError, ValueError) as error:
            self._unread(part, str(error))
            new = (unread_entry(part[0].line, spec),)
        place = len(chain.entries) if at is None else at
        chain.entries[place:place] = new
        if _bears_on_qos(spec):
            self.lines.qos(part[0].line)
            self._qos_words.add(part[0].line)

    def _verb(self, part: list[Token]) -> None:
        if part[0].text == "rename":
            raise NotReadError("a chain that gets another name is not followed")
        verb = part[0].text if part[0].text in _VERBS else "add"
        rest = part[1:] if part[0].text in _VERBS else part
        what = rest[0].text
        words = [token.text for token in rest]
        self.lines.understood(part[0].line)
        if what == "ruleset":
            for name in [*self._tables] if len(words) == 1 else words[1:2]:
                self._forget(self._tables.pop(name, {}).values())
        elif what == "table":
            self._table_verb(verb, rest)
        else:
            family, names = _family(words[1:])
            table = self._table([family, names[0]])
            body = rest[len(words) - len(names) + 1 :]
            _PARTS.get(what, NftReader._other_part)(self, verb, table, body)

    def _table_verb(self, verb: str, rest: list[Token]) -> None:
        table = self._table([token.text for token in rest[1:] if token.text not in "{}\n"][:2])
        if verb in ("delete", "destroy"):
            family, _, name = table.name.partition(" ")
            self._forget([self._tables[family].pop(name)])
        elif verb == "flush":
            self.ruleset.flush(table.name)
        else:  # measured: a table that is added again without flags is active again
            head = _until(rest, 0, "{", len(rest))
            self.ruleset.dormant.discard(table.name)
            self._table_body(table, rest, head + 1, matching_brace(rest, head))

    def _forget(self, tables: Iterable[_Table]) -> None:
        self._rules.forget_sets()
        for table in tables:
            self.ruleset.remove_all(table.name)
            self.ruleset.dormant.discard(table.name)

    def _chain_verb(self, verb: str, table: _Table, body: list[Token]) -> None:
        name = body[0].text
        if verb == "flush":
            self.ruleset.chain(table.name, name, table.version).entries.clear()
        elif verb in ("delete", "destroy"):
            self.ruleset.remove(table.name, name)
        else:
            chain = self.ruleset.chain(table.name, name, table.version)
            if len(body) > 1 and body[1].text == "{":
                self._chain_body(table, chain, body, 2, matching_brace(body, 1))

    def _rule_verb(self, verb: str, table: _Table, body: list[Token]) -> None:
        chain = self.ruleset.chain(table.name, body[0].text, table.version)
        rule = body[1:]
        self._line_chains[body[0].line] = chain.key
        if verb in ("delete", "destroy", "replace") or rule[0].text in ("handle", "position"):
            raise NotReadError("a rule named by its handle, which the text does not show")
        if rule[0].text == "index":
            raise NotReadError("a rule placed by index")
        self._rule(table, chain, rule, 0 if verb == "insert" else None)

    def _set_verb(self, verb: str, table: _Table, body: list[Token]) -> None:
        if verb in ("delete", "destroy", "flush"):
            self._rules.forget_sets()
            table.sets.pop(body[0].text, None)
        elif len(body) > 1 and body[1].text == "{":
            self._set_body(table, body[0].text, body, (2, matching_brace(body, 1)))

    def _element_verb(self, verb: str, table: _Table, body: list[Token]) -> None:
        self._rules.forget_sets()
        named = table.sets.setdefault(body[0].text, NamedSet())
        if verb not in ("add", "create"):
            named.dynamic = True
            raise NotReadError("elements taken out of a set")
        self._add_elements(named, body[1:])

    def _other_part(self, verb: str, table: _Table, body: list[Token]) -> None:
        """Counters, quotas and the like have no bearing on the treatment."""

    def _unread(self, part: Sequence[Token], reason: str, *, only_qos: bool = False) -> None:
        words = [token.text for token in part if token.text != "\n"]
        if part and (not only_qos or set(words) & _QOS_WORDS):
            self.lines.unread(part[0].line, " ".join(words)[:200], reason)


_PARTS: Final = {
    "chain": NftReader._chain_verb,
    "rule": NftReader._rule_verb,
    "set": NftReader._set_verb,
    "map": NftReader._set_verb,
    "element": NftReader._element_verb,
}


def _without_handle(part: list[Token]) -> list[Token]:
    for at, (text, _, quoted) in enumerate(part):
        if text == "handle" and not quoted:
            return part[:at]
    return part


@lru_cache(maxsize=4096)
def _bears_on_qos(spec: str) -> bool:
    return not _QOS_WORDS.isdisjoint(spec.split())


def _family(words: list[str]) -> tuple[str, list[str]]:
    return (words[0], words[1:]) if words[0] in _FAMILIES else ("ip", words)


def _until(found: Sequence[Token], at: int, mark: str, end: int) -> int:
    while at < end and (found[at].quoted or found[at].text != mark):
        at += 1
    return at


def _is_map(inside: Sequence[Token]) -> bool:
    """Whether elements have values: a colon of its own, or one glued to a key."""
    return any(
        not token.quoted
        and (token.text == ":" or (token.text.endswith(":") and token.text != "::"))
        for token in inside
    )


def _hook(chain: Chain, words: list[str]) -> None:
    """Read `type filter hook forward priority mangle + 2`."""
    hook, chain.kind = words[words.index("hook") + 1], words[1]
    at = words.index("priority") + 1
    text = "".join(words[at:])
    name = next((name for name in _PRIORITIES if text.startswith(name)), "")
    offset = text[len(name) :]
    chain.priority = _PRIORITIES.get(name, 0) + (int(offset) if offset else 0)
    if "device" in words:
        chain.devices = (words[words.index("device") + 1],)
    if "devices" in words:
        inside = words[words.index("devices") : words.index("priority")]
        chain.devices = tuple(word for word in inside if word not in "devices={},")
    # Packets that are bridged, and ARP, do not pass the hooks of IP.
    chain.hook = hook if chain.version != 0 else f"layer 2 {hook}"
