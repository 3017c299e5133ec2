"""Widgets for numbers: a slider with the range in which it works, a way from a first to a last number, a pad for two,
weights that share a whole."""

from __future__ import annotations

RAIL = ("<div class='w-rail'><i class='w-fill'></i><i class='w-dead' hidden></i><i class='w-dead' hidden></i>"
        "<i class='w-was'></i></div>")
SLIDER = (f"<div class='w-row'><div class='w-slide'>{RAIL}<input type='range' class='w-range'></div>"
          "<span class='w-box'><input type='number' step='any' class='w-number'><i class='w-unit'></i></span></div>")
# Every number on a rail is a share of its width. `dead` shades where nothing happens.
RAILS = r"""
const bounds = conf.bounds || [0, 1], step = stepped(conf.step, bounds);
const dead = (live, whole) => {
  all('.w-dead').forEach((node, k) => {
    const much = k ? 1 - share(live[1], whole) : share(live[0], whole);
    node.hidden = much < .01; node.dataset.end = k ? 'high' : 'low';
    node.style.cssText = (k ? 'right:0;' : 'left:0;') + 'width:' + 100 * much + '%';
  });
};
const filled = (a, b) => {
  $('.w-fill').style.left = 100 * Math.min(a, b) + '%'; $('.w-fill').style.width = 100 * Math.abs(b - a) + '%';
};
"""
SLIDER_SCRIPT = RAILS + r"""
const slide = $('.w-range'), box = $('.w-number');
marks(slide, {min: bounds[0], max: bounds[1], step: conf.step || 'any', 'aria-label': label});
marks(box, {'aria-label': label + ', as a number', inputmode: 'decimal'});
$('.w-unit').textContent = conf.unit || '';
if (!conf.bounds) $('.w-slide').hidden = true;
if (conf.measured && conf.measured.live) dead(conf.measured.live, bounds);
const zero = bounds[0] < 0 && bounds[1] > 0 ? 0 : bounds[0];
$('.w-was').style.left = 100 * share(Number(conf.start), bounds) + '%';
let typing = false;
settle = () => { typing = false; };
show = () => {
  const now = Number(value);
  if (document.activeElement !== slide || Number(slide.value) !== now) slide.value = now;
  if (!typing) box.value = written(now, step);
  slide.setAttribute('aria-valuetext', written(now, step) + unit);
  filled(share(zero, bounds), share(now, bounds));
};
on(slide, 'pointerdown', () => hold(true));
on(slide, 'input', () => put(tidy(Number(slide.value), 6), false));
on(slide, 'change', () => { hold(false); put(tidy(Number(slide.value), 6), false); });
for (const name of ['pointerup', 'pointercancel']) on(slide, name, () => { hold(false); push(); });
on(slide, 'keydown', event => event.stopPropagation());
on(box, 'input', () => { typing = true; });
on(box, 'keydown', event => { event.stopPropagation(); if (event.key === 'Enter') box.blur(); });
on(box, 'change', () => {
  typing = false;
  const said = Number(box.value);
  if (box.value.trim() === '' || !Number.isFinite(said)) { draw(); return; }
  put(conf.bounds ? clamp(said, ...bounds) : said, true);
});
on(box, 'blur', () => { typing = false; draw(); });
"""

RANGE = (f"<div class='w-slide w-two'>{RAIL}<div class='w-knobs'></div></div>"
         "<div class='w-foot'><output class='w-said'></output></div>")
# From the first to the last: the two may cross, since a way may lead down.
RANGE_SCRIPT = RAILS + r"""
const way = $('.w-two'), knobs = ['first', 'last'].map((name, k) => knob('w-' + name, {
  'aria-label': label + ', ' + name, 'aria-valuemin': bounds[0], 'aria-valuemax': bounds[1]}));
$('.w-knobs').replaceChildren(...knobs);
if (conf.measured && conf.measured.live) dead(conf.measured.live, bounds);
$('.w-was').hidden = true;
const snap = a => clamp(tidy(bounds[0] + Math.round((a - bounds[0]) / step) * step, 6), ...bounds);
const one = (k, a, now) => put(value.map((old, j) => j === k ? snap(a) : old), now);
show = () => {
  const [a, b] = value.map(each => share(each, bounds));
  filled(a, b); $('.w-fill').dataset.way = a <= b ? 'up' : 'down';
  knobs.forEach((node, k) => {
    node.style.left = 100 * [a, b][k] + '%';
    marks(node, {'aria-valuenow': value[k], 'aria-valuetext': written(value[k], step) + unit});
  });
  say('from ' + written(value[0], step) + ' to ' + written(value[1], step) + unit);
};
drag(way, $('.w-two .w-rail'), point => {
  const far = value.map(each => Math.abs(share(each, bounds) - point.x));
  const k = point.node === knobs[0] ? 0 : point.node === knobs[1] || far[1] <= far[0] ? 1 : 0;
  knobs[1 - k].style.zIndex = 1; knobs[k].style.zIndex = 2; focus(knobs[k]); one(k, along(point.x, bounds), false);
  return k;
}, (k, point) => one(k, along(point.x, bounds), false));
knobs.forEach((node, k) => keyed(node, (key, far) => {
  if (key === 'Home' || key === 'End') return one(k, bounds[key === 'Home' ? 0 : 1], false);
  const by = key === 'PageUp' ? 10 : key === 'PageDown' ? -10 : WAYS[key] ? (WAYS[key][0] || WAYS[key][1]) : 0;
  return by ? one(k, value[k] + by * step * (far ? 10 : 1), false) : false;
}));
"""

PAD = ("<div class='w-field w-pad'><div class='w-plot'><i class='w-dead' hidden></i><i class='w-dead' hidden></i>"
       "<i class='w-across'></i><i class='w-up'></i><i class='w-was'></i></div></div><div class='w-axes'><label>"
       "<span></span><input type='number' step='any' class='w-number'><i class='w-unit'></i></label><label>"
       "<span></span><input type='number' step='any' class='w-number'></label></div>")
PAD_SCRIPT = RAILS + r"""
const wide = [conf.bounds || [0, 1], conf.bounds_y || [0, 1]];
const steps = [stepped(conf.step, wide[0]), stepped(0, wide[1])];
const names = [label, conf.label_y || 'Up'], boxes = all('.w-number'), plot = $('.w-plot');
plot.querySelectorAll('.w-knob').forEach(node => node.remove());
const hand = knob('', {'aria-label': names.join(' and '), 'aria-roledescription': 'two-way slider',
                       'aria-valuemin': wide[0][0], 'aria-valuemax': wide[0][1]});
plot.append(hand);
all('.w-axes span').forEach((node, k) => { node.textContent = (k ? '\u2191 ' : '\u2192 ') + names[k]; });
boxes.forEach((box, k) => marks(box, {'aria-label': names[k], inputmode: 'decimal'}));
$('.w-unit').textContent = conf.unit || '';
if (conf.measured && conf.measured.live) dead(conf.measured.live, wide[0]);
$('.w-was').style.left = 100 * share(conf.start[0], wide[0]) + '%';
$('.w-was').style.top = 100 - 100 * share(conf.start[1], wide[1]) + '%';
let typing = -1;
settle = () => { typing = -1; };
show = () => {
  const [x, y] = value.map((each, k) => share(each, wide[k]));
  hand.style.left = $('.w-up').style.left = 100 * x + '%';
  hand.style.top = $('.w-across').style.top = 100 - 100 * y + '%';
  const words = value.map((each, k) => written(each, steps[k]));
  boxes.forEach((box, k) => { if (typing !== k) box.value = words[k]; });
  marks(hand, {'aria-valuenow': value[0],
               'aria-valuetext': names[0] + ' ' + words[0] + unit + ', ' + names[1] + ' ' + words[1]});
};
const place = (x, y, now) => put([[x, 0], [y, 1]].map(([a, k]) => tidy(clamp(a, ...wide[k]), 6)), now);
const snap = (u, k) => Math.round(along(u, wide[k]) / steps[k]) * steps[k];
const pull = (it, point) => place(snap(point.x, 0), snap(1 - point.y, 1), false);
drag($('.w-pad'), plot, point => { focus(hand); pull(0, point); return 0; }, pull);
keyed(hand, (key, far) => {
  if (key === 'Home' || key === 'End') return place(wide[0][key === 'Home' ? 0 : 1], value[1], false);
  const page = {PageUp: 10, PageDown: -10}[key];
  if (page) return place(value[0], value[1] + page * steps[1], false);
  const way = WAYS[key], by = far ? 10 : 1;
  return way ? place(value[0] + way[0] * steps[0] * by, value[1] + way[1] * steps[1] * by, false) : false;
});
boxes.forEach((box, k) => {
  on(box, 'input', () => { typing = k; });
  on(box, 'keydown', event => { event.stopPropagation(); if (event.key === 'Enter') box.blur(); });
  on(box, 'blur', () => { typing = -1; draw(); });
  on(box, 'change', () => {
    const said = Number(box.value); typing = -1;
    if (box.value.trim() === '' || !Number.isFinite(said)) { draw(); return; }
    place(k ? value[0] : said, k ? said : value[1], true);
  });
});
"""

MIX = ("<div class='w-bar'><div class='w-parts'></div><div class='w-knobs'></div></div><div class='w-names'></div>"
       "<label class='w-more' hidden><select></select></label>")
# Weights side by side: a border between two gives to one what it takes from the other.
MIX_SCRIPT = r"""
const choices = conf.choices || Object.keys(value || {}), parts = $('.w-parts'), bar = $('.w-bar'), more = $('.w-more');
// `weights` keeps a part that is dragged down to nothing until it is let go; the value never holds it.
let weights = {}, order = [];
const tone = name => choices.indexOf(name) % 8, near = name => String(name).replaceAll('_', ' ');
const total = () => order.reduce((sum, name) => sum + weights[name], 0);
settle = () => { weights = {...value}; order = choices.filter(name => weights[name] > 0); };
const weigh = (next, now) => {
  const left = Object.entries(next).filter(([name, a]) => a > 5e-4);
  if (!left.length) return;
  weights = next;
  put(Object.fromEntries(left.map(([name, a]) => [name, tidy(a)])), now);
};
const edge = (k, a, now) => {
  const [one, two] = [order[k], order[k + 1]], both = weights[one] + weights[two];
  const before = order.slice(0, k).reduce((sum, name) => sum + weights[name], 0);
  const first = clamp(a - before, Math.max(0, both - 1), Math.min(1, both));
  weigh({...weights, [one]: first, [two]: both - first}, now);
};
const let_go = name => {
  const whole = total(), rest = whole - weights[name], next = {...weights, [name]: 0};
  if (rest <= 0) return;
  for (const other of order) if (other !== name) next[other] = Math.min(1, next[other] * whole / rest);
  weigh(next, true);
};
const take_in = name => {
  const whole = total(), part = Math.min(1, whole / (order.length + 1)), next = {};
  for (const other of order) next[other] = weights[other] * (1 - part / whole);
  next[name] = part; weights = next; order = choices.filter(one => next[one] > 0); weigh(next, true);
};
const turned = (k, key, far) => {
  const by = WAYS[key] ? (WAYS[key][0] || WAYS[key][1]) : key === 'PageUp' ? 10 : key === 'PageDown' ? -10 : 0;
  if (!by) return false;
  // The keyboard leaves a hundredth: a part is let go by its own button.
  const least = total() / 100, here = order.slice(0, k + 1).reduce((sum, name) => sum + weights[name], 0);
  const low = Math.min(here, here - weights[order[k]] + least);
  const high = Math.max(here, here + weights[order[k + 1]] - least);
  edge(k, clamp(here + by * least * (far ? 5 : 1), low, high), false);
};
const born = () => {
  const node = make('span', {class: 'w-name'}), gone = make('button', {type: 'button', class: 'w-gone'}, '\u00d7');
  node.append(make('i', {}), make('span', {}), make('b', {}), gone);
  on(gone, 'click', () => let_go(node.name));
  return node;
};
const drawn_bar = whole => {
  pool(parts, order.length, () => make('i', {'aria-hidden': 'true'})).forEach((node, k) => {
    const width = 100 * weights[order[k]] / whole;
    node.style.width = width + '%'; node.className = 'w-tone-' + tone(order[k]);
    node.textContent = width > 22 ? near(order[k]) : '';
  });
  let at = 0;
  pool($('.w-knobs'), Math.max(0, order.length - 1), k => {
    const node = knob('w-edge', {'aria-valuemin': 0, 'aria-valuemax': 100});
    keyed(node, (key, far) => turned(k, key, far));
    return node;
  }).forEach((node, k) => {
    const [one, two] = [order[k], order[k + 1]];
    at += weights[one];
    node.style.left = 100 * at / whole + '%';
    marks(node, {'aria-label': label + ', between ' + near(one) + ' and ' + near(two),
                 'aria-valuenow': Math.round(100 * at / whole), 'aria-valuetext': near(one) + ' ' +
                 percent(weights[one] / whole) + ', ' + near(two) + ' ' + percent(weights[two] / whole)});
  });
};
show = () => {
  if (!held) order = order.filter(name => value[name] > 0);
  const whole = total() || 1;
  drawn_bar(whole);
  pool($('.w-names'), order.length, born).forEach((node, k) => {
    const [swatch, name, much, gone] = node.children;
    node.name = order[k]; swatch.className = 'w-tone-' + tone(order[k]);
    name.textContent = near(order[k]); much.textContent = percent(weights[order[k]] / whole);
    gone.hidden = order.length < 2; gone.setAttribute('aria-label', 'Without ' + near(order[k]));
  });
  const others = choices.filter(name => !order.includes(name)), list = others.join('\n');
  more.hidden = !others.length;
  if (more.dataset.list !== list) {
    more.dataset.list = list;
    more.firstElementChild.replaceChildren(make('option', {value: ''}, 'Mix in\u2026'),
      ...others.map(name => make('option', {value: name}, near(name))));
  }
};
marks(more.firstElementChild, {'aria-label': 'Mix into ' + label});
on(more.firstElementChild, 'change', event => {
  const name = event.target.value;
  event.target.value = ''; if (name) take_in(name);
});
drag(bar, parts, point => {
  let at = 0, best = null, far = 24;
  order.slice(0, -1).forEach((name, k) => {
    at += weights[name];
    const off = Math.abs(at / total() - point.x) * point.width;
    if (off <= far) { far = off; best = k; }
  });
  if (best !== null) focus(all('.w-edge')[best]);
  return best;
}, (k, point) => edge(k, clamp(point.x, 0, 1) * total(), false));
settle();
"""

__all__ = ["MIX", "MIX_SCRIPT", "PAD", "PAD_SCRIPT", "RANGE", "RANGE_SCRIPT", "SLIDER", "SLIDER_SCRIPT"]
