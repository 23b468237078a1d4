"""What `commit check` finds: names that are used and not defined."""

from __future__ import annotations

from collections.abc import Iterator

from .config import Config, Item

__all__ = ["check"]


def check(config: Config) -> list[str]:
    """Return the errors of a candidate as Junos prints them; none when it can be committed."""
    return [*_filters(config), *_schedulers(config)]


def _filters(config: Config) -> Iterator[str]:
    defined = {
        (family.text, item.text.split()[1])
        for family in _children(config.root, "firewall")
        for item in family.children.values()
        if item.text.startswith("filter ")
    }
    for interface in _children(config.root, "interfaces"):
        for unit in interface.children.values():
            for family in unit.children.values():
                for item in _children(family, "filter"):
                    for name in item.values:
                        if (family.text, name) not in defined:
                            where = f"interfaces {interface.text} {unit.text} {family.text} filter"
                            yield (
                                f"[edit {where}]\n  '{item.text}'\n"
                                f"    Referenced filter '{name}' is not defined\n"
                            )


def _schedulers(config: Config) -> Iterator[str]:
    cos = config.root.children.get("class-of-service")
    if cos is None:
        return
    maps = {item.text for item in _children(cos, "scheduler-maps")}
    schedulers = {item.text for item in _children(cos, "schedulers")}
    for interface in _children(cos, "interfaces"):
        for item in interface.children.values():
            if item.text == "scheduler-map" and item.values[0] not in maps:
                yield (
                    f"[edit class-of-service interfaces {interface.text}]\n  'scheduler-map'\n"
                    f"    Scheduler map {item.values[0]} not defined\n"
                )
    for scheduler_map in _children(cos, "scheduler-maps"):
        for entry in scheduler_map.children.values():
            for item in entry.children.values():
                if item.values[0] not in schedulers:
                    yield (
                        f"[edit class-of-service scheduler-maps {scheduler_map.text}]\n"
                        f"  '{entry.text}'\n    Scheduler {item.values[0]} not defined\n"
                    )


def _children(item: Item, word: str) -> tuple[Item, ...]:
    found = item.children.get(word)
    return tuple(found.children.values()) if found else ()
