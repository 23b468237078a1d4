"""Semantic difference: which traffic two configurations treat differently."""

from __future__ import annotations

from translator.audit.semdiff.semdiff import Change, Question, SemDiff, Text, Way, semdiff

__all__ = ["Change", "Question", "SemDiff", "Text", "Way", "semdiff"]
