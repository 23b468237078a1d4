"""The report for people: one self-contained page, and what its parts are made of."""

from translator.audit.reports.html.writer import write

__all__ = ["write"]
