"""Wishes that no film here can fulfil, answered plainly: nothing is changed."""

from __future__ import annotations

import re

# (what is asked, the answer).
_BEYOND: tuple[tuple[re.Pattern[str], str], ...] = tuple((re.compile(pattern), said) for pattern, said in (
    (r"^(?:send|e-?mail|mail|post|upload|publish|share|tweet|text|whatsapp|print|fax|call|phone|ring|order|buy|sell|"
     r"burn) (?!(?:it|this|that|the (?:take|film|one)) (?!to\b|on\b|by\b|for\b)\w)(?=.*\b(?:to|on|by|my|mother|mom|mum|"
     r"dad|friends?|phone|youtube|instagram|tiktok|vimeo|internet|email|boss|client|everyone|him|her|them|pizza)\b)",
     "Sending and sharing is not done here, the finished take can be saved as a file"),
    (r"\b(?:smell|scent|odou?r|taste|flavou?r)s?(?: like| of)?\b", "A film here is picture and sound, it cannot be "
                                                                  "smelt or tasted"),
    (r"\b(?:real|human|live|professional|famous) (?:actors?|actress(?:es)?|people|humans|footage|photographs?)\b|"
     r"\b(?:tom cruise|brad pitt)\b|\bfor real\b", "Everything here is drawn by the world model, nothing real can be "
                                                  "filmed"),
    (r"^(?:please )?(?:sing|rap|hum|recite)\b|\b(?:add|with|write|put in|include) (?:some |a |the |my )?(?:lyrics|"
     r"vocals|sung words|voice ?over|narrat(?:ion|or)|dialogues?|spoken words|singing)\b|\btranslate\b|"
     r"\b(?:say|says|speak|speaks|talk|talks) (?:to|my|hello|\")",
     "There are no voices here, neither singing nor speaking"),
    (r"^(?:delete|destroy|hack|switch off|break|reboot|shut down) (?:the |my |this )?(?:internet|computer|world wide "
     r"web|machine|disk|universe|program|app)\b", "Only the film can be changed here"),
    (r"^(?:eat|drink|kiss|marry|hug|lick|cook|feed)\b|\b(?:make|let) (?:everyone|everybody|the audience|people|me|them|"
     r"us)\b.*\b(?:cry|laugh|fall in love|clap|rich|famous|happy)\b|\bwin (?:an? |the )?(?:oscar|award|prize)s?\b",
     "What a viewer does is not in the film's hands; picture, sound and time can be changed"),
    (r"\b(?:3d glasses|virtual reality|stereoscopic|in vr\b|hologra(?:m|phic)|imax screen|smell-o-vision)",
     "A film here is one flat picture; stereoscopic and holographic films are not made"),
    (r"\b(?:interactive|playable|a (?:video )?game|clickable)\b", "A film here is watched, it cannot be played"),
    (r"\b(?:faster than light|time travel|infinite(?:ly)? long|last(?:s)? forever|endless(?:ly)? long|never ends?)\b",
     "A film lasts from half a second to three hours"),
))


def beyond(line: str) -> str | None:
    """What to answer to a line that no film can fulfil; None for every other."""
    found = next((said for pattern, said in _BEYOND if pattern.search(line)), None)
    return f"{found}; nothing was changed." if found else None


__all__ = ["beyond"]
