"""Where Baton keeps everything: one folder, given, found or the user's own."""

from __future__ import annotations

from pathlib import Path

NAME = ".baton"


def find_home(given: Path | None, start: Path | None = None) -> Path:
    """The folder given, else the nearest `.baton` at or above `start` (the working folder), else the user's data folder.

    It need not exist.
    """
    if given is not None:
        return given.expanduser().resolve()
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / NAME).is_dir():
            return folder / NAME
    from platformdirs import user_data_path  # only when nothing else says where

    return user_data_path("baton", appauthor=False)
