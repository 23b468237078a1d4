"""Words of queuing disciplines and classes: where they stand, and what they are set to.

Source: tc(8), tc-htb(8), tc-hfsc(7), tc-prio(8), tc-cake(8); printed forms measured with
iproute2 6.1.
"""

from __future__ import annotations

from itertools import pairwise, takewhile
from typing import Final

from translator.drivers.linux.conditions import NotReadError
from translator.drivers.linux.tc_cake import DIFFSERV3, tins_of
from translator.drivers.linux.tc_filter import FILTER_KINDS
from translator.drivers.linux.tc_parts import INGRESS, ROOT, Qdisc, TcClass
from translator.drivers.linux.tc_words import hex_id, rate_bps

__all__ = ["class_of", "qdisc_head", "set_options", "sides", "value_of"]

# What ends the words that say where a filter hangs.
_NO_HEAD: Final = FILTER_KINDS | {"action", "match", "police"}


def value_of(words: list[str], name: str) -> str | None:
    """Return the word behind `name`."""
    at = words.index(name) + 1 if name in words else len(words)
    return words[at] if at < len(words) else None


def sides(words: list[str]) -> tuple[bool, bool]:
    """Return whether a line concerns packets that enter, and whether those that leave."""
    head = list(takewhile(lambda word: word not in _NO_HEAD, words))
    if "clsact" in head:
        return True, True
    if "egress" in head or value_of(head, "parent") == "ffff:fff3":
        return False, True
    enters = "ingress" in head or any(word.startswith("ffff:") for word in head)
    return enters, not enters


def _parent(word: str) -> int:
    if word == "root":
        return ROOT
    found = hex_id(word)
    return INGRESS if found >> 16 == 0xFFFF else found


def qdisc_head(verb: str, words: list[str]) -> tuple[Qdisc, list[str]]:
    """Return the discipline of `dev X parent P handle H: KIND ...` or of its printed form.

    Raises:
        NotReadError: it says nowhere where the discipline stands.
    """
    parent: int | None = None
    handle, kind, at = 0, "", 0
    if verb == "show":
        kind, handle, at = words[0], hex_id(words[1]), 2
    while at < len(words):
        word = words[at]
        if word == "dev":
            at += 1
        elif word in ("root", "ingress", "clsact"):
            parent = ROOT if word == "root" else INGRESS
            kind = kind or ("" if word == "root" else word)
        elif word == "parent":
            parent, at = _parent(words[at + 1]), at + 1
        elif word == "handle":
            # Source: get_qdisc_handle() of tc: a handle is a major number, with or without colon.
            handle, at = hex_id(words[at + 1].partition(":")[0] + ":"), at + 1
        elif word in ("refcnt", "estimator"):
            at += 1
        elif not kind:
            kind = word
        elif word not in ("offloaded", "deleted"):
            break
        at += 1
    if kind in ("ingress", "clsact"):
        parent = INGRESS
    if parent is None and verb != "show":
        raise NotReadError("it names no place: the kernel refuses it")
    return Qdisc(kind, handle & 0xFFFF0000, ROOT if parent is None else parent), words[at:]


def set_options(qdisc: Qdisc, options: list[str], there: Qdisc | None = None) -> None:
    """Give a discipline what its words say; `there` is the same one before it is changed.

    Raises:
        NotReadError: they do not fit, or what they do is not known.
    """
    if qdisc.kind in ("htb", "hfsc"):
        default = value_of(options, "default")
        # Source: measured: minor numbers are hexadecimal here too; 30 prints as 0x30.
        qdisc.default = int(default.removeprefix("0x"), 16) if default else None
    elif qdisc.kind == "cake":
        _set_cake(qdisc, options, there)
    elif qdisc.kind == "tbf":
        rate = value_of(options, "rate")
        qdisc.rate_bps = rate_bps(rate) if rate else None
    elif qdisc.kind in ("prio", "pfifo_fast"):
        qdisc.bands = int(value_of(options, "bands") or 3)
        if "priomap" in options:
            at = options.index("priomap") + 1
            given = tuple(int(word) for word in options[at : at + 16] if word.isdigit())
            qdisc.priomap = given + qdisc.priomap[len(given) :]
        if not 2 <= qdisc.bands <= 16 or max(qdisc.priomap) >= qdisc.bands:
            raise NotReadError("bands and priomap do not fit")


def _set_cake(qdisc: Qdisc, options: list[str], there: Qdisc | None) -> None:
    """Set what the words name; the rest stays as it is, or is as in a new CAKE.

    Source: cake_init() and cake_change() of net/sched/sch_cake.c.
    """
    qdisc.tins = tins_of(options) or (DIFFSERV3 if there is None else there.tins)
    qdisc.rate_bps = None if there is None else there.rate_bps
    qdisc.clears_code_point = there is not None and there.clears_code_point
    for word, value in pairwise([*options, ""]):
        if word in ("wash", "nowash"):
            qdisc.clears_code_point = word == "wash"
        elif word == "unlimited":
            qdisc.rate_bps = None
        elif word == "bandwidth" and value != "unlimited":
            qdisc.rate_bps = rate_bps(value)


def class_of(verb: str, words: list[str]) -> TcClass:
    """Return the class that a command or a listing describes.

    Raises:
        NotReadError: its words do not fit.
    """
    kind, class_id, parent = "", 0, 0
    if verb == "show":
        kind, class_id = words[0], hex_id(words[1])
    rest = words[2:] if verb == "show" else words
    at = 0
    options: list[str] = []
    while at < len(rest):
        word = rest[at]
        if word in ("dev", "classid", "parent", "leaf"):
            if word == "classid":
                class_id = hex_id(rest[at + 1])
            elif word == "parent":
                parent = hex_id(rest[at + 1])
            at += 1
        elif word == "root" and not options:
            parent = class_id & 0xFFFF0000
        elif not kind:
            kind = word
        else:
            options.append(word)
        at += 1
    found = TcClass(kind, class_id, parent)
    _class_options(found, options)
    return found


def _class_options(found: TcClass, options: list[str]) -> None:
    curve = ""
    for word, value in pairwise([*options, ""]):
        if word in ("sc", "rt", "ls", "ul"):
            curve = word
        elif word in ("rate", "m2") and value not in ("0bit", "0"):
            # Source: tc-hfsc(7): `ul` limits, `rt` and `sc` guarantee, `ls` shares what is left.
            if curve == "ul":
                found.ceil_bps = rate_bps(value)
            elif found.rate_bps is None or curve in ("", "rt", "sc"):
                found.rate_bps, found.share = rate_bps(value), True
        elif word == "ceil":
            found.ceil_bps = rate_bps(value)
        elif word == "prio":
            found.priority = int(value)
        elif word == "quantum" and found.kind == "drr":
            found.share = True
    if found.kind == "htb" and found.rate_bps is None:
        raise NotReadError("an htb class without a rate")
