"""Of a long file of known hosts a login reads the lines of its host, and those that may be."""

from __future__ import annotations

from pathlib import Path

import pytest
from push.fleet.served import serve

from translator.cli.main import main
from translator.push.host_keys import HostKeys

FLEET = "".join(f"[10.0.{n // 250}.{n % 250}]:22{n} ssh-ed25519 KEY{n}\n" for n in range(300))
OTHERS = """\
r1,10.9.9.9 ssh-ed25519 ONE
r1 ssh-rsa TWO
# r1 in a comment
r10 ssh-ed25519 ANOTHER
|1|abc=|def= ssh-ed25519 HASHED
*.example.net ssh-ed25519 PATTERN
!r1,r* ssh-ed25519 NEGATED
@revoked r1 ssh-ed25519 REVOKED
"""
OF_ANYBODY = ["HASHED", "PATTERN", "NEGATED", "REVOKED"]


def keys_in(keys: HostKeys, address: str, port: int = 22) -> list[str]:
    with keys.of(address, port) as file:
        return [line.split()[-1] for line in file.read_text(encoding="ascii").splitlines()]


def test_a_host_gets_its_lines_and_those_that_may_be_anybodys(tmp_path: Path):
    file = tmp_path / "known_hosts"
    file.write_text(FLEET + OTHERS, encoding="ascii")
    keys = HostKeys(file)
    assert keys_in(keys, "r1") == ["ONE", "TWO", *OF_ANYBODY]
    assert keys_in(keys, "10.9.9.9") == ["ONE", *OF_ANYBODY]
    assert keys_in(keys, "10.0.0.7", 227) == ["KEY7", *OF_ANYBODY]
    assert keys_in(keys, "10.0.0.7") == OF_ANYBODY
    assert keys_in(keys, "nobody") == OF_ANYBODY
    file.write_text(FLEET + OTHERS + "nobody ssh-ed25519 LATER\n", encoding="ascii")
    assert keys_in(keys, "nobody") == ["LATER", *OF_ANYBODY]


def test_a_short_file_is_read_as_it_is_and_one_that_is_not_there_too(tmp_path: Path):
    file = tmp_path / "known_hosts"
    with HostKeys(file).of("r1", 22) as found:
        assert found == file
    file.write_text(OTHERS, encoding="ascii")
    with HostKeys(file).of("r1", 22) as found:
        assert found == file


@pytest.mark.parametrize("ends", [(False, 1, ""), (True, 4, "another than the")], ids=str)
def test_a_key_that_changed_is_refused_from_a_long_file_as_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys, ends: tuple[bool, int, str]
):
    changed, code, says = ends
    with serve(("r1",), tmp_path, monkeypatch) as lab:
        known = lab.folder / "known_hosts"
        name, kind, key = known.read_text(encoding="ascii").split()[:3]
        other = key[:-1] + ("A" if key[-1] != "A" else "B") if changed else key
        known.write_text(f"{FLEET}{name} {kind} {other}\n", encoding="ascii")
        assert main(lab.push()) == code
    assert says in capsys.readouterr().out


def test_a_key_that_is_in_no_line_is_unknown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
):
    with serve(("r1",), tmp_path, monkeypatch) as lab:
        (lab.folder / "known_hosts").write_text(FLEET, encoding="ascii")
        assert main(lab.push()) == 4
        assert "is not known" in capsys.readouterr().out
        assert main(lab.push("--host-key", "accept-new")) == 1
        assert main(lab.push()) == 1
