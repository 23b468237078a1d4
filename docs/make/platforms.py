"""One page per registered platform, made of what its driver says and does.

Every configuration shown is rendered and proven while the page is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from translator.drivers.base import Driver, Edits
from translator.drivers.change import ChangesDevices
from translator.drivers.registry import drivers
from translator.errors import TranslatorError
from translator.intents.capabilities import Feature
from translator.intents.model import Role
from translator.inventory.adhoc import adhoc_host
from translator.inventory.job import Job, Translation
from translator.inventory.platforms import PlatformRow, platform_rows
from translator.plan.load import load_plan

__all__ = ["pages"]

# Two interfaces as platforms name them: towards users, towards the line. A platform that is none
# of these families takes the names of the last one.
_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "arista": ("Ethernet1", "Ethernet48"),
    "cisco_catalyst": ("GigabitEthernet1/0/1", "GigabitEthernet1/0/24"),
    "cisco_nxos": ("Ethernet1/1", "Ethernet1/2"),
    "cisco": ("GigabitEthernet0/1", "GigabitEthernet0/0"),
    "juniper": ("ge-0/0/1.0", "ge-0/0/0.0"),
    "tomato": ("br0", "vlan2"),
    "": ("eth1", "eth0"),
}
_RATES: Final = {Role.UPLINK: ":1G", Role.WAN: ":10M", Role.INTERNET: ":10M"}
_SERVERS: Final = "conference_servers=10.1.10.0/28"
_FEATURES: Final = {
    Feature.MARK_INGRESS: "marks packets where they enter",
    Feature.MARK_AT_EGRESS: "marks packets where they leave",
    Feature.QUEUE: "serves classes in queues",
    Feature.QUEUE_BY_PORT: "chooses the queue by ports, without relying on code points",
    Feature.SHAPE: "shapes an interface to a rate",
    Feature.IPV6: "classifies IPv6",
    Feature.MATCH_CODE_POINT_WITH_PORT: "matches code point and ports together",
    Feature.EVERY_QUEUE_HAS_SHARE: "gives every queue a share, the default queue too",
    Feature.KEEPS_COMMENTS: "keeps comments in the running configuration",
}
# What most people have first: users behind one interface, the line behind the other.
_EXAMPLES: Final = (
    (Role.CLIENT, Role.WAN),
    (Role.CLIENT, Role.UPLINK),
    (None, Role.INTERNET),
    (Role.SERVER, Role.UPLINK),
)


def pages() -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield (name, what makes its Markdown) of the index and of each platform's page."""
    rows = {row.platform: row for row in platform_rows()}
    yield "index", partial(_index, rows.values())
    job = Job(load_plan("lync-2013"))
    for driver in drivers():
        yield driver.platform, _Page(driver, rows[driver.platform], job).text


def _index(rows: Iterable[PlatformRow]) -> str:
    lines = [
        "# Platforms",
        "",
        "Each page is made from the driver: what it can express, what becomes of each role,",
        "a proven example, and what nobody has verified.",
        "",
        "| platform | what it is |",
        "|---|---|",
    ]
    lines += [f"| [{row.platform}]({row.platform}.md) | {row.title} |" for row in rows]
    return "\n".join(lines) + "\n"


@dataclass(frozen=True, slots=True)
class _Page:
    """The page of one platform."""

    driver: Driver
    row: PlatformRow
    job: Job

    def text(self) -> str:
        """Return the page in Markdown."""
        sections = (
            f"# {self.driver.platform}\n\n{self.driver.title}.",
            self._facts(),
            "## What it can express\n\n" + "\n".join(self._abilities()),
            "## Roles\n\n" + "\n".join(self._roles()),
            *self._example(),
            "## Changing devices\n\n" + self._changes(),
            *self._assumptions(),
        )
        return "\n\n".join(sections) + "\n"

    def _facts(self) -> str:
        session = self.driver.session
        facts = {
            "Netmiko": f"`{session.netmiko}`",
            "NAPALM": f"`{session.napalm}`" if session.napalm else "-",
            "also known as": ", ".join(f"`{name}`" for name in self.row.aliases) or "-",
            "real QoS lines understood": self.row.cells()[-1],
        }
        table = "\n".join(f"| {name} | {value} |" for name, value in facts.items())
        return "| | |\n|---|---|\n" + table

    def _abilities(self) -> Iterator[str]:
        able = self.driver.capabilities
        for feature, words in _FEATURES.items():
            yield f"- {'yes' if able.has(feature) else 'no'}: {words}"
        if able.has(Feature.QUEUE):
            yield f"- {able.queues} queues at most, the default queue included"
        yield f"- names of at most {able.name_length} characters"

    def _roles(self) -> Iterator[str]:
        yield "One interface of each role under the preset `lync-2013`:"
        yield ""
        yield "| role | what becomes of it |"
        yield "|---|---|"
        for role in Role:
            yield f"| `{role}` | {self._outcome(role)} |"

    def _outcome(self, role: Role) -> str:
        try:
            done = self._translated(None, role)
        except TranslatorError as error:
            hint = f" Instead: {error.hint}." if error.hint else ""
            return f"refused: {error.problem}.{hint}"
        lines = sum(1 for line in done.rendered.config.splitlines() if line.strip(" !#"))
        return f"{lines} lines, proven over {done.proof.packets_note}"

    def _options(self, near: Role | None, far: Role) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The interfaces and addresses of a device between users and a line."""
        family = max((name for name in _NAMES if self.driver.platform.startswith(name)), key=len)
        users, line = _NAMES[family]
        interfaces = [f"{users}={near}"] if near else []
        interfaces.append(f"{line}={far}{_RATES.get(far, '')}")
        addresses = (_SERVERS,) if Role.SERVER in (near, far) else ()
        return tuple(interfaces), addresses

    def _translated(self, near: Role | None, far: Role) -> Translation:
        interfaces, addresses = self._options(near, far)
        return self.job.translate(adhoc_host(self.driver.platform, interfaces, addresses))

    def _example(self) -> Iterator[str]:
        for near, far in _EXAMPLES:
            try:
                done = self._translated(near, far)
            except TranslatorError:
                continue
            interfaces, addresses = self._options(near, far)
            words = [f"--platform {self.driver.platform}"]
            words += [f"--interface {item}" for item in interfaces]
            words += [f"--address {item}" for item in addresses]
            yield f"## Example\n\n```text\nqos-translator render {' '.join(words)}\n```"
            yield f"```text\n{done.rendered.config.rstrip()}\n```"
            yield "By hand:\n\n" + "\n".join(f"- {step}" for step in done.rendered.instructions)
            return

    def _changes(self) -> str:
        if not isinstance(self.driver, ChangesDevices):
            return "Nothing is pushed to this platform: the text is entered by hand."
        way = self.driver.procedures
        how = "one script, run on the device" if way.installs_script else "lines, one at a time"
        return (
            f"`push` changes it: {how}. The device's own timer, of {way.shortest_revert_s} s at "
            "least, takes back what is not confirmed from a second session: "
            "[pushing](../push.md)."
        )

    def _assumptions(self) -> Iterator[str]:
        proofs = self.driver.capabilities.assumptions
        edits = self.driver.edit_assumptions if isinstance(self.driver, Edits) else ()
        for title, sentences in (
            ("What proofs rest on", proofs),
            ("What repairs and pushes rest on", edits),
        ):
            if sentences:
                yield f"## {title}\n\n" + "\n".join(f"- {text}" for text in sentences)
