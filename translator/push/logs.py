"""What is done on devices while it is done, for a person who looks for a fault; without secrets.

Steps are notes (INFO) of our own logger, commands its details (DEBUG); what devices answer is in
neither, as only their procedures know which of it may be shown.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from translator.audit.reports.words import spelled
from translator.push.redact import Redactor, redacting, watch_logs

__all__ = ["LOG", "logged"]

LOG: Final = logging.getLogger("qos_translator")
"""Logger of what we do ourselves."""

# Of our own logger and of the libraries, by how often -v was given.
_LEVELS: Final = (
    (logging.INFO, logging.WARNING),
    (logging.DEBUG, logging.WARNING),
    (logging.DEBUG, logging.DEBUG),
)
# At DEBUG it logs each reply of a device as a whole.
_TELLS_ANSWERS: Final = logging.getLogger("ncclient")
_FORM: Final = "%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"


class _OneLine(logging.Formatter):
    """Spells out what a terminal would obey; a record is one line, however long its message."""

    def format(self, record: logging.LogRecord) -> str:
        return spelled(super().format(record))


@contextmanager
def logged(stream: TextIO, verbosity: int, redactor: Redactor) -> Iterator[None]:
    """Write what is logged inside to a stream: steps, from 2 on commands too, from 3 on all.

    Whatever else listens to the libraries' loggers gets it without secrets as well.
    """
    with watch_logs(redactor):
        if not verbosity:
            yield
            return
        handler = logging.StreamHandler(stream)
        handler.setFormatter(_OneLine(_FORM))
        handler.addFilter(redacting(redactor))  # loggers below those that are watched, too
        root = logging.getLogger()
        before = LOG.level, root.level, _TELLS_ANSWERS.level
        ours, theirs = _LEVELS[min(verbosity, len(_LEVELS)) - 1]
        root.addHandler(handler)
        LOG.setLevel(ours)
        root.setLevel(theirs)
        _TELLS_ANSWERS.setLevel(max(theirs, logging.INFO))
        try:
            yield
        finally:
            LOG.setLevel(before[0])
            root.setLevel(before[1])
            _TELLS_ANSWERS.setLevel(before[2])
            root.removeHandler(handler)
