"""The documentation of the commands that look at devices, written from what they look at.

`python -m translator.push.live.handbook` prints it; a test holds
`docs/commands-live.md` against it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Final

from translator.drivers.change import ChangesDevices
from translator.drivers.registry import drivers
from translator.push.live.checks import CHECKS, Check, Meaning

__all__ = ["handbook"]

_HEAD: Final = """\
# Commands that look at devices

`doctor`, `collect`, `audit --live` and `counters --live` log in to the hosts of an inventory and
change nothing: every request goes through a session that refuses whatever might. They speak with
{platforms}.

| command | what it does |
|---|---|
| `doctor -i PATH` | looks at each host for what would stop a change, and says what to do |
| `collect -i PATH -o DIR` | saves each running configuration as `DIR/HOST.conf` |
| `audit --live -i PATH` | audits running configurations as `audit` does files; writes none |
| `counters --live -i PATH --interval 60s` | reads counters twice, and judges what came between |

## Logging in

The user name is that of the inventory, else of `--username`, else of NET_USERNAME. The password
comes from `--password-command`, NET_PASSWORD, the keyring (service `qos-translator`) or
`--ask-pass`; it is never an option. NET_SECRET is the enable password, NET_SSH_KEY
the file of a private key, NET_SSH_PASSPHRASE opens it; SSH agents are asked. Each credential is
tried once.

Host keys are looked up in `--known-hosts`, NET_KNOWN_HOSTS or our own file (`known_hosts` in
`$XDG_CONFIG_HOME/qos-translator`). A host that is in none is refused, unless
`--host-key accept-new` is given; a key that changed is refused always, and `doctor`
never accepts any.

`--forks` is how many hosts are spoken with at one time, `--timeout` the longest time for a login
and for each answer.

They speak over Netmiko, or over NAPALM where the inventory or `--transport` says so
([push](push.md)): IOS and Junos.

## What is whole

A configuration is taken when the driver finds the mark at its end, and the length that the device
announces where it does so. Anything else is an error of that host: no file is written or replaced,
no audit is made. Files are readable by their owner alone, and hold the secrets that the device
shows; `--redact` writes them without. No output and no log holds any.

## Exit codes

0 fine; 1 findings; 2 wrong usage or input; 3 some hosts failed; 4 all hosts that failed could not
be reached or logged in to; 5 something on a device stands in the way of a change.

## What doctor checks

The checks build upon each other: behind the first that fails on the way, at the login or by the
identity, nothing more is sent, and the rest is `skipped`.

This page is written by `make readme`; change the texts in `translator/push/live/checks.py`.
"""


def handbook() -> str:
    """Return the page in Markdown."""
    spoken = [item.platform for item in drivers() if isinstance(item, ChangesDevices)]
    names = ", ".join(f"`{name}`" for name in sorted(spoken))
    return "\n".join([_HEAD.format(platforms=names), *_index(), *_sections()])


def _index() -> Iterator[str]:
    yield "| check | exit code | what it looks at |"
    yield "|---|---|---|"
    for check, item in CHECKS.items():
        first, _, _ = item.meaning.partition(". ")
        yield f"| [{check}](#{check}) | {item.exit_code} | {first.rstrip('.')} |"
    yield ""


def _sections() -> Iterator[str]:
    for check, item in CHECKS.items():
        yield _section(check, item)


def _section(check: Check, item: Meaning) -> str:
    return f"### {check}\n\n{item.meaning}\n\nWhat to do: {item.fix}\n"


if __name__ == "__main__":
    sys.stdout.write(handbook())
