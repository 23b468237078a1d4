"""What the site needs beside the pages: files of the package that pages link to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from mkdocs.structure.files import File, Files

__all__ = ["on_files", "on_page_markdown"]

_ROOT: Final = Path(__file__).resolve().parents[2]
# Linked by their path in the repository, so that the links hold when pages are read there.
_LINKED: Final = (
    "translator/audit/reports/audit.schema.json",
    "translator/plan/schema/plan.schema.json",
    "inventories/example/sites.yaml",
)


def on_files(files: Files, config: Any) -> Files:
    """Add the linked files to the site's root."""
    for name in _LINKED:
        files.append(File.generated(config, Path(name).name, abs_src_path=str(_ROOT / name)))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Return the page with links to those files as they stand in the site."""
    for name in _LINKED:
        markdown = markdown.replace(f"](../{name})", f"]({Path(name).name})")
    return markdown
