"""Finds nftables, iptables and tc in one text: rulesets, save files, `show` output, scripts.

A shell script is run as far as its text decides what runs (see `shell`): what hangs on a condition
that the text does not decide counts as unread, and makes what it may touch unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Final

from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.iptables import PROGRAMS, IptablesReader, split_words
from translator.drivers.linux.lines import LineBook, TooMuchUnreadError
from translator.drivers.linux.netfilter import Ruleset
from translator.drivers.linux.nft import NftReader
from translator.drivers.linux.nft_tokens import Token, tokens
from translator.drivers.linux.shell import Script
from translator.drivers.linux.shell_parts import MOST_PARTS, Raw, Source
from translator.drivers.linux.shell_syntax import open_quote, squeezed
from translator.drivers.linux.shell_values import is_known
from translator.drivers.linux.tc import TcReader
from translator.intents.device import FOREIGN

__all__ = ["Numbered", "TextReader"]

Numbered = tuple[int, str]

_HEREDOC: Final = re.compile(r"<<-?\s*(['\"]?)(\w+)\1")
_REDIRECT: Final = re.compile(r"\s[012&]?>{1,2}\s*(?:&[012]|\S+)")
_WORD: Final = re.compile(r"[^\s\"'<>|;&]+")
_LOADS_FILE: Final = re.compile(r"\s(?:-\w*f|--file)\s")
_RESTORE: Final = re.compile(r"\b(ip6?)tables(?:-legacy|-nft)?-restore\b([^|;&<]*)")
_BATCH: Final = re.compile(r"\s-b(?:a|at|atc|atch)?(?:\s|$)")
_NFT_FIRST: Final = frozenset({"table", "define", "redefine", "include"})
_NFT_VERBS: Final = frozenset(
    {"add", "create", "insert", "replace", "delete", "destroy", "flush", "rename"}
)
_NFT_OBJECTS: Final = frozenset({"table", "chain", "rule", "set", "map", "element", "ruleset"})
_NOT_CODE: Final = re.compile(r'"[^"\n]*"|#.*')
_DEEPEST: Final = 8
_LONGEST_QUOTE: Final = 200  # lines; a quote that stays open longer is a stray one
# What a text must hold to say anything here: a program, its listings, or words of theirs.
_LANGUAGES: Final = re.compile(
    r"\b(?:tc|nft|ip6?tables|table|chain|qdisc|class|filter|dscp|tos|mark|priority|commit|match)\b"
    r"|^\*|htb|hfsc|cake|codel|ceil|ecn|priomap|rate|flowid|MARK|DSCP|TOS|CLASSIFY|mangle",
    re.MULTILINE,
)
# What a terminal shows before a command that was typed there.
_PROMPT: Final = re.compile(
    r"^(?:(?:[\w.-]+@[^\s$#]*)?\$|[\w.-]+@[^\s$#]*#|\[[\w.-]+@[^\]\n]*\][$#])\s+"
    r"(?=(?:sudo\s+)?(?:tc|nft|ip6?tables)\s)"
)
_NETNS: Final = re.compile(r"ip\s+netns\s+exec\s+(\S+)\s+(.*)")
# Words that say that a line in a language of its own is about QoS.
_QOS_WORD: Final = re.compile(
    r"(?<![/\w.-])(?:dscp|tos|qdisc|htb|hfsc|cake|fq_codel|classid|ceil|ecn|priomap|class|match"
    r"|priority|mark|rate|commit)(?![/\w])"
)
# Words that say so of a command behind a program or variable that is not known.
_QOS_COMMAND: Final = re.compile(
    r"\b(?:qdisc|flowid)\b|\btc\s+(?:class|filter)\b|--set-(?:dscp|class|x?mark|tos)"
    r"|-j\s+(?:DSCP|MARK|TOS|CLASSIFY|CONNMARK)\b|-t\s+mangle\b"
)


class TextReader:
    """Reads one text into the readers of the three languages, which share one book of lines."""

    def __init__(self) -> None:
        self.lines = LineBook()
        self.ruleset = Ruleset()
        self.notes: list[str] = []
        self._shell: list[Source] = []
        self._commands = 0  # lines of them in `_shell`
        self._head_words: set[str] = set()  # of here documents: among them the files they fill
        self._depth = 0  # of here documents
        self._namespace: str | None = None
        self._nft = NftReader(self.ruleset, self.lines)
        self._iptables = IptablesReader(self.ruleset, self.lines)
        self.tc = TcReader(self.lines)

    def read(self, text: str) -> None:
        """Read the text, up to where too much of it was not understood."""
        if _LANGUAGES.search(text) is None:
            return
        lines = squeezed(text.replace("\r", "")).split("\n")
        with suppress(TooMuchUnreadError):  # the book of lines says where
            self._read(list(enumerate(lines, start=1)))
        self._nft.finish()
        self._iptables.finish()

    def _read(self, numbered: list[Numbered]) -> None:
        outer, self._shell, self._commands = self._shell, [], 0
        at = 0
        while at < len(numbered) and self._commands <= MOST_PARTS:
            at = self._next(numbered, at)
        script = Script(self._shell, self._command)
        self._shell = outer
        script.run()
        self.notes.extend(script.notes)
        cut_at = numbered[at][0] if at < len(numbered) else None
        if script.cut_at is not None:
            cut_at = script.cut_at
        if cut_at is not None:
            text = next(text for line, text in numbered if line == cut_at)
            self.lines.stop(cut_at, text, "the script is too long: reading stops here")

    def _next(self, text: list[Numbered], at: int) -> int:
        """Read what starts at index `at`; return the index behind it."""
        line, raw = text[at]
        shown = raw.strip()
        if "$" in shown or "@" in shown:
            shown = _PROMPT.sub("", shown)
        if not shown or shown.startswith("#"):
            self._version_hint(shown)
            return at + 1
        if self._is_nft(shown):
            end = _nft_end(text, at)
            self._nft_later(line, text[at:end])
            return end
        if self._iptables.save_line(line, shown) or self.tc.show_line(line, raw.rstrip()):
            return at + 1
        heredoc = _HEREDOC.search(shown) if "<<" in shown else None
        if heredoc is not None:
            return self._heredoc(text, at, heredoc[2])
        return self._command_line(text, at, shown)

    def _command_line(self, text: list[Numbered], at: int, shown: str) -> int:
        """Read the command that starts at index `at`; return the index behind it."""
        line = text[at][0]
        joined, end = _joined(text, at)
        if end == at + 1:
            joined = shown
        elif "$" in joined or "@" in joined:
            joined = _PROMPT.sub("", joined)
        words = joined.split(maxsplit=2) if "tc" in joined else []
        if (
            "tc" in words[:2]
            and is_known(joined)
            and _only_looks(joined.split()[words.index("tc") :])
        ):
            # What it shows stands below.
            self.tc.command(line, joined.split()[words.index("tc") :])
        else:
            self._shell.append((line, joined))
            self._commands += 1
        return end

    def _later(
        self, line: int, part: list[Numbered], read: Callable[[list[Numbered]], None]
    ) -> None:
        """Keep text in another language for the place in the script where it stands."""

        def run(doubt: str) -> None:
            if doubt:
                self._doubted(part, doubt)
            else:
                read(part)

        self._shell.append((line, Raw(run, len(part))))

    def _nft_later(self, line: int, part: list[Numbered]) -> None:
        found: list[Token] = []  # cut once, though a loop may run it again and again

        def read(part: list[Numbered]) -> None:
            found.extend(() if found else tokens(part))
            self._nft.run(found)

        self._later(line, part, read)

    def _doubted(self, part: list[Numbered], doubt: str) -> None:
        for number, text in part:
            if _QOS_WORD.search(text):
                self.lines.unread(number, text, doubt)

    def _version_hint(self, comment: str) -> None:
        """`# Generated by ip6tables-save` says which program a save file is of."""
        if comment.startswith("# Generated by ip"):
            self._iptables.begin(6 if "ip6tables" in comment else 4)

    def _is_nft(self, shown: str) -> bool:
        words = shown.split(maxsplit=2)
        first = words[0]
        if first in _NFT_FIRST:
            return len(words) > 1
        return first in _NFT_VERBS and len(words) > 1 and words[1].rstrip(";") in _NFT_OBJECTS

    def _heredoc(self, text: list[Numbered], at: int, mark: str) -> int:
        end = at + 1
        while end < len(text) and text[end][1].strip() != mark:
            end += 1
        line, command = text[at]
        self._head_words.update(_WORD.findall(command))
        loads = _RESTORE.search(command)

        def read(part: list[Numbered]) -> None:
            if self._depth >= _DEEPEST:
                self._doubted(part, "here documents stand too deep in each other")
                return
            if loads is not None:
                self._iptables.begin(6 if loads[1] == "ip6" else 4)
            if _BATCH.search(command):
                part = [(number, f"tc {words}") for number, words in part if words.strip()]
            reader = self._iptables
            before, was_loaded = reader.flushes, reader.is_loaded
            reader.flushes, reader.is_loaded = _flushes(loads), True
            self._depth += 1
            if part:
                self._read(part)
            self._depth -= 1
            reader.flushes, reader.is_loaded = before, was_loaded

        if loads is not None:
            self._restore_later(text[at], text[at + 1 : end], loads, read)
        else:
            self._later(line, text[at + 1 : end], read)
        return end + 1

    def _restore_later(
        self,
        head: Numbered,
        part: list[Numbered],
        loads: re.Match[str],
        read: Callable[[list[Numbered]], None],
    ) -> None:
        """Keep save text that a command loads, which may empty tables though it may not run."""
        line, command = head
        before, options = command[: loads.start()], set(loads[2].split())

        def run(doubt: str) -> None:
            if "&&" in before or "||" in before:
                doubt = doubt or "it depends on another command whether it runs"
            if doubt:
                self.lines.unread(*head, doubt)
                self._doubted(part, doubt)
            elif not {"-t", "--test"} & options:
                read(part)

        self._shell.append((line, Raw(run, len(part))))

    def _restore(self, line: int, command: str) -> bool:
        """Read a command that loads save text from elsewhere."""
        words = command.replace("<", " ").split()
        if {"-t", "--test", "-h", "--help", "-V", "--version"} & set(words[1:]):
            return True
        # A file that a here document filled was read where that stands.
        if len(words) < 2 or words[-1].strip("\"'") not in self._head_words:
            self.lines.unread(line, command, "what it loads is not part of the text")
        return True

    def _command(self, line: int, command: str, doubt: str) -> bool | None:
        """Read one simple command; return whether it succeeds, None where that is not known."""
        found = _NETNS.match(command) if "netns" in command else None
        if found is not None:
            if self._namespace not in (None, found[1]):
                doubt = doubt or "it is of another network namespace than what stands before"
            self._namespace, command = found[1], found[2]
        program = command.split(maxsplit=1)[0].rpartition("/")[2] if command.strip() else ":"
        if program in PROGRAMS or program in ("tc", "nft"):
            return self._known(line, program, command, doubt)
        if program.endswith("-restore") and _RESTORE.search(command) is not None:
            return self._restore(line, command)
        if program in _HARMLESS:
            return True
        if program in _LOOKS:
            return None
        if _QOS_WORD.search(command) or _QOS_COMMAND.search(command):
            self.lines.unread(line, command, FOREIGN)
        return True if program in _SETS_UP else None

    def _known(self, line: int, program: str, command: str, doubt: str) -> bool:
        if program == "nft" and _LOADS_FILE.search(command):
            if not self._is_written_here(command):
                self.lines.unread(line, command, "the file that it loads is not part of the text")
            return True
        if program == "tc" and _BATCH.search(command):
            self.lines.unread(line, command, "the file that it reads is not part of the text")
            return True
        try:
            words = split_words(_REDIRECT.sub("", command) if ">" in command else command)
        except NotReadError as error:
            self.lines.unread(line, command, str(error))
            return True
        if not is_known(command):
            if _only_looks(words) or (program == "tc" and _removes(words) and self.tc.is_empty):
                return True
            why = "a shell variable whose value the text does not say"
            self.lines.unread(line, command, why)
        elif program == "nft":
            self._nft_command(line, words[1:], doubt)
        elif program == "tc":
            self.tc.command(line, words, doubt=doubt)
        else:
            self._iptables.command(line, words, doubt=doubt)
            return self._iptables.succeeded
        return True

    def _is_written_here(self, command: str) -> bool:
        """Whether a here document filled the file that nft loads, or may have: its name is open."""
        file = _LOADS_FILE.split(command, maxsplit=1)[1].split(maxsplit=1)
        name = file[0].strip("\"'") if file else "-"
        return name in self._head_words or any("$" in word for word in self._head_words)

    def _nft_command(self, line: int, words: list[str], doubt: str) -> None:
        options = {"-a", "-s", "-n", "-c", "-j", "-e", "--check", "--handle", "--stateless"}
        rest = [word for word in words if word not in options]
        if not rest or {"-c", "--check"} & set(words):
            return
        if doubt:
            self.lines.unread(line, " ".join(rest), doubt)
            return
        self._nft.read([(line, " ".join(rest))])


# Commands of scripts whose words may sound like QoS and that change none of it.
_HARMLESS: Final = frozenset(
    {"echo", "printf", "logger", "modprobe", "insmod", "sysctl", "ip", "ifconfig", "vconfig"}
    | {"cat", "rm", "trap", "set", "true", ":", "service", "nvram", "ethtool", "mktemp", "sleep"}
    | {"iptables-save", "ip6tables-save", "ipset"}
)
_LOOKS: Final = frozenset(
    {"grep", "egrep", "awk", "sed", "cut", "which", "type", "head", "tail", "wc", "pgrep", "lsmod"}
    | {"sort", "tr", "find", "ls", "ping", "date", "uname", "id", "dig", "pidof", "read"}
)
_SHOWING: Final = frozenset({"show", "list", "ls", "monitor"})
_SETS_UP: Final = frozenset({"source", ".", "cd", "mkdir", "touch", "unset", "umask", "systemctl"})


def _flushes(loads: re.Match[str] | None) -> bool | None:
    """Whether save text in a here document empties its tables; None where it is a file's."""
    if loads is None:
        return None
    options = loads[2].split()
    return not any(
        word == "--noflush" or (word[0] == "-" and word[1:2] != "-" and "n" in word)
        for word in options
    )


def _only_looks(words: list[str]) -> bool:
    """Whether a command of tc or nft shows something and changes nothing."""
    rest = (word for word in words[1:] if not word.startswith("-"))
    return not _SHOWING.isdisjoint(islice(rest, 2))


def _removes(words: list[str]) -> bool:
    return bool({"del", "delete"} & set(words[2:4]))


def _joined(text: list[Numbered], at: int) -> tuple[str, int]:
    """Return the command at `at` with its continuation lines, and the index behind it."""
    words = text[at][1].strip()
    while words.endswith("\\") and at + 1 < len(text):
        at += 1
        words = words[:-1] + " " + text[at][1].strip()
    quote = open_quote(words)
    if quote:
        whole = [words]
        for end in range(at + 1, min(at + _LONGEST_QUOTE, len(text))):
            whole.append(text[end][1])
            quote = open_quote(text[end][1], quote)
            if not quote:
                return "\n".join(whole), end + 1
    return words, at + 1


def _nft_end(text: list[Numbered], at: int) -> int:
    """Return the index behind the statement at `at`: where its braces close."""
    depth = 0
    for end in range(at, len(text)):
        code = text[end][1]
        if '"' in code or "#" in code:
            code = _NOT_CODE.sub("", code)
        depth += code.count("{") - code.count("}")
        if depth <= 0 and not code.rstrip().endswith("\\"):
            return end + 1
    return len(text)
