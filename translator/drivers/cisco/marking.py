"""`set` lines of a policy class: what they write, as rules that run for the class's packets."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from translator.drivers.cisco.cursor import Cursor
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.marks import dscp_of, precedence_of
from translator.drivers.cisco.tablemap import COPY_TABLE, TableMaps
from translator.intents.condition import Condition
from translator.intents.match import ANY, Match
from translator.intents.pipeline import Action, Flow, Rule, SetTag, SetTos, set_code_point

__all__ = ["PRECEDENCE_NOTE", "read_set"]

PRECEDENCE_NOTE: Final = (
    "set precedence is taken to write the three top bits and to keep the others (unverified)"
)
_TAGS: Final = {"qos-group": 99, "cos": 7, "cos-inner": 7, "discard-class": 7, "traffic-class": 7}
_FIELDS: Final = frozenset({"dscp", "precedence", "cos", "qos-group"})


def read_set(cursor: Cursor, tables: TableMaps, ledger: Ledger) -> tuple[Rule, ...]:
    """Return the rules of a `set` line, after that keyword; they all go on to the next.

    `set ip ...` concerns IPv4 packets only. Source: IOS command reference, set dscp.

    Raises:
        NotReadError: the whole meaning of the line is not known.
    """
    only_v4 = cursor.skip_if("ip")
    word = cursor.take()
    reader = _READERS.get(word)
    if reader is not None:
        rules = reader(cursor, tables, ledger)
    elif word in _TAGS:
        rules = _tag(word, cursor, tables)
    else:
        raise NotReadError(f"'set {word}' is not known")
    cursor.expect_end()
    if not only_v4:
        return rules
    return (Rule(Match(version=4), flow=Flow.NEXT, body=rules),)


def _always(action: Action) -> tuple[Rule, ...]:
    condition: Condition = ANY
    return (Rule(condition, (action,), Flow.NEXT),)


def _dscp(cursor: Cursor, tables: TableMaps, ledger: Ledger) -> tuple[Rule, ...]:
    if cursor.skip_if("tunnel"):
        dscp_of(cursor.take())
        ledger.note("set dscp tunnel writes an outer header, which is no part of the packet here")
        return ()
    if cursor.key in _FIELDS:
        return _by_table("dscp", cursor, tables)
    return _written(cursor.take())


# A fleet repeats the same few.
@lru_cache(maxsize=128)
def _written(word: str) -> tuple[Rule, ...]:
    return _always(set_code_point(dscp_of(word)))


def _precedence(cursor: Cursor, tables: TableMaps, ledger: Ledger) -> tuple[Rule, ...]:
    if cursor.skip_if("tunnel"):
        precedence_of(cursor.take())
        return ()
    if cursor.key in _FIELDS:
        return _by_table("precedence", cursor, tables)
    ledger.note(PRECEDENCE_NOTE)
    return _always(SetTos(precedence_of(cursor.take()) << 5, 0xE0))


def _tag(word: str, cursor: Cursor, tables: TableMaps) -> tuple[Rule, ...]:
    if word == "cos-inner" or (word == "cos" and cursor.skip_if("inner")):
        word = "cos inner"
    if cursor.key in _FIELDS:
        return _by_table(word, cursor, tables)
    value = cursor.take_int()
    if value > _TAGS[word.split()[0]]:
        raise NotReadError(f"{value} does not fit {word}")
    return _always(SetTag(word, value))


def _by_table(target: str, cursor: Cursor, tables: TableMaps) -> tuple[Rule, ...]:
    source = cursor.take()
    table = tables.table(cursor.take_name()) if cursor.skip_if("table") else COPY_TABLE
    if table is COPY_TABLE and "cos" in (source, target):
        # Unverified: whether the three bits are copied to the top or the bottom of the field.
        raise NotReadError(f"copying {source} to {target} without a table is not known")
    return (Rule(ANY, flow=Flow.NEXT, body=tables.rules(source, target, table)),)


def _mpls(cursor: Cursor, _tables: TableMaps, _ledger: Ledger) -> tuple[Rule, ...]:
    if not cursor.skip_if("experimental"):
        raise NotReadError("only 'set mpls experimental' is known")
    cursor.skip_if("imposition") or cursor.skip_if("topmost")
    return _always(SetTag("mpls experimental", cursor.take_int()))


def _bit(name: str) -> Callable[[Cursor, TableMaps, Ledger], tuple[Rule, ...]]:
    def read(_cursor: Cursor, _tables: TableMaps, _ledger: Ledger) -> tuple[Rule, ...]:
        return _always(SetTag(name, 1))

    return read


_READERS: Final[dict[str, Callable[[Cursor, TableMaps, Ledger], tuple[Rule, ...]]]] = {
    "dscp": _dscp,
    "precedence": _precedence,
    "mpls": _mpls,
    "fr-de": _bit("fr-de"),
    "atm-clp": _bit("atm-clp"),
}
