"""Options that go together, stated once: a command takes the group, its user gives the options."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from functools import wraps
from inspect import Parameter, signature
from typing import Any, get_type_hints

__all__ = ["grouped"]


def grouped(command: Callable[..., int]) -> Callable[..., int]:
    """Return the command as Typer is to see it: each option of its groups by itself.

    A group is a parameter whose type is a data class; its fields are annotated as options, and
    have the defaults of the options.
    """
    shown = signature(command, eval_str=True)
    groups: dict[str, Any] = {
        name: item.annotation
        for name, item in shown.parameters.items()
        if is_dataclass(item.annotation)
    }

    @wraps(command)
    def run(**given: Any) -> int:
        for name, group in groups.items():
            options = {item.name: given.pop(item.name) for item in fields(group)}
            given[name] = group(**options)
        return command(**given)

    parameters = [
        option
        for item in shown.parameters.values()
        for option in (_options(item.annotation) if item.name in groups else (item,))
    ]
    setattr(run, "__signature__", shown.replace(parameters=parameters))  # noqa: B010  # as mypy wants
    run.__annotations__ = {item.name: item.annotation for item in parameters}
    return run


def _options(group: Any) -> Iterator[Parameter]:
    hints = get_type_hints(group, include_extras=True)
    for item in fields(group):
        default = Parameter.empty if item.default is MISSING else item.default
        yield Parameter(
            item.name, Parameter.KEYWORD_ONLY, default=default, annotation=hints[item.name]
        )
