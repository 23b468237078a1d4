"""A damaged inventory is read, or is one error with place and hint; never anything else."""

from __future__ import annotations

import random

import pytest
from support.inventories import FORMATS, write_host

from translator.errors import InventoryError
from translator.inventory import load_inventory
from translator.inventory.dump import nornir_files

PIECES = [
    *("\n", "\r", '"', "'", "{", "}", "[", "]", ":", ",", "=", "\0", "\u2028", "#", ";", "\t"),
    *("!vault ", "*a", "&a ", "<<: ", "{{", "---\n", "- ", "[1:3]", "[a:", "null", "true", "1e9"),
    *("-", "\\", "\\u12", "@", "%", '"_meta": {', '"results": [', "plugin: x", "$ANSIBLE_VAULT;"),
]


def damaged(text: str, rng: random.Random) -> str:
    for _ in range(rng.randint(1, 3)):
        start = rng.randint(0, len(text))
        end = start + rng.choice([0, 0, 1, 2, 9])
        text = text[:start] + rng.choice(PIECES) + text[end:]
    return text


@pytest.mark.parametrize("kind", FORMATS)
def test_damage(kind, tmp_path):
    rng = random.Random(kind)
    path = write_host(kind, tmp_path)
    files = {file: file.read_text("utf-8") for file in tmp_path.rglob("*") if file.is_file()}
    refused = 0
    for _ in range(120):
        file = rng.choice(sorted(files))
        file.write_text(damaged(files[file], rng), encoding="utf-8", newline="")
        try:
            inventory = load_inventory(path)
        except InventoryError as error:
            refused += bool(error.hint and error.where) and str(error).isprintable()
        else:
            refused += all(text for text in nornir_files(inventory, inventory.hosts).values())
        file.write_text(files[file], encoding="utf-8", newline="")
    assert refused == 120
