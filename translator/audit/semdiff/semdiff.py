"""Which traffic changes treatment between two configurations, of one platform or of two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from translator.audit.semdiff.join import joined_differences
from translator.audit.semdiff.queues import ParameterChange, QueueMove, compare_queues
from translator.audit.semdiff.unread import with_words_for_lines
from translator.audit.semdiff.ways import (
    ANY_OTHER,
    Pairing,
    Text,
    Twin,
    Way,
    pair_interfaces,
    twin_of,
    ways,
)
from translator.errors import UndecidedError, UsageError
from translator.intents.capabilities import Feature
from translator.intents.condition import AllOf, Condition
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.intents.match import Match
from translator.verify.behaviour import ProgramCache
from translator.verify.compare import Comparison, Difference, Side, Verdict, compare
from translator.verify.diagram import TOO_DEEP, Space
from translator.verify.usage import unread_in_use

__all__ = ["Change", "Question", "SemDiff", "Text", "Way", "semdiff"]

_MAX_BOXES: Final = 20
_NO_FRAGMENTS: Final = (
    "non-initial fragments are left out: what one of the platforms does with them is not verified"
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of the two texts beside what their names already say.

    Attributes:
        mapping: names of interfaces in A with those in B.
        policies: names of policies in A with those in B; with any, only these are compared.
        enter, leave: only packets that enter or leave by this interface.
        domain: only these packets; None for all.
        snippet: the texts are meant as pieces; they are compared as far as they go.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    policies: Mapping[str, str] = field(default_factory=dict)
    enter: str | None = None
    leave: str | None = None
    domain: Condition | None = None
    snippet: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """Packets that are treated otherwise, and every way on which that shows.

    In `difference`, "wanted" is what A does and "found" what B does.
    """

    ways: tuple[Way, ...]
    difference: Difference

    @property
    def place(self) -> str:
        """Where it shows, in a few words: one direction of an interface where that says it all."""
        entries = {way.entry for way in self.ways}
        exits = {way.exit for way in self.ways}
        if entries == {None}:
            return str(self.ways[0])
        if ANY_OTHER in exits and len(entries) == 1:
            return f"entering {self.ways[0].entry}"
        if ANY_OTHER in entries and len(exits) == 1:
            return f"leaving {self.ways[0].exit}"
        more = len(self.ways) - 1
        return f"{self.ways[0]}" + (f" and {more} more ways" if more else "")


@dataclass(frozen=True, slots=True)
class SemDiff:
    """The verdict with its evidence.

    Attributes:
        changes: packets that are treated otherwise.
        also: ways whose packets change only as those of their entry or exit do.
        parameters, moves: what differs in the queues.
        only_a, only_b: interfaces that one text alone speaks of.
        reasons: why something is unknown or undecided.
        notes: what the verdict rests on.
    """

    verdict: Verdict
    ways: tuple[Way, ...]
    changes: tuple[Change, ...] = ()
    also: tuple[Way, ...] = ()
    parameters: tuple[ParameterChange, ...] = ()
    moves: tuple[QueueMove, ...] = ()
    only_a: tuple[str, ...] = ()
    only_b: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def semdiff(
    a: Text, b: Text, question: Question | None = None, space: Space | None = None
) -> SemDiff:
    """Return which packets the two texts treat differently.

    Texts that bind no policy to an interface are compared policy by policy, by name. A text that
    nothing shows to be whole is never EQUAL to another, unless both are meant as snippets.

    Raises:
        UsageError: a name fits neither text, or nothing can be held against anything.
    """
    question = question or Question()
    space = space or Space()
    if a.device.platform == b.device.platform:
        # A line that neither side understands is the same line wherever it stands.
        a = replace(a, device=with_words_for_lines(a.device))
        b = replace(b, device=with_words_for_lines(b.device))
    bound = a.names or b.names or not (a.device.policies or b.device.policies)
    if question.policies or not bound:
        return _of_policies(a, b, question, space)
    pairing = pair_interfaces(a, b, question.mapping)
    enter, leave = (
        None if name is None else twin_of(pairing, a, b, name)
        for name in (question.enter, question.leave)
    )
    same = a.device.platform == b.device.platform
    asked = tuple(dict.fromkeys(ways(a, b, pairing.twins, enter, leave, defaults=same)))
    return _Comparer((a, b), pairing, asked, space, question).result()


def _of_policies(a: Text, b: Text, question: Question, space: Space) -> SemDiff:
    """Compare policies as if each were all that a packet meets on its way out."""
    given = question.policies
    names = {item.name for item in a.device.policies} & {item.name for item in b.device.policies}
    pairs = given or {item.name: item.name for item in a.device.policies if item.name in names}
    left, right = a.device.policies, b.device.policies
    twins = tuple(Twin(one, other) for one, other in pairs.items())
    for twin in twins:
        _check_policy(a.device, twin.a, "A")
        _check_policy(b.device, twin.b, "B")
    only_a = () if given else tuple(x.name for x in left if x.name not in names)
    only_b = () if given else tuple(x.name for x in right if x.name not in names)
    if not twins and (only_a or only_b):
        raise UsageError(
            "neither text binds a policy to an interface, and no policy of the one is called like "
            "one of the other",
            hint="say which is which: --policy "
            f"{(only_a or ('NAME',))[0]}={(only_b or ('NAME',))[0]}",
        )
    pairing = Pairing(twins, only_a, only_b)
    asked = tuple(Way(None, twin) for twin in twins)
    alone_a, alone_b = (replace(x, device=_policies_alone(x.device)) for x in (a, b))
    found = _Comparer((alone_a, alone_b), pairing, asked, space, question).result()
    note = "policies are compared by themselves, not where they are bound"
    return replace(found, notes=(note, *found.notes))


def _check_policy(device: DeviceQos, name: str, side: str) -> None:
    if device.policy(name) is None:
        known = ", ".join(item.name for item in device.policies) or "none"
        raise UsageError(f"{side} has no policy {name!r}", hint=f"policies of {side}: {known}")


def _policies_alone(device: DeviceQos) -> DeviceQos:
    """Return a device on which each policy is an interface that packets leave by."""
    return replace(
        device,
        interfaces=tuple(_as_interface(item) for item in device.policies),
        other_interface=InterfaceQos("*"),
        kinds=(),
        forward=(),
    )


def _as_interface(policy: PolicyQos) -> InterfaceQos:
    return InterfaceQos(
        policy.name, egress=policy.stages, queuing=policy.queuing, lines=policy.lines
    )


class _Comparer:
    """One comparison; what ways have in common is made ready once."""

    def __init__(
        self,
        texts: tuple[Text, Text],
        pairing: Pairing,
        asked: Sequence[Way],
        space: Space,
        question: Question,
    ) -> None:
        a, b = texts
        self._a, self._b = a, b
        self._pairing = pairing
        self._ways = asked
        self._space = space
        self._same = a.device.platform == b.device.platform
        self._domain = self._narrowed(question.domain)
        self._snippet = question.snippet
        self._caches = ProgramCache(), ProgramCache()
        self._notes: list[str] = []
        self._reasons: list[str] = []
        self._verdicts: set[Verdict] = set()

    def result(self) -> SemDiff:
        compared = [(way, self._compared(way)) for way in self._ways]
        deciding = [(way, found) for way, found in compared if way.decides]
        self._verdicts |= {found.verdict for _, found in deciding}
        self._reasons += [reason for _, found in deciding for reason in found.reasons]
        parameters, moves = self._queues()
        one_sided = not self._same and (self._pairing.only_a or self._pairing.only_b)
        if parameters or moves or one_sided or (self._by_policy and self._one_sided):
            self._verdicts.add(Verdict.DIFFERENT)
        self._unread()
        changes, also = _gathered(deciding)
        notes = (*self._scope_notes(), *self._left_out(compared), *self._notes)
        return SemDiff(
            _worst(self._verdicts),
            tuple(way for way, _ in deciding),
            changes,
            also,
            parameters,
            moves,
            self._pairing.only_a,
            self._pairing.only_b,
            tuple(dict.fromkeys(self._reasons)),
            tuple(dict.fromkeys(notes)),
        )

    @property
    def _by_policy(self) -> bool:
        return any(way.entry is None for way in self._ways)

    @property
    def _one_sided(self) -> bool:
        return bool(self._pairing.only_a or self._pairing.only_b)

    def _sides(self, way: Way) -> tuple[Side, Side]:
        entry = (None, None) if way.entry is None else (way.entry.a, way.entry.b)
        leaving = (None, None) if way.exit is None else (way.exit.a, way.exit.b)
        return (
            Side(self._a.device, entry[0], leaving[0], self._caches[0]),
            Side(self._b.device, entry[1], leaving[1], self._caches[1]),
        )

    def _compared(self, way: Way) -> Comparison:
        left, right = self._sides(way)
        if self._same and left.programs == right.programs:
            return Comparison(Verdict.EQUAL)
        domain = self._domain
        if self._same and not self._fragments_proven:
            domain = self._without_fragments_in_doubt(way)
        found = self._compare(way, domain, _MAX_BOXES if way.decides else 0)
        joined = joined_differences(found.differences)
        return Comparison(found.verdict, joined, found.packet, found.reasons)

    def _without_fragments_in_doubt(self, way: Way) -> Condition | None:
        """Leave later fragments out where they alone keep the answer from being known.

        What a platform may do with them does not tell two of its texts apart.
        """
        whole = Match(fragment=False)
        domain = whole if self._domain is None else AllOf((self._domain, whole))
        if self._compare(way, self._domain, 0).verdict is not Verdict.UNKNOWN:
            return self._domain
        if self._compare(way, domain, 0).verdict is Verdict.UNKNOWN:
            return self._domain
        self._notes.append(_NO_FRAGMENTS)
        return domain

    def _compare(self, way: Way, domain: Condition | None, max_boxes: int) -> Comparison:
        left, right = self._sides(way)
        return compare(
            left, right, self._space, service=way.service, domain=domain, max_boxes=max_boxes
        )

    @property
    def _fragments_proven(self) -> bool:
        return all(item.capabilities.fragments_proven for item in (self._a, self._b))

    def _queues(self) -> tuple[tuple[ParameterChange, ...], tuple[QueueMove, ...]]:
        """Compare the schedulers, each exit with all deciding ways to it."""
        by_exit: dict[Twin | None, list[Way]] = {}
        for way in self._ways:
            if way.decides or self._same:
                by_exit.setdefault(way.exit, []).append(way)
        parameters: list[ParameterChange] = []
        moves: list[QueueMove] = []
        for leaving in by_exit.values():
            try:
                found = compare_queues(self._a, self._b, leaving, self._space, self._domain)
            except UndecidedError as error:
                self._verdicts.add(Verdict.UNDECIDED)
                self._reasons.append(error.problem)
            except RecursionError:
                self._verdicts.add(Verdict.UNDECIDED)
                self._reasons.append(TOO_DEEP)
            else:
                parameters += found[0]
                moves += found[1]
        return tuple(parameters), tuple(moves)

    def _unread(self) -> None:
        """Say which lines keep the answer from being known: those that only one text has."""
        left, right = self._a.device, self._b.device
        texts = [{item.text.strip() for item in device.unread} for device in (left, right)]
        common = texts[0] & texts[1] if self._same else set()
        for side, device in (("A", left), ("B", right)):
            names = {name for twin in self._pairing.twins for name in (twin.a, twin.b)}
            used = unread_in_use(device, names)
            for item in used:
                if item.text.strip() not in common:
                    self._verdicts.add(Verdict.UNKNOWN)
                    text = item.text.strip()
                    self._reasons.append(f"{side} line {item.line} was not understood: {text}")
        if common:
            count = len(common)
            lines = "1 line that is not understood is"
            if count > 1:
                lines = f"{count} lines that are not understood are"
            self._notes.append(f"{lines} the same in both texts")
        sides = (("A", left.incomplete), ("B", right.incomplete))
        cut = [f"{side} may be cut off: {why}" for side, why in sides if why]
        if cut and not self._snippet:
            self._verdicts.add(Verdict.UNKNOWN)
        (self._notes if self._snippet else self._reasons).extend(cut)

    def _narrowed(self, domain: Condition | None) -> Condition | None:
        parts = [] if domain is None else [domain]
        if not self._same:
            sides = (self._a.capabilities, self._b.capabilities)
            if not self._fragments_proven:
                parts.append(Match(fragment=False))
            if not all(item.has(Feature.IPV6) for item in sides):
                parts.append(Match(version=4))
        return None if not parts else parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _scope_notes(self) -> Iterator[str]:
        if self._same:
            return
        for side in (self._a, self._b):
            if not side.capabilities.has(Feature.IPV6):
                yield f"IPv6 is left out: {side.device.platform} cannot classify it"
        if not self._fragments_proven:
            yield _NO_FRAGMENTS
        yield "shares and rates of two platforms are compared within 1 point and 1 %"

    def _left_out(self, compared: Iterable[tuple[Way, Comparison]]) -> Iterator[str]:
        shown = [(way, x.packet) for way, x in compared if not way.decides and x.packet is not None]
        if not shown:
            return
        way, packet = shown[0]
        left, right = (side.trace(packet).treatment for side in self._sides(way))
        yield (
            "interfaces that are not named keep each platform's own default, and these ways are "
            f"left out: {', '.join(str(way) for way, _ in shown)} (there dscp {packet.dscp} gets: "
            f"{left} in A, {right} in B)"
        )


def _gathered(
    compared: Iterable[tuple[Way, Comparison]],
) -> tuple[tuple[Change, ...], tuple[Way, ...]]:
    """Join equal differences; of a way whose entry or exit alone shows one, say no more."""
    differing = [(way, found) for way, found in compared if found.differences]
    entries = {way.entry for way, _ in differing if way.exit == ANY_OTHER}
    exits = {way.exit for way, _ in differing if way.entry == ANY_OTHER}
    found_on: dict[object, tuple[Difference, list[Way]]] = {}
    also: list[Way] = []
    for way, found in sorted(differing, key=lambda item: not _is_single(item[0])):
        fresh = [x for x in found.differences if _key(x) not in found_on]
        if fresh and not _is_single(way) and (way.entry in entries or way.exit in exits):
            also.append(way)
            fresh = []
        for item in found.differences:
            if item in fresh or _key(item) in found_on:
                found_on.setdefault(_key(item), (item, []))[1].append(way)
    return tuple(Change(tuple(on), item) for item, on in found_on.values()), tuple(also)


def _is_single(way: Way) -> bool:
    return ANY_OTHER in (way.entry, way.exit) or way.entry is None


def _key(item: Difference) -> object:
    return item.box, item.wanted, item.found, item.certain


def _worst(verdicts: set[Verdict]) -> Verdict:
    worst_first = (Verdict.DIFFERENT, Verdict.UNDECIDED, Verdict.UNKNOWN)
    return next((verdict for verdict in worst_first if verdict in verdicts), Verdict.EQUAL)
