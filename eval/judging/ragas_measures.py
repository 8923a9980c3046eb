"""ragas' measures with our own judge in them: faithfulness, context precision and recall, answer relevancy, factual correctness.

ragas asks whoever judges in long prompts of its own. Here its questions are read out of them and put to a judge whose standing is known;
so the measures are ragas', and the judge is the one that was judged. Needs the extra `eval`.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# Read when ragas is imported; "true" is the one word it knows. The measures themselves were seen to open no connection.
os.environ["RAGAS_DO_NOT_TRACK"] = "true"

from ragas.embeddings.base import BaseRagasEmbedding
from ragas.llms.base import InstructorBaseRagasLLM
from ragas.metrics.collections import AnswerRelevancy, ContextPrecision, ContextRecall, FactualCorrectness, Faithfulness

from eval.judging.port import Judge
from eval.judging.sentences import sentences
from eval.matching import denies
from ingest.index.embedder import Embedder

INPUT = "\ninput: "
"""What stands in ragas' prompts before the JSON that it asks about."""


@dataclass(frozen=True, slots=True)
class Sample:
    question: str
    answer: str
    contexts: tuple[str, ...]
    reference: str


class _Judge(InstructorBaseRagasLLM):  # type: ignore[misc]  # ragas is not installed where types are checked
    """Says yes from the threshold on that its standing was found with."""

    def __init__(self, judge: Judge, threshold: float) -> None:
        self.judge, self.threshold = judge, threshold

    def generate(self, prompt: str, response_model: type[Any]) -> Any:
        asked, _ = json.JSONDecoder().raw_decode(prompt[prompt.rindex(INPUT) + len(INPUT) :])
        return response_model.model_validate(self._replies(response_model.__name__, asked))

    async def agenerate(self, prompt: str, response_model: type[Any]) -> Any:
        return self.generate(prompt, response_model)

    def _replies(self, wanted: str, asked: dict[str, Any]) -> dict[str, Any]:
        match wanted:
            case "StatementGeneratorOutput":
                return {"statements": sentences(asked["answer"])}
            case "ClaimDecompositionOutput":
                return {"claims": sentences(asked["response"])}
            case "NLIStatementOutput":
                return {"statements": [self._verdict(one, asked["context"]) for one in asked["statements"]]}
            case "ContextPrecisionOutput":
                useful = any(self._yes(one, asked["context"]) for one in sentences(asked["answer"]))
                return {"reason": "", "verdict": int(useful)}
            case "ContextRecallOutput":
                cut = sentences(asked["answer"])
                return {"classifications": [{"statement": s, "reason": "", "attributed": self._yes(s, asked["context"])} for s in cut]}
            case "AnswerRelevanceOutput":
                # Where no model writes the question that an answer would fit, the answer stands for it: it is compared with what was asked.
                return {"question": asked["response"], "noncommittal": int(denies(asked["response"]))}
            case _:
                raise NotImplementedError(f"ragas asks for {wanted}, which no measure used here needs")

    def _verdict(self, statement: str, context: str) -> dict[str, Any]:
        return {"statement": statement, "reason": "", "verdict": self._yes(statement, context)}

    def _yes(self, statement: str, context: str) -> int:
        return int(self.judge.supported(statement, context) >= self.threshold)


class _Embedding(BaseRagasEmbedding):  # type: ignore[misc]  # as above
    def __init__(self, embedder: Embedder) -> None:
        super().__init__()
        self.embedder = embedder

    def embed_text(self, text: str, **kwargs: Any) -> list[float]:
        return [float(value) for value in self.embedder.query(text).vector]

    async def aembed_text(self, text: str, **kwargs: Any) -> list[float]:
        return self.embed_text(text)


def measured(samples: Sequence[Sample], judge: Judge, threshold: float, embedder: Embedder | None) -> list[dict[str, float]]:
    """Each sample's measures, 0 to 1; relevancy only where there is an embedder."""
    return asyncio.run(_measured(samples, _Judge(judge, threshold), embedder))


async def _measured(samples: Sequence[Sample], judge: _Judge, embedder: Embedder | None) -> list[dict[str, float]]:
    relevancy = AnswerRelevancy(llm=judge, embeddings=_Embedding(embedder), strictness=1) if embedder else None
    faithful, precise, recalled = Faithfulness(llm=judge), ContextPrecision(llm=judge), ContextRecall(llm=judge)
    factual = FactualCorrectness(llm=judge)
    found = []
    for s in samples:
        contexts = list(s.contexts)
        of = {
            "faithfulness": await faithful.ascore(user_input=s.question, response=s.answer, retrieved_contexts=contexts),
            "context_precision": await precise.ascore(user_input=s.question, reference=s.reference, retrieved_contexts=contexts),
            "context_recall": await recalled.ascore(user_input=s.question, reference=s.reference, retrieved_contexts=contexts),
            "factual_correctness": await factual.ascore(response=s.answer, reference=s.reference),
        }
        if relevancy:
            of["answer_relevancy"] = await relevancy.ascore(user_input=s.question, response=s.answer)
        found.append({name: float(result.value) for name, result in of.items()})
    return found
