"""Places of a film that is made again, and who is in them: somebody where the model has a subject, nobody where not."""

from __future__ import annotations

from agent.direction import Shot
from agent.director_cast import body_of
from agent.director_read import BodyWish
from agent.director_tables import LIFE
from modalities.cues import PictureCues
from world_model.vocabulary import MEDIUM, SETTINGS

PLACE_SHARES = 2
LEAST_SETTING = 0.25
LEAST_SUBJECT = 0.35
SKY_SHARE = 0.2


def place_of(picture: PictureCues) -> dict[str, float]:
    """The surest settings of a picture as a mixture; empty where none is likely."""
    # Where a sky is seen it is not under the water.
    dry = picture.framing.layers[0] > SKY_SHARE and picture.framing.horizon is not None
    best = sorted(((weight, name) for name, weight in picture.setting.items() if name in SETTINGS
                   and not (dry and name == "underwater")), reverse=True)
    if not best or best[0][0] < LEAST_SETTING:
        return {}
    kept = [(weight, name) for weight, name in best[:PLACE_SHARES] if weight > 0.6 * best[0][0]]
    total = sum(weight for weight, _ in kept)
    return {name: round(weight / total, 3) for weight, name in kept}


def placed(shot: Shot, picture: PictureCues, asked: bool) -> Shot:
    """The shot in the place of a picture. asked: the words named who is in the film, so they stay."""
    place = place_of(picture) or dict(shot.world.place)
    shot = shot.model_copy(update={"world": shot.world.model_copy(update={"place": place})})
    if asked:
        return shot
    main = max(place, key=lambda name: place[name])
    frame = picture.framing
    if frame.subject is None or frame.subject_confidence < LEAST_SUBJECT:
        return _with(shot, None)
    kinds = {body.kind for body in shot.world.bodies}
    if kinds and all((MEDIUM[kind] == "water") == (main == "underwater") for kind in kinds):
        return shot
    hour = shot.world.light.time_h
    day, night = LIFE[main]
    return _with(shot, (night if hour >= 19.3 or hour < 5.0 else day)[0])


def _with(shot: Shot, kind: str | None) -> Shot:
    bodies = () if kind is None else (body_of(kind, BodyWish(kind), 0.5, False),)
    # Nobody else is spoken of in the shot's curves.
    curves = {pointer: keys for pointer, keys in shot.curves.items() if not pointer.startswith("/world/bodies/")}
    camera = shot.camera.model_copy(update={"target": bodies[0].id if bodies else None,
                                            "view_deg": shot.camera.view_deg if bodies else None})
    return shot.model_copy(update={"world": shot.world.model_copy(update={"bodies": bodies}), "camera": camera,
                                   "curves": curves})
