"""The rows of the word index: SQLite's FTS5 table inside the archive, written in the same transaction as the passages it serves.

The account is a token inside the table, which is much faster to search than a join. Together with the pragmas of
`database` this is all that is SQLite's own; `ingest.index.words` makes the queries.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, MetaData, and_, event, select, text

from ingest.archive import tables
from ingest.archive.database import Database
from ingest.archive.errors import HomeUnreadable
from ingest.passages import searched_text

CREATE = (
    "CREATE VIRTUAL TABLE passage_words USING fts5(account, words, passage_id UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2')"
)


@event.listens_for(tables.metadata, "after_create")
def _create(target: MetaData, connection: Connection, **how: object) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text(CREATE))


class Words(Database):
    def search_words(self, account_id: str, query: str, limit: int) -> list[tuple[str, float]]:
        """Passage ids and their BM25 scores, best first, for an FTS5 expression over the column `words`."""
        with self._read() as connection:
            rows = connection.execute(
                text(
                    "SELECT passage_id, -bm25(passage_words, 0.0, 1.0) AS score FROM passage_words"
                    " WHERE passage_words MATCH :query ORDER BY score DESC, passage_id LIMIT :limit"
                ),
                {"query": f"{_of(account_id)} AND words : ({query})", "limit": limit},
            )
            return [(id, score) for id, score in rows]

    def worded(self, account_id: str) -> set[str]:
        """Ids of the passages that can be found by words."""
        with self._read() as connection:
            found = text("SELECT passage_id FROM passage_words WHERE passage_words MATCH :query")
            return set(connection.execute(found, {"query": _of(account_id)}).scalars())

    def words_are_sound(self) -> bool:
        """Whether the index fits itself and the words it was made from; only for an archive that is open for writing."""
        try:
            with self._write() as connection:
                connection.execute(text("INSERT INTO passage_words (passage_words) VALUES ('integrity-check')"))
        except HomeUnreadable:
            return False
        return True

    def make_words_again(self) -> None:
        """The whole index, whatever state it is in."""
        with self._write() as connection:
            connection.execute(text("DROP TABLE passage_words"))
            connection.execute(text(CREATE))
            for account_id in list(connection.scalars(select(tables.account.c.id))):
                self.reword(account_id)

    def reword(self, account_id: str) -> int:
        """Makes the account's part of the word index again from its passages; how many there are."""
        passage, turn, version, interaction = tables.passage, tables.turn, tables.version, tables.interaction
        with self._write() as connection:
            connection.execute(text("DELETE FROM passage_words WHERE account = :account"), {"account": account_token(account_id)})
            rows = connection.execute(
                select(passage.c.number, passage.c.id, passage.c.start, passage.c.end, turn.c.speaker_name, turn.c.heading, version.c.text)
                .join(interaction, interaction.c.id == passage.c.interaction_id)
                .join(version, and_(version.c.interaction_id == interaction.c.id, version.c.version == interaction.c.version))
                .join(turn, and_(
                    turn.c.interaction_id == version.c.interaction_id,
                    turn.c.version == version.c.version,
                    turn.c.position == passage.c.turn,
                ))
                .where(passage.c.account_id == account_id)
            )  # fmt: skip
            made = [(row.number, row.id, searched_text(row.speaker_name, row.heading, row.text[row.start : row.end])) for row in rows]
            add_words(connection, account_id, made)
            return len(made)


def account_token(account_id: str) -> str:
    """One word to the tokenizer; the digit at its end keeps the stemmer away from it."""
    return f"{account_id.replace('_', '')}0"


def add_words(connection: Connection, account_id: str, rows: Sequence[tuple[int, str, str]]) -> None:
    """Rows of (passage number, passage id, the words it is found by)."""
    if rows:
        connection.execute(
            text("INSERT INTO passage_words (rowid, account, words, passage_id) VALUES (:number, :account, :words, :id)"),
            [{"number": number, "account": account_token(account_id), "words": words, "id": id} for number, id, words in rows],
        )


def remove_words(connection: Connection, interaction_id: str) -> None:
    """Those of one interaction; to be called before its passages go."""
    numbers = connection.scalars(select(tables.passage.c.number).where(tables.passage.c.interaction_id == interaction_id)).all()
    if numbers:
        connection.execute(text("DELETE FROM passage_words WHERE rowid = :number"), [{"number": number} for number in numbers])


def _of(account_id: str) -> str:
    return f'account : "{account_token(account_id)}"'
