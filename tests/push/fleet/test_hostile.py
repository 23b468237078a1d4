"""Hostile strings in every field of inventory and plan: no device ever gets a line of theirs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from push.fleet.served import PLAN, Served, serve

from translator.cli.main import main

PAYLOADS = (
    "x\nreload\n",
    "x\r\nend\r\nreload",
    "x\x1a\x03reload\x0b\x0creload\x85reload\u2028reload",
    "x`reload`$(reload);reload|reload&reload",
    "x\" 'reload !\treload ? reload",
)
HOST = {
    "hostname": "127.0.0.1", "port": 22, "username": "admin", "platform": "cisco_ios",
    "role": "client", "rate": "10M", "interface": "GigabitEthernet0/1",
    "serial": "SIM00000001", "driver": "cisco_ios", "group_name": "clients", "prefix": "10.0.0.0/8",
}  # fmt: skip
ROW = {
    "id": "V1", "media": "audio", "code_point": "ef", "protocols": "udp",
    "source_ports": "30000-30019", "title": "audio", "sender": "client",
}  # fmt: skip


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with (
        pytest.MonkeyPatch.context() as patch,
        serve(("r1",), tmp_path_factory.mktemp("lab"), patch) as served,
    ):
        yield served


def inventory_of(name: str, at: int, **fields: object) -> str:
    """Return hosts.yaml in JSON, which is YAML and spells every character."""
    entry = {**HOST, "port": at, **fields}
    interface = {"role": entry["role"], "rate": entry["rate"]}
    qos = {
        "driver": entry["driver"],
        "serial": entry["serial"],
        "interfaces": {entry["interface"]: interface},
        "groups": {entry["group_name"]: [entry["prefix"]]},
    }
    keys = ("hostname", "port", "username", "platform")
    return json.dumps({name: {**{key: entry[key] for key in keys}, "data": {"qos": qos}}})


def checked(lab: Served, capsys: pytest.CaptureFixture[str]) -> None:
    """Push whatever the files say, and look at all that reached the device."""
    seen = len(lab.devices["r1"].log.all())
    code = main(lab.push("--commit", "--yes", "--any-hostname"))
    out, err = capsys.readouterr()
    assert code in (0, 2, 3, 4, 5), (out, err)
    if code:
        assert "hint: " in out + err
    # What a terminal would obey is spelled out, wherever it is repeated.
    assert all(char.isprintable() or char in "\n\t" for char in out + err)
    log = lab.devices["r1"].log.all()[seen:]
    lines = [event.text for event in log if event.kind == "line"]
    assert not [line for line in lines if line.strip().startswith(("reload", "`", "$", ";", "|"))]
    assert not [event for event in log if event.kind in ("restarted", "refused")]


def port_of(lab: Served) -> int:
    known = (lab.folder / "known_hosts").read_text(encoding="ascii")
    return int(known.partition("]:")[2].split()[0])


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
@pytest.mark.parametrize("field", ["name", *HOST])
def test_a_field_of_the_inventory(lab: Served, capsys, field: str, payload: str):
    (lab.folder / "plan.yaml").write_text(PLAN, encoding="ascii")
    fields = {} if field == "name" else {field: payload}
    text = inventory_of(payload if field == "name" else "r1", port_of(lab), **fields)
    (Path(lab.inventory) / "hosts.yaml").write_text(text, encoding="utf-8")
    checked(lab, capsys)


@pytest.mark.parametrize("payload", PAYLOADS, ids=range(len(PAYLOADS)))
@pytest.mark.parametrize("field", ["name", "title", *(f"row.{key}" for key in ROW), "a new key"])
def test_a_field_of_the_plan(lab: Served, capsys, field: str, payload: str):
    (Path(lab.inventory) / "hosts.yaml").write_text(
        inventory_of("r1", port_of(lab)), encoding="utf-8"
    )
    plan = {"name": "small", "rows": [{key: ROW[key] for key in list(ROW)[:5]}]}
    if field.startswith("row."):
        plan["rows"][0][field.removeprefix("row.")] = payload
    else:
        plan[payload if field == "a new key" else field] = payload
    (lab.folder / "plan.yaml").write_text(json.dumps(plan), encoding="utf-8")
    checked(lab, capsys)
