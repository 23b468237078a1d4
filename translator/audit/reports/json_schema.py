"""The JSON Schema of the report for programs, made from the model itself.

`python -m translator.audit.reports.json_schema` prints it.
"""

from __future__ import annotations

import inspect
import json
import re
from typing import Any, Final

import msgspec

from translator.audit import model
from translator.audit.model import DeviceAudit
from translator.audit.reports.json import FORMAT, SCHEMA_VERSION

__all__ = ["audit_schema", "schema_text"]

_TEXT: Final = {"type": "string"}
_COUNT: Final = {"type": "integer", "minimum": 0}
# `name, other: what it is`, further lines indented by more.
_ATTRIBUTE: Final = re.compile(r"^([a-z_]+(?:, [a-z_]+)*): ((?:.|\n(?=    ))+)", re.MULTILINE)


def schema_text() -> str:
    """Return the schema as the file beside this module holds it."""
    return json.dumps(audit_schema(), indent=1) + "\n"


def audit_schema() -> dict[str, Any]:
    """Return the schema, of draft 2020-12."""
    _, found = msgspec.json.schema_components([DeviceAudit], ref_template="#/$defs/{name}")
    definitions: dict[str, Any] = {name: _definition(name, found[name]) for name in sorted(found)}
    judgement = {"$ref": "#/$defs/Judgement"}
    _add(definitions["DeviceAudit"], "judgement", judgement, "The worst of all its placements.")
    _add(definitions["Placement"], "judgement", judgement, "The worst of all its classes.")
    identity = {"type": "string", "pattern": "^[0-9a-f]{16}$"}
    _add(definitions["Finding"], "id", identity, "Stays while the fault stays.")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Audit of QoS configurations against a plan",
        "type": "object",
        "properties": _document(judgement),
        "required": ["format", "schema_version", "version", "plan", "made", "devices", "summary"],
        "$defs": definitions,
    }


def _document(judgement: dict[str, str]) -> dict[str, Any]:
    kinds = {"type": "object", "properties": {"findings": _COUNT, "devices": _COUNT}}
    summary = {
        "devices": _COUNT,
        "failed": {**_COUNT, "description": "Files that could not be audited at all."},
        "judgements": {
            "type": "object",
            "description": "Of the devices that could be audited.",
            "propertyNames": judgement,
            "additionalProperties": _COUNT,
        },
        "findings": {
            "type": "object",
            "description": "By kind.",
            "additionalProperties": {**kinds, "required": ["findings", "devices"]},
        },
    }
    return {
        "format": {"const": FORMAT},
        "schema_version": {"const": SCHEMA_VERSION},
        "version": {**_TEXT, "description": "Of the program."},
        "plan": {**_TEXT, "description": "What the devices were measured against."},
        "made": {**_TEXT, "description": 'When, in UTC; "" where no time was given.'},
        "devices": {"type": "array", "items": {"$ref": "#/$defs/DeviceAudit"}},
        "summary": {"type": "object", "properties": summary, "required": list(summary)},
    }


def _definition(name: str, found: dict[str, Any]) -> dict[str, Any]:
    """One class: every field is there, and described in the words of the model."""
    text = inspect.cleandoc(getattr(model, name).__doc__)
    first, _, attributes = text.partition("\n\nAttributes:\n")
    made = {**found, "description": " ".join(first.split())}
    if "properties" not in found:
        return made
    described = _described(inspect.cleandoc(attributes))
    made["properties"] = {
        key: {**_without_default(value), **described.get(key, {})}
        for key, value in found["properties"].items()
    }
    made["required"] = list(found["properties"])
    return made


def _described(attributes: str) -> dict[str, dict[str, str]]:
    return {
        name: {"description": " ".join(text.split())}
        for names, text in _ATTRIBUTE.findall(attributes)
        for name in names.split(", ")
    }


def _without_default(value: dict[str, Any]) -> dict[str, Any]:
    return {key: item for key, item in value.items() if key != "default"}


def _add(definition: dict[str, Any], name: str, value: dict[str, str], description: str) -> None:
    definition["properties"] = {
        name: {**value, "description": description},
        **definition["properties"],
    }
    definition["required"] = [name, *definition["required"]]


if __name__ == "__main__":
    print(schema_text(), end="")
