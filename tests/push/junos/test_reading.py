"""What the change of a Junos device reads: histories, differences, disks, permissions, models."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime
from typing import TypeVar

import pytest

from translator.drivers.change import Command, Timer, Work
from translator.drivers.juniper_junos.candidate import unplanned
from translator.drivers.juniper_junos.commits import read_history, signature
from translator.drivers.juniper_junos.editing import Typed
from translator.drivers.juniper_junos.identity import identified
from translator.drivers.juniper_junos.preflight import obstacles
from translator.drivers.juniper_junos.signs import FIREWALLS, ROUTERS, SWITCHES
from translator.drivers.registry import driver
from translator.drivers.replies import Reply
from translator.errors import AuthorizationError, ChangeError, PreflightError

T = TypeVar("T")
RUN = "20260302-090000-abcdef"
WORK = Work(RUN, "r1", 300, lines=("set system domain-name x",))
SOON, LATE = datetime(2026, 3, 2, 9, 3), datetime(2026, 3, 2, 9, 7)


def answered(
    procedure: Generator[Command, Reply, T], replies: dict[str, str], mark: str = ">"
) -> T:
    """Run a procedure against a table of what commands print."""
    reply = None
    try:
        while True:
            text = procedure.send(reply).text
            said = next((out for start, out in replies.items() if start and start in text), "")
            reply = Reply(said, prompt=f"admin@r1{mark}")
    except StopIteration as stop:
        return stop.value


def history(*entries: str) -> str:
    """Return a history; each entry is what follows its number."""
    return "".join(f"{number}   {entry}\n" for number, entry in enumerate(entries))


ROOT = "2026-03-01 09:00:00 UTC by root via other"
ASKED = (
    f"2026-03-02 09:01:00 UTC by admin via cli commit confirmed, rollback in 5mins\n    qos-{RUN}"
)
CONFIRMS = f"2026-03-02 09:02:00 UTC by admin via cli\n    qos-{RUN} confirmed"
REVERTS = f"2026-03-02 09:02:00 UTC by admin via cli\n    qos-{RUN} reverted"
FOREIGN = "2026-03-02 09:02:00 UTC by bob via netconf"
HISTORIES = {
    "never": ((ROOT,), SOON, Timer.ABSENT, 0),
    "waits": ((f"{ASKED}\n    rollback pending", ROOT), SOON, Timer.ARMED, 1),
    "nothing says that it waits, but it may": ((ASKED, ROOT), SOON, Timer.ARMED, 1),
    "the time of the device is not known": ((ASKED, ROOT), None, Timer.ARMED, 1),
    "its time is over and it is still there": ((ASKED, ROOT), LATE, Timer.CONFIRMED, 1),
    "confirmed with a row of its own": ((CONFIRMS, ASKED, ROOT), SOON, Timer.CONFIRMED, 2),
    "confirmed by another": ((FOREIGN, ASKED, ROOT), SOON, Timer.CONFIRMED, 0),
    "fired": ((ROOT, ASKED, ROOT), LATE, Timer.FIRED, 0),
    "taken back": ((REVERTS, ASKED, ROOT), SOON, Timer.FIRED, 0),
    "taken back, then another": ((FOREIGN, REVERTS, ASKED, ROOT), SOON, Timer.FIRED, 0),
}


@pytest.mark.parametrize("name", HISTORIES)
def test_the_history_tells_what_became_of_a_run(name: str):
    entries, now, timer, depth = HISTORIES[name]
    found = read_history(history(*entries))
    assert (found.timer(RUN, now), found.depth(RUN)) == (timer, depth)
    assert found.timer("20260302-090000-abcde", now) is Timer.ABSENT, "a name is no beginning"


def test_a_prompt_tells_that_a_commit_waits():
    text = history(ROOT) + "\n# commit confirmed will be rolled back in 4 minutes\n[edit]\n"
    assert read_history(text).pending
    assert not read_history(history(ASKED, ROOT)).pending
    assert signature(RUN) == f"qos-{RUN}"


PLANNED = (
    "set class-of-service interfaces ge-0/0/1 scheduler-map M",
    "set firewall family inet filter F term A then dscp ef",
    "delete firewall family inet filter OLD",
)
FITS = """\
[edit class-of-service interfaces]
+    ge-0/0/1 {
+        scheduler-map M;
+    }
[edit firewall family inet filter F term A then]
-      dscp af11;
+      dscp ef;
[edit firewall family inet]
-    filter OLD {
-        term B {
-            from {
-                protocol [ udp tcp ];
-            }
-            then accept;
-        }
-    }
!    filter F { ... }
"""


def test_a_candidate_with_what_was_typed_may_be_committed():
    assert unplanned(FITS, PLANNED) == ""


@pytest.mark.parametrize(
    ("diff", "says"),
    [
        ("", "does not differ"),
        (f"{FITS}[edit system]\n+  domain-name x;\n", "system domain-name x"),
        (f"{FITS}[edit interfaces ge-0/0/1]\n-  disable;\n", "interfaces ge-0/0/1 disable"),
        ("error: permission denied\n", "permission denied"),
    ],
)
def test_a_candidate_with_anything_else_may_not(diff: str, says: str):
    assert says in unplanned(diff, PLANNED)


STORAGE = """\
Filesystem              Size       Used      Avail  Capacity   Mounted on
/dev/gpt/junos          6.0G       1.1G       4.4G        20%  /.mount
tmpfs                   3.4G        48K       3.4G         0%  /.mount/tmp
/dev/vtbd1s1e           302M        11K       {}         0%  /.mount/config
/dev/vtbd1s1f           2.7G       128M       2.4G         5%  /.mount/var
"""
RIGHTS = """\
Current user: 'admin'   class 'ops'
Permissions:
    configure   -- Can enter configuration mode
    {}-- Can roll back
    firewall-control-- Can modify firewall configuration
"""
FINE = {
    "cli authorization": RIGHTS.format("rollback    "),
    "system storage": STORAGE.format("278M"),
    "system commit": history(ROOT),
    "system uptime": "Current time: 2026-03-02 09:03:00 UTC\n",
}


@pytest.mark.parametrize(
    ("command", "says", "problem"),
    [
        ("cli authorization", RIGHTS.format("reset       "), "no permission `rollback`"),
        ("system storage", STORAGE.format("-2.0M"), "/.mount/config is full"),
        ("system storage", STORAGE.format("9.9M"), "9.9 MiB are left"),
        ("system commit", history(f"{FOREIGN} commit confirmed, rollback in 9mins", ROOT), "bob"),
        ("system commit", f"commit requested by bob via cli at reboot\n{history(ROOT)}", "bob"),
        ("show | compare", "[edit system]\n+  domain-name x;\n", "domain-name x"),
    ],
)
def test_what_stands_in_the_way_is_named(command: str, says: str, problem: str):
    assert answered(obstacles(WORK, Typed().compare), FINE, "#") == ()
    (found,) = answered(obstacles(WORK, Typed().compare), {**FINE, command: says}, "#")
    assert problem in found.problem


@pytest.mark.parametrize(
    ("says", "error"),
    [
        ("", PreflightError),
        ("unknown command.\n", PreflightError),
        ("error: no permission\n", AuthorizationError),
    ],
)
def test_a_device_that_does_not_tell_its_commits_is_not_changed(
    says: str, error: type[ChangeError]
):
    with pytest.raises(error, match=r"system commit|its commits"):
        answered(obstacles(WORK, Typed().compare), {**FINE, "system commit": says}, "#")


HARDWARE = """\
Hardware inventory:
Item             Version  Part number  Serial number     Description
Chassis                                JN11AB22CDE3      MX204
Routing Engine 0 REV 01   750-000001   CAGX0001          RE-S-1600x8
"""


@pytest.mark.parametrize(
    ("version", "models", "right"),
    [
        ("Hostname: r1\nModel: mx204\nJunos: 21.4R3.15\n", ROUTERS, True),
        ("Hostname: r1\nModel: mx204\nJunos: 21.4R3.15\n", SWITCHES, False),
        ("Hostname: r1\nModel: qfx5120-48y\nJunos: 21.4R3.15\n", ROUTERS, False),
        ("re0:\n---\nHostname: r1\nModel: ex4300-48t\nJunos: 20.4R1\n", SWITCHES, True),
        ("Hostname: r1\nModel: srx345\nJunos: 19.4R1\n", FIREWALLS, True),
        (
            "Hostname: r1\nModel: srx240h2\nJUNOS Software Release [12.1X46-D65.4]\n",
            FIREWALLS,
            True,
        ),
        ("Cisco IOS Software\n", ROUTERS, False),
    ],
)
def test_a_device_is_known_by_its_model(version: str, models: object, right: bool):
    replies = {"show version": version, "chassis hardware": HARDWARE}
    found = answered(identified(WORK, models), replies)
    assert found.right_platform is right
    assert found.serial == "JN11AB22CDE3"
    assert found.hostname == ("r1" if "Hostname" in version else "")


@pytest.mark.parametrize("revert_s", [1, 60, 61, 300])
def test_the_timer_is_never_shorter_than_asked(revert_s: int):
    work = Work(RUN, "r1", revert_s, lines=PLANNED)
    typed: list[str] = []
    procedure = driver("juniper_junos").procedures.apply(work)
    request = next(procedure)
    replies = {
        "show |": FITS,
        "commit check": "configuration check succeeds",
        "commit conf": "commit complete",
    }
    try:
        while True:
            typed.append(request.text)
            said = next(
                (out for start, out in replies.items() if request.text.startswith(start)), ""
            )
            request = procedure.send(Reply(said, prompt="admin@r1#"))
    except StopIteration:
        minutes = {1: 1, 60: 1, 61: 2, 300: 5}[revert_s]
        assert f'commit confirmed {minutes} comment "qos-{RUN}" and-quit' in typed
