"""Read a Nornir SimpleInventory folder: hosts.yaml, groups.yaml, defaults.yaml.

Names, inheritance and defaults mean what Nornir makes of them, so one folder serves both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from os.path import isdir  # False, not an error, for a name that is too long
from pathlib import Path
from typing import Final

from translator.drivers.registry import driver, driver_names
from translator.errors import DriverError, InventoryError, Where
from translator.inventory.model import Host, Inventory
from translator.inventory.qos import Place, QosData, merge_qos, qos_data
from translator.inventory.yamlfile import Listing, Table, Value, read_yaml

__all__ = ["load_inventory"]

_RECORD_KEYS: Final = (
    "hostname",
    "port",
    "username",
    "password",
    "platform",
    "groups",
    "data",
    "connection_options",
)


def load_inventory(folder: str | Path) -> Inventory:
    """Return the hosts of a folder with everything they inherit.

    Raises:
        InventoryError: a file cannot be read, or a record is wrong (file and line are given).
    """
    root = Path(folder)
    if not isdir(root):
        raise InventoryError(
            "is no folder", where=Where(str(root)), hint="name the folder that holds hosts.yaml"
        )
    loader = _Loader(root)
    return Inventory(hosts=loader.hosts(), folder=str(root), group_names=tuple(loader.groups))


@dataclass(frozen=True, slots=True)
class _Record:
    """A host, group or the defaults as written, before inheritance."""

    line: int
    platform: str | None
    hostname: str | None
    groups: tuple[str, ...]
    qos: QosData


class _Loader:
    """The files of one folder."""

    def __init__(self, root: Path) -> None:
        self._hosts_file = root / "hosts.yaml"
        self._groups_file = str(root / "groups.yaml")
        defaults_file = root / "defaults.yaml"
        groups = read_yaml(Path(self._groups_file)) if Path(self._groups_file).exists() else {}
        self.groups = {
            name: _record(value, Place(self._groups_file, f"group {name}"), _line(groups, name))
            for name, value in groups.items()
        }
        defaults = read_yaml(defaults_file) if defaults_file.exists() else Table(1)
        self._defaults = _record(defaults, Place(str(defaults_file), "defaults"), 1)
        self._inherited: dict[tuple[str, ...], tuple[tuple[str, ...], _Record]] = {}

    def hosts(self) -> tuple[Host, ...]:
        """Return all hosts in file order."""
        file = str(self._hosts_file)
        table = read_yaml(self._hosts_file)
        return tuple(
            self._host(name, value, Place(file, f"host {name}"), table.line_of(name))
            for name, value in table.items()
        )

    def _host(self, name: str, value: Value, place: Place, line: int) -> Host:
        own = _record(value, place, line)
        groups, inherited = self._inherit(own.groups, place, line)
        qos = merge_qos((own.qos, inherited.qos))
        platform = own.platform or inherited.platform
        wanted = qos.driver or platform
        if platform is None or wanted is None:
            raise place.error(
                "has no platform", line, hint="set platform: on the host, a group or the defaults"
            )
        try:
            driver_name = _driver_name(wanted)
        except DriverError as error:
            raise place.error(error.problem, line, hint=error.hint) from None
        return Host(
            name=name,
            platform=platform,
            driver=driver_name,
            hostname=own.hostname or inherited.hostname,
            interfaces=tuple(qos.interfaces.values()),
            addresses=tuple(qos.addresses.items()),
            groups=groups,
            where=Where(place.file, line),
        )

    def _inherit(
        self, direct: tuple[str, ...], place: Place, line: int
    ) -> tuple[tuple[str, ...], _Record]:
        """Return all groups of a host, nearest first, and what they and the defaults give."""
        known = self._inherited.get(direct)
        if known is None:
            names = self._extended(direct, place, line, ())
            records = [*(self.groups[name] for name in names), self._defaults]
            merged = _Record(
                line=line,
                platform=next((item.platform for item in records if item.platform), None),
                hostname=next((item.hostname for item in records if item.hostname), None),
                groups=names,
                qos=merge_qos(item.qos for item in records),
            )
            known = self._inherited[direct] = (names, merged)
        return known

    def _extended(
        self, direct: tuple[str, ...], place: Place, line: int, above: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Depth first, each group once: the order in which Nornir asks them."""
        found: dict[str, None] = {}
        for name in direct:
            if name in above:
                raise place.error(
                    f"groups run in a circle: {' > '.join((*above, name))}",
                    line,
                    hint="remove one of them from the groups of another",
                )
            group = self.groups.get(name)
            if group is None:
                raise place.error(
                    f"there is no group {name!r}", line, hint="define it in groups.yaml"
                )
            found[name] = None
            owner = Place(self._groups_file, f"group {name}")
            found.update(
                dict.fromkeys(self._extended(group.groups, owner, group.line, (*above, name)))
            )
        return tuple(found)


def _record(value: Value, place: Place, line: int) -> _Record:
    table = place.table(value, "the record", line)
    place.known(table, _RECORD_KEYS, "the record")
    data = place.table(table.get("data"), "data", table.line_of("data"))
    return _Record(
        line=line,
        platform=_optional(table, "platform", place),
        hostname=_optional(table, "hostname", place),
        groups=_group_names(table, place),
        qos=qos_data(data["qos"], place, data.line_of("qos")) if "qos" in data else _NO_QOS,
    )


_NO_QOS: Final = QosData()


def _optional(table: Table, key: str, place: Place) -> str | None:
    value = table.get(key)
    return None if value is None else place.word(value, key, table.line_of(key))


def _group_names(table: Table, place: Place) -> tuple[str, ...]:
    value = table.get("groups")
    if value is None:
        return ()
    if not isinstance(value, Listing):
        raise place.error("groups is not a list", table.line_of("groups"), hint="write [a, b]")
    return tuple(
        place.word(item, "group", line) for item, line in zip(value, value.lines, strict=True)
    )


def _line(table: Table | dict[str, Value], name: str) -> int:
    return table.line_of(name) if isinstance(table, Table) else 1


@cache
def _driver_name(spelling: str) -> str:
    """Our name of a platform spelled by us, netmiko, NAPALM or Ansible."""
    return spelling if spelling in driver_names() else driver(spelling).platform
