"""The interfaces of a text as devices print them: one pass serves all who ask for their lines.

No two interfaces of a fleet are the same, and nearly all are alike: but for descriptions and
numbers they say what others said before. What lines that are alike come to is worked out once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from translator.drivers.cisco.scan import OPENINGS, SERVICE_POLICY, any_of

__all__ = ["PrintedInterface", "own_lines", "printed_interfaces", "stretches"]

_INTERFACE: Final = "\ninterface "
_DESCRIPTION: Final = "\n description "
_WORD: Final = len(_DESCRIPTION) - 1
_OWN_LINES: Final = re.compile(r"(?:\n[ \t][^\n]*+)*+")
_IPV6: Final = "ipv6"
_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
# A longer one is not remembered: the last interface seems to go on to the end of the text.
_LONGEST: Final = 2_000


class PrintedInterface(NamedTuple):
    """A section that begins with `interface` at the margin, up to the next one.

    Attributes:
        at: where in the text the line feed before its header stands.
        number: of its header's line, from 0.
        count: how many lines it has, with the header.
        description: the first among its lines up to one at the margin, "" without.
        said: the lines below the header, each with its line feed before it, without the text of
            that description.
        alike: the same with each digit as a zero.
    """

    at: int
    number: int
    count: int
    header: str
    description: str
    said: str
    alike: str


_new: Final = tuple.__new__  # there are hundreds in a text, and a call of the class takes longer


# The readers of a text's QoS and of its ports ask one after the other.
@lru_cache(maxsize=1)
def printed_interfaces(text: str) -> tuple[PrintedInterface, ...]:
    """Return the interfaces of a text, whether they are its own or words of a banner.

    Args:
        text: its lines, each with a line feed before it.
    """
    above, *chunks = text.split(_INTERFACE)
    at, number = len(above), above.count("\n")
    found: list[PrintedInterface] = []
    for chunk, zeros in zip(chunks, _with_zeros(text).split(_INTERFACE)[1:], strict=True):
        header, _, _ = chunk.partition("\n")
        top = len(header)
        start = chunk.find(_DESCRIPTION, top)
        if start > top and start >= top + len(own_lines(chunk[top:])):
            start = -1  # of what stands behind the interface
        if start < 0:
            description, said, alike = "", chunk[top:], zeros[top:]
        else:
            end = chunk.find("\n", start + 1)
            end = len(chunk) if end < 0 else end
            description = chunk[start + len(_DESCRIPTION) : end].strip()
            said = chunk[top : start + _WORD] + chunk[end:]
            alike = zeros[top : start + _WORD] + zeros[end:]
        count = 1 + chunk.count("\n")
        found.append(_new(PrintedInterface, (at, number, count, header, description, said, alike)))
        at += len(_INTERFACE) + len(chunk)
        number += count
    return tuple(found)


def own_lines(below: str) -> str:
    """Return the lines up to one at the margin, each with its line feed before it."""
    own = _OWN_LINES.match(below)
    return "" if own is None else own[0]


def _with_zeros(text: str) -> str:
    """Return the text with each digit as a zero, but in the word ipv6; nothing changes its place.

    It is the one word with a digit in it that readers ask for.
    """
    if text.count("ipv") != text.lower().count("ipv"):
        return text  # typed: the word may hide behind capitals
    return _IPV6.join(map(_zeros, text.split(_IPV6)))


def _zeros(text: str) -> str:
    # Three times as quick as `str.translate`; a text may hold what UTF-8 does not know.
    data = text.encode(errors="surrogatepass").translate(_ZEROS)
    return data.decode(errors="surrogatepass")


def stretches(
    lines: list[str], words: frozenset[str]
) -> Iterator[tuple[int, int, tuple[int, ...] | None]]:
    """Yield the lines in stretches, as first line, line behind, and lines that bear: one stretch
    for each interface at whose lines a glance is enough, None for what needs `landmarks`.

    At a glance is seen what devices print in nearly all interfaces: nothing that bears but
    service-policies, and nothing deeper.

    Args:
        words: as in `landmarks`.
    """
    left = 0  # first line that no stretch holds yet
    for item in printed_interfaces("\n".join(("", *lines))):
        bearing = _bearing(item.alike, words) if len(item.alike) < _LONGEST else None
        if bearing is not None:
            number = item.number
            if left < number:
                yield left, number, None
            left = number + item.count
            yield number, left, tuple([number + below for below in bearing])
    if left < len(lines):
        yield left, len(lines), None


@lru_cache(maxsize=8192)
def _bearing(said: str, words: frozenset[str]) -> tuple[int, ...] | None:
    """Return which lines below a header begin with service-policy, if they are all that bears."""
    said = said.lower()
    if _more_than_a_glance(words).search(said):
        return None
    found = [at for at, line in enumerate(said.split("\n")) if line.startswith(_POLICY_LINE)]
    return tuple(found) if len(found) == said.count(SERVICE_POLICY) else None


_POLICY_LINE: Final = f" {SERVICE_POLICY}"


@lru_cache(maxsize=64)
def _more_than_a_glance(words: frozenset[str]) -> re.Pattern[str]:
    bearing = rf"{any_of(words - {SERVICE_POLICY})}(?!\S)"
    return re.compile(rf"\n(?:[ \t](?:[^\S\n]|{bearing}|{any_of(OPENINGS)})|[^ \t\n!])")
