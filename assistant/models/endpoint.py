"""One OpenAI-compatible endpoint: messages out, text back while it is written, and every way to fail under one name.

Whatever happens, it is over by the deadline. Nothing is sent anywhere but to the address set, redirects are not followed, proxies of
the environment are not used, and no message of a failure holds what was sent, what came back or the key.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant.listening import Stop, Stopped
from assistant.models.port import ModelFailed
from assistant.settings import ModelSettings

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")

_LEAST_CAP = 1_000_000
_BYTES_A_TOKEN = 1_000
"""An event of a stream carries a token in 200 to 400 bytes."""
_LETS_GO_S = 0.5
"""What a connection may take to close after the deadline, before it is left behind."""
_SENT_HEADERS = frozenset({"host", "authorization", "content-type", "content-length", "transfer-encoding", "accept", "connection"})
"""The client would also send the operating system, Python's version and whatever OPENAI_* variables hold."""


class Refused(ModelFailed):
    """The request is not understood; `said` is the endpoint's own message, for finding out what it minds and not to be shown."""

    def __init__(self, status: int, said: str) -> None:
        super().__init__(f"the model's endpoint refuses the request ({status})")
        self.said = said


@dataclass(frozen=True, slots=True)
class Reply:
    """A whole reply. Tokens are None where the endpoint does not count them."""

    text: str
    sent_tokens: int | None
    received_tokens: int | None


class Endpoint:
    """Safe to use from several threads."""

    def __init__(self, settings: ModelSettings) -> None:
        self._settings = settings
        self._slots = BoundedSemaphore(settings.at_once)

    def prepare(self) -> None:
        """Loads the client's libraries, a second's work the first time, which is not the model's."""
        import openai.resources.chat.completions  # noqa: F401

        _quiet()
        _ = self._trusted

    def reply(
        self,
        messages: Sequence[Mapping[str, str]],
        options: Mapping[str, Any],
        until: float,
        heard: Callable[[str], object] = lambda text: None,
        stop: Stop | None = None,
    ) -> Reply:
        """`heard` is told all of the text so far whenever there is more of it. `until` is a time of `monotonic`.

        Raises `ModelFailed`, `Refused` and, when told to stop, `Stopped`.
        """
        if not self._slots.acquire(timeout=max(0.0, until - monotonic())):
            raise ModelFailed("too many questions wait for the model")
        try:
            return _run_within(lambda: self._streamed(messages, options, until, heard), until, stop or Stop())
        finally:
            self._slots.release()

    async def _streamed(
        self, messages: Sequence[Mapping[str, str]], options: Mapping[str, Any], until: float, heard: Callable[[str], object]
    ) -> Reply:
        import httpx
        import openai

        settings = self._settings
        try:
            async with asyncio.timeout(until - monotonic()), self._client() as http:
                client = openai.AsyncOpenAI(
                    api_key=settings.key or "none", base_url=settings.base_url, max_retries=0, http_client=http, timeout=http.timeout
                )
                return await self._read(client, messages, options, heard)
        except (ModelFailed, asyncio.CancelledError):
            raise
        except TimeoutError:
            raise ModelFailed(f"the model took longer than {settings.total_s:g} s") from None
        except openai.APIStatusError as error:
            raise _refusal(error) from None
        except (openai.APITimeoutError, httpx.TimeoutException):
            raise ModelFailed("the model's endpoint does not answer in time") from None
        except (openai.APIConnectionError, httpx.TransportError):
            raise ModelFailed("the connection to the model's endpoint failed", again=True) from None
        except Exception as error:  # what a hostile or broken body makes two libraries raise is not listed anywhere
            raise ModelFailed(f"the model's endpoint sent what cannot be read ({type(error).__name__})", again=True) from None

    async def _read(
        self, client: Any, messages: Sequence[Mapping[str, str]], options: Mapping[str, Any], heard: Callable[[str], object]
    ) -> Reply:
        settings = self._settings
        loop, parts, ending, counted = asyncio.get_running_loop(), [], "", _Usage()
        silence = loop.time() + settings.first_token_s
        try:
            async with asyncio.timeout_at(silence):
                stream = await client.chat.completions.create(model=settings.name, messages=list(messages), stream=True, **options)
            while True:
                async with asyncio.timeout_at(silence):
                    chunk = await anext(stream, None)
                if chunk is None:
                    break
                event = _Event.model_validate(chunk, from_attributes=True)
                counted = event.usage or counted
                for choice in event.choices[:1]:
                    if choice.delta.tool_calls or choice.delta.function_call:
                        raise ModelFailed("the model called tools that it was not offered", again=True)
                    if choice.delta.content:
                        parts.append(choice.delta.content)
                        heard("".join(parts))
                    if choice.delta.content or choice.delta.reasoning_content or choice.delta.reasoning:
                        silence = loop.time() + settings.first_token_s
                    ending = choice.finish_reason or ending
        except TimeoutError:
            raise ModelFailed(f"the model was silent for {settings.first_token_s:g} s") from None
        except ValidationError:
            raise ModelFailed("the model's endpoint sent events of another form", again=True) from None
        if ending == "length":
            raise ModelFailed(f"the model's reply was longer than {settings.max_tokens} tokens")
        if ending != "stop":
            raise ModelFailed("the model's reply broke off", again=True)
        return Reply("".join(parts), counted.prompt_tokens, counted.completion_tokens)

    def _client(self) -> httpx.AsyncClient:
        import httpx

        settings = self._settings
        waits = httpx.Timeout(settings.first_token_s, connect=settings.connect_s)
        return httpx.AsyncClient(transport=self._transport(), timeout=waits, follow_redirects=False, trust_env=False)

    def _transport(self) -> httpx.AsyncBaseTransport:
        import httpx

        there = httpx.URL(self._settings.base_url)
        cap = max(_LEAST_CAP, self._settings.max_tokens * _BYTES_A_TOKEN)

        class OnlyThere(httpx.AsyncHTTPTransport):
            async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
                url = request.url
                same = (url.scheme, url.host, url.port) == (there.scheme, there.host, there.port)
                if not same or not url.path.startswith(f"{there.path.rstrip('/')}/"):
                    raise ModelFailed("a request to another address than the model's was held back")
                for name in {name.lower() for name in request.headers} - _SENT_HEADERS:
                    del request.headers[name]
                request.headers["accept-encoding"] = "identity"
                response = await super().handle_async_request(request)
                if response.headers.get("content-encoding", "identity") != "identity":  # could unpack to more than was counted
                    await response.aclose()
                    raise ModelFailed("the model's endpoint sent a packed reply that was not asked for")
                assert isinstance(response.stream, httpx.AsyncByteStream)
                return httpx.Response(
                    response.status_code, headers=response.headers, stream=Capped(response.stream), extensions=response.extensions
                )

        class Capped(httpx.AsyncByteStream):
            def __init__(self, stream: httpx.AsyncByteStream) -> None:
                self._stream = stream

            async def __aiter__(self) -> AsyncIterator[bytes]:
                size = 0
                async for part in self._stream:
                    size += len(part)
                    if size > cap:
                        raise ModelFailed(f"the model's endpoint sent more than {cap // 1000} kB")
                    yield part

            async def aclose(self) -> None:
                await self._stream.aclose()

        return OnlyThere(verify=self._trusted, trust_env=False, proxy=self._settings.proxy or None)

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        return ssl.create_default_context()


class _Part(BaseModel):
    model_config = ConfigDict(from_attributes=True)


_Tokens = Annotated[int, Field(ge=0, le=10_000_000)]


class _Usage(_Part):
    prompt_tokens: _Tokens | None = None
    completion_tokens: _Tokens | None = None


class _Delta(_Part):
    content: str | None = None
    reasoning: Any = None
    reasoning_content: Any = None
    tool_calls: Any = None
    function_call: Any = None


class _Choice(_Part):
    delta: _Delta
    finish_reason: str | None = None


class _Event(_Part):
    """The library takes any JSON for an event; this is what one has to be."""

    choices: list[_Choice] = []
    usage: _Usage | None = None


def _refusal(error: Any) -> ModelFailed:
    """By its status; the body is untrusted and may hold the key."""
    status = int(error.status_code)
    match status:
        case 400 | 422:
            return Refused(status, str(error.body)[:2_000])
        case 401 | 403:
            return ModelFailed(f"the model's endpoint does not accept the key ({status})")
        case 404:
            return ModelFailed("the model's endpoint does not know the model or the address (404)")
        case 429:
            return ModelFailed("the model's endpoint has too much to do (429)", again=True, after_s=_retry_after(error.response.headers))
        case _ if 300 <= status < 400:
            return ModelFailed(f"the model's endpoint sends us to another address, which is not followed ({status})")
        case _:
            again = status >= 500 or status in (408, 409)
            return ModelFailed(f"the model's endpoint failed ({status})", again=again, after_s=_retry_after(error.response.headers))


def _retry_after(headers: Mapping[str, str]) -> float:
    """Seconds; 0 for a date or anything else, which is then waited for no longer than a first retry is."""
    try:
        seconds = float(headers.get("retry-after", ""))
    except ValueError:
        return 0.0
    return seconds if 0 <= seconds < 86_400 else 86_400.0


def _run_within(work: Callable[[], Coroutine[Any, Any, T]], until: float, stop: Stop) -> T:
    """In a thread and a loop of its own: who asks may be in a loop already, and a name look-up that hangs can only be left behind."""
    ended: list[T | BaseException] = []

    def run() -> None:
        loop = asyncio.new_event_loop()
        try:
            task = loop.create_task(work())
            with stop.calls(lambda: loop.call_soon_threadsafe(task.cancel)):
                ended.append(loop.run_until_complete(task))
            loop.run_until_complete(loop.shutdown_asyncgens())
        except BaseException as error:
            ended.append(error)
        finally:
            loop.close()

    thread = Thread(target=run, name="baton-model", daemon=True)
    thread.start()
    thread.join(max(0.0, until - monotonic()) + _LETS_GO_S)
    if stop.is_set():
        raise Stopped
    if not ended:
        raise ModelFailed("the model's endpoint could not be reached in time")
    match ended[0]:
        case BaseException() as error:
            raise error
        case result:
            return result


def _quiet() -> None:
    """At debug level the client writes down whole requests: the customer's words."""
    for name in ("openai", "httpcore", "httpx"):
        logger = logging.getLogger(name)
        if logger.getEffectiveLevel() < logging.WARNING:
            logger.setLevel(logging.WARNING)
