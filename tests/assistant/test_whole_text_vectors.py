"""An embedder may give one vector a text and none a word piece, as services do: everything works, with less to go by."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.answers import Question
from assistant.asking import ask
from assistant.finding import find
from assistant.understand import understand
from assistant.wiring import Kit
from ingest.archive.rows import Embedding
from ingest.archive.scope import EVERYTHING
from tests.conftest import HALDEN, Desk, HashedTerms


class WholeTexts(HashedTerms):
    name = "hashed-texts"

    def query(self, text: str) -> Embedding:
        whole = super().query(text)
        nothing = np.zeros(0, np.int32)
        return replace(whole, tokens=np.zeros((0, self.dimension), np.int8), pieces=nothing, starts=nothing)


@pytest.fixture(scope="module")
def desk_of_texts(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    desk = Desk(tmp_path_factory.mktemp("texts"), WholeTexts())
    desk.write(HALDEN)
    desk.ingest()
    return desk


def asked(kit: Kit, text: str) -> Question:
    return Question(text, kit.archive.account(EVERYTHING, "Halden").id)


def test_passages_are_ranked_by_what_whole_texts_mean_and_sentences_chosen_by_words(desk_of_texts: Desk) -> None:
    with desk_of_texts.kit() as kit:
        question = asked(kit, "Is phone support in Swedish free of charge?")
        found = find(kit.room(EVERYTHING.only(question.account_id)), question, understand(question, ()), kit.asks, None)
        assert found.query is not None
        assert not found.by_pieces
        assert "phone support in Swedish is free of charge for 90 days." in found.ranked[0].passage.text
        answer = ask(kit, question)
        assert answer.status == "answered"
        assert "phone support in Swedish is free of charge for 90 days." in answer.citations[0].exact
        assert ask(kit, asked(kit, "Which zeppelin does the mascot prefer?")).status == "declined"


def test_such_embeddings_come_back_from_the_archive_as_they_were_put_in(desk_of_texts: Desk) -> None:
    with desk_of_texts.open() as home:
        kept = home.archive.embeddings(EVERYTHING, WholeTexts.name)
        assert len(kept) > 4
        assert {(each.vector.shape, each.tokens.shape, each.pieces.shape) for each in kept.values()} == {((64,), (0, 64), (0,))}
