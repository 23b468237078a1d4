"""Names and free text that go into a configuration: checked, unique, within the limits."""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Final

from translator.errors import DriverError
from translator.intents.lower import unique_name

__all__ = ["Namer", "Names", "clip", "identifier", "interface_name"]

# Source: the IOS-XE YANG model gives descriptions 1-200 characters; remarks are kept to 100.
_INTERFACE: Final = re.compile(r"[A-Za-z][A-Za-z0-9./:_-]{0,63}")
# The usual short forms, which the command line completes and the configuration spells out.
_KINDS: Final = {
    short: kind
    for kind, shorts in {
        "GigabitEthernet": ("gi", "gig"),
        "TenGigabitEthernet": ("te", "ten"),
        "FastEthernet": ("fa",),
        "Ethernet": ("et", "eth"),
        "Serial": ("se",),
        "Port-channel": ("po",),
        "Vlan": ("vl",),
        "Tunnel": ("tu",),
        "Loopback": ("lo",),
        "Dialer": ("di",),
    }.items()
    for short in shorts
}
_NOT_TEXT: Final = re.compile(r"[^ -~]|\?")  # `?` asks the command line for help
_NOT_NAME: Final = re.compile(r"[^A-Z0-9]+")


class Names:
    """Gives each distinct content a name of its own; equal content shares one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._by_content: dict[Hashable, str] = {}
        self._used: set[str] = set()

    def known(self, content: Hashable) -> str | None:
        """Return the name of a content that was named before."""
        return self._by_content.get(content)

    def give(self, wanted: str, content: Hashable) -> str:
        """Return a name for new content: the wanted one, shortened or numbered if need be."""
        name = unique_name(wanted, lambda known: known not in self._used, limit=self._limit)
        self._used.add(name)
        self._by_content[content] = name
        return name


class Namer:
    """Gives each name one content."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._names: dict[str, tuple[object, ...]] = {}

    def name(self, wanted: str, *content: object) -> str:
        """Return `wanted`, or `wanted-2` and so on where that already stands for other content."""
        return unique_name(
            wanted, lambda name: self._names.setdefault(name, content) == content, limit=self._limit
        )


def identifier(*words: str) -> str:
    """Return words as one name: capitals, digits and hyphens; the caller's limit still holds.

    Raises:
        DriverError: nothing is left of a word.
    """
    parts = [_NOT_NAME.sub("-", word.upper()).strip("-") for word in words]
    if not all(parts):
        raise DriverError(
            f"{' '.join(words)!r} cannot be a name", hint="use letters and digits in class names"
        )
    return "-".join(parts)


def interface_name(name: str) -> str:
    """Return an interface name as the device prints it: `Gi0/1` is `GigabitEthernet0/1`.

    Raises:
        DriverError: it is none.
    """
    if not name.isascii() or not _INTERFACE.fullmatch(name):
        raise DriverError(
            f"{name!r} is no interface name",
            hint="write it as `show ip interface brief` does, without blanks",
        )
    letters = name[: next((i for i, sign in enumerate(name) if not sign.isalpha()), len(name))]
    return _KINDS.get(letters.lower(), letters) + name[len(letters) :]


def clip(text: str, limit: int) -> str:
    """Return free text as one line of printable ASCII of at most `limit` characters."""
    plain = " ".join(_NOT_TEXT.sub("-", text).split())
    return plain if len(plain) <= limit else plain[: limit - 3].rstrip() + "..."
