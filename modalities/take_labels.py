"""What a creator says about takes: a name, a star, a note, discarded. Kept in `<project>/labels.json`, apart from the
takes, which never change. Written in one step, so a reader or a killed run never meets half of it."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from modalities.faults import Unusable
from modalities.one_writer import alone, write_whole
from modalities.store import TAKE_ID, Store

FILE = "labels.json"
FORMAT = "beecam-labels/1"
LONGEST_NAME, LONGEST_NOTE = 60, 2000
LARGEST_BYTES = 32 << 20


@dataclass(frozen=True)
class Label:
    """A take's label. name: one line, no two takes have the same; note: plain text."""

    name: str = ""
    starred: bool = False
    note: str = ""
    discarded: bool = False


def labels(store: Store) -> dict[str, Label]:
    """The label of every take that has one, by id; also of takes that lie in the trash. Raises Unusable when the file
    is damaged."""
    path = store.root / FILE
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise ValueError
        given = json.loads(path.read_text("utf-8"))
        if given["format"] != FORMAT:
            raise ValueError
        return {take_id: _label(data) for take_id, data in given["takes"].items() if TAKE_ID.match(take_id)}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Unusable(f"The labels of this project are damaged: {path}. Mend the file or move it away; the takes are "
                       "as they were.") from None


def set_label(store: Store, take_id: str, *, name: str | None = None, starred: bool | None = None,
              note: str | None = None, discarded: bool | None = None) -> Label:
    """Sets what is given and leaves the rest; an empty name or note takes it away. Returns the label as it is now.

    Raises Unusable for a take that is not there, for a name that another take has or that cannot be told from an id,
    and for text that is too long or not plain.
    """
    store.take(take_id)
    clean_name = None if name is None else _name(name)
    clean_note = None if note is None else _note(note)
    with alone(store.root / ".labels.lock"):
        known = labels(store)
        if clean_name:
            same = [other for other, label in known.items()
                    if other != take_id and label.name.casefold() == clean_name.casefold()]
            if same:
                raise Unusable(f"Take {same[0]} is called {clean_name!r} already; choose another name.")
        label = known.get(take_id, Label())
        given: dict[str, Any] = {"name": clean_name, "starred": starred, "note": clean_note, "discarded": discarded}
        label = replace(label, **{key: value for key, value in given.items() if value is not None})
        known.pop(take_id, None)
        if label != Label():
            known[take_id] = label
        _write(store.root / FILE, known)
    return label


def take_id_of(store: Store, text: str) -> str:
    """The id of a take given by id or by name (letter case aside). Raises Unusable when there is none."""
    wanted = unicodedata.normalize("NFC", " ".join(text.split()))
    if not TAKE_ID.match(text) and wanted:
        there = set(store.ids())
        for take_id, label in labels(store).items():
            if take_id in there and label.name.casefold() == wanted.casefold():
                return take_id
    return store.take(text).id


def _label(data: dict[str, Any]) -> Label:
    label = Label(**{key: value for key, value in data.items() if key in Label.__dataclass_fields__})
    if [type(value) for value in asdict(label).values()] != [str, bool, str, bool]:
        raise TypeError
    return label


def _name(text: str) -> str:
    name = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(name) > LONGEST_NAME:
        raise Unusable(f"The name has {len(name)} letters; up to {LONGEST_NAME} are kept.")
    if TAKE_ID.match(name):
        raise Unusable(f"{name!r} cannot be a name: it reads like a take's id.")
    return _plain(name, "name")


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise Unusable(f"The note has {len(text)} letters; up to {LONGEST_NOTE} are kept.")
    note = unicodedata.normalize("NFC", text).strip()
    _plain(note.replace("\n", " ").replace("\t", " "), "note")
    return note


def _plain(text: str, what: str) -> str:
    # Control letters and those that turn the direction of writing would garble a terminal; lone surrogates cannot be
    # stored. A joiner holds emoji and several scripts together.
    odd = [letter for letter in text if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp")
           and letter not in "\u200c\u200d"]
    if odd:
        raise Unusable(f"The {what} holds U+{ord(odd[0]):04X}, which is not plain text.")
    return text


def _write(path: Path, known: dict[str, Label]) -> None:
    document = {"format": FORMAT, "takes": {take_id: asdict(known[take_id]) for take_id in sorted(known)}}
    write_whole(path, json.dumps(document, ensure_ascii=False, indent=1) + "\n")
