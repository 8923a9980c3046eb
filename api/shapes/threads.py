"""Threads of questions, and who may read them."""

from __future__ import annotations

from api.shapes.answers import AnswerShape
from api.shapes.base import Given, Sent


class ThreadSharing(Sent):
    shared: bool


class ThreadItem(Given):
    """Named by its first question; `own` says whether you began it."""

    id: str
    account: str
    question: str
    begun_at: str
    shared: bool
    own: bool


class ThreadPage(Given):
    items: list[ThreadItem]
    next_cursor: str | None


class ThreadShape(ThreadItem):
    answers: list[AnswerShape]
