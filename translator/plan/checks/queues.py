"""Shares of the link."""

from __future__ import annotations

from collections.abc import Iterator

from translator.plan.checks.finding import Draft, Severity, View
from translator.plan.model import QueueRow, Treatment
from translator.plan.shares import MAX_PRIORITY_PERCENT, MIN_BEST_EFFORT_PERCENT

__all__ = ["best_effort_share", "priority_share", "queue_code_points", "queue_sum"]


def priority_share(view: View) -> Iterator[Draft]:
    """Priority queues that can starve the rest."""
    queues = [item for item in view.plan.queues if item.treatment is Treatment.PRIORITY]
    total = sum(item.percent for item in queues)
    if total > MAX_PRIORITY_PERCENT:
        yield _draft(
            view,
            Severity.WARNING,
            queues,
            f"priority queues take {total} % of the link, more than {MAX_PRIORITY_PERCENT} %",
            "lower them, and keep the audio limit of call admission control below the queue's",
        )


def queue_sum(view: View) -> Iterator[Draft]:
    """More than the link has."""
    total = sum(item.percent for item in view.plan.queues)
    if total > 100:
        yield _draft(
            view,
            Severity.ERROR,
            view.plan.queues,
            f"the queues ask for {total} % of the link",
            "lower the shares until they sum to 100 % or less",
        )


def best_effort_share(view: View) -> Iterator[Draft]:
    """A default queue that is missing or too small."""
    default = [item for item in view.plan.queues if item.media is None]
    if not default:
        yield _draft(
            view,
            Severity.ERROR,
            view.plan.queues,
            "the plan has no default queue",
            "add {media: default, treatment: fair, percent: 25}",
        )
    elif default[0].percent < MIN_BEST_EFFORT_PERCENT:
        yield _draft(
            view,
            Severity.WARNING,
            default,
            f"the default queue has {default[0].percent} % of the link; everything else a site "
            f"does shares it, and {MIN_BEST_EFFORT_PERCENT} % is the usual least",
            f"give it {MIN_BEST_EFFORT_PERCENT} % or more",
        )


def queue_code_points(view: View) -> Iterator[Draft]:
    """A code point that two queues claim."""
    owner: dict[int, QueueRow] = {}
    for queue in view.plan.queues:
        for point in queue.code_points:
            other = owner.setdefault(int(point), queue)
            if other is not queue:
                yield _draft(
                    view,
                    Severity.ERROR,
                    [queue],
                    f"DSCP {point} is in the queues {other.name} and {queue.name}",
                    "leave it in one of them",
                )


def _draft(
    view: View,
    severity: Severity,
    queues: list[QueueRow] | tuple[QueueRow, ...],
    message: str,
    hint: str,
) -> Draft:
    where = next((item.where for item in queues if item.where is not None), view.plan.where)
    return Draft(severity, (), message, hint, where)
