"""The three dialects of `qos_orules` and the keys of the builds that speak them.

A rule is fields joined by `<`, rules are joined by `>`. A build splits a rule into exactly the
fields it knows: with fewer fields it skips the rule in silence, more are ignored.

Source: rc/qos.c of FreshTomato (`vstrsep` into eleven variables, `if (i < 11) continue`) and of
Tomato64 (ten, with nDPI for ipp2p and L7); older builds had ten, without the code point.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from translator.errors import DriverError

__all__ = ["CLASS_COUNT", "FIELD_MARK", "FRESH", "OLD", "TOMATO64", "Dialect", "escape"]

CLASS_COUNT: Final = 10
FIELD_MARK: Final = "<"
RULE_MARK: Final = ">"
_FRONT: Final = ("addr_type", "addr", "proto", "port_type", "port")


@dataclass(frozen=True, slots=True)
class Dialect:
    """One form of a rule, and the names of the settings that differ between builds.

    Attributes:
        fields: names of a rule's fields in order.
        rate_keys: settings that hold the outbound rate in kbit/s, the one that counts first.
        newer_keys: whether the build has `qos_mode` and `qos_classify`.
    """

    fields: tuple[str, ...]
    rate_keys: tuple[str, ...]
    newer_keys: bool

    def split(self, rule: str) -> dict[str, str] | None:
        """Return the fields of a rule by name; None where the build would skip the rule."""
        values = rule.split(FIELD_MARK)
        if len(values) < len(self.fields):
            return None
        return dict(zip(self.fields, values, strict=False))

    def write(self, **values: str) -> str:
        """Return a rule; fields that are not given stay empty.

        Raises:
            DriverError: a value would break out of its field, or there is no such field.
        """
        for name, value in values.items():
            broken = FIELD_MARK in value or RULE_MARK in value or not (value + "x").isprintable()
            if name not in self.fields or broken:
                raise DriverError(f"{value!r} cannot be the field {name} of a rule")
        return FIELD_MARK.join(values.get(name, "") for name in self.fields)

    @property
    def has_code_point(self) -> bool:
        """Whether a rule can ask for a code point."""
        return "dscp" in self.fields


FRESH: Final = Dialect(
    (*_FRONT, "ipp2p", "l7", "bcount", "dscp", "class", "desc"),
    # Source: defaults of Shibby builds have qos_obw, those of FreshTomato wan_qos_obw.
    ("wan_qos_obw", "qos_obw"),
    newer_keys=True,
)
TOMATO64: Final = Dialect(
    (*_FRONT, "ndpi", "bcount", "dscp", "class", "desc"), ("wan_qos_obw",), newer_keys=True
)
OLD: Final = Dialect(
    (*_FRONT, "ipp2p", "l7", "bcount", "class", "desc"), ("qos_obw",), newer_keys=False
)


def escape(text: str) -> str:
    """Return a description as the web interface stores it: the separators as %XX."""
    return "".join(f"%{ord(sign):02X}" if sign in "<>|%" else sign for sign in text)
