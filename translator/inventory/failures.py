"""What is told when hosts fail: the fault of the plan once, the faults of hosts one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from translator.errors import HostsFailedError, PlanError, TranslatorError, Where
from translator.inventory.model import Host

__all__ = ["failure_of"]

_NAMED: Final = 5


def failure_of(
    failures: Sequence[tuple[Host, TranslatorError]], hosts: int, plan: Where | None
) -> TranslatorError:
    """Return the error to raise for (host, error) pairs, at least one, of that many hosts.

    An error that was raised `from` another names the host; the other is what was wrong.
    """
    causes = {str(_cause(error)): _cause(error) for _, error in failures}
    cause = next(iter(causes.values()))
    if hosts == 1 or (len(failures) == hosts and len(causes) == 1 and isinstance(cause, PlanError)):
        error = failures[0][1] if hosts == 1 else cause
        if isinstance(error, PlanError) and error.where is None:
            return PlanError(error.problem, where=plan, hint=error.hint)
        return error
    return HostsFailedError(
        f"{len(failures)} of {hosts} hosts failed, so there is no result for any of them",
        _told(failures),
        hint="correct what is said above of each of them, or leave them out with --limit",
    )


def _told(failures: Sequence[tuple[Host, TranslatorError]]) -> list[TranslatorError]:
    """The errors, those that point into the plan once for all hosts that they concern."""
    of_hosts: dict[str, list[tuple[Host, TranslatorError]]] = {}
    for host, error in failures:
        cause = _cause(error)
        key = str(error) if cause.where is None else str(cause)
        of_hosts.setdefault(key, []).append((host, error))
    return [_for_all(concerned) for concerned in of_hosts.values()]


def _for_all(failures: Sequence[tuple[Host, TranslatorError]]) -> TranslatorError:
    error = failures[0][1]
    if len(failures) == 1:
        return error
    cause = _cause(error)
    names = [host.name for host, _ in failures]
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return type(cause)(
        f"hosts {', '.join(names[:_NAMED])}{more}: {cause.problem}",
        where=cause.where,
        hint=cause.hint,
    )


def _cause(error: TranslatorError) -> TranslatorError:
    return error.__cause__ if isinstance(error.__cause__, TranslatorError) else error
