"""A process that is killed at any moment: the next one converges, and no line is sent twice."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from devices import Device, Faults, Hook
from devices.server import LOOP
from push.faults import Scene, base_of, scene_of
from push.ios.cases import KILLED, ROUTER

from translator.push import Ending, resume_all

ROOT = Path(__file__).resolve().parents[3]
LINES = 49  # what a push types, logins included
SOME = sorted(Random(7).sample(range(1, LINES + 1), 12))


@pytest.fixture(scope="module")
def pusher() -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "push.ios.pusher"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT}/tests{os.pathsep}{ROOT}"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with LOOP.used(), process:
        yield process
        assert process.stdin is not None
        process.stdin.close()


def killed_at(scene: Scene, pusher: subprocess.Popen[str], number: int) -> bool:
    """Push in a process that is killed when the device receives its n-th line."""
    assert pusher.stdin is not None
    assert pusher.stdout is not None
    address = scene.address
    file = scene.journal.path
    child: list[int] = []

    def kill(device: Device) -> None:
        assert KILLED.signal is not None
        os.kill(child[0], KILLED.signal)

    scene.device.faults = Faults(hooks=(Hook("line", kill, nth=number),))
    with scene.device.lock:  # no line is taken before the child's number is known
        pusher.stdin.write(f"{address.host} {address.port} {scene.known_hosts} {file}\n")
        pusher.stdin.flush()
        child.append(int(pusher.stdout.readline()))
    ended = int(pusher.stdout.readline())
    assert ended in (0, KILLED.signal)
    assert scene.everybody_left()
    scene.device.faults = Faults()
    return ended == KILLED.signal


def holds(scene: Scene) -> None:
    """Bring the device to an end, and hold it and its log against that."""
    change, old, new, _ = base_of(ROUTER)
    device = scene.device
    sent = [line for line in device.lines_executed if line != "end"]
    assert sent == [line.strip() for line in change.work.lines][: len(sent)]
    endings = resume_all(scene.journal, "r1", scene.connect)
    assert [line for line in device.lines_executed if line != "end"] == sent
    assert scene.journal.unfinished() == ()
    assert not [name for name in device.files if name.startswith("qos-")]
    assert not device.log.count("saved") or device.running == new
    assert (device.running, device.startup) in ((old, old), (new, new))
    assert set(endings.values()) <= {Ending.NEW if device.running == new else Ending.OLD}
    device.clock.advance(minutes=121)  # no timer is left behind
    assert (device.running, device.startup) in ((old, old), (new, new))
    scene.change = None
    assert scene.push().ending in (Ending.NEW, Ending.UNCHANGED)
    assert device.running == device.startup == new
    assert scene.everybody_left()


def test_a_push_types_as_many_lines(tmp_path: Path):
    with scene_of(ROUTER, Faults(), tmp_path) as scene:
        scene.push()
        assert scene.everybody_left()
        assert scene.device.log.count("line") == LINES


@pytest.mark.parametrize("number", SOME)
def test_a_killed_push_is_brought_to_an_end(
    pusher: subprocess.Popen[str], number: int, tmp_path: Path
):
    with scene_of(ROUTER, Faults(), tmp_path) as scene:
        assert killed_at(scene, pusher, number)
        holds(scene)


@pytest.mark.slow
def test_a_hundred_killed_pushes_are_brought_to_an_end(
    pusher: subprocess.Popen[str], tmp_path: Path
):
    points = Random(11)
    killed = 0
    for _ in range(100):
        with scene_of(ROUTER, Faults(), tmp_path) as scene:
            killed += killed_at(scene, pusher, points.randint(1, LINES))
            holds(scene)
    assert killed == 100
