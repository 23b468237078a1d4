"""`size`: from calls, codecs, video and sharing to the share of each queue of a link."""

from __future__ import annotations

from translator.cli.option_groups import grouped
from translator.cli.options import STANDARD, Format, OneFormat, PlanName
from translator.cli.size_options import OneLink, Only, SitesFile, WritePlan

__all__ = ["run"]


@grouped
def run(
    *,
    file: SitesFile = None,
    one: OneLink,
    only: Only = None,
    plan: PlanName = STANDARD,
    write_plan: WritePlan = None,
    output: OneFormat = Format.TEXT,
) -> int:
    """Work out how large the queues of a link must be, and what would fit it.

    Rates are those that Microsoft publishes, in one direction, every packet sent. What is not
    stated keeps the share of the plan. The exit code is 1 if something does not fit; then
    --write-plan refuses with 5.

    \b
    Examples:
      qos-translator size --link 10M --calls 20 --codec rtaudio-wb --fec --video 1x1280x720
      qos-translator size --link 2M --erlangs 3 --blocking 1% --codec g711
      qos-translator size --link 10M --users 200 --busy-hour-minutes 6 --codec silk-wb
      qos-translator size sites.yaml --only paris --write-plan paris.yaml
    """
    from translator.cli.size_input import links_of, refuse_to_replace
    from translator.cli.size_output import tell_sizes

    links = links_of(file, one, only)
    refuse_to_replace(write_plan, file, plan)
    return tell_sizes(links, plan, write_plan, output)
