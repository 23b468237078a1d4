"""Compute a repair, and prove it: the result, its rollback, and every moment in between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from msgspec import structs

from translator.audit.bundles import misplaced, place_of, why_elsewhere
from translator.audit.repair.between import first_change
from translator.audit.repair.case import Case
from translator.audit.repair.memory import (
    Proven,
    RepairMemory,
    Seen,
    key_of,
    memory_of_thread,
)
from translator.audit.repair.model import Repair
from translator.audit.repair.passing import Passing, kept_sentences
from translator.audit.repair.search import Found, gaps_of, search
from translator.drivers.base import (
    DescribesPorts,
    Driver,
    Edits,
    PredictsEdits,
    Step,
    joined,
    refuse,
)
from translator.errors import ProofError, RefusedError, UndecidedError
from translator.intents.device import DeviceQos, InterfaceQos, PolicyQos
from translator.intents.match import ANY
from translator.intents.model import DeviceIntents
from translator.intents.pipeline import Assign
from translator.verify.diagram import Space
from translator.verify.names import spelled_out
from translator.verify.prove import Proof, render_proven, with_names_spelled_out
from translator.verify.scheduling import Tolerance
from translator.verify.usage import unread_in_use

__all__ = ["repair"]


def repair(
    driver: Driver,
    text: str,
    intents: DeviceIntents,
    *,
    allow_gap: bool = False,
    snippet: bool = False,
    file: str = "<config>",
    space: Space | None = None,
    tolerance: Tolerance | None = None,
    memory: RepairMemory | None = None,
) -> Repair:
    """Return the commands that make a running configuration do what the intents ask.

    Args:
        intents: lowered to the driver's platform.
        allow_gap: accept moments in which packets are treated neither as before nor as after.
        snippet: the text is meant as a piece; else it must show that it is whole.
        space: shared by several calls, so that equal policies cost nothing again.
        memory: what earlier calls found, to be tried first; the calling thread's own without.

    Raises:
        UnsupportedIntentError: the platform cannot express an intent, or its driver cannot edit.
        RefusedError: no repair holds, or none is hitless; or an interface has its QoS elsewhere.
        UndecidedError: lines in use were not understood, or a diagram outgrew its budget.
        ProofError: two models of the device disagree about the result.
    """
    _refuse_members(driver, text, intents)
    case = _case(driver, text, intents, space or Space(), file)
    case = replace(case, tolerance=tolerance or Tolerance())
    now = case.prove(text)
    _refuse_unknown(case, snippet=snippet)
    if now.ok:
        return Repair(text=text, atomic=case.edits.atomic, proof=("the text is as wanted already",))
    memory = memory or memory_of_thread()
    rendered = memory.rendered(
        case, lambda: render_proven(driver, case.intents, case.space)[0].config
    )
    return _searched(replace(case, rendered=rendered), memory, allow_gap=allow_gap)


def _searched(case: Case, memory: RepairMemory, *, allow_gap: bool) -> Repair:
    """Return the repair that held on an equal device if it holds here, else one that is found."""
    key = (allow_gap, key_of(case))
    steps = memory.recall(key)
    if steps is not None:
        alike = _alike(case, memory.recall_proof(key))
        if alike is not None:
            return alike
        known = _again(case, steps)
        if known is not None:
            memory.keep_proof(key, _as_proven(case, known))
            return known
    found = search(case, allow_gap=allow_gap)
    proven = _proven(case, found)
    if not found.gaps and memory.keep(case, key, found.steps):
        memory.keep_proof(key, _as_proven(case, proven))
    return proven


def _as_proven(case: Case, found: Repair) -> Proven:
    return Proven(found, _seen(case, case.text, found.text), _restores(case, found))


def _alike(case: Case, known: Proven | None) -> Repair | None:
    """Return a repair that was proven on a device of which all that counts is equal here."""
    if known is None:
        return None
    commands = known.repair.commands
    try:
        text = case.edits.apply(case.text, commands)
        if case.edits.undo(case.text, commands) != known.repair.rollback:
            return None
    except RefusedError:
        return None
    found = replace(known.repair, text=text)
    if _seen(case, case.text, text) != known.seen or _restores(case, found) != known.restores:
        return None
    return found


def _seen(case: Case, before: str, after: str) -> Seen:
    """Return all that a proof looks at; where lines stand is no part of it."""
    old, new = (_unplaced(case.parse(text)) for text in (before, after))
    return old, new, case.foreign(old, new)


def _unplaced(device: DeviceQos) -> DeviceQos:
    unread = tuple(structs.replace(item, line=0) for item in device.unread)
    return replace(device, qos_lines=(), understood=(), unread=unread)


def _restores(case: Case, found: Repair) -> bool:
    restored = case.edits.apply(found.text, found.rollback)
    return _lines(restored) == _lines(case.edits.apply(case.text, ()))


def _again(case: Case, steps: tuple[Step, ...]) -> Repair | None:
    """Return the repair by steps of another device, proven on this one; None if it fails."""
    try:
        if gaps_of(case, joined(steps), case.text):
            return None
        before, after = (
            case.parse(text) for text in (case.text, case.edits.apply(case.text, joined(steps)))
        )
        return None if case.harmed(before, after) else _proven(case, Found(steps, ()))
    except (RefusedError, ProofError):
        return None


def _case(driver: Driver, text: str, intents: DeviceIntents, space: Space, file: str) -> Case:
    if not isinstance(driver, Edits):
        raise refuse(
            driver.platform,
            "a repair",
            "its driver does not know what single commands make of a running configuration",
            nearest="paste what `render` prints as a whole",
        )
    space.recycle()
    case = Case(driver, driver, text, intents, space, file)
    return replace(case, intents=with_names_spelled_out(intents, _with_ports(case)))


def _with_ports(case: Case) -> DeviceQos:
    """Return the device with all interfaces of the text, those without QoS too."""
    driver, text = case.driver, case.text
    device = case.read(text)
    known = {item.name for item in device.interfaces}
    ports = driver.ports(text) if isinstance(driver, DescribesPorts) else ()
    more = tuple(InterfaceQos(port.name) for port in ports if port.name not in known)
    return replace(device, interfaces=(*device.interfaces, *more))


def _refuse_members(driver: Driver, text: str, intents: DeviceIntents) -> None:
    ports = driver.ports(text) if isinstance(driver, DescribesPorts) else ()
    for name, port in misplaced((item.name for item in intents.interfaces), ports).items():
        raise RefusedError(
            f"{name} is not repaired: {why_elsewhere(port)}",
            hint=f"give the role to {place_of(port, ports)} instead",
        )


def _refuse_unknown(case: Case, *, snippet: bool) -> None:
    device = case.read(case.text)
    if device.incomplete and not snippet:
        raise UndecidedError(
            f"nothing shows that this is the whole configuration: {device.incomplete}",
            hint="give all of it; --snippet takes the text as it is",
        )
    names = {spelled_out(device, item.name) for item in case.intents.interfaces}
    unread = unread_in_use(device, names)
    if unread:
        lines = "; ".join(f"line {item.line}: {item.text.strip()}" for item in unread[:5])
        raise UndecidedError(
            f"lines that bear on these interfaces were not understood: {lines}",
            hint="nothing is patched that was not understood; settle these lines by hand first",
        )


def _proven(case: Case, found: Found) -> Repair:
    commands = found.commands
    text = case.edits.apply(case.text, commands)
    proof = case.prove(text)
    if not proof.ok:
        raise RefusedError(
            f"no repair was found that holds on the model: {proof.problem}",
            hint="change it by hand after the rendered text; see `render` and `prove`",
        )
    before, after = case.parse(case.text), case.parse(text)
    passing = case.passing(before, after)
    if passing.lost is not None:
        raise RefusedError(
            f"no repair was found that leaves other packets alone: {passing.problem}",
            hint="change it by hand after the rendered text; see `render` and `prove`",
        )
    rollback = case.edits.undo(case.text, commands)
    restored = case.edits.apply(text, rollback)
    _check_same(case, before, case.parse(restored), "the rollback does not bring back")
    _check_second_opinion(case, commands, after)
    back = gaps_of(case, rollback, text)
    return Repair(
        commands,
        rollback,
        case.edits.atomic,
        found.gaps,
        (
            *_notes(case, before, after),
            *filter(None, (passing.note,)),
            *(f"the rollback is not hitless: {gap}" for gap in back),
        ),
        (*case.edits.edit_assumptions, *proof.assumptions),
        tuple(_sentences(case, proof, passing, found, restored)),
        text,
    )


def _notes(case: Case, before: DeviceQos, after: DeviceQos) -> Iterator[str]:
    for name in case.followers(before, after):
        yield f"{name} follows: it has no QoS of its own"
    ours = {policy.name for policy in case.parse(case.rendered).policies}
    for policy in before.policies:
        left = after.policy(policy.name)
        if not policy.bound or left is None:
            continue
        if not left.bound:
            yield f"policy {policy.name} is bound nowhere then; it is left as it is"
        elif (
            structs.replace(left, bound=()) != structs.replace(policy, bound=())
            and policy.name not in ours
        ):
            gone = [item for item in _classes(policy) if item not in _classes(left)]
            yield f"policy {policy.name} keeps its name, and is changed where it is bound"
            if gone:
                yield f"policy {policy.name} loses class {', '.join(gone)}"


def _classes(policy: PolicyQos) -> tuple[str, ...]:
    """Return the names of the classes of a policy in their order, without the default."""
    rules = [rule for stage in policy.stages for rule in stage.rules if rule.condition != ANY]
    actions = (action for rule in rules for action in rule.actions)
    return tuple(
        dict.fromkeys(action.class_name for action in actions if isinstance(action, Assign))
    )


def _check_same(case: Case, one: DeviceQos, other: DeviceQos, what: str) -> None:
    names = (*case.foreign(one), *(item.name for item in case.intents.interfaces))
    way = first_change(one, other, names, case.space)
    if way is not None:
        raise ProofError(f"{what} what was there: {way}", hint="nothing was printed")


def _check_second_opinion(case: Case, commands: Sequence[str], after: DeviceQos) -> None:
    if isinstance(case.driver, PredictsEdits):
        predicted = case.parse(case.driver.predict(case.text, commands))
        _check_same(case, after, predicted, "two models disagree, the other one does not give")


def _sentences(
    case: Case, proof: Proof, passing: Passing, found: Found, restored: str
) -> list[str]:
    original = case.edits.apply(case.text, ())
    lines = [
        f"after the commands the text does what is wanted, on {len(proof.pairs)} pairs of "
        f"interfaces, {proof.packets_note}",
        *kept_sentences(passing),
        "the rollback brings back what every packet met before"
        + (", line by line" if _lines(restored) == _lines(original) else ""),
    ]
    if case.edits.atomic:
        lines.append("the commands take effect at once")
    elif not found.gaps:
        lines.append("after every single command each packet meets its old or its new treatment")
    if isinstance(case.driver, PredictsEdits):
        lines.append("ciscoconfparse predicts a text that does the same")
    return lines


def _lines(text: str) -> Counter[str]:
    return Counter(" ".join(line.split()) for line in text.splitlines() if line.strip(" !"))
