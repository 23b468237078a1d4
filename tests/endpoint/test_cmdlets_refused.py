"""Output of cmdlets that would have to be guessed is one error, with its line."""

from __future__ import annotations

import pytest
from endpoint.texts import CLIENT, SERVER, as_list, policy, settings_of

from translator.errors import PlanError, Where

WRONG = {
    "a start without its count": (
        as_list({"Identity": "Global", "ClientAudioPort": "20000"}),
        "clientaudioportrange",
        4,
    ),
    "a last port for a count": (
        as_list({**CLIENT, "ClientAudioPort": "50000", "ClientAudioPortRange": "50019"}),
        "50019 ports from 50000 are not within 1-65535",
        9,
    ),
    "a number cut off": (
        as_list({**SERVER, "AudioPortCount": "83..."}),
        "was cut off",
        5,
    ),
    "a column cut off": (
        "Identity AudioPortS... AudioPortCount\n-------- ------------- --------------\na 1 2\n",
        "was cut off",
        1,
    ),
    "a header on two lines": (
        as_list(CLIENT) + "Identity AudioPort AudioPort\n         Start     Count\n"
        "-------- --------- ---------\nMediationServer:a 1 2\n",
        "is on more than one line",
        18,
    ),
    "no number": (as_list({**SERVER, "AudioPortStart": "many"}), "is no number", 4),
    "neither true nor false": (
        as_list({**CLIENT, "ClientMediaPortRangeEnabled": "Yes"}),
        "neither True nor False",
        5,
    ),
    "no identity": (
        as_list({"AudioPortStart": "49152", "AudioPortCount": "8348"}),
        "no Identity",
        3,
    ),
    "an unknown service": (
        as_list({**SERVER, "Identity": "Registrar:a.example.com"}),
        "no service with media ports",
        3,
    ),
    "a tag above 63": (as_list({"Identity": "G", "VoiceDiffServTag": "184"}), "0-63", 4),
    "no tag": (as_list({"Identity": "Global", "Voice8021p": "0"}), "no VoiceDiffServTag", 3),
    "two values in one object": (
        as_list(CLIENT).replace("ClientVideoPort  ", "ClientAudioPort  "),
        "is '20040' here and '20000'",
        10,
    ),
    "an equals sign": (
        as_list(CLIENT) + "AudioPortStart = 49152\n",
        "part of neither a list nor a table",
        18,
    ),
    "more of no line": (
        as_list(CLIENT).rstrip() + "\nsomething else\n",
        "neither `Property : Value`",
        17,
    ),
    "a cmdlet that failed": (
        "Get-CsService : The term 'Get-CsService' is not recognized\n" + as_list(CLIENT),
        "Get-CsService failed",
        1,
    ),
    "ports that run backwards": (
        as_list(policy(IPSrcPortEnd="19999")),
        "20000-19999 are no range",
        11,
    ),
    "an unknown protocol": (as_list(policy(IPProtocol="SCTP")), "protocol 'SCTP'", 9),
    "no prefix": (as_list(policy(IPSrcPrefix="ten")), "neither an address nor a prefix", 13),
    "no rate": (as_list(policy(ThrottleRate="fast")), "no rate", 13),
    "a name with an escape": (as_list(policy(Name="x\x1b]0;y\x07")), "U+001B", 3),
    "a name of two lines": (as_list(policy(Name="x\u2028DSCPValue : 0")), "neither", 3),
    "a name too long": (as_list(policy(Name="x" * 900)), "has 900 characters", 3),
    "a line too long": (as_list(policy(Name="x" * 1100)), "neither `Property : Value`", 3),
    "words under no column": (
        "Identity        AudioPortStart AudioPortCount\n"
        "--------        -------------- --------------\n"
        "MediationServer:a         49152          8348       7\n",
        "stands under no column",
        3,
    ),
}


@pytest.mark.parametrize("case", WRONG, ids=str)
def test_what_would_have_to_be_guessed_is_refused(case):
    text, problem, line = WRONG[case]
    with pytest.raises(PlanError) as caught:
        settings_of(text)
    assert problem in caught.value.problem
    assert caught.value.where == Where("out.txt", line)
    assert caught.value.hint
