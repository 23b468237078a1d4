"""Every mutant of rendered and real configurations: killed where z3 says that packets change.

Run by itself: `python -m benchmarks.mutants [PER_OPERATOR] [PER_OPERATOR_OF_REAL_TEXTS]`.
"""

from __future__ import annotations

import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import Any, Final

__all__ = ["main"]

_TESTS: Final = Path(__file__).resolve().parents[1] / "tests"
_WORKERS: Final = 2


def main(per_operator: int = 4, per_operator_real: int = 3) -> int:
    """Print what became of the mutants; return on how many z3 and we do not agree."""
    campaign = _campaign()
    rendered, real = campaign.rendered_sources(), campaign.corpus_sources()
    jobs = [(source, per_operator) for source in rendered]
    jobs += [(source, per_operator_real) for source in real]
    started = time.perf_counter()
    with ProcessPoolExecutor(_WORKERS) as pool:
        found = [item for items in pool.map(_outcomes, jobs) for item in items]
    seconds = time.perf_counter() - started
    print(f"{len(found)} mutants of {len(rendered)} rendered and {len(real)} real configurations")
    for line in (*campaign.table(found), *campaign.reasons(found)):
        print(line)
    faults = [item for item in found if item.fault]
    print(f"mutants on which z3 and the verdict do not agree {len(faults):8}      target 0")
    print(f"mutants per second                               {len(found) / seconds:8.1f}")
    for item in faults:
        print(f"  {item}")
    return len(faults)


def _outcomes(job: tuple[Any, int]) -> list[Any]:
    source, per_operator = job
    found: list[Any] = _campaign().outcomes(source, per_operator)
    return found


def _campaign() -> Any:
    """Return the campaign, which lives among the tests because z3 is no part of the product."""
    if str(_TESTS) not in sys.path:
        sys.path.insert(0, str(_TESTS))
    return import_module("mutation.campaign")


if __name__ == "__main__":
    sys.exit(bool(main(*(int(argument) for argument in sys.argv[1:3]))))
