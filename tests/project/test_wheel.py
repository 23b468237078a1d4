"""The built wheel holds all that the checkout holds, and runs where no checkout is."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def command(wheel, tmp_path_factory) -> Path:
    """The command of the wheel in a fresh environment that borrows our dependencies only."""
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    (site,) = (folder / "lib").glob("python3*/site-packages")
    # A path line adds the folder but not the path files in it, so not our editable install.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install"]
    subprocess.run(
        [*pip, "--quiet", "--no-deps", "--no-index", "--disable-pip-version-check", str(wheel)],
        check=True,
        capture_output=True,
    )
    return folder / "bin" / "qos-translator"


def run(command: Path, folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [str(command), *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_wheel_holds_templates_presets_schema_and_types(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("vendor_templates", "translator"):
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                relative = path.relative_to(ROOT)
                inside = relative if folder == "translator" else Path("translator") / relative
                assert str(inside) in names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not any(name.startswith(("tests/", "benchmarks/")) for name in names)


def test_installed_command_renders_in_an_empty_folder(command, tmp_path):
    assert run(command, tmp_path, "--version").startswith("qos-translator ")
    assert "lync-2013" in run(command, tmp_path, "plan", "show")
    text = run(
        command,
        tmp_path,
        *("render", "--platform", "cisco_ios"),
        *("--interface", "GigabitEthernet0/1=client"),
        *("--interface", "GigabitEthernet0/0=wan:10M"),
    )
    assert "20000 20039" in text
    assert list(tmp_path.iterdir()) == []


def test_installed_command_knows_every_platform(command, tmp_path):
    from translator.drivers.registry import driver_names

    table = run(command, tmp_path, "platforms", "--format", "markdown")
    for name in driver_names():
        assert f"| {name} |" in table
