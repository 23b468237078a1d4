"""Whether the text of a Junos device is its whole configuration.

Junos marks no end: a text that is cut between two hierarchies looks whole. What shows that a
listing ended is what the command line prints behind it: the prompt, or the line above the prompt
that names the state of the routing engine (`{master:0}`) or the hierarchy (`[edit]`).
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from translator.drivers.capture import END_MARK, last_lines

__all__ = ["why_incomplete"]

_PROMPT: Final = re.compile(r"[\w.-]{0,64}@[\w.:-]{1,255}[>#%](?: (?:exit|quit))?")
# Source: Junos CLI guide; the words are those of chassis and of clusters (SRX).
_ABOVE_PROMPT: Final = re.compile(r"\{[a-z-]{1,20}:[a-z0-9-]{1,20}\}|\[edit\]")
_MOST_PROMPTS: Final = 4
# A command whose output is the whole configuration, in one of its forms.
_SHOW: Final = re.compile(
    r"^(?:\S{1,320}[>#%] ?)?show(?: configuration|(?= *(?:\||$)))(?P<rest>.*)$",
    re.MULTILINE,
)
_ALL_OF_IT: Final = re.compile(r"(?: *\| *(?:no-more|display +(?:set|inheritance)[\w -]{0,60}))* *")
_HEADS: Final = ("version ", "set version ")


def why_incomplete(text: str) -> str:
    """Return why nothing shows that the text is the whole configuration; empty where it is."""
    lines = islice(last_lines(text), _MOST_PROMPTS)
    ended = False
    last = ""
    for last in lines:
        if last != END_MARK and not _PROMPT.fullmatch(last) and not _ABOVE_PROMPT.fullmatch(last):
            break
        ended = True
    if not ended:
        return "no prompt and no other sign of an end stands behind the last line"
    if last.startswith((" ", "\t")) or not (last.endswith(("}", ";")) or _is_set(last)):
        return "the last line above the prompt does not end a statement of the top level"
    shown = [_ALL_OF_IT.fullmatch(found["rest"]) is not None for found in _SHOW.finditer(text)]
    if shown and not all(shown):
        return "the text is the listing of a part of the configuration"
    if not shown and not any(text.startswith(head) or f"\n{head}" in text for head in _HEADS):
        return "neither a version nor the command shows that all of the configuration is listed"
    return ""


def _is_set(line: str) -> bool:
    return line.startswith(("set ", "deactivate ", "protect "))
