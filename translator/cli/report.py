"""How translations and proofs are told to people and programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from translator.cli.counted import counted
from translator.cli.output import note, visible
from translator.drivers.base import Rendered
from translator.errors import UndecidedError
from translator.intents.model import DeviceIntents
from translator.inventory.job import Translation
from translator.plan.check import PlanFinding
from translator.plan.select import joined_refusals
from translator.verify.compare import Verdict
from translator.verify.prove import PairDifference, Proof

__all__ = [
    "Notes",
    "exit_code",
    "files_of",
    "proof_json",
    "proof_text",
    "section",
    "translation_json",
]

_NAMED: Final = 3
_SHOWN: Final = 4


class Notes:
    """What stderr tells of a run: rows left out, what proofs rest on, what was proven.

    A sentence that concerns many devices is told once, below their names.
    """

    def __init__(self, sentences: Iterable[str] = ()) -> None:
        self._first = list(sentences)
        self._shared: dict[str, list[str]] = {}
        self._devices: set[str] = set()
        self._proofs: list[str] = []

    def following(self, translations: Iterable[Translation]) -> Iterator[Translation]:
        """Yield the translations, noting each."""
        for item in translations:
            self.about(item.intents)
            for sentence in item.proof.assumptions:
                self._add(f"assumed: {sentence}", item.host.name)
            self._proofs.append(_proof_line(item))
            yield item

    def about(self, intents: DeviceIntents) -> None:
        """Note the rows that a device does without."""
        self._devices.add(intents.device)
        for sentence in joined_refusals(intents.refused):
            self._add(sentence, intents.device)

    def tell(self, contradictions: Iterable[PlanFinding] = ()) -> None:
        """Write everything to stderr, what is wrong with the plan first."""
        for finding in contradictions:
            note(f"plan check: {finding}")
        for sentence in self._first:
            note(sentence)
        sentences: dict[tuple[str, ...], list[str]] = {}
        for sentence, names in self._shared.items():
            sentences.setdefault(tuple(names), []).append(sentence)
        for concerned, told in sentences.items():
            if len(self._devices) == 1:
                lines = [f"{concerned[0]}: {sentence}" for sentence in told]
            else:
                lines = [f"{self._who(concerned)}:", *(f"  {sentence}" for sentence in told)]
            for line in lines:
                note(line)
        for line in self._proofs:
            note(line)

    def _add(self, sentence: str, device: str) -> None:
        self._shared.setdefault(sentence, []).append(device)

    def _who(self, names: tuple[str, ...]) -> str:
        if len(names) == len(self._devices):
            return f"all {len(names)} hosts"
        more = len(names) - _NAMED
        return ", ".join(names) if more <= 1 else f"{', '.join(names[:_NAMED])}, {more} more"


def _proof_line(item: Translation) -> str:
    """Return `r1 (cisco_ios): proved: 12 pairs of interfaces, all packets`."""
    which = item.proof.packets_note.partition(":")[0]
    limited = "" if item.intents.domain is None else ", of those assumed above"
    return f"{item.host.name} ({item.host.driver}): proved: {_pairs(item.proof)}, {which}{limited}"


def _pairs(proof: Proof) -> str:
    return f"{counted(len(proof.pairs), 'pair')} of interfaces"


def section(item: Translation, text: str) -> str:
    """Return a host's text under a heading that says whose it is."""
    return f"# ===== {item.host.name} ({item.host.driver}) =====\n{text}"


def files_of(name: str, rendered: Rendered) -> dict[str, str]:
    """Return the files of one text by name: configuration, removal, what to do by hand."""
    files = {f"{name}.conf": rendered.config, f"{name}.removal": rendered.removal}
    if rendered.instructions:
        steps = (f"{number}. {step}" for number, step in enumerate(rendered.instructions, 1))
        files[f"{name}.by-hand.txt"] = "\n".join(steps) + "\n"
    for extra, text in rendered.files:
        files[f"{name}.{extra}"] = text
    return files


def translation_json(item: Translation) -> dict[str, Any]:
    """Return all that there is for one host, with its proof and the rows that it does without."""
    return {
        "host": item.host.name,
        "platform": item.host.driver,
        "config": item.rendered.config,
        "removal": item.rendered.removal,
        "by_hand": list(item.rendered.instructions),
        "files": dict(item.rendered.files),
        "left_out": list(item.intents.refused),
        "proof": proof_json(item.proof),
    }


def exit_code(proof: Proof) -> int:
    """Return 0 for a proof, 6 where no answer was found within the budget, else 1."""
    if proof.ok:
        return 0
    return UndecidedError.exit_code if proof.verdict is Verdict.UNDECIDED else 1


def proof_text(proof: Proof) -> str:
    """Return the verdict, then the evidence and each sentence that it rests on."""
    verdict = "proved" if proof.ok else str(proof.verdict)
    lines = [f"{verdict}: {_pairs(proof)}, {proof.packets_note}"]
    for item in proof.differences[:_SHOWN]:
        lines += _difference_text(item)
    if len(proof.differences) > _SHOWN:
        lines.append(f"  and {len(proof.differences) - _SHOWN} more (--format json lists all)")
    lines += [f"  {item}" for item in (*proof.scheduling, *proof.reasons)]
    lines += [f"  assumed: {sentence}" for sentence in proof.assumptions]
    return visible("\n".join(lines))


def _difference_text(item: PairDifference) -> Iterator[str]:
    """The box of packets first, then one of them and what is to blame."""
    found = item.difference
    yield f"  {item.in_interface} -> {item.out_interface}: {found.box}"
    yield f"    wanted {found.wanted}; found {found.found}"
    yield f"    such as {found.packet}"
    if found.wanted_origin.rows:
        yield f"    plan rows {' '.join(found.wanted_origin.rows)}"
    if found.found_origin.lines:
        yield f"    lines {', '.join(map(str, found.found_origin.lines))}"


def proof_json(proof: Proof) -> dict[str, Any]:
    """Return verdict, scope and all evidence."""
    return {
        "ok": proof.ok,
        "verdict": str(proof.verdict),
        "pairs": [{"in": entry, "out": leaving} for entry, leaving in proof.pairs],
        "packets": proof.packets_note,
        "differences": [_difference_json(item) for item in proof.differences],
        "scheduling": [str(item) for item in proof.scheduling],
        "reasons": list(proof.reasons),
        "assumptions": list(proof.assumptions),
    }


def _difference_json(item: PairDifference) -> dict[str, Any]:
    found = item.difference
    return {
        "in": item.in_interface,
        "out": item.out_interface,
        "box": str(found.box),
        "packet": str(found.packet),
        "wanted": str(found.wanted),
        "found": str(found.found),
        "certain": found.certain,
        "plan_rows": list(found.wanted_origin.rows),
        "lines": list(found.found_origin.lines),
    }
