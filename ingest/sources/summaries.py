"""Tells a machine's summary that somebody, or the machine itself, logged as a CRM note: it is kept, but it is not what was said."""

from __future__ import annotations

import re

_TOOLS = r"gong|fireflies|zoom|fathom|otter|chorus|tl;?dv|teams|google meet|hubspot|salesforce|avoma"
_MACHINE = r"ai|copilot|gemini|breeze|einstein|automatic|automated|auto-?generated"
_WORDS = (
    r"companion|assistant|generated|meeting|call|summary|summaries|recap|notes?|overview|takeaways|auto-?logged|auto-?generated"
    r"|by|from|of|on|\d[\d./-]*"
)
_HEADED = re.compile(
    rf"\W*(?:(?:{_TOOLS})(?:\.ai|\.io)?[ ,-]+)?(?:{_MACHINE})(?:[ ,-]+(?:{_TOOLS}|{_WORDS}))+\s*(?:[:\]\n]|$)",
    re.I,
)


def is_machine_summary(note: str) -> bool:
    """The note's own heading says so: "[Gong AI recap, auto-logged] …", "Zoom AI Companion summary: …"."""
    return _HEADED.match(note[:200]) is not None
