"""The behaviour of a device: the diagram that gives every packet its treatment.

Stages are executed symbolically. A leaf on the way says where packets stand (`At` a step) and in
which state; every distinct state is carried through the next steps once, for all packets in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from translator.intents.condition import Tagged
from translator.intents.device import DeviceQos
from translator.intents.match import ANY
from translator.intents.pipeline import Flow, Stage
from translator.verify.conditions import given_to
from translator.verify.diagram import Node, Space
from translator.verify.fields import TOS
from translator.verify.program import (
    IN_INTERFACE,
    OUT_INTERFACE,
    Program,
    Step,
    names_among,
    program_of,
    steps_of,
    tags_tested,
)
from translator.verify.treatment import Marking, State

__all__ = ["ProgramCache", "behaviour", "behaviour_of_programs", "stages_between", "tags_after"]


class _At(NamedTuple):
    """Packets that go on at a step of the list."""

    position: int
    state: State


class _Left(NamedTuple):
    """Packets that left the list at its end or by RETURN."""

    state: State


class _Stopped(NamedTuple):
    """Packets that left the whole stage."""

    state: State


# What becomes of packets that leave the whole stage: outside all bodies that is its end.
_Stops = type[_Left] | type[_Stopped]
_FRESH: Final = State()
_NO_TAGS: Final[frozenset[str]] = frozenset()
_NO_NAMES: Final[dict[str, str | None]] = {IN_INTERFACE: None, OUT_INTERFACE: None}


def behaviour(
    device: DeviceQos, in_interface: str | None, out_interface: str | None, space: Space
) -> Node:
    """Return the diagram of treatments for packets that enter and leave by two interfaces.

    Two behaviours are equal on all packets exactly when the returned numbers are equal.

    Raises:
        UndecidedError: the diagram outgrew the space's budget.
    """
    programs = ProgramCache().between(device, in_interface, out_interface)
    return behaviour_of_programs(programs, space)


def stages_between(
    device: DeviceQos, in_interface: str | None, out_interface: str | None
) -> tuple[Stage, ...]:
    """Return the stages on the way; an interface that is None has none."""
    ingress = device.interface(in_interface).ingress if in_interface is not None else ()
    egress = device.interface(out_interface).egress if out_interface is not None else ()
    return (*ingress, *device.forward, *egress)


class _Read(NamedTuple):
    """A stage that has been looked at.

    Attributes:
        program: ready to run if it asks for no interface name; else with the names still open.
        tested: the tests of tags that it makes.
        names: the interface names that it asks for.
    """

    stage: Stage  # kept, so that its id cannot become another's
    program: Program
    tested: list[Tagged]
    names: frozenset[str | None]


class ProgramCache:
    """Stages made ready to run; one whose rules ask for no interface name is made ready once."""

    def __init__(self) -> None:
        self._stages: dict[int, _Read] = {}
        self._between: dict[tuple[int, str | None, str | None], Program] = {}
        self._equal: dict[Program, Program] = {}

    def __len__(self) -> int:
        return len(self._stages) + len(self._between)

    def names_tested(self, stage: Stage) -> frozenset[str | None]:
        """Return the interface names that a stage's rules ask for."""
        return self._read(stage).names

    def _read(self, stage: Stage) -> _Read:
        found = self._stages.get(id(stage))
        if found is None:
            steps = steps_of(stage.rules)
            tested = tags_tested(steps)
            names = names_among(tested) if tested else frozenset()
            program = self._shared(program_of(steps, {} if names else _NO_NAMES, tested))
            found = self._stages[id(stage)] = _Read(stage, program, tested, names)
        return found

    def _shared(self, program: Program) -> Program:
        """Return the program, or its equal: that they are is asked at every turn, and is deep."""
        return self._equal.setdefault(program, program)

    def between(
        self, device: DeviceQos, in_interface: str | None, out_interface: str | None
    ) -> tuple[Program, ...]:
        """Return the programs on the way, with both interface names resolved."""
        stages = stages_between(device, in_interface, out_interface)
        return tuple(self.program(stage, in_interface, out_interface) for stage in stages)

    def program(
        self, stage: Stage, in_interface: str | None = None, out_interface: str | None = None
    ) -> Program:
        """Return one stage made ready to run between two interfaces."""
        read = self._read(stage)
        if not read.names:
            return read.program
        key = (id(stage), in_interface, out_interface)
        program = self._between.get(key)
        if program is None:
            names = {IN_INTERFACE: in_interface, OUT_INTERFACE: out_interface}
            program = self._shared(program_of(read.program.steps, names, read.tested))
            self._between[key] = program
        return program


def behaviour_of_programs(programs: tuple[Program, ...], space: Space) -> Node:
    """Return the diagram of treatments for packets that run through the programs in order."""
    memo = space.memo("behaviour")
    node: Node | None = memo.get(programs)
    if node is None:
        node = memo[programs] = _finished(_states(programs, space), space)
    return node


def tags_after(programs: tuple[Program, ...], tag: str, space: Space) -> Node:
    """Return the diagram of a tag's value after the programs; "" where it was not set."""
    memo = space.memo("tags")
    node: Node | None = memo.get((programs, tag))
    if node is None:
        node = space.map_leaves(
            _states(programs, space, frozenset({tag})), lambda leaf: str(leaf.state.tag(tag) or "")
        )
        memo[programs, tag] = node
    return node


def _states(
    programs: tuple[Program, ...], space: Space, wanted: frozenset[str] = frozenset()
) -> Node:
    """Return where packets are in the end; of their tags only the wanted ones are known there."""
    stages = [_stage_of(program, space) for program in programs]
    live = [wanted]
    for stage in reversed(stages[1:]):
        live.append(live[-1] | stage.program.tests)
    node = space.leaf(_Left(State()))
    known: frozenset[str] = frozenset()
    for stage in stages:
        known |= stage.program.sets
        node = _through(node, stage, live.pop() & known, space)
    return node


class _StageMemo(NamedTuple):
    """A stage, and what it has been found to do."""

    program: Program
    outcomes: dict[State, Node]
    ways: dict[tuple[Node, frozenset[str]], Node]


def _stage_of(program: Program, space: Space) -> _StageMemo:
    memo = space.memo("stage")
    stage: _StageMemo | None = memo.get(program)
    if stage is None:
        stage = memo[program] = _StageMemo(program, {}, {})
    return stage


def _through(node: Node, stage: _StageMemo, live: frozenset[str], space: Space) -> Node:
    """Carry every state through one stage; whoever left or stopped goes on to the next stage.

    States that differ only in what the stage does not look at are carried through it once, and
    tags that nobody looks at later (not `live`) are forgotten.
    """
    found = stage.ways.get((node, live))
    if found is None:
        table: dict[Node, Node] = {}
        for leaf in space.leaves(node):
            assert isinstance(leaf, _Left)
            if not leaf.state.dropped:
                table[space.leaf(leaf)] = _staged(leaf.state, stage, live, space)
        found = stage.ways[node, live] = space.graft(node, table)
    return found


def _staged(state: State, stage: _StageMemo, live: frozenset[str], space: Space) -> Node:
    view = state.seen_by(stage.program.tests)
    outcome = stage.outcomes.get(view)
    if outcome is None:
        outcome = stage.outcomes[view] = _run(stage.program.steps, view, space, _Left)
    if state == _FRESH and live >= stage.program.sets:
        return outcome
    return space.map_leaves(outcome, lambda leaf: _Left(state.followed_by(leaf.state).only(live)))


def _run(program: Sequence[Step], state: State, space: Space, stopped: _Stops) -> Node:
    """Return where packets of one state are after the steps: `_Left`, or `stopped` for those that
    leave the whole stage.
    """
    node: Node | None = None
    for start, end in _segments(program):
        steps, onward = program[start:end], end if end < len(program) else None
        if node is None:
            node = _classified(steps, onward, state, space, stopped)
            continue
        table = {
            space.leaf(leaf): _classified(steps, onward, leaf.state, space, stopped)
            for leaf in space.leaves(node)
            if isinstance(leaf, _At)
        }
        node = space.graft(node, table)
    return space.leaf(_Left(state)) if node is None else node


def _segments(program: Sequence[Step]) -> Iterator[tuple[int, int]]:
    """Return the bounds of runs of steps that a packet leaves at its first match."""
    start = 0
    while start < len(program):
        end = start + 1
        if program[start].flow is not Flow.NEXT:
            while end < len(program) and program[end].flow is not Flow.NEXT:
                end += 1
        yield start, end
        start = end


def _classified(
    steps: Sequence[Step], end: int | None, state: State, space: Space, stopped: _Stops
) -> Node:
    """Return the first-match classifier of the steps; unmatched packets go on at `end`, or leave
    the list where that is None.
    """
    space.spend(len(steps))  # states times rules can be millions without a new node
    parts: list[Node] = []
    for step in steps:
        outcome = _outcome(step, end, state, space, stopped)
        if step.condition is ANY:
            return space.first_match([*parts, outcome])
        parts += given_to(outcome, step.condition, space, state)
    return space.first_match([*parts, space.leaf(_onward(end, state))])


def _outcome(step: Step, end: int | None, state: State, space: Space, stopped: _Stops) -> Node:
    """Return what becomes of packets of the state that match the step."""
    state = state.after(step.actions)
    if state.dropped:
        return space.leaf(stopped(state))
    if not step.body:
        return space.leaf(_followed(step.flow, end, state, stopped))
    if step.flow is Flow.RETURN or (step.flow is Flow.STOP and stopped is _Left):
        # Whoever leaves the body leaves the list as well, so both come out of it alike.
        return _run(step.body, state, space, stopped)
    inner = _run(step.body, state, space, _Stopped)

    def after(leaf: _Left | _Stopped) -> _At | _Left | _Stopped:
        if isinstance(leaf, _Stopped):
            return stopped(leaf.state)
        return _followed(step.flow, end, leaf.state, stopped)

    return space.map_leaves(inner, after)


def _followed(flow: Flow, end: int | None, state: State, stopped: _Stops) -> _At | _Left | _Stopped:
    if flow is Flow.NEXT:
        return _onward(end, state)
    return _Left(state) if flow is Flow.RETURN else stopped(state)


def _onward(end: int | None, state: State) -> _At | _Left:
    return _Left(state) if end is None else _At(end, state)


def _finished(node: Node, space: Space) -> Node:
    """Replace states by treatments, which depend on the ToS byte that a packet came with."""
    known = space.memo("finished")
    finished: Node | None = known.get(node)
    if finished is None:
        finished = known[node] = space.graft(node, _treatments(node, space))
    return finished


def _treatments(node: Node, space: Space) -> dict[Node, Node]:
    """Return for each leaf of a diagram of states the treatments by ToS byte."""
    memo = space.memo("treatments")
    table: dict[Node, Node] = {}
    for leaf in space.leaves(node):
        assert isinstance(leaf, _Left)
        state = leaf.state.only(_NO_TAGS)
        treated = memo.get(state)
        if treated is None:
            treated = memo[state] = _by_tos(state, space)
        table[space.leaf(leaf)] = treated
    return table


def _by_tos(state: State, space: Space) -> Node:
    if state.dropped:
        return space.leaf(state.treatment(0))
    runs = _marking_runs(state.keep, state.value)
    return space.node(
        TOS,
        [high for high, _ in runs],
        [space.leaf(state.treated(marking)) for _, marking in runs],
    )


@lru_cache(maxsize=1024)
def _marking_runs(keep: int, value: int) -> tuple[tuple[int, Marking], ...]:
    """Return (last byte, marking) for each run of ToS bytes that get the same marking."""
    runs: list[tuple[int, Marking]] = []
    for byte in range(256):
        marking = Marking.between(byte, byte & keep | value)
        if runs and runs[-1][1] == marking:
            runs.pop()
        runs.append((byte, marking))
    return tuple(runs)
