"""The search for a repair: proposals of the driver, tried on the model, the smallest that holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from translator.audit.repair.between import Third, Watch
from translator.audit.repair.case import Case
from translator.audit.repair.model import Gap
from translator.drivers.base import Slot, Step, joined
from translator.errors import RefusedError
from translator.intents.device import DeviceQos

__all__ = ["Found", "gaps_of", "search"]

_MOST_ORDERS: Final = 6
_MOST_MOVES: Final = 6


@dataclass(frozen=True, slots=True)
class Found:
    """Steps that hold on the model, and the moments between old and new that they have."""

    steps: tuple[Step, ...]
    gaps: tuple[Gap, ...]

    @property
    def commands(self) -> tuple[str, ...]:
        """The steps as a list of commands."""
        return joined(self.steps)


def search(case: Case, *, allow_gap: bool) -> Found:
    """Return the steps that bring every interface to what is wanted.

    Raises:
        RefusedError: the driver proposes nothing that holds, or only what has a gap.
        UndecidedError: a diagram outgrew its budget.
    """
    slots = case.wrong_slots(case.parse(case.text))
    best: Found | None = None
    for order in _orders(case, slots):
        found = _in_order(case, order)
        if best is None or len(found.gaps) < len(best.gaps):
            best = found
        if not best.gaps:
            return best
    assert best is not None
    if allow_gap:
        return best
    raise RefusedError(
        f"no order of commands is hitless: {best.gaps[0]}",
        hint="repeat it with --allow-gap, at a time when that traffic may suffer",
    )


def gaps_of(case: Case, commands: Sequence[str], text: str) -> tuple[Gap, ...]:
    """Return the moments in which packets are treated neither as before nor as after."""
    if case.edits.atomic:
        return ()
    before, after = case.parse(text), case.parse(case.edits.apply(text, commands))
    watch = Watch(before, after, case.space, case.domain)
    gaps: list[Gap] = []
    opened: tuple[int, Third] | None = None
    third, known = None, _doing(before)
    for count, state in enumerate(case.states(text, commands), 1):
        meanwhile = case.parse(state)
        if _doing(meanwhile) != known:  # most commands only define
            third, known = watch.third(meanwhile), _doing(meanwhile)
        if third is not None and opened is None:
            opened = count, third
        elif third is None and opened is not None:
            gaps.append(_gap(commands, opened[0], count - 1, opened[1]))
            opened = None
    return tuple(gaps)


def _doing(device: DeviceQos) -> tuple[object, ...]:
    return device.interfaces, device.other_interface, device.forward


def _gap(commands: Sequence[str], first: int, last: int, third: Third) -> Gap:
    opens, closes = commands[first - 1].strip(), commands[last].strip()
    return Gap(first, last, opens, closes, *third)


def _orders(case: Case, slots: list[Slot]) -> Iterator[Sequence[Slot]]:
    """Yield the slots in orders worth trying: what enters first, so that no queue is widened."""
    first = sorted(slots, key=lambda slot: slot.direction)
    if case.edits.together:
        yield first
        return
    for count, order in enumerate(permutations(first)):
        if count >= _MOST_ORDERS:
            return
        yield order


def _in_order(case: Case, order: Sequence[Slot]) -> Found:
    text = case.text
    steps: list[Step] = []
    if case.edits.together:
        found = _for_slots(case, text, list(order) or case.all_slots())
        return Found(found, gaps_of(case, joined(found), text))
    while True:
        wrong = {(slot.interface, slot.direction): slot for slot in _wrong(case, text)}
        left = [slot for slot in order if (slot.interface, slot.direction) in wrong]
        left = [wrong[slot.interface, slot.direction] for slot in left] or list(wrong.values())
        if not left:
            break
        if len(steps) > 500:
            raise _nothing(left[0], [])
        found = _for_slots(case, text, left)
        steps += found
        text = case.edits.apply(text, joined(found))
    commands = joined(steps)
    return Found(tuple(steps), gaps_of(case, commands, case.text))


def _wrong(case: Case, text: str) -> list[Slot]:
    return case.wrong_slots(case.parse(text))


def _for_slots(case: Case, text: str, slots: list[Slot]) -> tuple[Step, ...]:
    """Return the best steps for the first slot, or for all where they depend on each other."""
    why: list[str] = []
    best: tuple[int, int, tuple[Step, ...]] | None = None
    for steps in _proposals(case, text, slots):
        problem = _problem(case, text, steps, slots)
        if problem:
            why.append(problem)
            continue
        ordered, gaps = _rearranged(case, text, steps, slots)
        rank = (gaps, len(joined(ordered)), ordered)
        if best is None or rank[:2] < best[:2]:
            best = rank
        if not gaps:
            break
    if best is None:
        raise _nothing(slots[0], why)
    return _smallest(case, text, best[2], slots, best[0])


def _proposals(case: Case, text: str, slots: list[Slot]) -> Iterator[tuple[Step, ...]]:
    """Yield what the driver proposes, for the wrong slots first, then for all of the intents."""
    yield from case.edits.repairs(text, case.rendered, slots)
    every = case.all_slots()
    if case.edits.together and len(every) > len(slots):
        yield from case.edits.repairs(text, case.rendered, every)


def _rearranged(
    case: Case, text: str, steps: tuple[Step, ...], slots: list[Slot]
) -> tuple[tuple[Step, ...], int]:
    """Return steps in an order with fewer gaps, if moving the step that opens one helps."""
    gaps = gaps_of(case, joined(steps), text)
    for _ in range(_MOST_MOVES):
        if not gaps:
            break
        opens = _step_of(steps, gaps[0].opens)
        closes = _step_of(steps, gaps[0].closes)
        moved = [step for step in steps if step is not opens]
        if opens is closes:
            break
        moved.insert(moved.index(closes) + 1, opens)
        if _problem(case, text, tuple(moved), slots):
            break
        fewer = gaps_of(case, joined(moved), text)
        if len(fewer) >= len(gaps):
            break
        steps, gaps = tuple(moved), fewer
    return steps, len(gaps)


def _step_of(steps: tuple[Step, ...], command: str) -> Step:
    """Return the step that holds a command; its headers count as its own."""
    return next(
        step for step in steps if command in (line.strip() for line in (*step.context, *step.lines))
    )


def _problem(case: Case, text: str, steps: tuple[Step, ...], slots: list[Slot]) -> str:
    """Return why steps are no repair of the slots, "" if they are."""
    try:
        after = case.edits.apply(text, joined(steps))
    except RefusedError as error:
        return error.problem
    before_device, after_device = case.parse(text), case.parse(after)
    harmed = case.harmed(before_device, after_device)
    if harmed:
        return f"interfaces that nobody asked about would change: {harmed}"
    if case.edits.together:
        proof = case.prove(after)
        return "" if proof.ok else f"the result is not what is wanted: {proof.problem}"
    wrong = {(slot.interface, slot.direction) for slot in case.wrong_slots(after_device)}
    if (slots[0].interface, slots[0].direction) in wrong:
        return "the interface would not do what is wanted"
    known = {(slot.interface, slot.direction) for slot in case.wrong_slots(before_device)}
    return "another interface would be wrong then" if wrong - known else ""


def _smallest(
    case: Case, text: str, steps: tuple[Step, ...], slots: list[Slot], gaps: int
) -> tuple[Step, ...]:
    """Return the steps without those that are not needed."""
    kept = list(steps)
    for step in reversed(steps):
        if step.tidy:
            continue
        fewer = [item for item in kept if item is not step]
        if _problem(case, text, tuple(fewer), slots):
            continue
        if len(gaps_of(case, joined(fewer), text)) <= gaps:
            kept = fewer
    return tuple(kept)


def _nothing(slot: Slot, why: list[str]) -> RefusedError:
    reasons = "; ".join(dict.fromkeys(why)) or "the driver proposes nothing"
    return RefusedError(
        f"no repair of {slot.interface} ({slot.direction}) holds on the model: {reasons}",
        hint="change it by hand after the rendered text; see `render` and `prove`",
    )
