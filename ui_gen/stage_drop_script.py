"""Dropping something at the play head, and tapping a rhythm: how both look and answer. A part of the stage's script."""

from __future__ import annotations

from ui_gen.stage_drops import DROPS
from ui_gen.stage_hum_script import HUM

_CHIPS = "".join(f"<button type='button' class='bc-quiet' data-drop='{name}'>{words}</button>"
                 for name, (words, _) in DROPS.items())
TRAYS = f"""
 <div class='bc-tray' id='bc-drop' role='group' aria-label='Drop here' hidden>
  <div class='bc-tray-head'><p class='bc-when' aria-live='polite'></p>
   <label class='bc-tick'><input type='checkbox' data-beat checked>on the beat</label></div>
  <div class='bc-chips'>{_CHIPS}</div>
  <form class='bc-words' hidden><input class='bc-field' maxlength='400' placeholder='Words over the picture'
   aria-label='Words over the picture' dir='auto' autocomplete='off'><button class='bc-quiet' type='submit'>Add</button>
  </form></div>
 <div class='bc-tray' id='bc-tap' role='group' aria-label='Tap a rhythm' hidden>
  <button type='button' class='bc-pad' data-tap>Tap here, or press space</button>
  {HUM}<p class='bc-when' aria-live='polite'></p><div class='bc-chips'>
   <button type='button' class='bc-quiet' data-way-of-taps='cuts' hidden>Cut on these taps</button>
   <button type='button' class='bc-quiet' data-way-of-taps='tempo' hidden>Tempo of the score</button>
   <button type='button' class='bc-quiet' data-taps='again' hidden>Tap again</button></div></div>
"""

SCRIPT = r"""
const drops = $('#bc-drop'), tapping = $('#bc-tap'), words = $('.bc-words'), pad = $('[data-tap]');
const LEAST_TAPS = 4, MOST_TAPS = 400, PAUSE_MS = 4000, QUIET_MS = 1400;
const on_beats = $('[data-beat]');
let taps = [], began = null, last_ms = 0, settled = 0, alt = false, heard = 0;
const off_beat = () => alt === on_beats.checked;
/* ---- drop */
const drop_s = free => {
  const at = clamp(now_s(), 0, total()), on = free ? null : near(at, 0, total() - 1 / fps());
  return on === null ? at : on;
};
const told_drop = () => {
  if (drops.hidden || !line) return;
  const at = drop_s(off_beat()), text = 'At ' + told_s(at) + beat_told(at);
  const node = drops.querySelector('.bc-when');
  if (node.textContent !== text) node.textContent = text;
};
const open_tray = (tray, on) => {
  for (const one of [drops, tapping]) one.hidden = one !== tray || !on;
  $('[data-tool=drop]').setAttribute('aria-expanded', String(!drops.hidden));
  $('[data-tool=tap]').setAttribute('aria-expanded', String(!tapping.hidden));
  if (tapping.hidden) deaf();
  words.hidden = true; alt = false; told_drop();
};
const drop = (what, text, free) => {
  send({do: 'drop', what, at: now_s(), free, text: text || ''});
  open_tray(drops, false); $('[data-tool=drop]').focus({preventScroll: true});
};
drops.addEventListener('click', event => {
  const chip = event.target.closest('[data-drop]');
  if (!chip || !data.film) return;
  if (chip.dataset.drop !== 'title') { alt = event.altKey; drop(chip.dataset.drop, '', off_beat()); return; }
  film.pause(); words.hidden = !words.hidden;
  if (!words.hidden) words.querySelector('input').focus({preventScroll: true});
});
words.addEventListener('submit', event => {
  event.preventDefault();
  const field = words.querySelector('input'), text = field.value.trim();
  if (!text) { field.focus(); return; }
  field.value = ''; drop('title', text, off_beat());
});
for (const name of ['keydown', 'keyup']) document.addEventListener(name, event => {
  if (event.key !== 'Alt' || drops.hidden) return;
  alt = name === 'keydown'; told_drop();
});
on_beats.addEventListener('change', told_drop);
/* ---- tap */
const tap_told = text => { tapping.querySelector('.bc-when').textContent = text; };
const way_of = name => $('[data-way-of-taps=' + name + ']');
const fresh_taps = () => {
  taps = []; began = null; clearTimeout(settled); heard++;
  for (const one of tapping.querySelectorAll('.bc-chips button')) one.hidden = true;
  pad.hidden = false;
  tap_told(film.paused ? 'Along the music: play the film. Or in silence, from where it stands.' : 'Tap along.');
};
const answered = async () => {
  if (taps.length < LEAST_TAPS || !data.film) return;
  const mine = ++heard;
  let found = null;
  try { found = await server.taps({take: data.film.take, taps}); } catch (fault) { return; }
  if (mine !== heard || tapping.hidden) return;
  tap_told(found.fault || taps.length + ' taps, ' + found.bpm + ' a minute');
  for (const name of ['cuts', 'tempo']) {
    way_of(name).hidden = !!found.fault;
    if (!found.fault) { way_of(name).textContent = found[name][0]; way_of(name).disabled = !found[name][1]; }
  }
  $('[data-taps=again]').hidden = false;
};
const tap = (late_s = 0) => {
  const now = performance.now();
  if (taps.length && now - last_ms > PAUSE_MS) fresh_taps();
  if (taps.length >= MOST_TAPS) return;
  // Along the film its own clock counts; in silence the taps go on from where it stands.
  if (began === null) began = {ms: now, s: now_s(), along: !film.paused};
  const at = began.along && !film.paused ? now_s() : began.s + (now - began.ms) / 1000;
  if (taps.length && at < taps[taps.length - 1]) fresh_taps();
  if (began === null) began = {ms: now, s: now_s(), along: !film.paused};
  taps.push(Number((at - late_s).toFixed(3))); last_ms = now;
  pad.dataset.lit = 'yes'; setTimeout(() => { pad.dataset.lit = 'no'; }, 90);
  tap_told(taps.length < LEAST_TAPS ? taps.length + ' of at least ' + LEAST_TAPS : taps.length + ' taps');
  clearTimeout(settled); settled = setTimeout(answered, QUIET_MS);
};
pad.addEventListener('pointerdown', event => { if (!event.button) { event.preventDefault(); pad.focus(); tap(); } });
tapping.addEventListener('click', event => {
  const way = event.target.closest('[data-way-of-taps]');
  if (way) {
    send({do: 'taps', taps, way: way.dataset.wayOfTaps});
    open_tray(tapping, false); $('[data-tool=tap]').focus({preventScroll: true});
  } else if (event.target.closest('[data-taps=again]')) { fresh_taps(); pad.focus({preventScroll: true}); }
});
const turn_drop = () => open_tray(drops, drops.hidden);
const turn_tap = () => {
  const on = tapping.hidden;
  open_tray(tapping, on);
  if (on) { fresh_taps(); pad.focus({preventScroll: true}); }
};
for (const tray of [drops, tapping]) tray.addEventListener('keydown', event => {
  if (event.key !== 'Escape') return;
  event.preventDefault(); event.stopPropagation();
  const tool = $(tray === drops ? '[data-tool=drop]' : '[data-tool=tap]');
  open_tray(tray, false); tool.focus({preventScroll: true});
});
"""

CSS = """
.bc-does{display:flex;flex-wrap:wrap;align-items:center;gap:6px;margin-left:auto}
.bc-does .bc-quiet,.bc-tray .bc-quiet{margin:0!important}
.bc-does .bc-quiet[aria-expanded=true]{background:var(--bc-chosen);border-color:var(--bc-chosen-line);
 color:var(--bc-chosen-text)}
.bc-tray{display:flex;flex-wrap:wrap;align-items:center;gap:8px 12px;margin:4px 0 2px;padding:10px 12px;
 border-radius:12px;background:var(--bc-raised);box-shadow:inset 0 0 0 1px var(--bc-line)}
.bc-tray .bc-when{margin:0!important;min-width:112px;font:500 13px/1.4 system-ui,sans-serif;color:var(--bc-soft);
 font-variant-numeric:tabular-nums}
.bc-tray-head{display:flex;flex:1 1 100%;align-items:center;justify-content:space-between;gap:12px}
.bc-tick{display:flex;align-items:center;gap:7px;min-height:24px;font:500 13px/1.2 system-ui,sans-serif;
 color:var(--bc-quiet);cursor:pointer}
.bc-tick input{margin:0!important;width:16px;height:16px;accent-color:var(--bc-gold)}
.bc-chips{display:flex;flex-wrap:wrap;gap:6px;min-width:0}
.bc-words{display:flex;flex:1 1 100%;gap:6px}.bc-words input.bc-field{flex:1;max-width:none;margin:0!important}
.bc-pad{flex:0 0 auto;min-height:48px;padding:0 22px;border:1px solid var(--bc-gold-line);border-radius:12px;
 background:var(--bc-gold-soft);color:var(--bc-text);font:600 14px/1.2 system-ui,sans-serif;cursor:pointer;
 margin:0!important;touch-action:none}
.bc-pad[data-lit=yes]{background:var(--bc-gold);color:var(--bc-ink)}
.bc-pad:focus-visible{outline:2px solid var(--bc-gold-text);outline-offset:2px}
@media(max-width:820px){.bc-tick{min-height:40px}.bc-pad{flex:1 1 100%;min-height:64px}}
"""

__all__ = ["CSS", "SCRIPT", "TRAYS"]
