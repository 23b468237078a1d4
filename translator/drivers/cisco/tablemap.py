"""Table-maps: values looked up by `set dscp cos table T` and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.marks import dscp_of, precedence_code_points
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco.tags import tagged
from translator.drivers.cisco.taken_back import IN_USE, is_removal
from translator.drivers.doubt import Doubt
from translator.intents.condition import Condition, Predicate
from translator.intents.match import Match
from translator.intents.pipeline import Action, Flow, Rule, SetTag, SetTos, Unclear, set_code_point

__all__ = ["COPY_TABLE", "TableMap", "TableMaps", "lookup_rules"]


@dataclass(frozen=True, slots=True)
class TableMap:
    """Pairs of values; `default` is what others become: a number, None for no change, or copy.

    Attributes:
        doubts: values of which it is not known what they become, each with the reason.
    """

    values: tuple[tuple[int, int], ...]
    default: int | None = None
    copies: bool = False
    doubts: tuple[tuple[int, Doubt], ...] = ()

    def of(self, value: int) -> int | None:
        """Return what a value becomes; None where the field is left alone."""
        for low, high in self.values:
            if low == value:
                return high
        return value if self.copies else self.default


COPY_TABLE: Final = TableMap((), copies=True)


class TableMaps:
    """The table-maps of one text by name."""

    def __init__(self, sections: Iterable[Section], ledger: Ledger) -> None:
        self._ledger = ledger
        self._tables: dict[str, TableMap | None] = {}
        self._rules: dict[tuple[str, str, int], tuple[Rule, ...] | NotReadError] = {}
        lines: dict[str, list[TextLine]] = {}
        removed: set[str] = set()
        for section in sections:
            name = section.head.words[-1]
            if is_removal(section):
                ledger.unread(section.head, IN_USE)
                removed.add(name)
                continue
            ledger.read(section.head)
            if name in lines:
                ledger.note(f"table-map {name} is written twice; its lines are put together")
            lines.setdefault(name, []).extend(section.body)
        for name, body in lines.items():
            self._tables[name] = self._read(body)
        self._tables.update(dict.fromkeys(removed))

    def table(self, name: str) -> TableMap:
        """Return a table.

        Raises:
            NotReadError: it is not defined or a line of it was not read.
        """
        if name not in self._tables:
            raise NotReadError(f"table-map {name} is not defined")
        found = self._tables[name]
        if found is None:
            raise NotReadError(f"table-map {name} was not read")
        return found

    def rules(self, source: str, target: str, table: TableMap) -> tuple[Rule, ...]:
        """Return `lookup_rules` of a table of this text, made once for each pair of fields.

        Raises:
            NotReadError: as there.
        """
        key = (source, target, id(table))
        if key not in self._rules:
            try:
                self._rules[key] = lookup_rules(source, target, table)
            except NotReadError as error:
                self._rules[key] = error
        found = self._rules[key]
        if isinstance(found, NotReadError):
            raise NotReadError(str(found))
        return found

    def _read(self, lines: Iterable[TextLine]) -> TableMap | None:
        values: dict[int, int] = {}
        doubts: dict[int, Doubt] = {}
        default: int | None = None
        copies = True  # Source: IOS command reference, table-map: the default action is copy.
        whole = True
        for line in lines:
            try:
                kind, numbers = _read_line(line)
            except NotReadError as error:
                self._ledger.unread(line, str(error))
                whole = False
                continue
            self._ledger.read(line)
            if kind == "map":
                for number in numbers[:-1]:
                    if values.setdefault(number, numbers[-1]) != numbers[-1]:
                        # Unverified: that the later of two entries of one value holds.
                        reason = f"line {line.number}: {number} is mapped to another value, too"
                        doubts[number] = Doubt(reason, (line.number,))
            elif kind != "description":
                copies = kind == "copy"
                default = numbers[0] if numbers else None
        if not whole:
            return None
        return TableMap(tuple(values.items()), default, copies, tuple(doubts.items()))


def _read_line(line: TextLine) -> tuple[str, list[int]]:
    cursor = Cursor(line)
    word = cursor.take()
    if word == "description":
        return word, []
    if word in ("map", "from"):
        if word == "map" and not cursor.skip_if("from"):
            raise NotReadError("expected 'map from'")
        numbers: list[int] = []
        while not cursor.skip_if("to"):
            numbers.extend(int(dscp_of(part)) for part in cursor.take().split(",") if part)
        numbers.append(int(dscp_of(cursor.take())))
        cursor.expect_end()
        return "map", numbers
    if word == "default":
        what = cursor.take()
        cursor.expect_end()
        return (what, []) if what in ("copy", "ignore") else ("number", [int(dscp_of(what))])
    raise NotReadError(f"{word!r} is not known in a table-map")


def lookup_rules(source: str, target: str, table: TableMap) -> tuple[Rule, ...]:
    """Return one rule per value of the source field that writes the target field.

    Raises:
        NotReadError: a field is not known, or a value does not fit the target.
    """
    if source not in _SOURCES or target not in _TARGETS:
        raise NotReadError(f"setting {target} from {source} is not known")
    condition, highest = _SOURCES[source]
    action, limit = _TARGETS[target]
    rules = [
        Rule(condition(value), (Unclear(doubt.reason),), Flow.RETURN, lines=doubt.lines)
        for value, doubt in table.doubts
        if value <= highest
    ]
    for value in range(highest + 1):
        result = table.of(value)
        if result is None:
            continue
        if result > limit:
            if table.copies and result == value:
                continue
            raise NotReadError(f"{result} does not fit {target}")
        rules.append(Rule(condition(value), (action(result),), Flow.RETURN))
    return tuple(rules)


def _by_code_point(value: int) -> Condition:
    return Match(code_points=(CodePoint(value),))


def _by_precedence(value: int) -> Condition:
    return Match(code_points=precedence_code_points(value))


def _by_cos(value: int) -> Condition:
    return Predicate(f"cos {value}")


def _by_group(value: int) -> Condition:
    return tagged("qos-group", (value,))


def _to_code_point(value: int) -> Action:
    return set_code_point(CodePoint(value))


def _to_precedence(value: int) -> Action:
    return SetTos(value << 5, 0xE0)


def _to_cos(value: int) -> Action:
    return SetTag("cos", value)


def _to_group(value: int) -> Action:
    return SetTag("qos-group", value)


_SOURCES: Final[dict[str, tuple[Callable[[int], Condition], int]]] = {
    "dscp": (_by_code_point, 63),
    "precedence": (_by_precedence, 7),
    "cos": (_by_cos, 7),
    "qos-group": (_by_group, 99),
}
_TARGETS: Final[dict[str, tuple[Callable[[int], Action], int]]] = {
    "dscp": (_to_code_point, 63),
    "precedence": (_to_precedence, 7),
    "cos": (_to_cos, 7),
    "qos-group": (_to_group, 99),
}
