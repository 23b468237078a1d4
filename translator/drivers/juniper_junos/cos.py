"""class-of-service tables: aliases, forwarding classes, classifiers and rewrite rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from translator.drivers.doubt import Doubt
from translator.drivers.juniper_junos import values
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.tree import Node, in_force
from translator.intents.pipeline import Rule

__all__ = ["ClassTable", "Classes", "Cos", "RewriteTable", "read_cos"]

DSCP_TYPES: Final = ("dscp", "dscp-ipv6")
PRECEDENCE: Final = "inet-precedence"
# Bits of other headers; they have no say in the code point of an IP packet.
LAYER2_TYPES: Final = ("ieee-802.1", "ieee-802.1ad")
OTHER_TYPES: Final = (*LAYER2_TYPES, "exp", "frame-relay-de", "fr-de")
DEFAULT: Final = "default"
_BITS: Final = {**dict.fromkeys(DSCP_TYPES, 6), PRECEDENCE: 3, "ieee-802.1": 3}
"""How many digits a code point of a type has."""

# Queue lengths, drop curves and the box's own traffic: no bearing on how a transit packet is
# marked or on the kind of service of its class.
_NO_BEARING: Final = values.words(
    "drop-profiles host-outbound-traffic shared-buffer dedicated-buffer dedicated-buffer-profile "
    "congestion-notification-profile tri-color copy-plp-all traceoptions monitoring-profile "
    "restricted-queues cos-next-hop-map fabric fragmentation-maps adjustment-control-profiles "
    "decn-profile forwarding-class-sets"
)
# Parts that classify some packets anew wherever they come in: those packets are not followed.
_BY_APPLICATION: Final = "application-traffic-control"
_MULTICAST: Final = "multi-destination"
_CLASS_SETTINGS: Final = values.words("no-loss priority policing-priority pfc-priority multicast")
# Source: Juniper's default rewrite rules of types dscp and dscp-ipv6.
_DEFAULT_REWRITE: Final[dict[tuple[str, str], int]] = {
    ("best-effort", "low"): 0,
    ("best-effort", "high"): 0,
    ("expedited-forwarding", "low"): 46,
    ("expedited-forwarding", "high"): 46,
    ("assured-forwarding", "low"): 10,
    ("assured-forwarding", "high"): 12,
    ("network-control", "low"): 48,
    ("network-control", "high"): 56,
}

Entry = tuple[str, str]  # forwarding class and loss priority


@dataclass(frozen=True, slots=True)
class ClassTable:
    """A behaviour aggregate classifier: value of the field to class and loss priority.

    `unread` is why it is not fully known, "" when it is; `at` is the line of a value; `unlisted`
    are the classes, by their built-in names, into which values without an entry may fall.
    """

    kind: str
    name: str
    entries: Mapping[int, Entry]
    lines: tuple[int, ...] = ()
    unread: str = ""
    at: Mapping[int, int] = field(default_factory=dict)
    unlisted: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RewriteTable:
    """A rewrite rule: class and loss priority to the value that is written."""

    kind: str
    name: str
    entries: Mapping[Entry, int]
    lines: tuple[int, ...] = ()
    unread: str = ""
    at: Mapping[Entry, int] = field(default_factory=dict)


class Classes:
    """Forwarding classes and their queues; built-in names stand for the queue's own class.

    Attributes:
        unlisted: those into which packets without a classifier may fall, beside best-effort;
            none where they fall by their IP precedence.
    """

    def __init__(self, built_in: Mapping[str, int], unlisted: tuple[str, ...] = ()) -> None:
        self._built_in = built_in
        self.unlisted = unlisted
        self.configured: dict[str, int] = {}

    def name(self, word: str) -> str:
        """Return the class in force under a built-in name: the one configured for its queue."""
        if word in self.configured or word not in self._built_in:
            return word
        queue = self._built_in[word]
        same = (name for name, number in self.configured.items() if number == queue)
        return next(same, word)

    def queue(self, name: str) -> int | None:
        """Return the queue of a class, None when it is not known."""
        return self.configured.get(name, self._built_in.get(name))

    def names(self) -> tuple[str, ...]:
        """Return all classes: those configured and the built-in ones not replaced by them."""
        return tuple(
            dict.fromkeys((*self.configured, *(self.name(word) for word in self._built_in)))
        )


@dataclass(slots=True)
class Cos:
    """Everything but schedulers and interfaces of `class-of-service`.

    Attributes:
        code_points: aliases by type; those of one mean nothing to the other.
        multicast: why the class of multicast packets is not known, None where it is.
        everywhere: why nothing is known of any packet's class or mark, None where it is.
    """

    classes: Classes
    multicast: Doubt | None = None
    everywhere: Doubt | None = None
    code_points: dict[str, dict[str, int]] = field(
        default_factory=lambda: {kind: {} for kind in DSCP_TYPES}
    )
    precedences: dict[str, int] = field(default_factory=dict)
    layer2: dict[str, int] = field(default_factory=dict)
    classifiers: dict[tuple[str, str], ClassTable] = field(default_factory=dict)
    rewrites: dict[tuple[str, str], RewriteTable] = field(default_factory=dict)
    _rules: dict[tuple[str, str], tuple[Rule, ...]] = field(default_factory=dict)

    def ready(
        self, table: ClassTable, make: Callable[[ClassTable], tuple[Rule, ...]]
    ) -> tuple[Rule, ...]:
        """Return the rules of a table, made once."""
        key = (table.kind, table.name)
        if key not in self._rules:
            self._rules[key] = make(table)
        return self._rules[key]


def read_cos(node: Node, classes: Classes, report: Report) -> Cos:
    """Return the tables of `class-of-service`; schedulers and interfaces are read elsewhere."""
    cos = Cos(classes)
    for word in _NO_BEARING & node.children.keys():
        node.children[word].swallow()
    _read_overrides(cos, node, report)
    _read_aliases(cos, node)
    cos.classes.configured.update(_forwarding_classes(node))
    _add_defaults(cos)
    _read_classifiers(cos, node, report)
    _read_rewrites(cos, node, report)
    return cos


def _read_overrides(cos: Cos, node: Node, report: Report) -> None:
    """Read what classifies beside the classifiers of interfaces."""
    by_application = node.get(_BY_APPLICATION)
    if by_application is not None:
        reason = f"{_BY_APPLICATION} is not read; security policies may apply it to any packet"
        cos.everywhere = report.doubt(by_application, reason)
    multicast = node.get(_MULTICAST)
    if multicast is not None:
        cos.multicast = report.doubt(multicast, f"{_MULTICAST} is not read")
    for item in node.below("forwarding-policy"):
        if item.word == "next-hop-map":
            item.swallow()
        else:
            reason = f"{item.word} of forwarding-policy is not read; routes may apply it"
            cos.everywhere = report.doubt(item, reason)
    for word in ("routing-instances", "system-defaults"):
        for item in node.below(word):
            for kind in (item, *item.each()):
                for exp in ("exp", "no-default"):
                    below = kind.get(exp)
                    if below is not None:
                        below.swallow()  # packets with labels


def _read_aliases(cos: Cos, node: Node) -> None:
    for kind in node.below("code-point-aliases"):
        for alias in kind.each():
            bits = alias.value() or ""
            if not bits or bits.strip("01") or len(bits) != _BITS.get(kind.word, len(bits)):
                alias.read = False
            elif kind.word in DSCP_TYPES:
                cos.code_points[kind.word][alias.word] = int(bits, 2)
            elif kind.word in LAYER2_TYPES:
                cos.layer2[alias.word] = int(bits, 2) & 7
            elif kind.word == PRECEDENCE:
                cos.precedences[alias.word] = int(bits, 2)


def _forwarding_classes(node: Node) -> Iterator[tuple[str, int]]:
    """Yield from `class NAME queue-num N` and from `queue N NAME`."""
    for form in node.below("forwarding-classes"):
        for item in form.each():
            if form.word == "class":
                number = item.take("queue-num")
                _swallow_settings(item)
                queue = "" if number is None else number.value() or ""
                for value in () if number is None else number.children.values():
                    _swallow_settings(value)  # on the same line
                name = item.word
            else:
                item.swallow()
                queue, name = item.word, item.value() or ""
            if queue.isdecimal() and name:
                yield name, int(queue[:3])
            else:
                item.read = False


def _swallow_settings(node: Node) -> None:
    for word in _CLASS_SETTINGS & node.children.keys():
        node.children[word].swallow()


def _add_defaults(cos: Cos) -> None:
    for kind in DSCP_TYPES:
        entries = {
            number: _entry(cos, *values.DEFAULT_DSCP.get(number, (values.BEST_EFFORT, "low")))
            for number in range(64)
        }
        cos.classifiers[kind, DEFAULT] = _default(cos, kind, entries)
        written = {_entry(cos, *key): value for key, value in _DEFAULT_REWRITE.items()}
        cos.rewrites[kind, DEFAULT] = RewriteTable(kind, DEFAULT, written)
    table = {number: _entry(cos, *entry) for number, entry in values.DEFAULT_PRECEDENCE.items()}
    cos.classifiers[PRECEDENCE, DEFAULT] = _default(cos, PRECEDENCE, table)
    top = {key: value >> 3 for key, value in cos.rewrites["dscp", DEFAULT].entries.items()}
    cos.rewrites[PRECEDENCE, DEFAULT] = RewriteTable(PRECEDENCE, DEFAULT, top)


def _default(cos: Cos, kind: str, of_routers: Mapping[int, Entry]) -> ClassTable:
    """Return the classifier `default`, of which nothing is known but its classes on switches."""
    words = cos.classes.unlisted
    if not words:
        return ClassTable(kind, DEFAULT, of_routers)
    unlisted = {word: cos.classes.name(word) for word in (*words, values.BEST_EFFORT)}
    return ClassTable(kind, DEFAULT, {}, unlisted=unlisted)


def _entry(cos: Cos, name: str, loss_priority: str) -> Entry:
    return cos.classes.name(name), loss_priority


def _imported_first(kind: Node) -> Iterator[Node]:
    """Yield the tables, those that others import before them; the box prints them by name."""
    items = {item.word: item for item in kind.each()}
    waiting = {
        word: [base for base in _imports(item) if base in items and base != word]
        for word, item in items.items()
    }
    importers: dict[str, list[str]] = {}
    for word, imported in waiting.items():
        for base in imported:
            importers.setdefault(base, []).append(word)
    left = {word: len(imported) for word, imported in waiting.items()}
    ready = deque(word for word, count in left.items() if not count)
    while ready:
        word = ready.popleft()
        yield items[word]
        for other in importers.get(word, ()):
            left[other] -= 1
            if not left[other]:
                ready.append(other)
    # Where they import each other, none can be read.
    yield from (items[word] for word, count in left.items() if count)


def _imports(item: Node) -> frozenset[str]:
    found = item.get("import")
    return frozenset() if found is None else frozenset(found.children)


def _read_classifiers(cos: Cos, node: Node, report: Report) -> None:
    for kind in node.below("classifiers"):
        if kind.word == "exp":
            kind.swallow()
            continue
        for item in _imported_first(kind):
            cos.classifiers[kind.word, item.word] = _classifier(cos, kind.word, item, report)


def _classifier(cos: Cos, kind: str, item: Node, report: Report) -> ClassTable:
    """Read one table: the imported one below, then its own entries."""
    unread = ""
    size = 64 if kind in DSCP_TYPES else 8
    blank = (cos.classes.name(values.BEST_EFFORT), "low")
    entries: dict[int, Entry] = dict.fromkeys(range(size), blank)
    at: dict[int, int] = {}
    own: set[int] = set()
    imported = item.take("import")
    base: ClassTable | None = None
    if imported is not None:
        base = cos.classifiers.get((kind, imported.value() or ""))
        if base is not None:
            entries = {} if base.unlisted else entries
            entries.update(base.entries)
            at.update(base.at)
            unread = base.unread
        elif kind in (*DSCP_TYPES, PRECEDENCE):
            unread = report.unread(imported, f"imported {kind} classifier is not in the text")
    for name, loss_priority, point in _triples(item, "code-points"):
        number = _value(cos, kind, point.word)
        if number is None:
            unread = report.unread(point, f"code point {point.word} is not known")
            continue
        entry = (cos.classes.name(name), loss_priority)
        if number in own and entries[number] != entry:
            unread = report.unread(point, f"code point {point.word} stands in two classes")
        own.add(number)
        entries[number] = entry
        at[number] = point.lines[0]
    lines = tuple(sorted(set(item.all_lines())))
    unlisted = {} if base is None else base.unlisted
    return ClassTable(kind, item.word, entries, lines, unread, at, unlisted)


def _read_rewrites(cos: Cos, node: Node, report: Report) -> None:
    for kind in node.below("rewrite-rules"):
        if kind.word in OTHER_TYPES:
            kind.swallow()
            continue
        for item in _imported_first(kind):
            cos.rewrites[kind.word, item.word] = _rewrite(cos, kind.word, item, report)


def _rewrite(cos: Cos, kind: str, item: Node, report: Report) -> RewriteTable:
    unread = ""
    entries: dict[Entry, int] = {}
    at: dict[Entry, int] = {}
    imported = item.take("import")
    if imported is not None:
        base = cos.rewrites.get((kind, imported.value() or ""))
        if base is not None:
            entries.update(base.entries)
            at.update(base.at)
            unread = base.unread
        else:
            unread = report.unread(imported, f"imported {kind} rewrite rule is not in the text")
    for name, loss_priority, point in _triples(item, "code-point"):
        number = _value(cos, kind, point.word)
        if number is None:
            unread = report.unread(point, f"code point {point.word} is not known")
        else:
            entry = (cos.classes.name(name), loss_priority)
            entries[entry] = number
            at[entry] = point.lines[0]
    lines = tuple(sorted(set(item.all_lines())))
    return RewriteTable(kind, item.word, entries, lines, unread, at)


def _triples(item: Node, keyword: str) -> Iterator[tuple[str, str, Node]]:
    """Yield class, loss priority and code point of a classifier or rewrite rule.

    A classifier lists `code-points`, of which all hold; a rewrite rule has one `code-point`.
    """
    for name in item.below("forwarding-class"):
        for level in name.below("loss-priority"):
            points = [*level.below(keyword)]
            if keyword == "code-point":
                points = [point] if (point := in_force(points)) is not None else []
            for found in points:
                yield name.word, level.word, found


def _value(cos: Cos, kind: str, word: str) -> int | None:
    if kind in DSCP_TYPES:
        return values.code_point_bits(word, cos.code_points[kind])
    if kind in LAYER2_TYPES:
        # The built-in aliases of 802.1p are those of the precedence.
        return values.precedence(word, cos.layer2)
    return values.precedence(word, cos.precedences)
