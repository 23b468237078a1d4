"""An Ansible inventory means what Ansible makes of it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from support.ansible import ansible_list, ansible_reads

from translator.errors import InventoryError
from translator.inventory import load_inventory
from translator.inventory.formats.ansible import load_tree
from translator.inventory.formats.ansible_hosts import HostMaker
from translator.inventory.formats.ansible_vars import VarsFiles
from translator.inventory.yamlfile import Listing, Table, Value, Vaulted

FIXTURES = Path(__file__).with_name("fixtures")
INVENTORIES = [FIXTURES / "hosts.ini", FIXTURES / "inventory.yml", FIXTURES / "folder"]


def plain(value: Value) -> object:
    if isinstance(value, Table):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, Vaulted):
        return "encrypted"
    if isinstance(value, Listing):
        return [plain(item) for item in value]
    return value


def described(path: Path) -> dict:
    """Our reading in the form of `ansible_reads`."""
    tree = load_tree(path)
    maker = HostMaker(tree, VarsFiles(path if path.is_dir() else path.parent))
    return {
        "hosts": list(tree.members("all")),
        "groups": {
            name: {
                "direct": list(group.hosts),
                "members": list(tree.members(name)),
                "depth": group.depth,
                "priority": group.priority,
            }
            for name, group in tree.groups.items()
        },
        "of_host": {name: sorted(("all", *tree.merge_order(name))) for name in tree.hosts},
        "variables": {
            name: {key: plain(setting.value) for key, setting in maker.variables(name).items()}
            for name in tree.hosts
        },
    }


def same(ours: dict, theirs: dict) -> None:
    assert ours["of_host"] == theirs["of_host"]
    assert list(ours["groups"]) == list(theirs["groups"])
    for name, group in theirs["groups"].items():
        # Ansible walks the third level of groups in no fixed order.
        assert sorted(ours["groups"][name].pop("members")) == sorted(group.pop("members")), name
        assert ours["groups"][name] == group, name
    for name, variables in theirs["variables"].items():
        assert ours["variables"][name] == variables, name


@pytest.mark.parametrize("path", INVENTORIES, ids=lambda path: path.name)
def test_groups_order_and_variables_are_those_of_ansible(path):
    (theirs,) = ansible_reads([path])
    ours = described(path)
    if path.name != "inventory.yml":
        assert ours["hosts"] == theirs["hosts"]
    same(ours, theirs)


@pytest.mark.parametrize("path", INVENTORIES, ids=lambda path: path.name)
def test_what_ansible_inventory_exports_is_the_same_inventory(path, tmp_path):
    if path.name == "inventory.yml":
        (tmp_path / "clear.yml").write_text(
            path.read_text(encoding="utf-8").split("      secret:")[0] + "\n", encoding="utf-8"
        )
        path = tmp_path / "clear.yml"
    ours = {host.name: host for host in load_inventory(path).hosts}
    for options in ((), ("--export",)):
        exported = tmp_path / f"exported{len(options)}.json"
        exported.write_text(ansible_list(path, *options), encoding="utf-8")
        inventory = load_inventory(exported)
        assert inventory.kind == "JSON of ansible-inventory --list"
        assert {host.name for host in inventory.hosts} == set(ours)
        for host in inventory.hosts:
            mine = ours[host.name]
            for part in ("platform", "driver", "hostname", "port", "username", "interfaces"):
                assert getattr(host, part) == getattr(mine, part), (host.name, part)
            assert set(host.groups) == set(mine.groups)


def random_inventory(rng: random.Random) -> str:
    """INI text with groups below groups, hosts in several of them, and variables everywhere."""
    groups = [f"g{number}" for number in range(rng.randint(1, 7))]
    hosts = [f"h{number}" for number in range(rng.randint(1, 6))]
    if rng.random() < 0.2:
        hosts.append("g0")  # the name of a group too
    lines = [f"{host} v=top" for host in hosts if rng.random() < 0.3]
    sections = []
    for number, group in enumerate(groups):
        members = rng.sample(hosts, rng.randint(0, len(hosts)))
        own = [f"{host} v={group}{host}" if rng.random() < 0.3 else host for host in members]
        sections.append([f"[{group}]", *own])
        below = [other for other in groups[number + 1 :] if rng.random() < 0.3]
        if below:
            sections.append([f"[{group}:children]", *below])
        if rng.random() < 0.8:
            sections.append([f"[{group}:vars]", f"v={group}", f"w_{group}=1"])
        if rng.random() < 0.3:
            sections.append([f"[{group}:vars]", f"ansible_group_priority={rng.randint(1, 5)}"])
    sections.append(["[all:vars]", "v=all"])
    rng.shuffle(sections)
    return "\n".join((*lines, *(line for section in sections for line in section))) + "\n"


def test_random_inventories_are_read_as_by_ansible(tmp_path):
    rng = random.Random(7)
    paths = []
    for number in range(150):
        folder = tmp_path / str(number)
        folder.mkdir()
        path = folder / "hosts"
        path.write_text(random_inventory(rng), encoding="utf-8")
        for group in rng.sample([f"g{number}" for number in range(7)], 2):
            (folder / "group_vars").mkdir(exist_ok=True)
            (folder / "group_vars" / f"{group}.yml").write_text(f"v: file-{group}\n")
        if rng.random() < 0.3:
            (folder / "host_vars").mkdir()
            (folder / "host_vars" / "h0").write_text("v: file-h0\n")
        paths.append(path)
    for path, theirs in zip(paths, ansible_reads(paths), strict=True):
        assert "g0" in theirs["groups"]  # it was read
        same(described(path), theirs)


def test_what_is_needed_of_a_host(tmp_path):
    inventory = load_inventory(FIXTURES / "hosts.ini")
    assert inventory.kind == "Ansible INI file"
    host = inventory.host("sw01.example")
    assert (host.driver, host.port, host.username) == ("cisco_ios", 2022, "netops")
    assert [spec.name for spec in host.interfaces] == ["Gi0/1"]
    assert set(host.bindings) == {"clients", "phones"}
    assert host.groups[:2] == ("access", "later")
    assert Path(host.where.file).name == "hosts.ini"
    assert inventory.host("alone.example").address == "192.0.2.9"
    assert inventory.host("core1").username == "admin"
    assert inventory.host("core1").driver == ""
    folder = load_inventory(FIXTURES / "folder")
    assert folder.kind == "Ansible inventory folder"
    assert folder.host("r2").serial == "FOC123"


def test_entries_of_qos_come_from_the_nearest_place(tmp_path):
    path = tmp_path / "hosts"
    path.write_text(
        "[a]\nr1 qos_interfaces='eth1=wan:5M'\n[a:vars]\nansible_network_os=linux\n"
        "qos={'interfaces': {'eth0': {'role': 'client'}, 'eth1': {'role': 'uplink'}}}\n"
        "[all:vars]\nqos_addresses=clients=10.0.0.0/8\nqos_serial=S1\n"
    )
    host = load_inventory(path).host("r1")
    assert {spec.name: str(spec.role) for spec in host.interfaces} == {
        "eth0": "client",
        "eth1": "wan",
    }
    assert list(host.bindings) == ["clients"]
    assert host.serial == "S1"


def test_secrets_are_not_read_and_that_is_said_once(tmp_path):
    path = tmp_path / "hosts"
    path.write_text(
        "r1 ansible_password=hunter2\nr2 ansible_become_pass='{{ vault }}' ansible_user=u\n"
    )
    inventory = load_inventory(path)
    assert len(inventory.notes) == 1
    assert "secrets come from" in inventory.notes[0]
    assert "hunter2" not in repr(inventory)


def test_an_encrypted_file_of_variables_is_left_aside_and_named(tmp_path):
    (tmp_path / "hosts").write_text("r1\n")
    (tmp_path / "group_vars" / "all").mkdir(parents=True)
    (tmp_path / "group_vars" / "all" / "vault.yml").write_text("$ANSIBLE_VAULT;1.1;AES256\n6162\n")
    (tmp_path / "group_vars" / "all" / "vars.yml").write_text("ansible_port: 2022\n")
    inventory = load_inventory(tmp_path)
    assert inventory.host("r1").port == 2022
    assert "vault.yml" in inventory.notes[0]


BAD = {
    "template": (
        "hosts",
        "r1 qos_interfaces=eth0=client ansible_network_os=linux ansible_host='{{ ip }}'\n",
        1,
        "write the value itself",
    ),
    "template in qos": (
        "hosts",
        "r1\n[all:vars]\nqos={'interfaces': {'{{ wan }}': {'role': 'wan'}}}\n",
        3,
        "write the value itself",
    ),
    "vault": (
        "hosts.yml",
        "all:\n  hosts:\n    r1:\n      qos_interfaces: eth0=client\n"
        "      ansible_host: !vault |\n        $ANSIBLE\n",
        5,
        "write it in the clear",
    ),
    "program": ("hosts", "#!/usr/bin/env python3\nprint()\n", 1, "ansible-inventory"),
    "plugin": ("hosts.yml", "plugin: netbox.netbox.nb_inventory\n", 1, "ansible-inventory"),
    "toml": ("hosts.toml", "[all]\n", None, "ansible-inventory"),
    "unknown section type": ("hosts", "[a:hots]\n", 1, "children"),
    "section with blanks": ("hosts", "[a b]\n", 1, "[group]"),
    "vars of no group": ("hosts", "r1\n[a:vars]\nx=1\n", 2, "[a]"),
    "unknown child": ("hosts", "[a:children]\nb\n", 2, "[b]"),
    "no assignment": ("hosts", "r1 ansible_host\n", 1, "key="),
    "no assignment in vars": ("hosts", "[a]\n[a:vars]\nx\n", 3, "key=value"),
    "open quote": ("hosts", "r1 x='a\n", 1, "close"),
    "bad range": ("hosts", "sw[1:]\n", 1, "sw[01:20]"),
    "range that descends": ("hosts", "sw[c:a]\n", 1, "sw[01:20]"),
    "range of two widths": ("hosts", "sw[01:100]\n", 1, "sw[01:20]"),
    "range too long": ("hosts", "sw[1:99999999999]\n", 1, "sw[01:20]"),
    "ranges too long": ("hosts", "sw[1:999][1:999][1:999]\n", 1, "sw[01:20]"),
    "step of nothing": ("hosts", "sw[1:3:0]\n", 1, "sw[01:20]"),
    "circle": ("hosts", "[a:children]\nb\n[b:children]\na\n", 2, "remove"),
    "group in itself": ("hosts", "[a:children]\na\n", 2, "remove"),
    "all in a group": ("hosts", "[a:children]\nall\n", 2, "remove"),
    "loose host named as a group": (
        "hosts.yml",
        "all:\n  hosts: {r1: }\n  children: {r1: {hosts: {r2: }}}\n",
        2,
        "rename",
    ),
    "encrypted value in an export": (
        "list.json",
        '{"_meta": {"hostvars": {"r1": {"qos_interfaces": {"__ansible_vault": "x"}}}},\n'
        '"a": {"hosts": ["r1"]}}',
        1,
        "in the clear",
    ),
    "priority in words": ("hosts", "[a]\n[a:vars]\nansible_group_priority=x\n", 3, "10"),
    "port too high": ("hosts", "r1:70000\n", 1, "22"),
    "port in words": ("hosts", "r1 ansible_port=ssh\n", 1, "1-65535"),
    "no platform": ("hosts", "r1 qos_interfaces=eth0=client\n", 1, "ansible_network_os"),
    "unknown platform": (
        "hosts",
        "r1 qos_interfaces=eth0=client ansible_network_os=frob\n",
        1,
        "known",
    ),
    "unknown role": ("hosts", "r1 qos_interfaces=eth0=lan ansible_network_os=linux\n", 1, "client"),
    "unknown key": ("hosts.yml", "all:\n  chidren: {a: {}}\n  hosts: {}\n", 2, "children"),
    "group is a word": ("hosts.yml", "all: {hosts: {r1: }}\nweb: x\n", 2, "NAME"),
    "host twice": ("hosts.yml", "all:\n  hosts:\n    r1:\n    r1:\n", 4, "remove"),
    "not JSON": ("hosts.json", '{"all": {"hosts": ["r1"', 1, "complete"),
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_bad_input_is_one_error_with_file_line_and_hint(case, tmp_path):
    name, text, line, hint = BAD[case]
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InventoryError) as caught:
        load_inventory(tmp_path / name)
    error = caught.value
    assert Path(error.where.file).name == name
    assert error.where.line == line
    assert hint in error.hint
    assert str(error).isprintable()


def test_hosts_without_qos_may_be_reached_by_templates(tmp_path):
    path = tmp_path / "hosts"
    path.write_text("r1 ansible_host='{{ ip }}' ansible_port=22\nr2 ansible_host=192.0.2.1\n")
    inventory = load_inventory(path)
    assert (inventory.host("r1").hostname, inventory.host("r1").port) == (None, 22)
    assert inventory.notes == ("address or login left open, a template gives it: r1",)


def test_a_host_and_a_group_of_one_name(tmp_path):
    path = tmp_path / "hosts"
    path.write_text("[bastion]\nbastion ansible_host=192.0.2.1\n")
    inventory = load_inventory(path)
    assert inventory.host("bastion").address == "192.0.2.1"
    assert inventory.notes == ("names of both a host and a group: bastion",)


def test_ini_whose_first_line_has_a_colon(tmp_path):
    path = tmp_path / "hosts"
    path.write_text("r1 note='a: b' ansible_port=22\n")
    assert load_inventory(path).kind == "Ansible INI file"


def test_templates_and_encrypted_values_elsewhere_do_not_matter(tmp_path):
    path = tmp_path / "hosts.yml"
    path.write_text(
        "all:\n  hosts:\n    r1:\n      banner: '{{ x }}'\n      ansible_password: !vault |\n"
        "        $ANSIBLE_VAULT;1.1;AES256\n        61\n      ansible_host: 192.0.2.1\n"
    )
    assert load_inventory(path).host("r1").address == "192.0.2.1"


def test_a_folder_may_hold_a_file_named_hosts_yaml_of_ansible(tmp_path):
    (tmp_path / "hosts.yaml").write_text("all:\n  hosts:\n    r1:\n")
    assert load_inventory(tmp_path).kind == "Ansible inventory folder"
    (tmp_path / "hosts.yaml").write_text("r1: {platform: linux}\n")
    (tmp_path / "group_vars").mkdir()
    assert load_inventory(tmp_path).kind == "Nornir SimpleInventory"
    with pytest.raises(InventoryError, match="one file of a Nornir inventory"):
        load_inventory(tmp_path / "hosts.yaml")
