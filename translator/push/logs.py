"""What the libraries say while they work, for a person who looks for a fault; without secrets."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from translator.push.redact import Redactor, redacting, watch_logs

__all__ = ["logged"]

_LEVELS: Final = (logging.WARNING, logging.INFO, logging.DEBUG)
_FORM: Final = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


@contextmanager
def logged(stream: TextIO, verbosity: int, redactor: Redactor) -> Iterator[None]:
    """Write what is logged inside to a stream: warnings, from 2 on also notes, from 3 on all.

    Whatever else listens to the libraries' loggers gets it without secrets as well.
    """
    with watch_logs(redactor):
        if not verbosity:
            yield
            return
        handler = logging.StreamHandler(stream)
        handler.setFormatter(logging.Formatter(_FORM))
        handler.addFilter(redacting(redactor))  # loggers below those that are watched, too
        root = logging.getLogger()
        before = root.level
        root.addHandler(handler)
        root.setLevel(_LEVELS[min(verbosity, len(_LEVELS)) - 1])
        try:
            yield
        finally:
            root.setLevel(before)
            root.removeHandler(handler)
