"""A Tomato router whose shell is busybox and whose settings are files."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from drivers.tomato.intents import intents
from drivers.tomato.routers import NAMES, RATES

from translator.drivers.change import Command, Download, Request, Upload, Wait
from translator.drivers.replies import Reply
from translator.drivers.tomato import Tomato
from translator.intents.lower import lower
from translator.inventory.model import Host
from translator.push import (
    Change,
    Expected,
    Journal,
    Options,
    Outcome,
    Patience,
    Session,
    change_device,
)

__all__ = ["HOST", "OWNERS_SCRIPT", "WANTED", "Busybox", "busybox", "options", "push"]

NVRAM = """#!/bin/sh
case $1 in
get) [ -e "$NVRAM_FOLDER/$2" ] && cat "$NVRAM_FOLDER/$2" && echo ;;
set) printf '%s' "${2#*=}" >"$NVRAM_FOLDER/${2%%=*}" ;;
unset) rm -f "$NVRAM_FOLDER/$2" ;;
show)
	for file in "$NVRAM_FOLDER"/*; do printf '%s=' "${file##*/}"; cat "$file"; echo; done
	echo ---; echo '31 entries, 1234 bytes used, 64302 bytes free.' ;;
commit) rm -rf "$NVRAM_FOLDER.flash"; cp -r "$NVRAM_FOLDER" "$NVRAM_FOLDER.flash" ;;
*) exit 2 ;;
esac
"""
_TOOLS = "sh awk wc cat rm ln readlink sleep mkdir setsid df sed id chmod mv sync cp ls echo"
TOOLS = tuple(_TOOLS.split())
OWNERS_SCRIPT = "# doorbell\niptables -A INPUT -p udp --dport 7 -j ACCEPT"
HOST = Host("home", "tomato", "tomato")
WANTED = lower(intents("br0=client", "vlan2=internet:10M"), Tomato().capabilities)


@dataclass
class Busybox:
    """The router's shell and settings; a session is the shell itself."""

    root: Path
    disturb: Callable[[str], None] = lambda text: None

    def perform(self, request: Request) -> Reply:
        if isinstance(request, Wait):
            return Reply()
        if isinstance(request, Command):
            self.disturb(request.text)
            return self._run(request.text)
        if isinstance(request, Upload):
            Path(request.path).write_bytes(request.data)
            return Reply(status=0)
        assert not isinstance(request, Download)
        return Reply(status=1)

    def close(self) -> None:
        """There is nothing to close."""

    def _run(self, text: str) -> Reply:
        done = subprocess.run(
            [self.root / "bin" / "sh", "-c", text],
            env={
                "PATH": str(self.root / "bin"),
                "NVRAM_FOLDER": str(self.root / "nvram"),
                "SSH_CLIENT": "192.168.1.7 5 22",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=30,
        )
        return Reply(done.stdout.decode(), done.returncode)

    def settings(self, name: str = "nvram") -> dict[str, str]:
        """Return the settings; to the firmware an empty one is as good as none."""
        found: dict[str, str] = {}
        for item in (self.root / name).iterdir():
            # The router's own timer may unset one between the listing and the reading.
            with suppress(FileNotFoundError):
                found[item.name] = item.read_text()
        return {key: value for key, value in found.items() if value}


@contextmanager
def busybox(folder: Path) -> Iterator[Busybox]:
    """Have a router below a folder."""
    program = shutil.which("busybox")
    assert program is not None, "busybox is one of the packages that the tests need"
    for name in ("bin", "nvram"):
        (folder / name).mkdir()
    for name, text in (
        ("nvram", NVRAM),
        ("service", '#!/bin/sh\necho "$*" >>"$NVRAM_FOLDER.log"\n'),
    ):
        (folder / "bin" / name).write_text(text)
        (folder / "bin" / name).chmod(0o755)
    for tool in TOOLS:
        (folder / "bin" / tool).symlink_to(program)
    made = Busybox(folder)
    settings = {
        "lan_ifname": "br0", "wan_iface": "vlan2", "qos_enable": "0", "qos_icmp": "1",
        "qos_default": "8", "qos_classnames": NAMES, "qos_orates": RATES,
        "qos_orules": "", "script_fire": OWNERS_SCRIPT, "wan_qos_ibw": "16000",
        "router_name": "home", "os_version": "2024.1 K26ARM", "http_passwd": "S3cretPw",
    }  # fmt: skip
    for key, value in settings.items():
        (folder / "nvram" / key).write_text(value)
    yield made
    # A timer that was not decided ends within a second of its folder.
    shutil.rmtree(folder / "state", ignore_errors=True)


def options(router: Busybox, revert_s: int = 30) -> Options:
    settings = {"folder": str(router.root / "state")}
    return Options(revert_s, patience=Patience(2.0, 0.1), settings=settings)


def push(
    router: Busybox,
    planned: Change | None = None,
    revert_s: int = 30,
    connect: Callable[[], Session] | None = None,
    hostname: str = "home",
) -> Outcome:
    def login() -> Session:
        router.disturb("open")
        return router

    with Journal(router.root / "journal.sqlite") as journal:
        chosen = replace(options(router, revert_s), expected=Expected(hostname))
        return change_device(HOST, WANTED, connect or login, journal, chosen, planned=planned)
