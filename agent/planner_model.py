"""The planner that asks a chat model: a flat form, checked, mended, asked again at most twice, never trusted further.

Its answers become traits of a Brief or edits of a Direction by our own code; where they do not, the built-in planner's
answer stands and the creator is told why.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event as Flag
from typing import Any, TypeVar

from agent.brief import Brief
from agent.planner import BuiltIn, ChatSettings
from agent.planner_answer import Mended, Unfit, object_in
from agent.planner_brief import brief_of
from agent.planner_chat import Budget, Chat, Message, NotAnswered
from agent.planner_schema import brief_schema, turn_schema
from agent.planner_turn import turn_of
from agent.planner_words import MOST_TAKES, brief_messages, turn_messages
from agent.referring import Referred, is_script
from agent.request import Request
from agent.talk_types import DirectAnew, Standing, Turn

MOST_REPAIRS = 2
# What the grammar reads outright is not asked about: ways through the tree, repeats, whole other worlds, and questions,
# which are answered from what is written down.
SETTLED = ("go_to", "again", "ideas", "label", "variations", "merge")
QUESTIONS = ("why", "what did", "what have", "how come")
Found = TypeVar("Found")


class ModelPlanner:
    """Any chat model behind an OpenAI-compatible address; importing and making one asks nothing of a network."""

    def __init__(self, settings: ChatSettings) -> None:
        self._settings = settings
        self._chat = Chat(settings)
        self._stood = BuiltIn()

    @property
    def name(self) -> str:
        return f"model {Mended(self._settings.key).plain(self._settings.model, 80)}"

    def brief(self, request: Request, referred: Referred, stop: Flag | None = None) -> Brief:
        """The built-in reading with the model's laid over it. Raises Unusable, Stopped."""
        stood = self._stood.brief(request, referred, stop)
        words = referred.words
        if not any(letter.isalnum() for letter in words) and not referred.seen:
            return stood
        if is_script(words):
            return _noted(stood, "A screenplay is read by its form, without the language model.")
        heard = "\n".join([words, *(one.text for one in referred.seen)])
        schema, mended = brief_schema(), Mended(self._settings.key)

        def read(found: dict[str, Any]) -> Brief:
            mended.notes.clear()
            return brief_of(found, stood, heard, self.name.removeprefix("model "), mended)

        try:
            return self.form(brief_messages(words, referred, schema), schema, read, stop)
        except NotAnswered as fault:
            return _noted(stood, self.without(fault))

    def turn(self, text: str, standing: Standing, direct: DirectAnew | None = None, stop: Flag | None = None) -> Turn:
        """What a next line asks for. Raises Unusable, Stopped."""
        stood, here = self._stood.turn(text, standing, direct, stop), standing.here
        line = text.strip().lower()
        if here is None or stood.kind in SETTLED or line.startswith(QUESTIONS) or (
                line.startswith("what if") and stood.kind == "edit"):
            return stood
        schema = turn_schema([take.id for take in standing.takes[-MOST_TAKES:]])

        def read(found: dict[str, Any]) -> Turn:
            return turn_of(found, text, standing, here, stood, Mended(self._settings.key))

        try:
            return self.form(turn_messages(text, standing, here, stood, schema), schema, read, stop)
        except NotAnswered as fault:
            return stood.model_copy(update={"said": f"{stood.said} ({self.without(fault)})".strip()})

    def without(self, fault: NotAnswered) -> str:
        """What the creator is told where the built-in planner's answer stands."""
        return f"The language {self.name} did not answer usefully ({fault}); planned without it."

    def form(self, messages: list[Message], schema: dict[str, Any], read: Callable[[dict[str, Any]], Found],
             stop: Flag | None) -> Found:
        """What can be read of an answer; what is wrong with one is said to the model in one sentence, twice at most.

        read raises Unfit with that sentence. Raises NotAnswered, Stopped."""
        budget = Budget(until=time.monotonic() + 2 * self._settings.call_s)
        wrong = ""
        for _ in range(1 + MOST_REPAIRS):
            answer = self._chat.ask(messages, schema, budget, stop)
            try:
                return read(object_in(answer))
            except Unfit as fault:
                wrong = str(fault)
                messages = [*messages[:2], {"role": "assistant", "content": answer.text[:2000] or "{}"},
                            {"role": "user", "content": f"{wrong} Answer again with the JSON object alone."}]
        raise NotAnswered(f"{wrong[:1].lower()}{wrong[1:].rstrip('.')}")


def _noted(brief: Brief, note: str) -> Brief:
    return brief.model_copy(update={"notes": tuple(dict.fromkeys((*brief.notes, note)))})


__all__ = ["ModelPlanner"]
