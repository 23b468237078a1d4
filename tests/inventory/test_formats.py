"""All formats say the same of the same host, and refuse what would hurt further on."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.inventories import FORMATS, write_host

from translator.cli.main import main
from translator.errors import InventoryError
from translator.inventory import load_inventory

HOSTILE = {
    "newline": "a\nreload",
    "carriage return": "a\rreload",
    "nul": "a\0b",
    "line separator": "a\u2028reload",
    "semicolon": "a;reboot",
    "backtick": "a`id`",
    "substitution": "a$(id)",
    "question mark": "a?b",
    "escape": "a\x1b[2J",
    "300 characters": "a" * 300,
}
CASES = [
    (kind, field, sign)
    for kind, (_, fields) in FORMATS.items()
    for field in sorted(fields)
    for sign in HOSTILE
]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_host_in_every_format(kind, tmp_path):
    inventory = load_inventory(write_host(kind, tmp_path))
    (host,) = inventory.hosts
    assert inventory.kind == kind
    fields = FORMATS[kind][1]
    assert (host.name, host.driver, host.groups) == ("r1", "linux", ("branch",))
    assert (host.address, host.serial) == ("192.0.2.1", "FOC1")
    assert host.port == (2022 if "port" in fields else None)
    assert host.username == ("netops" if "username" in fields else None)
    assert [(spec.name, str(spec.role), spec.rate_bps) for spec in host.interfaces] == [
        ("eth0", "wan", 10_000_000)
    ]
    assert {name: [str(item) for item in items] for name, items in host.addresses} == {
        "clients": ["10.0.0.0/8"]
    }
    assert inventory.hosts_of("branch") == (host,)
    assert Path(host.where.file).is_file()
    assert host.where.line >= 1


# In these places the sign separates two things, so that the text is two good names.
SEPARATED = {
    ("CSV table", "group", "semicolon"),
    ("Ansible INI file", "name", "newline"),
}


@pytest.mark.parametrize(
    ("kind", "field", "sign"), [case for case in CASES if case not in SEPARATED]
)
def test_hostile_text_in_any_field_is_refused_with_its_place(kind, field, sign, tmp_path):
    path = write_host(kind, tmp_path, **{field: HOSTILE[sign]})
    with pytest.raises(InventoryError) as caught:
        load_inventory(path)
    error = caught.value
    assert error.hint
    assert str(error).isprintable()
    assert error.where is not None
    assert Path(error.where.file).is_file()
    assert error.where.line is not None


def test_semicolon_in_a_cell_of_groups_separates(tmp_path):
    (host,) = load_inventory(write_host("CSV table", tmp_path, group="a;reboot")).hosts
    assert host.groups == ("a", "reboot")


@pytest.mark.parametrize("sign", HOSTILE)
@pytest.mark.parametrize("kind", FORMATS)
def test_a_command_prints_one_error_and_no_result(kind, sign, tmp_path, capsys):
    path = write_host(kind, tmp_path, interface=HOSTILE[sign])
    out = tmp_path / "out"
    assert main(["render", "-i", str(path), "-o", str(out)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("error: ") == 1
    assert "  hint: " in shown.err
    assert "Traceback" not in shown.err
    assert shown.err.replace("\n", "").isprintable()
    assert not out.exists()


@pytest.mark.parametrize("port", ["0", "65536", "-1", "2 2", "ssh", "9" * 30])
@pytest.mark.parametrize("kind", [kind for kind in FORMATS if "port" in FORMATS[kind][1]])
def test_what_is_no_port_is_refused(kind, port, tmp_path):
    with pytest.raises(InventoryError, match="port"):
        load_inventory(write_host(kind, tmp_path, port=port))


@pytest.mark.parametrize("kind", FORMATS)
def test_other_encodings_are_refused(kind, tmp_path):
    path = write_host(kind, tmp_path)
    file = next(item for item in (path, path / "hosts.yaml", path / "main.yml") if item.is_file())
    text = file.read_bytes()
    file.write_bytes(text + b"\xff\n")
    with pytest.raises(InventoryError, match="UTF-8"):
        load_inventory(path)
    file.write_bytes(text.decode().encode("utf-16"))
    with pytest.raises(InventoryError, match="UTF-16"):
        load_inventory(path)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_truncated_file_is_refused_or_still_a_whole_inventory(kind, tmp_path):
    path = write_host(kind, tmp_path)
    file = next(item for item in (path, path / "hosts.yaml", path / "main.yml") if item.is_file())
    text = file.read_text(encoding="utf-8")
    refused, accepted = 0, []
    for end in range(0, len(text), 3):
        file.write_text(text[:end], encoding="utf-8")
        try:
            load_inventory(path)
        except InventoryError as error:
            refused += bool(error.hint) and str(error).isprintable()
        else:
            accepted.append(end)
    assert refused + len(accepted) == len(range(0, len(text), 3))
    # Whole lines are a whole text where nothing is nested; to Nornir an empty file is no host.
    if file.suffix in (".json", ".yml", ".yaml"):
        assert accepted in ([], [0])


def test_no_such_path_is_one_error():
    for path in ("no-such", "a\0b", "p" * 5000):
        with pytest.raises(InventoryError, match="no folder and no file"):
            load_inventory(path)
