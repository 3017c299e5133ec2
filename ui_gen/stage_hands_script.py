"""Handles on the film: how they look and answer. Sun, horizon and main body stand where the shot's first frame has
them; while one is dragged a small still of what comes of it lies over the film. A part of the stage's script."""

from __future__ import annotations

OVER = """
 <div class='bc-over' role='group' aria-label='Handles' hidden><img class='bc-still' alt='' hidden>
  <div class='bc-hand bc-horizon' role='slider' tabindex='0' data-hand='horizon' aria-label='Horizon'
   aria-orientation='vertical' aria-valuemin='0' aria-valuemax='100' aria-valuenow='50'><i></i></div>
  <div class='bc-hand bc-body' role='slider' tabindex='0' data-hand='body' aria-label='Body' aria-valuemin='0'
   aria-valuemax='100' aria-valuenow='50'></div>
  <div class='bc-hand bc-corner' role='slider' tabindex='0' data-hand='corner' aria-label='Height of the body'
   aria-orientation='vertical' aria-valuemin='2' aria-valuemax='150' aria-valuenow='50'></div>
  <div class='bc-hand bc-sun' role='slider' tabindex='0' data-hand='sun' aria-label='Sun' aria-valuemin='0'
   aria-valuemax='100' aria-valuenow='50'><svg viewBox='0 0 32 32' aria-hidden='true'><circle cx='16' cy='16' r='6.5'/>
   <path d='M16 2v4M16 26v4M2 16h4M26 16h4M6 6l3 3M23 23l3 3M26 6l-3 3M9 23l-3 3'/></svg></div>
  <output class='bc-note'></output></div>
"""

SCRIPT = r"""
const over = $('.bc-over'), still = $('.bc-still'), note = $('.bc-note'), EACH_MS = 334;
let hands = false, spots = null, spot_shot = -1, spot_take = '', held = null, asking = false, asked = 0, again = 0;
const known = new Map(), percent = u => Math.round(100 * u) + ' %';
// The picture inside the film's box, which may be wider or taller than it.
const fit = () => {
  const wide = film.clientWidth, tall = film.clientHeight, shape = (film.videoWidth || 16) / (film.videoHeight || 9);
  const w = Math.min(wide, tall * shape), h = w / shape;
  const left = film.offsetLeft + (wide - w) / 2, top = film.offsetTop + (tall - h) / 2;
  over.style.cssText = `left:${left}px;top:${top}px;width:${w}px;height:${h}px`;
};
new ResizeObserver(fit).observe(film);
const first_s = () => line.cuts[spot_shot] + .5 / fps();
const on_first = () => Math.abs(now_s() - first_s()) < .8 / fps();
const hand_of = name => $('[data-hand=' + name + ']');
const moves = name => held && held.name === name;
const value_of = name => {
  if (held && (held.name === name || name === 'body' && held.name === 'corner')) return held;
  if (name === 'horizon') return spots.horizon && {at: [.5, spots.horizon[1]]};
  // Out of the picture it stands at the edge, where a hand can still take it.
  if (name === 'sun') return {at: spots.sun.seen ? spots.sun.at : spots.sun.at.map(a => clamp(a, .05, .95))};
  return spots.body && {at: spots.body.at, high: spots.body.size[1]};
};
const draw_hands = () => {
  const shown = hands && spots && film.paused && data.film && data.film.take === spot_take &&
    (held || shot_at(now_s()) === spot_shot);
  over.hidden = !shown;
  box.dataset.hands = hands ? 'yes' : 'no';
  $('[data-tool=hands]').setAttribute('aria-pressed', String(hands));
  if (!shown) return;
  fit();
  over.dataset.away = on_first() || held ? 'no' : 'yes';
  const sun = hand_of('sun'), at = value_of('sun').at, bright = spots.sun.moon ? 'Moon' : 'Sun';
  sun.style.left = 100 * at[0] + '%'; sun.style.top = 100 * at[1] + '%';
  sun.dataset.seen = spots.sun.seen || moves('sun') ? 'yes' : 'no'; sun.dataset.moon = spots.sun.moon ? 'yes' : 'no';
  sun.setAttribute('aria-label', bright); sun.setAttribute('aria-valuenow', Math.round(100 * at[0]));
  sun.setAttribute('aria-valuetext', percent(at[0]) + ' across, ' + percent(at[1]) + ' down' +
    (spots.sun.seen || moves('sun') ? '' : ', out of the picture'));
  const level = hand_of('horizon');
  level.hidden = !spots.horizon;
  if (spots.horizon) {
    const y = value_of('horizon').at[1], tilt = spots.horizon[2] - spots.horizon[0], put = clamp(y, 0, 1);
    level.style.top = 100 * put + '%'; level.dataset.seen = y === put ? 'yes' : 'no';
    level.style.transform = `rotate(${Math.atan2(tilt * over.clientHeight, over.clientWidth)}rad)`;
    // Its grip goes to the other side of a sun that stands on it.
    level.dataset.grip = at[0] > .72 && Math.abs(at[1] - put) < .16 ? 'left' : 'right';
    level.setAttribute('aria-valuenow', Math.round(100 * put));
    level.setAttribute('aria-valuetext', percent(y) + ' down');
  }
  const body = hand_of('body'), corner = hand_of('corner');
  body.hidden = corner.hidden = !spots.body;
  if (!spots.body) return;
  const {at: [x, y], high: tall} = value_of('body'), high = tall || spots.body.size[1];
  const wide = spots.body.size[0] * high / spots.body.size[1], name = spots.body.name;
  body.style.cssText = `left:${100 * (x - wide / 2)}%;top:${100 * (y - high / 2)}%;width:${100 * wide}%;
    height:${100 * high}%`;
  // A body that reaches out of the picture is still taken by its corner.
  corner.style.left = 100 * clamp(x + wide / 2, .03, .97) + '%';
  corner.style.top = 100 * clamp(y + high / 2, .04, .96) + '%';
  body.setAttribute('aria-label', 'Place of the ' + name);
  body.setAttribute('aria-valuenow', Math.round(100 * clamp(x, 0, 1)));
  body.setAttribute('aria-valuetext', percent(x) + ' across, ' + percent(y) + ' down');
  corner.setAttribute('aria-label', 'Height of the ' + name);
  corner.setAttribute('aria-valuenow', Math.round(100 * high));
  corner.setAttribute('aria-valuetext', percent(high) + ' of the picture');
};
const drop_still = () => { still.hidden = true; still.removeAttribute('src'); };
const tell_hand = text => { note.textContent = text; };
const learn = (take, n) => {
  const key = take + ':' + n;
  if (!known.has(key)) known.set(key, server.standing({take, shot: line.shots[n]}).catch(() => {
    known.delete(key); return null;
  }));
  return known.get(key);
};
// Who reaches for the button will want to see them at once.
for (const name of ['pointerenter', 'focus']) $('[data-tool=hands]').addEventListener(name, () => {
  if (line && data.film && !hands) learn(data.film.take, shot_at(now_s()));
});
const look_at = async () => {
  if (!hands || !line || !film.paused || held || !data.film) return;
  const n = shot_at(now_s()), take = data.film.take;
  if (n === spot_shot && take === spot_take) { draw_hands(); return; }
  const found = await learn(take, n);
  if (!data.film || data.film.take !== take || held || shot_at(now_s()) !== n) return;
  if (!found || found.fault) { spots = null; spot_take = take; spot_shot = n; draw_hands(); return; }
  spots = found; spot_take = take; spot_shot = n; drop_still(); tell_hand(''); draw_hands();
};
const turn_hands = on => {
  hands = on && !!data.film && !!line;
  leave_hand(); shape();
  if (!hands) { draw_hands(); return; }
  films.scrollIntoView({block: 'nearest'});
  film.pause(); spot_shot = -1; go(line.cuts[shot_at(now_s())] + .5 / fps()); look_at();
};
const asked_for = () => ({take: spot_take, shot: line.shots[spot_shot],
  name: held.name === 'corner' ? 'body' : held.name, at: held.at.map(a => Number(a.toFixed(4))),
  high: held.high === null ? null : Number(held.high.toFixed(4))});
// At most three a second, and one at a time; the last place a hand was at is always looked at.
const preview = async () => {
  clearTimeout(again); again = 0;
  if (!held || held.sent) return;
  const wait = asked + EACH_MS - performance.now();
  if (asking || wait > 0 || data.busy) { again = setTimeout(preview, Math.max(wait, 120)); return; }
  asking = true; asked = performance.now();
  const mine = held, text = JSON.stringify(asked_for());
  try {
    const found = await server.still(JSON.parse(text));
    if (held === mine && found && found.still) {
      still.src = found.still; still.hidden = false; held.shown = text;
      spots = {...found.standing, body: found.standing.body || spots.body}; draw_hands();
    }
    if (held === mine && found && found.fault) tell_hand(found.fault);
  } catch (fault) { still.hidden = true; }
  asking = false;
  if (held === mine && JSON.stringify(asked_for()) !== mine.shown) again = setTimeout(preview, EACH_MS);
};
const take_hand = name => {
  const from = value_of(name === 'corner' ? 'body' : name);
  if (!from || held && held.sent) return false;
  if (!held || held.name !== name) {
    const high = from.high || null;
    held = {name, at: [...from.at], high: name === 'corner' ? high : null, start: [...from.at, high], was: spots};
  }
  film.pause();
  if (!on_first()) go(first_s());
  return true;
};
const move_hand = (x, y, high) => {
  const low = held.name === 'horizon' ? .02 : 0;
  held.at = [clamp(x, 0, 1), clamp(y, low, 1 - low)];
  if (high) held.high = clamp(high, .02, 1.5);
  const [dx, dy] = held.at;
  tell_hand(held.name === 'corner' ? percent(held.high) + ' high' : held.name === 'horizon' ? percent(dy) + ' down' :
    percent(dx) + ' across, ' + percent(dy) + ' down');
  draw_hands(); preview();
};
const leave_hand = () => {
  if (!held || held.sent) return;
  spots = held.was; held = null; drop_still(); tell_hand(''); draw_hands();
};
const place_hand = () => {
  if (!held || held.sent) return;
  const [x, y, high] = held.start, same = held.name === 'corner' ? Math.abs(held.high - high) < .004 :
    Math.hypot(held.at[0] - x, held.at[1] - y) < .004;
  if (same) { leave_hand(); return; }
  held.sent = true; tell_hand('Making a new take');
  send({do: 'handle', ...asked_for()});
  const mine = held;
  setTimeout(() => { if (held === mine && !data.busy) { held.sent = false; leave_hand(); } }, 2500);
};
const settle_hand = () => {
  // The take that was made of it is there, or its making was stopped.
  if (!held || !held.sent || data.busy) return;
  if (data.film && data.film.take !== spot_take) { held = null; drop_still(); tell_hand(''); }
  else if (was_busy) { held.sent = false; leave_hand(); }
};
const over_at = event => {
  const frame = over.getBoundingClientRect();
  return [(event.clientX - frame.left) / Math.max(frame.width, 1), (event.clientY - frame.top) / Math.max(frame.height,
    1)];
};
let gripped = null;
over.addEventListener('pointerdown', event => {
  const hand = event.target.closest('[data-hand]');
  event.stopPropagation();
  if (!hand || event.button || !take_hand(hand.dataset.hand)) return;
  event.preventDefault(); hand.focus({preventScroll: true}); over.setPointerCapture(event.pointerId);
  const [x, y] = over_at(event);
  gripped = {dx: held.at[0] - x, dy: held.at[1] - y, y, high: held.high};
});
over.addEventListener('pointermove', event => {
  if (!gripped || !held || held.sent) return;
  const [x, y] = over_at(event);
  if (held.name === 'corner') move_hand(...held.at, gripped.high + 2 * (y - gripped.y));
  else move_hand(x + gripped.dx, y + gripped.dy, null);
});
for (const name of ['pointerup', 'pointercancel', 'lostpointercapture']) over.addEventListener(name, event => {
  if (!gripped) return;
  gripped = null;
  if (name === 'pointerup') place_hand(); else leave_hand();
});
over.addEventListener('click', event => event.stopPropagation());
over.addEventListener('keydown', event => {
  const hand = event.target.closest('[data-hand]'), by = event.shiftKey ? .05 : .01;
  const way = {ArrowLeft: [-by, 0], ArrowRight: [by, 0], ArrowUp: [0, -by], ArrowDown: [0, by]}[event.key];
  if (!hand || event.ctrlKey || event.metaKey || event.altKey) return;
  const name = hand.dataset.hand;
  if (event.key === 'Enter' || event.key === ' ') place_hand();
  else if (event.key === 'Escape' && held) { gripped = null; leave_hand(); }
  else if (way && take_hand(name)) {
    if (name === 'corner') move_hand(...held.at, held.high + (way[0] || -way[1]));
    else move_hand(held.at[0] + (name === 'horizon' ? 0 : way[0]), held.at[1] + way[1], null);
  } else return;
  event.preventDefault(); event.stopPropagation();
});
over.addEventListener('focusout', event => { if (!gripped) leave_hand(); });
film.addEventListener('seeked', () => { draw_hands(); look_at(); });
film.addEventListener('pause', look_at);
film.addEventListener('play', draw_hands);
film.addEventListener('loadedmetadata', () => { fit(); look_at(); });
"""

CSS = """
.bc-over{position:absolute;z-index:2;pointer-events:none;overflow:hidden;border-radius:12px;transition:opacity .15s}
.bc-over[data-away=yes]{opacity:.45}
.bc-still{position:absolute;inset:0;width:100%;height:100%;object-fit:fill;margin:0!important;border-radius:0!important;
 animation:bc-come .18s ease-out}
@keyframes bc-come{from{opacity:0}}
.bc-hand{position:absolute;pointer-events:auto;touch-action:none;outline:none;cursor:grab;-webkit-user-select:none;
 user-select:none}
.bc-hand:active{cursor:grabbing}
.bc-sun{width:44px;height:44px;margin:-22px 0 0 -22px;border-radius:99px;display:grid;place-content:center}
.bc-sun svg{width:36px;height:36px;fill:#ffd774;stroke:#ffd774;stroke-width:2.2;stroke-linecap:round;
 filter:drop-shadow(0 0 3px rgba(10,8,4,.85))}
.bc-sun circle{stroke:none}.bc-sun[data-seen=no]{opacity:.75}.bc-sun[data-seen=no] circle{fill:none;
 stroke:#ffd774}
.bc-sun[data-moon=yes] svg{fill:#dfe9ff;stroke:#dfe9ff}.bc-sun[data-moon=yes] path{opacity:.4}
.bc-horizon{left:-4%;width:108%;height:26px;margin-top:-13px;cursor:ns-resize}
.bc-horizon::before{content:"";position:absolute;left:0;right:0;top:12px;height:0;border-top:2px dashed #fff;
 opacity:.85;filter:drop-shadow(0 0 2px rgba(10,8,4,.9))}
.bc-horizon i{position:absolute;right:8%;top:3px;width:34px;height:20px;border-radius:99px;
 background:rgba(12,11,10,.72);box-shadow:0 0 0 1.5px #fff}
.bc-horizon[data-grip=left] i{right:auto;left:8%}
.bc-horizon i::before{content:"";position:absolute;left:12px;top:5px;width:10px;height:10px;background:linear-gradient(
 #fff 0 2px,transparent 2px 4px,#fff 4px 6px,transparent 6px 8px,#fff 8px)}
.bc-body{border-radius:8px;
 box-shadow:0 0 0 1.5px #fff,0 0 0 3px rgba(12,11,10,.45),inset 0 0 0 1.5px rgba(12,11,10,.35);
 min-width:24px;min-height:24px}
.bc-corner{width:32px;height:32px;margin:-16px 0 0 -16px;cursor:nwse-resize}
.bc-corner::before{content:"";position:absolute;inset:9px;border-radius:5px;background:#fff;
 box-shadow:0 0 0 2px rgba(12,11,10,.55)}
.bc-hand:focus-visible{box-shadow:0 0 0 2px #1d1608,0 0 0 4.500px #f2b43c}
.bc-corner:focus-visible,.bc-horizon:focus-visible{border-radius:9px}
.bc-note{position:absolute;left:10px;bottom:10px;padding:3px 10px;border-radius:99px;background:rgba(12,11,10,.72);
 color:#f4efe6;font:500 12.5px/1.4 system-ui,sans-serif;font-variant-numeric:tabular-nums}
.bc-note:empty{display:none}
.bc-stage[data-hands=yes] .bc-big{display:none}
@media(prefers-reduced-motion:reduce){.bc-still{animation:none}.bc-over{transition:none}}
"""

__all__ = ["CSS", "OVER", "SCRIPT"]
