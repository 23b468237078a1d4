"""Reads tc: commands (`tc qdisc add ...`) and what `tc qdisc|class|filter show` prints.

Source: tc(8), tc-htb(8), tc-prio(8), tc-u32(8); printed forms measured with iproute2 6.1.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Final

from translator.drivers.linux.conditions import NotReadError, without_sources
from translator.drivers.linux.lines import LineBook
from translator.drivers.linux.tc_cake import BEST_EFFORT, tins_of
from translator.drivers.linux.tc_filter import FilterReader
from translator.drivers.linux.tc_tree import INGRESS, ROOT, Device, Filter, Qdisc, TcClass
from translator.drivers.linux.tc_words import hex_id, rate_bps, raw_match
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
        self._pending: FilterReader | None = None
        self._auto_pref: dict[str, int] = {}
        self._has_u32 = False

    def command(self, line: int, words: list[str], *, doubt: str = "") -> bool:
        """Read the words of one tc command; False when it is none.

        `doubt` says why nobody knows whether the command runs.
        """
        if not words or words[0].rpartition("/")[2] != "tc":
            return False
        rest = [word for word in words[1:] if word not in ("-s", "-d", "-p", "-b", "-force", "-i")]
        if len(rest) < 2 or rest[0] not in _OBJECTS:
            return True
        if rest[1] in _LOOKS_ONLY:
            self.finish_filter()
            self._current = _value(rest, "dev") or self._current
        elif doubt:
            self._doubtful(line, " ".join(words), rest, doubt)
        else:
            self._try(line, " ".join(words), rest[0], rest[1], rest[2:])
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
        if words[0] == "filter" and words[1] not in ("parent", "dev", "protocol", "ingress"):
            return False
        self.finish_filter()
        self._current = _value(words, "dev") or self._current
        self._try(line, text, words[0], "show", words[1:])
        return True

    @property
    def is_empty(self) -> bool:
        """Whether no device has anything that could be taken away."""
        return not any(item.qdiscs or item.filters for item in self.devices.values())

    def finish(
        self, *, sources_rewritten: bool = False
    ) -> tuple[tuple[InterfaceQos, ...], InterfaceQos | None]:
        """Return the interfaces, and what holds for every other one (text without a device).

        With `sources_rewritten` packets have passed source NAT before they come to a device.
        """
        self.finish_filter()
        if sources_rewritten:
            for device in self.devices.values():
                device.filters = [_behind_nat(item) for item in device.filters]
        found = {name: device.interface() for name, device in self.devices.items()}
        other = found.pop(_ANY_DEVICE, None)
        return tuple(found.values()), other

    def unread_lines(self) -> set[int]:
        """Return the lines whose device knows that they were not understood."""
        return {
            line
            for device in self.devices.values()
            for line, _ in (*device.unclear, *device.unclear_ingress)
        }

    def notes(self) -> tuple[str, ...]:
        """Return what verdicts about the filters rest on."""
        disciplines = [qdisc for device in self.devices.values() for qdisc in device.qdiscs]
        has_tins = any(qdisc.tins != BEST_EFFORT for qdisc in disciplines)
        return (*[_U32_NOTE] * self._has_u32, *[_CAKE_NOTE] * has_tins)

    def finish_filter(self) -> None:
        """Close a printed filter, whose matches stand on lines of their own."""
        pending, self._pending = self._pending, None
        if pending is not None:
            self._device(self._current).filters.append(pending.filter())

    def _device(self, name: str) -> Device:
        if name not in self.devices:
            self.devices[name] = Device(name)
        return self.devices[name]

    def _doubtful(self, line: int, text: str, rest: list[str], doubt: str) -> None:
        device = self._device(_value(rest, "dev") or self._current)
        nothing_there = not (device.qdiscs or device.filters or device.unclear)
        if rest[1] in _REMOVES and nothing_there:
            return
        self.lines.unread(line, text, doubt)
        side = device.unclear_ingress if _is_ingress(rest) else device.unclear
        side.append((line, f"line {line}: {doubt}"))

    def _try(self, line: int, text: str, what: str, verb: str, words: list[str]) -> None:
        self.lines.qos(line)
        self.lines.understood(line)
        device = self._device(_value(words, "dev") or self._current)
        try:
            if verb not in _VERBS:
                raise NotReadError(f"tc {what} {verb}")
            _READERS[what](self, line, device, verb, words)
        except (NotReadError, TranslatorError, IndexError, ValueError) as error:
            why = str(error) or "it ends too early"
            self.lines.unread(line, text, why)
            side = device.unclear_ingress if _is_ingress(words) else device.unclear
            side.append((line, f"line {line} was not understood: {why}"))

    def _qdisc(self, line: int, device: Device, verb: str, words: list[str]) -> None:
        if verb in _REMOVES:
            if _is_ingress(words):
                device.filters = [item for item in device.filters if item.parent != INGRESS]
            else:
                device.remove_root()
            return
        qdisc, options = _qdisc_head(verb, words)
        qdisc.line = line
        if qdisc.kind not in _READ:
            raise NotReadError(f"queuing discipline {qdisc.kind}")
        _qdisc_options(qdisc, options)
        _place(device, qdisc, verb)

    def _class(self, line: int, device: Device, verb: str, words: list[str]) -> None:
        if verb in _REMOVES:
            device.classes.pop(hex_id(_value(words, "classid") or ""), None)
            return
        item = _class_of(verb, words)
        item.line = line
        if item.kind in _CLASSLESS or item.kind == "prio":
            return  # the leaves that mq, fq_codel or prio print; nothing is configured there
        if item.kind not in ("htb", "hfsc", "drr"):
            raise NotReadError(f"classes of {item.kind}")
        device.classes[item.id] = item

    def _filter(self, line: int, device: Device, verb: str, words: list[str]) -> None:
        if verb in _REMOVES:
            _remove_filters(device, words)
            return
        reader = FilterReader(line, printed=verb == "show")
        reader.read(words)
        self._has_u32 = self._has_u32 or reader.kind == "u32"
        if reader.pref is None:
            # Source: tcf_auto_prio(): without `prio` each new filter comes before the others.
            reader.pref = self._auto_pref[device.name] = self._auto_pref.get(device.name, 49153) - 1
        if verb == "show":
            self._pending = reader if reader.is_node else None
            self._current = device.name
        else:
            device.filters.append(reader.filter())

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
            self.lines.unread(line, text, str(error))
            why = f"line {line} was not understood: {error}"
            self._device(self._current).unclear.append((line, why))


def _value(words: list[str], name: str) -> str | None:
    """Return the word behind `name`."""
    at = words.index(name) + 1 if name in words else len(words)
    return words[at] if at < len(words) else None


def _is_ingress(words: list[str]) -> bool:
    return "ingress" in words or "clsact" in words or "ffff:" in words


def _parent(word: str) -> int:
    if word == "root":
        return ROOT
    found = hex_id(word)
    return INGRESS if found >> 16 == 0xFFFF else found


def _qdisc_head(verb: str, words: list[str]) -> tuple[Qdisc, list[str]]:
    """Return the discipline of `dev X parent P handle H: KIND ...` or of its printed form."""
    parent, handle, kind = ROOT, 0, ""
    at = 0
    if verb == "show":
        kind, handle, at = words[0], hex_id(words[1]), 2
    while at < len(words):
        word = words[at]
        if word == "dev":
            at += 1
        elif word in ("root", "ingress", "clsact"):
            parent = ROOT if word == "root" else INGRESS
            kind = kind or ("" if word == "root" else word)
        elif word == "parent":
            parent, at = _parent(words[at + 1]), at + 1
        elif word == "handle":
            # Source: get_qdisc_handle() of tc: a handle is a major number, with or without colon.
            handle, at = hex_id(words[at + 1].partition(":")[0] + ":"), at + 1
        elif word in ("refcnt", "estimator"):
            at += 1
        elif not kind:
            kind = word
        elif word not in ("offloaded", "deleted"):
            break
        at += 1
    if kind in ("ingress", "clsact"):
        parent = INGRESS
    return Qdisc(kind, handle & 0xFFFF0000, parent), words[at:]


def _qdisc_options(qdisc: Qdisc, options: list[str]) -> None:
    if qdisc.kind in ("htb", "hfsc"):
        default = _value(options, "default")
        # Source: measured: minor numbers are hexadecimal here too; 30 prints as 0x30.
        qdisc.default = int(default.removeprefix("0x"), 16) if default else None
    elif qdisc.kind == "cake":
        qdisc.tins = tins_of(options)
        rate = _value(options, "bandwidth")
        qdisc.rate_bps = rate_bps(rate) if rate and rate != "unlimited" else None
        qdisc.clears_code_point = "wash" in options
    elif qdisc.kind == "tbf":
        rate = _value(options, "rate")
        qdisc.rate_bps = rate_bps(rate) if rate else None
    elif qdisc.kind in ("prio", "pfifo_fast"):
        qdisc.bands = int(_value(options, "bands") or 3)
        if "priomap" in options:
            at = options.index("priomap") + 1
            given = tuple(int(word) for word in options[at : at + 16] if word.isdigit())
            qdisc.priomap = given + qdisc.priomap[len(given) :]
        if not 2 <= qdisc.bands <= 16 or max(qdisc.priomap) >= qdisc.bands:
            raise NotReadError("bands and priomap do not fit")


def _class_of(verb: str, words: list[str]) -> TcClass:
    kind, class_id, parent = "", 0, 0
    if verb == "show":
        kind, class_id = words[0], hex_id(words[1])
    rest = words[2:] if verb == "show" else words
    at = 0
    options: list[str] = []
    while at < len(rest):
        word = rest[at]
        if word in ("dev", "classid", "parent", "leaf"):
            if word == "classid":
                class_id = hex_id(rest[at + 1])
            elif word == "parent":
                parent = hex_id(rest[at + 1])
            at += 1
        elif word == "root" and not options:
            parent = class_id & 0xFFFF0000
        elif not kind:
            kind = word
        else:
            options.append(word)
        at += 1
    found = TcClass(kind, class_id, parent)
    _class_options(found, options)
    return found


def _class_options(found: TcClass, options: list[str]) -> None:
    curve = ""
    for word, value in pairwise([*options, ""]):
        if word in ("sc", "rt", "ls", "ul"):
            curve = word
        elif word in ("rate", "m2") and value not in ("0bit", "0"):
            # Source: tc-hfsc(7): `ul` limits, `rt` and `sc` guarantee, `ls` shares what is left.
            if curve == "ul":
                found.ceil_bps = rate_bps(value)
            elif found.rate_bps is None or curve in ("", "rt", "sc"):
                found.rate_bps, found.share = rate_bps(value), True
        elif word == "ceil":
            found.ceil_bps = rate_bps(value)
        elif word == "prio":
            found.priority = int(value)
        elif word == "quantum" and found.kind == "drr":
            found.share = True
    if found.kind == "htb" and found.rate_bps is None:
        raise NotReadError("an htb class without a rate")


def _behind_nat(item: Filter) -> Filter:
    if item.parent == INGRESS:
        return item
    return replace(item, condition=without_sources(item.condition))


def _place(device: Device, qdisc: Qdisc, verb: str) -> None:
    """Put a discipline in its place, as the kernel does with that verb.

    Source: tc_modify_qdisc() of the kernel; that HTB cannot be changed in place was measured.
    """
    there = next((item for item in device.qdiscs if item.parent == qdisc.parent), None)
    if verb == "add" and there is not None and there.line:
        raise NotReadError("one is there already: the kernel refuses a second")
    same = there is not None and there.kind == qdisc.kind
    same = same and there is not None and qdisc.handle in (0, there.handle)
    if verb in ("change", "replace") and there is not None and same:
        if qdisc.kind == "htb":
            raise NotReadError("the kernel refuses to change HTB in place")
        qdisc.handle = there.handle
    elif verb == "change":
        raise NotReadError("nothing of that kind is there to be changed")
    elif qdisc.parent == ROOT:
        device.remove_root()
    device.qdiscs = [item for item in device.qdiscs if item.parent != qdisc.parent]
    device.qdiscs.append(qdisc)


def _remove_filters(device: Device, words: list[str]) -> None:
    """Take away the filters of a parent, or those of one preference of it."""
    if "handle" in words:
        raise NotReadError("a filter named by its handle is taken away")
    parent = _value(words, "parent")
    at = _parent(parent) if parent is not None else ROOT
    if at == ROOT:
        root = device.root()
        at = INGRESS if _is_ingress(words) else root.handle if root is not None else ROOT
    pref = next((v for name in ("prio", "pref", "priority") if (v := _value(words, name))), None)
    device.filters = [
        item
        for item in device.filters
        if item.parent != at or (pref is not None and item.pref != int(pref))
    ]


_READERS: Final = {"qdisc": TcReader._qdisc, "class": TcReader._class, "filter": TcReader._filter}
