"""The part of an inventory that is ours: `data.qos` of a host, a group or the defaults."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

from translator.errors import InventoryError, UsageError, Where
from translator.intents.compile import InterfaceSpec, parse_rate
from translator.intents.match import Prefix, prefix_of
from translator.intents.model import Role
from translator.inventory.fields import SERIAL, TRANSPORT, Form, check_port
from translator.inventory.yamlfile import Listing, Table, Value
from translator.plan.shares import QueueShare, check_shares

__all__ = ["NO_QOS", "Place", "QosData", "check_group_name", "merge_qos", "qos_data"]

_LONGEST: Final = 255
_SHOWN: Final = 100
_PORT: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_GROUP_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(frozen=True, slots=True)
class QosData:
    """What one place says under `data.qos`; each entry by its name."""

    driver: str | None = None
    serial: str | None = None
    interfaces: dict[str, InterfaceSpec] = field(default_factory=dict)
    addresses: dict[str, tuple[Prefix, ...]] = field(default_factory=dict)
    transport: str | None = None


NO_QOS: Final = QosData()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands, for messages: the file and whose record it is."""

    file: str
    owner: str

    def error(self, problem: str, line: int, *, hint: str = "") -> InventoryError:
        """Return the error for something of this record on a line."""
        owner = self.owner
        if not owner.isprintable() or len(owner) > _SHOWN:
            owner = f"{owner[:_SHOWN]!r}"
        return InventoryError(f"{owner}: {problem}", where=Where(self.file, line), hint=hint)

    def table(self, value: Value, what: str, line: int) -> Table:
        """Return `value` as a mapping; nothing at all is an empty one.

        Raises:
            InventoryError: it is something else.
        """
        if value is None:
            return Table(line)
        if not isinstance(value, Table):
            raise self.error(f"{what} is not a mapping", line, hint="write NAME: value below it")
        return value

    def word(self, value: Value, what: str, line: int) -> str:
        """Return `value` as text that may stand on one line of a configuration.

        Raises:
            InventoryError: it is no text, empty, longer than 255, or holds a control, line or
                paragraph separator character.
        """
        if not isinstance(value, str) or not value:
            raise self.error(f"{what} is not a word", line, hint="quote it if it is a number")
        if len(value) > _LONGEST:
            raise self.error(
                f"{what} is {len(value)} characters long",
                line,
                hint=f"at most {_LONGEST} characters",
            )
        if not value.isprintable():
            raise self.error(
                f"{what} {value!r} holds a control or line separator character",
                line,
                hint="use printable characters only, on one line",
            )
        return value

    def form(self, value: Value, form: Form, what: str, line: int) -> str:
        """Return `value` as a word of a form.

        Raises:
            InventoryError: as `word`, or it has another form.
        """
        text = self.word(value, what, line)
        try:
            return form.check(text)
        except InventoryError as error:
            raise self.error(f"{what} {error.problem}", line, hint=error.hint) from None

    def port(self, value: Value, what: str, line: int) -> int:
        """Return `value`, a number or the digits of one, as a TCP port.

        Raises:
            InventoryError: it is none.
        """
        text = value if isinstance(value, str) else repr(value)
        if not _PORT.fullmatch(text):
            raise self.error(
                f"{what} is no number" if len(text) > 40 else f"{what} {value!r} is no number",
                line,
                hint="write a TCP port, 1-65535",
            )
        try:
            return check_port(int(text))
        except InventoryError as error:
            raise self.error(error.problem, line, hint=error.hint) from None

    def known(self, table: Table, allowed: Iterable[str], what: str) -> None:
        """Check that a mapping has no key but the allowed ones.

        Raises:
            InventoryError: it has.
        """
        names = list(allowed)
        for key in table:
            if key not in names:
                close = get_close_matches(key, names, 1)
                raise self.error(
                    f"unknown key {key!r} in {what}",
                    table.line_of(key),
                    hint=f"did you mean {close[0]!r}?" if close else "keys: " + ", ".join(names),
                )


def qos_data(value: Value, place: Place, line: int) -> QosData:
    """Return what a `data.qos` says, every entry checked.

    Raises:
        InventoryError: an unknown key, role, rate, prefix or an illegal name.
    """
    table = place.table(value, "data.qos", line)
    place.known(table, ("driver", "serial", "transport", "interfaces", "groups"), "data.qos")
    driver = table.get("driver")
    interfaces = place.table(
        table.get("interfaces"), "data.qos.interfaces", table.line_of("interfaces")
    )
    groups = place.table(table.get("groups"), "data.qos.groups", table.line_of("groups"))
    return QosData(
        driver=None if driver is None else place.word(driver, "driver", table.line_of("driver")),
        serial=_form(table, "serial", SERIAL, place),
        transport=_form(table, "transport", TRANSPORT, place),
        interfaces={
            name: _interface(name, entry, place, interfaces.line_of(name))
            for name, entry in interfaces.items()
        },
        addresses={
            name: _prefixes(name, entry, place, groups.line_of(name))
            for name, entry in groups.items()
        },
    )


def _form(table: Table, key: str, form: Form, place: Place) -> str | None:
    value = table.get(key)
    return None if value is None else place.form(value, form, key, table.line_of(key))


def merge_qos(nearest_first: Iterable[QosData]) -> QosData:
    """Return each entry (such as an interface or an address group) from the nearest place.

    Nornir resolves the keys of `data` so; we resolve the entries inside `qos` the same way.
    """
    driver: str | None = None
    serial: str | None = None
    transport: str | None = None
    interfaces: dict[str, InterfaceSpec] = {}
    addresses: dict[str, tuple[Prefix, ...]] = {}
    for place in nearest_first:
        driver = driver or place.driver
        serial = serial or place.serial
        transport = transport or place.transport
        for name, spec in place.interfaces.items():
            interfaces.setdefault(name, spec)
        for name, prefixes in place.addresses.items():
            addresses.setdefault(name, prefixes)
    return QosData(driver, serial, interfaces, addresses, transport)


def _interface(name: str, value: Value, place: Place, line: int) -> InterfaceSpec:
    what = f"interface {name}"
    place.word(name, "interface name", line)
    entry = place.table(value, what, line)
    place.known(entry, ("role", "rate", "queues"), what)
    role = entry.get("role")
    if not isinstance(role, str) or role not in list(Role):
        raise place.error(
            f"{what}: unknown role {role!r}" if role is not None else f"{what} has no role",
            entry.line_of("role"),
            hint="roles: " + ", ".join(list(Role)),
        )
    rate = entry.get("rate")
    shares = _shares(entry.get("queues"), place, what, entry.line_of("queues"))
    try:
        return _spec(name, role, None if rate is None else str(rate), shares)
    except UsageError as error:
        raise place.error(
            f"{what}: {error.problem}", entry.line_of("rate"), hint=error.hint
        ) from None


def _shares(value: Value, place: Place, what: str, line: int) -> tuple[QueueShare, ...]:
    queues = place.table(value, f"{what}: queues", line)
    found: list[QueueShare] = []
    at = line
    try:
        for name, percent in queues.items():
            at = queues.line_of(name)
            if not isinstance(percent, int) or isinstance(percent, bool):
                raise place.error(
                    f"{what}: queue {name!r} has no share in whole percent",
                    at,
                    hint="write queues: {audio: 20, default: 40}",
                )
            found.append(QueueShare(name, percent))
        at = line
        check_shares(found)
    except UsageError as error:
        raise place.error(f"{what}: {error.problem}", at, hint=error.hint) from None
    return tuple(found)


def check_group_name(name: str, place: Place, line: int) -> str:
    """Return the name of an address group.

    Raises:
        InventoryError: it is none.
    """
    if not _GROUP_NAME.fullmatch(name):
        raise place.error(
            f"{name!r} is no name of an address group",
            line,
            hint="use the names of the plan's groups: small letters, digits and _",
        )
    return name


def _prefixes(name: str, value: Value, place: Place, line: int) -> tuple[Prefix, ...]:
    check_group_name(name, place, line)
    items = value if isinstance(value, Listing) else [value]
    lines = value.lines if isinstance(value, Listing) else [line]
    found: list[Prefix] = []
    for item, at in zip(items, lines, strict=True):
        text = place.word(item, f"address group {name}", at)
        try:
            found.append(_prefix(text))
        except UsageError as error:
            raise place.error(
                f"address group {name}: {error.problem}", at, hint=error.hint
            ) from None
    return tuple(found)


# A fleet repeats itself: ten thousand hosts have a few hundred different interfaces.
@lru_cache(maxsize=4096)
def _spec(name: str, role: str, rate: str | None, shares: tuple[QueueShare, ...]) -> InterfaceSpec:
    return InterfaceSpec(name, Role(role), None if rate is None else parse_rate(rate), shares)


@lru_cache(maxsize=4096)
def _prefix(text: str) -> Prefix:
    return prefix_of(text)
