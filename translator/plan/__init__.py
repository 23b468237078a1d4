"""The plan: who sends what media from which ports, and the code point it is to carry.

The names in `__all__` are loaded when they are first used: the model alone needs no YAML reader.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from translator.plan.check import CHECKS, PlanFinding, Severity, check_plan
    from translator.plan.dump import dump_plan
    from translator.plan.groups import STANDARD_GROUPS, Bindings, Prefix, resolve_group
    from translator.plan.importer import Imported, import_table
    from translator.plan.load import load_plan, load_preset, parse_plan, preset_names
    from translator.plan.model import Plan, PlanRow
    from translator.plan.repairs import Repair
    from translator.plan.schema import plan_schema
    from translator.plan.select import Refusal, renderable_rows

__all__ = [
    "CHECKS",
    "STANDARD_GROUPS",
    "Bindings",
    "Imported",
    "Plan",
    "PlanFinding",
    "PlanRow",
    "Prefix",
    "Refusal",
    "Repair",
    "Severity",
    "check_plan",
    "dump_plan",
    "import_table",
    "load_plan",
    "load_preset",
    "parse_plan",
    "plan_schema",
    "preset_names",
    "renderable_rows",
    "resolve_group",
]

_NAMES_OF: Final = {
    "check": ("CHECKS", "PlanFinding", "Severity", "check_plan"),
    "dump": ("dump_plan",),
    "groups": ("STANDARD_GROUPS", "Bindings", "Prefix", "resolve_group"),
    "importer": ("Imported", "import_table"),
    "load": ("load_plan", "load_preset", "parse_plan", "preset_names"),
    "model": ("Plan", "PlanRow"),
    "repairs": ("Repair",),
    "schema": ("plan_schema",),
    "select": ("Refusal", "renderable_rows"),
}
_HOME: Final = {name: module for module, names in _NAMES_OF.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'translator.plan' has no attribute {name!r}")
    return getattr(import_module(f"translator.plan.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
