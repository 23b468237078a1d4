"""What nft, tc, iptables, ip, shells, sftp and the tools of a small system say when they refuse.

Where the transport knows the exit status, that decides; the texts say why, and decide alone over a
terminal. Sources: measured with nftables 1.0.6, iproute2 6.1.0, iptables 1.8.9 (legacy and
nf_tables), dash 0.5.12, bash 5.2, busybox 1.35 and OpenSSH 9.2 in a network namespace; `errno(3)`.
"""

from __future__ import annotations

from typing import Final

from translator.drivers.replies import Form, Kind, ReplyTable
from translator.drivers.reply_reader import ReplyReader

__all__ = ["LINUX_REPLIES", "LINUX_TABLE"]

_PROGRAMS: Final = (
    r"(?:nft|tc|ip6?|bridge|(?:ip|ip6|arp|eb)tables[\w-]{0,20}|ipset|conntrack|ethtool|sysctl"
    r"|(?:mod|in)s?mod|modprobe|-?(?:ba|da|a)?sh|busybox|env|timeout|nohup|setsid|sudo|doas|su"
    r"|cat|cp|mv|rm|ls|ln|mkdir|rmdir|chmod|chown|touch|tee|dd|sed|grep|awk|head|tail|wc|cut|sort"
    r"|tr|find|install|mktemp|mount|umount|kill|killall|sleep|date|tar|gzip|gunzip|wget|curl|nc"
    r"|sha256sum|md5sum|base64|stat|test|\[|ssh|scp|sftp|systemctl|systemd-run|service|logger"
    r"|nvram|uci|crontab|at|echo|printf|cd|read|set|unset|export|ping)"
)
# `dash: 1: `, `x.sh: line 2: `, `-ash: `, `iptables v1.8.9 (legacy): `, `bad.nft:3:15-18: Error: `
_LEAD: Final = (
    r"(?:[\w./+-]{1,160}:\d{1,9}:\d{1,9}-\d{1,9}: )?(?:Error|ERROR): ?"
    r"|RTNETLINK answers: ?"
    rf"|(?:/[\w./-]{{0,80}}/)?{_PROGRAMS}(?: v\d[\w.]{{0,20}}(?: \([\w-]{{1,20}}\))?)?: "
    r"(?:-c: )?(?:(?:line )?\d{1,9}: )?"
    r"|[\w./+-]{1,160}: (?:line )?\d{1,9}: "
)

_ERRNO: Final = (
    Form(
        Kind.RESOURCE,
        (
            r"No space left|No buffer space|Cannot allocate memory|Disk quota exceeded"
            r"|[Oo]ut of memory|File too large|Memory allocation problem|Too many open files"
            r"|Resource temporarily unavailable|Argument list too long|Message too long",
        ),
    ),
    Form(
        Kind.LOCKED,
        (r"xtables lock|Text file busy|lock file|database is locked",),
    ),
    Form(
        Kind.PRIVILEGE,
        (
            r"Permission denied|Operation not permitted|[Yy]ou must be root|must be run as root"
            r"|Read-only file system|[Aa]ccess denied|a password is required|not in the sudoers"
            r"|Authentication failure|Host key verification failed",
        ),
    ),
    Form(
        Kind.CONFLICT,
        (
            r"File exists|[Aa]lready (?:exists|assigned|in use)|Exclusivity flag on"
            r"|Device or resource busy|Directory not empty|Address already in use"
            r"|Cannot delete qdisc with handle of zero|Too many links",
        ),
        unchanged=True,
    ),
    Form(
        Kind.UNSUPPORTED,
        (
            r"kind is unknown|[Nn]ot supported|not implemented|[Uu]nsupported|Unknown device type"
            r"|TC classifier not found|Failed to load TC action|Couldn't load (?:match|target)"
            r"|do you need to insmod|command not found|applet not found|(?:^|: )not found$"
            r"|table '[^']{1,60}' does not exist|unable to initialize table|Protocol not available"
            r"|unknown key|Exec format error|Function not impl",
        ),
        unchanged=True,
    ),
    Form(
        Kind.SESSION,
        (
            r"Connection (?:closed|refused|reset|timed out)|Network is unreachable|Broken pipe"
            r"|No route to host|Host is down|lost connection|Connection to .{1,80} closed",
        ),
    ),
    Form(
        Kind.INCOMPLETE,
        (
            r"requires? an? argument|missing (?:file )?operand|is required|is mandatory"
            r"|no command specified|must specify|[Uu]nterminated|unexpected (?:EOF|end of file)"
            r"|end of file unexpected|COMMIT expected",
        ),
        unchanged=True,
    ),
    Form(Kind.AMBIGUOUS, (r"[Aa]mbiguous",), unchanged=True),
    Form(
        Kind.SYNTAX,
        (
            r"[Ss]yntax error|invalid option|[Uu]nknown option|unmatched"
            r"|bad action parsing|[Bb]ad argument|is unknown, try"
            r"|Invalid command|unexpected \w{1,20}",
        ),
        unchanged=True,
    ),
    Form(
        Kind.VALUE,
        (
            r"exceeds valid range|[Oo]ut of range|[Ii]nvalid|[Ii]llegal|bad value|Bad rule"
            r"|[Bb]ad (?:address|number)|No such (?:file|device|process)|No chain/target/match|zero"
            r"|[Cc]annot find|[Cc]an't (?:find|cd|open|stat)|does(?: not|n't) exists?|is wrong"
            r"|Could not (?:parse|resolve|open)|unknown (?:chain|protocol)|not found"
            r"|is expected|exceeds maximum|too (?:big|long|many|large)|[Nn]onexistent|No such"
            r"|integer expression|Service out|has zero|Name or service|cannot (?:open|stat|access)",
        ),
        unchanged=True,
    ),
    Form(
        Kind.CONFLICT,
        (r"readonly variable|is read only|must be set|parameter not set|unbound variable",),
    ),
)

_PLAIN: Final = (
    Form(Kind.LOCKED, (r"Another app is currently holding the xtables lock",)),
    Form(
        Kind.VALUE,
        (
            r'Cannot find device "',
            r'Illegal "',
            r"[Cc]an't ls: ",
            r'File "[^"]{1,200}" not found',
            r"Error occurred at line: ",
            r"(?:stat|dest open|remote \w{1,10}) .{1,200}: No such file",
        ),
        unchanged=True,
    ),
    Form(
        Kind.SYNTAX,
        (
            r'What is "',
            r'(?:Object|Command) "[^"]{1,80}" is unknown',
            r"Invalid command\.?$",
            r"[Uu]nknown (?:filter|qdisc|action) \"",
        ),
        unchanged=True,
    ),
    Form(
        Kind.INCOMPLETE,
        (
            r'"[\w-]{1,40}" is required',
            r"tbf: (?:the \"|either \")",
            r"Command line is not complete",
            r"You must (?:specify|supply)",
        ),
        unchanged=True,
    ),
    Form(
        Kind.RESOURCE,
        (r'(?:write|dest open|remote \w{1,10})(?: remote)? "?[^"]{1,200}"?: No space left',),
    ),
    Form(
        Kind.PRIVILEGE,
        (
            r'(?:write|dest open|remote \w{1,10})(?: remote)? "?[^":]{1,200}"?: Permission denied',
            r"[\w.@-]{1,120}: Permission denied \(",
            r"Permission denied",
            r"Host key verification failed",
            r"Couldn't canonicalize: Permission",
        ),
    ),
    Form(
        Kind.OTHER,
        (
            r"(?:write remote|remote (?:mkdir|rename|open|delete)|dest open) .{1,200}: Failure",
            r"We have an error talking to the kernel",
            r"Couldn't (?:write|close|open|rename|create)",
        ),
    ),
    Form(
        Kind.SESSION,
        (
            r"Connection closed(?: by .{1,80})?\.?$",
            r"Connection (?:to .{1,80} closed|reset by)",
            r"client_loop: ",
            r"packet_write_wait: ",
            r"System has not been booted with systemd",
            r"Killed$|Terminated$|Segmentation fault",
        ),
    ),
    Form(
        Kind.UNSUPPORTED,
        (r"[\w./+-]{1,80}: (?:command |applet )?not found$",),
        unchanged=True,
    ),
    Form(Kind.SYNTAX, (r"BusyBox v.{1,80} multi-call binary",), unchanged=True),
    Form(Kind.UNSUPPORTED, (r"Failed to connect to bus|Unit \S{1,80} (?:not found|could not)",)),
)

_TAKEN: Final = (
    # The class is there; only its quantum is unusual. Measured: exit status 0.
    r"Warning: sch_htb: quantum of class",
    r"HTB: quantum of class",
    r"(?:# )?Warning: ip6?tables-legacy tables present",
    r"(?:# )?Warning: table .{1,60} is managed by iptables-nft",
    r"Warning: Permanently added '",
    r"(?:[Ww]arning|WARNING): .{0,120}(?:deprecated|obsolete)",
    r"Another app is currently holding the xtables lock; (?:still |waiting)",
    r"\*\* WARNING: connection is not using a post-quantum",
    r"This session may be vulnerable|The server may need to be upgraded",
)

LINUX_TABLE: Final = ReplyTable(
    lead=_LEAD,
    refused=(),
    plain=_PLAIN,
    reasons=_ERRNO,
    taken=_TAKEN,
    normal=(r"Try ['`]|Usage: |Perhaps ip6?tables",),
    doubtful=(
        r"(?i)\b(?:error|fail|failed|failure|invalid|illegal|denied|cannot|can't|couldn't|unable"
        r"|unknown|no such|not (?:found|permitted|supported)|refused|unexpected|warning|aborted)\b"
    ),
    # Commands that change rules, queues or links say nothing; all others may say anything.
    talks=(
        r"(?!(?:/\S{0,60}/)?(?:nft (?!.*\b(?:list|monitor|describe)\b)"
        r"|tc (?!.*\b(?:show|list|ls|monitor)\b)(?!-s)"
        r"|ip6?tables(?!\S*-save)\S* (?!.*(?:-L|-S|-nvL))"
        r"|ip (?:-\S+ )?\w+ (?:add|del|set|replace|change|flush)|(?:cp|mv|rm|mkdir|chmod) "
        r"|nvram (?:un)?set|nvram commit))"
    ),
    asks=r"(?i:password(?: for [\w.-]{1,60})?): ?|\(yes/no(?:/\[fingerprint\])?\)\? ?|^> ?",
    log=(
        r"Message from syslogd@|Broadcast message from |\[ {0,8}\d{1,9}\.\d{6}\] "
        r"|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d [\w.-]{1,60} [\w./-]{1,60}(?:\[\d{1,8}\])?: "
    ),
    prompt=(
        r"(?:\[[\w@.:~/ -]{1,120}\]|[\w.+-]{1,40}@[\w.+-]{1,60}(?::[~/][^#$>]{0,160})?"
        r"|-?(?:ba|da|a)?sh(?:-[\d.]{1,6})?|sftp)?[#$>](?: |$)"
    ),
    # Tables of iptables-restore are loaded one by one, scripts line by line.
    parts=r"(?:\S*/)?(?:ba|da|a)?sh |\. |source |ip6?tables\S*restore|tc -b|sftp|.*(?:;|&&|\|)",
    status=True,
)

LINUX_REPLIES: Final = ReplyReader(LINUX_TABLE)
"""Reads the replies of a Linux system's shell and of `sftp`."""
