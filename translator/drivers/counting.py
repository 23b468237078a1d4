"""How drivers ask a device for its counters, and read what it answers.

A driver lists its commands once: how each is asked, by what it is known again, and what reads the
reply. A saved text and a live session go through the same functions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from translator.errors import ParseError, Where
from translator.intents.counters import CountersRead, Shown

__all__ = ["CountsByListing", "Listing"]

_SIGN_LINES = 200


@dataclass(frozen=True, slots=True)
class Listing:
    """One command that shows counters.

    Attributes:
        ask: the command; `{interface}` stands for the interface where there is one.
        command: matches the command as people type it, with what short forms they use.
        sign: matches a line by which a reply without its command is known; None where such a
            reply does not say enough (`tc` does not name the interface).
        read: gives what a reply holds.
    """

    ask: str
    command: re.Pattern[str]
    read: Callable[[Shown], CountersRead]
    sign: re.Pattern[str] | None = None


class CountsByListing:
    """The members of `translator.drivers.base.CountsTraffic`, from a driver's `listings`."""

    listings: ClassVar[tuple[Listing, ...]] = ()

    def counter_commands(self, interfaces: Iterable[str] = ()) -> tuple[str, ...]:
        """Return the commands that show the counters of the interfaces; of none: of all."""
        names = tuple(interfaces)
        found: dict[str, None] = {}
        for listing in self.listings:
            if "{interface}" not in listing.ask or not names:
                found[" ".join(listing.ask.replace("{interface}", "").split())] = None
            else:
                found.update((listing.ask.format(interface=name), None) for name in names)
        return tuple(found)

    def shows_counters(self, command: str) -> bool:
        """Return whether it is a command whose reply is read."""
        return any(listing.command.fullmatch(command.strip()) for listing in self.listings)

    def command_behind(self, text: str) -> str | None:
        """Return the command that printed a text, by its first lines; None if it does not show."""
        for line in text.split("\n", _SIGN_LINES)[:_SIGN_LINES]:
            for listing in self.listings:
                if listing.sign is not None and listing.sign.match(line[:_SIGN_LINES]):
                    return " ".join(listing.ask.replace("{interface}", "").split())
        return None

    def read_counters(self, reply: Shown) -> CountersRead:
        """Return what a reply holds.

        Raises:
            ParseError: its command is none of ours, or it answers another one.
        """
        where = Where(reply.file, reply.first_line)
        for listing in self.listings:
            if listing.command.fullmatch(reply.command.strip()):
                found = listing.read(reply)
                if not found.classes and not found.interfaces and found.unread:
                    raise ParseError(
                        f"this is no answer to {reply.command!r}: {found.unread[0].text[:60]!r}",
                        where=Where(reply.file, found.unread[0].line),
                        hint="save what the device prints, with the command above it",
                    )
                return found
        raise ParseError(
            f"{reply.command!r} shows no counters that are known here",
            where=where,
            hint="save one of: " + "; ".join(self.counter_commands(("NAME",))),
        )

    def counted_names(self, text: str) -> Mapping[str, str]:
        """Return the counted name of each class of a configuration that has another there.

        Args:
            text: the configuration.
        """
        del text
        return {}
