"""What the detectors find in a text, for the interfaces and roles that a test names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from audit import judging
from audit.judging import PLAN
from conformance.shapes import BINDINGS

from translator.audit.case import Case
from translator.audit.detectors import find_all
from translator.audit.model import Finding
from translator.audit.roles import infer_roles
from translator.drivers.registry import driver
from translator.intents.compile import Compiler, InterfaceSpec
from translator.intents.lower import lower
from translator.verify.diagram import Space

__all__ = [
    "AUDIO",
    "JUNOS",
    "LINUX",
    "ROUTER",
    "SIGNALLING",
    "SWITCH",
    "VIDEO",
    "case_of",
    "edited",
    "findings_in",
    "in_router",
    "lines_of",
    "only",
    "rendered",
    "router",
    "told",
]

ROUTER = ("Gi0/1=client", "Gi0/0=wan:10M")
SWITCH = ("Gi1/0/1=client", "Gi1/0/24=uplink")
JUNOS = ("ge-0/0/1.0=client", "ge-0/0/0.0=wan:10M")
LINUX = ("eth1=client", "eth0=wan:10M")
SIGNALLING = " class QOS-CLIENT-SIGNALLING\n  set dscp cs3\n"
AUDIO = " class QOS-CLIENT-AUDIO\n  set dscp ef\n"
VIDEO = " class QOS-CLIENT-VIDEO\n  set dscp af41\n"
_COMPILER = Compiler(PLAN)


def case_of(
    platform: str,
    text: str,
    specs: Sequence[str | InterfaceSpec] | None = None,
    *,
    bindings: Mapping[str, Sequence[object]] = BINDINGS,
    space: Space | None = None,
) -> Case:
    """Return the case of a text; without specs, roles are inferred."""
    reader = driver(platform)
    ports = reader.ports(text)
    if specs is None:
        asked = list(infer_roles(reader.parse(text), ports).specs)
    else:
        asked = [InterfaceSpec.of(item) if isinstance(item, str) else item for item in specs]
    return judging.case_of(reader, asked, text, bindings, ports=ports, space=space)


def findings_in(platform: str, text: str, *specs: str, **options) -> list[Finding]:
    """Return what the detectors find."""
    return find_all(case_of(platform, text, specs or None, **options))


def told(findings: Sequence[Finding]) -> list[str]:
    """Return the ids, sorted."""
    return sorted(item.kind for item in findings)


def only(findings: Sequence[Finding], id_: str) -> Finding:
    """Return the one finding, which must have that id."""
    assert told(findings) == [id_], [f"{item.kind}: {item.message}" for item in findings]
    return findings[0]


def edited(text: str, *changes: tuple[str, str]) -> str:
    """Return a text after changes, each of which must apply."""
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


def rendered(platform: str, *specs: str, bindings=BINDINGS) -> str:
    """Return the configuration that the plan asks for."""
    reader = driver(platform)
    asked = [InterfaceSpec.of(item) for item in specs]
    intents = lower(_COMPILER.compile("device", asked, bindings), reader.capabilities)
    return reader.render(intents).config


def router() -> str:
    """Return the text of a branch router."""
    return rendered("cisco_ios", *ROUTER)


def in_router(*changes: tuple[str, str], specs=ROUTER) -> list[Finding]:
    """Return what the detectors find in that text after changes."""
    return findings_in("cisco_ios", edited(router(), *changes), *specs)


def lines_of(finding: Finding, text: str) -> list[str]:
    """Return the lines that a finding names."""
    return [text.split("\n")[line - 1] for line in finding.lines]
