"""Why a step of a job did not work: for now, or until somebody has done something about it."""

from __future__ import annotations

from datetime import timedelta


class Later(Exception):
    """It may work later; the message is a sentence for whoever looks at the list of jobs."""

    def __init__(self, trouble: str, after: timedelta | None = None) -> None:
        super().__init__(trouble)
        self.after = after
        """At the earliest, where the other side says so."""


class Never(Exception):
    """It will not work until somebody has done what the message says."""


class StepFailed(Exception):
    """Holds nothing, for it may be written to the engine's file; why stands in the job."""
