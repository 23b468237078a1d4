"""How a change comes about: the smallest proven lines, or a whole script; nothing without need."""

from __future__ import annotations

from dataclasses import replace

import pytest
from lab.agreement import intents_for
from push.fake import Device, FakeProcedures, some_intents

from translator.drivers.capture import END_MARK
from translator.drivers.change import Running, Work
from translator.drivers.cisco_ios import CiscoIos
from translator.drivers.linux import Linux
from translator.drivers.tomato import Tomato
from translator.errors import DriverError, PreflightError, UsageError
from translator.intents.lower import lower
from translator.push.change import make_change, procedures_of, refuse_secrets

LINUX = Linux()


class Unchangeable:
    platform = "toaster"


EMPTY = Running(f"{END_MARK}\n")
ROUTER = """\
version 15.9
hostname R1
!
interface GigabitEthernet0/0
 ip address 10.1.1.1 255.255.255.0
!
interface GigabitEthernet0/1
 ip address 10.2.2.1 255.255.255.0
!
end
"""


class Changeable(CiscoIos):
    """A platform that is changed by lines."""

    @property
    def procedures(self) -> FakeProcedures:
        return FakeProcedures(Device())


def test_a_platform_with_scripts_gets_the_whole_text():
    change = make_change(LINUX, "r1", some_intents(), EMPTY, revert_s=60)
    rendered = LINUX.render(some_intents())
    assert change.needed
    assert change.work.script == change.after == rendered.config
    assert (change.work.removal, change.work.lines) == (rendered.removal, ())
    assert change.work.interfaces == ("lan", "wan")
    assert "does what is wanted" in change.proof[0]


def test_what_is_there_already_needs_no_change():
    running = Running(LINUX.render(some_intents()).config)
    change = make_change(LINUX, "r1", some_intents(), running, revert_s=60)
    assert not change.needed
    assert (change.work.script, change.work.lines) == ("", ())


def test_a_platform_with_lines_gets_the_smallest_proven_ones_and_their_rollback():
    driver = Changeable()
    wanted = lower(
        intents_for("GigabitEthernet0/0=client", "GigabitEthernet0/1=wan:1G"), driver.capabilities
    )
    change = make_change(driver, "r1", wanted, Running(ROUTER), revert_s=60)
    assert change.needed
    assert change.work.script == ""
    after = driver.apply(ROUTER, change.work.lines)
    assert driver.parse(after) == driver.parse(change.after)
    assert not make_change(driver, "r1", wanted, Running(after), revert_s=60).needed
    back = driver.apply(after, change.work.rollback)
    assert make_change(driver, "r1", wanted, Running(back), revert_s=60).base == change.base


def test_a_part_of_a_configuration_is_no_ground():
    with pytest.raises(PreflightError, match="no end"):
        make_change(LINUX, "r1", some_intents(), Running("", "no end"), revert_s=60)


def test_a_platform_that_cannot_be_changed_says_so():
    assert procedures_of(Tomato()).installs_script
    with pytest.raises(PreflightError, match="toaster devices cannot be changed"):
        procedures_of(Unchangeable())


def test_a_change_with_a_secret_never_reaches_the_journal():
    work = Work("run", "r1", 60, lines=("enable secret hunter2",))
    with pytest.raises(PreflightError, match="secret"):
        refuse_secrets(work)
    refuse_secrets(replace(work, lines=("class-map match-any VOICE",)))


@pytest.mark.parametrize("run", ["", "A", "a b", "a/../b", "a" * 41, "a\n"])
def test_a_run_has_a_name_that_fits_everywhere(run: str):
    with pytest.raises(DriverError):
        Work(run, "r1", 60)


@pytest.mark.parametrize(
    "settings",
    [{"folder": "relative"}, {"folder": "/a/../b"}, {"folder": "/a b"}, {"folder": "/a;b"},
     {"boot": "maybe"}, {"units": "$(x)"}],
)  # fmt: skip
def test_settings_that_are_no_paths_are_refused(settings: dict[str, str]):
    work = Work("run", "r1", 60, options=settings)
    with pytest.raises(UsageError):
        LINUX.procedures.manual(work)


def test_what_changes_by_itself_is_no_part_of_the_fingerprint():
    before = (
        "qdisc htb 1: root refcnt 2 r2q 10 default 0x60 direct_packets_stat 7 direct_qlen 1000\n"
    )
    after = before.replace("stat 7", "stat 99").replace("refcnt 2", "refcnt 5")
    lasting = LINUX.procedures.lasting
    assert lasting(before) == lasting(after)
    assert lasting(before) != lasting(before.replace("0x60", "0x50"))
    assert "root" in lasting(before)
