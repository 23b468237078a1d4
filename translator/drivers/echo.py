"""Tells what a terminal repeats of a command from what the device answers to it.

A terminal repeats a command with its prompt before it, wrapped at the width of the screen (80 or
511 columns), scrolled to the left behind a `$`, or torn apart by messages of the log; after these
some devices write prompt and command once more. What is repeated is no answer, whatever it quotes;
and if it is not the line that was sent, the device did not receive what was sent.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

__all__ = ["Echo", "Heard", "split_echo"]

# A wrapped command of 10,000 columns has 125 lines of 80; logs between them are few. Lines that
# look like an echo and are none may be many in a hostile reply: at some point nobody looks on.
_MOST_LINES: Final = 400
_MOST_IN_VAIN: Final = 20_000
# Of a scrolled line at least so much must be seen to be believed; IOS scrolls by ten columns.
_LEAST_SEEN: Final = 8
_ALIKE: Final = 0.6


class Echo(Enum):
    """How what the terminal repeated compares with what was sent."""

    SAME = "same"
    """Every line came back as it was sent."""

    SHORTENED = "shortened"
    """Only a part was shown (`$`), and that part is as it was sent."""

    ABSENT = "absent"
    """Nothing was repeated: a device without echo, or a reply from which it was taken."""

    DIFFERENT = "different"
    """Something else came back: the device did not receive the line as it was sent."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply without its echo.

    Attributes:
        echo: how the echo compares with the command.
        shown: the line that differs, where one does.
        rest: all other lines; the log's too.
    """

    echo: Echo
    shown: str
    rest: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """The echo of one line: how it compares, where it ends, and the log's lines within.

    What begins like an echo and is none has None, and the end of what was looked at.
    """

    echo: Echo | None
    end: int
    between: tuple[str, ...] = ()


def split_echo(
    command: str,
    lines: Sequence[str],
    *,
    prompt: re.Pattern[str],
    is_log: Callable[[str], bool],
) -> Heard:
    """Return a reply without what the terminal repeats of the command.

    Args:
        command: what was sent; several lines for a script or a batch.
        lines: the reply's lines as they stood on the screen, without blank ones.
        prompt: what a line may begin with before the command, matched at its start.
        is_log: whether a line is a message of the device's log.

    Returns:
        The comparison of the first line that did not come back as it was sent; else of all.
    """
    sent = [line.strip() for line in command.splitlines() if line.strip()]
    everything = frozenset(sent)
    rest: list[str] = []
    found: list[Echo] = []
    at = in_vain = 0
    while at < len(lines):
        if len(found) < len(sent) and in_vain < _MOST_IN_VAIN:
            seen = _find(sent[len(found)], lines, at, prompt, is_log)
            in_vain += seen.end - at
            if seen.echo is not None:
                in_vain = 0
                found.append(seen.echo)
                rest += seen.between
                at = seen.end
                continue
        if _typed(lines[at], prompt) not in everything:
            rest.append(lines[at])
        at += 1
    if len(found) == len(sent):
        return Heard(Echo.SHORTENED if Echo.SHORTENED in found else Echo.SAME, "", tuple(rest))
    shown = _other(sent[len(found)], rest, prompt, is_log)
    differs = bool(found) or shown is not None
    return Heard(Echo.DIFFERENT if differs else Echo.ABSENT, shown or "", tuple(rest))


def _typed(line: str, prompt: re.Pattern[str]) -> str:
    """Return what stands behind a prompt; the line itself where there is none."""
    found = prompt.match(line)
    return (line if found is None else line[found.end() :]).strip()


def _find(
    sent: str,
    lines: Sequence[str],
    start: int,
    prompt: re.Pattern[str],
    is_log: Callable[[str], bool],
) -> _Seen:
    """Return the echo of a line that begins at `start`."""
    if _is_part(_typed(lines[start], prompt), sent):
        return _Seen(Echo.SHORTENED, start + 1)
    done = 0
    between: list[str] = []
    last = min(len(lines), start + _MOST_LINES)
    for at in range(start, last):
        step = _next(sent, done, lines[at], prompt)
        if step is None:
            if done == 0 or not is_log(lines[at]):
                return _Seen(None, at + 1)
            between.append(lines[at])
            continue
        done = step
        if done == len(sent):
            return _Seen(Echo.SAME, at + 1, tuple(between))
    return _Seen(None, last)


def _next(sent: str, done: int, line: str, prompt: re.Pattern[str]) -> int | None:
    """Return how much of a command has come back after one more line, None if that is no part."""
    shown = line.rstrip()
    if done:
        # A blank at the place where it wraps is lost on either side.
        for text in (shown, shown.lstrip()):
            blanks = len(sent) - len(sent[done:].lstrip()) - done
            for skipped in (0, blanks):
                if text and sent.startswith(text, done + skipped):
                    return done + skipped + len(text)
    text = _typed(shown, prompt)  # at the beginning, or written once more after a message
    for begun in (text, shown.strip()):
        if begun and sent.startswith(begun):
            return len(begun)
    return None


def _is_part(shown: str, sent: str) -> bool:
    """Whether a line shows a command scrolled to the left or cut on the right, behind `$`.

    Source: Cisco IOS Configuration Fundamentals, "Using the Command-Line Interface": the sign
    says that a line was scrolled; control-A shows its beginning, with the sign at the end.
    """
    left, right = shown.startswith("$"), shown.endswith("$")
    text = shown[left : len(shown) - right]
    if not (left or right) or len(text.strip()) < _LEAST_SEEN or shown == sent:
        return False
    if left and right:
        return text in sent
    return sent.endswith(text) if left else sent.startswith(text)


def _other(
    sent: str, rest: Sequence[str], prompt: re.Pattern[str], is_log: Callable[[str], bool]
) -> str | None:
    """Return the line that is the echo of something else, None where no line looks like one."""
    first = next((line for line in rest if not is_log(line)), None)
    if first is None:
        return None
    typed = _typed(first, prompt)
    behind = prompt.match(first)
    if typed and behind is not None and any(sign.isalnum() for sign in behind[0]):
        return typed
    head = _shared(typed, sent)
    tail = _shared(typed[head:][::-1], sent[head:][::-1])
    return typed if head + tail >= _ALIKE * max(len(sent), len(typed)) else None


def _shared(one: str, other: str) -> int:
    """Return how many signs two texts have in common at their beginning."""
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
