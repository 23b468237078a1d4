"""Whether a text for Linux is whole: only a mark that was put behind it shows that.

`nft list ruleset`, `iptables-save` (which ends each table, not the last one) and `tc` print no
end. Our scripts carry the mark; whoever saves the output of commands can write it behind them:
`{ nft list ruleset; tc qdisc show; echo '# end of configuration'; }`.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from translator.drivers.capture import END_MARK, last_lines

__all__ = ["why_incomplete"]

_PROMPT: Final = re.compile(
    r"\[?[\w.-]{1,64}@[\w.-]{1,255}[^\s#$]{0,255}(?: [^\s#$]{0,255})?[#$](?: exit)?"
)
_MOST_PROMPTS: Final = 4


def why_incomplete(text: str) -> str:
    """Return why nothing shows that the text was not cut; empty where the mark is there."""
    for line in islice(last_lines(text), _MOST_PROMPTS):
        if line == END_MARK:
            return ""
        if _PROMPT.fullmatch(line) is None:
            break
    return f"the text does not end with the line `{END_MARK}`"
