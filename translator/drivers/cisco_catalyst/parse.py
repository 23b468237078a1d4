"""From the text of an `mls qos` switch to what it does with packets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import MappingProxyType
from typing import Final

from translator.drivers.cisco.classmap import ClassMaps
from translator.drivers.cisco.groups import Groups
from translator.drivers.cisco.kinds import RESETS
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.lists import LIST_KINDS, AccessLists, name_of
from translator.drivers.cisco.places import Opener
from translator.drivers.cisco.reader import Section, TextLine, read_sections
from translator.drivers.cisco.removed import settled, with_removals
from translator.drivers.cisco.taken_back import negated
from translator.drivers.cisco.whole import why_incomplete
from translator.drivers.cisco_catalyst.egress import DEFAULT_SHAPE, EgressQueues
from translator.drivers.cisco_catalyst.ingress import trust_rules
from translator.drivers.cisco_catalyst.logical import Logical, is_logical
from translator.drivers.cisco_catalyst.maps import SwitchQos, is_of_switch
from translator.drivers.cisco_catalyst.opened import Ports
from translator.drivers.cisco_catalyst.policy import Policies
from translator.drivers.cisco_catalyst.port import PORT_GLOBAL_WORDS, PORT_WORDS, TAKE_BACK, Port
from translator.drivers.doubt import Doubt
from translator.intents.condition import Not, Predicate
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.intents.pipeline import Rule, Stage

__all__ = ["parse"]

_PORT_HEADS: Final = frozenset({"srr-queue", "priority-queue", "queue-set"})
_LISTS: Final = with_removals(*LIST_KINDS)
_GROUPS: Final = with_removals("object-group")
_CLASSES: Final = with_removals("class-map")
_POLICIES: Final = with_removals("policy-map")
_WANTED: Final = (
    _LISTS
    | _GROUPS
    | _PORT_HEADS
    | _CLASSES
    | _POLICIES
    | RESETS
    | {"interface", "template", "mls qos", "no", "default", "auto"}
)
_ON_PORTS: Final = [[word] for word in PORT_GLOBAL_WORDS]
_FILTER_NOTE: Final = (
    "filters of interfaces (ip access-group, ipv6 traffic-filter) are not looked at: what they "
    "deny counts as if it passed"
)
# With QoS off the stage does nothing: code points pass unchanged, all is best effort.
_UNLESS_ON: Final = Rule(Not(Predicate("whether `mls qos` is on", unread=True)))

_BEARING: Final = MappingProxyType({"interface": PORT_WORDS})


def parse(text: str, platform: str) -> DeviceQos:
    """Return what the text does; every line that bears on QoS is accounted for."""
    return _Device(text, platform).finish()


class _Device:
    """The sections of one text, read in the order in which they depend on each other."""

    def __init__(self, text: str, platform: str) -> None:
        self._platform = platform
        reading = read_sections(text, _WANTED, _BEARING)
        self._ledger = Ledger()
        self._ledger.add_notes(reading.notes)
        self._incomplete = why_incomplete(text, reading.notes)
        self._switch = SwitchQos()
        self._opener = Opener()
        self._ports = Ports()
        self._templates: set[str] = set()
        sections, removed = settled(reading.sections)
        for line in removed:
            self._ledger.read(line)
        self._kinds_there = {section.kind for section in sections}
        self._definitions = [section for section in sections if section.kind != "interface"]
        for section in sections:
            self._read(section)
        groups = Groups(self._of(*_GROUPS), self._ledger)
        lists = AccessLists(self._of(*_LISTS), groups, self._ledger)
        classes = ClassMaps(self._of(*_CLASSES), lists, self._ledger)
        classes.read_all()
        self._read_lone_lists(lists)
        self._policies = Policies(self._of(*_POLICIES), classes, self._switch, self._ledger)
        self._egress = EgressQueues(self._switch)
        self._note_matches()

    def finish(self) -> DeviceQos:
        enabled = self._is_enabled()
        named = self._ports.named()
        self._logical = Logical(
            (port.bundle, name, port.bundle_line) for name, port in named if port.bundle
        )
        bound: dict[str, list[tuple[str, str]]] = {}
        for name, port in self._ports.named():
            macro = port.check_macro()
            if macro is not None:
                self._ledger.unread(macro, "the lines that the macro writes are not in this text")
            if port.template in self._templates:
                reason = f"template {port.template} is not followed"
                port.unread_in = port.unread_out = Doubt(reason, (port.template_line,))
            if port.policy is not None:
                bound.setdefault(port.policy, []).append((name, "in"))
        return DeviceQos(
            platform=self._platform,
            interfaces=tuple(self._interfaces(enabled)),
            other_interface=self._interface("*", Port(0), enabled),
            kinds=tuple(self._kinds(enabled)),
            policies=tuple(
                self._policy(name, bound.get(name, ())) for name in self._policies.names
            ),
            qos_lines=self._ledger.qos_lines,
            understood=self._ledger.understood,
            unread=self._ledger.unread_lines,
            notes=self._ledger.notes,
            incomplete=self._incomplete,
        )

    def _of(self, *kinds: str) -> list[Section]:
        return [section for section in self._definitions if section.kind in kinds]

    def _read(self, section: Section) -> None:
        head = section.head
        if section.kind == "interface":
            names = self._opener.opened(head, len(section.body))
            self._ports.open(names, head.number)
            self._read_ports(section.body)
        elif section.kind == "template":
            self._read_template(section)
        elif section.kind in RESETS:
            self._reset(head)
        elif section.kind == "auto" and head.keys[1:2] == ["qos"]:
            self._ledger.read(head)  # the macro's name: what it did is in the lines it printed
        else:
            keys = head.keys[1:] if head.keys[0] in TAKE_BACK else head.keys
            on_switch = keys[:2] == ["mls", "qos"] and keys[2:3] not in _ON_PORTS
            if on_switch:
                self._read_global(head)
            elif keys[:2] == ["mls", "qos"] or (keys and keys[0] in _PORT_HEADS):
                self._read_below(section)

    def _read_template(self, section: Section) -> None:
        """A template's lines are not followed into the ports that name it: those are unknown."""
        port = Port(section.head.number)
        for line in section.body:
            try:
                about_qos = port.read(line)
            except NotReadError:
                about_qos = True
            if about_qos:
                self._ledger.unread(line, "lines of a template are not followed")
                self._templates.add(section.head.words[-1])

    def _reset(self, head: TextLine) -> None:
        """Take in `default interface Gi1/0/1`, or `no interface Vlan10`.

        Source: IOS Configuration Fundamentals Command Reference, `default`: it resets all settings
        of the interface.
        """
        names = self._opener.opened(negated(head), 0)
        if self._ports.reset(names, head.number):
            self._ledger.read(head)
        elif self._ports.are_unknown:
            self._switch.unread.append(head.number)
            self._ledger.unread(head, "which interfaces it means is not known")

    def _read_global(self, line: TextLine) -> None:
        try:
            self._switch.read(line)
        except NotReadError as error:
            self._switch.unread.append(line.number)
            self._ledger.unread(line, str(error))
        else:
            self._ledger.read(line)

    def _read_below(self, section: Section) -> None:
        """A port's lines that lost their indentation belong to the interface above them."""
        lines = (section.head, *section.body)
        reason = "" if self._ports.opened else "stands below no interface"
        if not self._opener.follows(sum(port.sharers for port in self._ports.opened), len(lines)):
            reason = "ranges of interfaces stand for more lines than are followed"
            self._switch.unread.append(section.head.number)
        for line in lines if reason else ():
            self._ledger.unread(line, reason)
        if not reason:
            self._read_ports(lines)

    def _read_ports(self, lines: Iterable[TextLine]) -> None:
        """Give lines to each of the ports that were opened last."""
        opened, unknown = self._ports.opened, self._ports.are_unknown
        for line in lines:
            if is_of_switch(line):  # a command of the whole switch acts below an interface, too
                self._read_global(line)
                continue
            for port in opened:
                self._read_port(port, line)
                # Which ports an unknown range means is not known, so it may be any.
                if unknown and port.lines:
                    self._switch.unread.append(port.lines[-1])

    def _read_port(self, port: Port, line: TextLine) -> None:
        try:
            if port.read(line):
                self._ledger.read(line)
        except NotReadError as error:
            self._ledger.unread(line, str(error))

    def _read_lone_lists(self, lists: AccessLists) -> None:
        """A text of access lists alone was cut out of a policy: read them, or none would be."""
        if self._kinds_there <= LIST_KINDS:
            for section in self._of("ip access-list", "ipv6 access-list", "mac access-list"):
                if name := name_of(section):
                    lists.condition(name)

    def _note_matches(self) -> None:
        for section in self._of("class-map"):
            matches = sum(line.keys[0] == "match" for line in section.body)
            if matches - sum(line.keys[:2] == ["no", "match"] for line in section.body) > 1:
                self._ledger.note(
                    f"class-map {section.head.words[-1]} has more than one match line, "
                    "which these switches refuse"
                )

    def _is_enabled(self) -> bool | None:
        """Whether QoS is on; None where a text that may be a piece does not say."""
        if self._switch.enabled is not None:
            if not self._switch.enabled:
                self._ledger.note("`no mls qos`: code points pass unchanged, all best effort")
            return self._switch.enabled
        if self._incomplete:
            self._ledger.note("a text that may be a piece does not say whether `mls qos` is on")
            return None
        if self._ledger.qos_lines:
            self._ledger.note(
                "`mls qos` is absent: QoS is off, code points pass unchanged, all best effort"
            )
        return False

    def _interfaces(self, enabled: bool | None) -> Iterator[InterfaceQos]:
        """Yield the interfaces with QoS; those that share their lines share their stages."""
        known: dict[Port, InterfaceQos] = {}
        for name, port in self._ports.named():
            if not (port.lines or port.is_unread):
                continue
            if enabled is not False:
                self._note_port(name, port)
            if is_logical(name):
                yield self._interface(name, port, enabled)
                continue
            like = known.get(port)
            if like is None:
                found = known[port] = self._interface(name, port, enabled)
            else:
                found = like.named(name)
            yield found

    def _kinds(self, enabled: bool | None) -> Iterator[InterfaceQos]:
        """Yield what holds for interfaces without QoS that are no ports; with QoS off, nothing."""
        for name in self._logical.names if enabled is not False else ():
            yield InterfaceQos(
                name,
                ingress=(_if_on(Stage("physical ports", self._logical.rules(name)), enabled),),
                egress=(_if_on(self._logical.egress(name), enabled),),
            )

    def _note_port(self, name: str, port: Port) -> None:
        if port.egress_lines and port.share is None and port.shape is None:
            self._ledger.note(
                f"{name}: the scheduler's default weights promise nothing to a queue "
                "(unverified: shared 25 25 25 25, queue 1 shaped to 1/25)"
            )
        if port.share is not None and port.shape is None and not port.priority_out:
            self._ledger.note(
                f"{name}: queue 1 is shaped to 1/{DEFAULT_SHAPE[0]} of the line, the switch's "
                "default, which `srr-queue bandwidth shape 0 0 0 0` would undo"
            )
        if port.filtered:
            self._ledger.note(_FILTER_NOTE)
        if port.limit_percent is not None:
            self._ledger.note(f"{name} is limited to {port.limit_percent} % of its line")

    def _interface(self, name: str, port: Port, enabled: bool | None) -> InterfaceQos:
        lines = tuple(port.lines)
        if enabled is False:
            return InterfaceQos(name, ingress_policy=port.policy, lines=lines)
        ingress, egress = self._ingress(port), self._egress.stage(port)
        queuing = self._egress.queuing(port)
        if is_logical(name):
            ingress = Stage(ingress.name, (*self._logical.rules(name), *ingress.rules))
            egress, queuing = self._logical.egress(name), None
        return InterfaceQos(
            name=name,
            ingress=(_if_on(ingress, enabled),),
            egress=(_if_on(egress, enabled),),
            queuing=queuing,
            ingress_policy=port.policy,
            lines=lines,
        )

    def _ingress(self, port: Port) -> Stage:
        doubts = [doubt.rule() for doubt in self._doubts(port)]
        if port.policy is None:
            return Stage("trust state", (*doubts, *trust_rules(port, self._switch)))
        stage = self._policies.stage(port.policy, port.default_cos)
        return Stage(stage.name, (*doubts, *stage.rules))

    def _doubts(self, port: Port) -> Iterable[Doubt]:
        yield from filter(None, (self._switch.doubt, port.unread_in))
        lines = tuple(port.trust_lines)
        if port.vlan_based:
            reason = "the policy of the VLAN interface decides (`mls qos vlan-based`)"
            yield Doubt(reason, lines)
        if port.policy is None:
            return
        # Source: 3750-X Command Reference, `mls qos trust`: the two exclude one another and the
        # last one configured wins; a text that holds both does not say which that was.
        if port.trust is not None or port.devices or port.cos_override:
            reason = "trust and an input policy stand on one port: which one holds is not known"
            yield Doubt(reason, lines)
        if port.mutation is not None:
            yield Doubt("a mutation map stands beside an input policy", lines)

    def _policy(self, name: str, bound: Iterable[tuple[str, str]]) -> PolicyQos:
        return PolicyQos(
            name=name,
            kind="policy-map",
            stages=(self._policies.stage(name),),
            bound=tuple(bound),
            lines=self._policies.lines_of(name),
        )


def _if_on(stage: Stage, enabled: bool | None) -> Stage:
    return stage if enabled else Stage(stage.name, (_UNLESS_ON, *stage.rules))
