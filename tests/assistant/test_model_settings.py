"""A language model is used only where somebody named its endpoint; its key stands in no file that people share."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.checkup import examine_model
from assistant.settings import ModelSettings, load_model_settings
from ingest.settings import BadSettings
from tests.assistant.model_server import KEY, fails, says, serving

BASE = 'base_url = "https://models.example.com/v1"\nname = "small-1"\n'


def settings(home: Path, table: str, **environment: str) -> ModelSettings | None:
    (home / "baton.toml").write_text(f"[model]\n{table}" if table else "")
    return load_model_settings(home, environment)


def test_without_an_endpoint_there_is_no_model(tmp_path: Path) -> None:
    assert load_model_settings(tmp_path, {"OPENAI_API_KEY": KEY, "OPENAI_BASE_URL": "https://elsewhere.example"}) is None
    assert settings(tmp_path, "") is None


def test_the_table_names_the_endpoint_and_the_environment_overrules_it(tmp_path: Path) -> None:
    given = settings(
        tmp_path, BASE + "max_tokens = 500\ninput_price = 0.25", BATON_MODEL_NAME="large-2", BATON_MODEL_TOTAL_S="12.5", BATON_MODEL_KEY=KEY
    )
    assert given == ModelSettings("https://models.example.com/v1", "large-2", KEY, total_s=12.5, max_tokens=500, input_price=0.25)


def test_the_key_comes_from_a_file_or_the_environment_and_is_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(f"{KEY}\n")
    given = settings(tmp_path, BASE + 'key_file = "key"')
    assert given is not None
    assert given.key == KEY
    assert KEY not in repr(given)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('name = "small-1"', "needs base_url"),
        ('base_url = "https://models.example.com/v1"', "needs name"),
        (BASE + f'key = "{KEY}"', "must not hold the key"),
        (BASE + 'key_file = "nowhere"', "cannot be read from"),
        (BASE + "temprature = 1", "has no setting 'temprature'"),
        (BASE + "total_s = 0", "total_s must be a number of at least 0.1"),
        (BASE + 'max_tokens = "many"', "max_tokens must be a number"),
        (BASE + "total_s = nan", "total_s must be a number"),
        (BASE + "at_once = true", "at_once must be a number"),
        (BASE + "max_tokens = 9000", "leaves no room"),
        (BASE + 'structured = "yes"', "structured must be one of auto, schema, object, none"),
        ('name = "m"\nbase_url = "http://models.example.com/v1"', "unencrypted"),
        ('name = "m"\nbase_url = "ftp://models.example.com/v1"', "must be an address"),
        ('name = "m"\nbase_url = "https://me:secret@models.example.com/v1"', "must be an address"),
        ('name = "m"\nbase_url = "https://models.example.com/v1?key=1"', "must be an address"),
        ('name = "m"\nbase_url = 5', "must be text"),
    ],
)
def test_settings_that_cannot_be_used_say_why(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(BadSettings, match=message.replace("(", r"\(")) as raised:
        settings(tmp_path, table)
    assert KEY not in str(raised.value)


@pytest.mark.parametrize("where", ["http://127.0.0.1:8080/v1", "http://localhost:11434/v1", "http://[::1]:1/v1"])
def test_this_machine_may_be_spoken_to_in_the_clear(tmp_path: Path, where: str) -> None:
    given = settings(tmp_path, f'base_url = "{where}"\nname = "m"')
    assert given is not None
    assert given.base_url == where


def test_the_doctor_asks_the_model_nothing_of_anybodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert examine_model(tmp_path).says == "none set: answers are the history's own words, and nothing is sent anywhere"
    monkeypatch.setenv("BATON_MODEL_KEY", KEY)
    with serving(says('{"claims": []}')) as server:
        (tmp_path / "baton.toml").write_text(f'[model]\nbase_url = "{server.url}"\nname = "small-1"\n')
        check = examine_model(tmp_path)
        place = server.url.split("/")[2]
        assert (check.ok, check.says) == (
            True,
            f"small-1 at {place} answers and keeps to a JSON schema; no prices set, so no cost is shown",
        )
        assert [message["content"] for message in server.asked[0].body["messages"]] == [
            'Reply with the JSON object {"claims": []} and nothing else.'
        ]
        server.behaviour = fails("401 Unauthorized")
        check = examine_model(tmp_path)
    assert (check.ok, check.says) == (False, f"small-1 at {place}: the model's endpoint does not accept the key (401)")
