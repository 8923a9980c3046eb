"""What the archive says no to, each named after what the caller can do about it, with a sentence that helps."""

from __future__ import annotations

from pathlib import Path


class HomeBusy(Exception):
    """Another process is writing to this home."""

    def __init__(self, home: Path, pid: int | None, command: str) -> None:
        self.home, self.pid, self.command = home, pid, command
        helps = "stop it, or wait until it is stopped," if self.by_server else "wait until it has finished, or stop it,"
        super().__init__(f"{self.held}; {helps} and try again.")

    @property
    def held(self) -> str:
        return f"{self.home} is in use by " + (f"process {self.pid} ({self.command})" if self.pid else "another process")

    @property
    def by_server(self) -> bool:
        """It goes on until somebody stops it; waiting helps nobody."""
        return self.pid is not None and self.command.split()[1:2] == ["serve"]


class HomeTooNew(Exception):
    """The home was written by a later Baton than this one."""

    def __init__(self, home: Path, revision: str) -> None:
        super().__init__(
            f"{home} was written by a newer Baton (archive revision {revision}, which this one does not know); "
            "install that version or a later one, or use another home."
        )
        self.home, self.revision = home, revision


class HomeTooOld(Exception):
    """The home was made before the first release, in a form that no later Baton reads."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            f"{home} was made by a Baton from before its first release, in a form that is read no longer; move the folder away and ingest "
            "your exports again."
        )
        self.home = home


class HomeUnreadable(Exception):
    """The archive's file is there but is no database of ours."""

    def __init__(self, file: Path, reason: str) -> None:
        super().__init__(
            f"{file} cannot be read as Baton's archive ({reason}); restore it from a backup, or move it away and ingest again."
        )
        self.file = file


class DiskTrouble(Exception):
    """What the disk under a home refused: space, the right to write, or its bytes."""

    def __init__(self, home: Path, reason: str, do: str) -> None:
        super().__init__(f"{home} could not be used ({reason}); {do}, and try again. What was finished is kept.")
        self.home = home


class ReadOnly(Exception):
    """A write on an archive that was opened for reading."""

    def __init__(self) -> None:
        super().__init__("this archive was opened for reading; open it with write=True to change it.")


class NotThere(Exception):
    """Nothing by that id in the reader's scope: unknown, removed or not theirs, which all look the same."""

    def __init__(self, what: str, reference: str) -> None:
        super().__init__(f"there is no {what} {reference!r} here.")
        self.what, self.reference = what, reference


class UnknownAccount(NotThere):
    """No account in the reader's scope fits the reference."""

    def __init__(self, reference: str, nearest: tuple[str, ...]) -> None:
        super().__init__("account", reference)
        meant = f" Did you mean {' or '.join(nearest)}?" if nearest else " `baton accounts` lists those there are."
        self.args = (f"no account fits {reference!r}.{meant}",)
        self.nearest = nearest


class AmbiguousAccount(Exception):
    """More than one account in the reader's scope fits the reference."""

    def __init__(self, reference: str, names: tuple[str, ...]) -> None:
        super().__init__(f"{reference!r} fits {len(names)} accounts: {', '.join(names)}. Say which by its full name or id.")
        self.reference, self.names = reference, names
