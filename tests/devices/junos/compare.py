"""The difference of two configurations as `show | compare` prints it."""

from __future__ import annotations

from collections.abc import Iterator

from .config import Config, Item, _curly, _leaf

__all__ = ["compare"]


def compare(old: Config, new: Config) -> str:
    """Return what has to be added to and taken from `old` to get `new`."""
    return "".join(f"{line}\n" for line in _differences(old.root, new.root, []))


def _differences(old: Item, new: Item, path: list[str]) -> Iterator[str]:
    here: list[str] = []
    for key, item in old.children.items():
        if key not in new.children:
            here += _whole(item, "-")
    for key, item in new.children.items():
        before = old.children.get(key)
        if before is None:
            here += _whole(item, "+")
        elif (before.values, before.inactive) != (item.values, item.inactive):
            here += [*_whole(before, "-"), *_whole(item, "+")]
    common = [key for key in new.children if key in old.children]
    if common != [key for key in old.children if key in new.children]:
        here += [f"!    {key} {{ ... }}" for key in common]
    if here:
        yield f"[{' '.join(['edit', *path])}]"
        yield from here
    for key in common:
        if new.children[key].holds:
            yield from _differences(old.children[key], new.children[key], [*path, key])


def _whole(item: Item, sign: str) -> list[str]:
    if not item.holds:
        return [f"{sign}   {_leaf(item)}"]
    box = Item("", item.statement, children={item.text: item})
    return [f"{sign}   {line}" for line in _curly(box, 0)]
