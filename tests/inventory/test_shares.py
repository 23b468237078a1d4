"""Shares of one line: from the inventory into the intents, the text, its proof and its audit."""

from __future__ import annotations

import json

import pytest

from translator.cli.main import main
from translator.errors import PlanError, UsageError
from translator.intents.compile import InterfaceSpec, compile_intents
from translator.intents.model import Role
from translator.inventory.load import load_inventory
from translator.plan.check import check_shares_of
from translator.plan.load import load_preset
from translator.plan.shares import QueueShare, check_shares, with_shares

PLAN = load_preset("lync-2013")
HOST = """{name}:
  platform: {platform}
  data:
    qos:
      interfaces:
        {wan}:
          role: wan
          rate: 10M
          queues: {queues}
        {lan}: {{role: client}}
"""
ROUTERS = {
    "cisco_ios": ("GigabitEthernet0/0", "GigabitEthernet0/1"),
    "juniper_junos": ("ge-0/0/0", "ge-0/0/1"),
    "linux": ("eth0", "eth1"),
}


def inventory(folder, queues: str, platform: str = "cisco_ios", name: str = "r1") -> str:
    wan, lan = ROUTERS[platform]
    text = HOST.format(name=name, platform=platform, queues=queues, wan=wan, lan=lan)
    (folder / "hosts.yaml").write_text(text, encoding="utf-8")
    return str(folder)


def percents(shares, role=Role.WAN):
    spec = InterfaceSpec("wan0", role, 10_000_000, shares)
    intents = compile_intents(PLAN, "r1", [spec], {})
    return {queue.name: queue.percent for queue in intents.interfaces[0].queuing.queues}


@pytest.mark.parametrize("role", [Role.WAN, Role.UPLINK, Role.INTERNET])
def test_shares_of_a_line_stand_instead_of_the_plans(role):
    plan = percents((), role)
    assert percents((QueueShare("audio", 22), QueueShare("default", 40)), role) == {
        **plan,
        "audio": 22,
        "default": 40,
    }


def test_lines_of_one_rate_and_other_shares_are_compiled_apart():
    specs = [
        InterfaceSpec(f"wan{share}", Role.WAN, 10_000_000, (QueueShare("audio", share),))
        for share in (5, 6)
    ]
    found = compile_intents(PLAN, "r1", specs, {}).interfaces
    assert [item.queuing.queues[0].percent for item in found] == [5, 6]


def test_shares_that_do_not_fit_the_rest_of_the_plan_are_refused():
    with pytest.raises(PlanError, match="ask for 152 %"):
        percents((QueueShare("audio", 90),))


def test_share_of_a_queue_that_the_plan_has_not():
    with pytest.raises(PlanError, match="interface wan0: there is a share for queue any") as caught:
        percents((QueueShare("any", 5),))
    assert "audio" in caught.value.hint


def test_values_check_themselves():
    for name, percent in (("audio", 0), ("audio", 101), ("audi\x1bo", 5), ("x" * 300, 5)):
        with pytest.raises(UsageError):
            QueueShare(name, percent)
    with pytest.raises(UsageError, match="two shares"):
        check_shares((QueueShare("audio", 5), QueueShare("audio", 6)))
    with pytest.raises(UsageError, match="no queues"):
        InterfaceSpec("lan0", Role.CLIENT, None, (QueueShare("audio", 5),))


def test_the_checks_of_a_plans_queues_are_those_of_a_lines():
    found = check_shares_of(PLAN, (QueueShare("audio", 40), QueueShare("default", 20)))
    assert [item.id for item in found] == ["priority-share", "best-effort-share"]
    assert check_shares_of(PLAN, (QueueShare("audio", 33),)) == ()
    assert with_shares(PLAN.queues, ()) == PLAN.queues


@pytest.mark.parametrize("platform", sorted(ROUTERS))
def test_rendered_text_is_proven_and_its_audit_agrees(platform, tmp_path, capsys):
    folder = inventory(tmp_path, "{audio: 22, video: 30, default: 31}", platform)
    out = tmp_path / "out"
    assert main(["render", "-i", folder, "-o", str(out)]) == 0
    assert "proved" in capsys.readouterr().err
    text = out / "r1.conf"
    assert main(["prove", str(text), "-i", folder]) == 0
    capsys.readouterr()
    audit = ["audit", str(text), "--snippet", "--format", "json", "-i"]
    main([*audit, folder])
    (device,) = json.loads(capsys.readouterr().out)["devices"]
    assert [item["kind"] for item in device["findings"] if item["severity"] == "error"] == []
    other = tmp_path / "other"
    other.mkdir()
    main([*audit, inventory(other, "{audio: 11}", platform)])
    (device,) = json.loads(capsys.readouterr().out)["devices"]
    assert any("wanted 11 %, found 22" in item["message"] for item in device["findings"])


def test_render_tells_of_too_much_priority_on_a_line(tmp_path, capsys):
    folder = inventory(tmp_path, "{audio: 34, video: 10}")
    assert main(["render", "-i", folder, "-o", str(tmp_path / "out")]) == 0
    told = [line for line in capsys.readouterr().err.splitlines() if "priority-share" in line]
    assert len(told) == 1
    assert (
        "hosts.yaml:1: warning: host r1, GigabitEthernet0/0: priority queues take 34 %" in told[0]
    )


def test_inventory_shows_shares(tmp_path, capsys):
    folder = inventory(tmp_path, "{audio: 22}")
    assert main(["inventory", "-i", folder]) == 0
    assert "wan:10M (audio 22 %)" in " ".join(capsys.readouterr().out.split())


QOS = '{"interfaces": {"eth0": {"role": "wan", "rate": "10M", "queues": {"audio": 22}}}}'
FORMS = {
    "hosts.ini": f"r1 ansible_network_os=linux qos='{QOS}'\n",
    "hosts.yml": f"all: {{hosts: {{r1: {{ansible_network_os: linux, qos: {QOS}}}}}}}\n",
    "list.json": '{"_meta": {"hostvars": {"r1": {"ansible_network_os": "linux", "qos": '
    + QOS
    + '}}}, "all": {"hosts": ["r1"]}}',
    "netbox.json": '[{"id": 1, "name": "r1", "platform": {"slug": "linux"}, '
    f'"local_context_data": {{"qos": {QOS}}}}}]',
}


@pytest.mark.parametrize("name", FORMS)
def test_shares_stand_in_every_format_that_has_room_for_them(name, tmp_path):
    path = tmp_path / name
    path.write_text(FORMS[name], encoding="utf-8")
    (host,) = load_inventory(path).hosts
    assert host.interfaces[0].shares == (QueueShare("audio", 22),)
