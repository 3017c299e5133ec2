"""The stage: the film, alone, beside another take, or over it with a divider to draw; frame by frame; in a loop. While
there is no film it invites to begin. The page sends it data; its own script keeps the two films together."""

from __future__ import annotations

import html
import json
from pathlib import Path
from typing import Any

from modalities.faults import Unusable
from modalities.store import Take
from ui_gen.desk import Desk
from ui_gen.desk_acts import STARTS, known_labels
from ui_gen.ideas_page import file_url
from ui_gen.stage_drop_script import TRAYS
from ui_gen.stage_hands_script import OVER
from ui_gen.stage_strip import strip_of
from ui_gen.stage_strip_script import STRIP

# Small scenes, drawn; each moves a little.
SCENES = (
    "<rect width='160' height='90' fill='#f7c873'/><circle class='bc-breath' cx='118' cy='34' r='15' fill='#fff0c0'/>"
    "<path d='M0 58q40-16 80-3t80-6v41H0z' fill='#7d9a4a'/><path d='M0 70q50-12 90-1t70-4v25H0z' fill='#56752f'/>"
    "<g fill='#d8402b'><circle cx='22' cy='72' r='5'/><circle cx='52' cy='80' r='6'/><circle cx='98' cy='77' r='5'/>"
    "<circle cx='134' cy='82' r='6'/></g><g class='bc-drift'><ellipse cx='64' cy='44' rx='9' ry='6' fill='#3a2c14'/>"
    "<path d='M60 38v12M66 38v12' stroke='#f2b43c' stroke-width='2.5'/><ellipse cx='61' cy='36' rx='7' ry='3.4' "
    "fill='#fff' opacity='.75'/></g>",
    "<rect width='160' height='90' fill='#1b0f3d'/><circle class='bc-breath' cx='80' cy='48' r='24' fill='#ff4f9a'/>"
    "<path d='M0 52h160v38H0z' fill='#12082b'/><g stroke='#39d5ff' stroke-width='1' opacity='.8'><path d='M80 52L10 90"
    "M80 52L50 90M80 52l30 38M80 52l70 38M0 58h160M0 66h160M0 78h160'/></g>"
    "<path d='M0 52V26h12v10h10V16h14v24h10V30h10v22z"
    "M160 52V22h-12v12h-10V18h-14v22h-10v-8h-9v20z' fill='#0b0520'/>",
    "<rect width='160' height='90' fill='#4a5d70'/><path d='M0 0h160v26q-40 14-80 2T0 30z' fill='#38485a'/><circle "
    "class='bc-breath' cx='126' cy='34' r='11' fill='#ffe2a0'/><g class='bc-drift'><path d='M58 54h44l-9 13H67z' "
    "fill='#fbf6ea'/><path d='M80 30v24H62zM80 36l15 18H80z' fill='#fffdf6'/></g><path d='M0 66q20-10 40 0t40 0 40 0 "
    "40 0v24H0z' fill='#22465c'/><path d='M0 76q20-9 40 0t40 0 40 0 40 0v14H0z' fill='#173344'/>",
    "<rect width='160' height='90' fill='#0d1b33'/><path class='bc-breath' d='M0 30q40-26 80-8t80-14v22q-40 16-80 "
    "0T0 52z' fill='#3fd8a0' opacity='.55'/><path d='M0 70l30-16 26 14 34-20 32 18 38-14v38H0z' fill='#dfe8f3'/><g "
    "fill='#8a5a3a'><path d='M40 70h16v12H40zM100 68h18v14h-18z'/></g><path d='M37 71l11-9 11 9zM97 69l12-10 12 10z' "
    "fill='#fff'/><g class='bc-drift' fill='#ffc35c'><ellipse cx='66' cy='42' rx='4' ry='5'/><ellipse cx='88' cy='28' "
    "rx='3' ry='4'/><ellipse cx='116' cy='40' rx='4' ry='5'/><ellipse cx='42' cy='32' rx='3' ry='4'/></g>")


def stage_data(desk: Desk) -> str:
    """What the stage shows now, as JSON text for its script; {"film": null} before the first take."""
    film = _film(desk, desk.current)
    before = _film(desk, desk.compared) if film is not None and desk.compared != desk.current else None
    return json.dumps({"film": film, "before": before, "busy": desk.work() is not None}, ensure_ascii=False)


def _film(desk: Desk, take_id: str | None) -> dict[str, Any] | None:
    take = desk.takes().get(take_id or "")
    if take is None or not take.video.is_file():
        return None
    name = known_labels(desk)[take.id].name if take.id in known_labels(desk) else ""
    return {"take": take.id, "name": name or take.id, "url": _url(take.video), "poster": _url(take.poster),
            **_told(desk, take)}


def _told(desk: Desk, take: Take) -> dict[str, Any]:
    """Frames a second, and the strip under the film; none where the take's documents are damaged."""
    try:
        direction = desk.studio.load(take.id)[1]
    except Unusable:
        return {"fps": 24.0, "strip": None}
    return {"fps": float(direction.grid.fps), "strip": strip_of(direction, take.audio)}


def _url(path: Path) -> str:
    # A number may be given again after a take was deleted for good.
    return f"{file_url(path)}?{path.stat().st_mtime_ns}" if path.is_file() else ""


def _starts() -> str:
    return "".join(
        f"<li><button type='button' data-do='start' data-number='{number}'><svg viewBox='0 0 160 90' "
        f"aria-hidden='true' preserveAspectRatio='xMidYMid slice'>{scene}</svg><span>{html.escape(line)}</span>"
        "</button></li>"
        for number, (line, scene) in enumerate(zip(STARTS, SCENES, strict=True)))


def _tool(name: str, label: str, path: str, more: str = "") -> str:
    return (f"<button type='button' class='bc-tool' data-tool='{name}' aria-label='{label}' title='{label}'{more}>"
            f"<svg viewBox='0 0 24 24' aria-hidden='true'><path d='{path}'/></svg></button>")


def _do(name: str, word: str, key: str, more: str, title: str) -> str:
    return (f"<button type='button' class='bc-quiet' data-tool='{name}' title='{title}' aria-keyshortcuts='{key}' "
            f"{more}>{word}</button>")


LOOP = "M7 7h10a3 3 0 0 1 3 3v1M17 17H7a3 3 0 0 1-3-3v-1M14 4l3 3-3 3M10 20l-3-3 3-3"
SOUND = "M5 9.5v5h3.5L13 18V6L8.5 9.5zM16 9a4 4 0 0 1 0 6M18.5 6.5a8 8 0 0 1 0 11"
TEMPLATE = f"""
<div class='bc-stage' data-mode='one' data-empty='yes'>
 <div class='bc-hello' hidden><h2>What would you like to see and hear?</h2>
  <p>Say it on this page, drop a film, a picture or music, or begin with one of these.</p><ul>{_starts()}</ul></div>
 <div class='bc-films' hidden>
  <figure id='bc-before' hidden><video muted playsinline preload='auto' tabindex='-1'></video><figcaption></figcaption>
  </figure>
  <figure id='bc-film'><video playsinline preload='auto' tabindex='-1'></video><figcaption></figcaption>{OVER}</figure>
  <div class='bc-wipe' role='slider' tabindex='0' aria-label='Divider between the two takes' aria-valuemin='0'
   aria-valuemax='100' aria-valuenow='50' hidden><i></i></div>
  <button type='button' class='bc-big' data-tool='play' aria-label='Play the film'><svg viewBox='0 0 24 24'
   aria-hidden='true'><path d='M8 5.5v13l11-6.5z'/></svg></button>
 </div>
 {STRIP}
 <div class='bc-tools' role='group' aria-label='Playing' hidden>
  {_tool("play", "Play or pause (space)", "M8 5.5v13l11-6.5z")}
  {_tool("back", "One frame back (,)", "M17 6l-8 6 8 6zM6 6v12")}
  {_tool("on", "One frame on (.)", "M7 6l8 6-8 6zM18 6v12")}
  <output class='bc-time'>0:00.0</output>
  {_tool("loop", "Loop", LOOP, " aria-pressed='true'")}
  {_tool("sound", "Sound", SOUND, " aria-pressed='true'")}
  {_tool("full", "Fill the screen", "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5")}
  <a class='bc-tool' data-save aria-label='Download this film' title='Download this film'><svg viewBox='0 0 24 24'
   aria-hidden='true'><path d='M12 4v11M7 10.500l5 5 5-5M5 20h14'/></svg></a>
  <div class='bc-does' role='group' aria-label='On the film' hidden>
   {_do("hands", "Handles", "H", "aria-pressed='false'", "Sun, horizon and body, to drag on the film (H)")}
   {_do("drop", "Drop here", "D", "aria-expanded='false' aria-controls='bc-drop'", "Drop something at this moment (D)")}
   {_do("tap", "Tap", "T", "aria-expanded='false' aria-controls='bc-tap'", "Tap a rhythm (T)")}
  </div>
  <div class='bc-modes' role='radiogroup' aria-label='The take beside it' hidden>
   <button type='button' role='radio' data-way='one' aria-checked='true'>Alone</button>
   <button type='button' role='radio' data-way='side' aria-checked='false'>Side by side</button>
   <button type='button' role='radio' data-way='wipe' aria-checked='false'>Wipe</button></div>
 </div>
 {TRAYS}
</div>
"""

__all__ = ["TEMPLATE", "stage_data"]
