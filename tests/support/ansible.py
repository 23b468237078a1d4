"""What Ansible itself makes of inventories and host patterns, asked in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["ansible_list", "ansible_list_hosts", "ansible_reads", "ansible_selects"]

_CONFIG = Path(__file__).with_name("ansible.cfg")
# Printed once for all inventories: to start Ansible takes a second.
_READ = """
import json, sys
from ansible.parsing.dataloader import DataLoader
from ansible.inventory.manager import InventoryManager
from ansible.plugins.loader import init_plugin_loader
from ansible.vars.manager import VariableManager
from ansible import constants
init_plugin_loader([])
internal = {"inventory_file", "inventory_dir", "inventory_hostname", "inventory_hostname_short",
            "group_names", "groups", "playbook_dir", "omit", "ansible_check_mode",
            "ansible_diff_mode", "ansible_config_file", "ansible_facts", "ansible_forks",
            "ansible_inventory_sources", "ansible_playbook_python", "ansible_run_tags",
            "ansible_skip_tags", "ansible_verbosity", "ansible_version", "vars"}
def plain(value):
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if value is None or isinstance(value, (bool, int)):
        return value
    if type(value).__name__ == "EncryptedString":
        return "encrypted"
    return str(value)
def described(path):
    loader = DataLoader()
    manager = InventoryManager(loader=loader, sources=[path])
    variables = VariableManager(loader=loader, inventory=manager)
    return {
        "hosts": [h.name for h in manager.get_hosts("all")],
        "groups": {g.name: {"direct": [h.name for h in g.hosts],
                            "members": [h.name for h in g.get_hosts()],
                            "depth": g.depth, "priority": g.priority}
                   for g in manager.groups.values()},
        "of_host": {h.name: sorted(g.name for g in h.get_groups()) for h in manager.get_hosts()},
        "variables": {h.name: plain({k: v for k, v in variables.get_vars(
            host=h, include_hostvars=False, stage="all").items() if k not in internal})
            for h in manager.get_hosts()},
    }
"""
_ALL = "print(json.dumps([described(path) for path in sys.argv[1:]]))\n"
_SELECT = """
loader = DataLoader()
manager = InventoryManager(loader=loader, sources=[sys.argv[1]])
found = []
for pattern in json.load(sys.stdin):
    try:
        manager.subset(pattern)
        found.append([h.name for h in manager.get_hosts("all")])
    except Exception as error:
        found.append(str(error))
print(json.dumps(found))
"""


def ansible_reads(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Return hosts, groups and variables of each inventory."""
    return _run(_READ + _ALL, [str(path) for path in paths], "")


def ansible_selects(path: Path, patterns: Sequence[str]) -> list[list[str] | str]:
    """Return the hosts that `--limit` leaves for each pattern, or what is wrong with it."""
    return _run(_READ + _SELECT, [str(path)], json.dumps(list(patterns)))


def ansible_list(path: Path, *options: str) -> str:
    """Return what the command `ansible-inventory --list` prints."""
    command = [str(Path(sys.executable).with_name("ansible-inventory")), "-i", str(path), "--list"]
    return subprocess.run(
        [*command, *options], capture_output=True, text=True, check=True, env=_environment()
    ).stdout


def ansible_list_hosts(path: Path, pattern: str) -> list[str]:
    """Return the hosts that the command `ansible all --limit PATTERN --list-hosts` prints."""
    command = [str(Path(sys.executable).with_name("ansible")), "all", "-i", str(path)]
    done = subprocess.run(
        [*command, "--limit", pattern, "--list-hosts"],
        capture_output=True,
        text=True,
        check=True,
        env=_environment(),
    )
    return [line.strip() for line in done.stdout.splitlines()[1:]]


def _run(code: str, arguments: Sequence[str], given: str) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=given,
        capture_output=True,
        text=True,
        check=True,
        env=_environment(),
    )
    return json.loads(done.stdout)


def _environment() -> dict[str, str]:
    """Nothing of the user's own configuration takes part."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE")}
    return {**kept, "ANSIBLE_CONFIG": str(_CONFIG), "ANSIBLE_NOCOLOR": "1", "LC_ALL": "C.UTF-8"}
