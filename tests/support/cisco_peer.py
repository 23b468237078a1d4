"""Texts of Cisco devices as ciscoconfparse takes them apart."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["parsed_by_ciscoconfparse"]


@contextmanager
def parsed_by_ciscoconfparse(text: str) -> Iterator[list[Any]]:
    """Give the lines of a text as its objects, which know their parents; it logs nothing."""
    logging.disable(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from ciscoconfparse import CiscoConfParse  # starts a thread: only where it is used

            parsed = CiscoConfParse(text.split("\n"), syntax="ios", ignore_blank_lines=False)
            yield list(parsed.ConfigObjs)
    finally:
        logging.disable(logging.NOTSET)
