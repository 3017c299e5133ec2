"""One wording for another that is read better in a later line: "stop the rain" is "no rain", "blackout" is darkness.

What is put in its place means the same; a wording that would need another meaning belongs to the file that does it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from agent.lexicon.words import NUMBERS
from agent.talk_moves import UTMOST_WORDS

_SKY = "rain|snow|fog|mist|haze|storm|wind|clouds|thunder|lightning|dust|drizzle|aurora|northern lights"
_AMOUNTS = "rain|snow|fog|mist|clouds?|wind|waves|grain|contrast|colou?rs?"
_BARE = "calm|wild|slow|fast|bright|dark|colou?rful|warm|cold|cool|steady|quiet|gloomy|lively|hectic|shaky|grainy"
_BEATS = r"(?:tempo|music|song|beat|track|tune|bpm|speed of the (?:music|song))"
_N = "|".join(["\\d{2,3}", *(word for word, n in NUMBERS.items() if word.isalpha() and 2 <= n <= 60)])

_MORE_OF = {"quiet": "quieter", "soft": "softer", "loud": "louder", "calm": "calmer", "gentle": "gentler",
            "wild": "wilder"}
_WORDINGS: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    # What is not wanted any more.
    (rf"\b(?:let |make |have )?(?:the )?({_SKY}) (?:should |must |to )?(?:stops?|ends?|goes away|go away|clears?(?: "
     rf"up)?|"
     r"lifts?|dies? down|disappears?|vanish(?:es)?|passes|is over|is gone)$", r"no \1"),
    (rf"\b(?:stop|stops|end|ends|clear|clears|forget|never ?mind|cut|lift|skip|enough of|turn off|switch off|get "
     rf"rid of|"
     rf"banish|kill|lose|no more|away with|take away|i don't need|we don't need)(?: out| off| away)? (?:all "
     rf")?(?:the |that |"
     rf"this )?({_SKY})(?: away| off| out)?\b", r"no \1"),
    (r"\b(?:stop|stops) (?:the )?(rain|snow)ing\b|\bit (?:should |must )?stops? (?P<b>rain|snow)ing\b",
     lambda found: f"no {found[1] or found['b']}"),
    (r"^(?:turn off|switch off|stop|enough of|forget|never ?mind) (?:all )?(?:the |that |those )(?=[a-z]+(?: "
     r"[a-z]+)?$)(?!music|"
     r"score|sound|song|volume|pulsing|flashing|camera|film|shaking|ambience|noise|audio|track)", "no "),
    (r"^(?:remove|delete|hide|lose|get rid of|take out|take away|drop|kill|leave out|skip)(?: all)?(?: of)? (?:the |"
     r"these |"
     r"those |any )?", "no "),
    (r"^(?:what )?i (?:don't|do not) (?:really )?(?:like|want|need)(?: is)? (?:the |that |any |to see )*", "no "),
    (r"^(?:can|could) (?:we|you|it) do (?:it )?without(?: (?:it|that|them))?\??$", ""),
    (r"^do it without(?: (?:it|that|them))?\??$", ""),
    (r"^(?:the )?same(?: film| thing| again| one)?,? but (?!in\b|for\b|at the\b)", ""), (r"^(?:the )?same film$", ""),
    # How much.
    (r"\b(?:in )?slow[- ]?mo(?:tion)?\b", "much slower"),
    (r"\bdesaturate(?: it| the colou?rs)?\b", "less colourful"),
    (rf"\b(?:half|halve) (?:of )?the (?={_AMOUNTS})", "much less "),
    (rf"\b(?:double|twice) the (?={_AMOUNTS})", "much more "),
    (r"\b(?:brighten|lighten)(?: (?:it|everything|this))?(?: up)?\b", "brighter"),
    (r"\b(?:darken|dim)(?: (?:it|everything|this))?(?: down)?\b(?! light)", "darker"),
    (r"\bwarm (?:it|everything|this) up\b", "warmer"), (r"\bcool (?:it|everything|this) down\b", "cooler"),
    (r"^(?:let it |it should |it |let everything |everything )?(?:go|goes|turn|turns|fade|get|gets|become|be|make "
     r"it)? ?(?:to )?"
     r"(?:completely|totally|fully|pitch|entirely|all|quite)?[ -]?(?:black|blacked|dark)[ -]?(?:out)?$|^(?:a "
     r")?(?:black-?out|"
     r"black out|lights out|total darkness)$",
     lambda found: found[0] if found[0] in ("dark", "it dark", "black", "be dark") else "as dark as possible"),
    (r"^(?:it's |it is |that's |the film is |everything is )(?:a bit |a little |rather |too |so |kind of )*(?:dull|"
     r"boring|flat|tame|lifeless|lame|sleepy)$|^(?:too |a bit )?(?:dull|boring)$|^make (?:it|this) (?:really "
     r")?pop(?: more)?$|^(?:it needs )?more (?:oomph|punch|"
     r"life|"
     r"energy|zest|spice)$", "wilder, more colourful"),
    (r"^(?:it |this |it all |everything )?(?:feels?|is|looks?|seems?) (?:too |a bit |so |rather )*(?:rushed|hurried|"
     r"hectic|"
     r"frantic|nervous|restless)$|^(?:there is |it's )?too much (?:happening|going on|action)$", "calmer"),
    (r"^(?:it |this |the film |the (?:middle|part) )?(?:drags(?: on)?|is too long-?winded|is dragging|is sluggish)$",
     "faster"),
    (r"\b(?:give (?:it|us|me)|add|put in|with) (?:some|a (?:bit|touch|hint) of|more) (magic|mystery|drama|warmth|"
     r"romance|"
     r"nostalgia|tension|hope|melancholy|humou?r|joy|sadness)$",
     lambda found: {"magic": "magical", "mystery": "mysterious", "drama": "more dramatic", "warmth": "warmer",
                    "romance": "romantic", "nostalgia": "nostalgic", "tension": "tenser", "hope": "hopeful",
                    "melancholy": "melancholic", "joy": "happier", "sadness": "sadder"}.get(found[1], "funnier")),
    (r"\b(?:make it )?feel(?:s)? like an? fairy ?tale$", "fairy tale"),
    (rf"^(?:make (?:it|everything|this|all) |(?:it|everything) should (?:be|get) |should be |must be |could be |be |"
     rf"get |gets |"
     rf"keep it |let it be |is )?(?:very |really |all )?({_BARE})$", lambda found: UTMOST_WORDS[found[1]]),
    (r"^(?:start|begin) gentl[ey]$", "calmer"), (r"^gentle$", "calmer"),
    (r"^not (?:so|as|that|quite so|too) ", "less "), (r"^no more (?!than\b)", "no "),
    (r"^(?:without|no|not) (?:the |any |so |a |an )*", "no "), (r"\bbe no longer\b", "be no"),
    (r"^(?:a bit |very |really )?(?:sleepy|drowsy|soothing|tranquil|serene)$", "much calmer"),
    (r"\b(?:twice|double|two times) (?:the |its |their )?speed$|^(?:speed )?x ?2$", "much faster"),
    (r"\b(?:half|halve) (?:the |its |their )?speed$", "much slower"),
    (r"\b(slow|speed) (?:everything|it all|all|things?|the (?:whole )?(?:film|movie|thing)) (?:down|up)$",
     lambda found: "slower" if found[1] == "slow" else "faster"),
    (r"^(?:a )?(steady|still|stable) (?:camera|picture|image|hand)$", "steadier"),
    (r"^(upbeat|peppy|bouncy|lively)$", "livelier"),
    (r"^(?:it (?:should|must|could) )?(?:look|looks|feel|feels) (?:really |very |more )?(hot|warm|cold|icy|cool)$",
     lambda found: "warmer" if found[1] in ("hot", "warm") else "cooler"),
    (r"^(?:as |looks? )?like an? (?:very )?old (?:film|movie|photo(?:graph)?)$", "nostalgic"),
    (r"^(?:let |make )?(?:it |the (?:last |first )?(?:one|shot) )?breathe(?: more)?$", "longer"),
    # Colours, light, sky.
    (r"^(warm|cool|cold) (?:tones?|colou?rs)$", lambda found: "warmer" if found[1] == "warm" else "cooler"),
    (r"\b(?:washed[- ]out|faded|muted|pale) colou?rs\b", "less colourful"),
    (r"\b(high|higher|strong|hard) contrast\b", "more contrast"), (r"\b(low|lower|weak|soft) contrast\b", "less "
                                                                                                          "contrast"),
    (r"\blong(?:er)? shadows\b|\blow(?:er)? sun\b", "golden light"),
    (r"^(?:let )?(?:the )?sun (?:should |must |to )?(?:breaks?|come|comes|shines?|peeks?) (?:through|out)$",
     "fewer clouds, brighter"),
    (r"^(?:let )?(?:the )?(fog|mist|haze|rain|snow|storm) (?:rolls?|comes?|moves?|drifts?|sets?|creeps?) (?:in|up)$",
     r"\1"),
    (r"^(?:start|begin|open)s?(?: it| the film)? (?:with|on|in|from) (?:a )?black(?: screen| picture)?$", "fade in "
                                                                                                          "from black"),
    (r"^(?:end|finish|close)s?(?: it| the film)? (?:on|with|in|to) (?:a )?black(?: screen| picture)?$", "fade out"),
    (r"\b(?:strip|drain|take|suck|remove|bleed|pull|wash)(?: all)?(?: of)?(?: the)? colou?rs?(?: out| away| from (?:it|"
     r"everything))?(?: of (?:it|the (?:film|picture)))?\b|^no colou?rs?(?: at all)?$", "in black and white"),
    (r"^(?:go |bring |put |get )?(?:it |the )?(?:back )?(?:to|in|into) (?:full )?colou?rs?(?: again)?$|^(?:full "
     r")?colou?r "
     r"again$|^(?:bring |get |put )(?:the |back the )?colou?rs? back$|^bring back (?:the )?colou?rs?$|^colou?r$",
     "natural colours"),
    (r"\bin b ?(?:&|and) ?w\b", "in black and white"), (r"\bnight ?-?time\b", "night"), (r"\bday ?time\b", "noon"),
    (r"\b(?:the )?colou?rs? (?:are |is )?(?:too|so|a bit) (?:loud|strong|garish|much|bright)\b", "less colourful"),
    (r"\b(?:hotter|toastier) (?=colou?rs|light|tones)", "warmer "), (r"\b(?:icier|frostier|chillier)\b", "cooler"),
    (r"\b((?:light|brighter|sunlight|sun|shafts?|rays|glow|lit|beams?)(?: shining| coming| falling)?) from above\b",
     r"\1"),
    (r"^clear (?:it|the sky|the weather|the air) up$|^clear up(?: the (?:sky|weather|air))?$|^clear$", "clear sky"),
    (r"\b(?:dry|dried) (?:streets|roads|ground)\b", "no rain"), (r"\bempty (?:streets|roads)\b", "no cars"),
    (r"^(?:make (?:it )?|in )?(?:a )?square(?: format| picture)?$", "square"),
    (r"\b(?:and|while|then) looks? at (?:us|the camera|me)$|\band looks? (?:up|back|round|around)$", ""),
    (r"^an? (?P<a>gentle|calm|quiet|slow|wild|dark|bright) (?:start|beginning|opening) and an? (?P<b>gentle|calm|"
     r"quiet|slow|"
     r"wild|dark|bright) (?:finish|end|ending)$", r"start \g<a> and end \g<b>"),
    (r"\bmore traffic\b", "more cars"), (r"\bless traffic\b", "fewer cars"),
    # Cuts, camera, music.
    (r"\b(?:let )?(?:the )?music (?:should |must |to )?fades?(?: out| away)$", "quieter music"),
    (r"\b(?:the )?music (?:should |must |to |could )?(?:swells?|grows?|rises?|builds?(?: up)?|opens up)$", "louder "
                                                                                                           "music"),
    (r"\b(?:the )?music (?:should |must |to |could )?(?:starts?|begins?) (?:quietly|softly|quiet|soft)$",
     "quieter music"),
    (r"\b(quiet|soft|loud|calm|gentle|wild) (music|score|song|soundtrack|drums)\b",
     lambda found: f"{_MORE_OF[found[1]]} {found[2]}"),
    (r"\b(?:a bit |more )?jazzi?er\b|\bmore jazzy\b", "jazz music"),
    (r"^(?:cut|bring|reduce|trim|get|make) (?:it |the film |this )?(?:down )?(?:to )?(?P<n>\d+|two|three|four|five|"
     r"six|seven|eight|"
     r"nine|ten|twelve) shots$", r"\g<n> shots"),
    (r"^(?:i )?(?:can't|cannot|can (?:barely|hardly)) hear (the .+)$", r"louder \1"),
    (r"\b(?:softer|smoother|soft|smooth) (?:transitions?|cuts)\b|\b(?:make )?(?:the )?(?:transitions?|cuts?)(?: "
     r"into| to|"
     r" before| between)?(?: them)? (?:should |must |could )?(?:be |are |is |too )*(?:softer|smoother|gentler|hard|"
     r"harsh|"
     r"abrupt)\b", "dissolves"),
    (r"\b(?:shake (?:the|your) camera|camera shakes|let the camera shake|more shaking)\b", "more camera shake"),
    (r"^(?:don't|do not|never|stop) mov(?:e|ing) the camera(?: at all| any ?more)?$|^(?:keep |hold |leave )the "
     r"camera (?:quite |"
     r"completely |very )?(?:still|fixed|locked|in place|steady)$|^(?:the )?camera (?:should |must )?(?:stays?|be|"
     r"is|stands?|"
     r"stand) (?:still|fixed|locked|in place)$|^(?:no camera (?:movement|moves?|motion)|lock(?: off)? the camera)$",
     "static camera"),
    (r"\b(?:film|shoot|show|see|seen|look)?(?: it| this| everything)? ?(?:from (?:down )?below|from (?:down "
     r")?(?:low|the "
     r"ground|ground level|the floor|a low angle)|(?:at|with|in|use)? ?an? low[- ]angle(?: shot)?|worm'?s[- ]eye "
     r"view)$",
     "much lower camera"),
    (rf"\b(?:raise|lower|set|bring|take|speed|slow|put|drop|increase|get|change)(?: up| down)? (?:the )?{_BEATS}(?: "
     rf"up| down)? "
     rf"to ({_N})(?: bpm)?$", lambda found: f"{_figure(found[1])} bpm"),
    (rf"\b(techno|house|trance|drum and bass|synthwave|lo-?fi|jazz|folk|waltz|ambient|chiptune)( music)? at ({_N})$",
     lambda found: f"{found[1]} music, {_figure(found[3])} bpm"),
    (rf"\b(?:the )?{_BEATS} (?:should be |could be |be )?at ({_N})(?: bpm)?$", lambda found: f"{_figure(found[1])} "
                                                                                             f"bpm"),
    (rf"\btake ({_N}|five|ten|twenty) (?:bpm|beats) off$", r"\1 bpm slower"),
    (rf"\badd ({_N}|five|ten|twenty) (?:bpm|beats per minute)$", r"\1 bpm faster"),
    (r"^(?:make |let |it |should )*hits? harder$", "harder music"),
    (r"\bslow down the (?!music|song|tempo|beat|camera|cuts|film|movie|tune|track)([a-z]+)$", r"the \1 slower"),
    (r"\bspeed up the (?!music|song|tempo|beat|camera|cuts|film|movie|tune|track)([a-z]+)$", r"the \1 faster"),
    (r"(?<!cut )(?<!cuts )(?<!cutting )(?<!edit )(?<!editing )\b(?:twice|two times|three times) as fast$",
     "much faster"),
    (r"(?<!cut )(?<!cuts )(?<!cutting )\bhalf as fast$", "much slower"))
_COMPILED = tuple((re.compile(pattern), better) for pattern, better in _WORDINGS)


def _figure(word: str) -> str:
    return word if word.isdigit() else str(int(NUMBERS[word]))


def reworded(clause: str) -> str:
    """A clause (lower case, its place in the film taken out) in wordings that are understood."""
    for pattern, better in _COMPILED:
        clause = pattern.sub(better, clause).strip()
    return clause


__all__ = ["reworded"]
