"""Ways through the tree of takes, labels, repeats, variations, ideas and fresh starts."""

from __future__ import annotations

import re

from agent.lexicon.words import NUMBERS
from agent.talk_holding import names_in
from agent.talk_takes import before, described, take_named
from agent.talk_types import KnownTake, Standing, Turn

_TAIL = r"(?: (?:that|this|it|again|please|one step|a step|the last (?:one|edit|change|step)|my last (?:edit|change)))*"
_UNDO = re.compile(rf"^(?:undo|go back|back|revert|step back|take (?:that|it) back|cancel|scratch|forget|never ?mind|"
                   rf"discard){_TAIL}$|"
                   r"^(?:(?:i liked it|it was|that was) )?(?:better|nicer) before(?: that)?$|^(?:that's|that is|"
                   r"that was|"
                   r"it's|now it's) worse$|"
                   r"^(?:i )?(?:don't like (?:it|that|this)(?: change)?|no,? not like that|as it was(?: before)?|"
                   r"the way it was(?: before)?)$")
# "Nah": the last edit was no good. A bare "no" is an answer, not a wish.
_NAH = re.compile(r"^(?:na+h|nope|ugh|yuck|no thanks|actually,? no|no,? (?:not that|i hate it|that's wrong|"
                  r"that is wrong)|"
                  r"not that|i hate (?:it|that|this)|(?:that's|that is|it's) (?:wrong|awful|horrible|ugly|bad|"
                  r"not it|not "
                  r"what i (?:meant|wanted))|(?:put|bring|give|get) (?:it|them|that|him|her|those) back|"
                  r"(?:the way|how|as|like) (?:it|that) (?:was|looked)(?: before)?(?: that| this| it)?|"
                  r"(?:back )?to (?:the way|how) (?:it|that) (?:was|looked)(?: before(?: that| this)?)?|"
                  r"undo (?:my )?last(?: (?:change|edit|step))?|rather not)(?: please)?$")
_BEFORE_THAT = re.compile(r"^(?:(?:no,? )?(?:can we |let's |now |please )?(?:go |jump |switch |return |"
                          r"get )?(?:back )?(?:to )?)?"
                          r"(?:the (?:version|take|one|film|way it (?:was|looked)|way (?:it|things) looked|"
                          r"look)|how it (?:was|"
                          r"looked)|what (?:it|we) (?:was|had|looked like)|as it was|like it was|undo back to|"
                          r"where we were|"
                          r"to|back)(?: like)? (?:right |just )?before (?P<what>(?:i|we|you|it|the|that|this|"
                          r"all|any|a|my)\b"
                          r".+|[a-z]{3,}.*)$")
_UNDO_MANY = re.compile(r"^(?:undo|go back|step back|back) (?:the last )?(?P<n>twice|\w+)(?: of (?:those|these|"
                        r"them))?(?: (?:steps?|times?|edits?|"
                        r"changes?|takes?))?$")
_ROOT = re.compile(r"^(?:undo (?:everything|all(?: of it)?)|(?:go )?(?:back |"
                   r"all the way )*(?:back )?to (?:the )?(?:very )?(?:beginning|start|original|first(?: (?:one|take|"
                   r"version|film))?)|reset|the original(?: one)?)$")
_REDO = re.compile(r"^redo(?: (?:that|it))?$|^go forward$|^(?:undo|revert) the undo$|^forward(?: again)?$")
_AGAIN = re.compile(r"^(?:once )?(?:again|once more|one more time|another (?:one|take|try|go)|(?:do|try|roll|run|"
                    r"make|render) (?:it|that) (?:again|once more)|same again|new seed|another seed|reroll|retry|"
                    r"try again)(?: please)?$")
_VARIATIONS = re.compile(r"\b(?:give|show|make|get|i want|do|create|try)(?: me| us)? (?P<n>a few|several|some|"
                         r"a couple of|\w+)(?: (?:\w+ )*?| )"
                         r"(?:different|variations?|versions?|others?|alternatives?|options?|takes?|ones)\b(?! shots?)")
_MORE_TAKES = re.compile(r"^(?:give|show|make|get)(?: me| us)? (?P<n>\w+) more(?: (?:like (?:this|that|it)|"
                         r"of (?:these|those|them)))?$|"
                         r"^(?:(?:now|please|and) )?(?P<m>\w+) (?:(?:very|really|totally|completely) )?"
                         r"different (?:ones|films|takes|versions|variations)(?: of (?:this|that|it|these))?$")
_IDEAS = re.compile(r"\bsurprise me\b|\b(?:any|give me|show me|got|other|more|new) (?:some |other |more |"
                    r"new )?ideas\b|\bsomething (?:unexpected|surprising|nobody)\b|^ideas\b|\binspire me\b")
_STAR = re.compile(r"^(?P<un>un|un-|remove the )?(?:star|favou?rite)\b|^(?:i (?:like|love)|keep) (?:this|that|"
                   r"it)(?: one| take)?$|^mark (?:this|that|it)(?: one)? as (?:a )?favou?rite$|^(?:this|that|"
                   r"it)(?: one)?(?:'s| is)? (?:a )?(?:keeper|perfect|my favou?rite)$")
_WHAT = (r"(?P<what>(?:(?:this|that) (?:one|take|version|film)|this|that|it|the (?:[\w-]+ ){1,3}?(?:one|take|version)|"
         r"t\d{4,}|take \d+|[a-h](?= )))")
_NAME = re.compile(rf"^(?:please |now |and )?(?:call|name|rename|label) {_WHAT}(?: to|"
                   rf" as)? [\"“'‘]?(?P<name>[^\"”]{{1,60}}?)[\"”'’]?(?: from now on| please)?$", re.I)
_NOTE = re.compile(r"^(?:add a )?note(?: to (?:this|self)| that|:)? *:? *(?P<note>.{2,400})$", re.I)
_NEW = re.compile(r"^(?:(?:no,? )?(?:forget (?:it|that|all that|everything|this)|scrap (?:it|that|this)|scratch that|"
                  r"never mind)[,.;:]* *(?:and )?)?"
                  r"(?:(?:make|do|give me|let's do|i want|now|start|a|an|another|please|let's|"
                  r"try) )*(?:(?:brand )?new (?:film|video|piece|project|one|movie|idea)|start (?:over|again|afresh|"
                  r"from scratch)|from scratch|(?:something|a) (?:completely |totally |entirely )different(?: film|"
                  r" one| thing)?|"
                  r"different (?:film|video|movie|piece))(?: (?:with|about|of|now|please))?[:,;.]* *(?P<what>.*)$")
_BACK = re.compile(r"^(?:as|like|the way) it was in (?P<w3>.+)$|^(?:(?:can we |let's |now )?(?:go|jump|switch|return|"
                   r"get) )?(?:back )?(?:to|"
                   r"on to) (?P<what>.+)$|^(?:back|return) to (?P<w2>.+)$")
_PICK = re.compile(r"^(?:take|use|choose|pick|select|show(?: me)?|open|load|continue (?:with|from)|work (?:with|on)|"
                   r"go (?:on )?with|let's (?:go with|take|use)|keep|play|prefer|like|restore|i(?:'d)? (?:prefer|"
                   r"like|choose|take|want|pick)) (?P<what>.+?)"
                   r"(?: (?:better|best|more|most|please|after all|again|then|instead))*$|"
                   r"^(?P<w2>.+?)(?: was| is| looked| looks|'s)? (?:much |a lot |way )?(?:better|nicer|best|the best|"
                   r"my favou?rite)$|^no,? (?P<w3>the .+)$")
_ABOUT_TAKE = re.compile(r"\b(?:take|version|the (?:\w+ )?one)\b")


def new_film(line: str, text: str) -> Turn | None:
    """A fresh start with its words as the request; a question where it has none."""
    found = _NEW.match(line)
    if found is None:
        return None
    what = found["what"].strip(" ,.:;")
    if not what:
        return Turn(kind="ask", question="What should the new film show?",
                    choices=("a bee over a meadow at dawn", "a city in the rain at night", "surprise me"))
    # The creator's own spelling of it, where it can be found again.
    raw = " ".join(text.split())
    at = raw.lower().rfind(what[:24])
    return Turn(kind="new", prompt=raw[at:] if at >= 0 else what, reason=text[:500],
                said="A new film; the takes before it stay in the tree.")


def moving(line: str, standing: Standing, here: KnownTake) -> Turn | None:
    """Undo, redo, back to a take, again, variations, ideas."""
    if _UNDO.match(line):
        back = before(standing)
        if back is None:
            return _answer(here, f"{here.id} is where this began; there is nothing to go back to.")
        return Turn(kind="go_to", parent=back.id, said=f"Back at {back.id}, exactly as it was.", reason="undo")
    if (found := _UNDO_MANY.match(line)) and (steps := 2 if found["n"] in ("twice", "both") else count_of(found["n"])):
        at = here
        for _ in range(steps):
            at = standing.take(at.parent) or at
        if at.id == here.id:
            return _answer(here, f"{here.id} is where this began; there is nothing to go back to.")
        return Turn(kind="go_to", parent=at.id, said=f"Back at {at.id}, exactly as it was.", reason="undo")
    if (found := _BEFORE_THAT.match(line)) and (turn := _before_what(found["what"], standing, here)):
        return turn
    if _NAH.match(line) and (back := before(standing)):
        return Turn(kind="go_to", parent=back.id, said=f"Back at {back.id}, exactly as it was.", reason="undo")
    if _ROOT.match(line) and standing.takes:
        first = standing.takes[0]
        if "reset" in line or "undo" in line or "original" in line or "beginning" in line or "start" in line:
            first = here
            while parent := standing.take(first.parent):
                first = parent
        return Turn(kind="go_to", parent=first.id, said=f"Back at {first.id}, exactly as it was.", reason="back")
    if _REDO.match(line):
        children = [take for take in standing.takes if take.parent == here.id]
        if not children:
            return _answer(here, f"Nothing was undone after {here.id}.")
        return Turn(kind="go_to", parent=children[-1].id, said=f"{children[-1].id} again, exactly as it was.",
                    reason="redo")
    if _AGAIN.match(line):
        return Turn(kind="again", parent=here.id, said=f"{here.id} once more, with another seed.", reason="again")
    if _IDEAS.search(line):
        return Turn(kind="ideas", parent=here.id, count=4, said=f"Four ideas that start from {here.id}.",
                    reason="ideas")
    found = _VARIATIONS.search(line) or _MORE_TAKES.match(line)
    if found and (count := count_of(found["n"] or found.groupdict().get("m") or "")):
        take = take_named(line[found.end():], standing)[0] or here
        return Turn(kind="variations", parent=take.id, prompt=take.brief.goal, count=count, reason=line[:500],
                    said=f"{count} different films of “{take.brief.goal[:80]}”.")
    return _went_to(line, standing, here)


def _before_what(what: str, standing: Standing, here: KnownTake) -> Turn | None:
    """The take before the one whose line said a word: "back to before the rain". Of the takes on the way here the
    newest counts; where none said it, the newest of all."""
    small = {"the", "that", "this", "all", "any", "you", "added", "add", "made", "make", "changed", "was", "were",
             "put",
             "edit", "change", "thing", "stuff", "effect", "look", "version", "came", "got", "with"}
    words = [word for word in re.findall(r"[a-z]{3,}", what) if word not in small]
    stems = {word.rstrip("s")[:max(3, min(5, len(word)))] for word in words}
    if not stems:
        return None
    line: list[KnownTake] = []
    at: KnownTake | None = here
    while at is not None and at not in line:
        line.append(at)
        at = standing.take(at.parent)
    names = set(names_in(" ".join(words)))
    for take in (*line, *(one for one in reversed(standing.takes) if one not in line)):
        said = take.reason.lower()
        hit = stems <= {word[:len(stem)] for stem in stems for word in re.findall(r"[a-z]{3,}", said)} or (
            names and names <= set(names_in(said[:300])))
        if take.parent and said and hit and (back := standing.take(take.parent)):
            return Turn(kind="go_to", parent=back.id, said=f"{back.id}, as it was before “{take.reason[:60].strip()}”.",
                        reason=f"before {what}"[:500])
    return _answer(here, f"No take here was made by a line that says “{what[:40]}”; nothing was changed.")


def _went_to(line: str, standing: Standing, here: KnownTake) -> Turn | None:
    """A take on its own: "back to Morning", "the first one was better", "take the third one"."""
    back, pick = _BACK.match(line), _PICK.match(line)
    what = next((value for found in (back, pick) if found for value in found.groups() if value), line)
    take, rest = take_named(what, standing)
    bare = " ".join(re.sub(r"\b(?:the|one|take|version|again|please|now|better|of|film|with|it|that|a|an|and|go|back|"
                           r"to)\b|[,.!?]", " ", rest).split())
    if take is not None and not bare:
        if re.match(r"(?:why|what|which|how)\b", line):
            return None
        return Turn(kind="go_to", parent=take.id, said=f"{take.id}, exactly as it was.", reason=line[:500])
    if back is not None and take is None and not re.search(r"\b(?:but|with|and)\b", what):
        explicit = line.startswith(("go back", "back", "return")) or _ABOUT_TAKE.search(what)
        if explicit and (take := described(re.sub(r"\b(?:one|take|version)\b", " ", what), standing)):
            return Turn(kind="go_to", parent=take.id, said=f"{take.id}, exactly as it was.", reason=line[:500])
    if take is None and re.match(r"(?:(?:go |back |show me |use |open )*(?:to )?)?the (?:take|version) (?:from|of|"
                                 r"with|where|before)\b", line):
        return _answer(here, f"There is no such take; the takes here are "
                             f"{', '.join(t.id for t in standing.takes[-8:])}.")
    return None


def count_of(word: str) -> int | None:
    """How many are meant, 1 to 16; None where a word is no number."""
    vague = {"a few": 3, "several": 4, "some": 3, "a couple of": 2, "other": 4, "more": 4, "different": 4}
    number = int(word) if word.isdigit() else vague.get(word) or NUMBERS.get(word)
    return max(1, min(16, int(number))) if number else None


def labelled(line: str, text: str, standing: Standing, here: KnownTake) -> Turn | None:
    """Names, stars and notes."""
    if found := _STAR.match(line):
        take = take_named(line, standing)[0] or here
        on = not found["un"]
        return Turn(kind="label", parent=take.id, label={"take": take.id, "starred": on},
                    said=f"{take.id} is {'starred' if on else 'no longer starred'}.")
    raw = " ".join(text.split()).strip(" .!")
    if note := _NOTE.match(raw):
        return Turn(kind="label", parent=here.id, label={"take": here.id, "note": note["note"]},
                    said=f"The note was put to {here.id}.")
    plain = _NAME.match(raw)
    if plain is None:
        return None
    what = plain["what"].lower()
    take = take_named(what, standing)[0]
    if take is None and not re.fullmatch(r"(?:this|that|it)(?: one| take| version| film)?", what):
        return None
    named = take or here
    return Turn(kind="label", parent=named.id, label={"take": named.id, "name": plain["name"].strip()},
                said=f"{named.id} is now called {plain['name'].strip()}.")


def _answer(take: KnownTake, said: str) -> Turn:
    return Turn(kind="answer", parent=take.id, said=said)


__all__ = ["count_of", "labelled", "moving", "new_film"]
