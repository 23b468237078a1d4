"""Tables, and devices exported from NetBox."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from translator.errors import InventoryError
from translator.inventory import Inventory, load_inventory

TABLE = """name,hostname,platform,groups,interfaces,addresses,port
r1,192.0.2.1,cisco_ios,branch;lab,Gi0/1=wan:10M;Gi0/2=client,"servers=10.1.1.0/24,10.1.2.0/24;clients=10.2.0.0/16",22
printer,,,,,,
"""


def of(folder: Path, text: str, name: str = "hosts.csv") -> Inventory:
    (folder / name).write_text(text, encoding="utf-8", newline="")
    return load_inventory(folder / name)


def test_a_table(tmp_path):
    inventory = of(tmp_path, TABLE)
    host = inventory.host("r1")
    assert [f"{spec.name}={spec.role}" for spec in host.interfaces] == ["Gi0/1=wan", "Gi0/2=client"]
    assert {name: len(items) for name, items in host.addresses} == {"servers": 2, "clients": 1}
    assert (host.groups, host.port, host.where.line) == (("branch", "lab"), 22, 2)
    assert inventory.host("printer").driver == ""
    assert inventory.group_names == ("branch", "lab")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_separators_ends_of_lines_and_capitals(separator, end, tmp_path):
    rows = [["Name", "Platform", "Interfaces"], ["r1", "linux", '"eth0=wan:5M;eth1=client"'], []]
    text = "\ufeff" + end.join(separator.join(row) for row in rows) + end
    (host,) = of(tmp_path, text, "hosts.txt").hosts
    assert len(host.interfaces) == 2


BAD = {
    "unknown heading": ("name,plattform\nr1,linux\n", 1, "platform"),
    "no heading": ("r1,linux\n", 1, "name,hostname"),
    "heading twice": ("name,groups,groups\nr1,a,b\n", 1, "remove"),
    "no name": ("name,platform\n,linux\n", 2, "name"),
    "too many cells": ("name,platform\nr1,linux,x\n", 2, "quote"),
    "row that ends too soon": ("name,platform,groups\nr1,linux,a\nr2,li", 3, "complete"),
    "quote that is not closed": ('name,platform\nr1,"linux\nr2,linux\n', 2, "quote"),
    "host twice": ("name,platform\nr1,linux\nr1,linux\n", 3, "one entry"),
    "interface twice": (
        "name,platform,interfaces\nr1,linux,eth0=wan;eth0=client\n",
        2,
        "one role",
    ),
    "unknown role": ("name,platform,interfaces\nr1,linux,eth0=lan\n", 2, "client"),
    "bad prefix": ("name,platform,addresses\nr1,linux,clients=10.0.0.1/8\n", 2, "10.1.0.0/16"),
    "no platform": ("name,interfaces\nr1,eth0=client\n", 2, "platform"),
    "unknown platform": ("name,platform,interfaces\nr1,frob,eth0=client\n", 2, "known"),
    "a cell of megabytes": (f"name,platform\nr1,{'x' * 200_000}\n", 2, "complete"),
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_a_wrong_table_is_one_error_with_its_line(case, tmp_path):
    text, line, hint = BAD[case]
    with pytest.raises(InventoryError) as caught:
        of(tmp_path, text)
    assert caught.value.where.line == line
    assert hint in caught.value.hint


def test_a_column_of_passwords_is_not_read(tmp_path):
    inventory = of(tmp_path, "name,platform,password\nr1,linux,hunter2\n")
    assert "secrets come from" in inventory.notes[0]
    assert "hunter2" not in repr(inventory)


DEVICE = {
    "id": 1,
    "name": "r1",
    "platform": {"id": 3, "name": "Cisco IOS", "slug": "cisco-ios"},
    "primary_ip": {"address": "2001:db8::1/64"},
    "primary_ip4": {"address": "192.0.2.1/24"},
    "serial": "FOC1",
    "site": {"slug": "hq", "name": "Head Quarters"},
    "role": {"slug": "access"},
    "tags": [{"slug": "lab"}, {"slug": "hq"}],
    "custom_fields": {"qos_interfaces": "Gi0/1=wan:10M", "owner": 7, "load": 0.5},
    "local_context_data": {"qos": {"interfaces": {"Gi0/1": {"role": "uplink"}}}},
    "config_context": {
        "qos": {"interfaces": {"Gi0/2": {"role": "client"}}, "groups": {"clients": "10.0.0.0/8"}},
        "ntp": {"servers": ["192.0.2.7"]},
    },
}
BARE = {"name": "printer", "platform": None, "primary_ip": None, "serial": "", "tags": []}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("paged", [True, False])
def test_netbox_devices(indent, paged, tmp_path):
    devices = [DEVICE, BARE, {"name": None}]
    data = {"count": 3, "next": None, "previous": None, "results": devices} if paged else devices
    inventory = of(tmp_path, json.dumps(data, indent=indent), "devices.json")
    assert inventory.kind == "NetBox export"
    assert inventory.notes == ("left out, devices without a name: 1",)
    host, printer = inventory.hosts
    assert (host.platform, host.driver, host.serial) == ("cisco_ios", "cisco_ios", "FOC1")
    assert host.address == "2001:db8::1"
    assert host.groups == ("hq", "access", "lab")
    assert {spec.name: str(spec.role) for spec in host.interfaces} == {
        "Gi0/1": "wan",
        "Gi0/2": "client",
    }
    assert list(host.bindings) == ["clients"]
    assert (printer.address, printer.driver, printer.serial) == ("printer", "", None)


def test_netbox_csv(tmp_path):
    inventory = of(
        tmp_path,
        "Name,Status,Site,Role,Manufacturer,Type,IP Address,Platform,Serial number,Tags,"
        "cf_qos_interfaces\n"
        'r1,Active,Head Quarters,Access,Cisco,C1111,192.0.2.1/24,Cisco IOS,FOC1,"lab,old",'
        "Gi0/1=wan:10M;Gi0/2=client\n",
    )
    (host,) = inventory.hosts
    assert inventory.kind == "NetBox CSV export"
    assert (host.address, host.driver, host.serial) == ("192.0.2.1", "cisco_ios", "FOC1")
    assert host.groups == ("Head Quarters", "Access", "lab", "old")
    assert len(host.interfaces) == 2


BAD_NETBOX = {
    "one page of several": ({"count": 2, "next": "http://n/?offset=1", "results": [BARE]}, "limit"),
    "fewer than counted": ({"count": 2, "next": None, "results": [BARE]}, "limit"),
    "results no list": ({"count": 2, "results": {}}, "export"),
    "host twice": ([BARE, BARE], "one entry"),
    "device is a list": ([{**BARE}, ["r1"]], "NAME"),
    "bad address": ([{**BARE, "primary_ip": {"address": "r1"}}], "10.0.0.1/24"),
    "tags no list": ([{**BARE, "tags": "a"}], "again"),
    "unknown platform": ([{**DEVICE, "platform": {"slug": "frob"}}], "known"),
    "no platform": ([{**DEVICE, "platform": None}], "platform"),
    "unknown key of qos": ([{**DEVICE, "custom_fields": {"qos": {"intf": {}}}}], "interfaces"),
}


@pytest.mark.parametrize("case", BAD_NETBOX, ids=str)
def test_a_wrong_export_is_one_error_with_file_and_hint(case, tmp_path):
    data, hint = BAD_NETBOX[case]
    with pytest.raises(InventoryError) as caught:
        of(tmp_path, json.dumps(data), "devices.json")
    assert caught.value.where is not None
    assert hint in caught.value.hint


BAD_JSON = {
    "key twice": ('[{"name": "a",\n "name": "b"}]', 2, "remove"),
    "fraction of a word": ("[{nul}]", 1, "name"),
    "cut in a string": ('[{"name": "a', 1, "complete"),
    "cut behind a comma": ('[{"name": "a",\n', 2, "name"),
    "comma at the end": ('[{"name": "a"},]', 1, "complete"),
    "more behind the end": ("[]\n[]", 2, "one JSON value"),
    "control character": ('[{"name": "a\nb"}]', 1, "complete"),
    "too deep": ("[{" + '"a":' + "[" * 100_000, 1, "levels"),
}


@pytest.mark.parametrize("case", BAD_JSON, ids=str)
def test_what_is_no_json_is_one_error_with_its_line(case, tmp_path):
    text, line, hint = BAD_JSON[case]
    with pytest.raises(InventoryError, match="JSON") as caught:
        of(tmp_path, text, "devices.json")
    assert caught.value.where.line == line
    assert hint in caught.value.hint
