"""How the stage looks and answers: two films in step, the divider, frames, the loop. Space, comma and full stop work
where nothing else has the keyboard."""

from __future__ import annotations

from ui_gen.stage_drop_script import CSS as DROP_CSS
from ui_gen.stage_drop_script import SCRIPT as DROP
from ui_gen.stage_hands_script import CSS as HANDS_CSS
from ui_gen.stage_hands_script import SCRIPT as HANDS
from ui_gen.stage_hum_script import SCRIPT as HUM
from ui_gen.stage_strip_script import CSS as STRIP_CSS
from ui_gen.stage_strip_script import SCRIPT as STRIP

_OPENING = """
const $ = name => element.querySelector(name), all = name => [...element.querySelectorAll(name)];
const keep = (name, value) => { try { localStorage.setItem('bc-' + name, value); } catch (fault) { return; } };
const kept = name => { try { return localStorage.getItem('bc-' + name); } catch (fault) { return null; } };
let data = {film: null, before: null}, way = kept('way') || (innerWidth > 820 ? 'side' : 'one');
let loop = kept('loop') !== 'no', part = 50;
const box = $('.bc-stage'), film = $('#bc-film video'), was = $('#bc-before video'), films = $('.bc-films');
const wipe = $('.bc-wipe');
const fps = () => (data.film && data.film.fps) || 24;
// Handles belong to one film, seen whole.
const two = () => data.before && way !== 'one' && !hands;
// A browser may lose its way among seeks in a row: one at a time, the last that was asked for at the end.
let sought_s = null;
const now_s = () => sought_s ?? film.currentTime;
const frame = () => Math.floor(now_s() * fps() + .01);
const count = () => Math.max(1, Math.round((film.duration || 0) * fps()));
const clock = s => Math.floor(s / 60) + ':' + String(Math.floor(s % 60)).padStart(2, '0') +
  '.' + Math.floor(s * 10 % 10);
const tell = () => {
  const k = Math.min(frame(), count() - 1);
  $('.bc-time').textContent = clock(now_s()) + ' · ' + (k + 1) + '/' + count();
  headed(); told_drop();
  box.dataset.playing = film.paused ? 'no' : 'yes';
};
const follow = loose => {
  if (!two() || !was.duration) return;
  const there = Math.min(film.currentTime, was.duration - .01);
  if (Math.abs(was.currentTime - there) > (loose ? .08 : .001)) was.currentTime = there;
};
const beat = () => { tell(); follow(true); if (!film.paused) requestAnimationFrame(beat); };
const go = t => {
  const to = Math.max(0, Math.min(t, (film.duration || 0) - .001));
  if (film.seeking) sought_s = to; else film.currentTime = to;
  tell();
};
const step = by => {
  const last = count() - 1;
  film.pause();
  go((Math.max(0, Math.min(last, Math.min(frame(), last) + by)) + .5) / fps());
};
const toggle = () => { film.paused ? film.play().catch(() => 0) : film.pause(); };
const place = () => {
  wipe.setAttribute('aria-valuenow', Math.round(part));
  films.style.setProperty('--part', part + '%');
};
const shape = () => {
  const mode = two() ? way : 'one';
  box.dataset.mode = mode; box.dataset.empty = data.film ? 'no' : 'yes';
  $('.bc-hello').hidden = !!data.film; films.hidden = !data.film; $('.bc-tools').hidden = !data.film;
  $('.bc-does').hidden = !data.film || !line;
  $('#bc-before').hidden = mode === 'one'; wipe.hidden = mode !== 'wipe';
  $('.bc-modes').hidden = !data.before;
  for (const one of all('[data-way]')) {
    one.setAttribute('aria-checked', String(one.dataset.way === way));
    one.tabIndex = one.dataset.way === way ? 0 : -1;
  }
  for (const one of all('[data-do=start]')) one.disabled = !!data.busy;
  film.loop = loop;
  $('[data-tool=loop]').setAttribute('aria-pressed', String(loop));
  $('[data-tool=sound]').setAttribute('aria-pressed', String(!film.muted));
  place();
  if (mode !== 'one') { follow(false); film.paused ? was.pause() : was.play().catch(() => 0); } else was.pause();
};
const put = (video, one) => {
  const figure = video.parentElement;
  figure.querySelector('figcaption').textContent = one ? one.name : '';
  if (!one) { if (video.getAttribute('src')) { video.removeAttribute('src'); video.load(); } return; }
  video.setAttribute('aria-label', 'Film ' + one.name);
  if (video.getAttribute('src') === one.url) return;
  video.poster = one.poster; video.src = one.url;
};
const take = () => {
  try { data = JSON.parse(props.value || '{}'); } catch (fault) { return; }
  const fresh = data.film && film.getAttribute('src') !== data.film.url, played = !film.paused;
  put(was, data.before); put(film, data.film);
  if (data.film) { $('[data-save]').href = data.film.url; $('[data-save]').download = data.film.take + '.mp4'; }
  strung(); settle_hand(); was_busy = !!data.busy;
  if (!line) { hands = false; open_tray(drops, false); }
  shape(); draw_hands(); look_at();
  if (fresh && played) film.play().catch(() => 0);
  tell();
};
const choose = next => { way = next; keep('way', way); shape(); };
film.addEventListener('play', () => { sought_s = null; shape(); beat(); });
film.addEventListener('pause', () => { shape(); tell(); });
film.addEventListener('seeked', () => {
  const to = sought_s; sought_s = null;
  if (to !== null && Math.abs(to - film.currentTime) > .001) { film.currentTime = to; tell(); return; }
  tell(); follow(film.paused ? false : true); });
film.addEventListener('loadedmetadata', tell);
was.addEventListener('loadedmetadata', () => shape());
element.addEventListener('click', event => {
  const start = event.target.closest('[data-do=start]');
  if (start) { trigger('select', {do: 'start', number: Number(start.dataset.number)}); return; }
  const mode = event.target.closest('[data-way]');
  if (mode) { choose(mode.dataset.way); return; }
  const tool = event.target.closest('[data-tool]');
  if (!tool) { if (event.target.tagName === 'VIDEO' && way !== 'wipe') toggle(); return; }
  const name = tool.dataset.tool;
  if (name === 'play') toggle();
  if (name === 'back') step(-1);
  if (name === 'on') step(1);
  if (name === 'loop') { loop = !loop; keep('loop', loop ? 'yes' : 'no'); shape(); }
  if (name === 'sound') { film.muted = !film.muted; shape(); }
  if (name === 'hands') turn_hands(!hands);
  if (name === 'drop') turn_drop();
  if (name === 'tap') turn_tap();
  if (name === 'full') document.fullscreenElement ? document.exitFullscreen() : box.requestFullscreen().catch(() => 0);
});
const pull = event => {
  const frame = films.getBoundingClientRect();
  part = Math.max(0, Math.min(100, 100 * (event.clientX - frame.left) / frame.width)); place();
};
films.addEventListener('pointerdown', event => {
  if (box.dataset.mode !== 'wipe' || event.target.closest('button')) return;
  event.preventDefault(); wipe.focus({preventScroll: true}); pull(event); films.setPointerCapture(event.pointerId);
});
films.addEventListener('pointermove', event => { if (films.hasPointerCapture(event.pointerId)) pull(event); });
wipe.addEventListener('keydown', event => {
  const ways = {ArrowLeft: -2, ArrowDown: -2, ArrowRight: 2, ArrowUp: 2, PageDown: -10, PageUp: 10, Home: -100,
    End: 100};
  const by = ways[event.key];
  if (!by) return;
  event.preventDefault(); event.stopPropagation(); part = Math.max(0, Math.min(100, part + by)); place();
});
$('.bc-modes').addEventListener('keydown', event => {
  const ways = ['one', 'side', 'wipe'], by = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: 2, ArrowUp: 2}[event.key];
  if (!by) return;
  event.preventDefault(); choose(ways[(ways.indexOf(way) + by) % 3]); $(`[data-way=${way}]`).focus();
});
document.addEventListener('keydown', event => {
  const here = element.contains(event.target);
  if (!data.film || event.ctrlKey || event.metaKey || event.altKey || !(here || event.target === document.body)) return;
  if (event.target.closest('input:not([type=checkbox]),textarea,select')) return;
  const key = event.key.toLowerCase(), opens = line && !event.shiftKey && !event.repeat;
  if (opens && key === 'h') { event.preventDefault(); turn_hands(!hands); }
  if (opens && key === 'd') { event.preventDefault(); turn_drop(); }
  if (opens && key === 't') { event.preventDefault(); turn_tap(); }
  // The space bar taps wherever it is pressed, as long as the pad is open.
  if (event.key === ' ' && !tapping.hidden && (!event.target.closest('button,a,input') || event.target === pad)) {
    event.preventDefault();
    if (!event.repeat) tap();
    return;
  }
  if (event.key === ',' || event.key === '.') { event.preventDefault(); step(event.key === ',' ? -1 : 1); }
  if (event.key === ' ' && !event.target.closest('button,a,input')) { event.preventDefault(); toggle(); }
});
window.addEventListener('bc-stage', event => {
  choose(event.detail);
  box.scrollIntoView({block: 'nearest'}); wipe.focus({preventScroll: true});
});
"""
_CLOSING = """
watch('value', take);
take();
"""
SCRIPT = _OPENING + STRIP + HANDS + DROP + HUM + _CLOSING
# Gradio colours everything inside an HTML block; the drawn signs take the colour of their button.
CSS = """
.bc-stage button svg,.bc-stage button svg *,.bc-stage a svg,.bc-stage a svg *{color:inherit!important}
.bc-stage [hidden]{display:none!important}
.bc-films{position:relative;display:grid;gap:8px;border-radius:12px;overflow:hidden;touch-action:pan-y}
.bc-films figure{position:relative;margin:0!important;min-width:0}
.bc-films video{display:block;width:100%;max-height:64vh;background:#0c0b0a;border-radius:12px;object-fit:contain;
 margin:0!important}
.bc-films figcaption{position:absolute;left:8px;top:8px;max-width:calc(100% - 16px);background:rgba(12,11,10,.72);
 color:#f4efe6;font:500 12px/1.3 system-ui,sans-serif;padding:3px 9px;border-radius:99px;margin:0;overflow:hidden;
 text-overflow:ellipsis;white-space:nowrap}
.bc-stage[data-mode=one] figcaption{display:none}
.bc-stage[data-mode=side] .bc-films{grid-template-columns:repeat(2,minmax(0,1fr))}
.bc-stage[data-mode=wipe] .bc-films{cursor:ew-resize;touch-action:none}
.bc-stage[data-mode=wipe] figure{grid-area:1/1}
.bc-stage[data-mode=wipe] #bc-before{z-index:1;clip-path:inset(0 calc(100% - var(--part)) 0 0)}
.bc-stage[data-mode=wipe] #bc-film figcaption{left:auto;right:8px}
.bc-wipe{position:absolute;z-index:2;top:0;bottom:0;left:var(--part);width:28px;margin-left:-14px}
.bc-wipe::before{content:"";position:absolute;inset:0 13px;background:#fff;box-shadow:0 0 6px rgba(0,0,0,.7)}
.bc-wipe i{position:absolute;left:0;top:calc(50% - 14px);width:28px;height:28px;border-radius:99px;background:#fff;
 box-shadow:0 1px 6px rgba(0,0,0,.6)}
.bc-wipe i::after{content:"‹ ›";position:absolute;inset:0;display:grid;place-content:center;color:#1d1608;
 font:700 14px/1 system-ui,sans-serif;letter-spacing:2px;padding:0 0 2px 2px}
.bc-wipe:focus-visible{outline:none}.bc-wipe:focus-visible i{outline:3px solid #f2b43c;outline-offset:2px}
.bc-big{position:absolute;z-index:3;left:calc(50% - 30px);top:calc(50% - 30px);width:60px;height:60px;border:0;
 border-radius:99px;background:rgba(12,11,10,.62);color:#fff;cursor:pointer;padding:0;display:grid;place-content:center}
.bc-big svg{width:30px;height:30px;fill:currentColor}.bc-big:hover{background:rgba(12,11,10,.8)}
.bc-stage[data-playing=yes] .bc-big,.bc-stage[data-mode=wipe] .bc-big{display:none}
.bc-tools{display:flex;flex-wrap:wrap;align-items:center;gap:2px 4px;padding:6px 0 2px}
.bc-tools button,.bc-tools a{margin:0!important}
.bc-tool{display:grid;place-content:center;width:34px;height:34px;border:0;border-radius:9px;background:none;
 color:var(--bc-soft)!important;cursor:pointer;padding:0}
.bc-tool:hover{background:var(--bc-button-hover);color:var(--bc-strong)!important}
.bc-tool[data-tool=play] svg{fill:currentColor}
.bc-stage[data-playing=yes] .bc-tool[data-tool=play] svg{background:linear-gradient(90deg,currentColor 0 5px,transparent
 5px 9px,currentColor 9px)center/14px 13px no-repeat}
.bc-stage[data-playing=yes] .bc-tool[data-tool=play] path{display:none}
.bc-tool[aria-pressed=false]{opacity:.5}.bc-tool[aria-pressed=true]{color:var(--bc-gold-text)!important}
.bc-time{font:500 13px/1 system-ui,sans-serif;font-variant-numeric:tabular-nums;color:var(--bc-soft);white-space:nowrap;
 padding:0 4px;min-width:118px}
.bc-modes{display:inline-flex;border:1px solid var(--bc-line);border-radius:9px;overflow:hidden}
.bc-modes button{border:0;background:none;color:var(--bc-soft);font:500 13px/1 system-ui,sans-serif;padding:9px 11px;
 cursor:pointer;white-space:nowrap}
.bc-modes button[aria-checked=true]{background:var(--bc-chosen);color:var(--bc-chosen-text)}
.bc-tool:focus-visible,.bc-big:focus-visible,.bc-hello button:focus-visible{
 outline:2px solid var(--bc-gold-text);outline-offset:2px}
.bc-modes button:focus-visible{outline:2px solid var(--bc-gold-text);outline-offset:-3px}
.bc-stage:fullscreen>*{flex:none}
.bc-stage:fullscreen{display:flex;flex-direction:column;justify-content:safe center;background:#0c0b0a;padding:0 12px;
 overflow-y:auto}
.bc-stage:fullscreen video{max-height:calc(100vh - 150px)}
.bc-stage:fullscreen:has(.bc-tray:not([hidden])) video{max-height:calc(100vh - 260px)}
.bc-stage:fullscreen{--bc-raised:#221f1b;--bc-line:#37322b;--bc-line-strong:#5b5247;--bc-strong:#f4efe6;
 --bc-soft:#cfc6b6;--bc-quiet:#b9b0a2;--bc-room:#1d1a17;--bc-chosen:#4a3814;--bc-chosen-text:#ffdf9b;
 --bc-button-hover:#443d35;--bc-gold-text:#f2b43c;--bc-field:#262220;--bc-text:#f0eadf}
.bc-stage:fullscreen .bc-time{color:#f0eadf}
.bc-hello{border:1px solid var(--bc-line);border-radius:16px;background:var(--bc-room);padding:clamp(14px,3vw,34px)}
.bc-hello h2{font:600 clamp(20px,2.2vw,30px)/1.2 ui-rounded,system-ui,sans-serif;letter-spacing:-.02em;
 margin:0!important;
 color:var(--bc-strong)}
.bc-hello p{color:var(--bc-quiet);font-size:15px;margin:6px 0 18px!important}
.bc-hello ul{list-style:none!important;margin:0!important;padding:0!important;display:grid;gap:14px;
 grid-template-columns:repeat(auto-fit,minmax(210px,1fr))}
.bc-hello li{margin:0!important}
.bc-hello button{display:flex;flex-direction:column;width:100%;height:100%;padding:0;overflow:hidden;text-align:left;
 border:1px solid var(--bc-line);border-radius:12px;background:var(--bc-raised);cursor:pointer;
 transition:transform .15s,border-color .15s}
.bc-hello button:hover{transform:translateY(-2px);border-color:var(--bc-gold)}
.bc-hello button:disabled{opacity:.5;cursor:default}
.bc-hello svg{display:block;width:100%;aspect-ratio:16/9}
.bc-hello span{padding:10px 13px 12px;font:500 14px/1.4 system-ui,sans-serif;color:var(--bc-text)}
.bc-drift{animation:bc-drift 5s ease-in-out infinite alternate}.bc-breath{animation:bc-glow 4s ease-in-out infinite}
@keyframes bc-drift{from{transform:translate(-7px,3px)}to{transform:translate(9px,-4px)}}
@keyframes bc-glow{50%{opacity:.72}}
@media(prefers-reduced-motion:reduce){.bc-drift,.bc-breath{animation:none}.bc-hello button{transition:none}}
@media(max-width:820px){.bc-tool{width:40px;height:40px}.bc-time{min-width:0}.bc-modes button{padding:12px 13px}
 .bc-hello ul{grid-template-columns:repeat(2,minmax(0,1fr));gap:10px}.bc-hello span{padding:8px 10px 10px;
 font-size:13px}}
""" + STRIP_CSS + HANDS_CSS + DROP_CSS

__all__ = ["CSS", "SCRIPT"]
