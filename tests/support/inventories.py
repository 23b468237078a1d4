"""One host in every format that an inventory may have."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["FORMATS", "GOOD", "write_host"]

GOOD: Mapping[str, str] = {
    "name": "r1",
    "address": "192.0.2.1",
    "platform": "linux",
    "driver": "linux",
    "group": "branch",
    "interface": "eth0",
    "role": "wan",
    "rate": "10M",
    "binding": "clients",
    "prefix": "10.0.0.0/8",
    "port": "2022",
    "username": "netops",
    "serial": "FOC1",
}


def _qos(fields: Mapping[str, str]) -> dict:
    return {
        "driver": fields["driver"],
        "serial": fields["serial"],
        "interfaces": {fields["interface"]: {"role": fields["role"], "rate": fields["rate"]}},
        "groups": {fields["binding"]: [fields["prefix"]]},
    }


def _port(text: str) -> int | str:
    return int(text) if text.isdigit() else text


def _nornir(fields: Mapping[str, str], folder: Path) -> Path:
    host = {
        "hostname": fields["address"],
        "platform": fields["platform"],
        "groups": [fields["group"]],
        "port": _port(fields["port"]),
        "username": fields["username"],
        "data": {"qos": _qos(fields)},
    }
    (folder / "hosts.yaml").write_text(json.dumps({fields["name"]: host}), encoding="utf-8")
    (folder / "groups.yaml").write_text(json.dumps({fields["group"]: {}}), encoding="utf-8")
    return folder


def _variables(fields: Mapping[str, str]) -> dict:
    return {
        "ansible_host": fields["address"],
        "ansible_network_os": fields["platform"],
        "ansible_port": _port(fields["port"]),
        "ansible_user": fields["username"],
        "qos": _qos(fields),
    }


def _ansible_ini(fields: Mapping[str, str], folder: Path) -> Path:
    lines = [f"[{fields['group']}]", fields["name"], f"[{fields['group']}:vars]"]
    lines += [f"{key}={value!r}" for key, value in _variables(fields).items()]
    (folder / "hosts").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    return folder / "hosts"


def _ansible_yaml(fields: Mapping[str, str], folder: Path) -> Path:
    tree = {"all": {"children": {fields["group"]: {"hosts": {fields["name"]: _variables(fields)}}}}}
    text = "---\n" + json.dumps(tree, indent=1)  # which is YAML too
    (folder / "hosts.yml").write_text(text, encoding="utf-8")
    return folder / "hosts.yml"


def _ansible_folder(fields: Mapping[str, str], folder: Path) -> Path:
    tree = {fields["group"]: {"hosts": {fields["name"]: None}}}
    (folder / "main.yml").write_text(json.dumps(tree), encoding="utf-8")
    (folder / "group_vars").mkdir(exist_ok=True)
    (folder / "group_vars" / "all.yml").write_text(json.dumps(_variables(fields)), encoding="utf-8")
    return folder


def _ansible_list(fields: Mapping[str, str], folder: Path) -> Path:
    tree = {
        "_meta": {"hostvars": {fields["name"]: _variables(fields)}},
        fields["group"]: {"hosts": [fields["name"]]},
    }
    (folder / "list.json").write_text(json.dumps(tree, indent=1), encoding="utf-8")
    return folder / "list.json"


def _csv(fields: Mapping[str, str], folder: Path) -> Path:
    row = {
        "name": fields["name"],
        "hostname": fields["address"],
        "platform": fields["platform"],
        "driver": fields["driver"],
        "groups": fields["group"],
        "interfaces": f"{fields['interface']}={fields['role']}:{fields['rate']}",
        "addresses": f"{fields['binding']}={fields['prefix']}",
        "port": fields["port"],
        "username": fields["username"],
        "serial": fields["serial"],
    }
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(row))
    writer.writeheader()
    writer.writerow(row)
    (folder / "hosts.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
    return folder / "hosts.csv"


def _netbox(fields: Mapping[str, str], folder: Path) -> Path:
    device = {
        "name": fields["name"],
        "platform": {"slug": fields["platform"]},
        "primary_ip": {"address": f"{fields['address']}/24"},
        "site": {"slug": fields["group"]},
        "serial": fields["serial"],
        "custom_fields": {"qos": _qos(fields)},
    }
    (folder / "netbox.json").write_text(json.dumps([device], indent=1), encoding="utf-8")
    return folder / "netbox.json"


def _netbox_csv(fields: Mapping[str, str], folder: Path) -> Path:
    row = {
        "Name": fields["name"],
        "Status": "Active",
        "Site": fields["group"],
        "Platform": fields["platform"],
        "IP Address": f"{fields['address']}/24",
        "Serial number": fields["serial"],
        "qos_interfaces": f"{fields['interface']}={fields['role']}:{fields['rate']}",
        "qos_addresses": f"{fields['binding']}={fields['prefix']}",
    }
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(row))
    writer.writeheader()
    writer.writerow(row)
    (folder / "netbox.csv").write_text(out.getvalue(), encoding="utf-8", newline="")
    return folder / "netbox.csv"


_ALL = frozenset(GOOD)
# Each format with the fields that it has.
FORMATS: dict[str, tuple[Callable[[Mapping[str, str], Path], Path], frozenset[str]]] = {
    "Nornir SimpleInventory": (_nornir, _ALL),
    "Ansible INI file": (_ansible_ini, _ALL),
    "Ansible YAML file": (_ansible_yaml, _ALL),
    "Ansible inventory folder": (_ansible_folder, _ALL),
    "JSON of ansible-inventory --list": (_ansible_list, _ALL),
    "CSV table": (_csv, _ALL),
    "NetBox export": (_netbox, _ALL - {"port", "username"}),
    "NetBox CSV export": (_netbox_csv, _ALL - {"port", "username", "driver"}),
}


def write_host(kind: str, folder: Path, **changed: str) -> Path:
    """Write the one host, with some fields changed; return what `-i` is given."""
    return FORMATS[kind][0]({**GOOD, **changed}, folder)
