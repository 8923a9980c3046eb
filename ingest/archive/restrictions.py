"""What is kept from most readers of its account although nobody said it among ourselves: a private call, a mail about a person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, func, insert, select

from ingest.archive.access_tables import restricted
from ingest.archive.database import Database
from ingest.archive.errors import NotThere
from ingest.archive.tables import interaction, participant, person

_SAME = interaction.alias("same")


class Restrictions(Database):
    def restrict(self, interaction_id: str, by: str, at: datetime) -> None:
        """And the same thing as other tools tell it, each by itself, for one may go and the other stay. What is restricted already stays
        so since then. Raises NotThere."""
        with self._write() as connection:
            same = connection.scalars(_told_alike(interaction_id)).all()
            if not same:
                raise NotThere("source", interaction_id)
            known = set(connection.scalars(select(restricted.c.interaction_id)))
            for id in same:
                if id not in known:
                    connection.execute(insert(restricted).values(interaction_id=id, by=by, at=at))

    def unrestrict(self, interaction_id: str) -> None:
        """Undoes `restrict`, whichever copy of it was named then; raises NotThere where nothing is restricted."""
        with self._write() as connection:
            named = restricted.c.interaction_id.in_(_told_alike(interaction_id))
            if not connection.execute(delete(restricted).where(named)).rowcount:
                raise NotThere("restricted source", interaction_id)

    def hidden_from(self, email: str) -> frozenset[tuple[str, str]]:
        """(account, interaction) of everything restricted in which nobody of this address took part."""
        with self._read() as connection:
            if connection.execute(select(restricted.c.interaction_id).limit(1)).first() is None:
                return frozenset()
            named = select(_root(_SAME)).join(restricted, restricted.c.interaction_id == _SAME.c.id)
            query = select(interaction.c.account_id, interaction.c.id).where(_root(interaction).in_(named))
            if email:
                took_part = (
                    select(_root(_SAME))
                    .join(participant, participant.c.interaction_id == _SAME.c.id)
                    .join(person, person.c.id == participant.c.person_id)
                    .where(func.lower(person.c.email) == email.casefold())
                )
                query = query.where(_root(interaction).not_in(took_part))
            return frozenset((account, id) for account, id in connection.execute(query))

    def restricted(self) -> frozenset[str]:
        """Ids of all that is, the same as other tools tell it too."""
        return frozenset(id for _, id in self.hidden_from(""))


def _told_alike(interaction_id: str) -> Select[tuple[str]]:
    """Its id, and those of the same thing told by others."""
    root = select(_root(interaction)).where(interaction.c.id == interaction_id).scalar_subquery()
    return select(_SAME.c.id).where(_root(_SAME) == root)


def _root(table: object) -> ColumnElement[str]:
    """Of several that tell the same thing, the one that tells it most richly."""
    columns = table.c  # type: ignore[attr-defined]  # a table or an alias of it
    return func.coalesce(columns.alternate_of, columns.id)
