"""`baton eval`: how good answers and briefs are."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.options import Exit, fail, say
from eval import options

if TYPE_CHECKING:
    from eval.command import Told

commands = typer.Typer()


@commands.command(name="eval")
def evaluate(
    cases: Annotated[Path | None, typer.Argument(help=options.CASES, metavar="[CASES]")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", metavar="DEAL", help=options.ONLY)] = None,
    home: Annotated[Path | None, typer.Option("--home", metavar="FOLDER", help=options.HOME)] = None,
    as_json: Annotated[bool, typer.Option("--json", help=options.JSON)] = False,
    worst: Annotated[int, typer.Option("--worst", min=0, metavar="N", help=options.WORST)] = 0,
    write_baseline: Annotated[bool, typer.Option("--write-baseline", help=options.WRITE_BASELINE)] = False,
    raise_baseline: Annotated[bool, typer.Option("--raise-baseline", help=options.RAISE_BASELINE)] = False,
    against: Annotated[Path | None, typer.Option("--against", metavar="RUN.json", help=options.AGAINST)] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FOLDER", help=options.OUT)] = None,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help=options.JUNIT)] = None,
    model: Annotated[bool, typer.Option("--model", help=options.MODEL)] = False,
    sample: Annotated[int, typer.Option("--sample", min=0, metavar="N", help=options.SAMPLE)] = 0,
    on: Annotated[Path | None, typer.Option("--on", metavar="FOLDER", help=options.ON)] = None,
    account: Annotated[str | None, typer.Option("--account", metavar="NAME", help=options.ON_ACCOUNT)] = None,
    our_domain: Annotated[list[str] | None, typer.Option("--our-domain", metavar="DOMAIN", help=options.ON_DOMAIN)] = None,
) -> None:
    """Measure answers and briefs on labelled deals, or on your own export. Exit code 4: below the baseline, or an inexact quote."""
    from eval.cases import BadCases
    from eval.command import CannotRecord, CannotWrite, Wanted
    from eval.command import evaluate as evaluated
    from eval.compare import NotARun
    from eval.report import columns

    if on and (cases or only or worst or write_baseline or raise_baseline or against or junit):
        fail(options.ON_ALONE, Exit.USAGE)
    wanted = Wanted(cases, tuple(only or ()), home, as_json, worst, write_baseline, against, out, junit, model, sample, raise_baseline)
    try:
        own = _on_own_data(on, sample, home, account, tuple(our_domain or ()), out, as_json, model) if on else None
        told = own or evaluated(wanted, columns())
    except (BadCases, CannotRecord, CannotWrite, NotARun) as error:
        fail(str(error), Exit.ERROR)
    print(told.text, flush=True)
    for fault in told.unwritten:
        say(f"Error: {fault}")
    raise typer.Exit(told.code)


def _on_own_data(
    on: Path, sample: int, home: Path | None, account: str | None, domains: tuple[str, ...], out: Path | None, as_json: bool, model: bool
) -> Told:
    from eval.own_data.command import OUT, Asked, evaluate_own
    from eval.own_data.measuring import Wanted
    from eval.report import columns

    return evaluate_own(Asked(Wanted(on, sample, home, account, domains), out or OUT, as_json, model), columns())
