"""The prompt that a PowerShell console prints before what was typed."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["PROMPT"]

# `PS C:\>`, `[pool01.example.com]: PS C:\>`, `[PS] C:\>`, and `>>` where a command goes on.
PROMPT: Final = re.compile(
    r"^[^\S\r\n]*(?:(?:\[[^\]\r\n]{1,100}\]:?[^\S\r\n]*)?PS(?:\s[^>\r\n]{0,300})?>"
    r"|\[PS\][^>\r\n]{0,300}>|>>)",
    re.MULTILINE,
)
