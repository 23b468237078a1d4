"""The interfaces of a text as devices print them: one pass serves all who ask for their lines.

No two interfaces of a fleet are the same, and nearly all are alike: but for descriptions and
numbers they say what others said before. What lines that are alike come to is worked out once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Final, NamedTuple

from translator.drivers.cisco.scan import OPENINGS, SERVICE_POLICY, any_of

__all__ = ["LONGEST", "PrintedInterface", "Stretch", "own_lines", "printed_interfaces", "stretches"]

_INTERFACE: Final = "\ninterface "
_DESCRIPTION: Final = "\n description "
_WORD: Final = len(_DESCRIPTION) - 1
_OWN_LINES: Final = re.compile(r"(?:\n[ \t][^\n]*+)*+")
_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
LONGEST: Final = 2_000
"""Characters of an interface that are worth remembering: the last of a text seems to go on to its
end.
"""


class PrintedInterface(NamedTuple):
    """A section that begins with `interface` at the margin, up to the next one.

    Attributes:
        at: where in the text the line feed before its header stands.
        number: of its header's line, from 0.
        size: how many lines it has, with the header.
        below: the lines below the header, each with its line feed before it.
        described: where in these the text of a description stands, the first among the lines up
            to one at the margin; an empty slice without.
        alike: the lines below without that text, and with each digit as a zero, also that of
            `ipv6`.
    """

    at: int
    number: int
    size: int
    header: str
    below: str
    described: slice
    alike: str

    @property
    def description(self) -> str:
        """The text of the description, "" without."""
        return self.below[self.described].strip()

    @property
    def said(self) -> str:
        """The lines below the header without the text of the description."""
        return self.below[: self.described.start] + self.below[self.described.stop :]


_new: Final = tuple.__new__  # there are hundreds in a text, and a call of the class takes longer
_UNDESCRIBED: Final = slice(0, 0)


# The readers of a text's QoS and of its ports ask one after the other.
@lru_cache(maxsize=1)
def printed_interfaces(text: str) -> tuple[PrintedInterface, ...]:
    """Return the interfaces of a text, whether they are its own or words of a banner.

    Args:
        text: its lines, each with a line feed before it.
    """
    at = text.find(_INTERFACE)
    if at < 0:
        return ()
    number = text.count("\n", 0, at)
    chunks = text[at:].split(_INTERFACE)
    alikes = _with_zeros(text[at:]).split(_INTERFACE)
    found: list[PrintedInterface] = []
    for chunk, zeros in islice(zip(chunks, alikes, strict=True), 1, None):
        top = chunk.find("\n")
        if top < 0:
            top = len(chunk)
        below = chunk[top:]
        start = below.find(_DESCRIPTION)
        # Most stand right below the header; others may be of what stands behind the interface.
        if start == 0 or (start > 0 and start < len(own_lines(below))):
            end = below.find("\n", start + 1)
            described = slice(start + _WORD, len(below) if end < 0 else end)
            alike = zeros[top : top + described.start] + zeros[top + described.stop :]
        else:
            described, alike = _UNDESCRIBED, zeros[top:]
        size = 1 + (_line_feeds(alike) if len(alike) < LONGEST else alike.count("\n"))
        item = (at, number, size, chunk[:top], below, described, alike)
        found.append(_new(PrintedInterface, item))
        at += len(_INTERFACE) + len(chunk)
        number += size
    return tuple(found)


@lru_cache(maxsize=8192)
def _line_feeds(alike: str) -> int:
    return alike.count("\n")  # to count a single character takes long


def own_lines(below: str) -> str:
    """Return the lines up to one at the margin, each with its line feed before it."""
    own = _OWN_LINES.match(below)
    return "" if own is None else own[0]


def _with_zeros(text: str) -> str:
    """Return the text with each digit as a zero; every other character stays at its place."""
    # Three times as quick as `str.translate`; a text may hold what UTF-8 does not know.
    data = text.encode(errors="surrogatepass").translate(_ZEROS)
    return data.decode(errors="surrogatepass")


class Stretch(NamedTuple):
    """Some lines of a text, as first line and line behind, from 0.

    Attributes:
        kind: the header's keywords where it is a section that can be read at a glance, "" where
            it may be anything.
        bearing: the lines that matter of such a section, counted from its header.
    """

    first: int
    behind: int
    kind: str = ""
    bearing: Iterable[int] = ()


def stretches(text: str, words: frozenset[str]) -> Iterator[Stretch]:
    """Yield the lines in stretches: each section that can be read at a glance, and what is between.

    At a glance is seen what devices print in nearly all interfaces: nothing deeper than one blank.
    Of classes, policies and lists every line matters.

    Args:
        text: its lines, each with a line feed before it.
        words: as in `landmarks`.
    """
    left = at = 0  # first line that no stretch holds yet, and where its line feed stands
    for start, number, size, header, below, _, alike in printed_interfaces(text):
        bearing = _bearing(alike, words) if len(alike) < LONGEST else None
        if bearing is not None:
            if at < start:
                yield from _definitions(text[at : start + len(_INTERFACE)], left, number)
            left = number + size
            at = start + len(_INTERFACE) + len(header) + len(below)
            yield _new(Stretch, (number, left, "interface", bearing))
    if at < len(text):
        yield from _definitions(text[at:], left, left + text.count("\n", at))


def _definitions(text: str, first: int, behind: int) -> Iterator[Stretch]:
    """Yield lines that are no such interface in stretches.

    Args:
        text: these lines, each with a line feed before it, and how the line behind them begins.
        first: number of the first of them.
    """
    left, counted = first, 0
    text = text.lower()
    for found in _DEFINITION.finditer(text):
        first += text.count("\n", counted, found.start())
        counted = found.start()
        if left < first:
            yield Stretch(left, first)
        left = first + text.count("\n", *found.span())
        yield Stretch(first, left, found[1], range(1, left - first))
    if left < behind:
        yield Stretch(left, behind)


_KINDS: Final = "class-map|policy-map|ip access-list|ipv6 access-list"
# A definition with the lines below it, none of which opens another, before a line that does.
_DEFINITION: Final = re.compile(
    rf"\n({_KINDS}) [^\n]*+(?:\n(?:[ \t](?![^\S\n]*+{any_of(OPENINGS)})[^\n]*+|![^\n]*+|(?=\n)))*+"
    rf"(?=\n(?:{_KINDS}|interface) )"
)


@lru_cache(maxsize=8192)
def _bearing(said: str, words: frozenset[str]) -> tuple[int, ...] | None:
    """Return which lines below a header bear, if none of them stands deeper or is a header."""
    said = said.lower()
    if _MORE_THAN_A_GLANCE.search(said):
        return None
    bears = _begins_with(words | {SERVICE_POLICY})
    lines = said.split("\n")
    found = [at for at, line in enumerate(lines) if bears.match(line)]
    # A line that names a policy anywhere bears too; such are few.
    named = sum(lines[at].count(SERVICE_POLICY) for at in found)
    return tuple(found) if named == said.count(SERVICE_POLICY) else None


_MORE_THAN_A_GLANCE: Final = re.compile(rf"\n(?:[ \t](?:[^\S\n]|{any_of(OPENINGS)})|[^ \t\n!])")


@lru_cache(maxsize=64)
def _begins_with(words: frozenset[str]) -> re.Pattern[str]:
    """Return the expression for a line that begins with one of the words, its digits as zeros."""
    return re.compile(rf"[ \t]{any_of(map(_with_zeros, words))}(?!\S)")
