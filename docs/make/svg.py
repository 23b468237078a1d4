"""Boxes and arrows as SVG that reads on light and on dark pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

__all__ = ["Drawing"]

# Sizes in user units. Colours follow the reader's preference; no font is loaded.
_STYLE: Final = """\
svg { font: 14px system-ui, sans-serif }
.box { fill: #eef3fb; stroke: #3d6db5; stroke-width: 1.5 }
.good { fill: #e8f5ea; stroke: #2e7d46; stroke-width: 1.5 }
.bad { fill: #fdecea; stroke: #b3392f; stroke-width: 1.5 }
.plain { fill: none; stroke: none }
.line { stroke: #56657a; stroke-width: 1.5; fill: none; marker-end: url(#tip) }
.tip { fill: #56657a }
text { fill: #1c2733; text-anchor: middle }
.small { font-size: 12px }
.left { text-anchor: start }
@media (prefers-color-scheme: dark) {
.box { fill: #1f2d42; stroke: #7fa8e6 }
.good { fill: #1d3324; stroke: #7cc593 }
.bad { fill: #3b1f1d; stroke: #e58e86 }
.line { stroke: #a9b6c6 }
.tip { fill: #a9b6c6 }
text { fill: #e6edf5 }
}
"""
_LINE: Final = 18


@dataclass(slots=True)
class Drawing:
    """A picture of a given size; shapes are added in the order in which they are drawn."""

    title: str
    width: int
    height: int
    parts: list[str] = field(default_factory=list)

    def box(
        self, corner: tuple[int, int], size: tuple[int, int], text: str, kind: str = "box"
    ) -> tuple[int, int]:
        """Draw a box with centred lines of text; return its centre."""
        (x, y), (width, height) = corner, size
        self.parts.append(
            f'<rect class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}" rx="6"/>'
        )
        lines = text.split("\n")
        middle = x + width // 2
        top = y + height // 2 - (len(lines) - 1) * _LINE // 2 + 5
        for number, line in enumerate(lines):
            small = ' class="small"' if number else ""
            self.parts.append(
                f'<text{small} x="{middle}" y="{top + number * _LINE}">{escape(line)}</text>'
            )
        return middle, y + height // 2

    def label(self, x: int, y: int, text: str, kind: str = "small") -> None:
        """Draw one line of text at a point."""
        self.parts.append(f'<text class="{kind}" x="{x}" y="{y}">{escape(text)}</text>')

    def arrow(self, *points: tuple[int, int]) -> None:
        """Draw a line through the points with a tip at its end."""
        path = " L".join(f"{x} {y}" for x, y in points)
        self.parts.append(f'<path class="line" d="M{path}"/>')

    def svg(self) -> str:
        """Return the picture."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'role="img" aria-label="{escape(self.title)}">\n<title>{escape(self.title)}</title>\n'
            f"<style>\n{_STYLE}</style>\n"
            '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
            'markerHeight="8" orient="auto"><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>\n'
        )
        return head + "\n".join(self.parts) + "\n</svg>\n"
