"""A real OpenSSH server in the router's namespace, with host keys and a password of its own."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Final

from lab.netns import Lab

from translator.drivers.change import Channel
from translator.push import Credentials, Deadlines, Endpoint, HostKeys, Secret, opener
from translator.push.netmiko_session import NetmikoSession

__all__ = ["PASSWORD", "Dropbear", "Sshd", "until"]

ADDRESS: Final = "10.1.1.1"
PORT: Final = 2222
PASSWORD: Final = "opensesame"  # noqa: S105  # of a namespace that ends with the test
# crypt(3) of the password; the file with it is bound over /etc/shadow in that server only.
_SHADOW: Final = (
    "root:$6$lab$nqQleNo80WpIaeFsCz8Myly/shymKvF8cWKISEfuakXOazYaLBytRicp6ZYxpCn4JvmWg55zptCaYI"
    ".3K5Kf61:20000:0:99999:7:::\nsshd:!:20000::::::\n"
)
_SSHD_USER: Final = "sshd:x:100:65534::/run/sshd:/usr/sbin/nologin\n"
_CONFIG: Final = """\
ListenAddress {address}:{port}
HostKey {folder}/host
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/client.pub
StrictModes no
PasswordAuthentication yes
KbdInteractiveAuthentication no
PermitRootLogin yes
UsePAM no
UseDNS no
PrintMotd no
ClientAliveInterval 2
ClientAliveCountMax 2
MaxStartups 100
"""


@dataclass(frozen=True, slots=True)
class Sshd:
    """The server, and what a client needs to log in."""

    lab: Lab
    folder: Path
    command: ClassVar[str] = (
        'mkdir -p /run/sshd && mount --bind "$0/shadow" /etc/shadow && '
        'mount --bind "$0/passwd" /etc/passwd && exec /usr/sbin/sshd -D -e -f "$0/sshd_config"'
    )

    @classmethod
    @contextmanager
    def running(cls, lab: Lab, folder: Path) -> Iterator[Sshd]:
        """Start a server; it and all its sessions end with the block."""
        server = cls(lab, folder)
        server.write_files()
        with (folder / "sshd.log").open("w") as log:
            # The command of ip has a mount namespace of its own: nothing is bound outside of it.
            process = subprocess.Popen(
                [*f"ip netns exec {lab.names['router']} sh -c".split(), cls.command, str(folder)],
                stderr=log,
            )
        try:
            server.wait_until_it_listens()
            yield server
        finally:
            process.terminate()
            process.wait()
            for pid in server.sessions():
                subprocess.run(["kill", "-KILL", pid], check=False)

    def write_files(self) -> None:
        for name in ("host", "other", "client"):
            subprocess.run(
                ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.folder / name],
                check=True,
            )
        shadow = self.folder / "shadow"
        shadow.write_text(_SHADOW)
        shadow.chmod(0o600)
        # A shell of its own: what root's shell here does at its start is no part of the test.
        passwd = f"root:x:0:0:root:{self.folder}:/bin/sh\n{_SSHD_USER}"
        (self.folder / "passwd").write_text(passwd)
        config = _CONFIG.format(address=ADDRESS, port=PORT, folder=self.folder)
        (self.folder / "sshd_config").write_text(config)
        for file, key in (("known", "host"), ("wrong", "other")):
            kind, value, *_ = (self.folder / f"{key}.pub").read_text().split()
            (self.folder / file).write_text(f"[{ADDRESS}]:{PORT} {kind} {value}\n")

    def wait_until_it_listens(self) -> None:
        for _ in range(100):
            if f":{PORT}" in self.lab.run("ss", "-ltn"):
                return
            time.sleep(0.05)
        raise AssertionError((self.folder / "sshd.log").read_text())

    def sessions(self) -> Sequence[str]:
        """Return the processes of the router's logins."""
        found = self.lab.attempt("pgrep", "-f", "^sshd: root").stdout.split()
        inside = self.lab.attempt("ip", "netns", "pids", self.lab.names["router"]).stdout.split()
        return [pid for pid in found if pid in inside]

    @property
    def endpoint(self) -> Endpoint:
        deadlines = Deadlines(connect_s=3.0, login_s=5.0, silence_s=2.0)
        return Endpoint("lab", ADDRESS, "linux", Channel.EXEC, PORT, deadlines)

    @property
    def by_key(self) -> Credentials:
        return Credentials("root", key=self.folder / "client")

    @property
    def by_password(self) -> Credentials:
        return Credentials("root", password=Secret(PASSWORD))

    def open(
        self,
        login: Credentials | None = None,
        *,
        known: str = "known",
        accept_new: bool = False,
        port: int = PORT,
    ) -> NetmikoSession:
        """Log in from the client's namespace."""
        endpoint = replace(self.endpoint, port=port)
        keys = HostKeys(self.folder / known, accept_new)
        with self.lab.inside("client"):
            return opener(endpoint, login or self.by_key, keys)()


class Dropbear(Sshd):
    """The server of small routers, which has no SFTP."""

    command: ClassVar[str] = (
        'mount --bind "$0/passwd" /etc/passwd && '
        f'exec dropbear -F -E -p {ADDRESS}:{PORT} -r "$0/dropbear" -P "$0/pid"'
    )

    def write_files(self) -> None:
        Sshd.write_files(self)
        # It takes the home folder of /etc/passwd, and a key in a form of its own.
        home = self.folder / ".ssh"
        home.mkdir(mode=0o700)
        shutil.copy(self.folder / "client.pub", home / "authorized_keys")
        (home / "authorized_keys").chmod(0o600)
        self.folder.chmod(0o700)
        key = ("-f", str(self.folder / "dropbear"))
        subprocess.run(["dropbearkey", "-t", "ed25519", *key], check=True, capture_output=True)
        shown = subprocess.run(
            ["dropbearkey", "-y", *key], capture_output=True, text=True, check=True
        )
        (line,) = (item for item in shown.stdout.splitlines() if item.startswith("ssh-"))
        kind, value, *_ = line.split()
        (self.folder / "known").write_text(f"[{ADDRESS}]:{PORT} {kind} {value}\n")


def until(true: Callable[[], bool], seconds: float = 15.0) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < ends, "it never came about"
        time.sleep(0.1)
