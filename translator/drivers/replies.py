"""Decides from a device's reply to a command whether it was refused, and why.

A push stops at the first refused line: a miss leaves a device half configured, a false alarm takes
back a good change. A platform states in one table what its device says (`ReplyTable`); the engine
here is shared. It takes the echo, the log and the terminal's signs off a reply and judges what is
left, line by line, in this order: known warnings after which the line WAS taken become notes,
known refusals count, and a message that is not known counts as a refusal too, of kind OTHER and
marked as not known: nobody may guess that a line was taken.

Each line is looked at once, and of each no more than its beginning: a reply of ten megabytes costs
seconds, whatever is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from typing import ClassVar, Final

from translator.drivers.capture import screen_lines
from translator.drivers.echo import Echo, Heard, split_echo

__all__ = [
    "Answer",
    "Done",
    "Form",
    "Kind",
    "Refusal",
    "Reply",
    "ReplyReader",
    "ReplyTable",
    "StatesReplies",
]

# No message is longer; what is behind is not looked at.
_LOOKED_AT: Final = 400
_BEFORE, _AFTER = 4, 3
_MOST_NOTES: Final = 100
_NEVER: Final = r"(?!)"


class Kind(Enum):
    """Why a device refuses."""

    SYNTAX = "syntax"
    """It does not know the words."""

    INCOMPLETE = "incomplete"
    """Words are missing."""

    AMBIGUOUS = "ambiguous"
    """An abbreviation means several words."""

    AUTHORIZATION = "authorization"
    """The user may not enter this command."""

    PRIVILEGE = "privilege"
    """The session lacks rights: a wrong password, not enabled, not root."""

    LOCKED = "locked"
    """Somebody else holds the configuration."""

    RESOURCE = "resource"
    """Bandwidth, memory, flash or hardware tables are used up."""

    CONFLICT = "conflict"
    """Something else stands in the way: in use, attached, exists already."""

    UNSUPPORTED = "unsupported"
    """Hardware, kernel or software cannot do this."""

    VALUE = "value"
    """A value out of range, or a name of something that does not exist."""

    COMMIT = "commit"
    """A commit, a load, a replacement or a rollback did not happen, or not wholly."""

    SESSION = "session"
    """The connection ended, or the device waits for an answer."""

    OTHER = "other"
    """None of these, or a message that is not known."""


# What a device says of the words of one line, before it did anything with it.
_BEFORE_ANYTHING: Final = frozenset(
    {Kind.SYNTAX, Kind.INCOMPLETE, Kind.AMBIGUOUS, Kind.AUTHORIZATION, Kind.PRIVILEGE, Kind.LOCKED}
)


@dataclass(frozen=True, slots=True)
class Reply:
    """What a device answered.

    Attributes:
        text: all that came after the command was sent, as it came.
        status: exit status, where the transport knows it; None where not.
    """

    text: str
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A command that was not taken, or of which nobody knows that it was.

    Attributes:
        message: the line that says so.
        known: False where the message is in no table, so that the kind is not known either.
        unchanged: whether the device can be taken to be as it was before the command.
        context: lines around the message, for people.
    """

    kind: Kind
    message: str
    known: bool = True
    unchanged: bool = False
    context: tuple[str, ...] = ()

    def __str__(self) -> str:
        known = "" if self.known else " (message not known: taken for a refusal)"
        return f"{self.message}{known}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a reply means.

    Attributes:
        refusal: None where the command was taken.
        notes: warnings of commands that were taken, for people.
        echo: whether the line came back as it was sent; `shown` is the other one.
    """

    refusal: Refusal | None
    notes: tuple[str, ...] = ()
    echo: Echo = Echo.ABSENT
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """Messages of one kind, as regular expressions without capturing groups.

    Attributes:
        unchanged: whether the device is as before after these; None where the kind decides.
    """

    kind: Kind
    patterns: tuple[str, ...]
    unchanged: bool | None = None

    @property
    def leaves_unchanged(self) -> bool:
        """Whether the device is as it was before."""
        return self.kind in _BEFORE_ANYTHING if self.unchanged is None else self.unchanged


@dataclass(frozen=True, slots=True)
class Done:
    """Commands that say so when they are done: a reply without these words is a refusal.

    Attributes:
        command: the commands, as a regular expression matched at their beginning.
        says: the words, as a regular expression searched in each line.
    """

    command: str
    says: str


@dataclass(frozen=True, slots=True)
class ReplyTable:
    """What the devices of a platform say. All strings are regular expressions.

    Attributes:
        lead: how a message begins that is surely no output: `% `, `error: `.
        refused: refusals, matched behind the lead of a line.
        plain: refusals without a lead, matched at the beginning of a line.
        reasons: words within a message that tell its kind where `refused` has none; they are
            looked for in messages only.
        taken: warnings after which the line was taken, matched behind the lead, if any.
        normal: lines that look like messages and are none, matched alike.
        doubtful: words that, in the reply to a command that is otherwise silent, mean a message.
        talks: commands that answer with text of their own; all others are silent when taken.
        done: commands that say when they are done.
        asks: how a last line ends that waits for an answer.
        log: beginning of a message of the log, searched in a line.
        alarms: messages of the log that are the answer to a command, matched at `log`.
        prompt: what stands before a command.
        parts: commands of which a part may have happened when they are refused.
        status: whether the exit status, where there is one, is the truth.
    """

    lead: str
    refused: tuple[Form, ...]
    plain: tuple[Form, ...] = ()
    reasons: tuple[Form, ...] = ()
    taken: tuple[str, ...] = ()
    normal: tuple[str, ...] = ()
    doubtful: str = _NEVER
    talks: str = _NEVER
    done: tuple[Done, ...] = ()
    asks: str = _NEVER
    log: str = _NEVER
    alarms: tuple[Form, ...] = ()
    prompt: str = _NEVER
    parts: str = _NEVER
    status: bool = False


class _Forms:
    """Forms as one expression, so that the beginning of a line is looked at once."""

    def __init__(self, forms: tuple[Form, ...]) -> None:
        self._forms = forms
        alternatives = (f"({'|'.join(form.patterns)})" for form in forms)
        self._pattern = re.compile("|".join(alternatives) or _NEVER)

    def at(self, text: str, start: int = 0) -> Form | None:
        """Return the form that a text begins with."""
        found = self._pattern.match(text, start)
        return None if found is None or not found.lastindex else self._forms[found.lastindex - 1]


class _Reasons:
    """Forms that are looked for anywhere in a message; the first of the table wins."""

    def __init__(self, forms: tuple[Form, ...]) -> None:
        self._forms = tuple((form, _any(form.patterns)) for form in forms)

    def within(self, text: str) -> Form | None:
        """Return the first form that a text has."""
        return next((form for form, pattern in self._forms if pattern.search(text)), None)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or _NEVER)


class ReplyReader:
    """Reads the replies of one platform; stateless but for its compiled table."""

    def __init__(self, table: ReplyTable) -> None:
        self.table = table

    def answer(self, command: str, reply: Reply | str) -> Answer:
        """Return what a reply means.

        Args:
            command: what was sent: one line, or all lines of a script or batch.
            reply: all that came back, with or without echo and prompts.
        """
        if isinstance(reply, str):
            reply = Reply(reply)
        heard = self._hear(command, reply.text)
        lines = list(self._said(heard.rest))
        refusal, notes = self._first(command, lines)
        if self.table.status and reply.status is not None:
            if reply.status == 0:
                notes += [refusal.message] if refusal is not None else []
                refusal = None
            else:
                refusal = refusal or self._by_status(reply.status, lines)
        elif refusal is None:
            refusal = self._not_done(command, lines)
        return Answer(refusal, tuple(notes), heard.echo, heard.shown)

    @cached_property
    def _lead(self) -> re.Pattern[str]:
        return re.compile(self.table.lead)

    @cached_property
    def _refused(self) -> _Forms:
        return _Forms(self.table.refused)

    @cached_property
    def _plain(self) -> _Forms:
        return _Forms(self.table.plain)

    @cached_property
    def _reasons(self) -> _Reasons:
        return _Reasons(self.table.reasons)

    @cached_property
    def _alarms(self) -> _Forms:
        return _Forms(self.table.alarms)

    @cached_property
    def _taken(self) -> re.Pattern[str]:
        return _any(self.table.taken)

    @cached_property
    def _normal(self) -> re.Pattern[str]:
        return _any(self.table.normal)

    @cached_property
    def _doubtful(self) -> re.Pattern[str]:
        return re.compile(self.table.doubtful)

    @cached_property
    def _talks(self) -> re.Pattern[str]:
        return re.compile(self.table.talks)

    @cached_property
    def _log(self) -> re.Pattern[str]:
        return re.compile(self.table.log)

    @cached_property
    def _prompt(self) -> re.Pattern[str]:
        return re.compile(self.table.prompt)

    @cached_property
    def _asks(self) -> re.Pattern[str]:
        return re.compile(rf"(?:{self.table.asks})\s*$")

    @cached_property
    def _parts(self) -> re.Pattern[str]:
        return re.compile(self.table.parts)

    @cached_property
    def _done(self) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
        return tuple((re.compile(d.command), re.compile(d.says)) for d in self.table.done)

    def _hear(self, command: str, text: str) -> Heard:
        lines = list(self._without_joins(command, screen_lines(text)))
        return split_echo(
            command,
            lines,
            prompt=self._prompt,
            is_log=lambda line: self._log.match(line.lstrip()) is not None,
        )

    def _without_joins(self, command: str, lines: Iterable[str]) -> Iterator[str]:
        """Yield lines; what the log wrote behind an unfinished one stands on a line of its own."""
        for line in lines:
            found = self._log.search(line, 0, _LOOKED_AT)
            if found is None or found[0] in command or not line[: found.start()].strip():
                yield line
            else:
                yield line[: found.start()]
                yield line[found.start() :]

    def _said(self, lines: Iterable[str]) -> Iterator[str]:
        """Yield what the device said: no prompts, no blank lines."""
        for line in lines:
            text = line.strip()
            if not text:
                continue
            prompt = self._prompt.match(text)
            if prompt is not None:
                text = text[prompt.end() :].strip()
            if text:
                yield text[:_LOOKED_AT]

    def _first(self, command: str, lines: list[str]) -> tuple[Refusal | None, list[str]]:
        """Return the first refusal that tells its kind, else the first; and the notes before it."""
        sent = command.strip()
        several = "\n" in sent
        silent = several or not self._talks.match(sent)
        notes: list[str] = []
        first: tuple[int, Refusal] | None = None
        for at, line in enumerate(lines):
            found = self._judge(line, silent)
            if found is _TAKEN and len(notes) < _MOST_NOTES:
                notes.append(line)
            if isinstance(found, Refusal):
                decisive = found.known and found.kind is not Kind.OTHER
                first = (at, found) if first is None or decisive else first
                if decisive:
                    break
        if first is None:
            return None, notes
        at, refusal = first
        whole = not several and not self._parts.match(sent)
        context = tuple(lines[max(0, at - _BEFORE) : at + _AFTER])
        unchanged = refusal.unchanged and whole
        return replace(refusal, unchanged=unchanged, context=context), notes

    def _judge(self, line: str, silent: bool) -> Refusal | object | None:
        """Return the refusal that a line means, `_TAKEN` for a note, None for anything else."""
        if self._log.match(line):
            return self._of(self._alarms.at(line), line)
        lead = self._lead.match(line)
        start = 0 if lead is None else lead.end()
        if self._taken.match(line, start):
            return _TAKEN
        if self._normal.match(line, start):
            return None
        form = self._plain.at(line) or (self._refused.at(line, start) if start else None)
        if form is None and (start or (silent and self._doubtful.search(line))):
            form = self._reasons.within(line)
            if form is None:
                return Refusal(Kind.OTHER, line, known=False)
        return self._of(form, line)

    def _of(self, form: Form | None, line: str) -> Refusal | None:
        if form is None:
            return None
        return Refusal(form.kind, line, unchanged=form.leaves_unchanged)

    def _by_status(self, status: int, lines: list[str]) -> Refusal:
        """Return the refusal of a command that failed without a message that is known.

        Source: POSIX.1-2017, shell command language, 2.8.2: 126 is found but not executable, 127
        is not found, above 128 was ended by a signal.
        """
        kind = {126: Kind.PRIVILEGE, 127: Kind.UNSUPPORTED}.get(status, Kind.OTHER)
        if status > 128:
            kind = Kind.SESSION
        said = lines[-1] if lines else "no message"
        context = tuple(lines[-_BEFORE:])
        return Refusal(kind, f"exit status {status}: {said}", known=False, context=context)

    def _not_done(self, command: str, lines: list[str]) -> Refusal | None:
        """Return the refusal of a command that waits for an answer, or does not say it is done."""
        if lines and self._asks.search(lines[-1]):
            return Refusal(Kind.SESSION, lines[-1], unchanged="\n" not in command.strip())
        for sent in command.splitlines():
            for asked, says in self._done:
                if asked.match(sent.strip()) and not any(says.search(line) for line in lines):
                    message = f"no reply says that `{sent.strip()[:60]}` is done"
                    context = tuple(lines[-_BEFORE:])
                    return Refusal(Kind.OTHER, message, known=False, context=context)
        return None


_TAKEN: Final = object()


class StatesReplies:
    """A driver whose platform has a reply table; makes it `ReadsReplies`."""

    replies: ClassVar[ReplyReader]

    def answer(self, command: str, reply: Reply | str) -> Answer:
        """Return what a reply to a command means, with notes and the comparison of the echo."""
        return self.replies.answer(command, reply)

    def refusal(self, command: str, reply: Reply | str) -> Refusal | None:
        """Return why a command was refused, None where it was taken."""
        return self.answer(command, reply).refusal
