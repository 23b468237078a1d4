"""An inventory written as a Nornir folder is the same inventory, for us and for Nornir."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.inventories import FORMATS, write_host

from translator.drivers.registry import driver_names
from translator.intents.compile import InterfaceSpec
from translator.intents.match import prefix_of
from translator.intents.model import Role
from translator.inventory import Host, Inventory, load_inventory
from translator.inventory.dump import nornir_files, without_driver
from translator.inventory.fields import ADDRESS, GROUP, HOST_NAME, SERIAL, USERNAME
from translator.inventory.transport import NapalmOption, NapalmOptions, Transport
from translator.plan.shares import QUEUE_NAMES, QueueShare

FIXTURES = Path(__file__).with_name("fixtures")


def of_form(form, *traps: str):
    return st.from_regex(form.pattern, fullmatch=True) | st.sampled_from(traps)


names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9./:_@+-]{0,30}", fullmatch=True)
rates = st.none() | st.integers(8_000, 800 * 10**9)
shares = st.dictionaries(st.sampled_from(QUEUE_NAMES), st.integers(1, 14)).map(
    lambda found: tuple(QueueShare(*item) for item in found.items())
)
interfaces = st.lists(
    st.builds(InterfaceSpec, names, st.sampled_from(Role), rates)
    | st.builds(InterfaceSpec, names, st.sampled_from([Role.WAN, Role.UPLINK]), rates, shares),
    max_size=3,
    unique_by=lambda spec: spec.name,
).map(tuple)
addresses = st.dictionaries(
    st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True),
    st.lists(
        st.sampled_from(["10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "::/0"]).map(prefix_of),
        min_size=1,
        max_size=3,
    ).map(tuple),
    max_size=3,
).map(lambda found: tuple(found.items()))


napalm_options = st.builds(
    NapalmOptions,
    st.none() | st.integers(1, 65535),
    st.lists(
        st.builds(
            NapalmOption,
            st.sampled_from(["port", "fast_cli", "no", "1e3"]),
            st.booleans() | st.integers(0, 10**9) | st.sampled_from(["ssh", "1.5", "yes", "a: b"]),
        ),
        unique_by=lambda option: option.name,
    ).map(tuple),
)


@st.composite
def hosts(draw):
    driver = draw(st.sampled_from(driver_names()))
    ambiguous = driver == "cisco_catalyst" and draw(st.booleans())
    return Host(
        name=draw(of_form(HOST_NAME, "no", "08", "1e3", "0x1f", "null", "1_000", "2026-11-29")),
        platform="cisco_ios" if ambiguous else driver,
        driver=driver,
        hostname=draw(st.none() | of_form(ADDRESS, "::1", "on", "010", "1:30")),
        interfaces=draw(interfaces),
        addresses=draw(addresses),
        groups=tuple(draw(st.lists(of_form(GROUP, "yes", "07", "a b"), unique=True))),
        port=draw(st.none() | st.integers(1, 65535)),
        username=draw(st.none() | of_form(USERNAME, "DOM\\admin", "007", "off")),
        serial=draw(st.none() | of_form(SERIAL, "0899", "1e5", "a: b", "a #b")),
        transport=draw(st.sampled_from(Transport)),
        napalm=draw(napalm_options),
    )


@settings(max_examples=60)
@given(st.lists(hosts(), max_size=4, unique_by=lambda host: host.name))
def test_what_is_written_is_read_as_the_same_hosts(found):
    from nornir.plugins.inventory.simple import SimpleInventory

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, text in nornir_files(Inventory(tuple(found)), found).items():
            (folder / file).write_text(text, encoding="utf-8", newline="\n")
        again = load_inventory(folder)
        assert [replace(host, where=None) for host in again.hosts] == found
        files = [str(folder / file) for file in ("hosts.yaml", "groups.yaml", "defaults.yaml")]
        theirs = SimpleInventory(*files).load()
    assert list(theirs.hosts) == [host.name for host in found]
    for host in found:
        other = theirs.hosts[host.name]
        assert (other.platform, other.port, other.username) == (
            host.platform,
            host.port,
            host.username,
        )
        assert other.hostname == host.hostname
        assert tuple(group.name for group in other.extended_groups()) == host.groups


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_becomes_a_nornir_folder(kind, tmp_path):
    (tmp_path / "source").mkdir()
    inventory = load_inventory(write_host(kind, tmp_path / "source"))
    for file, text in nornir_files(inventory, inventory.hosts).items():
        (tmp_path / file).write_text(text, encoding="utf-8")
    again = load_inventory(tmp_path)
    assert again.kind == "Nornir SimpleInventory"
    assert [replace(host, where=None) for host in again.hosts] == [
        replace(host, where=None) for host in inventory.hosts
    ]
    assert again.group_names == tuple(name for name in inventory.group_names)


def test_hosts_without_a_driver_are_left_out_and_named():
    inventory = load_inventory(FIXTURES / "hosts.ini")
    left_out = without_driver(inventory.hosts)
    assert "alone.example" in left_out
    assert "alone.example" not in nornir_files(inventory, inventory.hosts)["hosts.yaml"]
