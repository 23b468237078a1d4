"""Words of tc: rates, class ids, fields of u32 matches.

Source: tc(8), section PARAMETERS; tc-u32(8).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from translator.drivers.linux.conditions import NotReadError, conjunction
from translator.drivers.linux.iptables_match import number, protocol_number
from translator.drivers.linux.nft_values import Span, prefixes
from translator.intents.condition import AllOf, AnyOf, Condition, Predicate, Tagged
from translator.intents.match import ANY, Match
from translator.ports import PortRange

__all__ = ["hex_id", "rate_bps", "rate_word", "raw_match", "u32_match"]

_RATE: Final = re.compile(r"(\d+(?:\.\d+)?)([a-z]*)")
_BITS: Final = {
    **{"": 1, "bit": 1, "kbit": 10**3, "mbit": 10**6, "gbit": 10**9, "tbit": 10**12},
    **{"kibit": 2**10, "mibit": 2**20, "gibit": 2**30},
    **{"bps": 8, "kbps": 8 * 10**3, "mbps": 8 * 10**6, "gbps": 8 * 10**9},  # bytes
}


def rate_bps(word: str) -> int:
    """Return bits per second of `10mbit`, `2000Kbit`, `100kbps` (bytes) or a plain number."""
    found = _RATE.fullmatch(word.lower())
    if found is None or found[2] not in _BITS:
        raise NotReadError(f"{word!r} is no rate")
    return round(float(found[1]) * _BITS[found[2]])


def rate_word(bps: int) -> str:
    """Return the rate as tc reads it."""
    return f"{bps // 1000}kbit" if bps % 1000 == 0 else f"{bps}bit"


@lru_cache(maxsize=1024)
def hex_id(word: str) -> int:
    """Return the number of a handle `1:` or class `1:10`; both halves are hexadecimal."""
    major, colon, minor = word.partition(":")
    try:
        number_ = int(major or "0", 16) << 16 | int(minor or "0", 16) if colon else int(major, 16)
    except ValueError:
        raise NotReadError(f"{word!r} is no class id") from None
    if not 0 <= number_ <= 0xFFFFFFFF:
        raise NotReadError(f"{word!r} is no class id")
    return number_


def u32_match(words: list[str], version: int = 4) -> tuple[Condition, int]:
    """Return the condition of `ip sport 5060 0xffff` and how many words it takes.

    Args:
        version: IP version of the filter, which says what lies where for raw matches.

    Raises:
        NotReadError: a selector that is not known.
    """
    if words[0] in ("ip", "ip6"):
        return _header_match(6 if words[0] == "ip6" else 4, words), _length(words)
    if words[0] in ("tcp", "udp") and words[1] in ("src", "dst"):
        ports = _ports(words[1], number(words[2]), number(words[3]))
        return ports, 4
    if words[0] == "mark":
        return Tagged("mark", (number(words[1]),), number(words[2])), 3
    if words[0] in _RAW_BITS:
        return _raw_words(words, version)
    if "/" in words[0] and words[1:2] == ["at"]:
        value, _, mask = words[0].partition("/")
        return raw_match(int(value, 16), int(mask, 16), words[2], version), 3
    raise NotReadError(f"u32 match {' '.join(words[:3])}")


# How far below the top of a 32-bit word a field of that size ends.
_RAW_BITS: Final = {"u32": 0, "u16": 16, "u8": 24}


def _raw_words(words: list[str], version: int) -> tuple[Condition, int]:
    """Return the condition of `u8 0xb8 0xfc at 1`; a mask of 0 matches everything."""
    value, mask = (int(word, 0) if word[:2] == "0x" else int(word, 16) for word in words[1:3])
    has_offset = words[3:4] == ["at"]
    length = 5 if has_offset else 3
    if mask == 0:
        return ANY, length
    offset = words[4] if has_offset else "0"
    lead, _, number_ = offset.rpartition("+")
    at = int(number_)
    shift = _RAW_BITS[words[0]] - 8 * (at % 4)
    if shift < 0:
        raise NotReadError(f"bytes at {offset}")
    place = f"{lead}+{at - at % 4}" if lead else str(at - at % 4)
    return raw_match(value << shift, mask << shift, place, version), length


def _length(words: list[str]) -> int:
    return 3 if words[1] in ("src", "dst") else 4


def _header_match(version: int, words: list[str]) -> Condition:
    name, value = words[1], words[2]
    mask = words[3] if len(words) > 3 else "0xff"
    match name:
        case "src" | "dst":
            return _addresses(version, name, value)
        case "sport" | "dport":
            return _ports("src" if name == "sport" else "dst", number(value), number(mask))
        case "protocol":
            if number(mask) != 0xFF:
                raise NotReadError("a protocol with a mask")
            return Match(version=version, protocols=(protocol_number(value),))
        case "tos" | "dsfield" | "precedence" | "priority":
            return Match(version=version, tos=(_tos(number(value), number(mask)),))
    raise NotReadError(f"u32 field {name}")


def _addresses(version: int, side: str, text: str) -> Condition:
    found = prefixes([Span(text, text)])
    if side == "src":
        return Match(version=version, sources=found)
    return Match(version=version, destinations=found)


def _tos(value: int, mask: int) -> tuple[int, int]:
    if not (0 <= value <= 255 and 0 <= mask <= 255):
        raise NotReadError("a ToS byte above 0xff")
    return value & mask, mask


def _ports(side: str, value: int, mask: int) -> Condition:
    """Return a port test; in a later fragment the same bytes are payload, which is not known."""
    size = (~mask & 0xFFFF) + 1
    if size & (size - 1) or value & ~mask or not 0 <= value <= 0xFFFF:
        raise NotReadError(f"port {value} with mask {mask:#x}")
    ports = (PortRange(value, value + size - 1),)
    whole = (
        Match(source_ports=ports, fragment=False)
        if side == "src"
        else Match(destination_ports=ports, fragment=False)
    )
    later = AllOf((Match(fragment=True), Predicate(f"payload at {side} port is {value}/{mask:x}")))
    return AnyOf((whole, later))


def raw_match(value: int, mask: int, offset: str, version: int) -> Condition:
    """Return the condition of `match VALUE/MASK at OFFSET`, as `tc filter show` prints it.

    Source: layout of the headers, RFC 791 and RFC 8200; ports right behind them assume that there
    are no options and no extension headers.
    """
    header = 20 if version == 4 else 40
    place = int(offset.removeprefix("nexthdr+")) + (header if "nexthdr" in offset else 0)
    if place == header:
        sides = (("src", value >> 16, mask >> 16), ("dst", value & 0xFFFF, mask & 0xFFFF))
        return conjunction(_ports(*side) for side in sides if side[2])
    if place in _BYTES[version]:
        return conjunction(_bytes(value, mask, place, version))
    if place > header:  # TCP flags and payload, which no header of ours shows
        return Predicate(f"bytes at {offset} are {value:08x}/{mask:08x}")
    if version == 4 and place in (12, 16):
        network = f"{'.'.join(str(value >> shift & 255) for shift in (24, 16, 8, 0))}/{_bits(mask)}"
        return _addresses(4, "src" if place == 12 else "dst", network)
    raise NotReadError(f"bytes at {offset}")


# (name, mask, shift) of the one-byte fields by the offset of the 32-bit word that holds them.
_BYTES: Final = {
    4: {0: ("tos", 0x00FF0000, 16), 8: ("protocol", 0x00FF0000, 16), 4: ("", 0, 0)},
    6: {0: ("tos", 0x0FF00000, 20), 4: ("protocol", 0x0000FF00, 8)},
}


def _bytes(value: int, mask: int, place: int, version: int) -> Iterator[Condition]:
    """Yield what a word of the header says: the field that we know, and a fact for the rest."""
    name, field_mask, shift = _BYTES[version][place]
    inside, rest = mask & field_mask, mask & ~field_mask
    yield Match(version=version)
    if inside and name == "tos":
        yield Match(version=version, tos=((value >> shift & 0xFF, inside >> shift),))
    elif inside:
        if inside != field_mask:
            raise NotReadError("a protocol with a mask")
        yield Match(version=version, protocols=(value >> shift & 0xFF,))
    if rest:
        # Length, identification, time to live: no header of ours shows them.
        yield Predicate(f"bytes at {place} are {value & rest:08x}/{rest:08x}")


def _bits(mask: int) -> int:
    inverted = ~mask & 0xFFFFFFFF
    if inverted & (inverted + 1):
        raise NotReadError(f"address mask {mask:#x}")
    return 32 - inverted.bit_length()
