"""`render`: the configuration of one device or of an inventory, proven before it is printed."""

from __future__ import annotations

from translator.cli.counted import counted
from translator.cli.option_groups import grouped
from translator.cli.options import Format, OneFormat, OutFolder, Removal
from translator.cli.wanted_options import Wanted

__all__ = ["run"]


@grouped
def run(
    *,
    wanted: Wanted,
    out: OutFolder = None,
    removal: Removal = False,
    output: OneFormat = Format.TEXT,
) -> int:
    """Print the proven configuration of a device or an inventory.

    Nothing is printed or written before every host is proven. The exit code is 3 if some of
    several hosts failed.

    \b
    Examples:
      qos-translator render --platform cisco_ios --interface Gi0/1=client --interface Gi0/0=wan:10M
      qos-translator render -i inventories/example --limit 'branch:!branch-switch' -o configs
    """
    from translator.cli.folder import write_all
    from translator.cli.output import emit, emit_json, note
    from translator.cli.report import Notes, files_of, section, translation_json

    chosen = wanted.target.choose()
    job = wanted.job()
    notes = Notes(chosen.notes)
    done = notes.following(job.for_each(chosen.hosts, job.translate))
    if out is not None:
        # Ten thousand hosts do not fit into memory at once; they go to disk one by one.
        named = (files_of(item.host.name, item.rendered) for item in done)
        every = (file for files in named for file in files.items())
        count = write_all(out, every, inputs=lambda: (wanted.plan, wanted.folder))
        notes.tell(job.contradictions(chosen.hosts))
        note(f"wrote {counted(count, 'file')} into {out}")
        return 0
    proven = list(done)  # nothing is printed before every host is proven
    notes.tell(job.contradictions(chosen.hosts))
    if output is Format.JSON:
        emit_json([translation_json(item) for item in proven])
        return 0
    for item in proven:
        for step in item.rendered.instructions:
            note(f"{item.host.name}: by hand: {step}")
        text = item.rendered.removal if removal else item.rendered.config
        emit(section(item, text) if len(proven) > 1 else text)
    return 0
