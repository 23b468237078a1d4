"""Credentials of the simulated devices, in the environment as users give them."""

from __future__ import annotations

import pytest


@pytest.fixture
def login(monkeypatch: pytest.MonkeyPatch) -> None:
    """Log in as admin with the password that simulated devices have."""
    monkeypatch.setenv("NET_USERNAME", "admin")
    monkeypatch.setenv("NET_PASSWORD", "pw")
    for name in ("NET_SECRET", "NET_SSH_KEY", "SSH_AUTH_SOCK", "NET_KNOWN_HOSTS"):
        monkeypatch.delenv(name, raising=False)
