"""Firewall filters: terms in order, their actions, and the discard at the end.

Sources: "Firewall Filter Terminating Actions", "Firewall Filter Nonterminating Actions": the
first matching term with a terminating action decides; other actions accept by themselves unless
`next term` stands beside them; a packet that no term takes is discarded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.juniper_junos import lines, values
from translator.drivers.juniper_junos.lines import keyword
from translator.drivers.juniper_junos.matches import (
    FORWARDING_CLASS_TAG,
    LOSS_PRIORITY_TAG,
    Names,
    read_from,
)
from translator.drivers.juniper_junos.report import Report
from translator.drivers.juniper_junos.tree import Node, in_force
from translator.intents.condition import Tagged, conditions_in
from translator.intents.match import Match
from translator.intents.pipeline import (
    Action,
    Assign,
    Drop,
    Flow,
    Police,
    Rule,
    SetTag,
    SetTos,
    Stage,
    Unclear,
    set_code_point,
)

__all__ = ["ACTION_WORDS", "Filter", "FilterReader", "filter_stage"]

# Which packets a family's filters see; a filter of a family that is not listed sees both.
VERSIONS: Final[dict[str, int | None]] = {"inet": 4, "inet6": 6}

# Actions that filters of a family do not have on any product line. Source: Juniper's 24.4R1 YANG.
_ABSENT: Final = {
    "ethernet-switching": frozenset({keyword(lines.DSCP)}),
    "inet": frozenset({keyword(lines.TRAFFIC_CLASS)}),
    "inet6": frozenset({keyword(lines.DSCP)}),
}

# Actions that change neither the packet nor its class.
_NO_BEARING: Final = values.words(
    "count log syslog sample port-mirror port-mirror-instance packet-capture service-accounting "
    "service-accounting-deferred l2-mirror analyzer skip-services inline-monitoring-instance "
    "packet-mode force-premium exclude-accounting traffic-class-count pkt-trace "
    "next-interface next-ip next-ip6 routing-instance topology next-hop-group load-balance "
    "service-filter-hit"
)
_FILTER_SETTINGS: Final = values.words(
    "interface-specific accounting-profile enhanced-mode physical-interface-filter "
    "instance-shared fast-lookup-filter interface-shared promote"
)
# One choice: the one that was set last holds. Source: Juniper's YANG of the firewall filters; the
# like of routing policies was measured on a vJunos (batfish lab, junos_then_action_conflicts).
_FATES: Final = frozenset({keyword(lines.ACCEPT), "discard", "reject", "next"})
_DEEPEST_NESTING: Final = 20
_SEEN: Final = "whether a term sees the code point that one before it wrote is not known"
_YES: Final = "yes"
_POLICERS: Final = ("policer", "three-color-policer", "hierarchical-policer")
_COLORING: Final = ("single-rate", "two-rate")
# A packet that comes as red stays so where a policer is aware of colors, and one that drops what is
# red may drop it; whether any loss priority high is red to it is not verified.
_RED: Final = Rule(
    Tagged(LOSS_PRIORITY_TAG, ("high",)),
    (Unclear("a three-color policer that is aware of colors drops what is red to it"),),
    Flow.NEXT,
)
_POLICER_SETTINGS: Final = values.words(
    "if-exceeding if-exceeding-pps then filter-specific logical-interface-policer "
    "physical-interface-policer logical-bandwidth-policer shared-bandwidth-policer action "
    "single-rate two-rate color-aware color-blind aggregate premium"
)


@dataclass(frozen=True, slots=True)
class Filter:
    """The rules of one filter, without the discard at its end.

    `version` is the IP version that its family sees, None for both.
    """

    family: str
    name: str
    version: int | None
    rules: tuple[Rule, ...]
    lines: tuple[int, ...]


@dataclass(slots=True)
class _Then:
    names: Names
    report: Report
    actions: list[Action] = field(default_factory=list)
    flow: Flow = Flow.STOP
    body: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class _Policer:
    """What a policer does with packets within its rate; of `policer` the last two are False.

    Attributes:
        is_blind: sets their loss priority to low, whatever it was.
        drops_red: drops those that come with loss priority high.
    """

    police: Police
    is_blind: bool = False
    drops_red: bool = False


class FilterReader:
    """Reads `firewall`; filters are known by family and name. No `absent` action is there."""

    def __init__(
        self, firewall: Node, names: Names, report: Report, absent: frozenset[str] = frozenset()
    ) -> None:
        self._names = names
        self._absent = absent
        self._report = report
        self._policers = dict(_policers(firewall))
        self._nodes: dict[tuple[str, str], Node] = {}
        self._twice: set[tuple[str, str]] = set()
        self.filters: dict[tuple[str, str], Filter] = {}
        self._reading: set[tuple[str, str]] = set()
        self._collect(firewall)
        for family, name in self._nodes:
            self.filter(family, name)

    def filter(self, family: str, name: str) -> Filter | None:
        """Return a filter, read on first use; None where there is none or it nests itself."""
        key = (family, name)
        known = key in self._nodes and key not in self._reading
        if key not in self.filters and known and len(self._reading) < _DEEPEST_NESTING:
            self._reading.add(key)
            self.filters[key] = self._read_filter(family, name, self._nodes[key])
            self._reading.discard(key)
        return self.filters.get(key)

    def policer(self, name: str) -> Police | None:
        """Return what a policer does; None where the text has none of that name."""
        found = self._policers.get((_POLICERS[0], name))
        return None if found is None else found.police

    def _collect(self, firewall: Node) -> None:
        # A filter directly under `firewall` is of family inet. Source: Junos firewall guide.
        for name in firewall.below("filter"):
            self._nodes["inet", name.word] = name
        for family in firewall.below("family"):
            for name in family.below("filter"):
                key = (family.word, name.word)
                self._twice.update((key,) if key in self._nodes else ())
                self._nodes[key] = name
        for lists in firewall.below("interface-set"):
            lists.swallow()  # names only: the condition that uses one is open anyway
        for kind in _POLICERS:
            for policer in firewall.below(kind):
                for setting in policer.children.values():
                    if setting.word in _POLICER_SETTINGS:
                        setting.swallow()

    def _read_filter(self, family: str, name: str, node: Node) -> Filter:
        version = VERSIONS.get(family)
        rules: list[Rule] = []
        for item in node.each():
            if item.word == "term":
                rules.extend(self._read_term(family, version, term) for term in item.each())
            elif item.word in _FILTER_SETTINGS:
                item.swallow()
            else:
                doubt = self._report.doubt(item, f"{item.word} of a filter is not understood")
                rules.insert(0, doubt.rule(Match(version=version)))
        if (family, name) in self._twice:
            doubt = self._report.doubt(node, f"filter {name} stands without a family, too")
            rules.insert(0, doubt.rule(Match(version=version)))
        if not rules:
            doubt = self._report.doubt(node, f"filter {name} has no terms")
            rules.append(doubt.rule(Match(version=version)))
        return Filter(family, name, version, tuple(rules), tuple(node.lines))

    def _read_term(self, family: str, version: int | None, term: Node) -> Rule:
        seen = tuple(sorted(set(term.all_lines())))
        condition = read_from(
            term.take("from"), version=version, names=self._names, report=self._report
        )
        state = _Then(self._names, self._report)
        for item in term.each():
            if item.word == "then":
                self._read_then(state, item, self._absent | _ABSENT.get(family, frozenset()))
            elif item.word == "filter":
                state.body = self._nested(state, family, item)
                state.flow = Flow.NEXT
            elif item.word != "from":
                reason = self._report.unread(item, f"{item.word} of a term is not understood")
                state.actions.append(Unclear(reason))
        return Rule(condition, tuple(state.actions), state.flow, state.body, seen)

    def _nested(self, state: _Then, family: str, item: Node) -> tuple[Rule, ...]:
        name = item.value() or ""
        found = self.filter(family, name)
        if found is None:
            reason = self._report.unread(item, f"filter {name} is not in the text")
            state.actions.append(Unclear(reason))
            return ()
        return found.rules

    def _read_then(self, state: _Then, then: Node, absent: frozenset[str]) -> None:
        # What is kept is not in source order: actions of a term are a set.
        fate = in_force([item for item in then.each() if item.word in _FATES])
        for item in then.each():
            if item.word in _FATES and item is not fate:
                item.swallow()
            elif item.word in absent:
                reason = f"action {item.word} does not exist in such a filter"
                state.actions.append(Unclear(self._report.unread(item, reason)))
            elif item.word in _ACTIONS:
                _ACTIONS[item.word](state, item)
            elif item.word in _NO_BEARING:
                item.swallow()
            elif item.word in _POLICERS:
                self._read_police(state, item, then)
            else:
                reason = self._report.unread(item, f"action {item.word} is not understood")
                state.actions.append(Unclear(reason))

    def _read_police(self, state: _Then, item: Node, then: Node) -> None:
        item.swallow()
        named = item  # of a three-color-policer, the kind stands before its name
        while (below := in_force([*named.children.values()])) is not None:
            named = below
        found = self._policers.get((item.word, named.word))
        if found is None:
            reason = self._report.unread(item, f"policer {named.word} is not in the text")
            state.actions.append(Unclear(reason))
            return
        state.actions.append(found.police)
        coloured = found.is_blind or found.drops_red
        if coloured and then.get(keyword(lines.LOSS_PRIORITY)) is not None:
            reason = f"whether loss-priority or {item.word} comes first is not known"
            state.actions.append(Unclear(self._report.unread(item, reason)))
        elif found.is_blind:
            state.actions.append(SetTag(LOSS_PRIORITY_TAG, "low"))
        elif found.drops_red:
            state.body = (_RED,)


def filter_stage(name: str, filters: list[Filter]) -> Stage:
    """Return filters as they run one after the other on an interface (`input-list`).

    The discard follows the last filter of each IP version.
    """
    rules = [rule for item in filters for rule in item.rules]
    for version in dict.fromkeys(item.version for item in filters):
        last = [item for item in filters if item.version == version][-1]
        end = Rule(Match(version=version), (Drop(),), lines=last.lines)
        if not (last.rules and _takes_all(last.rules[-1], version)):
            rules.append(end)
    if any(rule.flow is Flow.NEXT and _marks(rule) for rule in rules):
        rules = list(_doubting_marks(rules, f"code point written by {name}"))
    return Stage(name, tuple(rules))


def _doubting_marks(rules: Iterable[Rule], tag: str) -> Iterator[Rule]:
    """Yield the rules; whether a later one sees a code point written by an earlier is not known."""
    is_marked = False
    for rule in rules:
        if is_marked and _sees_code_point(rule):
            yield Rule(Tagged(tag, (_YES,)), (Unclear(_SEEN),), Flow.NEXT, lines=rule.lines)
        if rule.flow is Flow.NEXT and _marks(rule):
            is_marked = True
            yield _tagging(rule, tag)
        else:
            yield rule


def _marks(rule: Rule) -> bool:
    return any(isinstance(action, SetTos) for action in rule.actions) or any(map(_marks, rule.body))


def _tagging(rule: Rule, tag: str) -> Rule:
    """Return a rule that also says where it, or one in its body, writes a code point."""
    if not _marks(rule):
        return rule
    wrote = any(isinstance(action, SetTos) for action in rule.actions)
    actions = (*rule.actions, SetTag(tag, _YES)) if wrote else rule.actions
    return replace(rule, actions=actions, body=tuple([_tagging(item, tag) for item in rule.body]))


def _sees_code_point(rule: Rule) -> bool:
    found = (part for part in conditions_in(rule.condition) if isinstance(part, Match))
    return any(part.code_points or part.tos for part in found) or any(
        map(_sees_code_point, rule.body)
    )


def _takes_all(rule: Rule, version: int | None) -> bool:
    return rule.condition == Match(version=version) and rule.flow is Flow.STOP


def _policers(firewall: Node) -> Iterator[tuple[tuple[str, str], _Policer]]:
    """Yield policers by kind and name.

    Sources: "Single-Rate Three-Color Policer Overview": what conforms gets loss priority low;
    "color-blind": without it a policer is aware of colors, and never lowers a loss priority.
    """
    for kind in _POLICERS:
        node = firewall.get(kind)
        for policer in () if node is None else node.children.values():
            limit = policer.get("if-exceeding", "bandwidth-limit")
            police = Police(values.rate((None if limit is None else limit.value()) or ""))
            rated = [found for word in _COLORING if (found := policer.get(word)) is not None]
            is_blind = any("color-blind" in found.children for found in rated)
            drops_red = bool(rated) and policer.get("action") is not None
            yield (kind, policer.word), _Policer(police, is_blind, drops_red)


def _mark(state: _Then, item: Node) -> None:
    word = item.value() or ""
    found = values.code_points(word, state.names.aliases(item.word))
    if found is None or len(found) != 1:
        reason = state.report.unread(item, f"code point {word!r} is not known")
        state.actions.append(Unclear(reason))
    else:
        state.actions.append(set_code_point(CodePoint(found[0])))


def _put_in_class(state: _Then, item: Node) -> None:
    name = state.names.classes.name(item.value() or "")
    state.actions += [Assign(name), SetTag(FORWARDING_CLASS_TAG, name)]


def _set_loss_priority(state: _Then, item: Node) -> None:
    state.actions.append(SetTag(LOSS_PRIORITY_TAG, item.value() or ""))


def _accept(state: _Then, _item: Node) -> None:
    state.flow = Flow.STOP


def _drop(state: _Then, item: Node) -> None:
    item.swallow()
    state.actions.append(Drop())


def _next(state: _Then, item: Node) -> None:
    if item.value() == "term":
        state.flow = Flow.NEXT
    else:
        state.actions.append(Unclear(state.report.unread(item, "next what is not understood")))


_ACTIONS: Final[Mapping[str, Callable[[_Then, Node], None]]] = {
    keyword(lines.DSCP): _mark,
    keyword(lines.TRAFFIC_CLASS): _mark,
    keyword(lines.FORWARDING_CLASS): _put_in_class,
    keyword(lines.LOSS_PRIORITY): _set_loss_priority,
    keyword(lines.ACCEPT): _accept,
    "discard": _drop,
    "reject": _drop,
    "next": _next,
}

ACTION_WORDS: Final = frozenset(_ACTIONS) | _NO_BEARING | frozenset(_POLICERS)
