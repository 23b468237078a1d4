"""Read devices that were exported from NetBox: JSON of its interface, or its CSV export.

Groups are site, role and tags, by their slugs. What is ours stands in the custom fields (`qos`, or
`qos_interfaces` and `qos_addresses` in short form), else under `qos` in the local context, else in
the rendered context.

Source:
    NetBox, "REST API": /api/dcim/devices/ and /api/virtualization/virtual-machines/; the headings
    of the CSV export are those of its table of devices.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from ipaddress import ip_interface
from typing import Final

from translator.drivers.registry import driver_names
from translator.errors import DriverError
from translator.inventory.draft import Draft, driver_name
from translator.inventory.fields import GROUP, HOST_NAME, PLATFORM, SERIAL, Form
from translator.inventory.formats.ansible_values import structure
from translator.inventory.formats.csvfile import Row, headings, rows, unique
from translator.inventory.model import Inventory
from translator.inventory.qos import Place, QosData, merge_qos, qos_data
from translator.inventory.short_qos import short_addresses, short_interfaces
from translator.inventory.source import MAX_HOSTS, Source, too_many_hosts
from translator.inventory.yamlfile import Listing, Table, Value

__all__ = ["is_netbox_csv", "load_netbox", "load_netbox_csv"]

_CURE: Final = "give the device a platform in NetBox, or qos a driver"
_SIGNS: Final = re.compile(r"[ -]+")
# Headings of the CSV export that no table of our own has.
_OF_NETBOX: Final = frozenset(
    {"status", "site", "role", "device_role", "ip_address", "device_type"}
)


def load_netbox(root: Table | Listing, source: Source) -> Inventory:
    """Return the devices of a list, or of `{"count": ..., "results": [...]}`.

    Raises:
        InventoryError: it is one page of several, a name occurs twice, or a device is wrong.
    """
    devices = _devices(root, source)
    if len(devices) > MAX_HOSTS:
        raise too_many_hosts(source.file, devices.lines[MAX_HOSTS])
    place = Place(source.file, "a device")
    tables = [
        (place.table(value, "it", line), line)
        for value, line in zip(devices, devices.lines, strict=True)
    ]
    named = [(table, line) for table, line in tables if table.get("name") not in (None, "")]
    nameless = len(tables) - len(named)
    notes = (f"left out, devices without a name: {nameless}",) if nameless else ()
    drafts = (_draft(table, line, source) for table, line in named)
    return _inventory(drafts, source, "NetBox export", notes)


def _inventory(
    drafts: Iterable[Draft], source: Source, kind: str, notes: tuple[str, ...] = ()
) -> Inventory:
    hosts = unique((draft.host(_CURE, only_qos=True) for draft in drafts), source)
    groups = dict.fromkeys(group for host in hosts for group in host.groups)
    return Inventory(hosts, source.file, tuple(groups), kind=kind, notes=notes)


def _devices(root: Table | Listing, source: Source) -> Listing:
    if isinstance(root, Listing):
        return root
    results = root.get("results")
    if not isinstance(results, Listing):
        raise source.error(
            "results is not a list", root.line_of("results"), hint="export /api/dcim/devices/"
        )
    count = root.get("count")
    if root.get("next") is not None or (isinstance(count, int) and count != len(results)):
        raise source.error(
            f"holds {len(results)} of {count} devices: one page of several",
            root.line_of("next"),
            hint="export all at once: /api/dcim/devices/?limit=0, or join the results",
        )
    return results


def _draft(table: Table, line: int, source: Source) -> Draft:
    named = Place(source.file, "a device")
    name = named.form(table["name"], HOST_NAME, "name", table.line_of("name"))
    place = Place(source.file, f"host {name}")
    platform = _slug(table, "platform", PLATFORM, place)
    return Draft(
        name=name,
        place=place,
        line=line,
        platform=None if platform is None else _spelled(platform),
        hostname=_address(table, place),
        serial=_serial(table, place),
        groups=tuple(dict.fromkeys(_groups(table, place))),
        qos=merge_qos(_qos(table, place)),
    )


def _spelled(platform: str) -> str:
    """A slug has dashes and a name blanks where every other tool has an underscore."""
    other = _SIGNS.sub("_", platform.lower())
    try:
        return other if other in driver_names() or driver_name(other) else platform
    except DriverError:
        return platform


def _slug(table: Table, key: str, form: Form, place: Place) -> str | None:
    """The slug of a related object, or its name where an old version gives only that."""
    value = table.get(key)
    line = table.line_of(key)
    if isinstance(value, Table):
        line = value.line_of("slug")
        value = value.get("slug") or value.get("name")
    return None if value in (None, "") else place.form(value, form, key, line)


def _serial(table: Table, place: Place) -> str | None:
    value = table.get("serial")
    if value in (None, ""):
        return None
    return place.form(value, SERIAL, "serial", table.line_of("serial"))


def _address(table: Table, place: Place) -> str | None:
    for key in ("primary_ip", "primary_ip4", "primary_ip6"):
        value = table.get(key)
        line = table.line_of(key)
        if isinstance(value, Table):
            line = value.line_of("address")
            value = value.get("address")
        if value not in (None, ""):
            return _host_part(place.word(value, key, line), key, place, line)
    return None


def _host_part(text: str, what: str, place: Place, line: int) -> str:
    try:
        return str(ip_interface(text).ip)
    except ValueError:
        raise place.error(
            f"{what} {text!r} is no address", line, hint="NetBox writes 10.0.0.1/24"
        ) from None


def _groups(table: Table, place: Place) -> Iterator[str]:
    for key in ("site", "role", "device_role"):
        slug = _slug(table, key, GROUP, place)
        if slug is not None:
            yield slug
    tags = table.get("tags")
    if tags is None:
        return
    if not isinstance(tags, Listing):
        raise place.error("tags is not a list", table.line_of("tags"), hint="export it again")
    for tag, line in zip(tags, tags.lines, strict=True):
        value: Value = tag.get("slug") if isinstance(tag, Table) else tag
        yield place.form(value, GROUP, "tag", line)


def _qos(table: Table, place: Place) -> Iterator[QosData]:
    for key in ("custom_fields", "local_context_data", "config_context"):
        fields = place.table(table.get(key), key, table.line_of(key))
        if not fields:
            continue
        if fields.get("qos") is not None:
            line = fields.line_of("qos")
            yield qos_data(structure(fields["qos"], line), place, line)
        yield short_interfaces(
            fields.get("qos_interfaces"), place, "qos_interfaces", fields.line_of("qos_interfaces")
        )
        yield short_addresses(
            fields.get("qos_addresses"), place, "qos_addresses", fields.line_of("qos_addresses")
        )


def is_netbox_csv(source: Source) -> bool:
    """Return whether a table has the headings of NetBox's export of devices."""
    return len(_OF_NETBOX & set(headings(source))) >= 2


def load_netbox_csv(source: Source) -> Inventory:
    """Return the devices of NetBox's CSV export.

    It shows names where the JSON has slugs. Our data stands in the columns of custom fields,
    `qos_interfaces` and `qos_addresses`, with or without the `cf_` that some versions prepend.

    Raises:
        InventoryError: as `load_csv`, but columns that we do not need may have any name.
    """
    return _inventory((_draft_of(row) for row in rows(source)), source, "NetBox CSV export")


def _draft_of(row: Row) -> Draft:
    platform = row.word("platform", PLATFORM)
    address = next(
        (row.cells[key] for key in ("ip_address", "primary_ip", "primary_ip4") if key in row.cells),
        None,
    )
    groups = (
        *(name for key in ("site", "role", "device_role") if (name := row.word(key, GROUP))),
        *row.words("tags", GROUP, ","),
    )
    parts = [
        reader(row.cells.get(prefix + key), row.place, key, row.line)
        for prefix in ("", "cf_")
        for key, reader in (
            ("qos_interfaces", short_interfaces),
            ("qos_addresses", short_addresses),
        )
    ]
    return Draft(
        name=row.word("name", HOST_NAME) or "",
        place=row.place,
        line=row.line,
        platform=None if platform is None else _spelled(platform),
        hostname=None
        if address is None
        else _host_part(address, "ip_address", row.place, row.line),
        serial=row.word("serial", SERIAL) or row.word("serial_number", SERIAL),
        groups=tuple(dict.fromkeys(groups)),
        qos=merge_qos(parts),
    )
