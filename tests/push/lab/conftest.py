"""The router fixture: a lab with a server in it; one for a module, made new for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab.netns import Lab, why_not
from push.lab.router import Router
from push.lab.sshd import Sshd


@pytest.fixture(scope="module")
def _router(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Router]:
    reason = why_not()
    missing = [tool for tool in ("sshd", "dropbear", "pgrep") if shutil.which(tool) is None]
    if not reason and missing:
        reason = f"the lab of push needs {', '.join(missing)}"
    if reason:
        pytest.skip(reason)
    folder, disk = tmp_path_factory.mktemp("sshd"), tmp_path_factory.mktemp("disk")
    with Lab() as lab, Sshd.running(lab, folder) as sshd:
        yield Router(lab, sshd, Path(disk))


@pytest.fixture
def router(_router: Router) -> Router:
    """A router with nothing on it."""
    _router.forget()
    return _router
