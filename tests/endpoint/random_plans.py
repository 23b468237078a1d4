"""Random plans that extend `lync-2013`: what their owners change, add, choose and bind."""

from __future__ import annotations

from collections.abc import Mapping

from hypothesis import strategies as st

from translator.plan.groups import STANDARD_GROUPS
from translator.plan.load import load_preset

LYNC = load_preset("lync-2013")
IDS = [row.id for row in LYNC.rows]
OPT_IN = [row.id for row in LYNC.rows if row.opt_in]
CMDLET_PORTS = [
    "client.audio",
    "client.video",
    "client.app_sharing",
    "client.file_transfer",
    "conference_server.audio",
    "conference_server.video",
    "conference_server.app_sharing",
    "application_server.audio",
    "mediation_server.audio",
    "trusted_application_pool.audio",
]

blocks = st.tuples(st.integers(1024, 65000), st.integers(1, 500))
ranges = st.tuples(st.integers(1, 60000), st.integers(0, 3000)).map(lambda p: (p[0], sum(p)))
prefixes = st.sampled_from(
    ("192.0.2.10/32", "192.0.2.0/24", "198.51.100.0/28", "2001:db8::10/128", "2001:db8:1::/64")
)
points = st.sampled_from(("ef", "af41", "af21", "cs3", "cs5", "0", "63"))


@st.composite
def port_settings(draw) -> dict[str, str]:
    found = {}
    for name in draw(st.lists(st.sampled_from(CMDLET_PORTS), max_size=4, unique=True)):
        start, count = draw(blocks)
        wider = f", policy_range: {start}-{start + count}" if draw(st.booleans()) else ""
        found[name] = f"{{start: {start}, count: {count}{wider}}}"
    return found


@st.composite
def own_rows(draw, row_id: str) -> str:
    """A row that the owner adds, with an executable and ports."""
    component = draw(
        st.sampled_from(("Softphone", "My app sharing", "x 2", "O'Brien; \\u00fc", ""))
    )
    fields = {
        "id": row_id,
        "component": f'"{component}"',
        "media": draw(st.sampled_from(("audio", "video", "app_sharing", "signalling", "any"))),
        "code_point": draw(points),
        "protocols": draw(st.sampled_from(("udp", "tcp", "both"))),
        "executable": draw(st.sampled_from(("own.exe", "'C:\\x y\\own.exe'", "lync.exe"))),
    }
    for side in ("source_ports", "destination_ports"):
        found = draw(st.lists(ranges, max_size=2, unique=True))
        if found:
            fields[side] = f"[{', '.join(f'{low}-{high}' for low, high in found)}]"
    for side in ("sources", "destinations"):
        if draw(st.booleans()):
            fields[side] = "[" + draw(st.sampled_from(("own", "other", "own, other"))) + "]"
    return "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}"


@st.composite
def changed_rows(draw, row_id: str, *, in_files: bool) -> str:
    """A row of the base with another code point, other ports by number, or another program.

    Args:
        in_files: only what files of hosts can say: no port of rows without a policy.
    """
    fields = {"id": row_id}
    if draw(st.booleans()) and LYNC.row(row_id).code_point is not None:
        fields["code_point"] = draw(points)
    has_ports = LYNC.row(row_id).source_ports and (LYNC.row(row_id).executable or not in_files)
    if draw(st.booleans()) and has_ports:
        low, high = draw(ranges)
        fields["source_ports"] = f"{low}-{high}"
    if draw(st.booleans()):
        fields["protocols"] = draw(st.sampled_from(("udp", "tcp", "both")))
    if draw(st.booleans()) and LYNC.row(row_id).executable:
        fields["executable"] = "other.exe"
    return "{" + ", ".join(f"{key}: {value}" for key, value in fields.items()) + "}"


@st.composite
def plans(draw, *, in_files: bool = False) -> str:
    ids = draw(st.lists(st.sampled_from(IDS), max_size=5, unique=True))
    rows = [draw(changed_rows(row_id, in_files=in_files)) for row_id in ids]
    own = draw(st.lists(st.sampled_from(("X1", "X.2", "a12", "QoS", "M")), max_size=3, unique=True))
    rows += [draw(own_rows(row_id)) for row_id in own]
    include = draw(st.lists(st.sampled_from(OPT_IN), max_size=4, unique=True))
    exclude = draw(st.lists(st.sampled_from(IDS), max_size=4, unique=True))
    names = draw(st.lists(st.sampled_from(sorted(STANDARD_GROUPS)), max_size=4, unique=True))
    groups: Mapping[str, list[str]] = {
        name: draw(st.lists(prefixes, min_size=1, max_size=3, unique=True))
        for name in (*names, "own", "other")
    }
    sections = {
        "options": f"{{include: [{', '.join(include)}], exclude: [{', '.join(exclude)}], "
        f"client_port_ranges: {str(draw(st.booleans())).lower()}}}",
        "port_settings": _mapping(draw(port_settings())),
        "groups": _mapping({name: str(found).replace("'", '"') for name, found in groups.items()}),
        "rows": f"[{', '.join(rows)}]",
    }
    text = "".join(f"{key}: {value}\n" for key, value in sections.items() if value != "[]")
    return f"extends: lync-2013\nname: mine\n{text}"


def _mapping(entries: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"
