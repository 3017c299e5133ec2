"""What a take came to, from what was measured of its picture and sound while it was made."""

from __future__ import annotations

from agent.brief import Brief
from agent.direction import Direction
from modalities.store import Take

# Against the take before: differences an eye or an ear notices.
SEEN = {"mean_luma": ("brightness", 0.04, "brighter", "darker"), "motion": ("movement", 0.008, "livelier", "calmer"),
        "loudness_lufs": ("loudness", 1.5, "louder", "quieter")}
DARK, BLACK, STILL_S, QUIET_LUFS = 0.045, 0.35, 3.0, -40.0


def reviewed(take: Take, direction: Direction, brief: Brief, before: Take | None) -> str:
    """One or two sentences, or nothing: what is measurably wrong with a film, and how it differs from the one it came
    from. Speaks only of what was measured."""
    found = _faults(take, direction, brief)
    if before is not None and before.measured:
        turned = [f"{name} {before.measured[key]:.3g} → {take.measured[key]:.3g}"
                  for key, (name, least, _, _) in SEEN.items()
                  if key in before.measured and key in take.measured
                  and abs(take.measured[key] - before.measured[key]) >= least]
        if turned:
            found.append(f"Measured against {before.id}: {', '.join(turned)}.")
    return " ".join(found)


def _faults(take: Take, direction: Direction, brief: Brief) -> list[str]:
    measured = take.measured
    asked = {str(trait.value) for trait in brief.traits
             if trait.axis in ("light", "mood", "look") and not trait.negated}
    dark_is_meant = bool(asked & {"night", "moonlight", "noir", "dark", "storm"}) or any(
        shot.world.place.get("space", 0.0) > 0.3 or shot.world.light.exposure_ev < -1.0 or not
        5.0 <= shot.world.light.time_h <= 20.5 for shot in direction.shots)
    found: list[str] = []
    if measured.get("mean_luma", 1.0) < DARK and not dark_is_meant:
        found.append('It came out very dark; say "brighter" to lift it.')
    elif measured.get("black_share", 0.0) > BLACK and not dark_is_meant:
        found.append(f"The picture is black for {measured['black_share']:.0%} of the time.")
    still = measured.get("longest_still_s", 0.0)
    if still > max(STILL_S, 0.5 * take.duration_s):
        found.append(f"The picture stands still for {still:.1f} s; say \"more movement\" for a livelier camera.")
    sounding = direction.score is not None and direction.score.ambience_level > 0.0
    if sounding and measured.get("loudness_lufs", 0.0) < QUIET_LUFS:
        found.append(f"The sound is very quiet ({measured['loudness_lufs']:.0f} LUFS).")
    if measured.get("clip.least", 0.0) < 0.0:
        found.append(f"Shot {measured['clip.least_shot']:.0f} looks more like the words of other shots than like its "
                     f"own (behind by {-measured['clip.least']:.2f}; all shots on average "
                     f"{measured['clip.shots']:.2f} against {measured['clip.others']:.2f}).")
    if measured.get("clap.music", 1.0) < measured.get("clap.others", -1.0):
        found.append(f"The sound is less like the music that was meant ({measured['clap.music']:.2f}) than like other "
                     f"kinds of music ({measured['clap.others']:.2f}).")
    if abs(take.duration_s - direction.duration_s) > 2.0 / direction.grid.fps:
        found.append(f"The film is {take.duration_s:.2f} s long, not {direction.duration_s:.2f} s.")
    return found


__all__ = ["reviewed"]
