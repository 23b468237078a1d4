"""Nobody waits: neither for a device's clock nor for a terminal to fall silent."""

from __future__ import annotations

import pytest

from translator.push import cli_channel


@pytest.fixture(autouse=True)
def _prompt_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A prompt counts sooner: on loopback nothing follows late."""
    monkeypatch.setattr(cli_channel, "_SETTLE_S", 0.002)
