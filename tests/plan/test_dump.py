"""What `dump_plan` writes loads to the same plan."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.corpus import shared_file

from translator.codepoint import CodePoint
from translator.plan.dump import dump_plan
from translator.plan.importer import import_table
from translator.plan.load import load_preset, parse_plan, preset_names
from translator.plan.model import (
    AddressGroup,
    Confidence,
    Media,
    Narrowing,
    Plan,
    PlanOptions,
    PlanRow,
    PortSetting,
    QueueRow,
    Status,
    Transport,
    Treatment,
)
from translator.ports import PortBlock, PortRange


def placeless(plan: Plan) -> Plan:
    """The plan without the lines it was read from."""
    return replace(
        plan,
        where=None,
        rows=tuple(replace(item, where=None) for item in plan.rows),
        groups=tuple(replace(item, where=None) for item in plan.groups),
        port_settings=tuple(replace(item, where=None) for item in plan.port_settings),
        queues=tuple(replace(item, where=None) for item in plan.queues),
    )


def assert_comes_back(plan: Plan) -> None:
    again = parse_plan(dump_plan(plan), "again.yaml")
    assert placeless(again) == placeless(plan)
    assert dump_plan(again) == dump_plan(plan)


@pytest.mark.parametrize("name", preset_names())
def test_the_preset_comes_back(name):
    assert_comes_back(load_preset(name))


def test_the_imported_article_comes_back():
    path = shared_file("reference/plan/article-table.md")
    assert_comes_back(import_table(path.read_text(encoding="utf-8"), path.name).plan)


ports = st.builds(
    lambda a, b: PortRange(min(a, b), max(a, b)), st.integers(1, 65535), st.integers(1, 65535)
)
blocks = st.builds(lambda start, count: PortBlock(start, min(count, 65536 - start)),
                   st.integers(1, 65535), st.integers(1, 5000))  # fmt: skip
code_points = st.integers(0, 63).map(CodePoint)
lines = st.text(
    st.characters(exclude_categories=["C", "Z"], include_characters=" "), max_size=60
).map(str.strip)
words = st.sampled_from(
    ["null", "~", "true", "no", "1e3", "443:45", "- a", "a: b", "#c", "*x", "'"]
)
texts = st.one_of(lines, words)
names = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,20}", fullmatch=True)
transports = st.sampled_from(
    [(Transport.UDP,), (Transport.TCP,), (Transport.UDP, Transport.TCP)]
)  # fmt: skip
maybe_port = st.none() | ports
confidences = st.none() | st.sampled_from(list(Confidence))


@st.composite
def rows(draw, row_id, groups):
    some_groups = st.lists(st.sampled_from(groups), max_size=2).map(tuple)
    return PlanRow(
        id=row_id,
        component=draw(texts),
        media=draw(st.sampled_from(list(Media))),
        code_point=draw(st.none() | code_points),
        protocols=draw(transports),
        status=draw(st.sampled_from(list(Status))),
        executable=draw(texts) or None,
        match_code_point=draw(st.none() | code_points),
        sources=draw(some_groups),
        destinations=draw(some_groups),
        source_ports=draw(st.lists(ports, max_size=3).map(tuple)),
        destination_ports=draw(st.lists(ports, max_size=3).map(tuple)),
        narrow=draw(st.none() | st.builds(Narrowing, udp=maybe_port, tcp=maybe_port)),
        needs=draw(some_groups),
        port_only_safe=draw(st.booleans()),
        opt_in=draw(st.booleans()),
        policy_range_of=draw(st.none() | blocks),
        confidence=draw(confidences),
        source=draw(texts),
        note=draw(texts),
    )


@st.composite
def plans(draw):
    groups = draw(st.lists(names, min_size=1, max_size=4, unique=True))
    ids = draw(st.lists(names, min_size=1, max_size=5, unique=True))
    media = draw(st.lists(st.sampled_from([None, *Media]), max_size=4, unique=True))
    prefixes = st.sampled_from([ip_network("10.0.0.0/8"), ip_network("2001:db8::/48")])
    return Plan(
        name=draw(names),
        title=draw(texts),
        rows=tuple(draw(rows(row_id, groups)) for row_id in ids),
        queues=tuple(
            QueueRow(
                item,
                tuple(draw(st.lists(code_points, max_size=3))),
                Treatment.BANDWIDTH,
                draw(st.integers(1, 100)),
                draw(st.booleans()),
            )
            for item in media
        ),
        groups=tuple(
            AddressGroup(
                name,
                tuple(draw(st.lists(prefixes, max_size=2))),
                outside=draw(st.booleans()),
                confidence=draw(confidences),
                source=draw(texts),
                note=draw(texts),
            )
            for name in groups
        ),
        port_settings=tuple(
            PortSetting(name, draw(st.none() | blocks), draw(st.none() | blocks),
                        draw(maybe_port), draw(st.integers(1, 100)), draw(texts), draw(confidences))
            for name in draw(st.lists(names, max_size=3, unique=True))
        ),
        options=PlanOptions(*(draw(st.booleans()) for _ in range(3)), include=tuple(ids[:1])),
        source=draw(texts),
    )  # fmt: skip


@given(plans())
def test_any_plan_comes_back(plan):
    assert_comes_back(plan)
