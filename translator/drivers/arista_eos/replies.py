"""What EOS says of lines that it does not take, and of those taken with a warning.

Sources: EOS user manual (command-line interface, configuration sessions, `copy`); what users and
NAPALM's tests quote in public. A line that begins with `! ` is a warning: the line was taken.
"""

from __future__ import annotations

from typing import Final

from translator.drivers.cisco.reasons import REASONS
from translator.drivers.replies import Done, Form, Kind, ReplyTable
from translator.drivers.reply_reader import ReplyReader

__all__ = ["EOS_REPLIES"]

_REFUSED: Final = (
    Form(
        Kind.SYNTAX, (r"Invalid (?:input|command)\b", r"Unrecognized command", r"Unknown command")
    ),
    Form(Kind.INCOMPLETE, (r"Incomplete (?:command|token)",)),
    Form(Kind.AMBIGUOUS, (r"Ambiguous command",)),
    Form(
        Kind.AUTHORIZATION,
        (
            r"(?:Command )?[Aa]uthorization (?:failed|denied|error)",
            r"This command is not authori[sz]ed",
            r"Command .{1,200} not (?:authorized|permitted)",
        ),
    ),
    Form(
        Kind.PRIVILEGE,
        (r"Access denied", r"Bad secret", r"(?:Authentication|Login) (?:failed|invalid)"),
    ),
    Form(
        Kind.LOCKED,
        (
            r"Another session .{0,120}pending commit timer",
            r"Cannot (?:enter|commit|edit|abort) session",
            r"(?:The )?[Cc]onfiguration (?:is )?locked",
            r"[Uu]nable to (?:get|acquire|obtain) .{0,40}lock",
            r"Configuration lock",
            r"Session .{1,80} is (?:being|already) (?:edited|used|in use)",
        ),
    ),
    Form(
        Kind.RESOURCE,
        (
            r"Maximum number of (?:pending|completed) sessions",
            r"Error (?:copying|opening) .{1,200}\(No space left on device\)",
            r"(?:No|Not enough|Insufficient) (?:space|memory|resources|TCAM|hardware)\b",
        ),
        unchanged=True,
    ),
    Form(
        Kind.COMMIT,
        (
            r"Session .{1,80} is not pending",
            r"(?:Commit|Session commit|Rollback|Replace) .{0,80}(?:fail|error|abort)",
            r"(?:Failed|Unable) to (?:commit|replace|rollback|restore)",
        ),
    ),
    Form(
        Kind.VALUE,
        (
            r"(?:Session|Checkpoint) .{1,80} (?:does not exist|not found)",
            r"Error (?:copying|opening) .{1,200}\(",
        ),
        unchanged=True,
    ),
)
_PLAIN: Final = (
    Form(
        Kind.AUTHORIZATION,
        (r"Command authori[sz]ation (?:failed|denied)", r"Authori[sz]ation (?:failed|denied)"),
    ),
    Form(Kind.PRIVILEGE, (r"Access denied",)),
    Form(Kind.SESSION, (r"Connection (?:timed out|refused|closed|reset)",)),
)
_STAMP: Final = (
    r"[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?:\.\d{1,6})? [\w.:-]{1,80} "
    r"[\w/.-]{1,40}(?:\[\d{1,8}\])?: (?:\d{1,10}: )?%"
)
_ALARMS: Final = (
    # A policy that is in the configuration, but not in the hardware: the line changed something.
    Form(
        Kind.RESOURCE,
        (
            _STAMP + r"(?:ACL|QOS)\w*-[0-4]-\w*(?:TCAM|HARDWARE|HW|RESOURCE|FULL|FAIL)\w*: ",
            _STAMP + r"\w{2,40}-[0-4]-\w*TCAM\w*: ",
        ),
        unchanged=False,
    ),
)
_TABLE: Final = ReplyTable(
    lead=r"%{1,2} ?(?=[A-Za-z0-9'\"(<])",
    refused=_REFUSED,
    plain=_PLAIN,
    reasons=REASONS,
    taken=(r"! ", r"Warning: "),
    normal=(r"Pagination disabled", r"Pagination set to", r"Width set to"),
    doubtful=(
        r"(?i)\b(?:not|cannot|can't|unable|fail|invalid|illegal|error|reject|denied|exceed"
        r"|unsupported|already|insufficient|unknown|missing|refused|conflict|out of|no such"
        r"|doesn't|must|too (?:many|long|large|small))"
    ),
    talks=(
        r"(?:sh(?:ow?)?|dir|more|ping|trace\w*|copy|wr\w*|en\w*|disa\w*|term\w*|who|watch|bash"
        r"|delete|clear)\b"
    ),
    done=(
        Done(r"wr(?:ite?)?(?: mem\w*)?$", r"Copy completed successfully"),
        Done(r"copy ", r"Copy completed successfully"),
    ),
    asks=r"\[confirm\]|\[(?:y/n|yes/no|Y/n|y/N)\] ?[:?]?|(?i:password): ?",
    log=_STAMP + r"[A-Z][A-Z0-9_]{1,40}-[0-7]-[A-Z0-9_]{1,80}: ",
    log_sign="%",
    alarms=_ALARMS,
    prompt=r"\w[\w./:@+-]{0,80}(?:\([\w./:+ -]{1,80}\))?[#>] ?",
    parts=(
        r"configure session \S+ (?:commit|abort)|commit\b|configure (?:replace|checkpoint restore)"
    ),
)

EOS_REPLIES: Final = ReplyReader(_TABLE)
"""Reads the replies of EOS."""
