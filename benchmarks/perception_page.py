"""The page of perception, in Markdown, from the JSON lines of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from world_model.vocabulary import SETTINGS

Found = dict[str, Any]
HEAD = """# Perception: what is seen and heard in references, and how well

Made by `python -m benchmarks.perception --write docs/perception.md`; do not edit by hand. Truth comes from the
simulator: worlds, films and pieces of seeds that no classifier was trained on, whose camera, cuts, horizon, palette,
subject, tempo, key, chords and sections are known exactly. Beside the answers stand those to another reference
("shuffled", "others"): what is no better than that is not perceived. How to read: F and correlations are best at 1;
errors and distances are best at 0. "found" is the share of pictures for which an answer is given at all; what is not
found counts as 0 overlap but not as an error.

## What is perceived

| kind | cues | by |
|---|---|---|
| music | tempo and its changes, beats, downbeats, metre, sections, energy, key, chords, brightness, vocals, mood | \
onsets by band, a metre tracked by Viterbi, chroma, self-similarity |
| film | shots and their transitions, pan, tilt, roll, zoom, dolly, motion, and of each shot what a picture has; \
sound as music | thumbnails, robust global motion, one streaming pass in constant memory |
| picture | palette, light, hour, horizon, skyline, subject, medium, grain, setting | k-means in OKLab, sky and \
saliency, small learnt classifiers |
| drawing | strokes, horizon, ground line, subject, sun, vanishing point, arrows | ink from paper, thinning, joined \
strokes |
| gesture | strokes, camera path, painted regions, arrows, keys and sticks | the recorded times themselves |
| speech, rhythm | words (with the optional recogniser), tapped beats by band | pitch glides, onset regularity |
| text, lyrics | phrases with negation, degree, order and time; screenplays; LRC, SRT, VTT | dictionary and sentence \
embedding |
"""
TAIL = """
## Bad input

`tests/test_bad_references.py` makes some sixty files on the spot (containers cut off or with noise inside, frame times
that vary, rotation, one frame, 8K, CMYK, 16 bit, animations, transparent, white, black and inverted sheets, wrong
names, empty files, folders, pipes, circles of links, locked archives, SVG with scripts, huge gestures, NaN in sound)
and hands each to `beecam perceive` and to a request: it is used, with a note where something is odd, or refused in one
sentence with exit code 2; nothing half-written stays in the project.
"""
# A take's own measures and the keys of their shuffled counterparts.
SHUFFLED = {
    "pacing.cut_correlation": "pacing.shuffled", "pacing.motion_correlation": "pacing.motion_shuffled",
    "camera.correlation": "camera.shuffled", "palette.distance": "palette.shuffled",
    "light.key_difference": "light.shuffled", "cut_f1": "cut_f1_shuffled", "pace_correlation": "pace_shuffled",
    "camera_correlation": "camera_shuffled", "palette_distance": "palette_shuffled", "layout_iou": "layout_shuffled"}


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Rows as Markdown; numbers with two or three digits, nothing for what was not measured."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(said(value) for value in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def said(value: Any) -> str:
    if value is None or (isinstance(value, float) and value != value):
        return "-"
    if isinstance(value, float):
        return f"{value:.3f}" if abs(value) < 0.1 else f"{value:.2f}"
    return str(value)


def page(parts: Mapping[str, Found]) -> str:
    """The whole page. parts: {"run": {command, day, machine}, "found": the part's own line} by name."""
    text = HEAD
    weak: list[str] = []
    for name, (title, write) in SECTIONS.items():
        text += f"\n## {title}\n\n"
        if name not in parts:
            text += f"Not measured yet (`--again {name}`).\n"
            continue
        body, low = write(parts[name]["found"])
        run = parts[name]["run"]
        text += f"{body}\n`{run['command']}`; {run['day']}; {run['machine']}.\n"
        weak += low
    text += TAIL + "\n## What is weak\n\n"
    text += ("Every measure of this page that misses its bar, by the page's own numbers. The samples are small (a few "
             "films, pieces and worlds), so a step of a few hundredths says nothing:\n\n")
    return text + "".join(f"- {line}\n" for line in weak) + ("" if weak else "- none\n")


def below(label: str, value: float | None, bar: float) -> list[str]:
    return [f"{label}: {said(value)} (wanted {bar:g} or more)"] if value is not None and value < bar else []


def above(label: str, value: float | None, bar: float) -> list[str]:
    return [f"{label}: {said(value)} (wanted {bar:g} or less)"] if value is not None and value > bar else []


# --------------------------------------------------------------------------------------------------------------- parts
def sound(found: Found) -> tuple[str, list[str]]:
    rows: dict[str, dict[str, float]] = found["table"]
    names = list(next(iter(rows.values())))
    body = (f"{found['pieces']} pieces of 40 s, seed {found['seed']}, each of another genre and in each state; beats "
            "within 70 ms, tempo within 4 % (half and double count as wrong).\n\n")
    body += table(["heard", *names], [[kind, *(row[name] for name in names)] for kind, row in rows.items()])
    body += "\nWhere there is no beat none must be claimed (confidence under 0.35):\n\n"
    body += table(["sound", "confidence"], [[k, v] for k, v in found["no_beat"].items()])
    weak = [line for kind, row in rows.items() for name, bar in (
        ("beat F", 0.85), ("downbeat F", 0.75), ("tempo", 0.8), ("section F 3 s", 0.7), ("key", 0.8), ("chords", 0.7))
        for line in below(f"music, {kind}: {name}", row.get(name), bar)]
    return body, weak + [line for k, v in found["no_beat"].items() for line in above(f"beat claimed in {k}", v, 0.35)]


def picture(found: Found) -> tuple[str, list[str]]:
    names = {"palette": "palette distance", "horizon": "horizon error", "horizon_found": "found",
             "skyline": "skyline error", "skyline_found": "found", "subject": "subject IoU", "hours": "hours off",
             "hour_told": "told", "medium": "medium", "setting": "setting", "setting_in_three": "in first three"}
    body = (f"{found['count']} pictures of fresh worlds, seed {found.get('seed', 'not told')}. Heights are shares of "
            "the picture; the palette is compared with that of the undamaged picture (OKLab): how steady it is; "
            f"setting is one of {len(SETTINGS)}. Hours are told of those with a sky by day or night.\n\n")
    body += table(["picture", *names.values()], [[k, *(row.get(n) for n in names)]
                                                 for k, row in found["pictures"].items()])
    short = {n: names[n] for n in ("horizon", "horizon_found", "skyline", "skyline_found", "subject")}
    body += "\nDrawings made from the same worlds, as outlines or from all their edges, by an unsteady hand:\n\n"
    # The truth was moved and lost along with crops and turns as the picture was.
    body += table(["drawing", *short.values()], [[k, *(row.get(n) for n in short)]
                                                 for k, row in found["drawings"].items()])
    seen = found["pictures"]["as it is"]
    weak = [*above("pictures: horizon error", seen["horizon"], 0.05),
            *above("pictures: skyline error", seen["skyline"], 0.08),
            *below("pictures: subject IoU", seen["subject"], 0.5), *above("pictures: hours off", seen["hours"], 3.0),
            *below("pictures: setting", seen["setting"], 0.6), *below("pictures: medium", seen["medium"], 0.8)]
    for kind, row in found["drawings"].items():
        if "as it is" in kind:
            weak += above(f"drawings, {kind}: skyline error", row["skyline"], 0.08)
            weak += below(f"drawings, {kind}: subject IoU", row["subject"], 0.5)
    return body, weak


def film(found: Found) -> tuple[str, list[str]]:
    names = {"shot_f1": "shots F", "kinds": "kind of transition", "pan": "pan", "tilt": "tilt", "roll": "roll",
             "zoom": "zoom", "dolly": "dolly", "zoom_or_dolly": "zoom or dolly", "confidence": "confidence"}
    body = (f"{found['films']} films of 8 to 12 s from seed {found['seed']}, cuts, dissolves and fades within two "
            "frames; camera as the correlation of each curve with the world's own camera, over all films, away from "
            "transitions.\n\n")
    body += table(["state", *names.values()], [[row["way"], *(row.get(n) for n in names)] for row in found["rows"]])
    body += "\nMedian absolute error (degrees a second; log of magnification a second), and the median film's " \
            "correlation:\n\n"
    axes = ("pan", "tilt", "roll", "zoom", "dolly")
    body += table(["state", *(f"{a} error" for a in axes), *(f"{a}, median film" for a in axes)],
                  [[row["way"], *(row.get(f"{a}_error") for a in axes), *(row.get(f"{a}_median_film") for a in axes)]
                   for row in found["rows"]])
    speed = found.get("film_s_per_cpu_s")
    body += f"\nSpeed: {said(speed)} s of film a second of processor time, one core.\n" if speed else ""
    weak = [line for row in found["rows"] if row["way"] not in ("shuffled",) for name, bar in (
        ("shot_f1", 0.9), ("kinds", 0.8), ("pan", 0.8), ("tilt", 0.8), ("roll", 0.7), ("dolly", 0.5),
        ("zoom_or_dolly", 0.7))
        for line in below(f"film, {row['way']}: {names[name]}", row.get(name), bar)]
    rows = {row["way"]: row for row in found["rows"]}
    for name in ("shot_f1", *axes):
        own, other = (rows.get(way, {}).get(name) for way in ("clean", "shuffled"))
        if own is not None and other is not None and own <= other + 0.1:
            weak.append(f"film, clean: {names[name]} is no better than for another film ({said(own)}, {said(other)})")
    return body, weak


def rotoscope(found: Found) -> tuple[str, list[str]]:
    ways = {"box": "a box drawn", "point": "a point in it", "nothing": "nothing (the main subject)",
            "crf35": "a box; H.264 at crf 35", "grain12": "a box; grain of sigma 12"}
    body = (f"{found['worlds']} worlds with one body and a moving camera, seed {found.get('seed', 'not told')}, "
            f"{found['frames']} frames of {found['size']}. The baseline is the true first mask left where it was: IoU "
            f"{said(found['still_iou'])}. Flicker is the share of the subject that changes from frame to frame once "
            "motion is undone.\n\n")
    body += table(["begun with", "IoU", "worst frame", "boundary F at 2 px", "flicker", "frames/s"],
                  [[ways[w], *(found[w][n] for n in ("iou", "worst", "edge", "flicker", "fps"))]
                   for w in ways if w in found])
    return body, [line for w in ways if w in found for line in below(f"rotoscoping from {ways[w]}: IoU",
                                                                      found[w]["iou"], 0.8)]


def steering(found: Found) -> tuple[str, list[str]]:
    body = (f"{found['references']} films of fresh seeds ({found['seed']} on) steer a film of other words by pacing, "
            "camera, motion, palette and light, and are made again (\"recreate this\"). The finished takes are looked "
            "at with the same eyes and compared with their own reference and with the others.\n\n")
    weak: list[str] = []
    for part, title, bars in (
            ("steered", "Steered", {"cut_f1": 0.7, "camera_correlation": 0.4, "pace_correlation": 0.4}),
            ("recreated", "Recreated, mean over shots", {"cut_f1": 0.7, "camera_correlation": 0.4, "layout_iou": 0.7,
                                                         "subject_iou": 0.4})):
        own, other = found[part]["own"], found[part]["others"]
        body += f"**{title}**\n\n" + table(["seen in the take", "own reference", "other references"],
                                           [[n.replace("_", " "), own[n], other.get(n)] for n in own]) + "\n"
        for name, bar in bars.items():
            weak += below(f"{part}: {name.replace('_', ' ')}", own.get(name), bar)
        for name, value in own.items():
            if part == "steered" and name in ("layout_iou", "subject_iou"):
                continue  # roles that were not asked for
            better = value - other.get(name, value)
            if name in other and (better >= 0 if name.endswith(("distance", "difference")) else better <= 0):
                weak.append(f"{part}: {name.replace('_', ' ')} is no nearer to its own reference than to others "
                            f"({said(value)}, {said(other[name])})")
    body += ("Layout and subject are no roles of the steered takes. What the takes report of themselves, beside the "
             "same for the reference's shots in another order, its curves moved in time, and other palettes:\n\n")
    for title, values in (("steered take", found["reported"]), ("recreated take", found["recreate_reported"])):
        rows = [[n.replace("_", " "), v, values.get(SHUFFLED.get(n, ""))] for n, v in values.items()
                if "shuffled" not in n]
        body += table([title, "reference", "shuffled"], rows) + "\n"
    return body.rstrip("\n") + "\n", weak


def real(found: Found) -> tuple[str, list[str]]:
    body, weak = "", []
    music: Found = found.get("music") or {}
    if music:
        body += (f"Music: {music['tracks']} tracks of `{music['package']}` ({music['licence']}), made by a music model "
                 "after written tempos, keys and moods, which it does not always keep. Agreement with what is written "
                 "and with librosa, and by chance (labels of other tracks, or 0.5 for an order):\n\n")
        body += table(["", "agreement", "by chance"], [[n, v["own"], v["others"]]
                                                       for n, v in music["agreement"].items()])
        body += "\nThe middles and weights of arousal were set while looking at these tracks, so its order is no " \
                "independent finding. Mean valence and arousal by written mood: " + "; ".join(
            f"{n} {v[0]:+.2f}, {v[1]:+.2f}" for n, v in music["mean_feeling"].items()) + ".\n\n"
        for name, bar in (("the same, or half or double", 0.8), ("tempo within 4 % of the written", 0.8),
                          ("key as written", 0.5), ("arousal: energetic, happy over the rest", 0.75),
                          ("valence: happy, tender, calm over nostalgic", 0.75)):
            weak += below(f"real music: {name}", music["agreement"][name]["own"], bar)
    clip: Found = found.get("film") or {}
    if clip:
        kinds = ", ".join(f"{count} of kind {kind}" for kind, count in clip["transitions"].items()) or "none"
        body += (f"Film: the trailer in `{clip['package']}` ({clip['licence']}), {clip['duration_s']:.0f} s, "
                 f"{clip['film_s_per_cpu_s']} s of film a second of processor time. Transitions found: {kinds}.\n\n")
        if "detectors" in clip:
            # F is 2 hits / (ours + theirs).
            ours = sum(clip["transitions"].values())
            body += table([f"cuts of {clip['against']} (BSD-3)", "its cuts", "of them found here", "F within 100 ms",
                           "F, moved in time"],
                          [[n, v["cuts"], round(v["f1"] * (ours + v["cuts"]) / 2), v["f1"], v["moved"]]
                           for n, v in clip["detectors"].items()])
            best = max(v["f1"] for v in clip["detectors"].values())
            weak += below("real film: agreement on cuts", best, 0.7)
    return body or "No package could be fetched.\n", weak


SECTIONS = {"sound": ("Music and other sound", sound), "picture": ("Pictures and drawings", picture),
            "film": ("Films", film), "rotoscope": ("Rotoscoping", rotoscope),
            "steering": ("Steering and recreating", steering), "real": ("Real media, by agreement", real)}
