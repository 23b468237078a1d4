"""One host from inventory to proven text: compile, lower, render, prove."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from translator.drivers.base import Driver, Rendered
from translator.drivers.registry import driver
from translator.errors import TranslatorError
from translator.intents.compile import Compiler
from translator.intents.lower import lower
from translator.intents.match import Prefix
from translator.intents.model import DeviceIntents
from translator.inventory.failures import failure_of
from translator.inventory.model import Host
from translator.plan.check import PlanFinding, check_shares_of, contradictions
from translator.plan.model import Plan
from translator.plan.shares import QueueShare
from translator.verify.diagram import Space
from translator.verify.fleet import Prover
from translator.verify.prove import Proof, prove

__all__ = ["Job", "Translation"]

_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class Translation:
    """What one host gets, and the proof that it is right."""

    host: Host
    intents: DeviceIntents
    rendered: Rendered
    proof: Proof


class Job:
    """Translates the hosts of one plan; what hosts have in common is compiled once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._compiler = Compiler(plan)
        self._space = Space()
        self._prover = Prover(self._space)

    def intents(self, host: Host) -> DeviceIntents:
        """Return what the plan wants of a host, as its platform can express it.

        Raises:
            PlanError: a role needs rows that cannot be rendered.
            UnsupportedIntentError: the platform cannot express it exactly.
        """
        return self._for(host, driver(host.driver))

    def contradictions(self, hosts: Iterable[Host]) -> tuple[PlanFinding, ...]:
        """Return what is wrong with the plan, or the shares of a line, though it can be rendered.

        Of an address group that hosts bind differently, the first binding counts; of lines with
        the same shares, the first is named.
        """
        bindings: dict[str, tuple[Prefix, ...]] = {}
        first: dict[tuple[QueueShare, ...], tuple[Host, str]] = {}
        for host in hosts:
            for group, prefixes in host.addresses:
                bindings.setdefault(group, prefixes)
            for spec in host.interfaces:
                if spec.shares:
                    first.setdefault(spec.shares, (host, spec.name))
        return (
            *contradictions(self._plan, bindings),
            *(
                replace(item, where=host.where, message=f"host {host.name}, {name}: {item.message}")
                for shares, (host, name) in first.items()
                for item in check_shares_of(self._plan, shares)
            ),
        )

    def translate(self, host: Host) -> Translation:
        """Return a host's configuration with its proof.

        Raises:
            PlanError, UnsupportedIntentError: as `intents`.
            ProofError: the text would treat a packet otherwise; a fault of the driver.
        """
        chosen = driver(host.driver)
        intents = self._for(host, chosen)
        try:
            rendered, proof = self._prover.render(chosen, intents)
        except TranslatorError as error:
            raise _named(host, error) from error
        return Translation(host, intents, rendered, proof)

    def prove(self, host: Host, text: str, file: str) -> Proof:
        """Return how a text compares with what the plan wants of the host.

        Raises:
            PlanError, UnsupportedIntentError: as `intents`.
            ParseError: the text is not of the host's platform.
        """
        chosen = driver(host.driver)
        found = chosen.parse(text, file=file)
        return prove(self._for(host, chosen), found, chosen.capabilities, self._space)

    def for_each(self, hosts: Sequence[Host], work: Callable[[Host], _Done]) -> Iterator[_Done]:
        """Yield what is made of each host; a host that fails does not keep the others from it.

        Raises:
            HostsFailedError: at the end, if some of several hosts failed.
            TranslatorError: the one host failed, or the plan itself is at fault for all.
        """
        failures: list[tuple[Host, TranslatorError]] = []
        for host in hosts:
            try:
                done = work(host)
            except TranslatorError as error:
                failures.append((host, error))
                continue
            yield done
        if failures:
            raise failure_of(failures, len(hosts), self._plan.where)

    def _for(self, host: Host, chosen: Driver) -> DeviceIntents:
        try:
            wanted = self._compiler.compile(host.name, host.interfaces, host.bindings)
            return lower(wanted, chosen.capabilities)
        except TranslatorError as error:
            raise _named(host, error) from error


def _named(host: Host, error: TranslatorError) -> TranslatorError:
    """The error with the host it is about, unless there is only one to speak of."""
    if host.where is None or error.problem.startswith(f"{host.name}:"):
        return error
    return type(error)(
        f"host {host.name}: {error.problem}", where=error.where or host.where, hint=error.hint
    )
