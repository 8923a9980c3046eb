"""The official client of the Model Context Protocol, over HTTP and over a pipe: it sees the tools, and what its key may see."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx2
import pytest
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from tests.api.listening import listening
from tests.api.served import Served

TOOLS = {"ask_account", "ask_deal", "generate_brief", "get_source", "list_accounts", "list_promises"}
QUESTION = "When do the first two depots go live?"


@pytest.fixture
def base(served: Served) -> Iterator[str]:
    with listening(served.app) as address:
        yield address


@asynccontextmanager
async def agent(base: str, key: str) -> AsyncIterator[Client]:
    carrying = httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, trust_env=False)
    async with carrying as http, Client(streamable_http_client(f"{base}/mcp", http_client=http)) as client:
        yield client


async def used(client: Client, tool: str, **given: Any) -> dict[str, Any]:
    result = await client.call_tool(tool, given)
    assert not result.is_error, result.content
    assert isinstance(result.structured_content, dict)
    return result.structured_content


async def refused(client: Client, tool: str, **given: Any) -> str:
    result = await client.call_tool(tool, given)
    assert result.is_error
    return " ".join(part.text for part in result.content if part.type == "text")


def test_an_agent_asks_opens_the_words_and_follows_up(served: Served, base: str) -> None:
    async def work() -> None:
        async with agent(base, served.key()) as client:
            assert {tool.name for tool in (await client.list_tools()).tools} == TOOLS
            account = (await used(client, "list_accounts", query="halden"))["items"][0]
            answer = await used(client, "ask_account", account=account["slug"], question=QUESTION)
            quoted = next(c for c in answer["citations"] if "18 January 2027" in c["quote"]["exact"])
            source = await used(client, "get_source", source_id=quoted["source"]["id"], around=quoted["id"])
            words = next(turn for turn in source["items"] if turn["start"] <= quoted["quote"]["start"] < turn["end"])
            begin = quoted["quote"]["start"] - words["start"]
            assert words["text"][begin : begin + len(quoted["quote"]["exact"])] == quoted["quote"]["exact"]
            again = await used(
                client,
                "ask_deal",
                account=account["id"],
                deal_id=account["deal_id"],
                question="Who said so?",
                thread_id=answer["thread_id"],
            )
            assert again["thread_id"] == answer["thread_id"]

    anyio.run(work)


def test_the_brief_and_the_promises_come_with_their_citations(served: Served, base: str) -> None:
    async def work() -> None:
        async with agent(base, served.key()) as client:
            brief = await used(client, "generate_brief", account="halden-freight-group")
            assert brief["id"] == (await used(client, "generate_brief", account="halden-freight-group"))["id"]  # nothing is new
            held = await used(client, "list_promises", about="go-live")
            assert held["total"] == len(held["items"]) > 0
            cited = {citation["id"] for citation in held["citations"]}
            assert all(set(item["citations"]) <= cited for item in held["items"])

    anyio.run(work)


def test_an_agent_with_a_key_for_one_account_meets_no_other(served: Served, base: str) -> None:
    foreign = served.source("Commercial alignment, Halden and Cartage")

    async def work() -> None:
        async with agent(base, served.key(served.brightwell)) as client:
            assert [item["name"] for item in (await used(client, "list_accounts"))["items"]] == ["Brightwell Dental"]
            told = [
                await refused(client, "ask_account", account="halden-freight-group", question=QUESTION),
                await refused(client, "generate_brief", account=served.halden),
                await refused(client, "list_promises", account="Halden Freight Group"),
                await refused(client, "get_source", source_id=foreign),
            ]
            assert not any("Halden" in words or "18 January" in words for words in told)
            assert (await used(client, "list_promises"))["accounts"] <= 1

    anyio.run(work)


def test_without_a_key_there_is_not_even_a_list_of_tools(base: str) -> None:
    listing = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    accept = {"Accept": "application/json, text/event-stream"}
    assert httpx2.post(f"{base}/mcp", json=listing, headers=accept, trust_env=False).status_code == 401


def test_a_day_that_is_none_is_told_to_the_agent(served: Served, base: str) -> None:
    async def work() -> None:
        async with agent(base, served.key()) as client:
            said = await refused(client, "ask_account", account="halden-freight-group", question=QUESTION, as_of="soon")
            assert "2026-09-10" in said

    anyio.run(work)


def test_baton_mcp_speaks_over_a_pipe(served: Served) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BATON_")}
    program = "from api.cli import main; main()"
    home = served.kit.home.path

    async def work() -> None:
        started = StdioServerParameters(
            command=sys.executable, args=["-c", program, "mcp", "--home", str(home)], env=environment, cwd=Path.cwd()
        )
        async with Client(stdio_client(started)) as client:
            answer = await used(client, "ask_account", account="halden-freight-group", question=QUESTION)
            assert "18 January 2027" in " ".join(claim["text"] for block in answer["blocks"] for claim in block["claims"])
            assert (await used(client, "generate_brief", account="halden-freight-group"))["promises"]

    anyio.run(work)


def test_what_an_agent_opened_stands_in_the_log(served: Served) -> None:
    opened = served.source("Re: Phase one timing")

    async def work(base: str) -> dict[str, Any]:
        async with agent(base, served.key()) as client:
            await used(client, "get_source", source_id=opened)
            return await used(client, "generate_brief", account="halden-freight-group")

    with listening(served.app) as base:
        brief = anyio.run(work, base)
    # The server has stopped, so that what follows an answer is done.
    told = {target for entry in served.admissions.entries() if entry.action == "POST /mcp" for target in entry.targets}
    assert {served.halden, opened, brief["id"]} <= told
