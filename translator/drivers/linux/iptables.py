"""Reads iptables and ip6tables: `iptables-save` text and single commands, into chains.

Usage:
    reader = IptablesReader()
    reader.command(1, "iptables -t mangle -A FORWARD -p udp --sport 5060 -j DSCP --set-dscp 46")
    reader.save_line(2, "*mangle")
    reader.ruleset.stages(), reader.ruleset.rules("ip mangle", "FORWARD"), reader.lines

Tables are named as nft lists them: `ip mangle`, `ip6 mangle`.

Source: iptables(8), iptables-extensions(8); printed forms measured with iptables 1.8.9.
"""

from __future__ import annotations

import re
import shlex
from typing import Final

import msgspec

from translator.drivers.linux.chains import Chain, Entry, unread_entry
from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.iptables_rule import kernel_refuses, read_rule
from translator.drivers.linux.lines import LineBook
from translator.drivers.linux.netfilter import Ruleset
from translator.intents.condition import AllOf, Predicate

__all__ = ["PROGRAMS", "IptablesReader", "split_words"]

PROGRAMS: Final = {
    "iptables": 4,
    "iptables-legacy": 4,
    "iptables-nft": 4,
    "ip6tables": 6,
    "ip6tables-legacy": 6,
    "ip6tables-nft": 6,
}
# Source: include/uapi/linux/netfilter_ipv4.h (NF_IP_PRI_*); nat is dstnat before routing and
# srcnat behind it.
_PRIORITIES: Final = {"raw": -300, "mangle": -150, "filter": 0, "security": 50}
_BUILT_IN: Final = {
    "raw": ("PREROUTING", "OUTPUT"),
    "mangle": ("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
    "nat": ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
    "filter": ("INPUT", "FORWARD", "OUTPUT"),
    "security": ("INPUT", "FORWARD", "OUTPUT"),
}
_WITH_CHAIN: Final = {
    **dict.fromkeys(("-A", "--append"), "append"),
    **dict.fromkeys(("-I", "--insert"), "insert"),
    **dict.fromkeys(("-D", "--delete"), "delete"),
    **dict.fromkeys(("-R", "--replace"), "replace"),
    **dict.fromkeys(("-N", "--new-chain"), "new"),
    **dict.fromkeys(("-F", "--flush"), "flush"),
    **dict.fromkeys(("-X", "--delete-chain"), "remove"),
    **dict.fromkeys(("-P", "--policy"), "policy"),
}
_POLICIES: Final = frozenset({"ACCEPT", "DROP", "RETURN", "QUEUE", "-"})
_CHECKS: Final = frozenset({"-C", "--check"})
_LOOKS_ONLY: Final = frozenset({"-L", "-S", "-Z", "-nvL", "-vnL", "-nL", "--list", "-vL"})
_MOST_COMPARED: Final = 2_000_000  # rules that are looked at to find those named by their words
_TOO_MANY_COMPARED: Final = "more rules are looked for by their words than are followed"
_QUOTED_WORD: Final = re.compile(r"""(?:[^ \t\r\n'"]++|'[^']*'|"[^"]*")++""")
_SAVE_SIGNS: Final = ("*", ":", "[", "-", "COMMIT", " ", "\t")  # how its lines begin
_IGNORED: Final = frozenset({"-w", "--wait", "-v", "-n", "--verbose"})


def split_words(text: str) -> list[str]:
    """Return the words of a shell-like line; quotes group, and are taken off.

    Raises:
        NotReadError: a quote is not closed.
    """
    single, double = "'" in text, '"' in text
    if "\\" not in text and not (single and double):
        if not (single or double):
            return text.split()
        mark = '"' if double else "'"
        if text.count(mark) % 2 == 0:  # as nearly always: the module takes its time
            return [word.replace(mark, "") for word in _QUOTED_WORD.findall(text)]
    try:
        return shlex.split(text)
    except ValueError as error:
        raise NotReadError(str(error)) from None


class IptablesReader:
    """Reads line by line into `ruleset`; `lines` says which lines were understood.

    Several readers may share one ruleset, so that nft and iptables rules of one device meet.
    """

    def __init__(self, ruleset: Ruleset | None = None, lines: LineBook | None = None) -> None:
        self.ruleset = Ruleset() if ruleset is None else ruleset
        self.lines = LineBook() if lines is None else lines
        self._table = "mangle"
        self._version = 4
        self._doubt = ""
        self.flushes: bool | None = False  # what a table line of save text does; None: not known
        self.is_loaded = False  # save text by a command, which says whether it flushes
        self._begun: set[str] = set()  # tables of the listing or file that is read
        self._room = _MOST_COMPARED
        self.succeeded = True
        self._chain_of: dict[int, tuple[str, str]] = {}

    def command(self, line: int, text: str | list[str], *, doubt: str = "") -> bool:
        """Read one command; False when the first word is no iptables program.

        `doubt` says why nobody knows whether the command runs; `succeeded` then tells whether
        the kernel would have taken it, which is False for `-C` of a rule that is not there.
        """
        self.succeeded = True
        shown = text if isinstance(text, str) else " ".join(text)
        try:
            words = split_words(text) if isinstance(text, str) else list(text)
            version = PROGRAMS.get(words[0].rpartition("/")[2]) if words else None
            if version is None:
                return False
            self._doubt = doubt
            self._apply(line, shown, words[1:], version, "filter")
        except NotReadError as error:
            self.lines.unread(line, shown, str(error))
        finally:
            self._doubt = ""
        return True

    def begin(self, version: int) -> None:
        """Say that the save text which follows is of iptables (4) or ip6tables (6)."""
        self._version = version
        self._begun.clear()

    def save_line(self, line: int, text: str) -> bool:
        """Read one line of `iptables-save`; False when it is not of that format."""
        if not text.startswith(_SAVE_SIGNS):
            return False
        if text.startswith("*") and text[1:].strip() in _BUILT_IN:
            self._table = text[1:].strip()
            self._begin_table(line, text)
            for name in _BUILT_IN[self._table]:
                self._chain(self._table, self._version, name)
            return True
        if text.startswith(":"):
            return self._save_chain(line, text)
        start = text.find("]") + 1 if text.startswith("[") else 0  # counters of iptables-save -c
        if text.strip() == "COMMIT":
            return True
        if text[start:].lstrip()[:2] not in ("-A", "-I", "-D", "-N", "-F", "-X", "-P"):
            return False
        try:
            words = split_words(text[start:])
            self._apply(line, text, words, self._version, self._table)
        except NotReadError as error:
            self.lines.unread(line, text, str(error))
        return True

    def _begin_table(self, line: int, text: str) -> None:
        """Empty the table that `*TABLE` begins, where the text is loaded without `--noflush`.

        So does the second of one text that no command loads: no listing holds a table twice.

        Source: iptables-restore(8); measured with iptables 1.8.9.
        """
        table = f"{_family(self._version)} {self._table}"
        again = not self.is_loaded and table in self._begun
        if not self.is_loaded:
            self._begun.add(table)
        if self.flushes or again:
            self.ruleset.flush(table)
            self.ruleset.remove_all(table, but_hooked=True)
        elif self.flushes is None:
            for chain in self.ruleset.filled(table):
                self._doubtful(line, text, chain, "it may flush the table or not")

    def finish(self) -> None:
        """Note which lines bear on QoS: those of chains that a forwarded packet reaches."""
        reachable = self.ruleset.reachable()
        for line, key in self._chain_of.items():
            if key in reachable or key[0].endswith(" mangle"):
                self.lines.qos(line)
            else:
                self.lines.without_bearing(line)

    def _save_chain(self, line: int, text: str) -> bool:
        words = text[1:].split()
        if len(words) < 2 or words[1] not in _POLICIES:
            return False
        chain = self._chain(self._table, self._version, words[0])
        chain.drops = words[1] == "DROP"
        self._note(line, chain)
        return True

    def _apply(self, line: int, text: str, words: list[str], version: int, table: str) -> None:
        kind, words = _table_of(words, table)
        table = f"{_family(version)} {kind}"
        verb = next((at for at, word in enumerate(words) if word in _WITH_CHAIN), None)
        if verb is None and _asks(words):
            self._check(line, text, words, table)
            return
        if verb is None:
            if not any(word in _LOOKS_ONLY for word in words):
                raise NotReadError("no command that we know")
            return
        what = _WITH_CHAIN[words[verb]]
        if verb + 1 >= len(words) or words[verb + 1].startswith("-"):
            self._whole_table(line, text, what, table)
            return
        known = (table, words[verb + 1]) in self.ruleset.chains
        chain = self._chain(kind, version, words[verb + 1])
        if not chain.hook:
            self.succeeded = known if what in ("flush", "remove") else not known or what != "new"
        self._note(line, chain)
        if self._doubt and what in ("flush", "remove", "delete", "policy"):
            self._doubtful(line, text, chain, self._doubt)
            return
        self._change(line, text, what, chain, words[:verb] + words[verb + 2 :])

    def _doubtful(self, line: int, text: str, chain: Chain, why: str) -> None:
        """A command that may take rules away or add some, of which nobody knows what it did."""
        if chain.entries:
            self.lines.unread(line, text, why)
            chain.entries.insert(0, unread_entry(line, text.strip()))

    def _check(self, line: int, text: str, words: list[str], table: str) -> None:
        at = next(at for at, word in enumerate(words) if word in _CHECKS)
        chain = self.ruleset.chains.get((table, "".join(words[at + 1 : at + 2])))
        rest = words[:at] + words[at + 2 :]
        self.succeeded = chain is not None and self._place(line, text, chain, rest) is not None

    def _place(self, line: int, text: str, chain: Chain, rest: list[str]) -> int | None:
        """Return the place of the first rule of these words.

        Where a text looks for so many that it takes too long, the chain is in doubt from here.
        """
        self._room -= len(chain.entries)
        if self._room < 0:
            self._doubtful(line, text, chain, _TOO_MANY_COMPARED)
            return None
        spec = " ".join(rest)
        return next((at for at, entry in enumerate(chain.entries) if entry.spec == spec), None)

    def _change(self, line: int, text: str, what: str, chain: Chain, rest: list[str]) -> None:
        position = 1
        if what in ("insert", "replace", "delete") and rest and rest[0].isdigit():
            position = int(rest.pop(0))
        if what == "flush":
            chain.entries.clear()
        elif what == "remove":
            self.ruleset.remove(chain.table, chain.name)
        elif what == "policy":
            chain.drops = rest[:1] == ["DROP"]
        elif what == "delete":
            self._delete(line, text, chain, rest or position)
        elif what != "new":
            at = len(chain.entries) if what == "append" else max(0, position - 1)
            end = at + 1 if what == "replace" else at
            chain.entries[at:end] = [self._entry(line, text, chain, rest)]

    def _entry(self, line: int, text: str, chain: Chain, rest: list[str]) -> Entry:
        try:
            kernel_refuses(chain, rest)
            found = read_rule(rest, chain.version or 4, line)
            if not self._doubt:
                return found
            self.lines.unread(line, text, self._doubt)
            runs = Predicate(f"line {line}: {self._doubt}", unread=True)
            return msgspec.structs.replace(found, condition=AllOf((found.condition, runs)))
        except NotReadError as error:
            self.lines.unread(line, text, str(error))
            return unread_entry(line, text.strip())

    def _delete(self, line: int, text: str, chain: Chain, what: list[str] | int) -> None:
        """Take a rule out by its words or its number; no success when there is none such."""
        if isinstance(what, list):
            at = self._place(line, text, chain, what)
        else:
            at = what - 1 if 0 < what <= len(chain.entries) else None
        if at is not None:
            del chain.entries[at]
        self.succeeded = at is not None

    def _whole_table(self, line: int, text: str, what: str, table: str) -> None:
        if self._doubt:
            for chain in self.ruleset.filled(table):
                self._doubtful(line, text, chain, self._doubt)
        elif what == "flush":
            self.ruleset.flush(table)
        elif what == "remove":
            self.ruleset.remove_all(table, but_hooked=True)

    def _chain(self, table: str, version: int, name: str) -> Chain:
        chain = self.ruleset.chain(f"{_family(version)} {table}", name, version)
        if not chain.hook and name in _BUILT_IN.get(table, ()):
            chain.hook, chain.kind = name.lower(), "nat" if table == "nat" else "filter"
            nat = -100 if name in ("PREROUTING", "OUTPUT") else 100
            chain.priority = _PRIORITIES.get(table, nat)
        return chain

    def _note(self, line: int, chain: Chain) -> None:
        self._chain_of[line] = chain.key
        self.lines.understood(line)


def _family(version: int) -> str:
    return "ip6" if version == 6 else "ip"


def _table_of(words: list[str], table: str) -> tuple[str, list[str]]:
    rest: list[str] = []
    left = iter(words)
    for word in left:
        if word in ("-t", "--table"):
            table = next(left, table)
        elif word not in _IGNORED:
            rest.append(word)
    return table, rest


def _asks(words: list[str]) -> bool:
    return any(word in _CHECKS for word in words)
