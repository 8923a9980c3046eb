"""Does what somebody wants in Slack: asks as they would ask in Baton, and says what may be said in the place where they are.

Who they are is told by the address Slack has seen to be theirs. What stands in a channel is read by all who are in it: nothing that is
restricted goes there, whoever asks, and nothing at all where somebody of another company reads along.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from api.access import ROLES, Permission, role_of, scope_of
from api.hooks import Hook, load_hooks
from api.setbacks import Later, Never
from api.shapes.base import MOST_CHARACTERS
from api.slack.blocks import answer_blocks, answer_line, choice_blocks, gap_blocks, question_blocks
from api.slack.channels import accounts_of
from api.slack.wishes import Wish
from api.slack.workspace import Workspace
from api.telling.slack import escaped
from assistant.brief import reviewing
from assistant.brief.review import Conflict, NotAllowed, UnknownLine
from assistant.brief.shelf import current_brief, versions
from assistant.conversation import converse
from ingest.archive.admissions import Admissions
from ingest.archive.errors import NotThere
from ingest.archive.rows import StoredAccount, StoredPrincipal
from ingest.archive.scope import Scope
from ingest.failpoints import past
from ingest.settings import BadSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from api.office import Office
    from assistant.wiring import Kit
    from ingest.archive.work import Job

NOT_HERE = "People of another company can read this channel, so nothing about a deal is said in it."
STRANGER = "Baton answers people of this workspace, and you are its guest."
UNKNOWN = "Baton does not know anybody by the address that Slack has of you. Whoever runs Baton can invite it."
NO_ACCOUNT = "This channel is about no account that you may see. An account's domain or CRM link in its topic says whose it is."
NO_BRIEF = "There is no brief yet. It is composed when the deal closes."
NOTHING_OPEN = "The brief has no open question."
MAY_NOT = "Your role in Baton does not allow that."
KEPT = "Kept: your answer is evidence from now on, with your name and the hour."
HOW = 'Ask about this channel\'s deal, such as "When do they have to be live?", or say gaps for what the brief leaves open.'

_WORKSPACES: dict[tuple[str, str], Workspace] = {}


class Refused(Exception):
    """Why nothing else is said; for the one who asked."""


def reply(office: Office, job: Job) -> None:
    wish = Wish.of(job.about)
    hook = _hook(office, wish.hook)
    workspace = workspace_of(hook)
    try:
        match wish.do:
            case "ask":
                _ask(office, job, wish, hook, workspace)
            case "gaps":
                _gaps(office, wish, hook, workspace)
            case "attest":
                _attest(office, wish, workspace)
    except Refused as refused:
        workspace.whisper(wish.channel, wish.user, wish.thread, str(refused))


def workspace_of(hook: Hook) -> Workspace:
    """The same one while its token is the same, with whom it knows."""
    return _WORKSPACES.setdefault((hook.token, hook.url), Workspace(hook))


def gap_of(kit: Kit, workspace: Workspace, user: str, brief: str, gap: str) -> Mapping[str, Any]:
    """An open question that this person may answer. Raises Refused."""
    who = _known(kit, workspace, user, "brief:write")
    try:
        body = reviewing.shown(kit, scope_of(_admissions(kit), who), brief)
    except NotThere:
        raise Refused(NO_BRIEF) from None
    found: Mapping[str, Any] | None = next((one for one in body["gaps"] if one["id"] == gap), None)
    if found is None:
        raise Refused("That question is answered already, or a newer brief has taken this one's place.")
    return found


def _ask(office: Office, job: Job, wish: Wish, hook: Hook, workspace: Workspace) -> None:
    who = _known(office.kit, workspace, wish.user, "ask")
    channel = _our_channel(workspace, wish.channel)
    question = _question(wish.words)
    account = _account(office, wish, hook, who, channel)
    if not isinstance(account, StoredAccount):
        text = "Which account do you mean?"
        workspace.whisper(wish.channel, wish.user, wish.thread, text, choice_blocks(account, question))
        return
    office.work.settle(job.number, account.id)
    again = bool(job.result.get("begun"))
    office.work.note(job.number, {"begun": True})
    key = str(job.key or job.run)
    thread = wish.thread or workspace.post(
        wish.channel, "", escaped(f"A question about {account.name}"), question_blocks(wish.user, question), f"{key} q", again=again
    )
    scope = _in_channel(_admissions(office.kit), who, account.id)
    answer = converse(office.kit, account.id, question, thread_id=_thread(wish, thread), scope=scope)
    blocks = answer_blocks(answer, account, office.base, words=hook.show == "answer")
    workspace.post(wish.channel, thread, escaped(answer_line(answer, account.name)), blocks, key, again=again)
    past("sent")
    office.work.note(job.number, {"answer": answer.id})
    shown = dict.fromkeys(each.interaction_id for each in answer.citations)
    _record(office, who, "ask", [account.id, answer.id, *shown])


def _gaps(office: Office, wish: Wish, hook: Hook, workspace: Workspace) -> None:
    """Shown to who asks alone: a question may tell what others need not know."""
    who = _known(office.kit, workspace, wish.user, "read")
    account = _account(office, wish, hook, who, _our_channel(workspace, wish.channel))
    if not isinstance(account, StoredAccount):
        raise Refused("This channel is about more than one account; open the brief in Baton.")
    scope = scope_of(_admissions(office.kit), who)
    if not versions(office.kit, account.id, None, scope=scope):
        raise Refused(NO_BRIEF)
    body = current_brief(office.kit, account.id, scope=scope)
    _record(office, who, "gaps", [account.id, body["id"]])
    if not body["gaps"]:
        raise Refused(NOTHING_OPEN)
    may_answer = "brief:write" in ROLES[role_of(who)].may
    url = f"{office.base}/a/{account.slug}/brief"
    blocks = gap_blocks(body["gaps"], body["id"], url, may_answer=may_answer)
    workspace.whisper(wish.channel, wish.user, wish.thread, "What the brief leaves open", blocks)


def _attest(office: Office, wish: Wish, workspace: Workspace) -> None:
    who = _known(office.kit, workspace, wish.user, "brief:write")
    scope = scope_of(_admissions(office.kit), who)
    hand = reviewing.Hand(who.name, datetime.now(UTC))
    try:
        reviewing.answer(office.kit, scope, wish.brief, wish.gap, wish.words, hand)
    except (NotThere, UnknownLine):
        raise Refused("That question is not in the brief any more; nothing was kept.") from None
    except (NotAllowed, Conflict) as error:
        raise Refused(f"Nothing was kept: {error}") from None
    _record(office, who, "attest", [wish.brief, wish.gap])
    workspace.whisper(wish.channel, wish.user, wish.thread, KEPT)


def _known(kit: Kit, workspace: Workspace, user: str, permission: Permission) -> StoredPrincipal:
    member = workspace.member(user)
    if not member.ours or member.bot:
        raise Refused(STRANGER)
    who = _admissions(kit).person_of(member.email)
    if who is None or who.suspended_at is not None:
        raise Refused(UNKNOWN)
    if permission not in ROLES[role_of(who)].may:
        raise Refused(MAY_NOT)
    return who


def _our_channel(workspace: Workspace, id: str) -> Mapping[str, Any]:
    channel = workspace.channel(id)
    if channel.get("is_im") or channel.get("is_mpim"):
        raise Refused("Ask in the deal's channel: it says whose deal it is.")
    among_us = bool(channel.get("is_org_shared")) or not channel.get("is_shared")
    shared = channel.get("is_ext_shared") or channel.get("is_pending_ext_shared") or not among_us
    if shared or workspace.has_outsiders(id):
        raise Refused(NOT_HERE)
    return channel


def _account(
    office: Office, wish: Wish, hook: Hook, who: StoredPrincipal, channel: Mapping[str, Any]
) -> StoredAccount | list[StoredAccount]:
    """Several where the channel leaves it open: those of them that this person may see."""
    fitting = accounts_of(office.kit.archive, channel, hook.channel)
    scope = scope_of(_admissions(office.kit), who)
    seen = [one for one in office.kit.archive.accounts(scope) if one.id in fitting]
    if chosen := [one for one in seen if one.id == wish.account]:
        return chosen[0]
    if not seen:
        raise Refused(NO_ACCOUNT)
    return seen[0] if len(fitting) == 1 else seen


def _question(words: str) -> str:
    question = words.strip()
    if not question:
        raise Refused(HOW)
    if len(question) > MOST_CHARACTERS:
        raise Refused(f"A question may have {MOST_CHARACTERS:,} characters at most.")
    return question


def _in_channel(admissions: Admissions, who: StoredPrincipal, account_id: str) -> Scope:
    """What they see of the account, without what is restricted: others read along."""
    return replace(scope_of(admissions, who), hidden=admissions.hidden_from("")).only(account_id)


def _thread(wish: Wish, ts: str) -> str:
    """A thread here for each person in a thread there: what one of them may see is not carried into another's question."""
    told = f"slack {wish.channel} {ts} {wish.user}"
    return f"thr_{hashlib.sha256(told.encode()).hexdigest()[:16]}"


def _record(office: Office, who: StoredPrincipal, what: str, targets: list[str]) -> None:
    _admissions(office.kit).record(who.id, "slack", f"SLACK {what}", targets[:60], 200)


def _admissions(kit: Kit) -> Admissions:
    return Admissions.beside(kit.archive)


def _hook(office: Office, name: str) -> Hook:
    try:
        hook = load_hooks(office.kit.home.path)[0].get(name)
    except BadSettings as error:
        raise Later(str(error)) from error
    if hook is None or hook.kind != "slack":
        raise Never(f"there is no [hooks.{name}] of Slack in baton.toml any more; dismiss this, or set it up again.")
    return hook
