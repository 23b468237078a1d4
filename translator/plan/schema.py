"""The JSON Schema of plan files, made from the model.

YAML reads an unquoted number as an integer, so values that may be numbers or names allow both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network
from types import UnionType
from typing import Any, Final, Union, get_args, get_origin, get_type_hints

from translator.codepoint import CodePoint
from translator.plan.model import (
    AddressGroup,
    Media,
    Narrowing,
    PlanOptions,
    PlanRow,
    PortSetting,
    QueueRow,
)
from translator.ports import PortBlock, PortRange

__all__ = ["SCHEMA_FILE", "plan_schema"]

SCHEMA_FILE: Final = "schema/plan.schema.json"
Schema = dict[str, Any]

_NAME: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"}
_TEXT: Final[Schema] = {"type": "string", "maxLength": 1000}
_PORT: Final[Schema] = {"type": "integer", "minimum": 0, "maximum": 65535}
_SCALARS: Final[Mapping[object, Schema]] = {
    str: _TEXT,
    bool: {"type": "boolean"},
    int: {"type": "integer", "minimum": 1, "maximum": 65535},
    CodePoint: {
        "description": "DSCP: 0-63 or a name such as ef, af41, cs3",
        "anyOf": [{"type": "integer", "minimum": 0, "maximum": 63}, {"type": "string"}],
    },
    PortRange: {
        "description": "a port, a range such as 20000-20039, or the name of a port setting",
        "anyOf": [_PORT, {"type": "string"}],
    },
    IPv4Network | IPv6Network: {"type": "string"},
}
_BLOCK: Final[Schema] = {
    "type": "object",
    "properties": {"start": _PORT, "count": _PORT},
    "required": ["start", "count"],
    "additionalProperties": False,
}
# Fields that identify something, and fields whose YAML form is not that of their type.
_NAMES: Final = frozenset(
    {"id", "sources", "destinations", "needs", "alternative_to", "union_of", "include", "exclude"}
)
_SPECIAL: Final[Mapping[str, Schema]] = {
    "protocols": {
        "description": "both, udp, tcp or a list",
        "anyOf": [
            {"enum": ["both", "udp", "tcp"]},
            {"type": "array", "items": {"enum": ["udp", "tcp"]}, "minItems": 1},
        ],
    },
    "policy_range_of": {"anyOf": [_BLOCK, _TEXT]},
}
_HIDDEN: Final = frozenset({"where", "name", "block", "default"})


def plan_schema() -> Schema:
    """Return the schema (draft 2020-12) that every plan file fits."""
    row = _object(PlanRow, ["id"], {"before": _NAME, "after": _NAME})
    group = _object(AddressGroup, [])
    prefixes = group["properties"]["prefixes"]
    queue = _object(QueueRow, ["media"], {"media": {"enum": ["default", *Media]}})
    queue["properties"]["percent"] = {"type": "integer", "minimum": 1, "maximum": 100}
    ports = dict.fromkeys(("start", "count", "default_start", "default_count"), _PORT)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "QoS plan of qos-translator",
        "type": "object",
        "properties": {
            "extends": {**_NAME, "description": "name of a preset"},
            "name": _NAME,
            "title": _TEXT,
            "source": _TEXT,
            "options": _object(PlanOptions, []),
            "port_settings": _by_name(_object(PortSetting, [], ports)),
            "groups": _by_name({"anyOf": [group, {"type": "null"}, prefixes]}),
            "rows": {"type": "array", "items": row},
            "queues": {"type": "array", "items": queue},
        },
        "anyOf": [{"required": ["extends"]}, {"required": ["rows"]}],
        "additionalProperties": False,
    }


def _object(
    model: type, required: Iterable[str], more: Mapping[str, Schema] | None = None
) -> Schema:
    hints = get_type_hints(model)
    properties = {
        item.name: _field(item.name, hints[item.name])
        for item in fields(model)
        if item.name not in _HIDDEN
    }
    return {
        "type": "object",
        "properties": {**properties, **(more or {})},
        "required": list(required),
        "additionalProperties": False,
    }


def _by_name(schema: Schema) -> Schema:
    return {"type": "object", "propertyNames": _NAME, "additionalProperties": schema}


def _field(name: str, hint: object) -> Schema:
    if name in _SPECIAL:
        return _SPECIAL[name]
    return _NAME_OR_LIST if name in _NAMES and get_origin(hint) is tuple else _of_type(name, hint)


def _of_type(name: str, hint: object) -> Schema:
    if hint in _SCALARS:
        return _NAME if name in _NAMES else _SCALARS[hint]
    if get_origin(hint) is tuple:
        item = _of_type(name, get_args(hint)[0])
        return {"anyOf": [{"type": "array", "items": item}, item]}
    if get_origin(hint) in (Union, UnionType):
        kept = [item for item in get_args(hint) if item is not type(None)]
        return {"anyOf": [_of_type(name, kept[0]), {"type": "null"}]}
    if hint is Narrowing:
        return _object(Narrowing, [])
    if hint is PortBlock:
        return _BLOCK
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [str(item) for item in hint]}
    raise TypeError(f"no schema for {name}: {hint!r}")


_NAME_OR_LIST: Final[Schema] = {"anyOf": [{"type": "array", "items": _NAME}, _NAME]}
