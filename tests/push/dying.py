"""Pushes of a process that dies on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from push.faults import Scene

__all__ = ["died_behind_its_timer"]


def died_behind_its_timer(procedures: str) -> Callable[[Scene], None]:
    """Return a push of a process that is killed when the first line of the change is to be sent.

    Args:
        procedures: the module that enters the lines.
    """

    def stop(*_: object) -> None:
        raise SystemExit

    def push(scene: Scene) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(f"{procedures}.enter_lines", stop)
            patch.setattr("translator.push.protocol.Push._converged", stop)
            with pytest.raises(SystemExit):
                scene.push()
        assert scene.device.log.count("timer-armed")
        assert scene.change is not None
        run = scene.change.work.run
        scene.journal.release(run)
        scene.change = replace(scene.change, work=replace(scene.change.work, run=f"{run}-2"))

    return push
