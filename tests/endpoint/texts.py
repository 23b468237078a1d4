"""Output of cmdlets, written for these tests as PowerShell prints it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from translator.endpoint.files.source import format_of, source_of
from translator.endpoint.formats.registry import Source
from translator.endpoint.settings import Settings

__all__ = ["CLIENT", "POLICY", "SERVER", "as_list", "as_table", "policy", "settings_of", "source"]

CLIENT = {
    "Identity": "Global",
    "MaxContentStorageMb": "50",
    "ClientMediaPortRangeEnabled": "True",
    "ClientMediaPort": "5350",
    "ClientMediaPortRange": "40",
    "ClientAudioPort": "20000",
    "ClientAudioPortRange": "40",
    "ClientVideoPort": "20040",
    "ClientVideoPortRange": "40",
    "ClientAppSharingPort": "20080",
    "ClientAppSharingPortRange": "40",
    "ClientTransferPort": "20120",
    "ClientTransferPortRange": "40",
    "HelpdeskInternalUrl": "",
}
SERVER = {
    "Identity": "ConferencingServer:pool01.example.com",
    "AudioPortStart": "49152",
    "AudioPortCount": "8348",
    "VideoPortStart": "57501",
    "VideoPortCount": "8034",
}
POLICY = {
    "Name": "Desk audio",
    "Owner": "Group Policy (Machine)",
    "NetworkProfile": "All",
    "Precedence": "127",
    "JobObject": "",
    "AppPathName": "lync.exe",
    "IPProtocol": "Both",
    "IPSrcPortStart": "20000",
    "IPSrcPortEnd": "20039",
    "DSCPValue": "46",
}


def as_list(*objects: Mapping[str, str], width: int = 0) -> str:
    """What Format-List prints: names padded to one width, an empty line between objects."""
    parts = []
    for item in objects:
        wide = max(width, *(len(name) for name in item))
        parts.append("\n".join(f"{name:<{wide}} : {value}" for name, value in item.items()))
    return "\n\n" + "\n\n".join(parts) + "\n\n"


def as_table(objects: Sequence[Mapping[str, str]], gap: int = 1) -> str:
    """What Format-Table prints: text to the left, numbers to the right, dashes below names."""
    columns = []
    for name in objects[0]:
        values = [item[name] for item in objects]
        is_number = all(value.isdigit() for value in values)
        wide = max(len(text) for text in (name, *values))
        texts = (name, "-" * len(name), *values)
        columns.append([text.rjust(wide) if is_number else text.ljust(wide) for text in texts])
    lines = [(" " * gap).join(cells).rstrip() for cells in zip(*columns, strict=True)]
    return "\n" + "\n".join(lines) + "\n\n"


def policy(**changes: str | None) -> dict[str, str]:
    """A host policy of Get-NetQosPolicy; None takes a property out."""
    return {name: value for name, value in {**POLICY, **changes}.items() if value is not None}


def source(text: str, file: str = "out.txt") -> Source:
    return source_of(text.encode("utf-8"), file)


def settings_of(text: str, file: str = "out.txt") -> Settings:
    """Settings of a text whose format is detected."""
    found = source(text, file)
    read = format_of(found).read
    assert read is not None, "a table"
    return read(found)
