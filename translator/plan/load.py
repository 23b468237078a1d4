"""Plan files and presets, read."""

from __future__ import annotations

from functools import cache
from importlib import resources
from os.path import exists  # False, not an error, for a name that is too long
from pathlib import Path
from typing import Final

from translator.errors import PlanError, Where
from translator.plan.build import PLAN_KEYS, build_plan
from translator.plan.dump import dump_plan
from translator.plan.fields import Fields, scalar_of, table_of
from translator.plan.model import Plan
from translator.plan.overlay import overlay
from translator.plan.table_plan import read_csv_plan
from translator.plan.text import nearest, read_text
from translator.plan.tree import Table, read_tree

__all__ = [
    "STANDARD_PRESET",
    "load_plan",
    "load_preset",
    "load_tree",
    "parse_plan",
    "parse_tree",
    "preset_names",
]

STANDARD_PRESET: Final = "lync-2013"
_TABLES: Final = (".csv", ".tsv", ".txt")
_PRESETS: Final = resources.files("translator.plan") / "presets"


def load_plan(path_or_preset: str | Path) -> Plan:
    """Return the plan of a YAML or CSV file, or a preset by its name.

    A file of that name goes before a preset.

    Raises:
        PlanError: there is neither, or the plan is wrong; says where and what to do.
    """
    name = str(path_or_preset)
    path = Path(name)
    if name in preset_names() and not path.is_file():
        return load_preset(name)
    if not path.suffix and "/" not in name and not exists(path):
        shown = ascii(name[:60])
        raise PlanError(
            f"{shown} is neither a plan file nor a preset",
            hint="presets: " + ", ".join(preset_names()) + "; files end in .yaml or .csv",
        )
    text = read_text(path)
    if path.suffix.lower() in _TABLES:
        return read_csv_plan(text, name, load_preset(STANDARD_PRESET))
    if text.lstrip().startswith("|"):
        raise PlanError(
            "this is a Markdown table, not a plan file",
            where=Where(name, 1),
            hint=f"convert it first: qos-translator plan import {name}",
        )
    return parse_plan(text, name)


def load_tree(path_or_preset: str | Path) -> Table:
    """Return the tree of a plan, laid over what it extends; ports by name are still names.

    A table has no names of ports, and its tree no lines.

    Raises:
        PlanError: as `load_plan`.
    """
    name = str(path_or_preset)
    plan = load_plan(name)
    path = Path(name)
    if name in preset_names() and not path.is_file():
        return _preset_tree(name)
    if path.suffix.lower() in _TABLES:
        return table_of(read_tree(dump_plan(plan), name), "the plan")
    return parse_tree(read_text(path), name)


def parse_tree(text: str, file: str) -> Table:
    """Return the tree of a YAML text as `load_tree` does that of a file.

    Raises:
        PlanError: as `load_plan`.
    """
    return _extended(table_of(read_tree(text, file), "the plan"))


def parse_plan(text: str, file: str) -> Plan:
    """Return the plan of a YAML text.

    Raises:
        PlanError: as `load_plan`.
    """
    root = table_of(read_tree(text, file), "the plan")
    standard = None if "extends" in root.entries else load_preset(STANDARD_PRESET).queues
    return build_plan(_extended(root), file, standard)


def _extended(root: Table) -> Table:
    """The tree laid over the preset that it extends, or as it is where it extends none."""
    extends = root.entries.get("extends")
    if extends is None:
        return root
    preset = scalar_of(extends, "extends").text.strip()
    if preset not in preset_names():
        raise PlanError(
            f"extends names {preset[:60]!a}, which is no preset",
            where=extends.where,
            hint=nearest(preset, preset_names()),
        )
    Fields(root, "the plan", PLAN_KEYS)
    base = _preset_tree(preset)
    own_name = {key: node for key, node in base.entries.items() if key != "name"}
    return overlay(Table(own_name, base.where, base.keys), root)


@cache
def preset_names() -> tuple[str, ...]:
    """Return the names of the presets that come with the program."""
    files = (item.name for item in _PRESETS.iterdir())
    return tuple(sorted(name.removesuffix(".yaml") for name in files if name.endswith(".yaml")))


@cache
def load_preset(name: str) -> Plan:
    """Return a preset.

    Raises:
        PlanError: there is none of that name.
    """
    return build_plan(_preset_tree(name), f"{name}.yaml", None)


@cache
def _preset_tree(name: str) -> Table:
    if name not in preset_names():
        raise PlanError(f"there is no preset {name[:60]!a}", hint=nearest(name, preset_names()))
    text = (_PRESETS / f"{name}.yaml").read_text(encoding="utf-8")
    return table_of(read_tree(text, f"{name}.yaml"), "the plan")
