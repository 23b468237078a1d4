"""Throws damaged configurations at every reader: none may crash, and none may take long.

    python tests/robust/fuzz.py --inputs 1000000 --seed 1

Inputs are our own texts with lines and words cut, moved, repeated and put into other platforms'
texts, and bytes of no meaning. Seed and number name an input again. Where atheris is installed,
`--atheris` lets it look for inputs by coverage instead; arguments behind `--` are libFuzzer's.
"""

from __future__ import annotations

import argparse
import gc
import random
import re
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve()
sys.path[:0] = [
    path for path in (str(HERE.parents[1]), str(HERE.parents[2])) if path not in sys.path
]

from robust.texts import rendered, shapes_of  # noqa: E402 - the script finds its modules first

from translator.drivers.base import DescribesPorts  # noqa: E402
from translator.drivers.capture import cleaned  # noqa: E402
from translator.drivers.detect import detect  # noqa: E402
from translator.drivers.registry import driver, driver_names  # noqa: E402
from translator.drivers.text import text_of  # noqa: E402
from translator.errors import TranslatorError  # noqa: E402
from translator.intents.device import DeviceQos  # noqa: E402
from translator.verify.explain import explain  # noqa: E402
from translator.verify.packet import Packet  # noqa: E402

__all__ = ["Generator", "check", "read_all", "run"]

SECONDS_PER_MB = 1.0
_AGAIN = 3  # times that an input is read which took too long
_Cached = type(lru_cache(maxsize=1)(str))
STARTING_SECONDS = 0.25  # that any input may take: tables built once, a busy machine
PACKET = Packet.of("udp 10.1.1.10:20001 > 10.2.2.2:50000 dscp 0")
NUMBERS = ("0", "1", "-1", "7", "63", "64", "255", "256", "65535", "65536", "4294967296", "9" * 20)
NUMBERS += ("1e9", "0x2e", "007", "\u0663")
ODD = (*"\0\r\b\f\v\t!#;{}[]()\"'\\$`<>", "\x1b[2K", "\x1b[9D", "\x1b]", "\ufeff", "\u2028", "\x85")
MARKS = (
    " --More-- ",
    "---(more 9%)---",
    "---- show run ----",
    "# end of configuration",
    "R1#",
    "a@b>",
)
# Again and again in the middle of a text, these once took seconds: many parts in few characters.
DENSE = (
    "a\n",
    "x y\n",
    "a b c d\n",
    "a;",
    "{",
    "}\n",
    "1\n",
    " !\n",
    "\n",
    "fq_codel\n",
    "xt_DSCP\n",
)
DENSE += (
    "frobnicate x\n",
    "counter accept\n",
    "udp sport 1 ip dscp set ef\n",
    "accept;",
    "a>",
    ">",
)
DENSE += (" 1     \n", " a b c \n", " shape x\n", "-A FORWARD -j X\n", "counter accept;")
DENSE += ("interface\n", "interface x\n", " match x\n", "mangle;", "qos_x=1\n")
LARGE_EVERY = 1000
EXPLAINED_EVERY = 20


class Generator:
    """Makes inputs from a seed; the same seed gives the same inputs."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.platforms = driver_names()
        self._texts = {
            name: [rendered(name, shape).split("\n") for shape in shapes_of(name)]
            for name in self.platforms
        }
        self._words = sorted(
            {
                word
                for texts in self._texts.values()
                for lines in texts
                for line in lines
                for word in line.split()
            }
        )

    def inputs(self) -> Iterator[tuple[str, bytes]]:
        """Yield a platform and the bytes that its reader is given, without end."""
        number = 0
        while True:
            number += 1
            platform = self._random.choice(self.platforms)
            if self._random.random() < 0.02:
                yield platform, self._random.randbytes(self._random.randrange(200))
                continue
            lines = self._piece(platform)
            for _ in range(self._random.choice((1, 1, 2, 3, 5, 9))):
                lines = self._changed(lines)
            text = "\n".join(lines)
            if number % LARGE_EVERY == 0:
                text = self._large(text)
            if self._random.random() < 0.1:
                platform = self._random.choice(self.platforms)
            yield platform, self._encoded(text)

    def _piece(self, platform: str) -> list[str]:
        lines = self._random.choice(self._texts[platform])
        size = self._random.choice((5, 20, 20, 60, len(lines)))
        start = self._random.randrange(max(1, len(lines) - size))
        return lines[start : start + size]

    def _changed(self, lines: list[str]) -> list[str]:
        if not lines:
            return [self._word()]
        change = self._random.choice(
            (self._lines_moved, self._word_changed, self._word_changed, self._signs, self._spliced)
        )
        return change(list(lines))

    def _lines_moved(self, lines: list[str]) -> list[str]:
        at, to = self._random.randrange(len(lines)), self._random.randrange(len(lines))
        kind = self._random.randrange(6)
        if kind == 0:
            del lines[at]
        elif kind == 1:
            lines[at], lines[to] = lines[to], lines[at]
        elif kind == 2:
            lines.insert(to, lines[at])
        elif kind == 3:
            lines[at] = lines[at].strip() if self._random.random() < 0.5 else "  " + lines[at]
        elif kind == 4:
            lines[at : at + 2] = [" ".join(lines[at : at + 2])]
        else:
            lines = lines[:at]
        return lines

    def _word_changed(self, lines: list[str]) -> list[str]:
        at = self._random.randrange(len(lines))
        words = re.split(r"( +)", lines[at])
        place = self._random.randrange(len(words))
        kind = self._random.randrange(5)
        if kind == 0:
            words[place] = self._word()
        elif kind == 1:
            words[place] = self._random.choice(NUMBERS)
        elif kind == 2:
            del words[place:]
        elif kind == 3:
            words.insert(place, self._word() + " ")
        else:
            words[place] = re.sub(r"\d+", lambda _: self._random.choice(NUMBERS), words[place])
        lines[at] = "".join(words)
        return lines

    def _signs(self, lines: list[str]) -> list[str]:
        at = self._random.randrange(len(lines))
        place = self._random.randrange(len(lines[at]) + 1)
        sign = self._random.choice(ODD) * self._random.choice((1, 1, 2, 40))
        if self._random.random() < 0.2:
            place, sign = 0, self._random.choice(MARKS)
        kept = place + self._random.choice((0, 0, 1, 3))
        lines[at] = lines[at][:place] + sign + lines[at][kept:]
        return lines

    def _spliced(self, lines: list[str]) -> list[str]:
        other = self._piece(self._random.choice(self.platforms))
        at = self._random.randrange(len(lines))
        return lines[:at] + other[: self._random.randrange(8)] + lines[at:]

    def _word(self) -> str:
        return self._random.choice(self._words)

    def _large(self, text: str) -> str:
        """One line, one word, something short or the whole text, again and again."""
        lines = text.split("\n")
        if self._random.random() < 0.5:
            at, part = self._random.randrange(len(lines)), self._random.choice(DENSE)
            many = part * (200_000 // len(part))
            return "\n".join((*lines[: at + 1], many, *lines[at + 1 :]))
        line = self._random.choice(lines)
        part = self._random.choice((text + "\n", line + "\n", line, self._word() + " ", line[:3]))
        part = part or "{"
        return (part * (self._random.choice((20_000, 200_000)) // len(part) + 1)) + text

    def _encoded(self, text: str) -> bytes:
        kind = self._random.randrange(40)
        if kind == 0:
            return text.encode("utf-16")
        if kind == 1:
            return text.replace("\n", self._random.choice(("\r\n", "\r", "\r\r\n"))).encode()
        if kind == 2:
            return text.encode("latin-1", errors="replace")
        return text.encode()


def check(platform: str, data: bytes, *, follow: bool = False, timed: bool = True) -> None:
    """Read an input in all ways; an error of ours is an answer.

    Args:
        follow: send a packet through what was read as well; that takes the time it takes.
        timed: hold the time against the limit, which only a machine of our own can promise.

    Raises:
        AssertionError: what came out contradicts itself, or took too long.
        Exception: whatever else a reader raised; a fault.
    """
    device, taken = _read_in(platform, data)
    allowed = STARTING_SECONDS + SECONDS_PER_MB * len(data) / 1e6
    for _ in range(_AGAIN if timed else 0):
        if taken > allowed:  # a machine that others use as well is slow for moments
            _forget()
            taken = min(taken, _read_in(platform, data)[1])
    assert not timed or taken <= allowed, f"{len(data)} bytes took {taken:.2f} s"
    if follow and device is not None:
        names = [item.name for item in device.interfaces] or [None]
        with suppress(TranslatorError):
            explain(device, PACKET, in_interface=names[0], out_interface=names[-1])


def _read_in(platform: str, data: bytes) -> tuple[DeviceQos | None, float]:
    """Read an input; return what was read, if it was, and the seconds of processor time."""
    start = time.process_time()
    device = None
    with suppress(TranslatorError):
        device = read_all(platform, data)
    return device, time.process_time() - start


def _forget() -> None:
    """Let readers know nothing of what they read before: no cache may make a text quick."""
    for item in gc.get_objects():
        if isinstance(item, _Cached) and item.__module__.startswith("translator"):
            item.cache_clear()


def read_all(platform: str, data: bytes) -> DeviceQos:
    reader = driver(platform)
    text = text_of(data, reader, file="fuzz")
    assert cleaned(text) == text, "a cleaned text is clean"
    with suppress(TranslatorError):
        detect(text)
    device = reader.parse(text, file="fuzz")
    _consistent(device, text)
    if isinstance(reader, DescribesPorts):
        lines = text.count("\n") + 1
        numbers = (port.line for port in reader.ports(text))
        assert all(1 <= number <= lines for number in numbers), "lines of ports are of the text"
    return device


def _consistent(device: DeviceQos, text: str) -> None:
    lines = text.count("\n") + 1
    unread = {item.line for item in device.unread}
    assert all(1 <= number <= lines for number in device.qos_lines), "lines are of the text"
    assert unread <= set(device.qos_lines), "what was not read bears on QoS"
    assert not unread & set(device.understood), "a line is understood or not"


def run(seed: int, inputs: int, keep: Path | None = None, *, timed: bool = True) -> list[str]:
    """Try that many inputs; return what was wrong, by input. `keep` is a folder for such inputs."""
    faults: list[str] = []
    for number, (platform, data) in enumerate(Generator(seed).inputs(), 1):
        if number > inputs:
            break
        try:
            check(platform, data, follow=number % EXPLAINED_EVERY == 0, timed=timed)
        except Exception as error:  # whatever a reader raised
            name = f"{platform}-{seed}-{number}"
            last = traceback.extract_tb(error.__traceback__)[-1]
            faults.append(f"{name}: {type(error).__name__}: {error} ({last.name}:{last.lineno})")
            print(faults[-1], file=sys.stderr, flush=True)
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / name).write_bytes(data)
        if number % 10_000 == 0:
            print(f"{number} inputs, {len(faults)} faults", flush=True)
    return faults


def _with_atheris(arguments: list[str]) -> None:
    import atheris

    names = driver_names()

    def one(data: bytes) -> None:
        check(names[data[0] % len(names)] if data else names[0], data[1:], follow=True)

    atheris.instrument_all()
    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


def main() -> int:
    """Run from the command line; 1 where something was wrong."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for inputs that were not read well")
    parser.add_argument("--atheris", action="store_true", help="search by coverage, if installed")
    parser.add_argument("libfuzzer", nargs="*", help="arguments of libFuzzer, behind --")
    options = parser.parse_args()
    if options.atheris:
        _with_atheris(options.libfuzzer)
        return 0
    start = time.perf_counter()
    faults = run(options.seed, options.inputs, options.keep)
    print(
        f"{options.inputs} inputs of seed {options.seed}: {len(faults)} faults, "
        f"{time.perf_counter() - start:.0f} s"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
