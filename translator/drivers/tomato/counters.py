"""Counters of Tomato: those of Linux, for the classes that its own names stand for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from translator.drivers.linux import counters, rule_counters
from translator.drivers.tomato.dialect import CLASS_COUNT
from translator.drivers.tomato.nvram import read_nvram

__all__ = ["LISTINGS", "class_ids"]

# Its kernels have no nftables.
LISTINGS: Final = (*counters.LISTINGS, rule_counters.IPTABLES)


def class_ids(text: str) -> Mapping[str, str]:
    """Return the HTB class of each class name: class i is 1:(i+1)*10.

    Source: `start_qos` in rc/qos.c of FreshTomato.
    """
    words = read_nvram(text, "<settings>").text("qos_classnames").split()[:CLASS_COUNT]
    names = (*words, *(f"Class{index + 1}" for index in range(len(words), CLASS_COUNT)))
    return {name: f"1:{index + 1}0" for index, name in enumerate(names)}
