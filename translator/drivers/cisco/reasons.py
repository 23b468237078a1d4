"""Words within a message of IOS that tell why it refuses, where the whole message is not known."""

from __future__ import annotations

from typing import Final

from translator.drivers.replies import Form, Kind

__all__ = ["REASONS"]

# Whether the line left something behind is not known of any of these, but for the last two.
REASONS: Final = (
    Form(
        Kind.RESOURCE,
        (
            r"oversubscri",
            r"(?:exceed\w*|beyond|above) .{0,60}(?:bandwidth|capacity|resources?|limit|speed|rate)",
            r"(?:bandwidth|capacity|resources?|entries|classes|policers|labels) .{0,40}exceed",
            r"[Nn]ot enough|[Ii]nsufficient|[Oo]ut of (?:\w+ ){0,2}(?:TCAM|memory|resources|space)",
            r"TCAM|[Nn]o (?:more )?(?:resources|space|memory)|[Mm]aximum number of",
        ),
    ),
    Form(
        Kind.CONFLICT,
        (
            r"\b(?:is|are) (?:being |currently |still )?(?:used|in use|referenced|attached)",
            r"\balready (?:been )?(?:attached|configured|exists?|in use|bound|applied|assigned)",
            r"[Rr]emove .{1,120}(?:first|before)|[Mm]ust be (?:removed|detached|unconfigured)",
            r"overlaps with|[Cc]onflict|mutually exclusive|[Ii]ncompatible with",
            r"(?:both|cannot coexist|[Mm]ixed .{0,40}types|different .{1,40}types)",
            r"[Cc]annot configure .{1,80} (?:and|with|in the same|together)",
            r"(?:in|on) the same (?:class|traffic class|policy|interface)",
            r"[Cc]annot be (?:removed|deleted|modified|changed)|[Mm]ust be configured",
        ),
    ),
    Form(
        Kind.VALUE,
        (
            r"(?:policy|class|table)[- ]?map \S{1,80} (?:is )?not (?:configured|found|defined)",
            r"(?:does not|doesn't|do not) exist|not (?:been )?(?:defined|found)",
            r"[Oo]ut of range|(?:valid|allowed|in the|within) range|must be (?:between|a multiple)",
            r"[Ii]nvalid .{0,60}(?:address|mask|range|value|name|number|hop|interface|prefix)",
            r"[Ii]nconsistent address and mask|[Bb]ad mask|[Nn]ot a valid|too (?:large|small|long)",
            r"not (?:been )?configured|must be (?:greater|less|larger|smaller|in)",
        ),
    ),
    Form(
        Kind.UNSUPPORTED,
        (
            r"[Nn]ot (?:currently )?(?:supported|allowed|permitted|available|applicable|valid)",
            r"[Uu]nsupported|[Dd]oes not support|only (?:supported|allowed|valid|applicable)",
            r"[Nn]ot an? \w{1,40} (?:interface|port)",
        ),
    ),
    Form(Kind.LOCKED, (r"locked by|lock is held|[Dd]evice or resource busy",)),
    Form(Kind.PRIVILEGE, (r"[Pp]ermission denied|[Aa]ccess denied|privilege",)),
)
