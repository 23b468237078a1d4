"""The interfaces of a text as devices print them: one pass serves all who ask for their lines.

No two interfaces of a fleet are the same, and nearly all are alike: but for descriptions and
numbers they say what others said before. What lines that are alike come to is worked out once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate, repeat
from typing import Final, NamedTuple

from translator.drivers.cisco.interface_names import is_printed
from translator.drivers.cisco.pasted import Pasted
from translator.drivers.cisco.scan import OPENINGS, SERVICE_POLICY, any_of, lowered

__all__ = [
    "HEADER",
    "Likeness",
    "Part",
    "PrintedInterface",
    "Stretch",
    "printed_interfaces",
    "stretches",
]

HEADER: Final = "interface "
_INTERFACE: Final = f"\n{HEADER}"
_DESCRIPTION: Final = "\n description "
_DESCRIBED: Final = re.compile(rf"{_DESCRIPTION}[^\n]*+")
_OWN_LINES: Final = re.compile(r"(?:\n[ \t][^\n]*+)*+")
_ZEROS: Final = bytes.maketrans(b"123456789", b"000000000")
_LONGEST: Final = 2_000
"""Characters of an interface that are worth remembering: the last of a text seems to go on to its
end.
"""


class Likeness:
    """What interfaces have in common that differ in digits and in words of descriptions only.

    Two are the same object where their texts are alike; what readers find in one is found in all.

    Attributes:
        name: the interface where the header names one by one word, with zeros; else "".
        said: the lines below the header, each with its line feed before it, up to the next
            interface; without the words of descriptions, and with each digit as a zero, also that
            of `ipv6`.
        own: how many of these lines there are before one at the margin.
        size: how many lines there are in all, with the header.
        is_long: whether it is not worth remembering.
        is_printed: whether the header names an interface as devices print it.
    """

    __slots__ = ("_parts", "is_long", "is_printed", "name", "own", "said", "size")

    def __init__(self, text: str) -> None:
        header, feed, said = text.partition("\n")
        self.is_long = len(text) >= _LONGEST
        words = header.split()
        self.name = words[0] if len(words) == 1 else ""
        self.is_printed = words != [] and is_printed(words[0])
        self.said = feed + said
        own = _OWN_LINES.match(self.said)
        self.own = 0 if own is None else own[0].count("\n")
        self.size = 1 + self.said.count("\n")
        self._parts: dict[frozenset[str], Part | None] = {}

    def part(self, words: frozenset[str]) -> Part | None:
        """Return the interface as a part of a stretch, with the lines that begin with one of the
        words or with a service-policy; None where a line stands deeper or is a header, or the name
        is typed, so that more is to be read.
        """
        part = self._parts.get(words)
        if part is None and words not in self._parts:
            bearing = _bearing(self.said.lower(), words) if self.is_printed else None
            part = None if bearing is None else Part("interface", bearing)
            self._parts[words] = part
        return part


class PrintedInterface(NamedTuple):
    """A section that begins with `interface` at the margin, up to the next one.

    Attributes:
        number: of its header's line, from 0.
    """

    number: int
    like: Likeness


_new: Final = tuple.__new__  # there are hundreds in a text, and a call of the class takes longer


# The readers of a text's QoS and of its ports ask one after the other.
@lru_cache(maxsize=1)
def printed_interfaces(shown: Pasted) -> tuple[PrintedInterface, ...]:
    """Return the interfaces of a text, whether they are its own or words of a banner."""
    above, header, rest = shown.text.partition(_INTERFACE)
    if not header:
        return ()
    alike = _with_zeros(_DESCRIBED.sub(_DESCRIPTION, rest)).split(_INTERFACE)
    likes = [_likeness(part) if len(part) < _LONGEST else Likeness(part) for part in alike]
    numbers = accumulate([like.size for like in likes], initial=above.count("\n"))
    return tuple(map(_new, repeat(PrintedInterface), zip(numbers, likes, strict=False)))


@lru_cache(maxsize=16384)
def _likeness(text: str) -> Likeness:
    return Likeness(text)


def _with_zeros(text: str) -> str:
    """Return the text with each digit as a zero."""
    # Three times as quick as `str.translate`; a text may hold what UTF-8 does not know.
    data = text.encode(errors="surrogatepass").translate(_ZEROS)
    return data.decode(errors="surrogatepass")


class Part(NamedTuple):
    """A section that can be read at a glance: its header's keywords, and which lines of it matter.

    Attributes:
        bearing: the lines that matter, counted from the header.
    """

    kind: str
    bearing: Sequence[int]


class Stretch(NamedTuple):
    """Some lines of a text, as first line and line behind, from 0.

    Attributes:
        text: the lines in lower case, each with a line feed before it, where there are no parts.
        parts: the sections of a stretch that can be read at a glance, each with the line of its
            header: interfaces one after the other, or class-maps, policy-maps and access lists;
            none where it may be anything.
        are_definitions: whether they are the latter.
    """

    first: int
    behind: int
    text: str = ""
    parts: Sequence[tuple[int, Part]] = ()
    are_definitions: bool = False


def stretches(shown: Pasted, words: frozenset[str]) -> Iterator[Stretch]:
    """Yield the lines in stretches: the sections that can be read at a glance, and what is between.

    At a glance is seen what devices print in nearly all interfaces: nothing deeper than one blank.
    Of classes, policies and lists every line matters.

    Args:
        words: as in `landmarks`.
    """
    first = left = 0  # of the interfaces that follow each other, and behind them
    parts: list[tuple[int, Part]] = []
    for number, like in printed_interfaces(shown):
        part = like.part(words)
        if part is None:
            continue
        if left < number:
            if parts:
                yield Stretch(first, left, parts=parts)
            yield from _definitions(shown.lines, left, number)
            first, parts = number, []
        parts.append((number, part))
        left = number + like.size
    if parts:
        yield Stretch(first, left, parts=parts)
    if left < len(shown.lines):
        yield from _definitions(shown.lines, left, len(shown.lines))


def _definitions(lines: list[str], first: int, behind: int) -> Iterator[Stretch]:
    """Yield lines that are no such interface in stretches; the one behind them may begin one."""
    text = lowered(lines[first : behind + 1])
    last = len(text) if behind == len(lines) else text.rindex("\n")
    left, end = first, 0
    while found := _DEFINITION.search(text, end):
        at = left + text.count("\n", end, found.start())
        if left < at:
            yield Stretch(left, at, text[end : found.start()])
        parts: list[tuple[int, Part]] = []
        left = at
        while found:
            size = found[0].count("\n")
            parts.append((left, _new(Part, (found[1], range(1, size)))))
            left += size
            end = found.end()
            found = _DEFINITION.match(text, end)
        yield Stretch(at, left, parts=parts, are_definitions=True)
    if left < behind:
        yield Stretch(left, behind, text[end:last])


_KINDS: Final = "class-map|policy-map|ip access-list|ipv6 access-list"
# A definition with the lines below it, none of which opens another, before a line that does.
_DEFINITION: Final = re.compile(
    rf"\n({_KINDS}) [^\n]*+(?:\n(?:[ \t](?![^\S\n]*+{any_of(OPENINGS)})[^\n]*+|![^\n]*+|(?=\n)))*+"
    rf"(?=\n(?:{_KINDS}|interface) )"
)


def _bearing(said: str, words: frozenset[str]) -> tuple[int, ...] | None:
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
