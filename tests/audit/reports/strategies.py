"""Audits of every shape, out of any text."""

from __future__ import annotations

from hypothesis import strategies as st

from translator.audit.model import (
    ClassAudit,
    DeviceAudit,
    Direction,
    Evidence,
    Finding,
    FleetAudit,
    Judgement,
    Placement,
    RepairText,
    RoleGiven,
    Severity,
)

__all__ = ["audited_fleets"]


def _few(items):
    return st.lists(items, max_size=2).map(tuple)


def audited_fleets(texts):
    """Fleets whose every string is one of these texts."""
    names, lines = _few(texts), _few(st.integers(0, 10**6))
    judgements = st.sampled_from(list(Judgement))
    directions = st.sampled_from(list(Direction))
    findings = st.builds(
        Finding,
        texts,
        st.sampled_from(list(Severity)),
        texts,
        names,
        directions,
        texts,
        st.none() | judgements,
        _few(st.builds(Evidence, texts, texts, texts, texts, texts, lines, names)),
        lines,
        names,
        texts,
        _few(st.tuples(st.integers(1, 99), texts)),
    )
    classes = _few(st.builds(ClassAudit, texts, judgements, texts))
    audits = st.builds(
        DeviceAudit,
        device=texts,
        file=texts,
        platform=texts,
        error=texts,
        error_exit_code=st.integers(0, 255),
        placements=_few(st.builds(Placement, names, texts, directions, classes, texts)),
        findings=_few(findings),
        roles=_few(st.builds(RoleGiven, names, texts, texts)),
        left_alone=_few(st.tuples(texts, texts)),
        notes=names,
        assumptions=names,
        unread=_few(st.tuples(st.integers(1, 99), texts, texts)),
        repair=st.none() | st.builds(RepairText, names, names, names, texts),
    )
    return st.builds(FleetAudit, texts, _few(audits), texts)
