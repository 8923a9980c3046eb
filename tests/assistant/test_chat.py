"""A language model answers with checked claims; whatever goes wrong with it, the history's own words answer instead, and say so."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable
from dataclasses import replace
from threading import Thread
from time import monotonic
from typing import Any

import pytest

from assistant.answers import Answer
from assistant.asking import ask, gather
from assistant.citations import cite
from assistant.finding import find
from assistant.listening import Listener, Said, Searched, Stopped, Withdrawn
from assistant.models.breaker import Breaker
from assistant.models.chat import Chat
from assistant.models.dialect import Dialect, simpler
from assistant.models.endpoint import Endpoint
from assistant.models.point import to_the_point
from assistant.models.prompting import prompt
from assistant.render import answer_json, usage_text
from assistant.settings import ModelSettings
from assistant.understand import understand
from assistant.wiring import Kit
from ingest.archive.scope import EVERYTHING
from ingest.records import Span
from tests.assistant.model_server import (
    GOOD,
    KEY,
    QUOTED,
    Asked,
    Behaviour,
    ModelServer,
    Wire,
    claims,
    cut_at,
    delta,
    event,
    events,
    fails,
    good,
    in_turn,
    raw,
    says,
    serving,
    streams,
)
from tests.assistant.test_asking import question, texts

ASKED = "Which go-live date can Dana commit to?"
QUICK = {"connect_s": 0.5, "first_token_s": 0.3, "total_s": 1.5}
"""For endpoints that hang."""


def with_model(kit: Kit, server: ModelServer, **how: Any) -> Kit:
    settings = ModelSettings(**{"base_url": server.url, "name": "small-1", "key": KEY, **how})
    return replace(kit, model=Chat(settings, Endpoint(settings)))


def asked_with(kit: Kit, behaviour: Behaviour, **how: Any) -> tuple[Answer, ModelServer]:
    with serving(behaviour) as server:
        return ask(with_model(kit, server, **how), question(kit, ASKED)), server


def told(listener_steps: list[Any]) -> list[tuple[str, str]]:
    return [("said", s.claim.text) if isinstance(s, Said) else ("withdrawn", "") for s in listener_steps if not isinstance(s, Searched)]


def test_a_claim_of_the_model_stands_on_the_exact_words_it_quotes(halden: Kit) -> None:
    answer, server = asked_with(
        halden, streams(good, usage={"prompt_tokens": 812, "completion_tokens": 60}), input_price=2.0, output_price=8.0
    )
    assert (answer.status, answer.model, texts(answer), answer.degraded) == ("answered", "small-1", [GOOD], ())
    assert [c.exact for c in answer.citations] == [QUOTED]
    assert answer_json(answer)["usage"] == {
        "model": "small-1", "prompt_tokens": 812, "completion_tokens": 60, "cost": 0.002104, "currency": "USD", "estimated": False,
    }  # fmt: skip
    assert answer.usage is not None
    assert usage_text(answer.usage) == "small-1: 812 tokens sent, 60 received, 0.0021 USD"
    assert server.asked[0].path == "/v1/chat/completions"


def test_what_the_quotes_do_not_hold_is_left_out_and_counted(halden: Kit) -> None:
    def mixed(asked: Asked) -> str:
        true = json.loads(good(asked))["claims"][0]
        return json.dumps(
            {
                "claims": [
                    true,
                    {"text": "Dana promised a discount of 40 percent.", "quotes": true["quotes"]},
                    {"text": "Dana committed.", "quotes": [{"passage": 1, "words": "words that nobody ever wrote down here"}]},
                    {"text": "Dana committed.", "quotes": []},
                    {"text": "See ![it](https://bad.example/x) for the go-live date.", "quotes": true["quotes"]},
                ]
            }
        )

    answer, _ = asked_with(halden, streams(mixed))
    assert (texts(answer), answer.removed_claims, answer.model) == ([GOOD], 4, "small-1")


def test_a_quote_is_put_as_its_passage_has_it(halden: Kit) -> None:
    loose = "if those two depots are the only scope - I can commit to a go-live date of “18 January 2027”"
    answer, _ = asked_with(halden, streams(lambda asked: claims((GOOD, 99, loose))))
    assert [c.exact for c in answer.citations] == [QUOTED[:-1]]


def test_a_model_that_finds_nothing_declines(halden: Kit) -> None:
    answer, _ = asked_with(halden, says('{"claims": []}'))
    assert (answer.status, answer.reason, answer.model, answer.blocks) == ("declined", "not_in_history", "small-1", ())


@pytest.mark.parametrize(
    "wrapped", ["```json\n{}\n```", "<think>Dana? {{no}}</think>\n{}", "Here it is:\n{}"], ids=["fenced", "thought aloud", "introduced"]
)
def test_a_reply_is_found_in_what_an_endpoint_wraps_around_it(halden: Kit, wrapped: str) -> None:
    answer, _ = asked_with(halden, streams(lambda asked: wrapped.replace("{}", good(asked))))
    assert texts(answer) == [GOOD]


# What can go wrong


def hang_at_once(wire: Wire, asked: Asked) -> None:
    wire.hang()


def hang_after(*parts: bytes) -> Behaviour:
    def behave(wire: Wire, asked: Asked) -> None:
        wire.head()
        for part in parts:
            wire.write(part)
        wire.hang()

    return behave


def hang_half_way(wire: Wire, asked: Asked) -> None:
    body = events(good(asked))
    wire.head()
    wire.write(body[: len(body) // 2])
    wire.hang()


def drip(part: bytes, head: bool = True) -> Behaviour:
    """Signs of life, and never a word."""

    def behave(wire: Wire, asked: Asked) -> None:
        if head:
            wire.head()
        else:
            wire.write(b"HTTP/1.1 200 OK\r\n")
        while not wire.released.wait(0.02):
            wire.write(part)

    return behave


def slowly_for_ever(wire: Wire, asked: Asked) -> None:
    wire.head()
    wire.write(delta({"content": '{"claims": ['}))
    while not wire.released.wait(0.02):
        wire.write(delta({"content": " "}))


def reset(wire: Wire, asked: Asked) -> None:
    wire.reset()


def gives_itself_away(spaced: bool) -> Behaviour:
    def reply(asked: Asked) -> str:
        canary = str(asked.body["messages"][0]["content"]).rpartition(" ")[2]
        body = json.loads(good(asked))
        body["claims"][0]["text"] += " " + ("- ".join(canary.upper()) if spaced else canary)
        return json.dumps(body)

    return streams(reply)


def repeats_the_mark(asked: Asked) -> str:
    mark = asked.user.partition("[")[2].partition(" ")[0]
    return claims((f"{GOOD} {mark}", 1, QUOTED))


TOOL = {"tool_calls": [{"index": 0, "id": "t", "type": "function", "function": {"name": "send_mail", "arguments": "{}"}}]}
LONG = b"data: " + b"x" * 10_000_000

FAULTS: dict[str, Behaviour] = {
    **{f"cut at {share}/20": cut_at(share / 20, whole_chunks=False) for share in range(20)},
    **{f"ended early at {share}/4": cut_at(share / 4, whole_chunks=True) for share in range(1, 5)},
    "429": fails("429 Too Many Requests"),
    "429, come back in an hour": fails("429 Too Many Requests", retry_after="3600"),
    "429, come back at nonsense": fails("429 Too Many Requests", retry_after="soon"),
    "500": fails("500 Internal Server Error"),
    "502 as a page": raw(b"<html>Bad gateway</html>", status="502 Bad Gateway", kind="text/html"),
    "503": fails("503 Service Unavailable", retry_after="0"),
    "401": fails("401 Unauthorized"),
    "403": fails("403 Forbidden"),
    "404": fails("404 Not Found"),
    "400 whatever is left out": fails("400 Bad Request"),
    "reset": reset,
    "nothing at all": lambda wire, asked: None,
    "empty": raw(b""),
    "no content": says(""),
    "white space": says("  \n "),
    "a page": raw(b"<html>Sign in</html>", kind="text/html"),
    "not HTTP": lambda wire, asked: wire.write(b"220 mail.example ESMTP\r\n"),
    "prose": says("Dana can commit to 18 January 2027."),
    "JSON cut off": says('{"claims": [{"text": "Dana'),
    "a list": says("[]"),
    "another schema": says('{"answer": "18 January 2027"}'),
    "claims as text": says('{"claims": "18 January 2027"}'),
    "claims without quotes": says('{"claims": [{"text": "18 January 2027"}]}'),
    "quotes as text": says('{"claims": [{"text": "18 January", "quotes": "18 January"}]}'),
    "a lone surrogate": says('{"claims": [{"text": "\\ud800", "quotes": [{"passage": 1, "words": "\\udfff"}]}]}'),
    "no quote that stands": says(claims(("Dana promised it.", 1, "nobody ever wrote these words anywhere"))),
    "nested a hundred thousand deep": says('{"claims": ' + "[" * 50_000, piece=10_000),
    "10 MB of content": says('{"claims": [' + " " * 10_000_000, piece=100_000),
    "10 MB in one line": raw(LONG),
    "10 MB of failure": raw(LONG, status="500 Internal Server Error"),
    "packed": raw(b"\x1f\x8b" + b"\x00" * 50, content_encoding="gzip"),
    "invalid UTF-8": raw(b"data: \xff\xfe\xc3\x28\n\n"),
    "invalid UTF-8 inside": raw(events("Dana").replace(b"Dana", b"D\xe9na")),
    "tools never offered": raw(delta(TOOL) + delta({}, "tool_calls") + b"data: [DONE]\n\n"),
    "tools beside an answer": raw(delta({"content": '{"claims": []}', **TOOL}) + delta({}, "stop") + b"data: [DONE]\n\n"),
    "too long": says('{"claims": []}', finish="length"),
    "filtered": says('{"claims": []}', finish="content_filter"),
    "no ending": says('{"claims": []}', finish=None),
    "an error in the stream": raw(event({"error": {"message": f"overloaded {KEY}"}})),
    "events of another form": raw(event({"choices": "none"}) + b"data: [DONE]\n\n"),
    "tokens below nothing": says('{"claims": []}', usage={"prompt_tokens": -5, "completion_tokens": 1}),
    "no delta": raw(event({"choices": [{"index": 0, "finish_reason": "stop"}]}) + b"data: [DONE]\n\n"),
    "the canary": gives_itself_away(spaced=False),
    "the canary, spaced": gives_itself_away(spaced=True),
    "the mark of the passages": streams(repeats_the_mark),
}
HANGING: dict[str, Behaviour] = {
    "silent": hang_at_once,
    "silent after the headers": hang_after(),
    "silent after the first word": hang_after(delta({"content": '{"cl'})),
    "silent half-way": hang_half_way,
    "comments for ever": drip(b": ping\n\n"),
    "empty words for ever": drip(delta({"content": ""})),
    "headers for ever": drip(b"x-more: y\r\n", head=False),
    "words for ever": slowly_for_ever,
}


def assert_fell_back(kit: Kit, answer: Answer, caplog: pytest.LogCaptureFixture) -> None:
    """The extractive answer, whole and marked; and no secret anywhere."""
    expected = answer_json(ask(kit, question(kit, ASKED)))
    given = answer_json(answer)
    for name in ("id", "status", "model", "partial", "blocks", "citations", "receipt"):
        assert given[name] == expected[name]
    assert [part.partition(":")[0] for part in answer.degraded] == ["answered without the language model"]
    written = f"{given} {caplog.text}"
    assert KEY not in written
    assert "baton-" not in written


@pytest.mark.parametrize("fault", FAULTS)
def test_every_failure_of_the_model_leaves_the_extractive_answer_marked(
    halden: Kit, fault: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.models.chat.RETRY_AFTER_S", (0.0, 0.0))
    with caplog.at_level(logging.DEBUG):
        answer, _ = asked_with(halden, FAULTS[fault])
    assert_fell_back(halden, answer, caplog)


@pytest.mark.parametrize("fault", HANGING)
def test_a_model_that_hangs_is_left_by_the_deadline(halden: Kit, fault: str, caplog: pytest.LogCaptureFixture) -> None:
    begun = monotonic()
    answer, _ = asked_with(halden, HANGING[fault], **QUICK)
    assert monotonic() - begun < 4 * (QUICK["total_s"] + 1)  # the deadline and a second, on a busy machine; each of these never ends
    assert_fell_back(halden, answer, caplog)


def test_nobody_listening_and_no_such_host_and_no_tls_are_failures_too(halden: Kit, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
    for url in (closed, "http://no-such-host.invalid/v1"):
        answer = ask(with_model(halden, ModelServer(hang_at_once, url), **QUICK), question(halden, ASKED))
        assert_fell_back(halden, answer, caplog)
    with serving(streams(good)) as server:
        answer = ask(with_model(halden, ModelServer(hang_at_once, server.url.replace("http", "https")), **QUICK), question(halden, ASKED))
    assert_fell_back(halden, answer, caplog)


def test_the_first_second_try_is_the_last(halden: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.models.chat.RETRY_AFTER_S", (0.0, 0.0))
    for fault in (fails("503 Service Unavailable"), says("prose"), reset):
        assert len(asked_with(halden, fault)[1].asked) == 2
        answer, server = asked_with(halden, in_turn(fault, streams(good)))
        assert (texts(answer), len(server.asked)) == ([GOOD], 2)
    for final in (fails("401 Unauthorized"), fails("429 Too Many Requests", retry_after="3600")):
        assert len(asked_with(halden, final)[1].asked) == 1


def test_a_reply_that_cannot_be_used_is_asked_for_again_with_what_was_wrong(halden: Kit) -> None:
    _, server = asked_with(halden, in_turn(says('{"claims": [{"text": "x"}]}'), streams(good)))
    first, second = (asked.body["messages"] for asked in server.asked)
    assert second[:2] == first
    assert second[2] == {"role": "assistant", "content": '{"claims": [{"text": "x"}]}'}
    assert second[3]["content"].startswith("That reply could not be used: claims.0.quotes: Field required.")


def test_tokens_of_every_try_are_counted_and_guessed_where_the_endpoint_does_not_count(halden: Kit) -> None:
    counted = {"prompt_tokens": 100, "completion_tokens": 10}
    answer, _ = asked_with(halden, in_turn(says("prose", usage=counted), streams(good, usage=counted)))
    assert answer.usage is not None
    assert (answer.usage.sent, answer.usage.received, answer.usage.cost, answer.model_tokens) == (200, 20, None, 220)
    answer, _ = asked_with(halden, says("prose", usage=counted))
    assert (answer.model, answer.model_tokens) == ("extractive", 220)
    answer, _ = asked_with(halden, streams(good))
    assert answer.usage is not None
    assert answer.usage.estimated
    assert answer.usage.sent > 100


# How it is asked


def refusing(*minded: str) -> Behaviour:
    """An endpoint that does not know some parameters, and names the first of them it meets."""

    def behave(wire: Wire, asked: Asked) -> None:
        for name in minded:
            if name in json.dumps({k: v for k, v in asked.body.items() if k != "messages"}):
                body = json.dumps({"error": {"message": f"Unsupported parameter: '{name}'"}}).encode()
                return raw(body, status="400 Bad Request", kind="application/json", content_length=str(len(body)))(wire, asked)
        return streams(good)(wire, asked)

    return behave


def test_an_endpoint_is_spoken_to_as_it_understands_which_is_remembered(halden: Kit) -> None:
    with serving(refusing("json_schema", "temperature", "stream_options")) as server:
        kit = with_model(halden, server)
        assert texts(ask(kit, question(kit, ASKED))) == [GOOD]
        assert len(server.asked) == 4
        assert texts(ask(kit, question(kit, ASKED))) == [GOOD]
    assert len(server.asked) == 5
    last = {k: v for k, v in server.asked[-1].body.items() if k != "messages"}
    assert last == {"model": "small-1", "stream": True, "max_tokens": 800, "response_format": {"type": "json_object"}}


@pytest.mark.parametrize(
    ("dialect", "refusal", "expected"),
    [
        (Dialect(), "Use 'max_completion_tokens' instead", Dialect(limit="max_completion_tokens")),
        (Dialect(), "temperature does not support 0", Dialect(temperature=False)),
        (Dialect(), "stream_options not permitted", Dialect(usage=False)),
        (Dialect(), "bad request", Dialect(form="object")),
        (Dialect(form="object"), "bad request", Dialect(form="none")),
        (Dialect(form="none"), "bad request", Dialect(form="none", usage=False)),
        (Dialect(form="none", usage=False), "bad request", None),
    ],
)
def test_what_an_endpoint_minds_is_left_out(dialect: Dialect, refusal: str, expected: Dialect | None) -> None:
    assert simpler(dialect, refusal) == expected


def test_nothing_is_sent_but_the_question_to_the_address_set(halden: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        serving(streams(good)) as elsewhere,
        serving(fails("307 Temporary Redirect", location=f"{elsewhere.url}/chat/completions")) as server,
    ):
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "OPENAI_BASE_URL"):
            monkeypatch.setenv(name, elsewhere.url)
        monkeypatch.setenv("NO_PROXY", "")
        monkeypatch.setenv("OPENAI_ORG_ID", "org-of-somebody")
        monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "x-tell: everything")
        answer = ask(with_model(halden, server), question(halden, ASKED))
        assert answer.degraded == (
            "answered without the language model: the model's endpoint sends us to another address, which is not followed (307)",
        )
        assert elsewhere.asked == []
    sent = server.asked[0].headers
    assert set(sent) == {"host", "authorization", "content-type", "content-length", "accept", "accept-encoding", "connection"}
    assert (sent["authorization"], sent["accept-encoding"]) == (f"Bearer {KEY}", "identity")


def test_the_passages_are_marked_anew_with_every_question_and_kept_apart_from_the_rules(halden: Kit) -> None:
    with serving(streams(good)) as server:
        kit = with_model(halden, server)
        for _ in range(2):
            ask(kit, question(kit, ASKED))
    (rules, first), (same, second) = ([message["content"] for message in asked.body["messages"]] for asked in server.asked)
    assert rules == same
    assert first != second
    assert QUOTED not in rules
    assert first.endswith(f"Question: {ASKED}")
    assert "call, 1 Sep 2026, Commercial alignment, Dana Okafor (seller)]\n" in first


def test_evidence_is_chosen_to_fit_the_budget_best_first(halden: Kit) -> None:
    asked = question(halden, ASKED)
    found = find(halden.room(EVERYTHING.only(asked.account_id)), asked, understand(asked, ()), halden.asks, None)
    settings = ModelSettings("http://127.0.0.1/v1", "m", context_tokens=4_000)
    whole = prompt(asked, found, settings, "canary")
    assert [passage.id for passage in whole.passages] == [ranked.passage.id for ranked in found.ranked]
    small = prompt(asked, found, replace(settings, evidence_tokens=200), "canary")
    assert 0 < len(small.passages) < len(whole.passages)
    assert small.passages[0] == whole.passages[0]
    for each in (whole, small):
        assert each.tokens + settings.max_tokens <= settings.context_tokens


def test_what_the_ledger_holds_of_the_kind_asked_for_goes_before_what_search_found(halden: Kit) -> None:
    asked = question(halden, "What did we promise?")
    found = gather(halden, asked)
    settings = ModelSettings("http://127.0.0.1/v1", "m")
    made = prompt(asked, found, settings, "canary")
    on_record = list(dict.fromkeys(passage.id for passage, _ in found.promised))
    assert on_record
    assert [passage.id for passage in made.passages][: len(on_record)] == on_record
    assert len({passage.id for passage in made.passages}) == len(made.passages)
    assert made.messages[1]["content"].count(", on record as a promise]\n") == len(on_record)
    assert "on record" not in prompt(asked, replace(found, promised=()), settings, "canary").messages[1]["content"]


def test_words_on_record_are_to_the_point_though_they_sound_like_nothing_asked(halden: Kit) -> None:
    found = gather(halden, question(halden, "Which carrier gave the lowest price for the trains to Hamburg in winter?"))
    said = next(ranked.passage for ranked in reversed(found.ranked))
    cited = [cite(found.room.interactions[said.interaction_id], said.span)]
    assert not to_the_point(cited, found)
    assert to_the_point(cited, replace(found, promised=((said, Span(0, len(said.text))),)))


def test_without_a_model_nothing_is_sent_anywhere(halden: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **more: Any) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    answer = ask(halden, question(halden, ASKED))
    assert (answer.model, answer.usage, answer.degraded) == ("extractive", None, ())


# While it is made


def listening() -> tuple[Listener, list[Any]]:
    steps: list[Any] = []
    return Listener(steps.append), steps


def test_claims_are_told_once_they_are_whole_and_checked(halden: Kit) -> None:
    listener, steps = listening()
    words = "I can commit to a go-live date of 18 January 2027."
    second = f"Dana said: {words}"

    def behave(wire: Wire, asked: Asked) -> None:
        true, number = json.loads(good(asked))["claims"], next(n for n, passage in enumerate(asked.passages, 1) if words in passage)
        false = ("Dana promised 40 percent.", number, "I can commit")
        body = events(json.dumps({"claims": true + json.loads(claims(false, (second, number, words)))["claims"]}))
        half = len(body) * 3 // 4
        wire.head()
        wire.write(body[:half])
        assert wait_for(lambda: told(steps) == [("said", GOOD)])  # before the rest is there
        wire.write(body[half:])

    with serving(behave) as server:
        answer = ask(with_model(halden, server), question(halden, ASKED), listener=listener)
    assert isinstance(steps[0], Searched)
    assert told(steps) == [("said", GOOD), ("said", second)] == [("said", text) for text in texts(answer)]
    assert [c.id for step in steps[1:] for c in step.citations] == [c.id for c in answer.citations]


def wait_for(true: Callable[[], bool]) -> bool:
    until = monotonic() + 30
    while not true() and monotonic() < until:
        pass
    return true()


def test_what_was_told_of_a_reply_that_breaks_off_is_withdrawn_before_the_extractive_answer(
    halden: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.models.chat.RETRY_AFTER_S", (0.0, 0.0))
    listener, steps = listening()

    def begun(wire: Wire, asked: Asked) -> None:
        wire.head()
        wire.write(events(good(asked)[:-2] + ', {"quotes": [')[: -len(b"data: [DONE]\n\n")].replace(b'"stop"', b"null"))

    with serving(begun) as server:
        answer = ask(with_model(halden, server), question(halden, ASKED), listener=listener)
    extractive = [("said", text) for text in texts(answer)]
    assert told(steps) == [("said", GOOD), ("withdrawn", ""), ("said", GOOD), ("withdrawn", ""), *extractive]
    assert isinstance(steps[2], Withdrawn)
    assert steps[2].claim_id == steps[1].claim.id
    assert answer.model == "extractive"


def test_who_stops_waiting_ends_the_call_to_the_model(halden: Kit) -> None:
    listener, _ = listening()
    with serving(hang_half_way) as server:
        kit = with_model(halden, server)
        ended: list[BaseException] = []

        def run() -> None:
            try:
                ask(kit, question(kit, ASKED), listener=listener)
            except Stopped as stopped:
                ended.append(stopped)

        thread = Thread(target=run)
        thread.start()
        assert wait_for(lambda: bool(server.asked))
        listener.stop.set()
        thread.join(30)
        assert [type(each) for each in ended] == [Stopped]
        assert server.gone.wait(30)  # the server saw the connection close


def test_a_model_that_failed_five_times_is_left_alone_and_tried_again_later(halden: Kit) -> None:
    now = [0.0]
    with serving(fails("401 Unauthorized")) as server:
        kit = with_model(halden, server)
        assert isinstance(kit.model, Chat)
        kit = replace(kit, model=replace(kit.model, breaker=Breaker(clock=lambda: now[0])))
        for _ in range(7):
            ask(kit, question(kit, ASKED))
        assert len(server.asked) == 5
        now[0] = 31.0
        server.behaviour = streams(good)
        assert texts(ask(kit, question(kit, ASKED))) == [GOOD]
        assert texts(ask(kit, question(kit, ASKED))) == [GOOD]


def test_many_questions_at_once_do_not_wait_for_each_other_beyond_the_deadline(halden: Kit) -> None:
    with serving(hang_at_once) as server:
        kit = with_model(halden, server, at_once=1, **QUICK)
        answers: list[Answer] = []
        threads = [Thread(target=lambda: answers.append(ask(kit, question(kit, ASKED)))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert [answer.model for answer in answers] == ["extractive"] * 4


@pytest.fixture(autouse=True)
def _no_key_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "BATON_MODEL_BASE_URL", "BATON_MODEL_NAME", "BATON_MODEL_KEY"):
        monkeypatch.delenv(name, raising=False)
