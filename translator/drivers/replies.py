"""What a device's reply to a command means: the values, and the table that a platform states.

A push stops at the first refused line: a miss leaves a device half configured, a false alarm takes
back a good change. A platform states in one `ReplyTable` what its device says; all else is shared
(`translator.drivers.reply_reader`). A driver of another distribution states its own table and has
`StatesReplies` among its bases.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from translator.drivers.echo import Echo

__all__ = [
    "NEVER",
    "Answer",
    "Done",
    "Form",
    "Kind",
    "Refusal",
    "Reply",
    "ReplyTable",
]

NEVER: Final = r"(?!)"
"""Matches nothing: for parts of a table that a platform has not."""


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
        text: the output, of an EXEC channel both streams. What is pasted or recorded may hold
            echo and prompts; a session takes them off, but leaves an echo that it cannot tell
            for sure (a message of the log within), for the table to judge.
        status: the exit status, where the transport knows it; None where not.
        data: content of a downloaded file.
        prompt: the prompt that followed, for a CLI whose prompt shows its mode.
    """

    text: str = ""
    status: int | None = None
    data: bytes = b""
    prompt: str = ""


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
        log_sign: letters that each of these has (no expression): a quick look comes first.
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
    doubtful: str = NEVER
    talks: str = NEVER
    done: tuple[Done, ...] = ()
    asks: str = NEVER
    log: str = NEVER
    log_sign: str = ""
    alarms: tuple[Form, ...] = ()
    prompt: str = NEVER
    parts: str = NEVER
    status: bool = False
