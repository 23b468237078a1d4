"""A plan file laid over the preset that it extends, before any value is interpreted.

Settings that rows refer to by name are therefore resolved after the change, so moving a port
setting moves every row that uses it.
"""

from __future__ import annotations

from typing import Final

from translator.errors import PlanError
from translator.plan.fields import items_of, scalar_of, table_of
from translator.plan.tree import Items, Node, Scalar, Table

__all__ = ["overlay"]

_BY_KEY: Final = {"rows": "id", "queues": "media"}
_PLACES: Final = ("before", "after")


def overlay(base: Table, over: Table) -> Table:
    """Return the preset with the file's options, settings, groups, rows and queues put in.

    Rows are found by `id`, queues by `media`; what a row does not say it keeps. A new row comes
    last unless it says `before` or `after`.

    Raises:
        PlanError: a section has the wrong shape, or `before`/`after` names no row.
    """
    entries = dict(base.entries)
    for key, node in over.entries.items():
        if key == "extends":
            continue
        old = entries.get(key)
        if key == "options" and isinstance(old, Table):
            entries[key] = _merge(old, table_of(node, key))
        elif key in ("groups", "port_settings") and isinstance(old, Table):
            entries[key] = _named(key, old, table_of(node, key))
        elif key in _BY_KEY and old is not None:
            entries[key] = _listed(key, old, node)
        else:
            entries[key] = node
    return Table(entries, over.where, {**base.keys, **over.keys})


def _merge(old: Table, new: Table) -> Table:
    return Table({**old.entries, **new.entries}, new.where, {**old.keys, **new.keys})


def _named(section: str, old: Table, new: Table) -> Table:
    """Merge two mappings of mappings; a bare list of a group is its prefixes."""
    entries = dict(old.entries)
    for name, node in new.entries.items():
        before = entries.get(name)
        if not isinstance(before, Table):
            entries[name] = node
            continue
        change = node
        if section == "groups" and not isinstance(node, Table):
            change = Table({"prefixes": node}, node.where)
        elif section == "port_settings" and isinstance(node, Table) and "start" in node.entries:
            before = _without(before, ("policy_range",))
        entries[name] = _merge(before, table_of(change, f"{section} {name}"))
    return Table(entries, new.where, {**old.keys, **new.keys})


def _listed(section: str, old: Node, new: Node) -> Node:
    key = _BY_KEY[section]
    members = [table_of(node, section) for node in items_of(old, section)]
    for node in items_of(new, section):
        change = table_of(node, f"a member of {section}")
        name = _key_of(change, key)
        at = next((i for i, item in enumerate(members) if _key_of(item, key) == name), None)
        place = _place(change) if section == "rows" else None
        change = _without(change, _PLACES) if place else change
        merged = change if at is None else _merge(_founded(section, members[at], change), change)
        if at is not None and place is None:
            members[at] = merged
            continue
        if at is not None:
            del members[at]
        members.insert(_index(members, place), merged)
    return Items(tuple(members), new.where)


def _founded(section: str, old: Table, change: Table) -> Table:
    """The member without what is said of a share that is another now."""
    is_other = section == "queues" and "percent" in change.entries
    return _without(old, ("source", "confidence")) if is_other else old


def _key_of(table: Table, key: str) -> str:
    node = table.entries.get(key)
    if node is None:
        raise PlanError(f"a row has no {key}", where=table.where, hint=f"add `{key}: ...`")
    return scalar_of(node, key).text.strip()


def _place(table: Table) -> tuple[str, Scalar] | None:
    """Return the word and the row of a `before` or `after`."""
    for word in _PLACES:
        if word in table.entries:
            return word, scalar_of(table.entries[word], word)
    return None


def _index(rows: list[Table], place: tuple[str, Scalar] | None) -> int:
    if place is None:
        return len(rows)
    word, target = place
    for index, row in enumerate(rows):
        if _key_of(row, "id") == target.text.strip():
            return index if word == "before" else index + 1
    raise PlanError(
        f"{word} names row {target.text[:40]!a}, which is not there",
        where=target.where,
        hint="name a row of the preset or one above this one",
    )


def _without(table: Table, keys: tuple[str, ...]) -> Table:
    entries = {key: node for key, node in table.entries.items() if key not in keys}
    return Table(entries, table.where, table.keys)
