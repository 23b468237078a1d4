"""Text as people paste it: pager marks, prompts, and blanks that all lines share are taken away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from translator.drivers.capture import lines_of

__all__ = ["Pasted", "pasted"]

# A pager writes its mark, then blanks or backspaces over it and goes on in the same line.
_PAGER: Final = re.compile(r"^[^\S\n]*<?-{2,3} ?more ?-{2,3}>?(?:.*[\b\r](?=.)| ?)", re.IGNORECASE)
_MORE: Final = re.compile(r"More ?-")  # `re` finds a fixed beginning twice as fast as `str` does
# `Router(config-pmap-c)# priority 512`, as manuals print what is typed.
_PROMPT: Final = re.compile(r"^\s*[\w.:/@~-]+\(conf[^()\s]*\) ?[#>]\s*")
_COMMAND: Final = re.compile(
    r"^\s*[\w.:/@~-]+[#>].*"
)  # `Router# show policy-map` configures nothing


@dataclass(frozen=True, slots=True, eq=False)
class Pasted:
    """A text without what pasting put around its lines; each is equal to itself alone, so that what
    is found in it can be looked up without a look at all of it.

    Attributes:
        text: its lines, each with a line feed before it.
        flat: whether their indentation is lost: a prompt stood before a line, or none is indented.
        plain: whether nothing stood around the lines.
    """

    lines: list[str]
    text: str
    flat: bool
    plain: bool


# The readers of a text's QoS and of its ports ask one after the other.
@lru_cache(maxsize=1)
def pasted(text: str) -> Pasted:
    """Return a text, line by line, without marks of pagers, prompts and blanks that all share."""
    if not text.isascii():  # what web pages and editors put in the place of blanks, or in front
        text = text.removeprefix("\ufeff").replace("\xa0", " ")
    given = lines = lines_of(text)
    if "\b" in text or _MORE.search(text):
        lines = [_PAGER.sub("", line.rstrip()) for line in lines]
    if "(" in text and "(conf" in text:  # a single character is seen not to be there at once
        stripped = [_PROMPT.sub("", line) for line in lines]
        if stripped != lines:
            lines = [_COMMAND.sub("", line) for line in stripped]
            return Pasted(lines, "\n".join(("", *lines)), True, False)
    base = _base_indent(lines)
    if base:
        lines = [line[base:] for line in lines]
    flat = not any(line[:1].isspace() and not line.isspace() for line in lines)
    plain = lines is given
    return Pasted(lines, f"\n{text}" if plain else "\n".join(("", *lines)), flat, plain)


def _base_indent(lines: list[str]) -> int:
    """Return the blanks that all lines share: text pasted from a document is often shifted."""
    smallest = 1000
    for line in lines:
        if line and not line[0].isspace():
            return 0
        stripped = line.lstrip()
        if stripped:
            smallest = min(smallest, len(line) - len(stripped))
    return 0 if smallest == 1000 else smallest
