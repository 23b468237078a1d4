"""What a NAPALM driver is opened with, and which of its methods stand behind our calls."""

from __future__ import annotations

import json
from typing import Any, Protocol

from translator.drivers.calls import Call
from translator.errors import PreflightError

__all__ = ["OpenDriver", "configuration", "facts"]


class OpenDriver(Protocol):
    """A login of NAPALM on a device of one platform.

    Raises:
        Whatever NAPALM and the libraries below it raise; the session tells what that means.
    """

    def cli(self, text: str, timeout_s: float) -> str:
        """Return what a command prints that changes nothing."""

    def call(self, call: Call) -> str:
        """Make a call; return the text of its reply."""

    def close(self, *, broken: bool) -> None:
        """End it; of a session that is broken nothing is waited for."""


def facts(driver: Any) -> str:
    """Return NAPALM's facts as JSON.

    Raises:
        PreflightError: NAPALM does not understand what the device prints.
    """
    try:
        found: dict[str, Any] = driver.get_facts()
    except (ValueError, LookupError, AttributeError, TypeError) as error:
        raise PreflightError(
            f"NAPALM's get_facts does not understand the device ({type(error).__name__}: {error})",
            hint="check `platform` in the inventory, or use --transport netmiko",
        ) from error
    return json.dumps({key: value for key, value in found.items() if isinstance(value, str)})


def configuration(driver: Any) -> str:
    """Return the running configuration, with all that NAPALM leaves of it.

    `sanitized` would take out more than secrets: what it makes of a text proves nothing of it.
    """
    return str(driver.get_config(retrieve="running", full=False, sanitized=False)["running"])
