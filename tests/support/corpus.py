"""Real device text and reference files, where the machine has them; tests skip where it has not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

__all__ = ["corpus_files", "shared_file", "shared_root"]


def shared_root() -> Path | None:
    """Return the folder of shared reference data, or None where there is none."""
    named = os.environ.get("QOS_SHARED")
    candidates = [Path(named)] if named else []
    candidates.append(Path(__file__).resolve().parents[2].parent / "shared")
    return next((path for path in candidates if path.is_dir()), None)


def shared_file(relative: str) -> Path:
    """Return one file or folder of the shared data; skip the calling test where it is absent."""
    root = shared_root()
    if root is None or not (root / relative).exists():
        pytest.skip(f"shared reference data {relative} is not on this machine (set QOS_SHARED)")
    return root / relative


def corpus_files(platform: str) -> list[Path]:
    """Return the real configurations of a platform; an empty list where there is no corpus."""
    root = shared_root()
    if root is None:
        return []
    return sorted(path for path in (root / "corpus" / platform).rglob("*") if path.is_file())
