"""Embeddings belong to words: kept once, found again to the byte, gone when nobody says the words any more."""

from __future__ import annotations

import numpy as np

from ingest.archive.archive import Archive
from ingest.archive.rows import Embedding
from ingest.archive.scope import EVERYTHING, Scope
from tests.ingest.making import HashedWords, call, on, put

MODEL = HashedWords.name


def embed(archive: Archive) -> list[str]:
    """What had to be embedded."""
    embedder = HashedWords()
    missing = dict(archive.missing(MODEL))
    archive.put_embeddings(MODEL, dict(zip(missing, embedder.embed(list(missing.values())), strict=True)))
    return embedder.embedded


def test_what_is_missing_is_named_once_with_the_speaker(archive: Archive, halden: str) -> None:
    put(archive, halden, call("c-1", "Hello there.", "Hi."))
    put(archive, halden, call("c-2", "Hello there."))
    assert embed(archive) == ["Dana Okafor: Hello there.", "Priya Raman: Hi."]
    assert archive.missing(MODEL) == []
    assert len(archive.missing("another-model")) == 2


def test_an_embedding_comes_back_to_the_byte(archive: Archive, halden: str) -> None:
    put(archive, halden, call("c-1", "Hello there."))
    [(content, _)] = archive.missing(MODEL)
    rng = np.random.default_rng(7)
    put_in = Embedding(
        rng.normal(size=8).astype(np.float32),
        rng.integers(-127, 128, (3, 8)).astype(np.int8),
        np.array([1, 30521, 2], dtype=np.int32),
        np.array([0, 6, 11], dtype=np.int32),
    )
    archive.put_embeddings(MODEL, {content: put_in, "nobody says this": put_in})
    [(found, back)] = archive.embeddings(EVERYTHING, MODEL).items()
    assert found == content
    both = ((put_in.vector, back.vector), (put_in.tokens, back.tokens), (put_in.pieces, back.pieces), (put_in.starts, back.starts))
    for one, other in both:
        assert (one.dtype, one.tobytes(), one.shape) == (other.dtype, other.tobytes(), other.shape)


def test_an_edit_embeds_only_what_is_new_and_forgets_what_nobody_says(archive: Archive, halden: str) -> None:
    put(archive, halden, call("c-1", "Hello there.", "We go live in March."))
    put(archive, halden, call("c-2", "Hello there."))
    embed(archive)
    put(archive, halden, call("c-1", "Well, hello.", "We go live in March.", "One more thing."))
    assert embed(archive) == ["Dana Okafor: Well, hello.", "Dana Okafor: One more thing."]
    assert len(archive.embeddings(EVERYTHING, MODEL)) == 4
    put(archive, halden, call("c-2", "Goodbye."))
    assert len(archive.embeddings(EVERYTHING, MODEL)) == 3
    with archive._read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM embedding").scalar() == 3


def test_embeddings_follow_the_scope(archive: Archive, halden: str) -> None:
    put(archive, halden, call("c-1", "Hello there.", occurred_at=on(9, 1)))
    put(archive, halden, call("c-2", "Something later.", occurred_at=on(9, 2)))
    embed(archive)
    then = Scope(frozenset({halden}), as_of=on(9, 1))
    seen = [passage.content for passage in archive.passages(then)]
    assert list(archive.embeddings(then, MODEL)) == seen
    assert list(archive.vectors(then, MODEL)) == [passage.id for passage in archive.passages(then)]
    assert archive.embedded(then, MODEL) == set(archive.vectors(then, MODEL))
