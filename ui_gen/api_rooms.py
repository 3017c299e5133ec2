"""Where each user's things lie: projects and uploads in a folder of their own, nobody else's.

The user `me` is who runs the studio: their project `main` is the one the studio shows. Everybody else, and every other
project, lies in `<studio's project>/users/NAME/`.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from agent.studio import Studio
from modalities.faults import Unusable
from modalities.store import Store
from ui_gen.api_tokens import NAME, OWNER
from ui_gen.api_uploads import Uploads
from ui_gen.command_line.making import studio_in

MAIN = "main"
PROJECT = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}\Z")
MOST_PROJECTS = 50


class Missing(Unusable):
    """What was asked for is not there, or not this user's, which is the same."""


@dataclass(frozen=True)
class Room:
    """One project of one user. taste: the file of their taste, None for who runs the studio."""

    user: str
    project: str
    folder: Path
    taste: Path | None = None

    @property
    def store(self) -> Store:
        """The project for reading only: nothing is made or swept."""
        return Store(self.folder)

    def studio(self, environ: Mapping[str, str] | None = None) -> Studio:
        """The studio over this project. Raises Unusable."""
        given = os.environ if environ is None else environ
        return studio_in(self.folder, given if self.taste is None else {**given, "BEECAM_PROFILE": str(self.taste)})


class Rooms:
    """The rooms beside the studio's own project. main: that project's folder."""

    def __init__(self, main: Path) -> None:
        self.main = main.expanduser().absolute()

    def home(self, user: str) -> Path:
        """A user's folder. Raises Missing for what cannot be a user."""
        if not NAME.match(user):
            raise Missing("There is no such user.")
        return self.main / "users" / user

    def projects(self, user: str) -> list[str]:
        """The names of a user's projects, `main` first."""
        folder = self.home(user) / "projects"
        found = sorted(p.name for p in folder.iterdir() if PROJECT.match(p.name)) if folder.is_dir() else []
        return [MAIN, *(name for name in found if name != MAIN)]

    def room(self, user: str, project: str = MAIN) -> Room:
        """Raises Missing where there is no such project."""
        if not PROJECT.match(project) or project not in self.projects(user):
            raise Missing(f"There is no project {project[:40]!r}.")
        home = self.home(user)
        taste = None if user == OWNER else home / "taste.json"
        if user == OWNER and project == MAIN:
            return Room(user, project, self.main, taste)
        return Room(user, project, home / "projects" / project, taste)

    def add(self, user: str, project: str) -> Room:
        """A new, empty project. Raises Unusable for a name that cannot be one or is taken."""
        if not PROJECT.match(project):
            raise Unusable(f"{project[:40]!r} cannot be a project's name; expected up to 40 of a-z, 0-9, - and _.")
        known = self.projects(user)
        if project in known:
            raise Unusable(f"There is a project {project!r} already.")
        if len(known) >= MOST_PROJECTS:
            raise Unusable(f"There are {MOST_PROJECTS} projects, which is the most.")
        (self.home(user) / "projects" / project).mkdir(parents=True, exist_ok=True)
        return self.room(user, project)

    def uploads(self, user: str) -> Uploads:
        """The files that a user handed in."""
        return Uploads(self.home(user) / "uploads")


__all__ = ["MAIN", "Missing", "Room", "Rooms"]
