"""What counts for nobody is said, with the command that says whose it is."""

from __future__ import annotations

from assistant.uncounted import as_text, uncounted
from ingest.archive.scope import EVERYTHING
from tests.conftest import Desk
from tests.exports import DANA, MARTA, gong, salesforce, under


def test_statements_of_unknown_side_are_counted_and_named(desk: Desk) -> None:
    assert as_text(()) == ""
    talk = [(DANA, "Hello."), ("Alex Kim <>", "We put a second gate in. That is on us."), (MARTA, "Good, thank you.")]
    desk.write({**under("crm", salesforce()), **under("gong", gong("71", "Kickoff", talk))})
    desk.ingest()
    with desk.open() as home:
        found = uncounted(home.archive, EVERYTHING)
    assert [(one.person.name, one.account, one.sentences) for one in found] == [("Alex Kim", "Halden Freight Group", 2)]
    assert as_text(found).startswith("2 statements by people of unknown side are not counted: Alex Kim (Halden Freight Group).")
    assert 'baton people side "Halden Freight Group" "Alex Kim" ours' in as_text(found)
