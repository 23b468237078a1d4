"""What is too large, too deep or made to explode is refused, and soon."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from translator.errors import InventoryError
from translator.inventory import load_inventory

MILLION = 1_000_000


def csv_rows(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("name,platform,interfaces\n")
        file.writelines(f"r{number},linux,eth0=client\n" for number in range(MILLION))


def ini_rows(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.writelines(f"r{number} ansible_network_os=linux\n" for number in range(MILLION))


def json_rows(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("[\n")
        file.writelines(f'{{"name": "r{number}"}},\n' for number in range(MILLION))
        file.write('{"name": "last"}]\n')


@pytest.mark.parametrize("write", [csv_rows, ini_rows, json_rows])
def test_a_million_rows_are_refused_in_bounded_memory(write, tmp_path):
    path = tmp_path / "hosts"
    write(path)
    limit = 2 * 1024**3
    done = subprocess.run(
        [sys.executable, "-m", "translator", "inventory", "-i", str(path), "--limit", "r1"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)),
    )
    assert done.returncode == 2, done.stderr[-500:]
    assert "more than 100000 hosts" in done.stderr
    assert done.stderr.count("\n") == 2
    assert done.stdout == ""


def test_a_file_without_end_is_refused():
    with pytest.raises(InventoryError, match="more than the limit"):
        load_inventory("/dev/zero")


def alias_bomb(key: str) -> str:
    levels = [f"  k0: &k0 {{{key}: {{a: }}}}"]
    for level in range(1, 25):
        below = ", ".join(f"n{level}x{number}: *k{level - 1}" for number in range(9))
        levels.append(f"  k{level}: &k{level} {{{key}: {{{below}}}}}")
    return "all:\n children:\n" + "\n".join(levels) + "\n"


def test_aliases_that_multiply_do_not_take_the_machine(tmp_path):
    path = tmp_path / "hosts.yml"
    path.write_text(alias_bomb("children"), encoding="utf-8")
    assert load_inventory(path).hosts == ()
    path.write_text(alias_bomb("vars").replace("{a: }", "{qos: 1}"), encoding="utf-8")
    load_inventory(path)
    levels = "\n".join(f" k{n}: &k{n} [{', '.join([f'*k{n - 1}'] * 9)}]" for n in range(1, 20))
    (tmp_path / "group_vars").mkdir()
    (tmp_path / "group_vars" / "all.yml").write_text(f"k:\n k0: &k0 [x]\n{levels}\nqos: *k19\n")
    path.write_text("all: {hosts: {r1: }}\n", encoding="utf-8")
    with pytest.raises(InventoryError, match="not a mapping"):
        load_inventory(path)


@pytest.mark.parametrize("name", ["hosts.yml", "hosts.json", "hosts"])
def test_deep_nesting_is_refused(name, tmp_path):
    path = tmp_path / name
    deep = "[" * 50_000 + "]" * 50_000
    path.write_text(f'{{"all": {{"vars": {{"x": {deep}}}}}}}', encoding="utf-8")
    with pytest.raises(InventoryError, match="deeper"):
        load_inventory(path)


def test_deep_values_in_ini_stay_text(tmp_path):
    path = tmp_path / "hosts"
    for deep in ("[" * 30_000 + "]" * 30_000, "(" * 300 + ")" * 300, "-" * 30_000 + "1"):
        path.write_text(f"r1\n[all:vars]\nx={deep}\n", encoding="utf-8")
        assert [host.name for host in load_inventory(path).hosts] == ["r1"]
        path.write_text(f"r1\n[all:vars]\nqos={deep}\n", encoding="utf-8")
        with pytest.raises(InventoryError, match=r"qos"):
            load_inventory(path)


def test_a_long_chain_of_groups(tmp_path):
    path = tmp_path / "hosts"
    chain = "".join(f"[g{number}:children]\ng{number + 1}\n" for number in range(3000))
    path.write_text(chain + "[g3000]\nr1\n", encoding="utf-8")
    with pytest.raises(InventoryError, match="deeper than 100"):
        load_inventory(path)
    path.write_text("".join(chain.splitlines(keepends=True)[-180:]) + "[g3000]\nr1\n")
    assert load_inventory(path).host("r1").groups[0] == "g3000"
    groups = {f"g{number}": {"groups": [f"g{number + 1}"]} for number in range(3000)}
    (tmp_path / "hosts.yaml").write_text("r1: {platform: linux, groups: [g0]}\n")
    (tmp_path / "groups.yaml").write_text(json.dumps({**groups, "g3000": {}}))
    with pytest.raises(InventoryError, match="deeper than 100"):
        load_inventory(tmp_path)


def test_diamonds_of_nornir_groups_do_not_multiply(tmp_path):
    groups = {
        f"g{level}{side}": {"groups": [f"g{level + 1}a", f"g{level + 1}b"]}
        for level in range(60)
        for side in "ab"
    }
    (tmp_path / "hosts.yaml").write_text("r1: {platform: linux, groups: [g0a]}\n")
    (tmp_path / "groups.yaml").write_text(json.dumps({**groups, "g60a": {}, "g60b": {}}))
    assert len(load_inventory(tmp_path).host("r1").groups) == 121


def test_a_folder_that_leads_back_to_itself_is_refused(tmp_path):
    (tmp_path / "inventory").mkdir()
    (tmp_path / "inventory" / "hosts").write_text("r1\n")
    (tmp_path / "inventory" / "again").symlink_to(tmp_path / "inventory")
    with pytest.raises(InventoryError, match="nested deeper"):
        load_inventory(tmp_path / "inventory")
