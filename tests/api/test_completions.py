"""OpenAI's own client pointed at Baton: an account is a model, and what it says is what Baton can cite."""

from __future__ import annotations

import re
from collections.abc import Iterator

import openai
import pytest

from api.plainly import answer_markdown
from assistant.answers import Question
from assistant.asking import ask
from ingest.archive.scope import EVERYTHING
from tests.api.listening import listening
from tests.api.served import Served

QUESTION = "When do the first two depots go live?"


@pytest.fixture
def base(served: Served) -> Iterator[str]:
    with listening(served.app) as address:
        yield address


def client(base: str, key: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=f"{base}/v1", api_key=key, max_retries=0)


def test_an_account_is_a_model_and_its_answer_ends_in_links_to_the_words(served: Served, base: str) -> None:
    asking = client(base, served.key())
    assert [model.id for model in asking.models.list()] == ["brightwell-dental", "halden-freight-group"]
    made = asking.chat.completions.create(model="halden-freight-group", messages=[{"role": "user", "content": QUESTION}])
    text = made.choices[0].message.content or ""
    assert "18 January 2027" in text
    assert made.choices[0].finish_reason == "stop"
    whole = made.to_dict()["baton"]
    assert isinstance(whole, dict)
    cited = re.findall(rf"\]\({re.escape(base)}/a/halden-freight-group\?c=(cit_[^)]+)\)", text)
    assert cited
    assert set(cited) <= {citation["id"] for citation in whole["citations"]}


def test_a_stream_says_the_same_words_and_counts_when_asked_to(served: Served, base: str) -> None:
    asking = client(base, served.key())
    messages: list[openai.types.chat.ChatCompletionMessageParam] = [{"role": "user", "content": [{"type": "text", "text": QUESTION}]}]
    whole = asking.chat.completions.create(model="halden-freight-group", messages=messages).choices[0].message.content
    chunks = list(
        asking.chat.completions.create(
            model="halden-freight-group", messages=messages, stream=True, stream_options={"include_usage": True}, temperature=0.3
        )
    )
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == whole
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.total_tokens == 0  # no language model was asked


def test_a_follow_up_knows_what_the_question_before_was_about(served: Served, base: str) -> None:
    asking = client(base, served.key())
    first = asking.chat.completions.create(model="halden-freight-group", messages=[{"role": "user", "content": QUESTION}])
    second = asking.chat.completions.create(
        model="halden-freight-group",
        messages=[
            {"role": "system", "content": "You are a helpful assistant."},
            {"role": "user", "content": QUESTION},
            {"role": "assistant", "content": first.choices[0].message.content},
            {"role": "user", "content": "And who promised that?"},
        ],
    )
    assert "Dana Okafor" in (second.choices[0].message.content or "")
    assert served.archive.thread(EVERYTHING.only(served.halden), second.id) == []  # the protocol keeps no conversation, and so do we


def test_what_the_history_does_not_say_is_said_so(served: Served, base: str) -> None:
    made = client(base, served.key()).chat.completions.create(
        model="halden-freight-group", messages=[{"role": "user", "content": "Do penguins swim?"}]
    )
    assert "Not in the deal history" in (made.choices[0].message.content or "")


def test_a_key_for_one_account_sees_no_other_model(served: Served, base: str) -> None:
    asking = client(base, served.key(served.brightwell))
    assert [model.id for model in asking.models.list()] == ["brightwell-dental"]
    with pytest.raises(openai.NotFoundError) as refused:
        asking.chat.completions.create(model="halden-freight-group", messages=[{"role": "user", "content": QUESTION}])
    assert "Halden" not in str(refused.value)


@pytest.mark.parametrize(
    ("messages", "code"),
    [([{"role": "assistant", "content": "Hello"}], "no_question"), ([{"role": "user", "content": "x" * 4001}], "question_too_long")],
)
def test_failures_have_the_shape_that_openais_clients_read(
    served: Served, base: str, messages: list[openai.types.chat.ChatCompletionMessageParam], code: str
) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        client(base, served.key()).chat.completions.create(model="halden-freight-group", messages=messages)
    assert refused.value.code == code
    with pytest.raises(openai.AuthenticationError, match="Bearer"):
        client(base, "bt_wrong").models.list()


def test_an_outsiders_words_are_no_picture_and_no_link(served: Served) -> None:
    answer = ask(served.kit, Question("What is the go-live target? img src", served.halden))
    assert any("<img" in citation.exact for citation in answer.citations)
    text = answer_markdown(answer, "http://127.0.0.1/a/halden")
    assert not re.search(r"(?<!\\)[<!`]", text)
    assert all(link.startswith("(http://127.0.0.1/a/halden?c=cit_") for link in re.findall(r"(?<=[^\\]\])\([^)]*\)", text))
