"""Which library a host is spoken with, in every format; what Nornir's inventory tells NAPALM."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from translator.errors import InventoryError
from translator.inventory.dump import nornir_files
from translator.inventory.load import load_inventory
from translator.inventory.transport import NapalmOption, NapalmOptions, Transport

NETBOX = {
    "name": "r1",
    "platform": {"slug": "cisco_ios"},
    "site": {"slug": "a"},
    "custom_fields": {"qos": {"transport": "napalm"}},
}
TEXTS = {
    "hosts.yaml": "r1:\n  platform: cisco_ios\n  data:\n    qos:\n      transport: napalm\n",
    "hosts": "r1 ansible_network_os=cisco.ios.ios\n[all:vars]\nqos_transport=napalm\n",
    "hosts.yml": "all:\n  hosts:\n    r1:\n      ansible_network_os: cisco.ios.ios\n"
    "      qos:\n        transport: napalm\n",
    "hosts.csv": "name,platform,transport\nr1,cisco_ios,napalm\n",
    "netbox.json": json.dumps([NETBOX], indent=1),
}
LINES = {"hosts.yaml": 5, "hosts": 3, "hosts.yml": 6, "hosts.csv": 2, "netbox.json": 12}


def written(name: str, text: str, folder: Path) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder if name == "hosts.yaml" else folder / name


@pytest.mark.parametrize("name", TEXTS)
def test_every_format_names_the_library(name: str, tmp_path: Path):
    (host,) = load_inventory(written(name, TEXTS[name], tmp_path)).hosts
    assert host.transport is Transport.NAPALM
    (host,) = load_inventory(
        written(name, TEXTS[name].replace("napalm", "netmiko"), tmp_path)
    ).hosts
    assert host.transport is Transport.NETMIKO


@pytest.mark.parametrize("name", TEXTS)
def test_another_library_is_an_error_with_its_place(name: str, tmp_path: Path):
    path = written(name, TEXTS[name].replace("napalm", "scrapli"), tmp_path)
    with pytest.raises(InventoryError, match="'scrapli' is no transport") as caught:
        load_inventory(path)
    assert caught.value.hint == "write netmiko or napalm"
    assert caught.value.where is not None
    assert caught.value.where.file == str(tmp_path / name)
    assert caught.value.where.line == LINES[name]


HOSTS = """\
r1:
  platform: ios
  port: 22
  groups: [near, far]
  connection_options:
    napalm: {port: 830}
    netmiko: {extras: {anything: [goes]}}
r2:
  platform: ios
  groups: [far]
"""
GROUPS = """\
near:
  connection_options:
    napalm:
      password: hunter2
      extras:
        optional_args:
          secret: hunter3
          global_delay_factor: 1.5
          fast_cli: false
far:
  connection_options:
    napalm: {port: 22830, extras: {timeout: 5, optional_args: {fast_cli: true}}}
"""


def test_nornirs_options_come_whole_from_the_nearest_place(tmp_path: Path):
    (tmp_path / "groups.yaml").write_text(GROUPS)
    inventory = load_inventory(written("hosts.yaml", HOSTS, tmp_path))
    one, two = inventory.hosts
    assert one.napalm == NapalmOptions(
        830, (NapalmOption("global_delay_factor", "1.5"), NapalmOption("fast_cli", False))
    )
    assert two.napalm == NapalmOptions(
        22830, (NapalmOption("timeout", 5), NapalmOption("fast_cli", True))
    )
    assert str(one.napalm.options[0].where) == f"{tmp_path / 'groups.yaml'}:8"
    assert "hunter" not in repr(inventory)
    assert "secrets come from" in inventory.notes[0]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("[]", "connection_options is not a mapping"),
        ("{napalm: no}", "connection_options.napalm is not a mapping"),
        ("{napalm: {port: 0}}", "port 0 is not within 1-65535"),
        ("{napalm: {extras: {optional_args: [port]}}}", "optional_args is not a mapping"),
    ],
)
def test_another_form_than_nornirs_is_refused(options: str, says: str, tmp_path: Path):
    text = f"r1:\n  platform: ios\n  connection_options: {options}\n"
    with pytest.raises(InventoryError, match=says.replace(".", r"\.")) as caught:
        load_inventory(written("hosts.yaml", text, tmp_path))
    assert caught.value.where is not None
    assert caught.value.where.line == 3


def test_a_nornir_folder_that_is_written_says_the_same(tmp_path: Path):
    (tmp_path / "groups.yaml").write_text(GROUPS)
    found = load_inventory(written("hosts.yaml", HOSTS, tmp_path))
    hosts = [replace(host, transport=Transport.NAPALM) for host in found.hosts]
    again = tmp_path / "again"
    again.mkdir()
    for name, text in nornir_files(found, hosts).items():
        (again / name).write_text(text, encoding="utf-8")
    read = load_inventory(again).hosts
    assert [(host.transport, host.napalm.port) for host in read] == [
        (Transport.NAPALM, 830),
        (Transport.NAPALM, 22830),
    ]
    # `timeout` stands beside `optional_args` in Nornir's files; the hosts hold both as options.
    assert [host.napalm.options for host in read] == [host.napalm.options for host in hosts]
