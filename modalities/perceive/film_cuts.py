"""Where shots meet: cuts, dissolves and fades, decided about two seconds after they are seen.

A cut changes form and colour between two looks beyond what motion compensation explains and beyond what the looks
round it do, and what comes after stays unlike what was before (a flash does not). Where rain, grain or poor contrast
hide that, medians over three looks to either side are compared: a cut leaves them lastingly further apart, in form and
in colour, than medians of the same shot ever are; a flicker leaves them alike. A dissolve is a straight blend of
two unlike pictures (after Nam and Tewfik, 2005): every picture between is their mixture, in rising shares. A fade goes
to a flat picture and back, slowly on at least one side.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from modalities.perceive.film_likeness import Glance, Stretch, apart, stretch, unlike

LAG = 26
AFTER, FLASH_AFTER = 3, 7
CUT, CUT_OVER_ROUND = 0.26, 1.3
SURE_CUT = 0.6
COLOUR, COLOUR_TO_FORM = 1.5, 2.5
STRETCH, ROUND_IT, LASTS_BACK, LASTS_AHEAD = 3, 8, (0, 2, 4), (0, 2, 4, 6)
HIDDEN_STEP, HIDDEN_FORM, HIDDEN_COLOUR, HIDDEN_LASTS, HIDDEN_OVER_ROUND, SAME_FORM = 0.4, 0.45, 3.5, 0.4, 2.1, 0.2
HALVES = (2, 3, 4, 6, 9, 12)
BLEND_REST, BLEND_MIDDLE, BLEND_LINE, BLEND_FAR, BLEND_UNLIKE, BLEND_DIP = 0.28, 0.38, 0.15, 0.02, 0.5, 0.25
FLAT_SHARE, FLAT_REACH, LONGEST_FLAT, FADE_UNLIKE, SURE_FLAT = 0.2, 12, 24, 0.35, 5


@dataclass(frozen=True)
class Border:
    """Where a shot begins: the number of its first look, the instant in seconds, how ("cut", "dissolve", "fade"), the
    span of looks (first, last) that belong to both shots, and how sure it is [0, 1]."""

    look: int
    at_s: float
    kind: str
    first: int
    last: int
    confidence: float


class Borders:
    """Looks in, borders out, in order. Memory: LAG glances and a few numbers a look."""

    def __init__(self) -> None:
        self._glances: deque[Glance] = deque(maxlen=2 * LAG + 4)
        self._base = 0
        self._count = 0
        self._times: list[tuple[float, float]] = []
        self._steps: list[float] = []
        self._spread: list[float] = []
        self._stretches: list[tuple[float, float]] = []
        self._cuts: dict[int, float] = {}
        self._blends: dict[int, tuple[float, int]] = {}
        self._waiting: list[Border] = []
        self._flat_since = -1

    def see(self, look: Glance, time_s: float, jump_s: float) -> list[Border]:
        """The next look; the borders that are now certain."""
        n = self._count
        step = _apart(self._at(n - 1), look) if n else 0.0
        if len(self._glances) == self._glances.maxlen:
            self._base += 1
        self._glances.append(look)
        self._count += 1
        self._times.append((time_s, jump_s))
        self._steps.append(step)
        self._spread.append(look.spread)
        self._stretches.append((0.0, 0.0))
        if n + 1 >= 2 * STRETCH:
            at = n + 1 - STRETCH
            self._stretches[at] = apart(self._stretch(at - STRETCH), self._stretch(at))
        return self._decide(n)

    def finish(self) -> list[Border]:
        """The borders near the end."""
        found: list[Border] = []
        for n in range(self._count, self._count + LAG + 2):
            found += self._decide(n)
        found += self._waiting
        self._waiting = []
        return found

    def _at(self, look: int) -> Glance:
        return self._glances[look - self._base]

    def _has(self, look: int) -> bool:
        return self._base <= look < self._count

    def _decide(self, newest: int) -> list[Border]:
        at = newest - FLASH_AFTER - 1
        if 0 < at < self._count:
            score = self._cut(at)
            if score > 0:
                self._cuts[at] = score
        at = newest - ROUND_IT - STRETCH
        if 0 < at < self._count:
            self._hidden(at)
        at = newest - HALVES[-1]
        if 0 < at < self._count:
            self._blend(at)
        at = newest - FLAT_REACH
        if 0 <= at < self._count:
            self._fade(at)
        at = newest - LAG + 8
        if at in self._cuts and all(self._cuts[at] >= self._cuts.get(k, 0.0) for k in (at - 1, at + 1)) and not (
                self._cuts[at] <= SURE_CUT and any(b.kind != "cut" and b.first < at <= b.last for b in self._waiting)):
            self._add(Border(at, self._times[at][1], "cut", at - 1, at, min(1.0, 0.5 + self._cuts[at])))
        if at in self._blends:
            self._add_blend(at)
        done = [border for border in self._waiting if border.last < newest - LAG]
        self._waiting = [border for border in self._waiting if border.last >= newest - LAG]
        return done

    def _cut(self, at: int) -> float:
        """By how much the step to look `at` is a cut; 0 when it is none."""
        low, high = max(1, at - 4), min(self._count, at + 5)
        # Shots that are restless by themselves need a larger step to be left.
        round_it = CUT_OVER_ROUND * max(float(np.median(self._steps[low:at] or [0.0])),
                                        float(np.median(self._steps[at + 1: high] or [0.0])))
        if self._steps[at] - round_it < CUT:
            return 0.0
        if max(self._steps[low:high]) > self._steps[at] and max(self._steps[max(1, at - 1): at + 2]
                                                                ) > self._steps[at]:
            return 0.0
        least = self._steps[at]
        before = self._at(at - 1)
        # Light that comes and goes again, up to half a second, is a flash.
        bright = abs(self._at(at).luma - before.luma) > 0.06
        for back in (1, 2, 3):
            for ahead in range(FLASH_AFTER if bright else AFTER):
                if back + ahead > 1 and self._has(at - back) and self._has(at + ahead):
                    least = min(least, _apart(self._at(at - back), self._at(at + ahead)))
                    if least - round_it < CUT:
                        return 0.0
        return least - round_it

    def _hidden(self, at: int) -> None:
        """Remember the step to look `at` when it is a cut that rain or poor contrast hide; forget what was taken for a
        cut where the medians to either side are one picture."""
        first, last = STRETCH, self._count - STRETCH
        if not first <= at <= last or not self._has(at - STRETCH):
            return
        if at not in self._cuts:
            form, colour = self._stretches[at]
            peak = max(self._steps[k] * self._stretches[k][0] * self._stretches[k][1]
                       for k in range(max(first, at - 2), min(last, at + 2) + 1))
            if self._steps[at] < HIDDEN_STEP or form < HIDDEN_FORM or colour < HIDDEN_COLOUR or \
                    self._steps[at] * form * colour < peak:
                return
        form, colour = np.inf, np.inf
        for back in LASTS_BACK:
            for ahead in LASTS_AHEAD:
                if self._has(at - back - STRETCH) and at + ahead <= last:
                    now = apart(self._stretch(at - back - STRETCH), self._stretch(at + ahead))
                    form, colour = min(form, now[0]), min(colour, now[1])
        if at in self._cuts:
            if form < SAME_FORM:
                del self._cuts[at]
            return
        sides = (self._stretches[max(first, at - ROUND_IT): at - STRETCH + 1],
                 self._stretches[at + STRETCH: min(last, at + ROUND_IT) + 1])
        usual = np.max([np.median(side, 0) if len(side) > 1 else np.zeros(2) for side in sides], 0)
        over = form / (float(usual[0]) + 0.01) * colour / (float(usual[1]) + 0.1)
        if form >= HIDDEN_LASTS and over > HIDDEN_OVER_ROUND:
            self._cuts[at] = min(SURE_CUT, 0.1 * over)

    def _stretch(self, first: int) -> Stretch:
        return stretch([self._at(k) for k in range(first, first + STRETCH)])

    def _blend(self, at: int) -> None:
        """Remember look `at` when it is the middle of a dissolve."""
        best: tuple[float, int] | None = None
        for half in HALVES:
            a, b = at - half, at + half
            if not (self._has(a) and self._has(b)):
                break
            if max(self._cuts.get(k, 0.0) for k in range(a, b + 1)) > SURE_CUT:
                break
            rest = self._rest(a, at, b)
            better = rest < BLEND_REST and (best is None or rest < best[0] - 0.01)
            if better and _apart(self._at(a), self._at(b)) > BLEND_UNLIKE:
                best = rest, half
        if best is not None:
            self._blends[at] = best

    def _rest(self, a: int, at: int, b: int) -> float:
        """How badly the looks between a and b are mixtures of the two in steadily rising shares: 0 is perfectly."""
        seen = np.stack([self._at(k).tiny.ravel() for k in range(a, b + 1)])
        way = seen[-1] - seen[0]
        length = float(np.sqrt((way * way).mean()))
        if length < BLEND_FAR:
            return 1.0
        share = ((seen - seen[0]) @ way) / float(way @ way)
        left = np.sqrt(((seen - seen[0] - share[:, None] * way) ** 2).mean(1)) / length
        off = float(np.abs(share - np.linspace(0.0, 1.0, len(share))).max())
        rest = float(left[1:-1].mean())
        if off > BLEND_LINE or left[at - a] > BLEND_MIDDLE:
            return 1.0
        # Two pictures that have nothing to do with each other lose contrast where they are mixed; one that moves on
        # does not.
        first, last = self._spread[a], self._spread[b]
        mixed = float(np.hypot(first, last)) / max(first + last, 1e-6)
        dip = (1.0 - 2.0 * self._spread[at] / max(first + last, 1e-6)) / max(1.0 - mixed, 1e-6)
        if dip < BLEND_DIP and not (mixed > 0.9 and rest < 0.15):
            return 1.0
        return rest

    def _add_blend(self, at: int) -> None:
        rest, half = self._blends[at]
        near = [k for k in range(at - 14, at + 15) if k in self._blends]
        # The middle is where the share passes one half: looks next to it fit as well, over shorter spans.
        if any(self._blends[k][0] < rest or (self._blends[k][0] == rest and k < at) for k in near):
            return
        if any(border.kind != "cut" and border.last >= at - half for border in self._waiting):
            return
        longest = max((h for h in HALVES if h >= half and self._has(at - h) and self._has(at + h)
                       and self._rest(at - h, at, at + h) < 1.5 * BLEND_REST), default=half)
        self._waiting = [b for b in self._waiting if b.kind != "cut" or not at - longest < b.look <= at + longest]
        sure = float(np.clip(0.5 + 2.0 * (BLEND_REST - rest), 0.0, 1.0))
        self._add(Border(at, self._times[at][0], "dissolve", at - longest, at + longest, sure))

    def _fade(self, at: int) -> None:
        """A run of flat looks ends at `at`: a fade, unless both its sides are sudden."""
        flat = self._flat(at)
        if flat and self._flat_since < 0:
            self._flat_since = at
        if self._flat_since < 0 or (flat and at + 1 < self._count and self._flat(at + 1)):
            return
        start, self._flat_since = self._flat_since, -1
        if not flat or start == 0 or at + 1 >= self._count:
            return
        fading = self._slope(start, -1)
        rising = self._slope(at, 1)
        if max(fading, rising) < 2:
            return
        middle = (start + at + 1) // 2 if at - start < LONGEST_FLAT else at
        instant = 0.5 * (self._times[start][0] + self._times[at][0]) if at - start < LONGEST_FLAT else \
            self._times[at][0]
        first, last = start - max(fading, 1), min(self._count - 1, at + max(rising, 1))
        if at - start < SURE_FLAT and self._has(first) and _apart(self._at(first), self._at(last)) < FADE_UNLIKE:
            return  # the same picture comes back: a flash, or a blink
        for k in range(first, last + 2):
            self._cuts.pop(k, None)
            self._blends.pop(k, None)
        self._waiting = [b for b in self._waiting if b.last < first or b.first > last]
        self._add(Border(middle, instant, "fade", first, last, 0.9 if min(fading, rising) >= 2 else 0.75))

    def _flat(self, at: int) -> bool:
        before = max(self._spread[max(0, at - FLAT_REACH): at + 1])
        after = max(self._spread[at: at + FLAT_REACH + 1])
        if self._flat_since >= 0:
            before = max(self._spread[max(0, self._flat_since - FLAT_REACH): at + 1])
        return self._spread[at] < FLAT_SHARE * min(before, after)

    def _slope(self, at: int, way: int) -> int:
        """How many looks, going out from the flat look `at`, the picture steadily gains spread without changing form:
        0 or 1 for a cut."""
        k, gained = at, 0
        while 0 <= k + way < self._count and gained < FLAT_REACH:
            if self._spread[k + way] < self._spread[k] * 1.04:
                break
            k += way
            gained += 1
        return gained

    def _add(self, border: Border) -> None:
        self._waiting.append(border)
        self._waiting.sort(key=lambda one: one.look)


def _apart(a: Glance, b: Glance) -> float:
    """How unlike two looks are, form and colour together; a change of light alone counts for less."""
    form, colour = unlike(a, b)
    return form + min(COLOUR * colour, COLOUR_TO_FORM * form)
