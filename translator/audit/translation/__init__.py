"""Translation: the QoS of one platform lifted to intents and rendered for another, proven equal."""

from __future__ import annotations

from translator.audit.translation.translate import Request, Translated, translate

__all__ = ["Request", "Translated", "translate"]
