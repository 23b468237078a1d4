"""What IOS and IOS-XE say of lines that they do not take, and of those taken with a warning.

Sources: Cisco IOS Configuration Fundamentals (command-line interface, configuration replace,
exclusive change access); Catalyst 3750, 3560 and 2960 and Supervisor 32 system message guides (QM
and QOSMGR messages); messages that users quote in public threads, named per message in the test
data. What Cisco documents nowhere is marked as unverified there.
"""

from __future__ import annotations

from typing import Final

from translator.drivers.cisco.reasons import REASONS
from translator.drivers.replies import Done, Form, Kind, ReplyTable
from translator.drivers.reply_reader import ReplyReader

__all__ = ["CISCO_REPLIES"]

_WORDS: Final = (
    Form(
        Kind.SYNTAX,
        (
            r"Invalid (?:input|command)\b",
            r"Unrecognized command",
            r"Unknown command",
            r"Bad IP address or host name",
            r"Unable to find (?:command|computer)",
        ),
    ),
    Form(Kind.INCOMPLETE, (r"Incomplete command", r'Type "[^"]{1,60}\?" for a list')),
    Form(Kind.AMBIGUOUS, (r"Ambiguous command",)),
)

_RIGHTS: Final = (
    Form(
        Kind.AUTHORIZATION,
        (
            r"(?:Command )?[Aa]uthorization (?:failed|denied|error)",
            r"This command is not authori[sz]ed",
            r"Permission denied for the role",
        ),
    ),
    Form(
        Kind.PRIVILEGE,
        (
            r"Access denied",
            r"Bad (?:secrets|passwords)",
            r"Error in authentication",
            r"(?:Authentication|Login) (?:failed|invalid)",
            r"No password set",
            r"Password required, but none set",
            r"Error [a-z]{2,12} [^(]{1,200}\((?:Permission denied|Incorrect Login/Password)\)",
            r"Permission denied",
        ),
    ),
)

_LOCKS: Final = Form(
    Kind.LOCKED,
    (
        r"Configuration mode (?:is )?locked (?:exclusively )?by",
        r"Configuration (?:session|lock) is",
        r"(?:Rollback: ?)?(?:Unable|Failed|Could not) (?:to )?(?:acquire|get|obtain|lock)\b",
        r"startup-config file open failed \(Device or resource busy\)",
        r"Error [a-z]{2,12} [^(]{1,200}\((?:Device or resource busy|File in use)",
        r"The running configuration is being changed",
        r"Another .{1,80} (?:is )?in progress",
        r"Non-volatile configuration memory is in use",
    ),
)

_ROOM: Final = Form(
    Kind.RESOURCE,
    (
        r"Error [a-z]{2,12} [^(]{1,200}\((?:No space left|Not enough space|No memory|Buffer full)",
        r"(?:No|Not enough|Insufficient) (?:space|memory|room|resources|bandwidth)\b",
        r"NBAR Error: operation failed, not enough available memory",
        r"I/f .{1,160} available only ",
        r"Policy attachment failed",
        r"Bandwidth oversubscribed",
        r"Low on memory",
        r"Configuration buffer full",
        r"NVRAM (?:size )?(?:exceeded|full)",
        r"startup-config file open failed \(Not enough space\)",
    ),
    unchanged=False,
)

_FILES: Final = (
    Form(
        Kind.SESSION,
        (
            r"Error [a-z]{2,12} [^(]{1,200}\((?:Timed out|Connection|Host|Socket|No route)",
            r"Connection (?:timed out|refused|closed|reset)",
            r"Destination (?:unreachable|host unreachable)",
            r"Line has invalid autocommand",
            r"\[Connection to .{1,80} closed",
        ),
    ),
    Form(
        Kind.VALUE,
        (
            r"Error [a-z]{2,12} [^(]{1,200}\((?:No such|Bad|Invalid|Unknown|Undefined|Is a dir)",
            r"Source URL .{1,200} (?:invalid|not found)",
        ),
        unchanged=True,
    ),
    Form(Kind.OTHER, (r"Error [a-z]{2,12} [^(]{1,200}\(",)),
)

_WHOLE: Final = Form(
    Kind.COMMIT,
    (
        r"Rollback (?:[Aa]borted|[Ff]ailed|not (?:done|possible))",
        r"(?:The )?[Rr]ollback configlet from the last pass",
        r"(?:Configuration )?[Rr]eplace (?:failed|aborted)",
        r"cfgdiff returned error",
        r"received error code \d+ when looking",
        r"Turn config archive on before",
        r"No Rollback Confirmed Change pending",
        r"Configuration (?:archive|rollback) .{0,80}(?:fail|not )",
        r"Failed to (?:generate|apply|save|parse)\b",
        r"Archive: ?(?:Unable|Failed|Could not)",
    ),
)

# These stand without a sign before them, so that only their words tell them from output.
_PLAIN: Final = (
    Form(
        Kind.AUTHORIZATION,
        (r"Command authori[sz]ation (?:failed|denied)", r"Authori[sz]ation (?:failed|denied)"),
    ),
    Form(Kind.PRIVILEGE, (r"Access denied", r"Password required, but none set")),
    Form(
        Kind.LOCKED,
        (
            r"Configuration mode (?:is )?locked (?:exclusively )?by",
            r"startup-config file open failed \(Device or resource busy",
        ),
    ),
    Form(Kind.RESOURCE, (r"startup-config file open failed \(Not enough space",)),
    Form(
        Kind.SESSION,
        (
            r"Line has invalid autocommand",
            r"\[Connection to .{1,80} closed",
            r"Connection closed by",
        ),
    ),
    Form(
        Kind.COMMIT,
        (
            r"Rollback (?:[Aa]borted|[Ff]ailed)|(?:The )?rollback configlet from the last pass",
            r"(?:Configuration )?[Rr]eplace (?:failed|aborted)",
        ),
        unchanged=False,
    ),
    Form(Kind.INCOMPLETE, (r'Type "[^"]{1,60}\?" for a list',)),
    Form(Kind.RESOURCE, (r"I/f .{1,160} available only ",), unchanged=False),
    Form(
        Kind.UNSUPPORTED,
        (
            r"CBWFQ ?: (?:Not supported|Hierarchy supported only|Can)",
            r"[Qq]ueueing (?:action|feature|\().{0,120}not (?:supported|allowed)",
            r"MQC features are not supported",
        ),
        unchanged=True,
    ),
    Form(Kind.VALUE, (r"Bad mask ",), unchanged=True),
)

_TAKEN: Final = (
    # The port is in portfast mode afterwards.
    r"Warning: ?portfast should only be enabled",
    r"Portfast (?:has been|will be) configured (?:on|in)",
    r"Portfast is (?:only )?supported",
    r"Access VLAN does not exist\. Creating vlan \d",
    r"Applying VLAN changes may take few minutes",
    r"(?:Warning|WARNING|Note|NOTE): .{0,160}deprecated",
    r"This (?:CLI|command|cli) (?:will be|is|has been) (?:being )?deprecated",
    r"Warning: ?(?:There is a file|file) already exist",
    r"Warning: Saving this config to nvram may corrupt",
    r"Configuration mode locked exclusively\. The lock will be cleared",
    # The ranges overlap with a second address of the same port; that one is taken.
    r"Interface \S{1,60} is now configured|Creating a port-channel interface",
    r"Removing (?:service|QoS) polic|Removing policy",
    r"Warning: QoS is (?:disabled|not enabled)",
    r"ensure flow-control on all interfaces are OFF",
    r"Attention: ?",
    r"Please (?:issue|remember to) .{0,40}write mem",
)

_NORMAL: Final = (
    r"Enter configuration commands",
    r"The name for the keys|The key modulus size|Generating \d",
    r"Profile\b|Time source is|Generating [Hh]ash|Key pair was generated|Script started",
    r"Load for five secs|Incomplete ARP",
    r"(?:This will apply all necessary|to replace the current running|contents of the specified)",
    r"(?:assumed to be a complete|configuration\. Enter Y if)",
    r"(?:Timed )?Rollback: ?(?:Backing up|Acquired|Released|Done)",
    r"Rollback Confirmed Change: Backing",
    r"(?:Building|Compressed|Uncompressed) configuration",
    r"host\. Connecting hubs, concentrators|interface +when portfast is enabled|Use with CAUTION",
    r"have effect when the interface is in a non-trunking mode",
    r"(?:Loading|Accessing|Writing|Reading|Copy in progress|Destination filename|Source filename)",
)

# `*Mar  1 00:00:00.000: `, `000123: Mar  1 2020 00:00:00 CET: `, `00:01:02: `, `1d02h: `, or none.
_STAMP: Final = (
    r"(?:(?:\d{1,10}: )?(?:[*.]?[A-Z][a-z]{2} {1,2}\d{1,2} (?:\d{4} )?\d\d:\d\d:\d\d"
    r"(?:\.\d{1,6})?(?: [A-Z]{1,5})?|\d[\dwdhmy:.]{1,14}): )?%"
)
_LOG: Final = _STAMP + r"[A-Z][A-Z0-9_]{1,40}(?:-[A-Z0-9_]{1,40}){0,2}-[0-7]-[A-Z0-9_]{1,60}: "

_ALARMS: Final = (
    # A policy that is in the configuration, but not in the hardware: the line changed something.
    Form(
        Kind.RESOURCE,
        (
            _STAMP + r"(?:Q[MA]\w*|QOS\w*|ACL\w*|FM\w*|TCAM\w*|CPP\w*|SPD\w*)-[0-4]-"
            r"\w*(?:EXCEED|TCAM|FULL|OUT_OF|NO_|LIMIT|RESOURCE|ENTRIES|MERGE)\w*: ",
            _STAMP + r"\w{2,40}-[0-4]-\w*TCAM\w*: ",
        ),
        unchanged=False,
    ),
    Form(Kind.UNSUPPORTED, (_STAMP + r"\w{2,40}-[0-7]-\w*(?:NOT_?SUPP|UNSUPP|REJECT)\w*: ",)),
    Form(Kind.UNSUPPORTED, (_STAMP + r"[\w-]{2,80}: Command [Rr]ejected",)),
    Form(Kind.COMMIT, (_STAMP + r"\w{2,40}-[0-5]-(?:ROLLBACK|CONFIG_ROLLBACK)\w*FAIL\w*: ",)),
    Form(Kind.OTHER, (_STAMP + r"(?:Q[MA]\w*|QOS\w*)-[0-4]-\w{2,60}: ",), unchanged=False),
)

_WORDS_OF_DOUBT: Final = (
    r"(?i)\b(?:not|cannot|can't|unable|fail|invalid|illegal|error|reject|denied|exceed|unsupported"
    r"|warning|must|remove|already|insufficient|unknown|unrecogni[sz]ed|missing|refused|conflict"
    r"|bad|wrong|incorrect|could|couldn't|out of|no such|doesn't|overlap|mismatch|incompatible"
    r"|ignor|abort|only|too (?:many|long|large|small)|oversubscribed|conflicts|maximum|minimum)"
)

_TALKS: Final = (
    r"(?:do )?(?:sh(?:ow?)?|dir|more|ping|trace\w*|ver\w*|copy|wr\w*|configure|conf\w*|del\w*"
    r"|archive|reload|enable?|disa\w*|term\w*|end|exit|test|clear|debug|undebug|tclsh|te\w*|who)\b"
)

_TABLE: Final = ReplyTable(
    lead=(
        r"(?:%{1,2} ?(?=[A-Za-z0-9'\"(<])|!?(?:ERROR|Error): ?"
        r"|Command [Rr]ejected(?: ?\([^)]{0,160}\))?[:. ] ?|Q[Oo]S ?: ?){1,4}"
    ),
    refused=(*_WORDS, *_RIGHTS, _LOCKS, _ROOM, *_FILES, _WHOLE),
    plain=_PLAIN,
    reasons=REASONS,
    taken=_TAKEN,
    normal=_NORMAL,
    doubtful=_WORDS_OF_DOUBT,
    talks=_TALKS,
    done=(
        Done(r"wr(?:ite?)?(?: mem\w*)?$", r"\[OK\]"),
        Done(r"(?:do )?copy .*(?:nvram:|start\w*)", r"\[OK\]|bytes copied"),
        Done(r"(?:do )?copy ", r"\[OK|bytes copied"),
        Done(r"configure replace ", r"Rollback Done"),
        Done(r"conf\w*\s+t\w*", r"Enter configuration commands"),
    ),
    asks=(
        r"\[confirm\]|\[(?:yes/no|y/n|no|yes)\] ?[:?]?|(?i:password): ?"
        r"|(?:filename|host) \[[^\]]{0,200}\]\?"
    ),
    log=_LOG,
    log_sign="%",
    alarms=_ALARMS,
    prompt=r"\w[\w./:@+-]{0,80}(?:\([\w./:+ -]{1,60}\)){0,2}[#>] ?",
    parts=r"copy .*run|configure replace|conf\w* (?:net|mem|over)|tclsh",
)

CISCO_REPLIES: Final = ReplyReader(_TABLE)
"""Reads the replies of IOS and IOS-XE routers and of Catalyst switches."""
