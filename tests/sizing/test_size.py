"""Links and their queues: shares that hold what is asked, and what is said where they cannot."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from translator.errors import PlanError, RefusedError
from translator.intents.compile import InterfaceSpec, Role, compile_intents
from translator.plan.checks.finding import Severity
from translator.plan.load import load_preset, parse_plan
from translator.plan.model import Media, Treatment
from translator.sizing.codecs import CODECS
from translator.sizing.framing import Framing
from translator.sizing.judge import findings_of
from translator.sizing.model import CodecMix, Conferences, Link, SharingLoad, Site, Voice
from translator.sizing.plan_text import plan_of_link
from translator.sizing.size import size_link
from translator.sizing.streams import RESOLUTIONS, SHARINGS

PLAN = load_preset("lync-2013")
MEGABIT = 10**6


def mix(name: str = "rtaudio-wb", fec: int = 0) -> CodecMix:
    return CodecMix.of(CODECS[name], Fraction(fec))


def site(calls: int | None = None, **more) -> Site:
    voice = None if calls is None else Voice(mix(), calls)
    return Site("paris", voice, **more)


def link(rate_bps: int, *sites: Site, **more) -> Link:
    return Link("hq", rate_bps, sites, **more)


def kinds(sized) -> list[str]:
    return [item.id for item in findings_of(sized)]


counts = st.integers(0, 300)
codecs = st.sampled_from(sorted(CODECS))
framings = st.sampled_from(["ethernet", "dot1q", "ppp,gre", "gre,esp-gcm", "pppoe"]).map(Framing.of)
sites = st.builds(
    Site,
    name=st.just("paris"),
    voice=st.none()
    | st.builds(
        Voice,
        st.builds(mix, codecs, st.integers(0, 100)),
        calls=st.none() | counts,
        erlangs=st.fractions(0, 100, max_denominator=60),
    ),
    conferences=st.none() | st.builds(Conferences, counts, st.builds(mix, codecs)),
    video=st.none()
    | st.lists(st.tuples(st.sampled_from([*RESOLUTIONS.values()]), counts), max_size=3).map(tuple),
    sharing=st.none()
    | st.builds(
        SharingLoad,
        st.lists(st.tuples(st.sampled_from([*SHARINGS.values()]), counts), max_size=3).map(tuple),
        st.booleans(),
    ),
    signalling_bps=st.none() | st.integers(8_000, 10**7),
)
links = st.builds(
    lambda rate, found, framing: Link("hq", rate, tuple(found), framing),
    st.integers(64_000, 10**10),
    st.lists(sites, min_size=1, max_size=3),
    framings,
)


@given(links)
def test_shares_hold_what_is_asked_and_sum_to_the_link(given_link):
    sized = size_link(given_link, PLAN)
    assert sum(item.percent for item in sized.queues) == 100
    for item in sized.queues:
        if item.demand is None:
            continue
        assert item.demand.exact_bps * 100 <= item.percent * given_link.rate_bps
        smaller = (item.percent - 1) * given_link.rate_bps
        assert item.percent == 1 or item.demand.exact_bps * 100 > smaller
        assert item.headroom_bps is not None
    assert bool(sized.shares) == sized.fits
    if sized.fits:
        percents = {share.queue: share.percent for share in sized.shares}
        assert sum(percents.values()) == 100
        assert percents["audio"] <= 33
        assert percents["default"] >= 25
    refused = {"priority-share", "queue-sum", "best-effort-share"} & set(kinds(sized))
    assert bool(refused) != sized.fits


@given(links, st.integers(0, 300), st.fractions(0, 50, max_denominator=60))
def test_more_calls_never_ask_for_less(given_link, calls, erlangs):
    def percents(found):
        return {item.row.name: item.percent for item in size_link(found, PLAN).queues[:-1]}

    first, *others = given_link.sites
    if first.voice is None:
        return
    more = replace(
        first.voice,
        calls=None if first.voice.calls is None else first.voice.calls + calls,
        erlangs=(first.voice.erlangs or 0) + erlangs,
    )
    larger = replace(given_link, sites=(replace(first, voice=more), *others))
    before, after = percents(given_link), percents(larger)
    assert all(before[name] <= after[name] for name in before)


@given(links)
def test_the_calls_that_are_said_to_fit_do(given_link):
    sized = size_link(given_link, PLAN)
    for item in findings_of(sized):
        number = item.hint.partition(" of ")[0]
        if item.id != "priority-share" or "calls would fit" not in item.hint:
            continue
        audio = sized.queue_of(Media.AUDIO).demand
        calls = [load for load in audio.loads if load.is_call]
        asked = sum(load.streams * load.rates.planned for load in calls)
        one = asked / sum(load.streams for load in calls)
        rest = audio.exact_bps - asked
        assert (rest + int(number) * one) * 100 <= 33 * given_link.rate_bps
        assert (rest + (int(number) + 1) * one) * 100 > 33 * given_link.rate_bps


@pytest.mark.parametrize(
    ("rate", "codec", "fec", "calls"),
    [
        (2, "g722", 0, 6),
        (2, "g722", 100, 4),
        (2, "rtaudio-wb", 0, 10),
        (2, "silk-wb", 0, 9),
        (10, "g722", 0, 32),
        (10, "g722", 100, 20),
        (10, "rtaudio-wb", 0, 53),
        (10, "silk-wb", 0, 47),
        (50, "g722", 100, 100),
        (50, "rtaudio-wb", 0, 266),
        (50, "silk-wb", 0, 239),
    ],
)
def test_as_many_calls_as_are_published_fit_and_no_more(rate, codec, fec, calls):
    def sized(count):
        voice = Voice(mix(codec, fec), count)
        return size_link(link(rate * MEGABIT, Site("paris", voice)), PLAN)

    assert "priority-share" not in kinds(sized(calls))
    too_many = sized(calls + 1)
    assert "priority-share" in kinds(too_many)
    assert f"{calls} of {calls + 1} calls would fit" in findings_of(too_many)[0].hint


def test_what_is_not_stated_keeps_the_plans_share_and_what_is_none_gets_one_percent():
    sized = size_link(link(10 * MEGABIT, site(0, video=(), sharing=SharingLoad(()))), PLAN)
    shares = {share.queue: share.percent for share in sized.shares}
    assert shares == {
        **{"audio": 1, "video": 1, "signalling": 3, "app_sharing": 1, "file_transfer": 4},
        "default": 90,
    }


def test_sites_of_one_mix_share_channels_and_others_do_not():
    def channels(*voices):
        named = (Site(f"s{number}", voice) for number, voice in enumerate(voices))
        return size_link(link(100 * MEGABIT, *named), PLAN).queue_of(Media.AUDIO).demand.streams

    small, large = Voice(mix(), erlangs=Fraction("4.46")), Voice(mix(), erlangs=Fraction("8.92"))
    assert channels(small) == 10
    assert channels(small, small) == channels(large) == 17
    assert channels(small, Voice(mix("g711"), erlangs=Fraction("4.46"))) == 20


def test_calls_that_are_limited_below_their_traffic():
    voice = Voice(mix(), 10, Fraction(8))
    sized = size_link(link(10 * MEGABIT, Site("paris", voice)), PLAN)
    (finding,) = findings_of(sized)
    assert (finding.id, finding.severity) == ("blocking", Severity.WARNING)
    assert "block 12.2 % of the calls" in finding.message
    assert "4.5 erlangs" in finding.hint


def test_too_many_calls_name_codecs_that_fit():
    found = findings_of(size_link(link(2 * MEGABIT, Site("p", Voice(mix("g722"), 10))), PLAN))
    assert found[0].id == "priority-share"
    assert "all 10 would fit as rtaudio-wb, rtaudio-nb, siren or silk-26" in found[0].hint
    assert "a link of 3049 kbit/s would carry it" in found[0].hint
    voice = Voice(mix("g722", 100), 40)
    found = findings_of(size_link(link(2 * MEGABIT, Site("p", voice)), PLAN))
    assert "no codec lets all of them fit" in found[0].hint


def test_too_much_video_names_a_picture_size_that_fits():
    streams = ((RESOLUTIONS["1280x720"], 3),)
    found = findings_of(size_link(link(10 * MEGABIT, site(20, video=streams)), PLAN))
    assert [item.id for item in found] == ["queue-sum"]
    assert "1 of 3 video streams would fit; all of them would fit at 640x360" in found[0].hint


@pytest.mark.parametrize("mbps", [5, 10, 25, 50])
def test_the_published_sample_profiles_admit_more_than_a_third_carries(mbps):
    """40 % of the link for audio, 28 % for video; priority queues are to be 33 % at most."""
    rate = mbps * MEGABIT
    calls = rate * 33 // 100 // 62_000
    sample = link(
        rate, site(calls, video=()), cac_audio_bps=rate * 40 // 100, cac_video_bps=rate * 28 // 100
    )
    sized = size_link(sample, PLAN)
    assert sized.fits
    messages = {item.message.partition(",")[0]: item.id for item in findings_of(sized)}
    assert "cac-over-queue" in messages.values()
    assert f"admits {rate * 40 // 100_000} kbit/s of audio" in str(findings_of(sized)[0])


def test_admission_control_against_queues():
    def found(calls, audio_bps):
        return kinds(size_link(link(10 * MEGABIT, site(calls), cac_audio_bps=audio_bps), PLAN))

    # 20 calls count as 20 x 67; they take 20 x 62, and the queue of 13 % holds 20 of them.
    assert found(20, 1_340_000) == []
    assert found(20, 1_339_000) == ["cac-under-demand"]
    assert found(20, 1_400_000) == []
    assert found(20, 1_474_000) == ["cac-over-queue"]
    over = size_link(link(10 * MEGABIT, site(20), cac_audio_bps=4_000_000), PLAN)
    (finding,) = findings_of(over)
    assert "lower the limit to 1340k" in finding.hint
    assert found(None, 4_000_000) == ["cac-over-queue"]


def test_a_limit_is_held_against_what_a_queue_may_have_not_against_what_it_asks_for():
    small = link(2 * MEGABIT, site(20), cac_audio_bps=1_000_000)
    found = {item.id: item for item in findings_of(size_link(small, PLAN))}
    assert {"priority-share", "cac-over-queue", "cac-under-demand"} < set(found)
    assert "the queue has 660 kbit/s" in found["cac-over-queue"].message
    assert "lower the limit to 670k" in found["cac-over-queue"].hint


def test_the_limit_that_is_advised_is_right():
    for calls in range(1, 50):
        over = link(10 * MEGABIT, site(calls), cac_audio_bps=9_000_000)
        limit = int(findings_of(size_link(over, PLAN))[0].hint.split()[4].rstrip("k,")) * 1000
        assert kinds(size_link(replace(over, cac_audio_bps=limit), PLAN)) == []


def test_screens_at_their_peak():
    streams = ((SHARINGS["rdp-slides"], 2),)
    average = size_link(link(100 * MEGABIT, site(sharing=SharingLoad(streams))), PLAN)
    assert kinds(average) == ["sharing-peak"]
    assert all(item.severity is Severity.INFO for item in findings_of(average))
    peak = size_link(link(100 * MEGABIT, site(sharing=SharingLoad(streams, True))), PLAN)
    assert peak.queue_of(Media.APP_SHARING).percent == 24
    assert kinds(peak) == []


def test_screens_of_a_conference_are_in_the_queue_of_video():
    sharing = SharingLoad(((SHARINGS["vbss-conference-slides"], 4),))
    sized = size_link(link(10 * MEGABIT, site(sharing=sharing)), PLAN)
    assert sized.queue_of(Media.VIDEO).demand.planned_bps == 400_000
    assert sized.queue_of(Media.APP_SHARING).demand.planned_bps == 0


def test_video_that_the_plan_gives_priority_counts_against_the_third():
    text = "extends: lync-2013\nqueues: [{media: video, treatment: priority, percent: 20, "
    plan = parse_plan(text + "congestion_avoidance: false}]\n", "p.yaml")
    sized = size_link(link(10 * MEGABIT, site(20, video=((RESOLUTIONS["1280x720"], 1),))), plan)
    assert sized.priority_percent == 13 + 26
    assert kinds(sized)[0] == "priority-share"


def test_plan_without_a_queue_for_what_is_asked():
    queues = tuple(row for row in PLAN.queues if row.media is not Media.VIDEO)
    with pytest.raises(PlanError, match="no queue for video"):
        size_link(
            link(MEGABIT, site(video=((RESOLUTIONS["320x180"], 1),))), replace(PLAN, queues=queues)
        )
    without_default = tuple(row for row in PLAN.queues if row.media is not None)
    with pytest.raises(PlanError, match="no default queue"):
        size_link(link(MEGABIT, site(1)), replace(PLAN, queues=without_default))


def test_sites_that_offer_too_much_together():
    voice = Voice(mix(), erlangs=Fraction(90_000))
    with pytest.raises(PlanError, match="180,000 erlangs"):
        size_link(link(10**11, Site("a", voice), Site("b", voice)), PLAN)


@pytest.mark.parametrize("preset", ["lync-2013", None])
def test_the_plan_of_a_link_has_its_shares_and_nothing_else_is_other(preset):
    sized = size_link(link(10 * MEGABIT, site(20)), PLAN)
    plan = parse_plan(plan_of_link(sized, PLAN, preset), "hq.yaml")
    assert plan.name == "hq"
    assert {row.name: row.percent for row in plan.queues} == {
        share.queue: share.percent for share in sized.shares
    }
    assert [row.id for row in plan.rows] == [row.id for row in PLAN.rows]
    assert [row.treatment for row in plan.queues] == [row.treatment for row in PLAN.queues]
    assert plan.queues[0].treatment is Treatment.PRIORITY


def test_no_plan_is_made_of_shares_that_do_not_fit():
    with pytest.raises(RefusedError, match="link hq: priority queues need 62 %") as caught:
        plan_of_link(size_link(link(2 * MEGABIT, site(20)), PLAN), PLAN, "lync-2013")
    assert "10 of 20 calls would fit" in caught.value.hint


@pytest.mark.parametrize("percents", [(50,), (60, 60), (0,)])
def test_codecs_of_another_part_than_the_whole(percents):
    names = ("g711", "siren")
    pairs = tuple(
        (CODECS[name], Fraction(part)) for name, part in zip(names, percents, strict=False)
    )
    with pytest.raises(PlanError, match="% of the streams"):
        CodecMix(pairs)


def test_a_mix_is_the_mean_of_its_parts():
    pairs = ((CODECS["rtaudio-wb"], Fraction(70)), (CODECS["g711"], Fraction(30)))
    rates = CodecMix(pairs, Fraction(20)).rates(Framing())
    assert rates.planned == Fraction(70 * (80 * 62 + 20 * 91) + 30 * (80 * 97 + 20 * 161), 10)
    assert rates.typical is None
    assert CodecMix(pairs).rates(Framing()).typical == Fraction(7 * 39_800 + 3 * 64_800, 10)


@pytest.mark.parametrize("preset", ["lync-2013", None])
def test_a_share_says_in_plan_and_intents_what_it_was_worked_out_from(preset):
    sized = size_link(link(10 * MEGABIT, site(20)), PLAN)
    plan = parse_plan(plan_of_link(sized, PLAN, preset), "hq.yaml")
    audio, video, *_, default = plan.queues
    assert audio.source == "qos-translator size: 1240000 bit/s, 20 x calls of paris, rtaudio-wb"
    assert audio.confidence is None
    assert (video.percent, video.source, video.confidence) == (
        PLAN.queues[1].percent,
        PLAN.queues[1].source,
        "memory",
    )
    assert default.source == "qos-translator size: what the others leave of hq"
    wanted = compile_intents(plan, "r1", [InterfaceSpec("wan0", Role.WAN, 10 * MEGABIT)], {})
    (queuing,) = (item.queuing for item in wanted.interfaces if item.queuing)
    assert [queue.source for queue in queuing.queues][:2] == [
        audio.source,
        f"{video.source} [memory]",
    ]


def test_another_share_has_no_foundation_of_the_preset():
    text = "extends: lync-2013\nqueues: [{media: audio, percent: 12}, {media: video}]\n"
    audio, video, *_ = parse_plan(text, "own.yaml").queues
    assert (audio.source, audio.confidence) == ("", None)
    assert replace(video, where=None) == replace(PLAN.queues[1], where=None)


def test_streams_without_end_make_no_text_without_end():
    many = tuple(replace(site(1), name=f"branch-{number}") for number in range(200))
    sized = size_link(link(1000 * MEGABIT, *many), PLAN)
    plan = parse_plan(plan_of_link(sized, PLAN, "lync-2013"), "hq.yaml")
    assert plan.queues[0].source.endswith("...")
