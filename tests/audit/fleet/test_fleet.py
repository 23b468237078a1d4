"""The fleet runner: order, failures of single files, dying workers, the cache, interruption."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
from support.toy_work import File, ToyWork, write_files

from translator.audit.fleet.batches import default_jobs, run
from translator.audit.fleet.cache import Cache


def contents(count: int) -> list[bytes]:
    return [f"interface Gi0/{at}\n".encode() for at in range(count)]


@pytest.mark.parametrize("count", [0, 1, 2, 3, 100])
@pytest.mark.parametrize("jobs", [1, 2, 5])
def test_results_come_in_the_order_of_the_files(tmp_path: Path, count: int, jobs: int) -> None:
    files = write_files(tmp_path / "in", contents(count))
    found = [json.loads(result) for result in run(files, ToyWork(), jobs=jobs)]
    assert [name for name, _, _ in found] == [f"{at:04d}.cfg" for at in range(count)]
    assert len({digest for _, _, digest in found}) == count


def test_processes_and_one_process_give_the_same_bytes(tmp_path: Path) -> None:
    files = write_files(tmp_path / "in", [*contents(70), b"crash", b"refuse"])
    files.append(File(str(tmp_path / "absent")))
    assert list(run(files, ToyWork(), jobs=2)) == list(run(files, ToyWork(), jobs=1))


def test_work_is_done_by_as_many_processes_as_asked(tmp_path: Path) -> None:
    files = write_files(tmp_path / "in", contents(64))
    calls = tmp_path / "calls"
    calls.mkdir()
    list(run(files, ToyWork(calls=str(calls), seconds=0.02), jobs=2))
    workers = {path.name.split(".")[2] for path in calls.iterdir()}
    assert len(workers) == 2
    assert str(os.getpid()) not in workers


def test_without_jobs_every_processor_works() -> None:
    assert default_jobs() == len(os.sched_getaffinity(0))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_fails_on_one_file_is_the_result_of_that_file(tmp_path: Path, jobs: int) -> None:
    files = write_files(tmp_path / "in", [b"a", b"crash", b"refuse", b"b"])
    files.insert(2, File(str(tmp_path / "absent.cfg")))
    found = [json.loads(result) for result in run(files, ToyWork(), jobs=jobs)]
    assert [kind for _, kind, _ in found] == ["digest", "failed", "failed", "failed", "digest"]
    assert "ZeroDivisionError: by nothing" in found[1][2]
    assert "cannot be read" in found[2][2]
    assert found[3][2] == "is no configuration"


def test_a_worker_that_dies_costs_only_the_file_that_killed_it(tmp_path: Path) -> None:
    texts = contents(40)
    texts[7] = texts[31] = b"die"
    files = write_files(tmp_path / "in", texts)
    found = [json.loads(result) for result in run(files, ToyWork(), jobs=2)]
    assert [at for at, (_, kind, _) in enumerate(found) if kind == "failed"] == [7, 31]
    assert "the process that worked on this file died" in found[7][2]
    assert [name for name, _, _ in found] == [Path(item.file).name for item in files]


def test_progress_is_told_once_per_file(tmp_path: Path) -> None:
    files = write_files(tmp_path / "in", contents(50))
    told: list[tuple[int, int]] = []
    list(run(files, ToyWork(), jobs=2, progress=lambda done, total: told.append((done, total))))
    assert told == [(done, 50) for done in range(1, 51)]


def test_only_a_few_batches_are_begun_before_their_results_are_taken(tmp_path: Path) -> None:
    files = write_files(tmp_path / "in", contents(1500))
    calls = tmp_path / "calls"
    calls.mkdir()
    results = run(files, ToyWork(calls=str(calls)), jobs=2)
    next(results)
    results.close()
    assert len(list(calls.iterdir())) <= 32 * (3 * 2 + 1)


# The cache.


def calls_of(folder: Path) -> int:
    return len(list(folder.iterdir()))


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_cached_is_not_worked_out_again(tmp_path: Path, jobs: int) -> None:
    files = write_files(tmp_path / "in", contents(40))
    cache = Cache(tmp_path / "cache")
    calls = tmp_path / "calls"
    calls.mkdir()
    work = ToyWork(calls=str(calls))
    first = list(run(files, work, jobs=jobs, cache=cache))
    assert calls_of(calls) == 40
    assert list(run(files, work, jobs=jobs, cache=cache)) == first
    assert calls_of(calls) == 40
    Path(files[3].file).write_bytes(b"another text")
    again = list(run(files, work, jobs=jobs, cache=cache))
    assert calls_of(calls) == 41
    assert [at for at in range(40) if again[at] != first[at]] == [3]


def test_other_work_does_not_find_these_results(tmp_path: Path) -> None:
    files = write_files(tmp_path / "in", contents(2))
    cache = Cache(tmp_path / "cache")
    one = list(run(files, ToyWork("one"), jobs=1, cache=cache))
    other = list(run(files, ToyWork("other"), jobs=1, cache=cache))
    assert set(one).isdisjoint(other)


def test_files_with_equal_bytes_and_other_names_have_results_of_their_own(tmp_path: Path) -> None:
    files = write_files(tmp_path / "in", [b"same", b"same"])
    found = list(run(files, ToyWork(), jobs=1, cache=Cache(tmp_path / "cache")))
    assert json.loads(found[0])[0] != json.loads(found[1])[0]


def test_failures_are_not_kept(tmp_path: Path) -> None:
    files = write_files(tmp_path / "in", [b"crash", b"refuse"])
    list(run(files, ToyWork(), jobs=1, cache=Cache(tmp_path / "cache")))
    assert not (tmp_path / "cache").exists()


def test_a_cache_that_cannot_be_written_changes_no_result(tmp_path: Path) -> None:
    files = write_files(tmp_path / "in", contents(3))
    (tmp_path / "cache").write_bytes(b"a file, not a folder")
    cached = list(run(files, ToyWork(), jobs=1, cache=Cache(tmp_path / "cache")))
    assert cached == list(run(files, ToyWork(), jobs=1))


# Interruption.

INTERRUPTED = """
    import sys
    from pathlib import Path
    from support.toy_work import ToyWork, write_files
    from translator.audit.fleet.batches import run

    files = write_files(Path(sys.argv[1]), [b"x"] * 1000)
    try:
        for result in run(files, ToyWork(seconds=0.01), jobs=2):
            print("one", flush=True)
    except KeyboardInterrupt:
        print("interrupted", flush=True)
"""


def test_ctrl_c_ends_the_run_soon_and_leaves_no_process(tmp_path: Path) -> None:
    root = Path(__file__).resolve().parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(INTERRUPTED), str(tmp_path / "in")],
        env={**os.environ, "PYTHONPATH": f"{root}{os.pathsep}{root / 'tests'}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,  # a terminal sends the signal to parent and workers alike
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "one\n"
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert out.endswith("interrupted\n")
    assert out.count("one") < 500
    assert err == ""
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
