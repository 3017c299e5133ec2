"""The strip under the film: how it looks and answers. Shots lie above the sound's outline; a press scrubs, a cut is
dragged from beat to beat. It is a part of the stage's script (ui_gen/stage_script.py) and uses what that has opened."""

from __future__ import annotations

STRIP = """
 <div class='bc-strip'><div class='bc-lane'>
  <div class='bc-shots' aria-hidden='true'></div>
  <div class='bc-wave' aria-hidden='true'><svg class='bc-under' preserveAspectRatio='none'><path></path></svg>
   <svg class='bc-played' preserveAspectRatio='none'><path></path></svg>
   <svg class='bc-ticks' preserveAspectRatio='none' viewBox='0 0 1 20'><path class='bc-beats'></path>
    <path class='bc-bars'></path></svg></div>
  <div class='bc-cuts'></div>
  <div class='bc-head' role='slider' tabindex='0' aria-label='Position in the film' aria-valuemin='0'
   aria-valuemax='1' aria-valuenow='0'></div>
  <output class='bc-bubble' aria-hidden='true' hidden></output>
 </div></div>
"""

SCRIPT = r"""
const strip = $('.bc-strip'), lane = $('.bc-lane'), head = $('.bc-head'), bubble = $('.bc-bubble');
const LEAST_S = .25, WIDE_PX = 26, MOST_TICKS = 140;
let line = null, laid = '', pulled = null, scrub = null, was_busy = false;
const clamp = (a, low, high) => Math.min(Math.max(a, low), Math.max(low, high));
const total = () => (line && line.length) || film.duration || 1;
const told_s = a => { const text = Math.max(a, 0).toFixed(2); return text.replace(/0$/, '') + ' s'; };
// What is made comes up where the hand was.
let resume_s = null;
const send = more => { resume_s = now_s(); trigger('select', {take: data.film.take, ...more}); };
film.addEventListener('loadedmetadata', () => { if (resume_s !== null) { go(resume_s); resume_s = null; } });
const near = (a, low, high) => {
  let best = null;
  for (const beat of line.beats)
    if (beat >= low - 1e-6 && beat <= high + 1e-6 && (best === null || Math.abs(beat - a) < Math.abs(best - a)))
      best = beat;
  return best;
};
const beat_told = a => {
  const k = line.beats.findIndex(beat => Math.abs(beat - a) < .02);
  return k < 0 ? '' : ', beat ' + (k + 1);
};
// The shot under a moment, by its place among those that are seen.
const shot_at = a => { let k = 0; while (k + 1 < line.cuts.length && line.cuts[k + 1] <= a + 1e-6) k++; return k; };
const bounds = k => [line.cuts[k - 1] + LEAST_S, (line.cuts[k + 1] || total()) - LEAST_S];
const cut_s = k => pulled && pulled.k === k ? pulled.at : line.cuts[k];
const outlined = wave => {
  const up = wave.map((a, k) => k + ' ' + (50 - Math.max(1.2, a * .46)).toFixed(1));
  const low = wave.map((a, k) => k + ' ' + (50 + Math.max(1.2, a * .46)).toFixed(1)).reverse();
  return 'M' + up.join('L') + 'L' + low.join('L') + 'z';
};
const ruled = (times, high) => times.map(a => 'M' + (a / total()).toFixed(5) + ' 20V' + (20 - high)).join('');
const headed = () => {
  if (!line) return;
  const at = clamp(now_s(), 0, total()), share = at / total();
  lane.style.setProperty('--at', (100 * share).toFixed(3) + '%');
  const k = Math.min(frame(), count() - 1);
  head.setAttribute('aria-valuenow', at.toFixed(2));
  head.setAttribute('aria-valuetext', clock(at) + ', frame ' + (k + 1) + ' of ' + count());
  const now = shot_at(at);
  all('.bc-shots i').forEach((one, n) => { one.dataset.now = n === now ? 'yes' : 'no'; });
  const x = share * lane.clientWidth - strip.scrollLeft;
  if (scrub === null && (x < 0 || x > strip.clientWidth - 20)) strip.scrollLeft += x - 40;
};
const lay = () => {
  const shots = all('.bc-shots i'), knobs = all('.bc-cuts .bc-cut');
  line.cuts.forEach((start, k) => {
    const from = k ? cut_s(k) : 0, to = k + 1 < line.cuts.length ? cut_s(k + 1) : total();
    shots[k].style.left = 100 * from / total() + '%'; shots[k].style.width = 100 * (to - from) / total() + '%';
    if (!k) return;
    const [low, high] = bounds(k), knob = knobs[k - 1], at = cut_s(k);
    knob.style.left = 100 * at / total() + '%'; knob.dataset.held = pulled && pulled.k === k ? 'yes' : 'no';
    for (const [name, a] of [['min', low], ['max', high], ['now', at]])
      knob.setAttribute('aria-value' + name, a.toFixed(2));
    knob.setAttribute('aria-valuetext', 'cut ' + k + ' at ' + told_s(at) + beat_told(at));
  });
  bubble.hidden = !pulled || pulled.sent;
  box.dataset.cutting = pulled && !pulled.sent ? 'yes' : 'no';
  if (bubble.hidden) return;
  bubble.textContent = told_s(pulled.at) + beat_told(pulled.at);
  bubble.style.left = clamp(100 * pulled.at / total(), 7, 93) + '%';
};
const strung = () => {
  line = data.film && data.film.strip || null;
  strip.hidden = !line;
  // Work that ended without a take leaves the cut where it was.
  if (pulled && pulled.sent && was_busy && !data.busy) { pulled = null; if (line) laid = ''; }
  const text = JSON.stringify(line);
  if (!line || text === laid) return;
  laid = text; pulled = null;
  const wave = line.wave.length ? line.wave : [0, 0];
  for (const name of ['.bc-under', '.bc-played']) {
    $(name).setAttribute('viewBox', '0 0 ' + (wave.length - 1) + ' 100');
    $(name + ' path').setAttribute('d', outlined(wave));
  }
  $('.bc-beats').setAttribute('d', line.beats.length > MOST_TICKS ? '' : ruled(line.beats, 5));
  $('.bc-bars').setAttribute('d', line.bars.length > MOST_TICKS ? '' : ruled(line.bars, 11));
  lane.dataset.many = line.cuts.length > 10 ? 'yes' : 'no';
  lane.style.minWidth = line.cuts.length > 10 ? line.cuts.length * WIDE_PX + 'px' : '';
  head.setAttribute('aria-valuemax', total().toFixed(2));
  const shots = $('.bc-shots'), knobs = $('.bc-cuts');
  while (shots.children.length > line.cuts.length) shots.lastElementChild.remove();
  while (shots.children.length < line.cuts.length) {
    const one = document.createElement('i');
    one.textContent = shots.children.length + 1; shots.append(one);
  }
  while (knobs.children.length > line.cuts.length - 1) knobs.lastElementChild.remove();
  while (knobs.children.length < line.cuts.length - 1) {
    const k = knobs.children.length + 1, knob = document.createElement('div');
    knob.className = 'bc-cut'; knob.tabIndex = 0; knob.dataset.k = k;
    knob.setAttribute('role', 'slider'); knob.setAttribute('aria-label', 'Cut ' + k);
    knob.title = 'Drag to move this cut; with Alt or Shift off the beat';
    knobs.append(knob);
  }
  lay();
};
const pull_cut = (k, a, free) => {
  const [low, high] = bounds(k);
  if (low > high) return;
  const snapped = free ? null : near(clamp(a, low, high), low, high);
  pulled = {k, at: snapped === null ? clamp(a, low, high) : snapped, free, was: pulled ? pulled.was : now_s()};
  film.pause(); go(pulled.at + .25 / fps()); lay();
};
const leave_cut = () => {
  if (!pulled || pulled.sent) return;
  const back = pulled.was;
  pulled = null; lay(); go(back);
};
const place_cut = () => {
  if (!pulled || pulled.sent) return;
  if (Math.abs(pulled.at - line.cuts[pulled.k]) < .5 / fps()) { leave_cut(); return; }
  pulled.sent = true; lay();
  send({do: 'cut', cut: pulled.k, at: pulled.at, free: pulled.free});
  // What was refused goes back; what is being made stays until its take is there.
  const mine = pulled;
  setTimeout(() => { if (pulled === mine && !data.busy) { pulled = null; if (line) lay(); } }, 2500);
};
const strip_s = event => {
  const box = lane.getBoundingClientRect();
  return clamp((event.clientX - box.left) / Math.max(box.width, 1), 0, 1) * total();
};
let nudge = 0;
strip.addEventListener('pointerdown', event => {
  if (event.button || !line || scrub !== null) return;
  const knob = event.target.closest('.bc-cut');
  event.preventDefault(); strip.setPointerCapture(event.pointerId);
  if (knob && !(pulled && pulled.sent)) {
    scrub = Number(knob.dataset.k); nudge = line.cuts[scrub] - strip_s(event);
    knob.focus({preventScroll: true});
  } else {
    scrub = 0; head.focus({preventScroll: true}); go(strip_s(event));
  }
});
strip.addEventListener('pointermove', event => {
  if (scrub === null || !strip.hasPointerCapture(event.pointerId)) return;
  // A strip that is longer than it can be seen goes along with a hand at its edge.
  const box = strip.getBoundingClientRect(), edge = 22;
  if (event.clientX < box.left + edge) strip.scrollLeft -= 8;
  if (event.clientX > box.right - edge) strip.scrollLeft += 8;
  if (scrub) pull_cut(scrub, strip_s(event) + nudge, event.altKey || event.shiftKey); else go(strip_s(event));
});
for (const name of ['pointerup', 'pointercancel', 'lostpointercapture']) strip.addEventListener(name, event => {
  if (scrub === null) return;
  const was = scrub; scrub = null;
  if (was && name === 'pointerup') place_cut(); else if (was) leave_cut();
});
strip.addEventListener('keydown', event => {
  const knob = event.target.closest('.bc-cut'), ways = {ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1};
  const by = ways[event.key], far = {PageUp: 4, PageDown: -4}[event.key];
  if (!line || event.ctrlKey || event.metaKey) return;
  if (!knob) {
    const to = by ? now_s() + .25 * by : far ? now_s() + Math.sign(far) :
      event.key === 'Home' ? 0 : event.key === 'End' ? total() : null;
    if (to === null) return;
    event.preventDefault(); event.stopPropagation(); go(to);
    return;
  }
  const k = Number(knob.dataset.k), at = cut_s(k), free = event.altKey || event.shiftKey;
  if (pulled && pulled.sent) return;
  if (event.key === 'Enter' || event.key === ' ') place_cut();
  else if (event.key === 'Escape' && pulled) { scrub = null; leave_cut(); }
  else if ((by || far) && free) pull_cut(k, at + Math.sign(by || far) * (far ? 10 : 1) / fps(), true);
  else if (by || far) {
    let a = at;
    for (let n = 0; n < Math.abs(by || far); n++) {
      const on = line.beats.filter(one => (by || far) > 0 ? one > a + .01 : one < a - .01);
      a = on.length ? (by || far) > 0 ? on[0] : on[on.length - 1] : a + Math.sign(by || far) * .25;
    }
    pull_cut(k, a, false);
  } else if (event.key === 'Home' || event.key === 'End') pull_cut(k, bounds(k)[event.key === 'Home' ? 0 : 1], false);
  else return;
  event.preventDefault(); event.stopPropagation();
});
strip.addEventListener('focusout', event => { if (scrub === null && event.target.closest('.bc-cut')) leave_cut(); });
"""

CSS = """
.bc-strip{position:relative;contain:inline-size;margin-top:8px;overflow-x:auto;overflow-y:hidden;scrollbar-width:thin;touch-action:pan-y;
 -webkit-user-select:none;user-select:none;border-radius:10px;background:var(--bc-raised);
 box-shadow:inset 0 0 0 1px var(--bc-line)}
.bc-lane{position:relative;height:72px;cursor:pointer;--at:0%}
.bc-shots{position:absolute;left:0;right:0;top:0;height:24px}
.bc-shots i{position:absolute;top:3px;bottom:2px;box-sizing:border-box;border:0 solid transparent;border-width:0 1px;
 background-color:var(--bc-line);background-clip:padding-box;border-radius:6px;color:var(--bc-soft);overflow:hidden;
 font:500 11px/19px system-ui,sans-serif;font-variant-numeric:tabular-nums;font-style:normal;padding-left:8px}
.bc-lane[data-many=yes] .bc-shots i{padding-left:4px;font-size:10px}
.bc-shots i[data-now=yes]{background-color:var(--bc-chosen);color:var(--bc-chosen-text)}
.bc-wave{position:absolute;left:0;right:0;top:26px;bottom:2px}
.bc-wave svg{position:absolute;inset:0;width:100%;height:100%}
.bc-under path{fill:var(--bc-line-strong);opacity:.62}
.bc-played{clip-path:inset(0 calc(100% - var(--at)) 0 0)}.bc-played path{fill:var(--bc-gold)}
.bc-wave .bc-ticks{top:auto;bottom:0;height:14px}
.bc-ticks path{fill:none;stroke:var(--bc-quiet);stroke-width:1px;vector-effect:non-scaling-stroke;opacity:.42}
.bc-ticks .bc-bars{opacity:.9}
.bc-head{position:absolute;top:0;bottom:0;left:var(--at);width:2px;margin-left:-1px;background:var(--bc-strong);
 border-radius:2px;outline:none;pointer-events:none}
.bc-head::before{content:"";position:absolute;left:-4px;bottom:0;border:5px solid transparent;border-top:0;
 border-bottom:6px solid var(--bc-strong)}
.bc-head:focus-visible{box-shadow:0 0 0 2px var(--bc-gold-text)}
.bc-cut{position:absolute;top:0;height:26px;width:24px;margin-left:-12px;cursor:ew-resize;outline:none;border-radius:7px}
.bc-cut::before{content:"";position:absolute;left:10px;top:4px;height:17px;width:4px;border-radius:3px;
 background:var(--bc-line-strong);box-shadow:0 0 0 2px var(--bc-raised)}
.bc-cut::after{content:"";position:absolute;left:11.5px;top:26px;height:46px;width:1px;background:var(--bc-line-strong);
 opacity:.6;pointer-events:none}
.bc-cut:hover::before,.bc-cut:focus::before,.bc-cut[data-held=yes]::before{background:var(--bc-gold-text)}
.bc-cut[data-held=yes]::after{background:var(--bc-gold-text);opacity:1;width:2px}
.bc-stage[data-cutting=yes] .bc-big{display:none}
.bc-cut:focus-visible{box-shadow:inset 0 0 0 2px var(--bc-gold-text)}
.bc-bubble{position:absolute;top:34px;transform:translateX(-50%);padding:3px 9px;border-radius:99px;white-space:nowrap;
 background:var(--bc-strong);color:var(--bc-room);font:600 12px/1.4 system-ui,sans-serif;pointer-events:none;
 font-variant-numeric:tabular-nums}
@media(max-width:820px){.bc-lane{height:84px}.bc-shots{height:32px}.bc-shots i{line-height:27px}.bc-wave{top:34px}
 .bc-cut{height:34px;width:28px;margin-left:-14px}.bc-cut::before{left:12px;height:25px}.bc-cut::after{left:13.5px;
 top:34px}}
"""

__all__ = ["CSS", "SCRIPT", "STRIP"]
