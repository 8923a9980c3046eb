"""Baton's search as a LlamaIndex retriever, for who has a LlamaIndex app already.

Nodes hold the exact words and, as metadata, everything needed to cite them: account, interaction, span, speaker, side, day, link. Their
ids are the passages' own, so that the same words found twice are one node. What a reader may see is a `Scope`, as everywhere.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from assistant.answers import Question
from assistant.citations import cite
from assistant.evidence import Ranked
from assistant.finding import find
from assistant.nominating import nominated
from assistant.room import Room
from assistant.understand import understand
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING, Scope
from ingest.records import Kind

_TOLD = ("title", "date", "speaker")
"""What of the metadata a model is told with the words; the rest is for programs."""


class BatonRetriever(BaseRetriever):
    """Finds in one account, whatever it is called by: id, name, domain or CRM id.

    Raises `NotThere` and `Ambiguous` for an account that the scope does not reach or that is not told apart. The kit stays the
    caller's to close.
    """

    def __init__(
        self,
        kit: Kit,
        account: str,
        *,
        scope: Scope = EVERYTHING,
        deal_id: str | None = None,
        as_of: datetime | None = None,
        kinds: frozenset[Kind] | None = None,
        limit: int = 10,
    ) -> None:
        super().__init__()
        found = kit.archive.account(scope, account)
        self._kit, self._name = kit, found.name
        self._scope = scope.only(found.id)
        self._asked = Question("", found.id, deal_id, as_of, kinds)
        self._limit = limit

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        asked = self._asked
        question = Question(query_bundle.query_str, asked.account_id, asked.deal_id, asked.as_of, asked.kinds)
        room = self._kit.room(self._scope.until(asked.as_of))
        understood = understand(question, self._kit.people(self._scope))
        evidence = find(room, question, understood, self._kit.asks, nominated, self._limit, self._kit.recipe)
        return [NodeWithScore(node=self._node(room, ranked), score=ranked.score) for ranked in evidence.ranked]

    def _node(self, room: Room, ranked: Ranked) -> TextNode:
        passage = ranked.passage
        interaction = room.interactions[passage.interaction_id]
        citation = cite(interaction, passage.span)
        source, speaker = interaction.source, citation.speaker
        metadata: dict[str, Any] = {
            "account": self._name,
            "account_id": passage.account_id,
            "kind": source.kind,
            "title": source.title,
            "date": source.occurred_on.isoformat() if source.occurred_on else "",
            "speaker": speaker.name if speaker else "",
            "side": speaker.side if speaker else "unknown",
            "source_id": source.id,
            "external_id": source.external_id,
            "turn_id": citation.turn_id,
            "start": passage.span.start,
            "end": passage.span.end,
            "url": citation.url,
            "citation_id": citation.id,
            "internal": source.internal,
            "block": ranked.block,
        }
        silent = [name for name in metadata if name not in _TOLD]
        return TextNode(
            id_=passage.id, text=passage.text, metadata=metadata, excluded_llm_metadata_keys=silent, excluded_embed_metadata_keys=silent
        )
