"""Settings of every kind for the properties: ordinary ones, edges, and hostile but legal text."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network, IPv6Network

from hypothesis import strategies as st

from translator.codepoint import CodePoint
from translator.endpoint.formats.registry import EndpointFormat, Source, all_formats
from translator.endpoint.settings import (
    ClientRanges,
    HostPolicy,
    MediaPorts,
    MediaQos,
    NlaSwitch,
    PhoneMarking,
    PschedMarking,
    PschedService,
    Setting,
    Settings,
)
from translator.plan.model import Transport
from translator.ports import PortBlock, PortRange

FORMATS = {item.name: item for item in all_formats() if item.write is not None}
SERVERS = {
    "conference_server": ("ConferencingServer", ("audio", "video", "app_sharing")),
    "application_server": ("ApplicationServer", ("audio", "video", "app_sharing")),
    "mediation_server": ("MediationServer", ("audio",)),
    "edge_server": ("EdgeServer", ("media_external",)),
    "trusted_application_pool": ("TrustedApplicationPool", ("audio", "video", "app_sharing")),
}
CLIENT_MEDIA = ("audio", "video", "app_sharing", "file_transfer", "communicator_2007r2")
# Each is one line of printable characters that some target reads as its own.
HOSTILE = (
    "O'Brien",
    "O\u2019Brien \u2018x\u2019 \u201a\u201b",
    '"; Remove-Item C:; "',
    "'; Remove-Item C: #",
    "\u2019; Remove-Item C: #",
    "$(Remove-Item C:)",
    "`$x `n ``",
    "$env:PATH",
    "a]b[c",
    '"=dword:00000001',
    "@{x=1}",
    "<#",
    "#>",
    "@'",
    "--%",
    "-WhatIf",
    "\u2014Name",
    "a;b",
    "a|b",
    "a&b",
    "%20",
    "a/b?c#d",
    "</Data><Add/>",
    "\u00fcml\u00e4ut \u65e5\u672c",
    "\U0001f4de",
    "x" * 250,
)

texts = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20),
    st.text("abc '\"`$(){};|\u2019\u201d-=@#%", min_size=1, max_size=12),
).filter(lambda text: text == text.strip() and text.isprintable())
names = texts.filter(lambda text: "\\" not in text)
code_points = st.integers(0, 63).map(CodePoint)
edges = st.sampled_from((1, 2, 1023, 1024, 5061, 49152, 65534, 65535)) | st.integers(1, 65535)
port_ranges = st.tuples(edges, edges).map(lambda pair: PortRange(min(pair), max(pair)))
any_ports = st.none() | port_ranges
prefixes = st.one_of(
    st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 32)).map(
        lambda pair: IPv4Network(pair, strict=False)
    ),
    st.tuples(st.integers(0, 2**128 - 1), st.integers(0, 128)).map(
        lambda pair: IPv6Network(pair, strict=False)
    ),
)
protocols = st.sampled_from(((Transport.UDP, Transport.TCP), (Transport.UDP,), (Transport.TCP,)))
rates = st.none() | st.integers(1, 10**17)
policies = st.builds(
    HostPolicy,
    name=names,
    application=st.none() | texts.filter(lambda text: text != "*"),
    protocols=protocols,
    code_point=st.none() | code_points,
    source_ports=any_ports,
    destination_ports=any_ports,
    source_prefix=st.none() | prefixes,
    destination_prefix=st.none() | prefixes,
    throttle_bps=rates,
    store=st.sampled_from(("", "HKLM", "HKCU", "ActiveStore", "GPO:example.com\\QoS")),
)


def blocks(low: int) -> st.SearchStrategy[PortBlock | None]:
    """Blocks that the cmdlets take, to the last port; None is a count of 0."""
    starts = st.sampled_from((low, 20000, 49152, 65535)) | st.integers(low, 65535)
    return st.none() | starts.flatmap(
        lambda start: st.integers(1, 65536 - start).map(lambda count: PortBlock(start, count))
    )


client_scopes = st.sampled_from(("Global", "Tenant")) | texts.map(lambda text: f"Site:{text}")


def server_ports(server: str) -> st.SearchStrategy[MediaPorts]:
    kind, media = SERVERS[server]
    return st.builds(
        MediaPorts,
        st.sampled_from(media).map(lambda medium: f"{server}.{medium}"),
        blocks(1),
        st.just("Global") | texts.map(lambda text: f"{kind}:{text}"),
    )


# Policies that name no address, throttle nothing and belong to a computer.
plain_policies = st.builds(
    HostPolicy,
    name=names,
    application=st.none() | texts.filter(lambda text: text != "*"),
    protocols=protocols,
    code_point=code_points,
    source_ports=any_ports,
    destination_ports=any_ports,
)
client_ports = st.builds(
    MediaPorts,
    st.sampled_from(CLIENT_MEDIA).map(lambda medium: f"client.{medium}"),
    blocks(1024),
    client_scopes,
)
switches = st.builds(ClientRanges, st.booleans(), client_scopes) | st.builds(
    MediaQos, st.booleans(), client_scopes
)
phones = st.builds(PhoneMarking, code_points, st.integers(0, 7), client_scopes)
markings = st.builds(PschedMarking, st.sampled_from(PschedService), code_points)
nla_switches = st.builds(NlaSwitch, st.sampled_from(("1", "0", "", "yes")), st.just(True)) | (
    st.builds(NlaSwitch, st.sampled_from(("1", "0", "4294967295")), st.just(False))
)
of_lync = st.one_of(
    client_ports, st.sampled_from(sorted(SERVERS)).flatmap(server_ports), switches, phones
)
settings = st.one_of(policies, plain_policies, of_lync, markings, nla_switches)
# What each format is for, most of it such that the format has a place for it.
OF_FORMAT = {
    "psched": markings,
    "reg": policies | plain_policies | nla_switches,
    "intune": plain_policies,
    "powershell-cs": of_lync,
    "teams-tenant": client_ports | switches,
    "netqospolicy": policies | plain_policies,
}


def identity(setting: Setting) -> tuple[str, ...]:
    """What a later setting of the same identity would overwrite."""
    name = str(getattr(setting, "name", getattr(setting, "service", "")))
    scope = str(getattr(setting, "scope", ""))
    hive = "" if getattr(setting, "store", "") != "HKCU" else "HKCU"
    return (type(setting).__name__, name.casefold(), scope.casefold(), hive)


def lists_of(one: st.SearchStrategy[Setting]) -> st.SearchStrategy[Settings]:
    """Several settings, none of which overwrites another."""
    return st.lists(one, max_size=6, unique_by=identity).map(tuple)


def source(data: bytes, file: str = "input") -> Source:
    """A file as a loader gives it."""
    encoding = "utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig"
    return Source(file, data, data.decode(encoding, errors="replace"))


def read_back(chosen: EndpointFormat, settings: Settings) -> Settings:
    """What the format reads of what it writes."""
    assert chosen.write is not None
    assert chosen.read is not None
    written = source(chosen.write(settings))
    assert chosen.fits(written)
    return chosen.read(written)


def plain(settings: Settings, *, stores: bool = False) -> set[Setting]:
    """The settings without their places; the local computer has several names as a store."""
    return {
        replace(
            item,
            where=None,
            **(
                {"store": item.store if stores and item.store not in ("", "HKLM") else ""}
                if isinstance(item, HostPolicy)
                else {}
            ),
        )
        for item in settings
    }
