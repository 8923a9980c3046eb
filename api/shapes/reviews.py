"""The life of a brief: versions, acts of review, differences, gaps asked and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from api.shapes.base import MOST_CHARACTERS, BriefState, Given, Sent
from api.shapes.briefs import GapShape


class LineAct(Sent):
    act: Literal["keep", "edit", "remove", "undo"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)] | None = None
    because: Literal["wrong", "confidential", "not_useful"] | None = None
    as_note: bool = Field(False, description="Keep an edit that says more than its source, as an AE note.")

    @model_validator(mode="after")
    def whole(self) -> Self:
        if self.act == "edit" and self.text is None:
            raise ValueError("an edit needs its text")
        if self.act == "remove" and self.because is None:
            raise ValueError("say why: wrong, confidential or not_useful")
        return self


class ClaimAdded(Sent):
    section: Literal["why", "requirements", "decision"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)]
    citation: Annotated[str, StringConstraints(max_length=80)] | None = Field(
        None,
        description="The words it stands on, of a source that this version was composed from. Without it your word is kept as an AE note.",
    )
    as_note: bool = Field(False, description="Where it says more than what is cited: keep it as an AE note beside that.")


class GapAct(Sent):
    act: Literal["answer", "dismiss", "undo"]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)] | None = None

    @model_validator(mode="after")
    def whole(self) -> Self:
        if self.act == "answer" and self.text is None:
            raise ValueError("an answer needs its text")
        return self


class GapAsked(Sent):
    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)]
    answer_id: Annotated[str, StringConstraints(max_length=80)] | None = Field(
        None, description="The answer that did not find it: its receipt and nearest passages go with the question."
    )


class ApproveRequest(Sent):
    with_open: bool = Field(False, description="Approve although something was not looked at.")


class ReturnRequest(Sent):
    because: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)]


class BriefVersion(Given):
    id: str
    deal_id: str | None
    version: int
    state: BriefState
    composed_at: str
    words: int
    revision: int
    gaps: int


class BriefVersions(Given):
    items: list[BriefVersion]
    next_cursor: str | None


class ShareRequest(Sent):
    to: Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z0-9][a-z0-9-]*$")] = Field(
        description="A channel of the settings by its name, or all of a kind: `slack`, `mail`, `hubspot`, `salesforce`, `webhook`; "
        "`crm` is every CRM."
    )


class ShareSent(Given):
    """Of one message; `id` is that of the delivery, which is listed once it is begun."""

    id: str
    channel: str


class ShareShape(Given):
    id: str
    deliveries: list[ShareSent]


class ReviewItem(Given):
    """One thing for the account executive to look at, by its number in the list."""

    number: int
    kind: Literal["gap", "promise", "conflict"]
    id: str
    text: str
    why: str
    citations: list[str]
    done: bool


class ReviewActShape(Given):
    number: int
    at: str
    by: str
    act: str
    line: str
    detail: dict[str, Any]


class ReviewShape(Given):
    id: str
    version: int
    state: BriefState
    revision: int
    returned_because: str | None
    items: list[ReviewItem]
    removed: list[Any]
    attested: list[Any]
    history: list[ReviewActShape]


class MoveShape(Given):
    field: str
    before: str
    after: str


class DifferenceShape(Given):
    section: str
    what: Literal["added", "removed", "changed"]
    line: str
    before: str
    after: str
    fields: list[str]
    moved: list[MoveShape] = Field([], description="Of the fields, those that are a word or a day, with what they were and are.")


class DifferencePage(Given):
    from_version: int
    to_version: int
    items: list[DifferenceShape]


class GapPage(Given):
    """Of the newest version; `brief` is its id, or null where none was composed yet."""

    brief: str | None
    items: list[GapShape]
    answered: list[Any]
    next_cursor: str | None


class GapAdded(Given):
    """`brief` is the version the question was put on."""

    brief: str
    item: GapShape
