"""Checks bytes that are a capture file."""

from __future__ import annotations

from pathlib import Path

from translator.capture.check import Captures, check_captures
from translator.capture.device import Against
from translator.capture.expectation import Expectation
from translator.capture.frames import EVERYTHING, Window
from translator.capture.model import CaptureCheck
from translator.intents.match import prefix_of
from translator.plan.load import load_plan

__all__ = ["BINDINGS", "BOUND", "PLAIN", "checked"]

BINDINGS = {
    "clients": (prefix_of("10.1.1.0/24"), prefix_of("2001:db8:1::/64")),
    "conference_servers": (prefix_of("10.2.2.0/28"), prefix_of("2001:db8:2::/64")),
    "edge_internal": (prefix_of("10.2.2.128/28"),),
}
PLAIN = Expectation(load_plan("lync-2013"), {})
BOUND = Expectation(load_plan("lync-2013"), BINDINGS)


def checked(
    path: Path,
    data: bytes,
    expectation: Expectation = PLAIN,
    *,
    window: Window = EVERYTHING,
    against: Against | None = None,
) -> CaptureCheck:
    """Return what is found in the bytes, written to the path."""
    path.write_bytes(data)
    return check_captures(expectation, Captures((str(path),), window), against)
