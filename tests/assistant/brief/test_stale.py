"""A kept brief says when what it quotes was edited or is gone; composed again, it quotes what stands there now."""

from __future__ import annotations

from assistant.brief.render import as_text
from assistant.brief.shelf import current_brief
from ingest.archive.scope import EVERYTHING
from tests.conftest import HALDEN, Desk
from tests.exports import DANA, MARTA, at, mail


def test_a_brief_that_quotes_an_edited_or_removed_source_is_marked_and_mended_by_composing_again(desk: Desk) -> None:
    desk.write(HALDEN)
    desk.ingest()
    with desk.kit(write=True) as kit:
        whose = kit.archive.account(EVERYTHING, "Halden").id
        brief = current_brief(kit, whose)
        assert brief["stale"] == []
        assert "Out of date" not in as_text(brief)
        quoted = {citation["source"]["external_id"]: citation["source"] for citation in brief["citations"]}
        assert {"m1@cartage", "7001"} <= set(quoted)

    desk.write({"emails/timing.eml": mail(DANA, MARTA, "Phone support in Swedish costs 90 a day.", id="m1@cartage", on=at(9, 3))})
    (desk.files / "gong" / "calls.json").unlink()
    (desk.files / "gong" / "transcripts.json").unlink()
    desk.ingest()

    with desk.kit(write=True) as kit:
        kept = current_brief(kit, whose)
        why = {each["source"]["id"]: each["why"] for each in kept["stale"]}
        assert why[quoted["m1@cartage"]["id"]] == "changed"
        assert why[quoted["7001"]["id"]] == "gone"
        assert "Out of date" in as_text(kept)
        anew = current_brief(kit, whose, compose_anew=True)
        assert (anew["version"], anew["stale"]) == (2, [])
        assert "18 January" not in str(anew["citations"])
