"""Widgets over the film's time: a curve of keys with the shots behind it, and shots whose cuts move on the beat."""

from __future__ import annotations

CURVE = ("<div class='w-field w-curve'><div class='w-plot'><div class='w-spans' aria-hidden='true'></div>"
         "<svg viewBox='0 0 100 100' preserveAspectRatio='none' aria-hidden='true'><path class='w-under'></path>"
         "<path class='w-over'></path></svg><div class='w-knobs'></div></div><b class='w-top' aria-hidden='true'></b>"
         "<b class='w-low' aria-hidden='true'></b></div><div class='w-foot'><output class='w-said'></output>"
         "<button type='button' class='w-do' data-do='add'>Add</button>"
         "<button type='button' class='w-do' data-do='remove'>Remove</button></div>")
# A press on nothing adds a key, a second one soon after takes the key away again.
CURVE_SCRIPT = r"""
const bounds = conf.bounds || [0, 1], step = stepped(conf.step, bounds), plot = $('.w-plot'), MOST = 64, LEAST = .002;
let chosen = 0;
settle = () => { chosen = clamp(chosen, 0, value.length - 1); };
focused = () => all('.w-knob')[chosen];
const ends = [bounds[0], bounds[1]].map(a => (written(a, step >= .1 ? step : .1) + unit).replace('-', '\u2212'));
$('.w-low').textContent = ends[0]; $('.w-top').textContent = ends[1];
$('.w-curve').style.setProperty('--gutter', Math.max(ends[0].length, ends[1].length) + 'ch');
const spans = [];
for (const span of conf.spans || []) if (!spans.some(one => alike(one, span))) spans.push(span);
$('.w-spans').replaceChildren(...spans.map(([from, to], k) => {
  const node = make('i', {}, spans.length < 13 ? k + 1 : '');
  node.style.cssText = 'left:' + 100 * from + '%;width:' + 100 * (to - from) + '%';
  return node;
}));
const Y = a => 100 - 100 * share(a, bounds);
const place = (k, u, a, now) => {
  const low = k ? value[k - 1][0] + LEAST : 0, high = k < value.length - 1 ? value[k + 1][0] - LEAST : 1;
  chosen = k;
  const moved = [tidy(clamp(u, Math.min(low, high), high)), tidy(clamp(a, ...bounds))];
  put(value.map((key, j) => j === k ? moved : key), now);
};
const add = (u, a, now) => {
  if (value.length >= MOST || value.some(key => Math.abs(key[0] - u) < LEAST)) return null;
  const key = [tidy(clamp(u, 0, 1)), tidy(clamp(a, ...bounds))];
  const next = [...value, key].sort((one, two) => one[0] - two[0]);
  chosen = next.indexOf(key); put(next, now);
  return chosen;
};
const remove = k => {
  if (value.length < 2) return;
  chosen = Math.max(0, k - 1); put(value.filter((key, j) => j !== k), true); focus(focused());
};
// The key before a press on a level piece of the line: pulled, the level goes up and down as one.
const level = point => {
  const k = value.findIndex((key, j) => j + 1 < value.length && key[0] < point.x && point.x < value[j + 1][0]);
  const flat = k >= 0 && alike(value[k][1], value[k + 1][1]);
  return flat && Math.abs(Y(value[k][1]) / 100 - point.y) * point.height < 12 ? k : null;
};
const beside = k => {
  const after = value[k + 1], here = value[k], before = value[k - 1];
  if (after && after[0] - here[0] > .04) return [(here[0] + after[0]) / 2, (here[1] + after[1]) / 2];
  if (!after && here[0] < .99) return [Math.min(1, here[0] + .1), here[1]];
  if (before) return [(here[0] + before[0]) / 2, (here[1] + before[1]) / 2];
  return [here[0] > .5 ? 0 : 1, here[1]];
};
const add_beside = k => { if (add(...beside(k), true) !== null) focus(focused()); };
show = () => {
  const d = value.map(([u, a]) => 'L' + 100 * u + ' ' + Y(a)).join('');
  const whole = 'M0 ' + Y(value[0][1]) + d + 'L100 ' + Y(value[value.length - 1][1]);
  $('.w-over').setAttribute('d', whole); $('.w-under').setAttribute('d', whole + 'V100H0z');
  pool($('.w-knobs'), value.length, k => {
    const node = knob('', {'aria-orientation': 'vertical', 'aria-valuemin': bounds[0], 'aria-valuemax': bounds[1]});
    on(node, 'focus', () => { if (chosen !== k) { chosen = k; draw(); } });
    keyed(node, (key, far) => {
      const way = WAYS[key], [u, a] = value[k], by = far ? 5 : 1;
      if (way) return place(k, u + way[0] * .01 * by, a + way[1] * step * by, false);
      if (key === 'PageUp' || key === 'PageDown') return place(k, u, a + (key === 'PageUp' ? 10 : -10) * step, false);
      if (key === 'Home' || key === 'End') return place(k, u, bounds[key === 'Home' ? 0 : 1], false);
      if (key === 'Delete' || key === 'Backspace') return remove(k);
      if (key === 'Enter' || key === '+') return add_beside(k);
      return false;
    });
    return node;
  }).forEach((node, k) => {
    const [u, a] = value[k];
    node.style.left = 100 * u + '%'; node.style.top = Y(a) + '%';
    node.dataset.chosen = k === chosen ? 'yes' : 'no'; node.dataset.many = value.length > 8 ? 'yes' : 'no';
    marks(node, {'aria-label': label + ', key ' + (k + 1) + ' of ' + value.length, 'aria-valuenow': a,
                 'aria-valuetext': written(a, step) + unit + ' at ' + percent(u) + ' of the film'});
  });
  const [u, a] = value[chosen] || value[0];
  say(written(a, step) + unit + ' at ' + percent(u));
  $('[data-do=remove]').disabled = value.length < 2; $('[data-do=add]').disabled = value.length >= MOST;
};
marks($('[data-do=add]'), {'aria-label': 'Add a key to ' + label});
marks($('[data-do=remove]'), {'aria-label': 'Remove this key of ' + label});
on($('[data-do=add]'), 'click', () => add_beside(chosen));
on($('[data-do=remove]'), 'click', () => remove(chosen));
drag($('.w-curve'), plot, point => {
  let best = null, far = 24;
  value.forEach(([u, a], k) => {
    const off = Math.hypot((u - point.x) * point.width, (Y(a) / 100 - point.y) * point.height);
    if (off < far) { far = off; best = k; }
  });
  if (best === null && level(point) !== null) {
    const k = level(point);
    nudge = [0, Y(value[k][1]) / 100 - point.y]; focus(all('.w-knob')[k]);
    return {level: k};
  }
  if (best === null) {
    best = add(clamp(point.x, 0, 1), along(1 - point.y, bounds), false);
    if (best !== null) twice(best);
  } else if (twice(best)) { remove(best); return null; }
  if (best !== null) {
    nudge = [value[best][0] - point.x, Y(value[best][1]) / 100 - point.y];
    chosen = best; draw(); focus(all('.w-knob')[best]);
  }
  return best;
}, (it, point) => {
  const a = along(1 - point.y, bounds);
  pressed.what = null;
  if (it.level === undefined) { place(it, point.x, a, false); return; }
  for (const k of [it.level, it.level + 1]) place(k, value[k][0], a, false);
}, (it, point) => {
  if (it.level === undefined) return;
  const k = add(clamp(point.x, 0, 1), along(1 - point.y, bounds), false);
  if (k !== null) { twice(k); focus(focused()); }
});
"""

TIMELINE = ("<div class='w-scroll'><div class='w-film'><div class='w-shots' aria-hidden='true'></div>"
            "<div class='w-knobs'></div></div></div><div class='w-foot'><output class='w-said'></output></div>")
TIMELINE_SCRIPT = r"""
const film = $('.w-film'), end = () => value[value.length - 1], start = () => value[0];
const step = conf.step || .1, WIDE = 22;
let chosen = 1;
focused = () => all('.w-knob')[chosen - 1];
const rows = conf.start.length - 1;
// Many shots get a longer film, which is pushed along under the hand.
film.style.minWidth = rows > 12 ? rows * WIDE + 'px' : '';
const whole = () => Math.max(end() - start(), 1e-9);
const near = a => conf.unit === 'bars' ? written(a, Math.min(step, 1)) : written(a, step < .1 ? .01 : .1);
const cut = (k, a, now) => {
  const low = value[k - 1], high = value[k + 1], least = Math.min(step / 4, (high - low) / 4);
  let snapped = Math.round(a / step) * step;
  if (snapped < low + least) snapped = Math.ceil((low + least) / step) * step;
  if (snapped > high - least) snapped = Math.floor((high - least) / step) * step;
  chosen = k;
  // Two cuts closer than the grid leave no line between them.
  if (snapped < low + least || snapped > high - least) { draw(); return; }
  put(value.map((old, j) => j === k ? tidy(snapped, 6) : old), now);
};
show = () => {
  const at = a => 100 * (a - start()) / whole();
  const tick = 100 * step / whole(), beats = whole() / step;
  film.style.setProperty('--tick', tick + '%');
  film.dataset.grid = beats < 90 ? 'yes' : 'no'; film.dataset.many = rows > 12 ? 'yes' : 'no';
  pool($('.w-shots'), value.length - 1, () => {
    const node = make('i', {});
    node.append(make('b', {}), make('s', {}));
    return node;
  }).forEach((node, k) => {
    node.style.left = at(value[k]) + '%'; node.style.width = at(value[k + 1]) - at(value[k]) + '%';
    node.children[0].textContent = k + 1; node.children[1].textContent = near(value[k + 1] - value[k]);
  });
  pool($('.w-knobs'), Math.max(0, value.length - 2), j => {
    const k = j + 1, node = knob('w-cut', {});
    on(node, 'focus', () => { if (chosen !== k) { chosen = k; draw(); } });
    keyed(node, (key, far) => {
      const by = WAYS[key] ? (WAYS[key][0] || WAYS[key][1]) : key === 'PageUp' ? 4 : key === 'PageDown' ? -4 : 0;
      if (key === 'Home') return cut(k, value[k - 1], false);
      if (key === 'End') return cut(k, value[k + 1], false);
      return by ? cut(k, (by > 0 ? Math.floor(value[k] / step + 1e-6) : Math.ceil(value[k] / step - 1e-6)) * step +
                         by * step * (far ? 4 : 1), false) : false;
    });
    return node;
  }).forEach((node, j) => {
    const k = j + 1;
    node.style.left = at(value[k]) + '%'; node.dataset.chosen = k === chosen ? 'yes' : 'no';
    marks(node, {'aria-label': label + ', cut between shot ' + k + ' and ' + (k + 1), 'aria-valuemin': value[k - 1],
                 'aria-valuemax': value[k + 1], 'aria-valuenow': value[k], 'aria-valuetext': near(value[k]) + unit});
  });
  say(value.length < 3 ? 'one shot' : 'cut ' + chosen + ' at ' + near(value[chosen]) + unit);
};
settle = () => { chosen = clamp(chosen, 1, Math.max(1, value.length - 2)); };
drag(film, film, point => {
  let best = null, far = 22;
  for (let k = 1; k < value.length - 1; k++) {
    const off = Math.abs((value[k] - start()) / whole() - point.x) * point.width;
    if (off < far) { far = off; best = k; }
  }
  if (best !== null) {
    nudge = [(value[best] - start()) / whole() - point.x, 0];
    chosen = best; draw(); focus(all('.w-knob')[best - 1]);
  }
  return best;
}, (k, point) => cut(k, start() + point.x * whole(), false));
"""

__all__ = ["CURVE", "CURVE_SCRIPT", "TIMELINE", "TIMELINE_SCRIPT"]
