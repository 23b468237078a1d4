"""The inventory means what Nornir makes of it, and says where it is wrong."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from translator.errors import InventoryError
from translator.intents.compile import InterfaceSpec
from translator.intents.match import prefix_of
from translator.intents.model import Role
from translator.inventory import Inventory, load_inventory

HOSTS = """
r1:
  hostname: 10.0.0.1
  username: on
  platform: cisco_ios
  groups: [a, b]
  data:
    qos:
      interfaces:
        Gi0/1: {role: client}
        Gi0/2: {role: wan, rate: 10M}
r2:
  groups: [b]
  data:
    qos:
      interfaces:
        Gi0/1: {role: client}
r3:
  groups: [a]
  platform: linux
  data: {site: x}
"""
GROUPS = """
a:
  groups: [a1, a2]
  data: {qos: {groups: {clients: [10.1.0.0/16]}}}
b:
  groups: [a2, b3]
  data: {qos: {groups: {clients: 10.2.0.0/16, phones: 10.3.0.0/16}}}
a1: {groups: [deep], hostname: from-a1, port: ~}
a2: {platform: juniper_junos, port: 830}
b3: {platform: linux, hostname: from-b3, port: 2022, username: from-b3}
deep: {data: {qos: {interfaces: {Gi0/2: {role: uplink}, Gi0/3: {role: phone}}}}}
"""
DEFAULTS = "platform: tomato\nhostname: default-host\nport: 22\nusername: root\n"


def write(folder: Path, hosts: str, groups: str | None = None, defaults: str | None = None) -> Path:
    for name, text in (("hosts", hosts), ("groups", groups), ("defaults", defaults)):
        if text is not None:
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def of(
    folder: Path, hosts: str, groups: str | None = None, defaults: str | None = None
) -> Inventory:
    return load_inventory(write(folder, hosts, groups, defaults))


def test_host_group_and_default_values_are_those_of_nornir(tmp_path):
    from nornir.plugins.inventory.simple import SimpleInventory

    ours = of(tmp_path, HOSTS, GROUPS, DEFAULTS)
    theirs = SimpleInventory(
        str(tmp_path / "hosts.yaml"), str(tmp_path / "groups.yaml"), str(tmp_path / "defaults.yaml")
    ).load()
    assert [host.name for host in ours.hosts] == list(theirs.hosts)
    for host in ours.hosts:
        nornir_host = theirs.hosts[host.name]
        assert host.platform == nornir_host.platform
        assert host.hostname == nornir_host.hostname
        assert host.port == nornir_host.port
        assert host.username == nornir_host.username
        assert host.groups == tuple(group.name for group in nornir_host.extended_groups())


def test_example_inventory_is_read_alike_by_nornir():
    from nornir.plugins.inventory.simple import SimpleInventory

    folder = Path(__file__).resolve().parents[2] / "inventories" / "example"
    theirs = SimpleInventory(
        str(folder / "hosts.yaml"), str(folder / "groups.yaml"), str(folder / "defaults.yaml")
    ).load()
    ours = load_inventory(folder)
    assert {host.name: (host.platform, host.hostname) for host in ours.hosts} == {
        name: (host.platform, host.hostname) for name, host in theirs.hosts.items()
    }


def test_each_entry_of_qos_comes_from_the_nearest_place(tmp_path):
    host = of(tmp_path, HOSTS, GROUPS, DEFAULTS).host("r1")
    assert host.bindings == {
        "clients": (prefix_of("10.1.0.0/16"),),
        "phones": (prefix_of("10.3.0.0/16"),),
    }
    assert host.interfaces == (
        InterfaceSpec("Gi0/1", Role.CLIENT),
        InterfaceSpec("Gi0/2", Role.WAN, 10_000_000),
        InterfaceSpec("Gi0/3", Role.PHONE),
    )


def test_driver_under_qos_decides_where_the_platform_is_ambiguous(tmp_path):
    text = "sw: {platform: cisco_ios, data: {qos: {driver: cisco_catalyst}}}\n"
    host = of(tmp_path, text).host("sw")
    assert (host.platform, host.driver) == ("cisco_ios", "cisco_catalyst")


def test_serial_number_and_secrets(tmp_path):
    hosts = "r1: {platform: linux, password: hunter2, groups: [a]}\nr2: {platform: linux}\n"
    inventory = of(tmp_path, hosts, "a: {data: {qos: {serial: FOC1}}}\n")
    assert [host.serial for host in inventory.hosts] == ["FOC1", None]
    assert "secrets come from" in inventory.notes[0]
    assert "hunter2" not in repr(inventory)
    assert of(tmp_path, "r2: {platform: linux}\n").notes == ()


def test_merge_keys_and_anchors_are_read(tmp_path):
    text = (
        "a: &base {platform: linux, data: {qos: {interfaces: {eth0: {role: wan, rate: 5M}}}}}\n"
        "b:\n  <<: *base\n  hostname: b.example.com\n"
    )
    inventory = of(tmp_path, text)
    assert inventory.host("b").interfaces == inventory.host("a").interfaces
    assert inventory.host("b").hostname == "b.example.com"


QOS = "r1:\n  platform: linux\n  data:\n    qos:\n      "
INTERFACES = QOS + "interfaces:\n        "

BAD = {
    "unknown key under qos": (QOS + "intefaces: {}\n", 5, "interfaces"),
    "unknown key of an interface": (INTERFACES + "eth0: {role: wan, speed: 10M}\n", 6, "rate"),
    "unknown key of a host": ("r1:\n  plattform: linux\n", 2, "platform"),
    "unknown role": (INTERFACES + "eth0: {role: lan}\n", 6, "client"),
    "no role": (INTERFACES + "eth0: {rate: 10M}\n", 6, "client"),
    "rate in words": (INTERFACES + "eth0: {role: wan, rate: fast}\n", 6, "10M"),
    "rate of nothing": (INTERFACES + "eth0: {role: wan, rate: 0}\n", 6, "10M"),
    "unknown queue": (INTERFACES + "eth0: {role: wan, queues: {vidio: 5}}\n", 6, "video"),
    "share of nothing": (INTERFACES + "eth0: {role: wan, queues: {audio: 0}}\n", 6, "percent"),
    "share in words": (INTERFACES + "eth0: {role: wan, queues: {audio: 5%}}\n", 6, "queues:"),
    "share as a truth value": (INTERFACES + "eth0: {role: wan, queues: {audio: yes}}\n", 6, "20"),
    "share of infinity": (INTERFACES + "eth0: {role: wan, queues: {audio: .inf}}\n", 6, "20"),
    "shares over the line": (
        INTERFACES + "eth0:\n          role: wan\n          queues: {audio: 60, video: 41}\n",
        8,
        "100 %",
    ),
    "shares as a list": (INTERFACES + "eth0: {role: wan, queues: [audio]}\n", 6, "NAME"),
    "shares of a client port": (
        INTERFACES + "eth0: {role: client, queues: {audio: 5}}\n",
        6,
        "wan",
    ),
    "newline in a name": (INTERFACES + '"eth0\\nrm -rf /": {role: wan}\n', 6, "printable"),
    "line separator in a name": (INTERFACES + '"eth0\\u2028x": {role: wan}\n', 6, "printable"),
    "escape in a name": (INTERFACES + '"eth0\\x1b[2J": {role: wan}\n', 6, "printable"),
    "shell in a name": (INTERFACES + '"eth0; reboot;{}": {role: wan}\n', 6, "letters"),
    "long name": (INTERFACES + f"? {'e' * 256}\n        : {{role: wan}}\n", 6, "255"),
    "bad prefix": (
        QOS + "groups:\n        clients:\n        - 10.0.0.0/8\n        - 10.0.0.1/8\n",
        8,
        "/",
    ),
    "bad group name": (QOS + "groups: {'cli ents': 10.0.0.0/8}\n", 5, "letters"),
    "key twice": ("r1: {platform: linux}\nr1: {platform: linux}\n", 2, "remove"),
    "unknown group": ("r1:\n  platform: linux\n  groups: [nowhere]\n", 1, "groups.yaml"),
    "groups no list": ("r1:\n  platform: linux\n  groups: nowhere\n", 3, "[a, b]"),
    "no platform": ("r1: {hostname: 10.0.0.1}\n", 1, "platform"),
    "unknown platform": ("r1: {platform: cisco_oss}\n", 1, "known"),
    "path as host name": ("../r1: {platform: linux}\n", 1, "letters"),
    "dot as host name": ("..: {platform: linux}\n", 1, "letters"),
    "not a mapping": ("- r1\n", 1, "NAME"),
    "not yaml": ("r1: {platform: linux\n", 2, "tabs"),
    "port as text": ('r1: {platform: linux, port: "22"}\n', 1, "without quotes"),
    "port as a truth value": ("r1: {platform: linux, port: true}\n", 1, "1-65535"),
    "port too high": ("r1:\n  platform: linux\n  port: 65536\n", 3, "22"),
    "user with a shell": ("r1: {platform: linux, username: $(id)}\n", 1, "letters"),
    "option as an address": ("r1: {platform: linux, hostname: -oProxyCommand=x}\n", 1, "DNS"),
    "serial number as a number": (QOS + "serial: 0899\n", 5, "quote"),
    "python object": ("r1: !!python/object/apply:os.system [id]\n", 1, "plain"),
    "alias in its own anchor": ("r1: &a\n  platform: linux\n  data: {x: *a}\n", 3, "write"),
    "alias without anchor": ("r1: *a\n", 1, "quote"),
    "second document": ("r1: {platform: linux}\n---\nr2: {platform: linux}\n", 2, "one document"),
    "too deep": ("r1: {data: " + "[" * 40 + "]" * 40 + "}\n", 1, "seven"),
}


@pytest.mark.parametrize("case", BAD, ids=str)
def test_bad_input_is_one_error_with_file_line_and_hint(case, tmp_path):
    text, line, hint = BAD[case]
    with pytest.raises(InventoryError) as caught:
        of(tmp_path, text)
    error = caught.value
    assert error.where is not None
    assert (Path(error.where.file).name, error.where.line) == ("hosts.yaml", line)
    assert hint in error.hint
    assert str(error).isprintable()


def test_circle_of_groups_is_an_error(tmp_path):
    with pytest.raises(InventoryError, match="circle: a > b > a"):
        of(tmp_path, "r1: {platform: linux, groups: [a]}\n", "a: {groups: [b]}\nb: {groups: [a]}\n")


def test_error_in_groups_names_that_file(tmp_path):
    with pytest.raises(InventoryError) as caught:
        of(tmp_path, "r1: {platform: linux}\n", "a:\n  data:\n    qos: {role: wan}\n")
    assert Path(caught.value.where.file).name == "groups.yaml"
    assert caught.value.where.line == 3


def test_missing_folder_and_missing_hosts_file(tmp_path):
    with pytest.raises(InventoryError, match="no folder"):
        load_inventory(tmp_path / "none")
    with pytest.raises(InventoryError, match=r"hosts\.yaml: cannot be read"):
        load_inventory(tmp_path)


def test_other_encodings_are_refused(tmp_path):
    (tmp_path / "hosts.yaml").write_bytes(b"r1: {platform: linux} # \xff\n")
    with pytest.raises(InventoryError, match="UTF-8"):
        load_inventory(tmp_path)


def test_expanding_aliases_do_not_take_the_machine(tmp_path):
    levels = "\n".join(f"  k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 25))
    started = time.monotonic()
    of(tmp_path, f"r1:\n platform: linux\n data:\n  k0: &k0 [x]\n{levels}\n")
    assert time.monotonic() - started < 2


def test_ten_thousand_hosts_are_read_in_seconds(tmp_path):
    one = "r{0}:\n  groups: [a]\n  data:\n    qos:\n      interfaces:\n"
    one += "        Gi0/1: {{role: client}}\n        Gi0/2: {{role: wan, rate: 10M}}\n"
    text = "".join(one.format(number) for number in range(10_000))
    write(tmp_path, text, "a: {platform: cisco_ios}\n")
    started = time.process_time()
    assert len(load_inventory(tmp_path).hosts) == 10_000
    assert time.process_time() - started < 8  # 0.7 s on a quiet machine
