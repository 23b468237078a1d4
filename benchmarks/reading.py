"""One file of 2,000 lines: reading and behaviour, beside what other tools take to read alone.

All three are given the text, which is in memory; our own time is taken with the file, too.
Times are processor time, which a busy machine changes little. Each repetition takes another device
with QoS text of its own, so that nothing is known already. The cycle collector looks as seldom as
it does in the program.
hier_config cannot be installed beside ciscoconfparse: it measures itself in an environment of its
own, which is made below the user's cache folder and kept.
"""

from __future__ import annotations

import contextlib
import io
import statistics
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import Any, Final, TypeVar

from benchmarks.generate import faultless

__all__ = ["hier_config_s", "reading_times"]

_T = TypeVar("_T")
_REPEATS: Final = 21
_SLOW_REPEATS: Final = 5
_HIER_CONFIG: Final = "hier_config>=3,<4"
_MEASURE: Final = """
import statistics, sys, time
from hier_config import Platform, get_hconfig

times = []
for name in sys.argv[1:]:
    with open(name) as file:
        text = file.read()
    started = time.process_time()
    get_hconfig(Platform.CISCO_IOS, text)
    times.append(time.process_time() - started)
print(statistics.median(times))
"""


def reading_times(folder: Path) -> dict[str, float]:
    """Return median seconds of `ours` (parsing and behaviour), of the same `with_file`, and of
    `ciscoconfparse`.
    """
    paths = _files(folder)
    _behaviour_of_file(paths[-1])
    with_file = _median(_behaviour_of_file, paths[:_REPEATS])
    ours = _median(_behaviour_of, [path.read_text(encoding="utf-8") for path in paths[_REPEATS:-1]])
    return {"ours": ours, "with_file": with_file, "ciscoconfparse": _ciscoconfparse_s(paths)}


def hier_config_s(folder: Path) -> float | None:
    """Return the median seconds of hier_config 3 on the same files, None where it is not to be had.

    The first call makes an environment and installs it there.
    """
    from translator.audit.fleet.cache import platform_folder

    home = platform_folder() / "benchmarks" / "hier_config-3"
    python = home / "bin" / "python"
    command = [str(python), "-c", _MEASURE, *map(str, _files(folder)[:_SLOW_REPEATS])]
    try:
        if not python.exists():
            venv.create(home, with_pip=True)
            install = [str(python), "-m", "pip", "-q", "--disable-pip-version-check", "install"]
            subprocess.run([*install, _HIER_CONFIG], check=True, capture_output=True, timeout=300)
        done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=300)
    except (OSError, subprocess.SubprocessError):
        return None
    return float(done.stdout)


def _files(folder: Path) -> list[Path]:
    paths = [folder / f"r{index}.cfg" for index in range(2 * _REPEATS + 1)]
    for index, path in enumerate(paths):
        if not path.exists():
            path.write_text(faultless(index), encoding="ascii")
    return paths


def _behaviour_of_file(path: Path) -> None:
    _behaviour_of(path.read_text(encoding="utf-8"))


def _behaviour_of(text: str) -> None:
    """Read a text and work out what each of its interfaces does, in a space of its own."""
    from translator.drivers.registry import driver
    from translator.verify.behaviour import ProgramCache, behaviour_of_programs
    from translator.verify.diagram import Space

    found = driver("cisco_ios").parse(text)
    space, cache = Space(), ProgramCache()
    # Of one policy, all interfaces have the same stages.
    ways = {id(way): way for item in found.interfaces for way in (item.ingress, item.egress)}
    for stages in ways.values():
        behaviour_of_programs(tuple(map(cache.program, stages)), space)


def _ciscoconfparse_s(paths: list[Path]) -> float:
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        module: Any = import_module("ciscoconfparse")  # starts a thread, writes to stdout
        module.CiscoConfParse(_lines(paths[0]))
        return _median(module.CiscoConfParse, map(_lines, paths[:_SLOW_REPEATS]))


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def _median(call: Callable[[_T], object], values: Iterable[_T]) -> float:
    """Return the median time of a call, over the values."""
    times = []
    for value in values:
        started = time.process_time()
        call(value)
        times.append(time.process_time() - started)
    return statistics.median(times)


def main() -> None:
    """Print the figures, and how often ours fits into the others'."""
    from translator.collector import collect_seldom

    collect_seldom()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        times = reading_times(folder)
        hier_config = hier_config_s(folder)
    ours, theirs = times["ours"], times["ciscoconfparse"]
    with_file = times["with_file"]
    print(f"one file: reading and behaviour          {with_file * 1e3:8.2f} ms    target 4")
    print(f"  ciscoconfparse takes, for reading      {theirs / ours:8.1f} x     target 20")
    if hier_config is None:
        print("  hier_config 3 cannot be installed here")
    else:
        print(f"  hier_config 3 takes, for reading       {hier_config / ours:8.1f} x     target 8")


if __name__ == "__main__":
    main()
