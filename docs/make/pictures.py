"""The pictures of these pages: how data flows, what roles are, how a change goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from docs.make.svg import Drawing
from translator.intents.model import Role

__all__ = ["pictures"]

_BEHIND: Final = {
    Role.CLIENT: "PCs, Wi-Fi",
    Role.PHONE: "phones",
    Role.SERVER: "Lync servers",
    Role.UPLINK: "next switch",
    Role.WAN: "provider's line",
    Role.INTERNET: "internet line",
}
_DOES: Final = {
    Role.CLIENT: "classify by ports, mark, reset other marks",
    Role.PHONE: "as client; voice VLAN of phones",
    Role.SERVER: "classify by addresses and ports, mark",
    Role.UPLINK: "trust marks, queue",
    Role.WAN: "trust marks, queue, shape to the rate",
    Role.INTERNET: "queue by ports, rely on no marks, shape",
}
# Each step of a change, what it does, and whether a failure there takes the change back.
_STEPS: Final = (
    ("lock", "nobody else is in", False),
    ("look", "identity, drift, room", False),
    ("arm", "the device's own timer", True),
    ("apply", "line by line", True),
    ("prove", "read back, whole", True),
    ("confirm", "in a second session", True),
    ("save", "close the journal", False),
)


def pictures() -> Iterator[tuple[str, Callable[[], str]]]:
    """Yield (name, what draws its SVG) of each picture."""
    yield "flow", _flow
    yield "roles", _roles
    yield "change", _change


def _flow() -> str:
    drawing = Drawing("From a plan to a proven configuration, and back", 900, 250)
    top = (
        "plan\ntable, preset, cmdlets",
        "intents\nfree of any vendor",
        "driver\none per platform",
    )
    ends = [drawing.box((20 + 220 * n, 20), (180, 60), text) for n, text in enumerate(top)]
    text = drawing.box((680, 20), (200, 60), "configuration\nto review, paste or push")
    for (x, y), (x2, _) in zip([*ends], [*ends[1:], text], strict=True):
        drawing.arrow((x + 90, y), (x2 - (100 if x2 == text[0] else 90), y))
    proof = drawing.box((240, 170), (180, 60), "proof\nall packet headers", "good")
    device = drawing.box((680, 170), (200, 60), "device's text\nrunning configuration")
    read = drawing.box((460, 170), (180, 60), "behaviour\nwhat each packet meets")
    drawing.arrow((ends[1][0], 80), (ends[1][0], 170))
    drawing.arrow((device[0] - 100, device[1]), (read[0] + 90, read[1]))
    drawing.arrow((read[0] - 90, read[1]), (proof[0] + 90, proof[1]))
    drawing.arrow((text[0], 80), (text[0], 125), (read[0], 125), (read[0], 170))
    drawing.label(560, 118, "read back")
    found = drawing.box((20, 170), (180, 60), "equal, or a packet\nthat is not", "plain")
    drawing.arrow((proof[0] - 90, proof[1]), (found[0] + 80, found[1]))
    return drawing.svg()


def _roles() -> str:
    drawing = Drawing("What is behind an interface decides its role", 900, 40 + 62 * len(Role))
    height = 62 * len(Role) - 12
    drawing.box((330, 30), (160, height), "your device\none text")
    for number, role in enumerate(Role):
        y = 30 + 62 * number
        inside = role in (Role.CLIENT, Role.PHONE, Role.SERVER)
        drawing.box((20, y), (160, 50), _BEHIND[role], "box" if inside else "good")
        ends = ((180, y + 25), (330, y + 25))
        drawing.arrow(*(ends if inside else reversed(ends)))
        drawing.label(255, y + 19, role.value)
        drawing.label(510, y + 30, f"{role.value}: {_DOES[role]}", "left")
    return drawing.svg()


def _change() -> str:
    drawing = Drawing("A change: old or new, never between", 1000, 190)
    for number, (name, what, takes_back) in enumerate(_STEPS):
        x = 10 + 141 * number
        drawing.box((x, 20), (126, 50), name, "good" if name == "save" else "box")
        drawing.label(x + 63, 88, what)
        if number:
            drawing.arrow((x - 15, 45), (x, 45))
        if takes_back:
            drawing.arrow((x + 63, 96), (x + 63, 125))
    drawing.box((292, 125), (549, 45), "reverted, and proven old", "bad")
    return drawing.svg()
