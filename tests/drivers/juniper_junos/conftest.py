"""What the tests of this folder share: the three drivers and questions about a text."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from translator.drivers.juniper_junos import JuniperJunos
from translator.verify import explain
from translator.verify.explain import Explanation
from translator.verify.packet import Packet

Ask = Callable[..., Explanation]


@pytest.fixture
def ask() -> Ask:
    """Return what a text does with a packet, between interfaces or in one policy."""

    def answer(text: str, packet: str, **where: str) -> Explanation:
        return explain(JuniperJunos().parse(text), Packet.of(packet), **where)

    return answer
