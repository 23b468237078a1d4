"""The documentation of findings from counters, written from the data that they are made of.

`python -m translator.counters.handbook` prints it; a test holds `docs/counters.md` against it.
"""

from __future__ import annotations

import sys

from translator.audit.handbook import page
from translator.counters.kinds import KINDS
from translator.drivers.base import CountsTraffic
from translator.drivers.registry import drivers

__all__ = ["handbook"]

_HEAD = """\
# Findings from counters

What `qos-translator counters` finds, by id. The ids are stable: filters and scripts name them. A
finding names the class of the plan and its rows where that is known: with `--config` from what the
configuration does with every packet, else from the code points that the output itself names.

The commands whose output is read, by platform:

{commands}
Save them before and after, each below its command, in one file or in a folder; cleared counters,
restarts and counters that start anew are recognised. A line that is not understood makes the class
that it belongs to unknown, and is told.

This page is written by `make readme`; change the texts in `translator/counters/kinds.py`.
"""


def handbook() -> str:
    """Return the page in Markdown: commands, then one section for each kind of finding."""
    rows = [
        f"- `{item.platform}`: " + ", ".join(f"`{text}`" for text in item.counter_commands(("X",)))
        for item in drivers()
        if isinstance(item, CountsTraffic)
    ]
    return page(_HEAD.format(commands="\n".join(rows) + "\n"), KINDS.values())


if __name__ == "__main__":
    sys.stdout.write(handbook())
