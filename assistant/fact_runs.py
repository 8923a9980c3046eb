"""Has a language model read what it has not read yet, interaction by interaction, beside the grammar.

What it points out is kept with the words it was read from, the model and the prompt, so that nothing is asked twice: a mail that is
edited is read again, and so is all of it by another model. Where the model fails the grammar's facts are there already and stay; the run
goes on with the next interaction, and gives up when the model has failed so often that it is left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from assistant.answers import Usage
from assistant.facts.told import Told, joined
from assistant.facts.told import as_json as told_as_json
from assistant.ledgers import MODEL, is_of, keep_readings, readings_of, with_model
from assistant.listening import Stop
from assistant.models.port import ModelFailed, ReadsFacts
from ingest.archive.archive import Archive
from ingest.archive.rows import StoredInteraction
from ingest.archive.scope import EVERYTHING, Scope


@dataclass(frozen=True, slots=True)
class FactRun:
    """`asked` were sent; `known` had been read by this model before; of those asked, `failed` say why the model read nothing. Tokens are
    of all that was asked, failures too."""

    asked: int = 0
    known: int = 0
    added: int = 0
    """Facts that the grammar had passed over and that stood every check."""
    refused: int = 0
    """What the model pointed out and is no such fact, or was read by the grammar already."""
    failed: tuple[str, ...] = ()
    left: int = 0
    """Not asked any more after too many failures."""
    sent: int = 0
    received: int = 0
    estimated: bool = False


MOST_FAILURES = 5
"""In a row, after which the rest is left for the next run."""


def read_by_model(
    archive: Archive,
    model: ReadsFacts,
    *,
    scope: Scope = EVERYTHING,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
    stop: Stop | None = None,
) -> FactRun:
    """Of every account in scope, oldest interaction first. Raises `Stopped`; what was read until then is kept."""
    run, in_a_row = FactRun(), 0
    for account in archive.accounts(scope):
        reader = scope.only(account.id)
        keep_readings(archive, account.id, reader)
        interactions = archive.interactions(reader)
        grammar, kept = readings_of(archive, reader, interactions), archive.readings(reader)
        new = [i for i in interactions if _to_read(i) and not _is_read(i, kept, model.facts_by)]
        run = replace(run, known=run.known + sum(_to_read(i) for i in interactions) - len(new))
        for done, interaction in enumerate(new, 1):
            if in_a_row >= MOST_FAILURES:
                run = replace(run, left=run.left + 1)
                continue
            try:
                found = model.facts(interaction, stop)
            except ModelFailed as failed:
                in_a_row += 1
                run = _counted(replace(run, asked=run.asked + 1, failed=(*run.failed, str(failed))), failed.usage)
                continue
            in_a_row = 0
            _keep(archive, account.id, interaction, kept, model.facts_by, found.told, found.usage)
            added = _facts(joined(grammar[interaction.source.id], found.told, interaction)) - _facts(grammar[interaction.source.id])
            told = len(found.told)
            run = replace(run, asked=run.asked + 1, added=run.added + added, refused=run.refused + told - min(told, added))
            run = _counted(run, found.usage)
            progress("facts by the model", done, len(new))
    return run


def _to_read(interaction: StoredInteraction) -> bool:
    return interaction.source.kind != "crm_field" and any(turn.role == "said" for turn in interaction.turns)


def _is_read(interaction: StoredInteraction, kept: dict[str, tuple[str, dict[str, Any]]], by: str) -> bool:
    model = kept.get(interaction.source.id, ("", {}))[1].get(MODEL)
    return model is not None and is_of(model, interaction, by)


def _keep(
    archive: Archive,
    account_id: str,
    interaction: StoredInteraction,
    kept: dict[str, tuple[str, dict[str, Any]]],
    by: str,
    told: tuple[Told, ...],
    usage: Usage,
) -> None:
    stamped, body = kept[interaction.source.id]
    model = {
        "by": by, "words": interaction.source.text_sha256, "told": told_as_json(told), "sent": usage.sent, "received": usage.received,
    }  # fmt: skip
    archive.save_readings(account_id, {interaction.source.id: with_model(stamped, body, model)})


def _facts(reading: Any) -> int:
    return sum(
        len(getattr(reading, name)) for name in ("promises", "goals", "remarks", "risks", "requirements", "terms", "rivals", "reliance")
    )


def _counted(run: FactRun, usage: Usage | None) -> FactRun:
    if usage is None:
        return run
    return replace(run, sent=run.sent + usage.sent, received=run.received + usage.received, estimated=run.estimated or usage.estimated)
