"""A service embeds: what it gives is kept as it should be, and what it does wrong is told in a sentence."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Question
from assistant.asking import ask
from assistant.wiring import open_kit
from ingest.archive.scope import EVERYTHING
from ingest.index.embedder import MODEL, EmbedderUnavailable, endpoint_name
from ingest.index.endpoint import Endpoint
from ingest.sync import sync
from ingest.wiring import open_home
from tests.exports import neutral, note
from tests.ingest.making import HashedWords

Fault = Callable[[int, list[str]], tuple[int, Any]]


def embeddings(vectors: list[list[float]]) -> dict[str, Any]:
    listed = [{"object": "embedding", "index": n, "embedding": vector} for n, vector in enumerate(vectors)]
    return {"object": "list", "data": listed, "model": "m", "usage": {"prompt_tokens": 1, "total_tokens": 1}}


@dataclass
class Service:
    """An OpenAI-compatible server on loopback that counts words; `faults` says how it answers instead, request by request."""

    url: str = ""
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    faults: list[Fault | None] = field(default_factory=list)
    fault: Fault | None = None

    def reply(self, body: dict[str, Any]) -> tuple[int, Any]:
        self.asked.append(body)
        wrong = self.faults.pop(0) if self.faults else self.fault
        if wrong:
            return wrong(len(self.asked), body["input"])
        return 200, embeddings([(3 * HashedWords().query(text).vector).tolist() for text in body["input"]])


@pytest.fixture
def service() -> Iterator[Service]:
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.keys.append(self.headers.get("Authorization", ""))
            status, said = state.reply(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("retry-after-ms", "1")  # so that nobody waits
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *said: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        state.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        yield state
        server.shutdown()


def status(code: int) -> Fault:
    return lambda nth, texts: (code, {"error": {"message": "no"}})


def test_texts_come_back_in_their_order_with_one_vector_each_and_none_a_piece(service: Service) -> None:
    endpoint = Endpoint("words-1", service.url, "sesame")
    texts = [f"Point {n} is settled." for n in range(100)]
    found = list(endpoint.embed(texts))
    assert [len(asked["input"]) for asked in service.asked] == [64, 36]
    assert {asked["model"] for asked in service.asked} == {"words-1"}
    assert set(service.keys) == {"Bearer sesame"}
    for text, each in zip(texts, found, strict=True):
        assert each.vector == pytest.approx(HashedWords().query(text).vector, abs=1e-5)
        assert (each.tokens.shape, len(each.pieces), len(each.starts)) == ((0, 64), 0, 0)
    assert endpoint.dimension == 64
    assert endpoint.query(texts[7]).vector.tobytes() == found[7].vector.tobytes()


def test_a_service_that_is_busy_is_asked_again(service: Service) -> None:
    service.faults = [status(429), status(503), None]
    assert len(list(Endpoint("words-1", service.url).embed(["One text."]))) == 1
    assert len(service.asked) == 3


WRONG: dict[str, tuple[Fault, str]] = {
    "always busy": (status(429), "answers 429"),
    "always broken": (status(500), "answers 500"),
    "does not know the key": (status(401), "answers 401"),
    "no JSON": (lambda nth, texts: (200, b"<html>"), "no list of embeddings"),
    "another shape": (lambda nth, texts: (200, {"vectors": []}), "no list of embeddings"),
    "words for numbers": (lambda nth, texts: (200, embeddings([["a"] * 3] * len(texts))), "no list of embeddings"),  # type: ignore[list-item]
    "no numbers at all": (lambda nth, texts: (200, embeddings([[0.0] * 64] * len(texts))), "no list of embeddings"),
    "one too few": (lambda nth, texts: (200, embeddings([[1.0] * 64] * (len(texts) - 1))), "gives 1 embeddings for 2 texts"),
    "another dimension": (lambda nth, texts: (200, embeddings([[1.0] * 32] * len(texts))), "32 numbers a text where 64 are kept"),
}


@pytest.mark.parametrize(("fault", "said"), WRONG.values(), ids=WRONG.keys())
def test_what_a_service_does_wrong_is_told_in_a_sentence(service: Service, fault: Fault, said: str) -> None:
    service.fault = fault
    with pytest.raises(EmbedderUnavailable, match=said) as raised:
        list(Endpoint("words-1", service.url, dimension=64).embed(["One text.", "Another."]))
    assert service.url in str(raised.value)


def test_a_service_that_is_not_there_or_too_slow_is_told_apart(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EmbedderUnavailable, match="cannot be reached"):
        Endpoint("words-1", "http://127.0.0.1:9/v1").query("Anything?")
    let_go = threading.Event()

    def slow(nth: int, texts: list[str]) -> tuple[int, Any]:
        let_go.wait()
        return 500, {}

    service.fault = slow
    monkeypatch.setattr("ingest.index.endpoint._ASK_S", 0.05)
    try:
        with pytest.raises(EmbedderUnavailable, match="does not answer in time"):
            Endpoint("words-1", service.url).query("Anything?")
    finally:
        let_go.set()


def test_names_tell_services_and_models_apart_and_are_good_for_a_folder() -> None:
    names = {
        endpoint_name(model, url)
        for model in ("BAAI/bge-m3", "bge m3")
        for url in ("http://a.example/v1", "http://b.example/v1", "http://a.example/v1/")
    }
    assert len(names) == 4
    assert all(set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") for name in names)


class AsPackaged(HashedWords):
    """Stands in for the model that comes with Baton."""

    name = MODEL


def written(folder: Path, count: int) -> Path:
    file = folder / "exports" / "a.jsonl"
    file.parent.mkdir(exist_ok=True)
    notes = [note(f"n{n}", f"Depot {n} has gate {n * 7}.", "Halden") for n in range(count)]
    file.write_text(neutral(*notes, note("x", "Phone support is free of charge for ninety days.", "Halden")), encoding="utf-8")
    return file.parent


def asked(home: Path, text: str) -> Any:
    with open_kit(open_home(home)) as kit:
        return ask(kit, Question(text, kit.archive.account(EVERYTHING, "Halden").id))


def test_the_setting_takes_effect_with_the_next_ingest_and_the_old_vectors_stay_until_all_is_embedded(
    service: Service, tmp_path: Path
) -> None:
    exports, place = written(tmp_path, 150), tmp_path / "home"
    with open_home(place, write=True, load_embedder=AsPackaged, model=MODEL) as home:
        sync(home, [exports])
    (place / "baton.toml").write_text(f'[ingest]\nembedding = "words-1 at {service.url}"\n', encoding="utf-8")
    name = endpoint_name("words-1", service.url)
    with open_home(place) as home:
        assert home.model == MODEL  # nothing is embedded anew yet

    service.faults = [None, None, status(401)]
    with open_home(place, write=True) as home:
        tally = sync(home, [exports])
        assert tally.embedded == 128
        [told] = tally.degraded
        assert told.startswith(f"the embedding service at {service.url} answers 401 (model words-1); 23 passages are not embedded yet")
        assert home.archive.other_models(name) == [MODEL]
    with open_home(place) as home:
        assert home.model == MODEL

    seen: list[tuple[str, int, int]] = []
    with open_home(place, write=True) as home:
        tally = sync(home, [exports], progress=lambda *step: seen.append(step))
        assert (tally.unchanged, tally.embedded, tally.degraded) == (151, 23, ())
        assert seen[-1] == ("embedding", 23, 23)
        assert home.archive.other_models(name) == []
        [account] = home.archive.accounts(EVERYTHING)
        assert sorted(each.name for each in (place / "vectors" / account.id).iterdir()) == sorted([name, f"{name}.whole"])
        assert home.vectors is not None
        assert len(home.vectors.ids(account.id)) == 151

    answer = asked(place, "Is phone support free of charge?")
    assert "Phone support is free of charge for ninety days." in answer.citations[0].exact
    assert answer.degraded == ()
    service.fault = status(500)
    answer = asked(place, "Is the phone support really free of charge?")
    assert "Phone support is free of charge for ninety days." in answer.citations[0].exact
    assert answer.degraded == (f"this answer comes from words alone: the embedding service at {service.url} answers 500 (model words-1)",)
