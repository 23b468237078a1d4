"""The part of NETCONF 1.0 that clients of Junos use to change a configuration.

Locking, loading (text and `set` form), comparing, committing with and without a timer, rolling back
and reading, commands with their text, and what clients ask for as facts. No XML form of the
configuration.

Source:
    RFC 4741 and RFC 4742 (end-of-message framing); Junos XML Management Protocol Developer Guide.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from ..session import Fate, Reply
from ..terminal import Reader, Writer
from .compare import compare

if TYPE_CHECKING:
    from .device import JunosDevice
    from .session import JunosSession

__all__ = ["run_netconf"]

_END = b"]]>]]>"
_BASE = "urn:ietf:params:xml:ns:netconf:base:1.0"
_CAPABILITIES = (
    "urn:ietf:params:netconf:base:1.0",
    "urn:ietf:params:netconf:capability:candidate:1.0",
    "urn:ietf:params:netconf:capability:confirmed-commit:1.0",
    "urn:ietf:params:netconf:capability:validate:1.0",
    "http://xml.juniper.net/netconf/junos/1.0",
)


async def run_netconf(device: JunosDevice, user: str, reader: Reader, writer: Writer) -> Fate:
    """Serve one NETCONF session until it is closed; return what is to become of the connection."""
    shell = device.attach(user)
    try:
        listed = "".join(f"<capability>{each}</capability>" for each in _CAPABILITIES)
        writer.write(
            f'<hello xmlns="{_BASE}"><capabilities>{listed}</capabilities>'
            f"<session-id>{shell.number}</session-id></hello>".encode()
            + _END
        )
        held = b""
        while data := await reader.read(65536):
            held += data
            while _END in held:
                message, _, held = held.partition(_END)
                with device.lock:
                    answer, fate = _Request(device, shell, message).answer()  # type: ignore[arg-type]
                if fate in (Fate.RESETS, Fate.HANGS):
                    return fate
                writer.write(answer)
                if fate is Fate.CLOSES:
                    return fate
        return Fate.CLOSES
    finally:
        device.drop(shell)


class _Request:
    """One message of a client."""

    def __init__(self, device: JunosDevice, shell: JunosSession, message: bytes) -> None:
        self._device = device
        self._shell = shell

        self._rpc = ElementTree.fromstring(message.strip())  # noqa: S314

    def answer(self) -> tuple[bytes, Fate]:
        """Return the reply and what becomes of the connection."""
        if _name(self._rpc) == "hello":
            return b"", Fate.STAYS
        call = self._rpc[0]
        handlers: dict[str, Callable[[ElementTree.Element], Reply]] = {
            "lock-configuration": lambda call: self._entered("exclusive"),
            "unlock-configuration": lambda call: self._unlock(),
            "open-configuration": lambda call: self._entered("private"),
            "close-configuration": lambda call: self._unlock(),
            "load-configuration": self._load,
            "commit-configuration": self._commit,
            "get-configuration": self._get,
            "get-commit-revision-information": lambda call: self._revision(),
            "get-system-uptime-information": lambda call: self._uptime(),
            "command": self._command,
            "get-software-information": lambda call: self._software(),
            "get-chassis-inventory": lambda call: self._chassis(),
            "get-interface-information": lambda call: Reply("<interface-information/>"),
            "close-session": lambda call: Reply("<ok/>", fate=Fate.CLOSES),
        }
        handler = handlers.get(_name(call))
        reply = handler(call) if handler else _error(f"unknown call {_name(call)}")
        number = escape(self._rpc.get("message-id", ""), {'"': "&quot;"})
        text = (
            f'<rpc-reply xmlns="{_BASE}" xmlns:junos="http://xml.juniper.net/junos/21.4R0/junos" '
            f'message-id="{number}">{reply.text}</rpc-reply>'
        )
        return text.encode() + _END, reply.fate

    def _entered(self, way: str) -> Reply:
        reply = self._shell.enter("private" if way == "private" else "exclusive")
        return _error(reply.text) if reply.refused else Reply("<ok/>")

    def _unlock(self) -> Reply:
        self._shell.leave()
        return Reply("<ok/>")

    def _load(self, call: ElementTree.Element) -> Reply:
        shell = self._shell
        if shell.way is None:
            shell.enter("shared")
        if call.get("rollback") is not None:
            return self._outcome(self._device.receive(shell, f"rollback {call.get('rollback')}"))
        action = call.get("action", "merge")
        text = "".join(call.itertext())
        for line in text.splitlines():
            struck = self._device.strike(line, shell) if line.strip() else None
            if struck is not None:
                return _error(struck.text) if struck.refused else struck
        reply = shell.load(action, text)
        if reply.refused:
            problem = reply.text.splitlines()[0]
            count = "<load-error-count>1</load-error-count>"
            return Reply(
                f"<load-configuration-results>{_error(problem).text}{count}</load-configuration-results>"
            )
        for line in text.splitlines():
            if line.strip():
                self._device.note("executed", line.strip(), shell)
        return Reply("<load-configuration-results><ok/></load-configuration-results>")

    def _commit(self, call: ElementTree.Element) -> Reply:
        words = {_name(child): (child.text or "").strip() for child in call}
        line = "commit"
        if "check" in words:
            line += " check"
        if "confirmed" in words:
            line += f" confirmed {words.get('confirm-timeout', '10')}"
        if words.get("log"):
            line += ' comment "' + words["log"].replace('"', "'") + '"'
        if self._shell.way is None:
            self._shell.enter("shared")
        return self._outcome(self._device.receive(self._shell, line))

    def _outcome(self, reply: Reply) -> Reply:
        return _error(reply.text) if reply.refused else Reply("<ok/>", fate=reply.fate)

    def _get(self, call: ElementTree.Element) -> Reply:
        device = self._device
        if call.get("compare") == "rollback":
            old = device.history[int(call.get("rollback", "0"))].config
            text = escape("\n" + compare(old, self._shell.candidate))
            return Reply(
                "<configuration-information><configuration-output>"
                f"{text}</configuration-output></configuration-information>"
            )
        wanted = self._shell.candidate if call.get("database") == "candidate" else device.active
        form = "set" if call.get("format") == "set" else "text"
        if wanted is device.active and form == "text":
            text = escape(f"\n{device.shown()}")  # a line end stands before the text
        else:
            text = escape(wanted.sets() if form == "set" else wanted.curly())
        return Reply(f"<configuration-{form}>{text}</configuration-{form}>")

    def _command(self, call: ElementTree.Element) -> Reply:
        if call.get("format") != "text":
            return _error("syntax error, expecting <command>")
        text = (call.text or "").strip()  # commands are those of the operational mode, always
        line = text if self._shell.way is None else f"run {text}"
        reply = self._device.receive(self._shell, line)
        if reply.refused:
            return _error(reply.text)
        return Reply(f"<output>{escape(reply.text)}</output>", fate=reply.fate)

    def _software(self) -> Reply:
        device = self._device
        return Reply(
            f"<software-information><host-name>{device.hostname}</host-name>"
            f"<product-model>{device.model}</product-model>"
            f"<junos-version>{device.version}</junos-version></software-information>"
        )

    def _chassis(self) -> Reply:
        return Reply(
            f"<chassis-inventory><chassis><serial-number>{self._device.serial}</serial-number>"
            "</chassis></chassis-inventory>"
        )

    def _revision(self) -> Reply:
        device, last = self._device, self._device.history[0]
        pending = device.pending
        comment = ""
        if pending:
            comment = f"<comment>commit confirmed, rollback in {pending.minutes}mins</comment>"
        return Reply(
            "<commit-revision-information>"
            f"<revision>re0-1-{len(device.history)}</revision><user>{last.user}</user>"
            f'<client>{last.via}</client><date-time junos:seconds="{last.seconds}">{last.when}'
            f"</date-time>{comment}</commit-revision-information>"
        )

    def _uptime(self) -> Reply:
        device = self._device
        seconds = int(device.clock.now().timestamp())
        return Reply(
            "<system-uptime-information><current-time>"
            f'<date-time junos:seconds="{seconds}">{device.stamp()}</date-time>'
            "</current-time></system-uptime-information>"
        )


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _error(text: str) -> Reply:
    return Reply(
        "<rpc-error><error-type>protocol</error-type><error-tag>operation-failed</error-tag>"
        f"<error-severity>error</error-severity><error-message>{escape(text.strip())}"
        "</error-message></rpc-error>"
    )
