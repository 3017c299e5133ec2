"""Widgets over space: the camera's way seen from the side, and the line where the land ends."""

from __future__ import annotations

SUBJECT = ("<svg class='w-subject' viewBox='0 0 24 40' aria-hidden='true'><circle cx='12' cy='8' r='5'/>"
           "<path d='M5 40V24a7 7 0 0 1 14 0v16z'/></svg>")
FOOT = ("<div class='w-foot'><output class='w-said'></output>"
        "<button type='button' class='w-do' data-do='add'>Add</button>"
        "<button type='button' class='w-do' data-do='remove'>Remove</button></div>")
CAMERA = (f"<div class='w-field w-camera'>{SUBJECT}<div class='w-plot'><svg aria-hidden='true'></svg>"
          "<div class='w-knobs w-places'></div></div></div><div class='w-field w-time'><div class='w-plot'>"
          f"<div class='w-knobs w-moments'></div></div></div>{FOOT}")
# Distances go by their logarithm, heights by that of 1 + height: a step near the ground counts as a step far up does.
CAMERA_SCRIPT = r"""
const far = conf.bounds || [.5, 100], high = conf.bounds_y || [0, 40], stage = $('.w-camera .w-plot'), MOST = 24;
const low_m = Math.max(far[0], .05), log = a => Math.log(Math.max(a, low_m));
const up = a => Math.log1p(Math.max(a - high[0], 0)), wide_log = [log(low_m), log(far[1])], tall_log = [0, up(high[1])];
const X = a => share(log(a), wide_log), Y = a => 1 - share(up(a), tall_log);
const away = x => Math.exp(along(x, wide_log)), over = y => high[0] + Math.expm1(along(1 - y, tall_log));
const metres = a => (a < 10 ? a.toFixed(1) : String(Math.round(a))) + '\u202fm';
const sheet = $('.w-camera svg:not(.w-subject)');
let chosen = 0;
settle = () => { chosen = clamp(chosen, 0, value.length - 1); };
focused = () => all('.w-places .w-knob')[chosen];
const whole = row => [tidy(clamp(row[0], 0, 1)), tidy(clamp(row[1], ...far), 3), tidy(clamp(row[2], ...high), 3)];
const place = (k, row, now) => {
  const low = k ? value[k - 1][0] + .005 : 0, top = k < value.length - 1 ? value[k + 1][0] - .005 : 1;
  chosen = k;
  put(value.map((old, j) => j === k ? whole([clamp(row[0], Math.min(low, top), top), row[1], row[2]]) : old), now);
};
const add = (row, now) => {
  if (value.length >= MOST || value.some(one => Math.abs(one[0] - row[0]) < .005)) return null;
  const fresh = whole(row), next = [...value, fresh].sort((a, b) => a[0] - b[0]);
  chosen = next.indexOf(fresh); put(next, now);
  return chosen;
};
const remove = k => {
  if (value.length < 2) return;
  chosen = Math.max(0, k - 1); put(value.filter((row, j) => j !== k), true); focus(focused());
};
const add_beside = k => {
  const here = value[k], other = value[k + 1] || value[k - 1] || [here[0] > .5 ? 0 : 1, here[1] * 1.3, here[2]];
  const alone = value.length < 2;
  const row = alone ? other : here.map((a, j) => (a + other[j]) / 2);
  if (add(row, true) !== null) focus(focused());
};
// Where a press lies on the way: between which two, so that the new point comes in there.
const between = (x, y) => {
  if (value.length < 2) return value[0][0] > .5 ? 0 : 1;
  let best = .5, near = Infinity;
  for (let k = 0; k + 1 < value.length; k++) {
    const [ax, ay, bx, by] = [X(value[k][1]), Y(value[k][2]), X(value[k + 1][1]), Y(value[k + 1][2])];
    const long = Math.max((bx - ax) ** 2 + (by - ay) ** 2, 1e-9);
    const t = clamp(((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / long, .1, .9);
    const off = Math.hypot(ax + t * (bx - ax) - x, ay + t * (by - ay) - y);
    if (off < near) { near = off; best = value[k][0] + t * (value[k + 1][0] - value[k][0]); }
  }
  return best;
};
const NICE = [.1, .2, .5, 1, 2, 5, 10, 20, 50, 100, 200, 500];
const ruled = (marks_m, span, room) => {
  const inside = marks_m.filter(a => a > span[0] * 1.05 + 1e-9 && a < span[1] * .97);
  const every = Math.max(1, Math.ceil(inside.length / room));
  return inside.filter((a, k) => (inside.length - 1 - k) % every === 0);
};
const scene = () => {
  const wide = stage.clientWidth, tall = stage.clientHeight;
  if (!wide) return;
  const at = row => [X(row[1]) * wide, Y(row[2]) * tall], eye = [-27, tall - 28], nodes = [];
  const text = (x, y, words, more) => {
    const node = line('text', {x, y, ...more});
    node.textContent = words; nodes.push(node);
  };
  nodes.push(line('line', {class: 'w-ground', x1: -40, x2: wide + 14, y1: tall, y2: tall}));
  for (const a of ruled(NICE, [low_m, far[1]], wide / 52)) {
    nodes.push(line('line', {class: 'w-rule', x1: X(a) * wide, x2: X(a) * wide, y1: -8, y2: tall}));
    text(X(a) * wide, tall + 14, metres(a), {'text-anchor': 'middle'});
  }
  for (const a of ruled(NICE.filter(a => a >= 1), high, tall / 30)) {
    nodes.push(line('line', {class: 'w-rule', x1: -40, x2: wide + 14, y1: Y(a) * tall, y2: Y(a) * tall}));
    text(wide + 10, Y(a) * tall - 3, metres(a), {'text-anchor': 'end'});
  }
  for (const row of value) {
    const [x, y] = at(row);
    nodes.push(line('line', {class: 'w-sight', x1: x, y1: y, x2: eye[0], y2: eye[1]}));
  }
  const points = value.map(at);
  nodes.push(line('polyline', {class: 'w-over', points: points.map(p => p.map(a => tidy(a, 1)).join(',')).join(' ')}));
  points.slice(1).forEach(([bx, by], k) => {
    const [ax, ay] = points[k], long = Math.hypot(bx - ax, by - ay);
    const turn = Math.atan2(by - ay, bx - ax) * 180 / Math.PI;
    if (long > 44) nodes.push(line('path', {class: 'w-arrow', d: 'M-5 -5L4 0L-5 5',
      transform: `translate(${tidy((ax + bx) / 2, 1)} ${tidy((ay + by) / 2, 1)}) rotate(${tidy(turn, 1)})`}));
  });
  sheet.replaceChildren(...nodes);
};
const handled = (k, key, by) => {
  const way = WAYS[key], [u, distance, height] = value[k];
  if (way) return place(k, [u, distance * 1.05 ** (way[0] * by), over(Y(height) - way[1] * .025 * by)], false);
  const page = {PageUp: .02, PageDown: -.02}[key];
  if (page) return place(k, [u + page * by, distance, height], false);
  if (key === 'Delete' || key === 'Backspace') return remove(k);
  if (key === 'Enter' || key === '+') return add_beside(k);
  return false;
};
const timed = (k, key, by) => {
  const [u, distance, height] = value[k], way = WAYS[key];
  if (key === 'Home' || key === 'End') return place(k, [key === 'Home' ? 0 : 1, distance, height], false);
  if (way) return place(k, [u + (way[0] || way[1]) * .01 * by, distance, height], false);
  return key === 'Delete' || key === 'Backspace' ? remove(k) : false;
};
const knobs = (box, more, act) => pool($(box), value.length, k => {
  const node = knob('w-many', more);
  on(node, 'focus', () => { if (chosen !== k) { chosen = k; draw(); } });
  keyed(node, (key, shift) => act(k, key, shift ? 5 : 1));
  return node;
});
show = () => {
  const words = row => metres(row[1]) + ' away, ' + metres(row[2]) + ' up';
  knobs('.w-places', {'aria-valuemin': far[0], 'aria-valuemax': far[1]}, handled).forEach((node, k) => {
    const row = value[k];
    node.style.left = 100 * X(row[1]) + '%'; node.style.top = 100 * Y(row[2]) + '%';
    marks(node, {'aria-label': label + ', place ' + (k + 1) + ' of ' + value.length, 'aria-valuenow': row[1],
                 'aria-valuetext': words(row) + ', at ' + percent(row[0])});
  });
  knobs('.w-moments', {'aria-valuemin': 0, 'aria-valuemax': 100}, timed).forEach((node, k) => {
    node.style.left = 100 * value[k][0] + '%';
    marks(node, {'aria-label': label + ', moment of place ' + (k + 1), 'aria-valuenow': Math.round(100 * value[k][0]),
                 'aria-valuetext': percent(value[k][0]) + ' of the shot'});
  });
  all('.w-many').forEach((node, j) => {
    const k = j % value.length;
    node.textContent = k + 1; node.dataset.chosen = k === chosen ? 'yes' : 'no';
  });
  say(words(value[chosen]) + ', at ' + percent(value[chosen][0]));
  $('[data-do=remove]').disabled = value.length < 2; $('[data-do=add]').disabled = value.length >= MOST;
  scene();
};
marks($('[data-do=add]'), {'aria-label': 'Add a place to ' + label});
marks($('[data-do=remove]'), {'aria-label': 'Remove this place of ' + label});
on($('[data-do=add]'), 'click', () => add_beside(chosen));
on($('[data-do=remove]'), 'click', () => remove(chosen));
drag($('.w-camera'), stage, point => {
  let best = null, near = 26;
  value.forEach((row, k) => {
    const off = Math.hypot((X(row[1]) - point.x) * point.width, (Y(row[2]) - point.y) * point.height);
    if (off < near || (off === near && k === chosen)) { near = off; best = k; }
  });
  if (best === null) {
    best = add([between(point.x, point.y), away(point.x), over(point.y)], false);
    if (best !== null) twice(best);
  } else if (twice(best)) { remove(best); return null; }
  if (best !== null) {
    nudge = [X(value[best][1]) - point.x, Y(value[best][2]) - point.y];
    chosen = best; draw(); focus(focused());
  }
  return best;
}, (k, point) => { pressed.what = null; place(k, [value[k][0], away(point.x), over(point.y)], false); });
drag($('.w-time'), $('.w-time .w-plot'), point => {
  let best = null, near = 24;
  value.forEach((row, k) => {
    const off = Math.abs(row[0] - point.x) * point.width;
    if (off < near) { near = off; best = k; }
  });
  if (best !== null) {
    nudge = [value[best][0] - point.x, 0];
    chosen = best; draw(); focus(all('.w-moments .w-knob')[best]);
  }
  return best;
}, (k, point) => place(k, [point.x, value[k][1], value[k][2]], false));
const seen = new ResizeObserver(() => { if (element.isConnected) scene(); else seen.disconnect(); });
seen.observe(stage);
life.signal.addEventListener('abort', () => seen.disconnect());
"""

MASK = ("<div class='w-field w-land' role='slider' tabindex='0'><img alt='' draggable='false' hidden><svg "
        "viewBox='0 0 320 100' preserveAspectRatio='none' aria-hidden='true'><path class='w-under'></path><path "
        "class='w-over'></path><path class='w-column'></path></svg><b class='w-hint'></b></div><div class='w-foot'>"
        "<output class='w-said'></output><button type='button' class='w-do' data-do='clear'>Clear</button></div>")
# Heights are shares of the picture from its top, at the middles of 32 columns.
MASK_SCRIPT = r"""
const COLUMNS = 32, land = $('.w-land'), picture = $('.w-land img');
let column = 15, before = null;
focused = () => land;
if (conf.poster) {
  on(picture, 'load', () => {
    picture.hidden = false; land.style.aspectRatio = picture.naturalWidth + ' / ' + picture.naturalHeight;
  });
  picture.src = conf.poster;
}
const flat = y => Array(COLUMNS).fill(y);
const edge = (row, k, y) => { row[clamp(k, 0, COLUMNS - 1)] = tidy(clamp(y, 0, 1)); };
const stroke = (from, to, now) => {
  const row = value ? [...value] : flat(tidy(clamp(to[1], 0, 1)));
  const steps = Math.max(1, Math.abs(to[0] - from[0]));
  const between = (k, j) => from[j] + (to[j] - from[j]) * k / steps;
  for (let k = 0; k <= steps; k++) edge(row, Math.round(between(k, 0)), between(k, 1));
  put(row, now);
};
show = () => {
  const there = Array.isArray(value) && value.length === COLUMNS;
  const d = there ? 'M0 ' + 100 * value[0] + value.map((y, k) => 'L' + (10 * k + 5) + ' ' + 100 * y).join('') +
    'L320 ' + 100 * value[COLUMNS - 1] : '';
  $('.w-over').setAttribute('d', d); $('.w-under').setAttribute('d', d ? d + 'V100H0z' : '');
  $('.w-column').setAttribute('d', 'M' + (10 * column + 5) + ' 0V100');
  land.dataset.there = there ? 'yes' : 'no';
  $('.w-hint').textContent = there ? '' : 'Draw where the land ends';
  const at = there ? percent(value[column]) + ' from the top' : 'no line yet';
  marks(land, {'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-orientation': 'vertical',
               'aria-valuenow': there ? Math.round(100 * (1 - value[column])) : 0,
               'aria-valuetext': 'column ' + (column + 1) + ' of ' + COLUMNS + ', ' + at});
  say(there ? 'column ' + (column + 1) + ', ' + at : at);
  $('[data-do=clear]').disabled = !there;
};
const at = point => [clamp(Math.floor(point.x * COLUMNS), 0, COLUMNS - 1), point.y];
drag(land, land, point => {
  focus(land); before = at(point); column = before[0]; stroke(before, before, false);
  return 0;
}, (it, point) => { const now = at(point); column = now[0]; stroke(before, now, false); before = now; });
keyed(land, (key, far) => {
  const way = WAYS[key];
  if (!way) {
    if (key === 'Delete' || key === 'Backspace') return put(null, true);
    if (key === 'Home' || key === 'End') { column = key === 'Home' ? 0 : COLUMNS - 1; draw(); return; }
    return false;
  }
  if (way[0]) { column = clamp(column + way[0], 0, COLUMNS - 1); draw(); return; }
  // With shift the whole line goes up or down; else a soft hill of it.
  const row = value ? [...value] : flat(.6);
  row.forEach((y, k) => edge(row, k, y - way[1] * .02 * (far ? 1 : Math.exp(-((k - column) ** 2) / 5))));
  put(row, false);
});
marks($('[data-do=clear]'), {'aria-label': 'Clear ' + label});
on($('[data-do=clear]'), 'click', () => { put(null, true); focus(land); });
"""

__all__ = ["CAMERA", "CAMERA_SCRIPT", "MASK", "MASK_SCRIPT"]
