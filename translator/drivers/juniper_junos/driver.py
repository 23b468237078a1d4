"""The three product lines of Junos: one mechanism, a few statements of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from translator.codepoint import CodePoint
from translator.collector import collector_paused
from translator.drivers.base import Rendered, SessionFacts, Slot, Step, refuse
from translator.drivers.change import Procedures
from translator.drivers.counting import CountsByListing
from translator.drivers.juniper_junos import lines, values
from translator.drivers.juniper_junos.counters import LISTINGS
from translator.drivers.juniper_junos.forms import flatten
from translator.drivers.juniper_junos.layout import Layout
from translator.drivers.juniper_junos.lines import keyword
from translator.drivers.juniper_junos.ports import read_ports
from translator.drivers.juniper_junos.reader import read_device
from translator.drivers.juniper_junos.render import DF, Renderer, class_actions
from translator.drivers.juniper_junos.replies import JUNOS_REPLIES
from translator.drivers.juniper_junos.signs import (
    FIREWALLS,
    ROUTERS,
    SWITCHES,
    of_firewalls,
    of_routers,
    of_switches,
)
from translator.drivers.juniper_junos.values import BEST_EFFORT
from translator.drivers.reply_reader import StatesReplies
from translator.drivers.signs import Signs
from translator.intents.capabilities import Capabilities, Feature
from translator.intents.device import DeviceQos
from translator.intents.lower import lower
from translator.intents.model import DeviceIntents, Role
from translator.intents.port import Port

__all__ = ["JuniperJunos", "JuniperJunosQfx", "JuniperJunosSrx"]

_COMMON: Final = (
    Feature.QUEUE
    | Feature.SHAPE
    | Feature.IPV6
    | Feature.MATCH_CODE_POINT_WITH_PORT
    | Feature.KEEPS_COMMENTS
)
_FRAGMENTS: Final = (
    "Junos compares the bytes where ports would be in a fragment that has none (unverified); "
    "such packets are left out"
)
_DEFAULT_V6: Final = (
    "Interfaces without a classifier use the ip-precedence table for IPv6 as well (unverified)"
)
_OUTPUT_FILTER: Final = (
    "A forwarding class set by an output filter decides the queue, as Juniper's multifield "
    "classification overview says for packets that exit an interface; not measured"
)
# Source: "dscp (Firewall)" and "Applying DSCP and DSCP IPv6 Classifiers" (ACX).
_LINE_CARDS: Final = (
    "MX with MPC line cards: PTX and MX DPC cannot write a code point in a filter, ACX takes one "
    "DSCP classifier for both IP versions"
)


class JuniperJunos(CountsByListing, StatesReplies):
    """MX with MPC line cards: filters mark and classify, class-of-service queues."""

    platform = "juniper_junos"
    listings = LISTINGS
    title = "Juniper Junos routers (MX): firewall filters and class-of-service"
    replies = JUNOS_REPLIES
    queue_numbers: tuple[int, ...] = (5, 4, 6, 7, 2, 1)
    priority_levels: tuple[str, str] = ("strict-high", "high")
    built_in_classes: Mapping[str, int] = {
        BEST_EFFORT: 0,
        "expedited-forwarding": 1,
        "assured-forwarding": 2,
        values.NETWORK_CONTROL: 3,
    }
    capabilities = Capabilities(
        features=_COMMON | Feature.MARK_INGRESS | Feature.QUEUE_BY_PORT,
        queues=7,  # of eight, one stays with the box's own routing protocols
        classes=16,
        name_length=60,  # filter and term names may have 64
        fragments_proven=False,
        assumptions=(_FRAGMENTS, _OUTPUT_FILTER, _LINE_CARDS),
    )
    # netmiko, NAPALM and Ansible have one name for all product lines; it means the routers here.
    session = SessionFacts(
        netmiko="juniper_junos",
        napalm="junos",
        ansible=("junipernetworks.junos.junos", "juniper.device.junos", "junos"),
        clock="show system uptime",
    )

    def render(self, intents: DeviceIntents) -> Rendered:
        """Return curly form as the configuration and the same in set form as a file.

        Raises:
            UnsupportedIntentError: an intent cannot be expressed exactly.
        """
        renderer = Renderer(lower(intents, self.capabilities), self)
        config = renderer.config()
        return Rendered(
            config=config,
            removal=renderer.removal(),
            instructions=self.instructions(renderer),
            files=(("config.set", "".join(f"{line}\n" for line in flatten(config))),),
        )

    def signs(self, text: str) -> Signs:
        """Return what speaks for this product line, and against it."""
        return of_routers(text)

    def parse(self, text: str, *, file: str = "<config>") -> DeviceQos:
        """Return what a text in curly or set form does.

        Raises:
            ParseError: the input is binary.
        """
        with collector_paused():
            return read_device(
                text,
                platform=self.platform,
                file=file,
                queues=self.built_in_classes,
                absent=self.absent_actions,
                unlisted=self.unlisted_classes,
                notes=self.notes,
            )

    def ports(self, text: str) -> tuple[Port, ...]:
        """Return the units of a text in its order; never raises."""
        with collector_paused():
            return read_ports(text)

    @property
    def procedures(self) -> Procedures:
        """How a device of the product line is changed."""
        # Reading needs none of it.
        from translator.drivers.juniper_junos.change import JunosProcedures

        return JunosProcedures(self.models)

    napalm_driver = "junos"

    @property
    def napalm_procedures(self) -> Procedures:
        """The same over NETCONF."""
        from translator.drivers.juniper_junos.change import JunosProcedures
        from translator.drivers.juniper_junos.netconf import Netconf

        return JunosProcedures(self.models, Netconf())

    models = ROUTERS
    notes: tuple[str, ...] = (_FRAGMENTS, _DEFAULT_V6)
    # Classes into which packets may fall that no classifier of the text sees, beside best-effort;
    # none where they fall by their IP precedence.
    unlisted_classes: tuple[str, ...] = ()
    # Actions of filters that the product line does not have.
    absent_actions: frozenset[str] = frozenset()
    atomic = True
    together = True

    @property
    def edit_assumptions(self) -> tuple[str, ...]:
        """What is taken for granted of entering commands."""
        from translator.drivers.juniper_junos.edit import EDIT_ASSUMPTIONS  # not for reading

        return EDIT_ASSUMPTIONS

    def apply(self, text: str, commands: Sequence[str]) -> str:
        """Return the configuration in set form after a commit of the commands."""
        from translator.drivers.juniper_junos.edit import Candidate

        return Candidate(text).enter(commands).text

    def undo(self, text: str, commands: Sequence[str]) -> tuple[str, ...]:
        """Return the commands that take the commands back."""
        from translator.drivers.juniper_junos.edit import Candidate, changes

        before = Candidate(text)
        after = Candidate(text).enter(commands)
        return tuple(changes(after.paths, before.paths, with_empty=True))

    def repairs(
        self, text: str, rendered: str, slots: Sequence[Slot]
    ) -> Iterator[tuple[Step, ...]]:
        """Yield ways to repair all slots at once."""
        from translator.drivers.juniper_junos.edit_plan import repairs

        return repairs(text, rendered, slots)

    def marking(self, code_point: CodePoint, version: int, layout: Layout, /) -> tuple[str, ...]:
        """Return the `then` statements of a term that marks, in the order the box keeps."""
        word = values.code_point_word(code_point, binary_prefix="b")
        write = (lines.TRAFFIC_CLASS if version == 6 else lines.DSCP).write(value=word)
        put = class_actions(*layout.for_code_point(code_point)) if layout.classes else ()
        accept = lines.ACCEPT.write()
        if version == 6:
            return (*put[:-1], write, accept)
        return (*put[:-1], accept, write)

    def rewrites(self, _intents: DeviceIntents, /) -> bool:
        """The filter writes the code point itself."""
        return False

    def instructions(self, renderer: Renderer) -> tuple[str, ...]:
        """Return what must be done by hand, in order."""
        steps = [
            "where an earlier version of these statements is on the box, load the removal text "
            "into the same candidate first: loading adds terms behind those that are there",
            "load merge (curly form) or load set (set form), then commit confirmed 10 and commit",
        ]
        if renderer.filters:
            steps.append(
                "the filters add family inet and inet6 to the units; leave out the lines of a "
                "family that a unit must not have"
            )
        if renderer.layout.classes:
            steps.append(
                "the box must not use `forwarding-classes queue N NAME`: that form and "
                "`class NAME queue-num N` cannot be committed together"
            )
        return tuple(steps)


class JuniperJunosQfx(JuniperJunos):
    """QFX and EX (ELS): forwarding classes are set on ingress only, priority is strict or low."""

    platform = "juniper_junos_qfx"
    models = SWITCHES
    notes = (_FRAGMENTS,)
    # Source: "Understanding Default CoS Scheduling and Classification" of QFX: ports in trunk mode
    # go by the 802.1p bits. Which bits a packet carries, and what routed ports go by, is not known.
    unlisted_classes = ("fcoe", "no-loss", values.NETWORK_CONTROL)
    title = "Juniper Junos switches (QFX, EX ELS): firewall filters and class-of-service"
    # 0, 3, 4 and 7 belong to best-effort, fcoe, no-loss and network-control; fcoe is lossless
    # only where flow control is configured, so its queue serves when five are needed.
    queue_numbers = (5, 6, 2, 1, 3)
    priority_levels = ("strict-high", "strict-high")
    built_in_classes: Mapping[str, int] = {
        BEST_EFFORT: 0,
        "fcoe": 3,
        "no-loss": 4,
        values.NETWORK_CONTROL: 7,
        "mcast": 8,
    }
    capabilities = Capabilities(
        features=_COMMON | Feature.MARK_INGRESS,
        queues=6,
        classes=16,
        name_length=60,
        fragments_proven=False,
        assumptions=(
            _FRAGMENTS,
            "Built-in queues 0, 3, 4 and 7 of QFX (unverified)",
        ),
    )

    def signs(self, text: str) -> Signs:
        """Return what speaks for this product line, and against it."""
        return of_switches(text)

    def instructions(self, renderer: Renderer) -> tuple[str, ...]:
        """Return the steps of the family, and where such a filter can stand."""
        steps = super().instructions(renderer)
        if not renderer.filters:
            return steps
        # Source: Juniper's 24.4R1 YANG of family junos-qfx.
        return (*steps, "name routed units (or irb): a filter on a switched port cannot mark")


class JuniperJunosSrx(JuniperJunos):
    """SRX: filters cannot write a code point; rewrite rules do where packets leave."""

    platform = "juniper_junos_srx"
    models = FIREWALLS
    title = "Juniper SRX: filters choose the class, rewrite rules mark where packets leave"
    capabilities = Capabilities(
        features=_COMMON | Feature.MARK_AT_EGRESS | Feature.QUEUE_BY_PORT,
        queues=7,
        classes=8,
        name_length=60,
        fragments_proven=False,
        assumptions=(
            _FRAGMENTS,
            _OUTPUT_FILTER,
            "A rewrite rule leaves packets alone whose class and loss priority it does not list "
            "(unverified)",
            "Packets are marked where they leave by an interface named here, not by others",
        ),
    )
    # Source: Juniper's 24.4R1 YANG of family junos-es.
    absent_actions = frozenset({keyword(lines.DSCP), keyword(lines.TRAFFIC_CLASS)})

    def signs(self, text: str) -> Signs:
        """Return what speaks for this product line, and against it."""
        return of_firewalls(text)

    def marking(self, code_point: CodePoint, _version: int, layout: Layout, /) -> tuple[str, ...]:
        """Return the class that stands for the code point; "reset" is best effort, high loss.

        Source: Juniper's 24.4R1 YANG of family junos-es has no `then dscp` or `traffic-class`.
        """
        if code_point == DF:
            return class_actions(BEST_EFFORT, "high")
        return class_actions(*layout.for_code_point(code_point))

    def rewrites(self, intents: DeviceIntents, /) -> bool:
        """Marks are written on every interface, as soon as one of them classifies.

        Raises:
            UnsupportedIntentError: there is nowhere to write them, or they would be written
                from a class that says nothing about the mark.
        """
        if not any(item.marks for item in intents.interfaces):
            return False
        roles = {item.role for item in intents.interfaces}
        if Role.INTERNET in roles:
            raise refuse(
                self.platform,
                "marking beside an Internet line that is queued by ports",
                "its rewrite rules mark by the class that the queue needs",
                nearest="give the line the role wan, or mark at the switch in front of it",
            )
        if not roles & {Role.UPLINK, Role.WAN}:
            raise refuse(
                self.platform,
                "marking without an interface where packets leave",
                "it marks by rewrite rules on the way out",
                nearest="name the uplink or wan interface as well",
            )
        return True

    def instructions(self, renderer: Renderer) -> tuple[str, ...]:
        """Return the steps of the family, and the queues that the box must have."""
        steps = super().instructions(renderer)
        if not renderer.layout.classes:
            return steps
        return (
            "SRX has four queues by default: set max-queues-per-interface 8 under chassis fpc pic "
            "first, where the model has it (the interface card restarts)",
            *steps,
        )
