"""What comes in from Slack, told apart by Slack's own framework: kept as a job before it is acknowledged, done after.

Slack says the same thing again when it heard nothing in three seconds: the same event, command or form is one job. Whether Slack sent it
is found out before (`api.signatures`).
"""

from __future__ import annotations

import hashlib
import json
import logging
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult

from api.close_events import Unreadable
from api.setbacks import Later, Never
from api.slack.blocks import ANSWER_GAP, ASK_ACCOUNT, FORM, gap_form
from api.slack.replying import HOW, Refused, gap_of, workspace_of
from api.slack.wishes import Wish
from api.telling.slack import OPEN_BRIEF, OPEN_GAPS
from ingest.archive.work import Work
from ingest.sources import slack_text

if TYPE_CHECKING:
    from api.hooks import Hook
    from assistant.wiring import Kit

log = logging.getLogger("baton.api")
_quiet = logging.getLogger("baton.slack")
_quiet.setLevel(logging.CRITICAL)  # the framework would repeat what people wrote

_MENTION = re.compile(r"^\s*<@\w+(?:\|[^>]*)?>[\s:,]*")
LOOKING = "Looking through the history."
INVITE = "Invite this app to the channel first (/invite): it can answer only where it is a member."


def receive(kit: Kit, hook: Hook, headers: Mapping[str, str], body: bytes) -> BoltResponse:
    """Status 500 where it could not be kept: then Slack comes again. Raises Unreadable."""
    try:
        asked = BoltRequest(body=body.decode("utf-8", "replace"), headers=dict(headers))
    except (ValueError, AttributeError, TypeError, RecursionError):  # it takes for granted that JSON is an object
        raise Unreadable("the body is neither JSON nor a form") from None
    return made(kit, hook).dispatch(asked)


def made(kit: Kit, hook: Hook, came: Callable[[], None] = lambda: None) -> App:
    """For each request anew: it holds nothing, and settings may have changed. `came` is called when something is kept."""
    work = Work.beside(kit.archive)
    app = App(
        logger=_quiet,
        name="slack of baton",  # the framework sets the level of the logger of that name
        process_before_response=True,  # what is acknowledged is kept
        signing_secret="",
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None, bot_token=hook.token),
        request_verification_enabled=False,
        ssl_check_enabled=False,
    )

    def keep(wish: Wish, native: str) -> None:
        key = hashlib.sha256(f"{hook.name} {wish.do} {native}".encode()).hexdigest()[:32]
        work.add_job("slack", wish.about(), key=f"slack {key}")
        came()

    @app.event("app_mention")
    def mentioned(event: dict[str, Any], body: dict[str, Any]) -> None:
        if event.get("bot_id"):
            return
        words = slack_text.seen(_MENTION.sub("", str(event.get("text", ""))), {}, {})
        place = {"channel": str(event["channel"]), "user": str(event["user"]), "thread": str(event.get("thread_ts") or event["ts"])}
        keep(_wish_of(words, hook, place), str(body.get("event_id")))

    @app.command(re.compile("^/"))
    def commanded(command: dict[str, Any], ack: Ack) -> None:
        words = slack_text.seen(str(command.get("text", "")), {}, {})
        place = {"channel": str(command["channel_id"]), "user": str(command["user_id"])}
        if not words or words.lower() == "help":
            ack(HOW)
            return
        try:
            inside = workspace_of(hook).channel(place["channel"]).get("is_member") is not False
        except (Later, Never):
            inside = False  # a private channel, of which it is told nothing
        if not inside:
            ack(INVITE)
            return
        keep(_wish_of(words, hook, place), str(command["trigger_id"]))
        ack(LOOKING)

    @app.action(re.compile(f"^{ASK_ACCOUNT}"))
    def chosen(body: dict[str, Any], action: dict[str, Any], ack: Ack) -> None:
        account, _, question = str(action.get("value")).partition(" ")
        keep(Wish("ask", hook.name, **_place(body), words=question, account=account), str(body.get("trigger_id")))
        ack()

    @app.action(OPEN_GAPS)
    def wants_gaps(body: dict[str, Any], ack: Ack) -> None:
        keep(Wish("gaps", hook.name, **_place(body)), str(body.get("trigger_id")))
        ack()

    @app.action(re.compile(f"^{ANSWER_GAP}"))
    def wants_to_answer(body: dict[str, Any], action: dict[str, Any], ack: Ack) -> None:
        brief, _, gap = str(action.get("value")).partition(" ")
        place, workspace = _place(body), workspace_of(hook)
        try:
            question = str(gap_of(kit, workspace, place["user"], brief, gap)["question"])
            carried = json.dumps({"brief": brief, "gap": gap, "channel": place["channel"], "thread": place["thread"]})
            workspace.open_form(str(body.get("trigger_id")), gap_form(question, carried))
        except Refused as refused:
            workspace.whisper(place["channel"], place["user"], place["thread"], str(refused))
        ack()

    @app.view(FORM)
    def answered(body: dict[str, Any], view: dict[str, Any], ack: Ack) -> None:
        carried = json.loads(view["private_metadata"])
        words = str(view["state"]["values"]["answer"]["text"]["value"] or "")
        user = str(body["user"]["id"])
        try:
            gap_of(kit, workspace_of(hook), user, carried["brief"], carried["gap"])
        except Refused as refused:
            ack(response_action="errors", errors={"answer": str(refused)})
            return
        keep(Wish("attest", hook.name, user=user, words=words, **carried), str(view["id"]))
        ack()

    @app.action(OPEN_BRIEF)
    def opened(ack: Ack) -> None:
        """A button that is a link."""
        ack()

    @app.action(re.compile(".*"))
    def not_known(action: dict[str, Any], ack: Ack) -> None:
        """Of a message from before, say."""
        log.warning("hook %s: nothing is done for a button %.40r of Slack", hook.name, str(action.get("action_id")))
        ack()

    @app.error
    def failed(error: Exception) -> BoltResponse:
        if isinstance(error, KeyError | ValueError | TypeError | AttributeError):
            log.warning("hook %s: what came from Slack is in no form that it documents (%s)", hook.name, type(error).__name__)
            return BoltResponse(status=400)
        # Ours hold a sentence for whoever runs this; of others nothing is known, and words of people could be in them.
        why = str(error) if isinstance(error, Later | Never) else type(error).__name__
        log.error("hook %s: what came from Slack could not be kept (%s)", hook.name, why)
        return BoltResponse(status=500)

    return app


def _wish_of(words: str, hook: Hook, place: Mapping[str, str]) -> Wish:
    """What was written to the app: the one word that it knows, else a question."""
    if words.lower() == "gaps":
        return Wish("gaps", hook.name, **place)
    return Wish("ask", hook.name, words=words, **place)


def _place(body: Mapping[str, Any]) -> dict[str, str]:
    held = body.get("container") or {}
    thread = held.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or ""
    return {"channel": str((body.get("channel") or {}).get("id")), "user": str((body.get("user") or {}).get("id")), "thread": str(thread)}
