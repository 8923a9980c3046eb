"""The brief held against what came after the signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from assistant.brief.recheck import as_text, recheck
from assistant.term import renewal_of
from ingest.archive.rows import StoredDeal
from ingest.archive.scope import EVERYTHING
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, MARTA, at, mail


def deal(closed_on: str, months: int | None) -> StoredDeal:
    return StoredDeal("dea_1", "acc_1", "Deal", (), "Closed Won", True, True, closed_on, "", 1.0, "EUR", "", months, None)


@pytest.mark.parametrize(
    ("closed_on", "months", "renews"),
    [
        ("2026-10-14", 36, "2029-10-14"), ("2026-01-31", 1, "2026-02-28"), ("2026-12-15", 12, "2027-12-15"), ("2026-10-14", None, None),
        ("", 12, None), ("2026-10-14T09:00:00Z", 12, "2027-10-14"), ("some day", 12, None), ("2026-10-14", 99999, None),
    ],
)  # fmt: skip
def test_the_renewal_is_counted_in_whole_months(closed_on: str, months: int | None, renews: str | None) -> None:
    found = renewal_of(deal(closed_on, months))
    assert (found.isoformat() if found else None) == renews
    assert renewal_of(replace(deal(closed_on, months), won=False)) is None


def test_what_was_said_since_stands_beside_what_was_promised(desk: Desk) -> None:
    later = "Hi Dana,\n\nthe phone support in Swedish is free of charge for 90 days, you said, and on Monday nobody answered it.\n\nMarta"
    desk.write({**HALDEN, "emails/later.eml": mail(MARTA, DANA, later, id="m9@halden", on=at(11, 20))})
    desk.ingest()
    with desk.kit() as kit:
        account = kit.archive.account(EVERYTHING, "halden").id
        found = recheck(kit, account, on=date(2026, 12, 14))
        early = recheck(kit, account, on=date(2026, 10, 20))
    promise = next(one for one in found["promises"] if "Swedish" in one["text"])
    assert [words["on"] for words in promise["later"]] == ["2026-11-20"]
    assert "nobody answered it" in promise["later"][0]["text"]
    assert found["title"] == "Re-check, day 61 after the signature"
    assert early["read"] == 0
    assert not [words for one in early["promises"] for words in one["later"]]
    text = as_text(found, "Halden")
    assert max(map(len, text.splitlines())) <= 100
    quoted = {citation["id"]: citation["quote"]["exact"] for citation in found["citations"]}
    assert all(" ".join(quoted[one["citations"][0]].split()) == one["text"] for one in found["promises"])


def test_what_is_late_or_recalled_stands_first_and_a_bare_answer_with_its_question(desk: Desk) -> None:
    later = mail(MARTA, DANA, "Hi Dana,\n\nweren't we getting phone support in Swedish?\n\nMarta", id="m9@halden", on=at(11, 20))
    desk.write({**HALDEN, "emails/later.eml": later})
    desk.ingest()
    with desk.kit() as kit:
        account = kit.archive.account(EVERYTHING, "halden").id
        before, after = (recheck(kit, account, on=day) for day in (date(2026, 12, 14), date(2027, 2, 1)))
    assert "Swedish" in before["promises"][0]["text"]
    assert [words["text"] for words in before["promises"][0]["later"]] == ["weren't we getting phone support in Swedish?"]
    assert not [one for one in before["promises"] if one["overdue"]]
    late = after["promises"][0]
    assert (late["overdue"], late["due"], late["setting"]) == (True, "2027-01-18", None)
    assert "OPEN, was due 2027-01-18: " in as_text(after, "Halden")
    assert [citation["number"] for citation in after["citations"] if citation["id"] in late["citations"]] == [1]
    asked = {"how": "answers", "by": "Marta", "text": "And is it in?", "citation": after["citations"][1]["id"]}
    told = as_text({**after, "promises": [{**late, "text": "It is.", "setting": asked}]}, "Halden")
    assert "“It is.” (to “And is it in?”) [1][2]" in told
