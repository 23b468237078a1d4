"""Reads the replies of a platform by its table.

It takes the echo, the log and the terminal's signs off a reply and judges what is left, line by
line, in this order: known warnings after which the line WAS taken become notes; known refusals
count; and a message that is not known counts as a refusal too, of kind OTHER and marked as not
known: nobody may guess that a line was taken. The first refusal that tells its kind ends it.

Each line is looked at once, and of each no more than its beginning: a reply of ten megabytes costs
seconds, whatever is in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cached_property
from typing import ClassVar, Final

from translator.drivers.capture import screen_lines
from translator.drivers.echo import Heard, split_echo
from translator.drivers.replies import NEVER, Answer, Form, Kind, Refusal, Reply, ReplyTable

__all__ = ["ReplyReader", "StatesReplies"]

# No message is longer; what is behind is not looked at.
_LOOKED_AT: Final = 400
_SHORTEST: Final = 4  # `[OK]`
_BEFORE, _AFTER = 4, 3
_MOST_NOTES: Final = 100
_TAKEN: Final = object()


class _Forms:
    """Forms as one expression, so that the beginning of a line is looked at once."""

    def __init__(self, forms: tuple[Form, ...]) -> None:
        self._forms = forms
        alternatives = (f"({'|'.join(form.patterns)})" for form in forms)
        self._pattern = re.compile("|".join(alternatives) or NEVER)

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
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns) or NEVER)


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
                told = refusal is not None and refusal.known
                refusal = refusal if told else self._by_status(reply.status, lines)
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
        lines = [line for line in screen_lines(text) if line and not line.isspace()]
        lines = list(self._without_joins(command, lines))
        return split_echo(command, lines, prompt=self._prompt, is_log=self._is_log)

    def _is_log(self, line: str) -> bool:
        return self.table.log_sign in line and self._log.match(line.lstrip()) is not None

    def _without_joins(self, command: str, lines: Iterable[str]) -> Iterator[str]:
        """Yield lines; what the log wrote behind an unfinished one stands on a line of its own."""
        for line in lines:
            if self.table.log_sign not in line:
                yield line
                continue
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
            prompt = self._prompt.match(text)
            if prompt is not None:
                text = text[prompt.end() :].strip()
            if len(text) >= _SHORTEST:
                yield text[:_LOOKED_AT]

    def _first(self, command: str, lines: list[str]) -> tuple[Refusal | None, list[str]]:
        """Return the first refusal that tells its kind, else the first; and the notes before it."""
        sent = command.strip()
        several = "\n" in sent
        silent = any(not self._talks.match(line.strip()) for line in sent.split("\n"))
        notes: list[str] = []
        first: tuple[int, Refusal] | None = None
        heard: set[str] = set()
        for at, line in enumerate(lines):
            if line in heard:
                continue
            heard.add(line)
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
        if self._is_log(line):
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


class StatesReplies:
    """A driver whose platform has a reply table; makes it `ReadsReplies`."""

    replies: ClassVar[ReplyReader]

    def answer(self, command: str, reply: Reply | str) -> Answer:
        """Return what a reply to a command means, with notes and the comparison of the echo."""
        return self.replies.answer(command, reply)

    def refusal(self, command: str, reply: Reply | str) -> Refusal | None:
        """Return why a command was refused, None where it was taken."""
        return self.answer(command, reply).refusal
