"""Packet sets, behaviour of intents and of parsed configurations, proof and explanation."""

from __future__ import annotations

from translator.verify.behaviour import behaviour
from translator.verify.boxes import Box, boxes, witness
from translator.verify.compare import Comparison, Difference, Origin, Side, Verdict, compare
from translator.verify.diagram import Space
from translator.verify.explain import Explanation, explain
from translator.verify.fleet import Prover
from translator.verify.packet import Packet
from translator.verify.prove import OTHER, PairDifference, Proof, prove, render_proven
from translator.verify.scheduling import SchedulingFinding, Tolerance
from translator.verify.trace import Trace, trace, traces
from translator.verify.treatment import Marking, Treatment

__all__ = [
    "OTHER",
    "Box",
    "Comparison",
    "Difference",
    "Explanation",
    "Marking",
    "Origin",
    "Packet",
    "PairDifference",
    "Proof",
    "Prover",
    "SchedulingFinding",
    "Side",
    "Space",
    "Tolerance",
    "Trace",
    "Treatment",
    "Verdict",
    "behaviour",
    "boxes",
    "compare",
    "explain",
    "prove",
    "render_proven",
    "trace",
    "traces",
    "witness",
]
