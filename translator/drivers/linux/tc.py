"""Reads tc: commands (`tc qdisc add ...`) and what `tc qdisc|class|filter show` prints.

Source: tc(8), tc-htb(8), tc-prio(8), tc-u32(8); printed forms measured with iproute2 6.1.
"""

from __future__ import annotations

from contextlib import suppress
from itertools import count
from typing import Final

from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.lines import LineBook
from translator.drivers.linux.tc_device import FIRST_GIVEN, Device
from translator.drivers.linux.tc_filter import FilterReader
from translator.drivers.linux.tc_options import class_of, qdisc_head, set_options, sides, value_of
from translator.drivers.linux.tc_parts import ROOT
from translator.drivers.linux.tc_tree import interface_of
from translator.drivers.linux.tc_words import hex_id, raw_match
from translator.errors import TranslatorError
from translator.intents.device import InterfaceQos

__all__ = ["TcReader"]

_OBJECT_STARTS: Final = ("qdisc", "class", "filter")
_OBJECTS: Final = frozenset(_OBJECT_STARTS)
_ADDS: Final = frozenset({"add", "replace", "change", "link"})
_REMOVES: Final = frozenset({"del", "delete"})
_VERBS: Final = _ADDS | _REMOVES | {"show"}
_LOOKS_ONLY: Final = frozenset({"show", "list", "ls", "monitor", "get", "dump"})
# Disciplines without classes that leave the header alone: everything is best effort in them.
_CLASSLESS: Final = frozenset(
    {"pfifo", "bfifo", "fq_codel", "codel", "sfq", "fq", "tbf", "red", "netem", "noqueue", "mq"}
    | {"pie", "fq_pie", "choke", "hhf", "multiq", "clsact", "ingress"}
)
_READ: Final = frozenset({"htb", "hfsc", "prio", "pfifo_fast", "drr", "cake"}) | _CLASSLESS
_OPTIONS: Final = frozenset({"-s", "-d", "-p", "-force", "-i"})
_BATCH: Final = frozenset({"-b", "-batch"})
_SIDES: Final = frozenset({"ingress", "egress", "root"})
# First words of the lines of counters below a printed filter or action.
_STATISTICS: Final = frozenset(
    {"Sent", "backlog", "Action", "rate", "index", "used_hw_stats", "(rule", "random", "installed"}
)
_U32_NOTE: Final = (
    "u32 filters look for ports behind a header without IP options or IPv6 extension headers, and "
    "test marks only where the kernel has CONFIG_CLS_U32_MARK"
)
_CAKE_NOTE: Final = "the tins of cake are taken from its source text, not measured (unverified)"
# The device of text that names none: it stands for every interface.
_ANY_DEVICE: Final = "*"


class TcReader:
    """Reads line by line into `devices`; `lines` says which lines were understood."""

    def __init__(self, lines: LineBook | None = None) -> None:
        self.devices: dict[str, Device] = {}
        self.lines = LineBook() if lines is None else lines
        self._current = _ANY_DEVICE
        self._asked: int | None = None
        self._pending: FilterReader | None = None
        self._given = count(FIRST_GIVEN)
        self._has_u32 = False

    def command(self, line: int, words: list[str], *, doubt: str = "") -> bool:
        """Read the words of one tc command; False when it is none.

        `doubt` says why nobody knows whether the command runs.
        """
        if not words or words[0].rpartition("/")[2] != "tc":
            return False
        if not _BATCH.isdisjoint(words):
            self.lines.unread(
                line, " ".join(words), "the commands that it reads are not in the text"
            )
            return True
        rest = [word for word in words[1:] if word not in _OPTIONS]
        if len(rest) < 2 or rest[0] not in _OBJECTS:
            return True
        if rest[1] in _LOOKS_ONLY:
            self._look(rest)
        elif doubt:
            self._doubtful(line, " ".join(words), rest, doubt)
        else:
            name = value_of(rest, "dev") or self._current
            self._try(line, " ".join(words), rest[0], rest[1], rest[2:], name=name)
        return True

    def show_line(self, line: int, text: str) -> bool:
        """Read one line of `tc ... show`; False when it is not of that format."""
        if self._pending is None and not text.lstrip().startswith(_OBJECT_STARTS):
            return False
        words = text.split()
        if text[:1] == " " and words[:1] == ["qdisc"] and words[2:] and words[2].endswith(":"):
            text = text.lstrip()  # a page that indents them
        if self._pending is not None and text[:1] in (" ", "\t") and words:
            self._filter_line(line, text, words, self._pending)
            return True
        if len(words) < 3 or words[0] not in _OBJECTS or text[0] in " \t":
            return False
        if words[0] != "filter" and (not words[1][0].isalpha() or ":" not in words[2]):
            return False
        if words[0] == "filter" and words[1] not in ("parent", "dev", "protocol", *_SIDES):
            return False
        self.finish_filter()
        self._current = value_of(words, "dev") or self._current
        self._try(line, text, words[0], "show", words[1:], name=self._current)
        return True

    @property
    def is_empty(self) -> bool:
        """Whether no device has anything that could be taken away."""
        return all(item.is_empty for item in self.devices.values())

    def finish(
        self, *, sources_rewritten: bool = False
    ) -> tuple[tuple[InterfaceQos, ...], InterfaceQos | None]:
        """Return the interfaces, and what holds for every other one (text without a device).

        With `sources_rewritten` packets have passed source NAT before they come to a device.
        """
        self.finish_filter()
        found = {
            name: interface_of(device, sources_rewritten=sources_rewritten)
            for name, device in self.devices.items()
        }
        other = found.pop(_ANY_DEVICE, None)
        return tuple(found.values()), other

    def unread_lines(self) -> set[int]:
        """Return the lines whose device knows that they were not understood."""
        return {line for device in self.devices.values() for line in device.unread}

    def notes(self) -> tuple[str, ...]:
        """Return what verdicts about the filters rest on."""
        has_tins = any(device.has_tins for device in self.devices.values())
        return (*[_U32_NOTE] * self._has_u32, *[_CAKE_NOTE] * has_tins)

    def finish_filter(self) -> None:
        """Close a printed filter, whose matches stand on lines of their own."""
        pending, self._pending = self._pending, None
        if pending is None:
            return
        device = self._device(self._current)
        try:
            self._put(device, pending, "show")
        except NotReadError as error:
            self._not_read(pending.line, device, pending.text, str(error), pending.sides)

    def _look(self, rest: list[str]) -> None:
        """Take note of what a command asks for: what it shows does not say all of it again."""
        self.finish_filter()
        self._current = value_of(rest, "dev") or self._current
        asked = value_of(rest, "parent")
        self._asked = None
        if asked is not None or _SIDES & set(rest):
            with suppress(NotReadError):
                reader = FilterReader(0, printed=True)
                reader.read_head(rest[2:])
                self._asked = reader.parent

    def _device(self, name: str) -> Device:
        if name not in self.devices:
            self.devices[name] = Device(name, self._given)
        return self.devices[name]

    def _doubtful(self, line: int, text: str, rest: list[str], doubt: str) -> None:
        device = self._device(value_of(rest, "dev") or self._current)
        if rest[1] in _REMOVES and device.is_empty and not device.unclear:
            return
        self.lines.unread(line, text, doubt)
        device.doubt(line, f"line {line}: {doubt}", sides(rest[2:]))

    def _not_read(
        self, line: int, device: Device, text: str, why: str, where: tuple[bool, bool]
    ) -> None:
        self.lines.unread(line, text, why)
        device.doubt(line, f"line {line} was not understood: {why}", where)

    def _try(
        self, line: int, text: str, what: str, verb: str, words: list[str], *, name: str
    ) -> None:
        self.lines.qos(line)
        self.lines.understood(line)
        device = self._device(name)
        try:
            if verb not in _VERBS:
                raise NotReadError(f"tc {what} {verb}")
            _READERS[what](self, line, device, verb, words)
        except (NotReadError, TranslatorError, IndexError, ValueError) as error:
            why = str(error) or "it ends too early"
            self._not_read(line, device, text, why, sides(words))

    def _qdisc(self, line: int, device: Device, verb: str, words: list[str]) -> None:
        qdisc, options = qdisc_head(verb, words)
        if verb in _REMOVES:
            device.remove(qdisc.parent, qdisc.handle, qdisc.kind)
            return
        qdisc.line = line
        if qdisc.kind not in _READ:
            raise NotReadError(f"queuing discipline {qdisc.kind}")
        set_options(qdisc, options, device.changed_by(qdisc, verb))
        device.place(qdisc, verb)

    def _class(self, line: int, device: Device, verb: str, words: list[str]) -> None:
        if verb in _REMOVES:
            device.remove_class(hex_id(value_of(words, "classid") or ""))
            return
        item = class_of(verb, words)
        item.line = line
        if item.kind in _CLASSLESS or item.kind == "prio":
            return  # the leaves that mq, fq_codel or prio print; nothing is configured there
        if item.kind not in ("htb", "hfsc", "drr"):
            raise NotReadError(f"classes of {item.kind}")
        device.put_class(item, verb)

    def _filter(self, line: int, device: Device, verb: str, words: list[str]) -> None:
        if verb in _REMOVES:
            _remove_filters(device, words)
            return
        is_printed = verb == "show"
        reader = FilterReader(line, is_printed, self._asked if is_printed else None)
        reader.words = words
        reader.read(words)
        self._has_u32 = self._has_u32 or reader.kind == "u32"
        if verb == "show":
            self._pending = reader if reader.is_node else None
            self._current = device.name
        else:
            self._put(device, reader, verb)

    def _put(self, device: Device, reader: FilterReader, verb: str) -> None:
        if verb == "show" and reader.parent is None:
            raise NotReadError("the text does not say what the filter hangs on")
        parent = device.parent_of_filters(reader.parent)
        device.chain(parent).put(reader.filter(parent), verb)
        if reader.doubt:
            self.lines.unread(reader.line, reader.text, reader.doubt)
            device.unread.add(reader.line)

    def _filter_line(self, line: int, text: str, words: list[str], pending: FilterReader) -> None:
        """Read an indented line below a printed filter: its matches and actions."""
        if words[0] in _STATISTICS:
            return
        self.lines.qos(line)
        self.lines.understood(line)
        try:
            if words[0] == "match":
                value, _, mask = words[1].partition("/")
                version = 6 if pending.protocol == "ipv6" else 4
                pending.parts.append(raw_match(int(value, 16), int(mask, 16), words[3], version))
            else:
                pending.read(words)
        except (NotReadError, TranslatorError, IndexError, ValueError) as error:
            self._not_read(line, self._device(self._current), text, str(error), pending.sides)


def _remove_filters(device: Device, words: list[str]) -> None:
    """Take away the filters of a parent, or those of one preference of it."""
    if "handle" in words:
        raise NotReadError("a filter named by its handle is taken away")
    reader = FilterReader(0, printed=True)
    reader.read_head(words)
    if reader.parent in (None, ROOT) and device.place_of(reader.parent) is None:
        return  # nothing is there: the kernel refuses it
    chain = device.chain(device.parent_of_filters(reader.parent))
    chain.remove(reader.pref or None, reader.kind, reader.version_word)


_READERS: Final = {"qdisc": TcReader._qdisc, "class": TcReader._class, "filter": TcReader._filter}
