"""Read a Nornir SimpleInventory folder: hosts.yaml, groups.yaml, defaults.yaml.

Names, inheritance and defaults mean what Nornir makes of them, so one folder serves both.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from translator.inventory.draft import Draft
from translator.inventory.fields import ADDRESS, GROUP, PLATFORM, USERNAME, Form
from translator.inventory.formats.nornir_napalm import NO_GIVEN, Given, merge_given, napalm_given
from translator.inventory.formats.secrets import SECRETS_NOTE
from translator.inventory.model import Host, Inventory
from translator.inventory.qos import NO_QOS, Place, QosData, merge_qos, qos_data
from translator.inventory.yamlfile import Listing, Table, Value, read_yaml

__all__ = ["KIND", "load_nornir"]

_DEEPEST: Final = 100
KIND: Final = "Nornir SimpleInventory"
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


def load_nornir(root: Path) -> Inventory:
    """Return the hosts of a folder with everything they inherit.

    Raises:
        InventoryError: a file cannot be read, or a record is wrong (file and line are given).
    """
    loader = _Loader(root)
    hosts = loader.hosts()
    return Inventory(
        hosts=hosts,
        folder=str(root),
        group_names=tuple(loader.groups),
        kind=KIND,
        notes=(SECRETS_NOTE,) if loader.secrets else (),
    )


@dataclass(frozen=True, slots=True)
class _Record:
    """A host, group or the defaults as written, or what several of them give together.

    An attribute that is not given is None; Nornir then asks the groups, then the defaults.
    """

    line: int
    platform: str | None = None
    hostname: str | None = None
    port: int | None = None
    username: str | None = None
    groups: tuple[str, ...] = ()
    qos: QosData = NO_QOS
    napalm: Given = NO_GIVEN
    secret: bool = False


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
        self.secrets = self._defaults.secret or any(item.secret for item in self.groups.values())
        self._inherited: dict[tuple[str, ...], tuple[tuple[str, ...], _Record]] = {}
        self._above: dict[str, tuple[str, ...]] = {}

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
        self.secrets |= own.secret
        draft = Draft(
            name=name,
            place=place,
            line=line,
            platform=own.platform or inherited.platform,
            hostname=own.hostname or inherited.hostname,
            port=own.port or inherited.port,
            username=own.username or inherited.username,
            groups=groups,
            qos=merge_qos((own.qos, inherited.qos)),
            napalm=merge_given((own.napalm, inherited.napalm)).napalm,
        )
        return draft.host("set platform: on the host, a group or the defaults")

    def _inherit(
        self, direct: tuple[str, ...], place: Place, line: int
    ) -> tuple[tuple[str, ...], _Record]:
        """Return all groups of a host, nearest first, and what they and the defaults give."""
        known = self._inherited.get(direct)
        if known is None:
            names = self._extended(direct, place, line, ())
            records = [*(self.groups[name] for name in names), self._defaults]
            merged = _merged(records, names)
            known = self._inherited[direct] = (names, merged)
        return known

    def _extended(
        self, direct: tuple[str, ...], place: Place, line: int, above: tuple[str, ...]
    ) -> tuple[str, ...]:
        """Depth first, each group once: the order in which Nornir asks them."""
        found: dict[str, None] = {}
        for name in direct:
            if len(above) > _DEEPEST:
                raise place.error(
                    f"groups are nested deeper than {_DEEPEST}", line, hint="flatten the groups"
                )
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
            if name not in self._above:
                owner = Place(self._groups_file, f"group {name}")
                self._above[name] = self._extended(group.groups, owner, group.line, (*above, name))
            found[name] = None
            found.update(dict.fromkeys(self._above[name]))
        return tuple(found)


def _record(value: Value, place: Place, line: int) -> _Record:
    table = place.table(value, "the record", line)
    place.known(table, _RECORD_KEYS, "the record")
    data = place.table(table.get("data"), "data", table.line_of("data"))
    napalm = napalm_given(table, place)
    return _Record(
        line=line,
        platform=_form(table, "platform", place, PLATFORM),
        hostname=_form(table, "hostname", place, ADDRESS),
        port=_port(table, place),
        username=_form(table, "username", place, USERNAME),
        groups=_group_names(table, place),
        qos=qos_data(data["qos"], place, data.line_of("qos")) if "qos" in data else NO_QOS,
        napalm=napalm,
        secret=napalm.secret or table.get("password") is not None,
    )


def _merged(nearest_first: Iterable[_Record], groups: tuple[str, ...]) -> _Record:
    records = list(nearest_first)
    return _Record(
        line=records[0].line,
        platform=next((item.platform for item in records if item.platform), None),
        hostname=next((item.hostname for item in records if item.hostname), None),
        port=next((item.port for item in records if item.port), None),
        username=next((item.username for item in records if item.username), None),
        groups=groups,
        qos=merge_qos(item.qos for item in records),
        napalm=merge_given(item.napalm for item in records),
    )


def _form(table: Table, key: str, place: Place, form: Form) -> str | None:
    value = table.get(key)
    return None if value is None else place.form(value, form, key, table.line_of(key))


def _port(table: Table, place: Place) -> int | None:
    value = table.get("port")
    if value is None:
        return None
    if not isinstance(value, int):
        # Nornir hands a text on to the connection as it is, and each takes it for something else.
        raise place.error(
            "port is not a number", table.line_of("port"), hint="write port: 22, without quotes"
        )
    return place.port(value, "port", table.line_of("port"))


def _group_names(table: Table, place: Place) -> tuple[str, ...]:
    value = table.get("groups")
    if value is None:
        return ()
    if not isinstance(value, Listing):
        raise place.error("groups is not a list", table.line_of("groups"), hint="write [a, b]")
    return tuple(
        place.form(item, GROUP, "group", line)
        for item, line in zip(value, value.lines, strict=True)
    )


def _line(table: Table | dict[str, Value], name: str) -> int:
    return table.line_of(name) if isinstance(table, Table) else 1
