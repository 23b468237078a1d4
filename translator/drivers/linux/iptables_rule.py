"""One iptables rule: its matches, its target with options, as an entry of a chain.

Source: iptables-extensions(8). `--set-xmark value/mask` clears the mask and then XORs the value;
`--set-mark` clears and sets; DSCP, TOS, CLASSIFY and MARK do not end the chain.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from translator.codepoint import CodePoint
from translator.drivers.linux.chains import Chain, CopyTag, Entry, Verdict
from translator.drivers.linux.conditions import NotReadError, negation
from translator.drivers.linux.iptables_match import (
    FLAGS,
    FULL,
    MARK_OPTIONS,
    TWO_ARGUMENTS,
    Matches,
    masked,
    number,
    tos_pair,
)
from translator.errors import TranslatorError
from translator.intents.condition import Condition, Not, Predicate
from translator.intents.match import Match
from translator.intents.pipeline import Action, SetTag, SetTos, Unclear, set_code_point

__all__ = ["kernel_refuses", "read_rule"]

_VERDICTS: Final = {
    "ACCEPT": Verdict.ACCEPT,
    "DROP": Verdict.DROP,
    "REJECT": Verdict.DROP,
    "RETURN": Verdict.RETURN,
    "MASQUERADE": Verdict.ACCEPT,
    "SNAT": Verdict.ACCEPT,
    "NETMAP": Verdict.ACCEPT,
}
# Targets that leave code point, marks and class alone and go on with the next rule.
_WITHOUT_BEARING: Final = frozenset(
    {"LOG", "NFLOG", "ULOG", "TCPMSS", "TTL", "HL", "CHECKSUM", "NOTRACK", "CT", "AUDIT"}
    | {"TRACE", "SECMARK", "CONNSECMARK", "TCPOPTSTRIP", "RATEEST", "LED", "SET", "IDLETIMER"}
)
# Modules that only look, at things that no header of ours shows.
_OPAQUE_MODULES: Final = frozenset(
    {"hashlimit", "string", "physdev", "ttl", "hl", "time", "statistic", "quota", "owner", "ecn"}
    | {"u32", "bpf", "geoip", "rpfilter", "policy", "socket", "cpu", "devgroup", "connlimit"}
    | {"addrtype", "recent", "helper", "conntrack", "realm", "cluster", "nfacct", "limit", "ndpi"}
    | {"connlabel", "tcpmss", "icmp", "icmp6", "rt", "hbh", "dst", "frag", "ipvs", "tcp", "length"}
)
_NO_MATCHES: Final = frozenset({"--match", "--jump", "--goto"})
_OF_PORTS: Final = frozenset({"tcp", "udp", "udplite", "sctp", "dccp"})
_REWRITES_DESTINATION: Final = frozenset({"DNAT", "REDIRECT", "TPROXY"})
_SYMBOL_TOS_MASK: Final = 0x3F  # measured: iptables-save prints `--set-tos 0x10/0x3f`


@dataclass(slots=True)
class _Target:
    name: str = ""
    goes: bool = False
    options: dict[str, str] = field(default_factory=dict)


def read_rule(words: list[str], version: int, line: int) -> Entry:
    """Return the entry of a rule without its verb and chain.

    Raises:
        NotReadError: some word of it was not understood.
    """
    known = _read_anywhere(tuple(words), version)
    if isinstance(known, str):
        raise NotReadError(known)
    if any(isinstance(action, Unclear) for action in known.actions):  # it names its line
        return _read_words(words, version, line)
    return Entry(
        known.condition, known.actions, known.verdict, known.target, known.copies, (), (line,),
        known.spec,
    )  # fmt: skip


@lru_cache(maxsize=4096)
def _read_anywhere(words: tuple[str, ...], version: int) -> Entry | str:
    """Read a rule on any line, or say why not: scripts and fleets repeat theirs."""
    try:
        return _read_words(list(words), version, 0)
    except NotReadError as error:
        return str(error)


def _read_words(words: list[str], version: int, line: int) -> Entry:
    matches = Matches(version)
    target = _Target()
    module = alone = ""  # `alone` while no option of it was seen
    at = 0
    if "=" in (spec := " ".join(words)):
        words = _apart(words)
        spec = " ".join(words)
    while at < len(words):
        negated = words[at] == "!"
        at += negated
        option = words[at] if at < len(words) else "!"
        arguments, negated_inside, at = _arguments(words, at, option)
        if option in ("-m", "--match"):
            if alone:
                matches.parts.append(_without_options(alone))
            module = alone = arguments[0] if arguments else ""
        elif option in ("-j", "--jump", "-g", "--goto"):
            target = _Target(arguments[0] if arguments else "", option in ("-g", "--goto"))
        elif target.name:
            target.options[option] = " ".join(arguments)
        elif option == "--mark" and module in MARK_OPTIONS:
            part = MARK_OPTIONS[module](matches, " ".join(arguments))
            matches.parts.append(negation(part) if negated or negated_inside else part)
        elif option == "-c":  # counters of the rule: packets, bytes
            at += 1
        elif not matches.read(option, arguments, negated or negated_inside):
            if module not in _OPAQUE_MODULES:
                raise NotReadError(f"match option {option} is not known")
            fact = Predicate(" ".join((module, option, *arguments)))
            matches.parts.append(Not(fact) if negated or negated_inside else fact)
        if alone and option[:2] == "--" and option not in _NO_MATCHES and not target.name:
            alone = ""
    if alone:
        matches.parts.append(_without_options(alone))
    return _entry(matches, target, line, spec)


def _without_options(module: str) -> Condition:
    """Return what a module asks for by itself.

    Source: measured with iptables 1.8.9, which takes these without an option (and refuses others);
    the modules of ports fail on later fragments (tcp_mt, udp_mt, sctp_mt and dccp_mt of xtables).
    """
    if module in _OF_PORTS:
        return Match(fragment=False)
    return Predicate(f"match {module}")


def _apart(words: list[str]) -> list[str]:
    """Return `--dport=80` as two words, as getopt_long() takes it."""
    return [
        part
        for word in words
        for part in (word.split("=", 1) if word[:2] == "--" and "=" in word else (word,))
    ]


def kernel_refuses(chain: Chain, words: list[str]) -> None:
    """Raise for a rule that no kernel would have loaded.

    Raises:
        NotReadError: DSCP or TOS outside the mangle table, CLASSIFY before routing.

    Source: measured with iptables 1.8.9, both back ends ("Invalid argument").
    """
    sets_tos = "-j" in words and ("DSCP" in words or "TOS" in words)
    if sets_tos and chain.table.partition(" ")[2] != "mangle":
        raise NotReadError("DSCP and TOS work in the mangle table only")
    if chain.hook == "prerouting" and "CLASSIFY" in words:
        raise NotReadError("CLASSIFY does not work in PREROUTING")


def _arguments(words: list[str], at: int, option: str) -> tuple[list[str], bool, int]:
    """Return the arguments of the option at `at`, whether `!` stands among them, and the end."""
    end = at + 1
    negated = end < len(words) and words[end] == "!" and words[end + 1 : end + 2] != []
    # Old spelling `--sport ! 5`; in the new one the word behind `!` is an option.
    negated = negated and not words[end + 1].startswith("-")
    end += negated
    if option in FLAGS:
        return [], negated, end
    count = 2 if option in TWO_ARGUMENTS else 1
    first = end
    while end < len(words) and end - first < count and not _is_option(words[end], option):
        end += 1
    return words[first:end], negated, end


def _is_option(word: str, option: str) -> bool:
    if option == "--comment":
        return False
    return word == "!" or (len(word) > 1 and word[0] == "-" and not word[1].isdigit())


def _entry(matches: Matches, target: _Target, line: int, spec: str) -> Entry:
    name = target.name
    if not name or name in _WITHOUT_BEARING:
        return Entry(matches.condition, lines=(line,), spec=spec)
    if name in _VERDICTS:
        return Entry(matches.condition, verdict=_VERDICTS[name], lines=(line,), spec=spec)
    if name in _REWRITES_DESTINATION:
        why = Unclear(f"line {line} rewrites the destination, which later rules see")
        return Entry(matches.condition, (why,), Verdict.ACCEPT, lines=(line,), spec=spec)
    if name in _TARGETS:
        try:
            actions, copies, verdict = _TARGETS[name](target.options)
        except TranslatorError as error:
            raise NotReadError(str(error)) from None
        return Entry(matches.condition, actions, verdict, "", copies, (), (line,), spec)
    if target.options:
        raise NotReadError(f"target {name} is not known")
    verdict = Verdict.GOTO if target.goes else Verdict.JUMP
    return Entry(matches.condition, (), verdict, name, (), (), (line,), spec)


_Effect = tuple[tuple[Action, ...], tuple[CopyTag, ...], Verdict]


def _effect(*actions: Action) -> _Effect:
    return actions, (), Verdict.CONTINUE


def _dscp(options: dict[str, str]) -> _Effect:
    match options:
        case {"--set-dscp": value}:
            return _effect(set_code_point(CodePoint(number(value))))
        case {"--set-dscp-class": name}:
            return _effect(set_code_point(CodePoint.of(name)))
    raise NotReadError("DSCP without a value")


def _tos(options: dict[str, str]) -> _Effect:
    match options:
        case {"--set-tos": text}:
            value, mask = tos_pair(text, _SYMBOL_TOS_MASK)
            if value & ~mask:
                raise NotReadError(f"--set-tos {text} inverts bits")
            return _effect(SetTos(value, mask))
        case {"--and-tos": text}:
            return _effect(SetTos(0, ~number(text) & 0xFF))
        case {"--or-tos": text}:
            return _effect(SetTos(number(text), number(text)))
    raise NotReadError("TOS without a value that we know")


def _set_mark(tag: str, options: dict[str, str]) -> SetTag | None:
    match options:
        case {"--set-mark": text}:
            value, mask = masked(text)
            return _tag(tag, value, mask | value)
        case {"--set-xmark": text} | {"--set-return": text}:
            value, mask = masked(text)
            if value & ~mask:
                raise NotReadError(f"{text} inverts bits of the mark")
            return _tag(tag, value, mask)
        case {"--or-mark": text}:
            return _tag(tag, number(text), number(text))
        case {"--and-mark": text}:
            return _tag(tag, 0, ~number(text) & FULL)
    return None


def _tag(tag: str, value: int, mask: int) -> SetTag:
    return SetTag(tag, value, None if mask == FULL else mask)


def _mark(options: dict[str, str]) -> _Effect:
    action = _set_mark("mark", options)
    if action is None:
        raise NotReadError("MARK without a value that we know")
    return _effect(action)


def _connmark(options: dict[str, str]) -> _Effect:
    action = _set_mark("ct_mark", options)
    if action is not None:
        # Source: `--set-return` is a patch of Tomato's kernels: set the mark, then RETURN.
        returns = "--set-return" in options
        return (action,), (), Verdict.RETURN if returns else Verdict.CONTINUE
    source, target = ("mark", "ct_mark") if "--save-mark" in options else ("ct_mark", "mark")
    if "--save-mark" not in options and "--restore-mark" not in options:
        raise NotReadError("CONNMARK without a command that we know")
    masks = {
        masked(f"0/{text}")[1]
        for name, text in options.items()
        if name in ("--mask", "--nfmask", "--ctmask")
    }
    if len(masks) > 1:
        raise NotReadError("CONNMARK with two different masks")
    return (), (CopyTag(source, target, masks.pop() if masks else FULL),), Verdict.CONTINUE


def _classify(options: dict[str, str]) -> _Effect:
    major, colon, minor = options.get("--set-class", "").partition(":")
    if not colon:
        raise NotReadError("CLASSIFY without a class")
    try:
        return _effect(SetTag("priority", int(major or "0", 16) << 16 | int(minor or "0", 16)))
    except ValueError:
        raise NotReadError(f"class {major}:{minor} is not hexadecimal") from None


_TARGETS: Final[dict[str, Callable[[dict[str, str]], _Effect]]] = {
    "DSCP": _dscp,
    "TOS": _tos,
    "MARK": _mark,
    "CONNMARK": _connmark,
    "CLASSIFY": _classify,
}
