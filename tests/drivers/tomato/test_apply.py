"""The scripts on a router: ours in front, the owner's kept, and all of it taken back again."""

from __future__ import annotations

from pathlib import Path

import pytest
from drivers.tomato.intents import intents
from drivers.tomato.routers import AUDIO, FACTORY, NAMES, RATES, VIDEO, sent
from drivers.tomato.stand_in import StandIn

from translator.drivers.tomato import Tomato, Tomato64, TomatoOld
from translator.drivers.tomato.dialect import FRESH, OLD, TOMATO64
from translator.intents.pipeline import Service

BUILDS = [(Tomato(), FRESH), (Tomato64(), TOMATO64), (TomatoOld(), OLD)]
OWNERS_SCRIPT = "# doorbell\niptables -A INPUT -p udp --dport 7 -j ACCEPT"


def owner(dialect=FRESH, **changed):
    return {
        "lan_ifname": "br0",
        "wan_iface": "vlan2",
        "qos_enable": "0",
        "qos_icmp": "1",
        "qos_syn": "1",
        "qos_default": "8",
        "qos_classnames": NAMES,
        "qos_orates": RATES,
        "qos_orules": FACTORY[dialect],
        "script_fire": OWNERS_SCRIPT,
        "wan_qos_ibw": "16000",
    } | changed


def scripts(driver=None, wanted=None):
    rendered = (driver or Tomato()).render(wanted or intents())
    return dict(rendered.files)["apply.sh"], rendered.removal


@pytest.mark.parametrize(
    ("driver", "dialect"), BUILDS, ids=lambda item: getattr(item, "platform", "")
)
def test_after_the_script_audio_is_served_first_and_the_owner_keeps_his_rules(
    driver, dialect, tmp_path: Path
):
    router = StandIn(tmp_path, owner(dialect))
    apply, _ = scripts(driver)
    done = router.run(apply)
    assert (done.returncode, done.stderr) == (0, "")
    assert router.restarts == ["qos restart"]
    device = driver.parse(router.dump)
    audio, video = sent(device, AUDIO), sent(device, VIDEO)
    assert (audio.class_name, audio.service, audio.dscp_out) == ("Audio", Service.PRIORITY, 46)
    assert (video.class_name, video.service, video.dscp_out) == ("Video", Service.GUARANTEED, 34)
    assert sent(device, "udp 10.1.1.10:9 > 10.2.2.2:9").class_name == "Crawl"
    assert sent(device, "tcp 10.1.1.10:9 > 10.2.2.2:443").class_name == "AppSharing"  # his class 4
    assert router.settings["qos_orules"].endswith(f">{FACTORY[dialect]}")
    assert router.settings["script_fire"].startswith(OWNERS_SCRIPT)
    assert router.settings["qos_classnames"].split()[5:8] == [
        "FileTransfer",
        "Messenger",
        "FileXfer",
    ]


def test_running_it_again_changes_nothing(tmp_path: Path):
    router = StandIn(tmp_path, owner())
    apply, _ = scripts()
    router.run(apply)
    once = router.settings
    assert router.run(apply).returncode == 0
    assert router.settings == once


@pytest.mark.parametrize("without", [(), ("qos_orules", "script_fire"), ("qos_orates", "qos_icmp")])
def test_removal_gives_back_what_was_there(without, tmp_path: Path):
    before = {key: value for key, value in owner().items() if key not in without}
    router = StandIn(tmp_path, before)
    apply, remove = scripts()
    router.run(apply)
    router.run(apply)
    done = router.run(remove)
    assert (done.returncode, done.stderr) == (0, "")
    after = {key: value for key, value in router.settings.items() if value or key in before}
    assert after == before


def test_a_newer_plan_replaces_the_older_one(tmp_path: Path):
    router = StandIn(tmp_path, owner())
    wide = intents("br0=client", "vlan2=internet:10M", conference_servers="10.9.0.0/24")
    router.run(scripts(wanted=wide)[0])
    assert "10.9.0.0/24" in router.dump
    router.run(scripts()[0])
    assert "10.9.0.0/24" not in router.dump
    assert router.dump.count("begin qos-translator") == 1
    assert router.dump.count("[qos] audio") == 1


def test_rules_that_do_not_fit_leave_the_router_as_it_is(tmp_path: Path):
    before = owner(qos_orules=">".join([FACTORY[FRESH]] * 30))
    router = StandIn(tmp_path, before)
    done = router.run(scripts()[0])
    assert done.returncode == 1
    assert "nothing was changed" in done.stderr
    assert (router.settings, router.restarts) == (before, [])


def test_a_router_with_another_wan_is_left_alone(tmp_path: Path):
    before = owner(wan_iface="ppp0")
    router = StandIn(tmp_path, before)
    done = router.run(scripts()[0])
    assert "the WAN of this router is ppp0" in done.stderr
    assert router.settings == before


def test_a_block_without_its_end_is_not_taken_for_ours(tmp_path: Path):
    torn = "# begin qos-translator\niptables -A INPUT -j ACCEPT"
    router = StandIn(tmp_path, owner(script_fire=torn))
    apply, remove = scripts()
    router.run(apply)
    router.run(remove)
    assert router.settings["script_fire"] == torn


def test_what_an_owner_wrote_is_never_run(tmp_path: Path):
    odd = "0<<17<d<9<0<<<<3<$(touch gone) `touch gone`; touch gone"
    router = StandIn(tmp_path, owner(qos_orules=odd, script_fire="echo '\"$(touch gone)\"'"))
    apply, remove = scripts()
    assert router.run(apply).returncode == 0
    assert router.run(remove).returncode == 0
    assert router.settings["qos_orules"] == odd
    assert router.settings["script_fire"] == "echo '\"$(touch gone)\"'"
    assert not list(tmp_path.rglob("gone"))
