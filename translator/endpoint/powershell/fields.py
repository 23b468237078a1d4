"""Parameters of `Set-Cs...` cmdlets: each is stated once, and used to write and to read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from translator.codepoint import CodePoint
from translator.endpoint.powershell.parameters import Value, flag, number
from translator.endpoint.settings import (
    ClientRanges,
    MediaPorts,
    MediaQos,
    PhoneMarking,
    Setting,
)
from translator.errors import PlanError
from translator.ports import PortBlock

__all__ = ["Fields", "PhoneFields", "PortFields", "SwitchField"]


class Fields(Protocol):
    """The parameters of a cmdlet that say one setting."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The parameters by name."""

    def holds(self, setting: object) -> bool:
        """Whether the setting is the one that these parameters say."""

    def write(self, setting: Setting) -> Iterator[tuple[str, str]]:
        """Yield parameters with their values as PowerShell text."""

    def read(self, values: Mapping[str, Value], scope: str) -> Setting:
        """Return the setting; at least one of the parameters is among the values."""


@dataclass(frozen=True, slots=True)
class PortFields:
    """A start and a COUNT of ports; a count of 0 is any port."""

    setting: str
    start: str
    count: str
    low: int = 1

    @property
    def parameters(self) -> tuple[str, ...]:
        """Start and count."""
        return (self.start, self.count)

    def holds(self, setting: object) -> bool:
        """Whether these are the ports of that name, and the product takes them."""
        if not isinstance(setting, MediaPorts) or setting.name != self.setting:
            return False
        return setting.block is None or self.low <= setting.block.start

    def write(self, setting: Setting) -> Iterator[tuple[str, str]]:
        """Yield start and count, or a count of 0."""
        assert isinstance(setting, MediaPorts)
        if setting.block is None:
            yield self.count, "0"
        else:
            yield self.start, str(setting.block.start)
            yield self.count, str(setting.block.count)

    def read(self, values: Mapping[str, Value], scope: str) -> Setting:
        """Return the ports.

        Raises:
            PlanError: start or count is missing or wrong, or they end after port 65535.
        """
        given = values.get(self.count)
        count = None if given is None else number(given, 0, 65535)
        if given is not None and count == 0:
            return MediaPorts(self.setting, None, scope, given.where)
        if given is None or count is None or self.start not in values:
            absent, there = (self.count, self.start) if given is None else (self.start, self.count)
            raise PlanError(
                f"-{there} stands without -{absent}",
                where=values[there].where,
                hint="give both: which ports are used is known from start and count together",
            )
        start = number(values[self.start], self.low, 65535)
        if start + count - 1 > 65535:
            raise PlanError(
                f"{count} ports from {start} end at {start + count - 1}, after port 65535",
                where=given.where,
                hint=f"at most {65536 - start} ports fit",
            )
        return MediaPorts(self.setting, PortBlock(start, count), scope, given.where)


@dataclass(frozen=True, slots=True)
class SwitchField:
    """A parameter that is true or false."""

    parameter: str
    kind: type[ClientRanges] | type[MediaQos]

    @property
    def parameters(self) -> tuple[str, ...]:
        """The one parameter."""
        return (self.parameter,)

    def holds(self, setting: object) -> bool:
        """Whether the setting is this switch."""
        return isinstance(setting, self.kind)

    def write(self, setting: Setting) -> Iterator[tuple[str, str]]:
        """Yield the parameter."""
        assert isinstance(setting, ClientRanges | MediaQos)
        yield self.parameter, "$true" if setting.enabled else "$false"

    def read(self, values: Mapping[str, Value], scope: str) -> Setting:
        """Return the switch.

        Raises:
            PlanError: neither true nor false.
        """
        value = values[self.parameter]
        return self.kind(flag(value), scope, value.where)


@dataclass(frozen=True, slots=True)
class PhoneFields:
    """What Phone Edition marks with.

    Source:
        Set-CsUCPhoneConfiguration; Lync Server 2013 documentation says that Voice8021p is no
        longer supported, so it is written only where it is not 0.
    """

    tag: str = "VoiceDiffServTag"
    dot1p: str = "Voice8021p"

    @property
    def parameters(self) -> tuple[str, ...]:
        """Code point and 802.1p."""
        return (self.tag, self.dot1p)

    def holds(self, setting: object) -> bool:
        """Whether the setting is one of phones."""
        return isinstance(setting, PhoneMarking) and 0 <= setting.dot1p <= 7

    def write(self, setting: Setting) -> Iterator[tuple[str, str]]:
        """Yield the code point, and 802.1p where it is not 0."""
        assert isinstance(setting, PhoneMarking)
        yield self.tag, str(setting.code_point)
        if setting.dot1p:
            yield self.dot1p, str(setting.dot1p)

    def read(self, values: Mapping[str, Value], scope: str) -> Setting:
        """Return the marking.

        Raises:
            PlanError: a number is wrong, or 802.1p is given without a code point.
        """
        given, dot1p = values.get(self.tag), values.get(self.dot1p)
        if given is None:
            raise PlanError(
                f"-{self.dot1p} stands without -{self.tag}",
                where=values[self.dot1p].where,
                hint=f"add -{self.tag} 46: what phones mark with now is not in the file",
            )
        code_point = CodePoint(number(given, 0, 63))
        return PhoneMarking(
            code_point, 0 if dot1p is None else number(dot1p, 0, 7), scope, given.where
        )
