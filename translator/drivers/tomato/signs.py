"""By which settings a router of the Tomato families is known, and which family it is."""

from __future__ import annotations

import re
from typing import Final

from translator.drivers.signs import Lines, Signs, lines_like
from translator.drivers.tomato.dialect import FIELD_MARK, FRESH, OLD, RULE_MARK, TOMATO64, Dialect

__all__ = ["signs_of"]

_TOMATO: Final = lines_like(
    r"qos_(?:orules|enable|classnames|orates|irates|default|pfifo|inuse)=|script_(?:fire|wanup|shut)=",
    r"DSCP_fix_enable=|tomato_|t_(?:fix1|model_name|features)=|new_qoslimit_",
)
_RULES: Final = re.compile(r"^qos_orules=(.+)$", re.MULTILINE)
_NUMBER: Final = re.compile(r"\d+")
_CODE_POINT: Final = re.compile(r"0x[0-9a-fA-F]{1,2}|\d{1,2}")
# Settings that some families lack. Source: the default settings of the three source trees.
_NEWER: Final = lines_like(r"(?:qos_mode|qos_classify|wan_qos_[oi]bw)=")
_OLDER: Final = lines_like(r"qos_[oi]bw=")
_DEEP_INSPECTION: Final = lines_like(r"nf_ndpi_in=")


def signs_of(dialect: Dialect, text: str) -> Signs:
    """Return what speaks for a family: the form of its rules, and settings that others lack."""
    lines = Lines(text)
    tomato = lines.found(_TOMATO)
    if not tomato:
        return Signs()
    forms = _forms(text) & _with_such_keys(lines)
    own = tomato if forms == {dialect} else ()
    return Signs(own, tomato, () if dialect in forms else tomato)


def _with_such_keys(lines: Lines) -> set[Dialect]:
    if lines.found(_DEEP_INSPECTION):
        return {TOMATO64}
    if lines.found(_NEWER):
        return {FRESH, TOMATO64}
    return {FRESH, OLD} if lines.found(_OLDER) else {FRESH, OLD, TOMATO64}


def _forms(text: str) -> set[Dialect]:
    """Return the dialects that the rules can be of, by the number and kind of their fields."""
    forms = {FRESH, OLD, TOMATO64}
    values = _RULES.findall(text)
    for rule in values[-1].split(RULE_MARK) if values else ():  # the last is in force
        fields = rule.split(FIELD_MARK)
        if len(fields) == len(FRESH.fields):
            forms &= {FRESH}
        elif len(fields) == len(OLD.fields):
            forms &= _of_ten(fields)
        else:
            return set()
    return forms


def _of_ten(fields: list[str]) -> set[Dialect]:
    """Tell two dialects apart: where one has ipp2p, l7, bytes, the other has ndpi, bytes, dscp."""
    sixth, seventh, eighth = fields[5:8]
    if ":" in eighth or _NUMBER.fullmatch(sixth):
        return {OLD}
    if ":" in seventh or _CODE_POINT.fullmatch(eighth) or (sixth and not _NUMBER.fullmatch(sixth)):
        return {TOMATO64}
    return {OLD, TOMATO64}
