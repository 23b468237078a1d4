"""From the text of an EOS switch to what it does with packets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from translator.drivers.arista_eos.classmap import ClassMaps, type_and_name
from translator.drivers.arista_eos.egress import EgressQueues, rewrite_stage
from translator.drivers.arista_eos.freetext import without_free_text
from translator.drivers.arista_eos.ingress import BY_DEFAULT, trust_stage
from translator.drivers.arista_eos.lists import LIST_KINDS, AccessLists
from translator.drivers.arista_eos.maps import SwitchMaps
from translator.drivers.arista_eos.names import Opener, is_name
from translator.drivers.arista_eos.places import placed
from translator.drivers.arista_eos.policy import Policies
from translator.drivers.arista_eos.port import Port
from translator.drivers.arista_eos.standing import standing
from translator.drivers.arista_eos.whole import why_incomplete
from translator.drivers.cisco.kinds import RESET, kind_of
from translator.drivers.cisco.ledger import Ledger, NotReadError
from translator.drivers.cisco.reader import Section, TextLine, read_sections
from translator.drivers.cisco.taken_back import negated
from translator.drivers.doubt import Doubt
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.intents.pipeline import Stage

__all__ = ["parse"]

_TRAFFIC_POLICIES: Final = "traffic-policies"
_DEFINED: Final = LIST_KINDS | {"class-map", "policy-map"}
_REMOVES: Final = frozenset({"default", *(f"no {kind}" for kind in _DEFINED)})
_WANTED: Final = _DEFINED | _REMOVES | {
    "interface", "no interface", RESET, "qos", "no", _TRAFFIC_POLICIES,
}  # fmt: skip


def parse(text: str, platform: str) -> DeviceQos:
    """Return what the text does; every line that bears on QoS is accounted for."""
    return _Device(text, platform).finish()


class _Device:
    """The sections of one text, read in the order in which they depend on each other."""

    def __init__(self, text: str, platform: str) -> None:
        self._platform = platform
        reading = read_sections(without_free_text(text)[0], _WANTED)
        self._ledger = Ledger()
        self._ledger.add_notes(reading.notes)
        self._incomplete = why_incomplete(text)
        self._maps = SwitchMaps()
        self._opener = Opener()
        self._ports: dict[str, Port] = {}
        self._profiles: dict[str, Port] = {}
        self._by_kind: dict[str, list[Section]] = {}
        for section in self._standing(reading.sections):
            self._by_kind.setdefault(section.kind, []).append(section)
            self._read(section)
        lists = AccessLists(self._of(*sorted(LIST_KINDS)), self._ledger)
        classes = ClassMaps(self._of("class-map"), lists, self._ledger)
        self._policies = Policies(self._of("policy-map"), classes, self._ledger)
        if self._by_kind.keys() <= LIST_KINDS:
            lists.read_all()
        self._rewrite = rewrite_stage(self._maps)
        self._egress = EgressQueues(self._maps)

    def finish(self) -> DeviceQos:
        *ports, other = placed(self._ports, self._profiles, self._ledger)
        interfaces = tuple(self._interface(port) for port in ports)
        if any(port.queues or port.trust == "dscp" for port in ports):
            self._note_defaults()
        return DeviceQos(
            platform=self._platform,
            interfaces=interfaces,
            other_interface=self._interface(other),
            policies=tuple(self._policy(name, ports) for name in self._policies.names),
            qos_lines=self._ledger.qos_lines,
            understood=self._ledger.understood,
            unread=self._ledger.unread_lines,
            notes=self._ledger.notes,
            incomplete=self._incomplete,
        )

    def _standing(self, sections: Sequence[Section]) -> Sequence[Section]:
        """Return the sections without definitions that were removed, and what removed them."""
        if _REMOVES.isdisjoint([section.kind for section in sections]):  # nearly all texts
            return sections
        return standing([_as_removal(item) for item in sections], _defined_name, self._ledger)

    def _of(self, *kinds: str) -> list[Section]:
        return [section for kind in kinds for section in self._by_kind.get(kind, ())]

    def _read(self, section: Section) -> None:
        head = section.head
        if section.kind == "interface":
            self._read_interface(section)
        elif section.kind in (RESET, "no interface"):
            self._reset(section)
        elif section.kind == "qos" and head.keys[1:2] == ["profile"] and len(head.keys) == 3:
            self._ledger.read(head)
            profile = self._profiles.setdefault(head.words[2], Port(head.words[2]))
            profile.lines.append(head.number)
            self._read_lines(section.body, (profile,))
        elif section.kind == "qos" or head.keys[1:2] == ["qos"]:
            self._read_global(head)
            for line in section.body:
                self._maps.unread.append(line.number)
                self._ledger.unread(line, "stands below a line that opens nothing")
        elif section.kind == _TRAFFIC_POLICIES:
            for line in (head, *section.body):
                self._ledger.unread(line, "traffic policies are not read")

    def _read_interface(self, section: Section) -> None:
        names = self._opener.opened(section.head, len(section.body))
        # The same lines make the same of all ports that no line before was about.
        first, *others = [name for name in names if name not in self._ports] or names[:1]
        twins = frozenset(others)
        for name in names:
            if name not in self._ports:
                self._ports[name] = Port(name)
        ports = [self._ports[name] for name in names if name not in twins]
        self._read_lines(section.body, ports)
        for name in others:
            self._ports[name] = self._ports[first].named(name)
        # Which ports a list means that is none is not known, so it may be any.
        for name in names:
            if not is_name(name) and self._ports[name].lines:
                self._maps.unread.append(self._ports[name].lines[-1])

    def _reset(self, section: Section) -> None:
        """Read `default interface`, which takes back all lines, or `no interface`.

        Source: EOS user manual, `default interface`. What becomes of an interface that is removed,
        and of its members, is not known.
        """
        head = section.head
        for name in self._opener.opened(negated(head), 0):
            known = self._ports.get(name)
            if not is_name(name):
                self._maps.unread.append(head.number)
                self._ledger.unread(head, "the interfaces are not known")
            elif known is not None and section.kind == RESET:
                self._ledger.read(head)
                self._ports[name] = Port(name)
            elif known is not None and (known.lines or known.bundle):
                self._ledger.unread(head, "what an interface has behind this line is not known")
                known.lines.append(head.number)
                known.unread_in = known.unread_out = Doubt.at(head.number, head.text)

    def _read_lines(self, lines: Iterable[TextLine], ports: Collection[Port]) -> None:
        for line in lines:
            for port in ports:
                try:
                    if port.read(line):
                        self._ledger.read(line)
                except NotReadError as error:
                    self._ledger.unread(line, str(error))

    def _read_global(self, line: TextLine) -> None:
        try:
            self._maps.read(line)
        except NotReadError as error:
            self._maps.unread.append(line.number)
            self._ledger.unread(line, str(error))
        else:
            self._ledger.read(line)

    def _note_defaults(self) -> None:
        if None in self._maps.dscp_line:
            self._ledger.note(
                "code points without a line keep the default traffic class (unverified: 0-7 have "
                "class 1, 8-15 class 0, others that of their upper three bits)"
            )
        if None in self._maps.queue_line[:-1]:
            self._ledger.note(
                "traffic classes without a line have the transmit queue of their number "
                "(unverified)"
            )

    def _interface(self, port: Port) -> InterfaceQos:
        egress = (self._rewrite, self._egress.stage(port))
        return InterfaceQos(
            name=port.name,
            ingress=tuple(self._ingress(port)),
            egress=tuple(stage for stage in egress if stage is not None),
            queuing=self._egress.queuing(port),
            ingress_policy=port.policy,
            lines=tuple(port.lines),
        )

    def _ingress(self, port: Port) -> Iterator[Stage]:
        doubts = tuple(
            doubt.rule() for doubt in (self._maps.doubt, port.unread_in) if doubt is not None
        )
        if doubts:
            yield Stage("not understood", doubts)
        yield trust_stage(port, self._maps) if port.trust else BY_DEFAULT
        if port.policy is not None:
            yield self._policies.stage(port.policy)

    def _policy(self, name: str, ports: Iterable[Port]) -> PolicyQos:
        return PolicyQos(
            name=name,
            kind="policy-map",
            stages=(self._policies.stage(name),),
            bound=tuple((port.name, "in") for port in ports if port.policy == name),
            lines=self._policies.lines_of(name),
        )


def _as_removal(section: Section) -> Section:
    """Return a section; what gives a definition its default back removes it."""
    if section.kind != "default" or len(section.head.words) < 2:
        return section
    kind = kind_of(section.head.text.split(None, 1)[1])
    return section._replace(kind=f"no {kind}") if kind in _DEFINED else section


def _defined_name(section: Section) -> str:
    """Return the name of a list, or of a class-map or policy-map of QoS; "" of others."""
    if section.kind in LIST_KINDS:
        return section.head.words[-1] if len(section.head.words) > 2 else ""
    kind, name = type_and_name(section) if section.kind in _DEFINED else ("", "")
    return name if kind == "qos" else ""
