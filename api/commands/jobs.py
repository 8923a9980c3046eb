"""`baton jobs`: what happens by itself, what failed and why, and what to do about it."""

from __future__ import annotations

import os
from contextlib import closing
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.listing import Listing
from api.commands.options import Exit, HomeOption, JsonOption, fail, open_writing, print_json, say
from ingest.home import find_home

if TYPE_CHECKING:
    from ingest.archive.work import Job, Work

commands = typer.Typer()
jobs = typer.Typer(cls=Listing, help="What happens by itself: composing when a deal closes, telling, retention.", rich_markup_mode=None)
commands.add_typer(jobs, name="jobs")

NumberArgument = Annotated[int, typer.Argument(help="The job's number, as the list has it.", metavar="NUMBER")]


@jobs.command("list")
def jobs_list(
    home: HomeOption = None,
    failed: Annotated[bool, typer.Option("--failed", help="Only what does not try again by itself.")] = False,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many.")] = 30,
    as_json: JsonOption = False,
) -> None:
    """The jobs, the latest first: what each is about, whether it waits, is done or failed, and why."""
    from api.job_views import job_json
    from api.terminal import plain, table
    from ingest.archive.archive import Archive
    from ingest.archive.scope import EVERYTHING
    from ingest.archive.work import STATES, Work

    with Archive.open(find_home(home)) as archive:
        work = Work.beside(archive)
        found = work.jobs(states=("failed",) if failed else STATES, limit=limit)
        counts = work.count_jobs()
        names = {account.id: account.name for account in archive.accounts(EVERYTHING)}
        if as_json:
            print_json({"items": [job_json(job) for job in found], "counts": counts})
            return
    if not found:
        print("No job failed." if failed else "There are no jobs yet: close events and the settings make them (docs/close.md).")
        return
    rows = [[str(j.number), j.kind, names.get(j.account_id or "", ""), about(j), _state(j), str(j.tries)] for j in found]
    table(["Job", "What", "Account", "About", "State", "Tries"], rows)
    for job in found:
        if job.trouble and job.state in ("failed", "waiting"):
            print(plain(f"{job.number}: {job.trouble}"))
    if counts.get("failed"):
        say(f"{counts['failed']} failed. baton jobs replay NUMBER tries one again, baton jobs dismiss NUMBER lets it be.")


@jobs.command("replay")
def jobs_replay(number: NumberArgument, home: HomeOption = None) -> None:
    """Try a job that failed again: the running server does it at once, else `baton jobs run`."""
    with closing(_work(home)) as work:
        job = work.replay_job(number)
    print(f"Job {job.number} ({job.kind}) is due now.")


@jobs.command("dismiss")
def jobs_dismiss(number: NumberArgument, home: HomeOption = None) -> None:
    """Let a job be that failed or waits."""
    with closing(_work(home)) as work:
        job = work.dismiss_job(number)
    print(f"Job {job.number} ({job.kind}) is not tried again.")


@jobs.command("run")
def jobs_run(home: HomeOption = None) -> None:
    """Do what is due, without a server, and end: for a timer. A running server does it by itself."""
    from api.jobs import Jobs
    from api.office import Office
    from ingest.archive.work import Work

    with open_writing(home) as kit:
        if not kit.home.writes:
            fail(f"{kit.home.path} holds nothing yet", Exit.ERROR)
        work = Work.beside(kit.archive)
        base = os.environ.get("BATON_PUBLIC_URL", "").rstrip("/") or "http://127.0.0.1:8000"
        running = Jobs(Office(kit, work, base))
        try:
            tried = running.run_due()
        finally:
            running.close()
        left = work.count_jobs()
    print(f"{tried} tried; {left.get('waiting', 0)} wait, {left.get('failed', 0)} failed.")
    raise typer.Exit(Exit.ERROR if left.get("failed") else Exit.OK)


def _work(home: HomeOption) -> Work:
    from ingest.archive.database import holds_archive
    from ingest.archive.work import Work

    path = find_home(home)
    if not holds_archive(path):
        fail(f"{path} holds nothing yet", Exit.ERROR)
    return Work.of_home(path)


def about(job: Job) -> str:
    told = {**job.about, **job.result}
    words = [str(told[name]) for name in ("system", "source", "deal", "what", "channel", "on", "brief") if told.get(name)]
    removed = [f"{what} {count}" for what, count in (told.get("removed") or {}).items() if count]
    made = told.get("answers_and_briefs") or 0
    gone = ", ".join([*removed, *([f"answers and briefs that quoted them {made}"] if made else [])])
    return " ".join([*words, *([f"taken out: {gone}"] if gone else []), *filter(None, [_BECAUSE.get(str(told.get("because")), "")])])


_BECAUSE = {"not_won": "no brief: the deal is not won", "gone": "it was erased since", "not_connected": "the tool is not connected"}


def _state(job: Job) -> str:
    if job.state == "waiting":
        return f"waits for {job.due_at:%Y-%m-%d %H:%M} UTC"
    return job.state
