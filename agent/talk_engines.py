"""Who makes the pictures and who plays the music, in words: "render it with wan", "finish this in LTX", "music by ace
step", "back to the simulator", "freer", "hold to the edges".

Whether that engine can run here is found out when the take is made. Names are read as they were typed: what mends
spelling would make a man of Wan.
"""

from __future__ import annotations

import re
from typing import Any

from agent.talk_change import Changed, opened
from agent.talk_types import KnownTake

# How people say an engine's name, to its id; longer names first.
PICTURES = {
    "wan-vace": r"wan(?: 2\.1)?(?:[ -]?vace)?|vace", "ltx2.5": r"ltx[ -]?2\.5|ltx video 2\.5|distilled ltx",
    "ltx2": r"ltx(?:[ -]?2(?:\.0)?)?(?: video)?",
    "anyflow-14b": r"(?:the )?(?:large|big|14b) any ?flow|any ?flow[ -]?14b", "anyflow": r"any ?flow(?:[ -]?far)?",
    "cosmos-transfer": r"(?:nvidia )?cosmos(?:[ -]?transfer)?(?: ?2\.5)?",
    "dream": r"(?:the )?dream(?: engine| model)?|(?:the |your )?own (?:neural )?model",
    "sim": r"(?:the )?(?:simulator|simulation|sim|previz|plain (?:engine|renderer))"}
SOUNDS = {
    "ace-step": r"ace[ -]?step(?: ?1\.5)?", "stable-audio3": r"stable[ -]?audio(?:[ -]?3)?",
    "musicgen-melody": r"music ?gen (?:with (?:a|the|our) )?melody", "musicgen": r"music ?gen",
    "synth": r"(?:the |our |your )?own (?:instruments|players|synth)|(?:the )?synth(?:esi[sz]er)?"}
TITLES = {"wan-vace": "Wan VACE", "ltx2": "LTX-2", "ltx2.5": "LTX-2.5", "anyflow": "AnyFlow",
          "anyflow-14b": "AnyFlow 14B", "dream": "the dream", "sim": "the simulator", "ace-step": "ACE-Step",
          "stable-audio3": "Stable Audio 3", "cosmos-transfer": "Cosmos-Transfer",
          "musicgen": "MusicGen", "musicgen-melody": "MusicGen with our melody", "synth": "our own instruments"}
LARGE = ("wan-vace", "ltx2", "ltx2.5", "anyflow", "anyflow-14b", "cosmos-transfer")
_DO = r"(?:(?:now |please )?(?:render|finish|make|paint|redo|do|film|shoot|generate|draw|run|put)" \
      r"(?: (?:it|this|that|the (?:whole )?(?:film|thing)|everything))?(?: again| over| through)?" \
      r"(?: (?:with|by|in|on|using|through|via))|" \
      r"(?:use|try|switch to|go (?:back )?to|back to|change to)|(?:with|in|by|through))"
_MUSIC = r"(?:(?:play|make|do|compose|generate|have)(?: the)? (?:music|score|soundtrack)(?: played| made| composed)?|" \
         r"(?:the )?(?:music|score|soundtrack)(?: (?:played|made|composed|should be))?) (?:with|by|from|in|using|on)"
_END = r"(?: (?:engine|model|instead|again|this time|please|for (?:the )?(?:pictures?|music)))*$"
_FREER = re.compile(r"^(?:(?:give|let) (?:it|the model) (?:have )?more freedom|"
                    r"(?:much |a bit |a little )?(?:more freely|freer)|"
                    r"(?:a bit |a little |much )?further from the previz)$")
_TIGHTER = re.compile(r"^(?:give (?:it|the model) less freedom|"
                      r"(?:hold|stick|stay|keep) (?:it )?(?:much |a bit |a little )?(?:closer|tighter|nearer) to the "
                      r"(?:previz|world|guide)|(?:much |a bit |a little )?(?:closer|nearer) to the previz|"
                      r"less free(?:ly)?)$")
_HOLD = re.compile(r"^(?:hold|stick|keep|follow|stay)(?: on)?(?: to| with)? (?:only )?(?:the |its )?"
                   r"(?P<what>depth|edges?|outlines?|lines|pictures?|colou?rs|words?)(?: only)?$")
HOLDS = {"depth": "depth", "edge": "edges", "edges": "edges", "outline": "edges", "outlines": "edges", "lines": "edges",
         "picture": "pictures", "pictures": "pictures", "colours": "pictures", "colors": "pictures", "word": "none",
         "words": "none"}
STEP = 0.15


def engined(text: str, here: KnownTake) -> Changed | None:
    """The change that a line about engines asks for, or None where it is about something else."""
    line = re.sub(r"^(?:please |now |could you |can you )+", "", " ".join(text.lower().split()).strip(" .!?"))
    made = opened(here.direction)
    engine: dict[str, Any] = made.document["engine"]
    for names, field, head in ((SOUNDS, "sound", _MUSIC), (PICTURES, "engine", _DO), (SOUNDS, "sound", r"(?:use|try)")):
        for name, said in names.items():
            if re.match(rf"{head} (?:{said}){_END}", line):
                return _chosen(made, field, name)
    if engine["id"] not in LARGE:
        return None
    turned = STEP if _FREER.match(line) else -STEP if _TIGHTER.match(line) else 0.0
    if turned:
        before = float(engine["params"].get("freedom", 0.6))
        now = round(min(1.0, max(0.0, before + turned)), 2)
        engine["params"] = engine["params"] | {"freedom": now}
        if now == before:
            made.clamped.append("The model is as free as it can be" if turned > 0 else "This is the previz itself")
        made.told(f"the model is {'freer' if turned > 0 else 'held closer to the previz'} ({now:g})", "look")
        return made
    if found := _HOLD.match(line):
        engine["params"] = engine["params"] | {"hold": HOLDS[found["what"]]}
        held = HOLDS[found["what"]]
        made.told(f"the model holds to {'the words alone' if held == 'none' else held}", "look")
        return made
    return None


def _chosen(made: Changed, field: str, name: str) -> Changed:
    """Another engine. What both know of how free they are goes along; other knobs were the old one's."""
    before = made.document[field]
    if before["id"] == name:
        made.same = True
        return made
    shared = {key: value for key, value in before["params"].items() if key == "freedom" and name in LARGE}
    made.document[field] = {"id": name, "params": shared}
    made.told(f"{'the music is played' if field == 'sound' else 'the pictures are made'} by {TITLES[name]}",
              "music" if field == "sound" else "look")
    return made
