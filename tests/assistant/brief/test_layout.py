"""Layouts: files that say what a brief shows, chosen by name or by the deal."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.brief import layout
from assistant.brief.body import brief_json
from assistant.brief.layout import BadLayout, chosen
from assistant.brief.page import lay_out
from assistant.brief.parts import PARTS
from tests.assistant.brief.test_brief import HISTORY, PAPER, brief_of


def test_a_small_deal_gets_the_short_one_by_itself(tmp_path: Path) -> None:
    names = [
        chosen(tmp_path, name, amount).name for name, amount in ((None, 12_000.0), (None, 186_000.0), (None, None), ("short", 186_000.0))
    ]
    assert names == ["short", "standard", "standard", "short"]


def test_every_section_a_layout_can_name_can_be_shown() -> None:
    assert set(layout.SECTIONS) == set(PARTS)


def test_a_teams_own_layout_takes_the_place_of_ours_and_stays_with_the_version(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    own = tmp_path / "layouts" / "standard.toml"
    own.write_text('words = 300\n[[section]]\nname = "promises"\ntitle = "Zusagen"\nrows = 2\n', "utf-8")
    body = brief_json(brief_of(*HISTORY, PAPER), chosen(tmp_path, None, 1_000_000.0))
    own.unlink()
    page = lay_out(body)
    assert [section.title for section in page.sections] == ["At a glance", "Zusagen"]
    assert body["words"] <= 300


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("words = 'many'", "words must be a whole number from 100 to 5000"),
        ("wrods = 300", "has no setting 'wrods'"),
        ("[[section]]\nname = 'nonsense'", "every [[section]] needs a name of story"),
        ("[[section]]\nname = 'story'\nrows = 0", "rows must be a whole number from 1 to 60"),
        ("words = ", "is not valid TOML"),
        ("amount_below = -1", "amount_below must be a number above 0"),
    ],
)
def test_a_layout_that_cannot_be_used_says_what_would_be_right(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "layouts").mkdir()
    (tmp_path / "layouts" / "mine.toml").write_text(text, "utf-8")
    with pytest.raises(BadLayout) as bad:
        chosen(tmp_path, "mine", None)
    assert says in str(bad.value)


def test_a_layout_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(BadLayout, match="there is no layout 'big'; there are renewal, short, standard"):
        chosen(tmp_path, "big", None)


def test_the_story_is_their_words_between_plain_words_of_ours() -> None:
    body = brief_json(brief_of(*HISTORY, PAPER))
    quotes = {citation["id"]: " ".join(citation["quote"]["exact"].split()) for citation in body["citations"]}
    assert body["story"]
    for claim in body["story"]:
        assert claim["text"] == quotes[claim["citations"][0]]
        assert claim["lead"].endswith(":")
    assert sum(len(f"{claim['lead']} {claim['text']}".split()) for claim in body["story"]) <= 120


def test_the_renewal_brief_says_what_became_of_a_promise_and_points_at_no_story_that_stands_behind() -> None:
    shape = layout.chosen(Path("nowhere"), "renewal", None)
    body = brief_json(brief_of(*HISTORY, PAPER), shape)
    body["promises"] = [{**one, "status": "broken"} if "live on 18 January" in one["text"] else one for one in body["promises"]]
    page = lay_out(body)
    assert [section.title for section in page.sections[:2]] == ["At a glance", "What we promised, and what became of it"]
    details = [
        row.detail for section in page.sections for group in section.groups for row in group.rows if "live on 18 January" in row.words
    ]
    assert details[0].startswith("Firm; broken; Ana Silva")
    assert not any("told above" in row.words for section in page.sections for group in section.groups for row in group.rows)
