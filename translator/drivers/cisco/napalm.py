"""IOS and IOS-XE over NAPALM: its devices are read, and never changed on this way.

NAPALM's `get_config` takes lines out of what the device prints, wherever they stand: `Building
configuration`, `Current configuration : N bytes`, the comments on the last change and the last
save, `Load for five secs` and `Time source is`. The count of bytes is what shows that a text is
whole, so the head is asked for once more, and what was taken out counts as read.

Sources: NAPALM 5, `napalm.ios.ios.IOSDriver.get_config`, `_send_command_postprocess`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from translator.drivers.calls import Call, Method
from translator.drivers.change import Channel, Command, Identity, Obstacle, Procedure, Running, Work
from translator.drivers.cisco.change import CiscoProcedures
from translator.drivers.cisco.facts import head_lines, log_line_in, missing_bytes
from translator.drivers.cisco.whole import why_incomplete
from translator.drivers.napalm_way import facts
from translator.errors import PreflightError

__all__ = ["CiscoOverNapalm"]

_READ_S: Final = 120.0
_HEAD: Final = "show running-config | include ^Current configuration|^! (Last|NVRAM) config"
_WHY: Final = (
    "NAPALM's merge for IOS reports success on most lines that the device refuses, saves before "
    "anything is proven, and cannot stop at a line"
)
_FIX: Final = "use --transport netmiko, or transport: netmiko in the inventory"


class CiscoOverNapalm(CiscoProcedures):
    """See `translator.drivers.napalm_way.OnlyReads`.

    Args:
        is_ours: whether a model is one of the driver's platform.
    """

    channel = Channel.NAPALM

    def __init__(self, is_ours: Callable[[str], bool]) -> None:
        super().__init__(is_ours)

    def why_unchanged(self, device: str) -> PreflightError:
        """Return why nothing is changed on this way."""
        return PreflightError(f"{device} is not changed over NAPALM: {_WHY}", hint=_FIX)

    def identify(self, work: Work) -> Procedure[Identity]:
        """Tell product, release, serial number and name by NAPALM's facts.

        Raises:
            PrivilegeError: the session may not see the whole configuration.
        """
        found = yield from facts()
        version = f"{found.model} {found.release}".strip()
        # NAPALM finds a release only in what IOS and IOS-XE say of themselves.
        if not (found.release and self._is_ours(found.model)):
            return Identity("", found.serial, version, right_platform=False)
        yield from self._need_privilege(work)
        return Identity(found.hostname, found.serial, version, right_platform=True)

    def running(self, work: Work) -> Procedure[Running]:
        """Read the whole running configuration; it ends in `end`, and IOS tells its size."""
        head = head_lines((yield Command(_HEAD, _READ_S)).text)
        text = (yield Call(Method.CONFIG, timeout_s=_READ_S)).text
        doubt = why_incomplete(text, ())
        whole = f"{head}{text}\n"
        missing = missing_bytes(whole)
        if missing and not doubt:
            doubt = f"it is {missing} bytes shorter than its head says"
        if message := log_line_in(text):
            doubt = f"a message of the log stands within: {message[:80]}"
        return Running(whole, f"{work.device}: {doubt}" if doubt else "")

    def lock(self, work: Work) -> Procedure[None]:
        """Refuse: whoever wants to change the device comes here first.

        Raises:
            PreflightError: always.
        """
        yield from ()
        raise self.why_unchanged(work.device)

    def preflight(self, work: Work) -> Procedure[tuple[Obstacle, ...]]:
        """Look at what a change would need, of which this way is one."""
        found = yield from super().preflight(work)
        return (*found, Obstacle(f"nothing is changed over NAPALM: {_WHY}", _FIX))
