"""Choose hosts by a pattern as Ansible's `--limit` does.

Source:
    Ansible, "Patterns: targeting hosts and groups", and what `ansible --list-hosts --limit` of
    ansible-core 2.19 answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from fnmatch import translate
from pathlib import Path
from typing import Final

from translator.errors import InventoryError
from translator.inventory.formats.ansible_ranges import names_host_and_port
from translator.inventory.model import Host, Inventory
from translator.inventory.regex_cost import bounded
from translator.inventory.source import Source

__all__ = ["select"]

_LONGEST: Final = 64 * 1024
_LONGEST_TERM: Final = 1000
# A colon inside [] belongs to a subscript or a class of signs.
_TERM: Final = re.compile(r"(?:[^\s:\[\]]|\[[^\]]*\])+")
_SUBSCRIPT: Final = re.compile(r"(.+)\[(?:(-?[0-9]{1,9})|([0-9]{1,9})[:-]([0-9]{0,9}))\]")
_EVERY: Final = "all"


def select(inventory: Inventory, pattern: str) -> tuple[Host, ...]:
    """Return the hosts that a pattern names, in inventory order.

    Terms are separated by `,`, or by `:` where the pattern has no comma. A term names hosts or
    groups: by name, by glob (`branch-*`) or by regular expression (`~sw\\d+`); `all` is every
    host. Behind a name or glob, `[0]`, `[-1]`, `[0:2]` (both ends included) and `[1:]` choose from
    the hosts that it names, in their order. `@FILE` stands for the terms in a file, one on each
    line. Plain terms add up, then each `&term` keeps only hosts that are also in it, then each
    `!term` takes its hosts away, wherever in the pattern they stand.

    Unlike Ansible, which warns and goes on, a term that names nothing is an error: a misspelled
    `!term` would let a change reach hosts that were to be spared.

    Raises:
        InventoryError: a term is empty, no regular expression, one that could take for ever, or
            names nothing; a file cannot be read.
    """
    terms = [item for term in _split(pattern) for item in _from_file(term)]
    plain = [term for term in terms if term[0] not in "!&"]
    chosen: dict[str, None] = {}
    for term in plain or [_EVERY]:
        named = [inventory.host(term)] if inventory.has_host(term) else _named(inventory, term)
        chosen.update((host.name, None) for host in named)
    for sign, keep in (("&", True), ("!", False)):
        for term in (item for item in terms if item.startswith(sign)):
            named_too = {host.name for host in _named(inventory, term[1:])}
            chosen = {name: None for name in chosen if (name in named_too) is keep}
    return tuple(host for host in inventory.hosts if host.name in chosen)


def _split(pattern: str) -> list[str]:
    if len(pattern) > _LONGEST or not pattern.isprintable():
        raise InventoryError(
            "the host pattern is longer than 64 KiB or holds a control character",
            hint="write the terms into a file and use --limit @FILE",
        )
    if "," in pattern:
        terms = [term.strip() for term in pattern.split(",")]
    elif names_host_and_port(pattern.strip()):
        terms = [pattern.strip()]
    else:
        terms = _TERM.findall(pattern)
        skeleton = _TERM.sub("t", pattern)
        if "[" in skeleton or "]" in skeleton:
            raise InventoryError(
                f"the brackets of {_shown(pattern)} do not fit", hint="close each ["
            )
        terms += [] if all(part.strip() for part in skeleton.split(":")) else [""]
    if not terms or not all(term.lstrip("!&") for term in terms):
        raise InventoryError(
            "a term of the host pattern is empty", hint="write for example branch,!branch-lab"
        )
    return terms


def _from_file(term: str) -> Iterator[str]:
    """The term itself, or those of the file that it names."""
    if not term.startswith("@"):
        yield term
        return
    path = Path(term[1:])
    if "\0" in term or not path.is_file():
        raise InventoryError(
            f"there is no file {term[1:]!r} with host patterns", hint="write --limit @FILE"
        )
    source = Source.read(path)
    for number, raw in enumerate(source.text.split("\n"), start=1):
        line = raw.strip()
        if not line.isprintable() or line.startswith("#") or line in ("!", "&"):
            raise source.error(
                f"{_shown(line)} is no host pattern", number, hint="write one term on each line"
            )
        if line:
            yield line


def _named(inventory: Inventory, term: str) -> Sequence[Host]:
    """The hosts that one term means, in the order in which a subscript counts them."""
    if not term or len(term) > _LONGEST_TERM:
        raise InventoryError(
            "a term of the host pattern is empty or longer than 1000 characters",
            hint="write for example branch,!branch-lab",
        )
    found = None if term.startswith("~") else _SUBSCRIPT.fullmatch(term)
    if found is None:
        return _matches(inventory, term, term)
    hosts = _matches(inventory, found[1], term)
    first = int(found[2] or found[3])
    last = int(found[4] or -1) if found[3] else 0
    if last:
        return hosts[first:] if last == -1 else hosts[first : last + 1]
    if hosts and not -len(hosts) <= first < len(hosts):
        raise InventoryError(
            f"{_shown(term)} counts to {first}, but {_shown(found[1])} names {len(hosts)} hosts",
            hint="the first host is [0], the last [-1]",
        )
    return [hosts[first]] if hosts else hosts


def _matches(inventory: Inventory, name: str, term: str) -> list[Host]:
    if name == _EVERY:
        return list(inventory.hosts)
    fits = _test(name)
    groups = [group for group in inventory.group_names if fits(group)]
    hosts = [host for group in groups for host in inventory.hosts_of(group)]
    every = fits(_EVERY)
    if every:
        hosts = [*inventory.hosts, *hosts]
    # A plain word that names a group is not looked for among the hosts.
    if not (groups or every) or name.startswith("~") or any(sign in name for sign in ".?*["):
        hosts += _fitting(inventory.listed_hosts, fits)
    if not hosts and not groups:
        at_end = term != name or "[" in name
        raise InventoryError(
            f"{_shown(term)} names no host and no group of inventory {inventory.folder}",
            hint="[0] at the end counts the hosts of what stands before it; for a glob write "
            "branch-[12]*"
            if at_end
            else "names are those of hosts and groups in the inventory, and `,` stands between "
            "them; globs need quotes in a shell",
        )
    return hosts


def _fitting(hosts: Iterable[Host], fits: Callable[[str], bool]) -> Iterator[Host]:
    return (host for host in hosts if fits(host.name))


def _test(name: str) -> Callable[[str], bool]:
    """The test that a host or group name must pass."""
    if name.startswith("~"):
        matches = bounded(name[1:]).match
    elif not any(mark in name for mark in "*?["):
        return name.__eq__
    else:
        matches = _glob(name).match
    return lambda text: matches(text) is not None


def _glob(name: str) -> re.Pattern[str]:
    try:
        return re.compile(translate(name))  # never backtracks further than one star
    except re.error as error:
        raise InventoryError(
            f"{_shown(name)} is no glob: {error}", hint="write branch-*, or branch-[12]*"
        ) from None


def _shown(term: str) -> str:
    return repr(term if len(term) <= 80 else f"{term[:70]}...")
