"""`connection_options.napalm` of a Nornir record: port, and `optional_args` within `extras`.

What other libraries are told there is not ours to judge, and is left alone.

Source: nornir 3, inventory, "connection_options"; nornir_napalm, plugin `napalm`: `extras` are the
arguments of NAPALM's driver, and the port goes into `optional_args` unless one stands there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from translator.errors import Where
from translator.inventory.formats.secrets import is_secret
from translator.inventory.qos import Place
from translator.inventory.transport import NapalmOption, NapalmOptions
from translator.inventory.yamlfile import Listing, Table

__all__ = ["NO_GIVEN", "Given", "merge_given", "napalm_given"]


@dataclass(frozen=True, slots=True)
class Given:
    """What one record says; each of the two comes from the nearest record that has it.

    Attributes:
        options: None where there are no `extras`.
        secret: a password stands there, which is not read.
    """

    port: int | None = None
    options: tuple[NapalmOption, ...] | None = None
    secret: bool = False

    @property
    def napalm(self) -> NapalmOptions:
        """The same as a host has it."""
        return NapalmOptions(self.port, self.options or ())


NO_GIVEN = Given()


def napalm_given(record: Table, place: Place) -> Given:
    """Return what a record says for NAPALM.

    Raises:
        InventoryError: it has another form than Nornir's, or a port is none.
    """
    if "connection_options" not in record:
        return NO_GIVEN
    what, line = "connection_options", record.line_of("connection_options")
    kinds = place.table(record["connection_options"], what, line)
    what, line = f"{what}.napalm", kinds.line_of("napalm")
    ours = place.table(kinds.get("napalm"), what, line)
    port = ours.get("port")
    extras = place.table(ours.get("extras"), f"{what}.extras", ours.line_of("extras"))
    args = place.table(
        extras.get("optional_args"),
        f"{what}.extras.optional_args",
        extras.line_of("optional_args"),
    )
    secrets = [name for table in (ours, args) for name in table if is_secret(name)]
    given = [
        *_options(extras, place, leave=("optional_args",)),
        *_options(args, place),
    ]
    return Given(
        None if port is None else place.port(port, f"{what}.port", ours.line_of("port")),
        tuple(given) if extras else None,
        bool(secrets),
    )


def merge_given(nearest_first: Iterable[Given]) -> Given:
    """Return what records give together; Nornir takes `extras` whole from the nearest one."""
    records = list(nearest_first)
    return Given(
        next((item.port for item in records if item.port is not None), None),
        next((item.options for item in records if item.options is not None), None),
    )


def _options(table: Table, place: Place, leave: tuple[str, ...] = ()) -> list[NapalmOption]:
    """Return the options of a table; what has a structure has no value that we could honour."""
    found = []
    for name, value in table.items():
        if name in leave or is_secret(name) or value is None:
            continue
        plain = "..." if isinstance(value, Table | Listing) else value
        found.append(NapalmOption(name, plain, Where(place.file, table.line_of(name))))
    return found
