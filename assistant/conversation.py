"""A thread of questions: what was asked before goes into the next question, and every answer is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from assistant.answers import Answer, Exchange, Question
from assistant.asking import ask
from assistant.listening import Listener
from assistant.render import answer_json
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING, OPERATOR, Scope
from ingest.records import Kind, Span


def converse(
    kit: Kit,
    account_id: str,
    text: str,
    *,
    deal_id: str | None = None,
    as_of: datetime | None = None,
    kinds: frozenset[Kind] | None = None,
    thread_id: str | None = None,
    scope: Scope = EVERYTHING,
    listener: Listener | None = None,
) -> Answer:
    """Asks within a thread, or begins one, and keeps the answer in a home that is open for writing.

    Raises `Stopped` when the listener says so, and `NotThere` for a thread the scope does not reach. A new thread's id follows from
    account and question when none is given, so that a repeated question gives a repeated answer; who serves several people passes an
    id of their own.
    """
    reach = scope.only(account_id)
    earlier = tuple(exchange(body) for body in kit.archive.thread(reach, thread_id)) if thread_id else ()
    thread = thread_id or f"thr_{hashlib.sha256(f'{account_id} {as_of} {text}'.encode()).hexdigest()[:16]}"
    answer = ask(kit, Question(text, account_id, deal_id, as_of, kinds, earlier), scope=scope, thread_id=thread, listener=listener)
    if kit.home.writes:
        kit.archive.save_answer(
            account_id, thread, answer.id, answer_json(answer), internal=scope.internal, as_of=reach.as_of, owner=scope.viewer or OPERATOR
        )
    return answer


def exchange(body: Mapping[str, Any]) -> Exchange:
    """What a kept answer tells the next question."""
    claims = [claim for block in body["blocks"] for claim in block["claims"]]
    cited = {c for claim in claims for c in claim["citations"]}
    quotes = [(c["source"]["id"], Span(c["quote"]["start"], c["quote"]["end"])) for c in body["citations"] if c["id"] in cited]
    said = " ".join(c["text"] for c in claims)
    return Exchange(body["question"], body["standalone_question"], said, tuple(quotes), tuple(body.get("follow_ups", ())))
