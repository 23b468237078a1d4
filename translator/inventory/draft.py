"""From what a format says of a host to the host itself; the one place that asks for its driver."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from translator.drivers.registry import driver, driver_names
from translator.errors import DriverError, Where
from translator.inventory.model import Host
from translator.inventory.qos import NO_QOS, Place, QosData
from translator.inventory.transport import NO_NAPALM, NapalmOptions, Transport

__all__ = ["Draft", "driver_name"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A host as its format knows it, everything inherited."""

    name: str
    place: Place
    line: int
    platform: str | None = None
    hostname: str | None = None
    port: int | None = None
    username: str | None = None
    serial: str | None = None
    groups: tuple[str, ...] = ()
    qos: QosData = NO_QOS
    napalm: NapalmOptions = NO_NAPALM

    def host(self, cure: str, *, only_qos: bool = False) -> Host:
        """Return the host.

        Args:
            cure: what to do about a host that has no platform.
            only_qos: the format lists other machines too: a host without interfaces may do
                without a driver.

        Raises:
            InventoryError: it has no platform, or one for which there is no driver.
        """
        wanted = self.qos.driver or self.platform
        name = ""
        bystander = only_qos and not self.qos.interfaces
        if (wanted is None or (self.platform is None and not only_qos)) and not bystander:
            raise self.place.error("has no platform", self.line, hint=cure)
        if wanted is not None:
            try:
                name = driver_name(wanted)
            except DriverError as error:
                if not bystander:
                    raise self.place.error(error.problem, self.line, hint=error.hint) from None
        return Host(
            name=self.name,
            platform=self.platform or self.qos.driver or "",
            driver=name,
            hostname=self.hostname,
            interfaces=tuple(self.qos.interfaces.values()),
            addresses=tuple(self.qos.addresses.items()),
            groups=self.groups,
            where=Where(self.place.file, self.line),
            port=self.port,
            username=self.username,
            serial=self.serial or self.qos.serial,
            transport=Transport(self.qos.transport or Transport.NETMIKO),
            napalm=self.napalm,
        )


@cache
def driver_name(spelling: str) -> str:
    """Return our name of a platform spelled by us, netmiko, NAPALM or Ansible.

    Raises:
        DriverError: there is no driver for it.
    """
    return spelling if spelling in driver_names() else driver(spelling).platform
