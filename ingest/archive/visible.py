"""A `Scope` as conditions on the tables: the one place where what a reader may see becomes SQL."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, exists, false, or_, select

from ingest.archive.scope import Scope
from ingest.archive.tables import account, interaction, withheld

_GONE = account.alias("gone")


def in_accounts(scope: Scope, account_id: ColumnElement[str]) -> list[ColumnElement[bool]]:
    """Never in one that a person has deleted, or merged into another."""
    gone = select(_GONE.c.id).where(or_(_GONE.c.deleted, _GONE.c.merged_into.is_not(None)))
    there = or_(account_id.is_(None), account_id.not_in(gone))
    return [there] if scope.accounts is None else [account_id.in_(sorted(scope.accounts)), there]


def visible(scope: Scope) -> list[ColumnElement[bool]]:
    """On `interaction`: what this reader finds. The same thing told by another tool is found once."""
    return [*reachable(scope), interaction.c.alternate_of.is_(None)]


def reachable(scope: Scope) -> list[ColumnElement[bool]]:
    """On `interaction`: which of them this reader may know of, alternates too."""
    conditions = [interaction.c.removed == false(), *in_accounts(scope, interaction.c.account_id)]
    if not scope.internal:
        conditions.append(interaction.c.internal == false())
    if scope.hidden:
        conditions.append(interaction.c.id.not_in(sorted(id for _, id in scope.hidden)))
    if scope.as_of is not None:  # an undated one compares as unknown, so it stays out
        conditions.append(interaction.c.occurred_at <= scope.as_of)
    return conditions


def made_within(scope: Scope, internal: ColumnElement[bool], as_of: ColumnElement[object]) -> list[ColumnElement[bool]]:
    """On answers and briefs: made from nothing that this reader may not know."""
    conditions: list[ColumnElement[bool]] = []
    if not scope.internal:
        conditions.append(internal == false())
    if scope.as_of is not None:
        conditions.append(as_of <= scope.as_of)
    return conditions


def shares_withheld_words(passage: Table) -> ColumnElement[bool]:
    """On `passage`: some of its words were taken out as confidential."""
    same = withheld.c.interaction_id == passage.c.interaction_id
    return exists().where(same, withheld.c.start < passage.c.end, passage.c.start < withheld.c.end)
