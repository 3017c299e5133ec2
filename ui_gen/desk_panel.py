"""The panels at a desk: what is shown for a take, what was moved on it, and what becomes of that. No gradio here."""

from __future__ import annotations

import threading
import time
from typing import Any

from agent.edits import Patch
from agent.studio import Studio
from modalities.faults import Unusable
from ui_gen.bind import accepted, patch_of
from ui_gen.desk_words import plain
from ui_gen.intents import focus_said
from ui_gen.panel import Control, Focus, Panel
from ui_gen.panel_use import note_use
from ui_gen.panels import Panels

# A panel is not drawn anew while a hand is on it.
HAND_S = 1.5
ABOUT = {"light": "the light", "colour": "the colours", "camera": "the camera", "subject": "who is in it",
         "weather": "the weather", "land": "the place", "look": "the look", "music": "the music", "sound": "the sound",
         "time": "the cuts"}


class PanelDesk:
    """Thread-safe. Values that were moved are kept by take until a take is made of them or they are put back."""

    def __init__(self, studio: Studio) -> None:
        self._studio, self._panels = studio, Panels(studio)
        self._lock = threading.RLock()
        self._values: dict[str, dict[str, Any]] = {}
        self._moved_at: dict[str, float] = {}
        self._seen: dict[str, int] = {}
        self._resets = 0

    def panel(self, take_id: str | None) -> tuple[Panel, dict[str, Any], bool] | None:
        """(the panel as far as it was measured, the values moved but not rendered, whether it is whole); None without
        a take, and for the first moments."""
        if take_id is None or take_id not in self._studio.store.ids():
            return None
        held = self._panels.now(take_id)
        if held.panel is None:
            return None
        with self._lock:
            return held.panel, dict(self._values.get(take_id, {})), held.whole

    def growing(self, take_id: str | None) -> bool:
        """Whether more controls are being tried on a take's film."""
        return bool(take_id) and take_id in self._studio.store.ids() and not self._panels.now(take_id or "").whole

    def token(self, take_id: str | None) -> str:
        """Changes whenever a page should draw the panel anew: another take, one more control, put back; never while a
        hand is on a control."""
        if take_id is None or take_id not in self._studio.store.ids():
            return f":{self._resets}"
        now = self._panels.now(take_id).revision
        with self._lock:
            if time.monotonic() - self._moved_at.get(take_id, -HAND_S) >= HAND_S:
                self._seen[take_id] = now
            return f"{take_id}:{self._resets}:{self._seen.get(take_id, 0)}"

    def moved(self, take_id: str, control_id: str, value: Any) -> Any:
        """A control was moved; the value as it was accepted. Raises Unusable."""
        control = self._control(take_id, control_id)
        value = accepted(control, value)
        with self._lock:
            self._values.setdefault(take_id, {})[control_id] = value
            self._moved_at[take_id] = time.monotonic()
        return value

    def put_back(self, take_id: str, control_id: str) -> Any:
        """One control where the film has it; that value. Raises Unusable."""
        control = self._control(take_id, control_id)
        with self._lock:
            self._values.get(take_id, {}).pop(control_id, None)
        return control.value

    def lock(self, take_id: str, control_id: str, locked: bool) -> None:
        """The creator keeps a control on the panel, or lets it go. Raises Unusable."""
        self._control(take_id, control_id)
        self._panels.lock(take_id, control_id, locked)

    def reset(self, take_id: str) -> None:
        """Forget what was moved on this take's panel."""
        with self._lock:
            self._values.pop(take_id, None)
            self._moved_at.pop(take_id, None)
            self._resets += 1

    def waiting(self, take_id: str) -> tuple[Patch, str]:
        """The patch of everything that was moved, and what that is in words. Raises Unusable."""
        found = self.panel(take_id)
        if found is None:
            raise Unusable("This take has no panel yet.")
        panel, values, _ = found
        _, direction, _ = self._studio.load(take_id)
        patch = patch_of(direction, panel, values)
        if not patch:
            raise Unusable("Nothing on the panel was moved yet; move a control first.")
        labels = [f"{c.label}: {plain(c.value)} → {plain(values[c.id])}" for c in panel.controls
                  if c.id in values and values[c.id] != c.value]
        note_use(self._studio.store, [c.id for c in panel.controls if values.get(c.id, c.value) != c.value])
        return patch, ", ".join(labels)

    def turn_to(self, take_id: str, focus: Focus | None) -> str:
        """A panel about another part of the piece, with what was touched or locked still on it; what to say of it."""
        found = self.panel(take_id)
        kept: tuple[Control, ...] = ()
        if found is not None:
            panel, values, _ = found
            kept = tuple(c for c in panel.controls if c.locked or (c.id in values and values[c.id] != c.value))
        self._panels.turn_to(take_id, focus, kept)
        stays = f" {', '.join(c.label for c in kept)} {'stay' if len(kept) > 1 else 'stays'} on it." if kept else ""
        return f"The panel is about {ABOUT[focus or 'look'] if focus else 'the whole film'} now.{stays}"

    def focus_said(self, take_id: str | None, line: str) -> str | None:
        """Answers a line that only wants another panel, such as "let's work on the light"; None for any other line."""
        if take_id is None:
            return None
        focus = focus_said(line)
        return None if focus is None else self.turn_to(take_id, focus)

    def whole(self, take_id: str, timeout_s: float = 60.0) -> Panel | None:
        """The whole panel, waited for."""
        return self._panels.finish(take_id, timeout_s)

    def close(self) -> None:
        self._panels.close()

    def _control(self, take_id: str, control_id: str) -> Control:
        found = self.panel(take_id)
        if found is None:
            raise Unusable("This take is gone.")
        control = next((one for one in found[0].controls if one.id == control_id), None)
        if control is None:
            raise Unusable(f"The panel has no control {control_id[:48]!r}.")
        return control
