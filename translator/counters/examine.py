"""From the counters of a device, and its configuration where there is one, to findings.

Saved text and a live session end here alike: whoever has (command, reply) pairs makes snapshots
of them with `translator.counters.snapshot` and asks `examine`.
"""

from __future__ import annotations

from dataclasses import dataclass

from translator.audit.model import Finding, Severity
from translator.audit.roles import infer_roles
from translator.counters.change import Difference, difference, since_start
from translator.counters.meaning import Meaning, meaning_of
from translator.counters.snapshot import Snapshot
from translator.counters.verdicts import judge
from translator.drivers.base import DescribesPorts, Driver
from translator.errors import PlanError, UnsupportedIntentError
from translator.intents.compile import InterfaceSpec, compile_intents
from translator.intents.device import DeviceQos, InterfaceQos
from translator.intents.lower import lower
from translator.intents.match import Prefix
from translator.plan.model import Plan
from translator.verify.prove import with_names_spelled_out

__all__ = ["Examination", "Question", "examine", "understand"]


@dataclass(frozen=True, slots=True)
class Question:
    """What counters are held against.

    Attributes:
        config: text of the device's configuration, "" where there is none.
        file: the name of its file.
        specs: interfaces with their roles; none: as far as the configuration states them.
        addresses: (address group of the plan, prefixes) pairs.
    """

    driver: Driver
    plan: Plan
    config: str = ""
    file: str = "<config>"
    specs: tuple[InterfaceSpec, ...] = ()
    addresses: tuple[tuple[str, tuple[Prefix, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Examination:
    """What was counted, what it stands for and what is wrong."""

    difference: Difference
    meaning: Meaning
    findings: tuple[Finding, ...] = ()

    @property
    def exit_code(self) -> int:
        """1 with findings, 0 without; a note is no finding in this sense."""
        return int(any(item.severity is not Severity.NOTE for item in self.findings))


def examine(
    question: Question,
    before: Snapshot,
    after: Snapshot | None = None,
    seconds: float | None = None,
) -> Examination:
    """Return what was counted between two snapshots, or since the start of counting, judged.

    Args:
        seconds: time between the two; None takes it from their clocks.

    Raises:
        ParseError: the configuration is not of the platform.
        UsageError: as `difference`.
    """
    found = since_start(before) if after is None else difference(before, after, seconds)
    meaning = understand(question, found.after)
    return Examination(found, meaning, judge(found, meaning))


def understand(question: Question, snapshot: Snapshot) -> Meaning:
    """Return which traffic of the plan the counted classes serve.

    Where the plan cannot be compiled for the roles, code points decide and a note says why.

    Raises:
        ParseError: the configuration is not of the platform.
    """
    driver, plan = question.driver, question.plan
    found = driver.parse(question.config, file=question.file) if question.config else None
    specs = question.specs
    if found is not None and not specs and isinstance(driver, DescribesPorts):
        specs = infer_roles(found, driver.ports(question.config)).specs
    if not specs:
        return meaning_of(plan)
    try:
        wanted = compile_intents(plan, snapshot.device, specs, dict(question.addresses))
        wanted = lower(wanted, driver.capabilities)
    except (PlanError, UnsupportedIntentError) as error:
        why = f"what the plan wants of the interfaces is not known: {error.problem}"
        return Meaning(meaning_of(plan).classes, notes=(why,))
    if found is None:
        counted = tuple(InterfaceQos(name) for name in snapshot.interfaces)
        wanted = with_names_spelled_out(wanted, DeviceQos(driver.platform, counted))
    return meaning_of(plan, driver, wanted, found, question.config)
