"""Takes away what terminals and logs leave in a saved text; every line keeps its number.

Only what was never part of the device's words goes: line ends of any kind, escape sequences,
what backspaces and carriage returns wrote over, pager marks, byte order marks, frames and time
stamps that a logging program put around. Prompts, echoed commands and headers such as `Building
configuration...` stay: drivers take them for signs of where a listing begins and ends.

It is called where a file is read, so that lines are shown as they were understood, and by `parse`
of each built-in driver, for callers that bring their own text. A clean text costs one look, which
the last text needs no second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

__all__ = ["END_MARK", "cleaned", "last_lines", "lines_of", "screen_lines", "trimmed"]

END_MARK: Final = "# end of configuration"
"""Comment that whoever saves a text can put behind it, to show that nothing was cut off."""

# Shifts between character sets, flow control, page breaks, byte order mark.
_STRAY: Final = "\x0e\x0f\x11\x13\f\ufeff"
_MOVING: Final = "\r\b\x1b"
_NEVER_SHOWN: Final = dict.fromkeys(map(ord, _STRAY + "\0"))
# Every pager mark and every frame of a log has two of them; a look for one thing is quicker.
_DASHES: Final = "--"
# The first two are spelled out: `re` looks for a fixed beginning twice as fast as `str.find` does.
_RUN: Final = re.compile(r"---* ?\(?(more)?", re.IGNORECASE)
_MOST_RUNS: Final = 100
_LINE_END: Final = re.compile(r"\r+(\n?)")
_RETURN: Final = re.compile(r"\n\r|\r+\n?")
# Source: ECMA-48 (5.4 control sequences, 5.6 control strings; the bell ends those of xterm).
_ESCAPE: Final = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"
    r"|\x1b\[([0-?]*)[ -/]*([@-~]?)|\x1b[ -/]*[0-~]?"
)
# Of these two the cursor goes left, by the third the rest of the line is erased.
_LEFT, _TO_COLUMN, _ERASE = "D", "G", "K"
_STEP: Final = re.compile(r"\x1b\[(\d*)([DGK])|[\b\r]|[^\x1b\b\r]+")
# `--More--` of IOS, `<--- More --->` of ASA, `---(more 40%)---` of Junos, `---- More ----` of
# Comware and VRP, `-- MORE --, next page: ...` of ProCurve. Source: captures of these.
_PAGER: Final = re.compile(
    r"(?:[ \t]*<?-{2,4} ?\(?more(?: \d{1,3}%)?\)? ?-{2,4}>?(?:\(\d{1,3}%\))?"
    r"(?:, next page: Space, next line: Enter, quit: Control-C| or \(q\)uit)?)+",
    re.IGNORECASE,
)
_PUTTY: Final = "=~=~=~="
_FRAMES: Final = ("show ", "sh ", "display ", "nvram ", "output")
_LISTS_CONFIGURATION: Final = re.compile(r"\b(?:run|start|conf|current|nvram)")
_STAMP: Final = re.compile(
    r"\[?\d{4}[-/.]\d\d[-/.]\d\d[T_ ]\d\d:\d\d:\d\d(?:[.,]\d{1,6})?(?:Z|[+-]\d\d:?\d\d)?\]?[:|]? ?"
)


@lru_cache(maxsize=1)
def cleaned(text: str, *, frames: bool = False) -> str:
    """Return the text as the device meant it; what is clean already comes back as it is.

    A line of the result has the number that the user's editor shows. A text whose lines end in
    carriage returns alone is split at these; else one in the middle of a line means that what
    follows was written over its beginning.

    Args:
        frames: keep the frames that name commands, and what is no configuration.
    """
    if any(c in text for c in _STRAY):
        # The bell ends some escape sequences: these go first.
        text = text.translate(dict.fromkeys(map(ord, _STRAY)))
    if "\x07" in text and "\x1b" not in text:
        text = text.replace("\x07", "")
    stamped = _STAMP.match(text) is not None
    if not (stamped or _is_marked(text) or any(c in text for c in _MOVING)):
        return text
    if "\r" in text:
        text = _with_line_feeds(text)
    lines = text.split("\n")
    if stamped:
        lines = _without_stamps(lines)
    lines = [_as_seen(line) for line in lines]
    return "\n".join(lines if frames else _without_frames(lines))


def _is_marked(text: str) -> bool:
    """Whether there may be a pager's mark or a frame in a text."""
    if text.startswith((_PUTTY, "----")):
        return True
    for count, run in enumerate(_RUN.finditer(text), 1):
        if run[1] or text.startswith("\n----", run.start() - 1) or count == _MOST_RUNS:
            return True
    return False


def screen_lines(text: str) -> list[str]:
    """Return the lines that came over a session, each as it stood on the screen at last.

    Unlike `cleaned` it hides nothing: a return begins a new line, so that what a prompt, a
    progress bar or a wrapped line of a shell went back over is kept, and logs and frames stay.
    """
    text = text.translate(_NEVER_SHOWN)
    if "\r" in text:
        text = _RETURN.sub("\n", text)
    return [_as_seen(line) if _is_moved(line) else line for line in text.split("\n")]


def _is_moved(line: str) -> bool:
    return _DASHES in line or any(sign in line for sign in "\b\x1b\x07")


# Readers, and what shows their findings, ask one after the other.
@lru_cache(maxsize=1)
def lines_of(text: str) -> list[str]:
    """Return the lines of a text as all readers number them, not to be changed.

    Only a line feed ends one: what `str.splitlines` takes for an end beside it (U+2028, a file
    separator) may stand in a description.
    """
    return text.split("\n")


def trimmed(text: str) -> str:
    """Return a text without blanks at the ends of lines and without empty lines around it."""
    lines = [line.rstrip(" \t") for line in text.split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def last_lines(text: str) -> Iterator[str]:
    """Yield the lines that are not blank from the last one up, without blanks behind them."""
    end = len(text)
    while end >= 0:
        start = text.rfind("\n", 0, end) + 1
        line = text[start:end].rstrip()
        if line:
            yield line
        end = start - 1


def _with_line_feeds(text: str) -> str:
    """Return the text with a line feed at the end of each line; other returns stay."""
    # A telnet session sends a NUL after a return that ends no line. Source: RFC 854.
    text = text.replace("\r\0", "\r")
    plain = _LINE_END.sub(lambda run: run[1] or "\r", text).replace("\n\r", "\n")
    if plain.count("\r") > plain.count("\n"):
        return text.replace("\r\n", "\n").replace("\r", "\n")
    return plain


def _as_seen(line: str) -> str:
    """Return a line as it stood on the screen at last, without a pager's mark."""
    if "\x1b" in line:
        line = _ESCAPE.sub(_moves, line)
    line = line.replace("\x07", "")  # not before: it ends some of those sequences
    wiped = _PAGER.match(line) if _DASHES in line else None
    if wiped is not None:
        last = max(line.rfind("\b"), line.rfind("\r"), _last_move(line))
        line = line[last + 1 :] if last >= wiped.end() else line
    if any(c in line for c in _MOVING):
        line = _overwritten(line)
    left = _PAGER.match(line) if _DASHES in line else None
    return line if left is None else line[left.end() :].removeprefix(" ")


def _moves(sequence: re.Match[str]) -> str:
    """Return an escape sequence in plain form where it moves or erases, else nothing."""
    kind = sequence[2]
    if kind and kind in (_LEFT, _TO_COLUMN, _ERASE) and (not sequence[1] or sequence[1].isdigit()):
        return f"\x1b[{sequence[1]}{kind}"
    return ""


def _last_move(line: str) -> int:
    """Return the index of the last sign of the last moving sequence, -1 where there is none."""
    at = line.rfind("\x1b")
    found = None if at < 0 else _STEP.match(line, at)
    return -1 if found is None else found.end() - 1


def _overwritten(line: str) -> str:
    """Return what is left where backspaces, returns and sequences went back over a line."""
    shown: list[str] = []
    at = 0
    for step in _STEP.finditer(line):
        sign = step[0]
        if sign == "\r":
            at = 0
        elif sign == "\b":
            at = max(0, at - 1)
        elif step[2] == _ERASE:
            del shown[at if not step[1] or int(step[1][:2]) == 0 else 0 :]
            at = min(at, len(shown))
        elif step[2]:
            count = int(step[1][:4] or "1")
            at = max(0, at - count) if step[2] == _LEFT else min(count - 1, len(shown))
        else:
            shown[at : at + len(sign)] = sign
            at += len(sign)
    return "".join(shown).rstrip()


def _without_stamps(lines: list[str]) -> list[str]:
    """Take the time off the lines, if that is what nearly all of them begin with."""
    found = [_STAMP.match(line) for line in lines]
    stamped = sum(item is not None for item in found)
    if stamped * 4 < sum(bool(line.strip()) for line in lines) * 3:
        return lines
    return [line if at is None else line[at.end() :] for line, at in zip(lines, found, strict=True)]


def _without_frames(lines: list[str]) -> list[str]:
    """Blank the lines that a log puts around an output, and outputs that are no configuration.

    `show tech-support` prints the output of many commands, each below a frame that names it.
    """
    frames = dict(_frames(lines))
    if not frames:
        return lines
    wanted = {at for at, name in frames.items() if _LISTS_CONFIGURATION.search(name)}
    kept = True
    result = []
    for at, line in enumerate(lines):
        if at in frames:
            kept = at in wanted or not wanted
        result.append(line if kept and at not in frames else "")
    return result


def _frames(lines: list[str]) -> Iterator[tuple[int, str]]:
    for at, line in enumerate(lines):
        if line.startswith("----") and line.rstrip().endswith("----"):
            name = line.strip("- \t").lower()
            if name.startswith(_FRAMES):
                yield at, name
        elif line.startswith(_PUTTY):
            yield at, "conf"
