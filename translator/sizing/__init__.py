"""How large the queues of a link must be: calls, codecs and sites as kbit/s and shares."""
