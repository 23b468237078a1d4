"""What Junos says of a statement that it does not take, of a commit that fails, and of warnings.

A warning of Junos ends nothing: the statement is in the candidate, the commit goes on. Sources:
Junos CLI User Guide (commit, load, exclusive and private configuration); Junos XML Management
Protocol Developer Guide (severity of an error); messages that users quote in public threads, named
per message in the test data.
"""

from __future__ import annotations

from typing import Final

from translator.drivers.replies import Done, Form, Kind, ReplyTable
from translator.drivers.reply_reader import ReplyReader

__all__ = ["JUNOS_REPLIES"]

_WORDS: Final = (
    Form(
        Kind.SYNTAX,
        (
            r"(?:\S{1,200}:\d{1,9}:\(\d{1,6}\) )?syntax error",
            r"unknown command",
            r"invalid token",
            r"error recovery ignores input",
        ),
    ),
    Form(Kind.INCOMPLETE, (r"missing (?:argument|or invalid)", r"incomplete command")),
    Form(Kind.AMBIGUOUS, (r"'[^']{1,200}' is ambiguous", r"ambiguous (?:command|option)")),
    Form(
        Kind.AUTHORIZATION,
        (r"permission denied", r"no permission", r"(?:user|you) .{0,60}not (?:authorized|allowed)"),
    ),
)

_LOCKS: Final = Form(
    Kind.LOCKED,
    (
        r"configuration database (?:locked by|modified|is locked)",
        r"(?:could not|unable to|cannot) (?:lock|open) (?:the )?(?:modified |shared )?config",
        r"(?:shared|private|exclusive) configuration (?:database )?(?:is )?(?:locked|in use)",
        r"(?:another|concurrent) .{0,40}commit .{0,40}(?:in )?progress",
        r"commit .{0,40}in progress",
        r"Users? currently (?:hold|lock)ing",
    ),
)

_REASONS: Final = (
    Form(
        Kind.RESOURCE,
        (
            r"No space left|filesystem is full|out of memory|not enough (?:memory|space)",
            r"exceeds? (?:the )?(?:maximum|limit|available)",
        ),
    ),
    Form(
        Kind.CONFLICT,
        (
            r"already (?:exists|in use|configured)|cannot be configured (?:with|together|on)",
            r"no other .{1,40} (?:may|can) be configured|(?:conflicts?|incompatible) with",
        ),
        unchanged=True,
    ),
    Form(
        Kind.UNSUPPORTED,
        (r"[Nn]ot supported|[Uu]nsupported|not (?:valid|available) on|[Dd]oes not support",),
        unchanged=True,
    ),
    Form(
        Kind.VALUE,
        (
            r"[Ii]nvalid|not within range|out of range|(?:is|are) not defined|must be defined",
            r"[Uu]ndefined|(?:must|should) be |not found|does not exist|[Nn]o such file",
        ),
        unchanged=True,
    ),
)

_WHOLE: Final = (
    Form(
        Kind.COMMIT,
        (
            r"configuration check-out failed",
            r"[Cc]ommit failed|[Cc]ommit .{0,60}(?:aborted|not (?:done|allowed)|rejected)",
            r"load failed",
            r"load complete \(\d{1,9} errors?\)",
            r"(?:remote|could not|failed to) .{0,80}(?:commit|load|rollback)",
            r"Missing mandatory statement",
            r"mgd: .{0,100}commit",
        ),
    ),
    Form(
        Kind.SESSION,
        (
            r"(?:session|connection|communication) .{0,60}(?:closed|fail|error|lost|reset)",
            r"(?:could not|unable to|cannot) connect",
            r"timeout (?:waiting|communicating)",
        ),
    ),
)

# The command line answers at once without the word `error`; so do the checks of a commit.
_PLAIN: Final = (
    *_WORDS,
    Form(
        Kind.VALUE,
        (
            r"invalid (?:value|numeric value|interface|ip address|prefix|input)",
            r"[Rr]eferenced \S{1,40} .{1,120}not defined",
            r"(?:Value|value|number) \S{1,60}(?: is)? (?:not within|out of) range",
        ),
        unchanged=True,
    ),
    Form(
        Kind.COMMIT,
        (
            r"load complete \(\d{1,9} errors?\)|load failed",
            r"Missing mandatory statement|missing mandatory statement",
            r"configuration check-out failed|commit failed",
        ),
    ),
    Form(Kind.UNSUPPORTED, (r"command is not valid on",), unchanged=True),
)

_TAKEN: Final = (
    r"warning: ",
    r"Users? currently editing the configuration",
    r"The configuration has been (?:changed but not committed|modified)",
    r"(?:commit confirmed|# commit confirmed) will be (?:automatically )?rolled back",
    r"mgd: statement has no contents; ignored",
)

_TABLE: Final = ReplyTable(
    lead=r"(?:(?:node|re)\d: ?)?error: (?:mgd: )?",
    refused=(*_WORDS, _LOCKS, *_WHOLE),
    plain=_PLAIN,
    reasons=_REASONS,
    taken=_TAKEN,
    normal=(r"\d{1,9} errors?$",),
    doubtful=(
        r"(?i)\b(?:not|cannot|unable|fail|invalid|illegal|error|denied|exceed|unsupported|missing"
        r"|unknown|refused|conflict|out of|no such|doesn't|range|must)"
    ),
    talks=(
        r"(?!(?:set|delete|(?:de)?activate|insert|rename|replace|annotate|(?:un)?protect|copy|edit"
        r"|top|up|wildcard) ?\b)"
    ),
    done=(
        Done(r"commit check", r"configuration check succeeds"),
        Done(r"commit(?! check)", r"commit complete"),
        Done(r"load ", r"load complete"),
        Done(r"rollback\b", r"load complete"),
        Done(r"configure|edit$", r"Entering configuration mode"),
    ),
    log=(
        r"Message from syslogd@"
        r"|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,6})? {1,2}[\w.-]{1,60} "
        r"[\w/.-]{1,60}(?:\[\d{1,8}\])?: "
    ),
    log_sign=" ",
    prompt=r"(?:\{[\w:.-]{1,40}\})?(?:\[edit[^\]]{0,400}\]$|[\w.-]{1,60}@[\w.:-]{1,80}[>#%] ?)"
    r"|\{[\w:.-]{1,40}\}(?:\[edit[^\]]{0,400}\])?$",
    asks=r"\[yes,no\](?: \((?:yes|no)\))? ?|(?i:password): ?",
    parts=r"load |rollback ",
)

JUNOS_REPLIES: Final = ReplyReader(_TABLE)
"""Reads the replies of all product lines of Junos."""
