"""An apply script that fails half-way leaves the router as it was, as far as tc allows."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lab.agreement import intents_for
from lab.netns import Lab

from translator.drivers.linux import Linux
from translator.intents.lower import lower

pytestmark = pytest.mark.netns

LINUX = Linux()
BEFORE = LINUX.render(lower(intents_for("lan=phone", "wan=wan:2M"), LINUX.capabilities)).config
AFTER = LINUX.render(lower(intents_for("lan=client", "wan=wan:1G"), LINUX.capabilities)).config


def state(lab: Lab) -> tuple[str, str]:
    return lab.run("nft", "-s", "list", "ruleset"), lab.run("tc", "class", "show", "dev", "wan")


def failing(lab: Lab, folder: Path, tool: str, condition: str) -> int:
    """Apply the second configuration with a tool that fails where the condition holds."""
    wrapper = folder / tool
    real = lab.run("which", tool).strip()
    wrapper.write_text(f'#!/bin/sh\n{condition} && exit 1\nexec {real} "$@"\n', encoding="utf-8")
    wrapper.chmod(0o755)
    script = folder / "after.sh"
    script.write_text(AFTER, encoding="utf-8")
    path = f"PATH={folder}:{os.environ['PATH']}"
    return lab.attempt("env", path, "busybox", "ash", str(script)).returncode


@pytest.mark.parametrize("condition", ['[ "$1" = -c ]', '[ "$1" = -f ]'])
def test_rules_that_do_not_load_change_nothing(lab: Lab, tmp_path: Path, condition: str) -> None:
    lab.apply(BEFORE, folder=tmp_path)
    first = state(lab)
    assert failing(lab, tmp_path, "nft", condition) != 0
    assert state(lab) == first


def test_a_queue_that_cannot_be_built_brings_the_old_rules_back(lab: Lab, tmp_path: Path) -> None:
    lab.apply(BEFORE, folder=tmp_path)
    rules, _ = state(lab)
    assert failing(lab, tmp_path, "tc", 'case "$*" in *"classid 1:30"*) true ;; *) false ;; esac')
    assert state(lab) == (rules, "")


def test_without_rules_of_before_none_are_left(lab: Lab, tmp_path: Path) -> None:
    assert failing(lab, tmp_path, "tc", 'case "$*" in *"classid 1:30"*) true ;; *) false ;; esac')
    assert state(lab) == ("", "")
