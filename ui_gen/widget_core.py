"""What all widgets of a panel share: their frame, how a value is kept and sent, dragging, and numbers as text.

A widget is the frame with the body of its kind, and one script: OPENING, the script of its kind, CLOSING. Templates and
scripts are fixed; everything that differs (label, bounds, value) comes as data in `props.conf` and `props.value`, and
only ever becomes text, an attribute or a number. The script of a kind says `show` (draw `value`), may say `told` (the
value in words) and changes the value through `put`.
"""

from __future__ import annotations

BACK = "M5 5v5h5M5.600 10A8 8 0 1 1 4.500 15"
OPEN = "M8 11V8a4 4 0 0 1 7.500-2M6 11h12v9H6z"


def framed(body: str) -> str:
    """The template of a widget. body: fixed markup."""
    return f"""
<div class='bc-w' role='group'>
 <div class='w-head'><div class='w-title'><span class='w-label'></span><button type='button' class='w-spark'
  aria-expanded='false' hidden></button><i class='w-tag' hidden></i><i class='w-when' aria-hidden='true' hidden><b></b>
  </i></div><button type='button' class='w-tool w-back' disabled><svg viewBox='0 0 24 24' aria-hidden='true'><path
  d='{BACK}'/></svg></button><button type='button' class='w-tool w-lock' aria-pressed='false'
  hidden><svg viewBox='0 0 24 24' aria-hidden='true'><path d='{OPEN}'/></svg></button></div>
 <div class='w-told' hidden></div>
 <div class='w-body'>{body}</div>
 <p class='w-why' hidden></p>
</div>
"""


OPENING = r"""
// While a panel is drawn anew, Gradio may run this for a moment on what becomes another part of the page.
const block = element.closest('.block');
if (block && block.id !== 'bc-c-' + (props.conf || {}).id) return;
// A script that runs again on nodes it has seen leaves one listener each.
if (element.beecamLife) element.beecamLife.abort();
const life = element.beecamLife = new AbortController();
const plain = one => one === undefined ? null : JSON.parse(JSON.stringify(one));
const conf = plain(props.conf) || {}, label = String(conf.label || '');
const $ = name => element.querySelector(name), all = name => [...element.querySelectorAll(name)];
const on = (node, name, act) => node.addEventListener(name, act, {signal: life.signal});
const marks = (node, given) => {
  for (const [name, one] of Object.entries(given)) {
    if (one === null || one === false) node.removeAttribute(name);
    else node.setAttribute(name, one === true ? '' : one);
  }
  return node;
};
const make = (tag, given, text) => {
  const node = marks(document.createElement(tag), given || {});
  if (text !== undefined) node.textContent = text;
  return node;
};
const line = (tag, given) => marks(document.createElementNS('http://www.w3.org/2000/svg', tag), given);
const clamp = (a, low, high) => Math.min(Math.max(a, low), high);
const tidy = (a, digits = 4) => Number(a.toFixed(digits));
const share = (a, [low, high]) => high > low ? clamp((a - low) / (high - low), 0, 1) : 0;
const along = (u, [low, high]) => low + clamp(u, 0, 1) * (high - low);
// A step that fits the bounds, where none is given.
const stepped = (step, [low, high]) => step || 10 ** Math.floor(Math.log10(Math.max(high - low, 1e-6) / 50));
// As many figures as the step has, and one more than its size at most: 2 for .25, 1 for .5, 2 for .0833.
const places = step => {
  let digits = 0;
  while (digits < 4 && Math.abs(step * 10 ** digits - Math.round(step * 10 ** digits)) > 1e-6) digits++;
  return clamp(digits, 0, Math.max(0, Math.ceil(-Math.log10(step) - 1e-6) + 1));
};
const written = (a, step) => Number(a).toFixed(places(step)).replace(/^-(0(\.0*)?)$/, '$1');
const unit = conf.unit ? '\u202f' + conf.unit : '';
const percent = u => Math.round(100 * u) + '\u202f%';

/* ---- the value: drawn at once, sent on release and at most 15 times a second meanwhile */
let value = plain(props.value), held = false, sent = JSON.stringify(value), last = 0, timer = 0;
const push = () => {
  clearTimeout(timer); timer = 0;
  const text = JSON.stringify(value);
  if (text === sent || !element.isConnected) return;
  sent = text; last = performance.now();
  props.value = JSON.parse(text);
  trigger('input');
};
const send = now => {
  const wait = last + 67 - performance.now();
  if (now || wait <= 0) push(); else if (!timer) timer = setTimeout(push, wait);
};
// While a hand is on it the server hears so every second, and draws nothing anew under it.
let beat = 0;
const hold = yes => {
  held = yes; clearInterval(beat);
  if (yes) beat = setInterval(() => element.isConnected && held ? trigger('input') : clearInterval(beat), 1000);
};
const put = (next, now) => { value = next; draw(); send(now); };
// Two values are the same where their numbers are, up to what is drawn of them.
const alike = (a, b) => {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 1e-6 * Math.max(1, Math.abs(a));
  if (a && b && typeof a === 'object' && typeof b === 'object') {
    const names = Object.keys(a);
    return names.length === Object.keys(b).length && names.every(name => alike(a[name], b[name]));
  }
  return a === b;
};

/* ---- dragging: grab(point) gives what is dragged, or null; pull(it, point) moves it. Points: shares of `plot`.
   nudge: from the press to the middle of what it took, so that nothing jumps under the hand. still(it, point) is for a
   press that went nowhere. */
let nudge = [0, 0];
const drag = (node, plot, grab, pull, still) => {
  let it = null, from = null;
  const at = event => {
    const box = plot.getBoundingClientRect(), width = Math.max(box.width, 1), height = Math.max(box.height, 1);
    return {x: (event.clientX - box.left) / width + nudge[0], y: (event.clientY - box.top) / height + nudge[1],
            width, height, node: event.target};
  };
  on(node, 'pointerdown', event => {
    if (event.button || it !== null) return;
    nudge = [0, 0]; it = grab(at(event));
    if (it === null) return;
    event.preventDefault(); hold(true); from = [event.clientX, event.clientY]; node.setPointerCapture(event.pointerId);
    element.dataset.held = 'yes';
  });
  on(node, 'pointermove', event => {
    if (it === null || !node.hasPointerCapture(event.pointerId)) return;
    if (from && Math.hypot(event.clientX - from[0], event.clientY - from[1]) < 3) return;
    from = null; pull(it, at(event));
  });
  const drop = event => {
    if (it === null) return;
    const was = it, stayed = from !== null && event.type === 'pointerup';
    it = null; hold(false); delete element.dataset.held;
    if (still && stayed) still(was, at(event));
    draw(); push();
  };
  for (const name of ['pointerup', 'pointercancel', 'lostpointercapture']) on(node, name, drop);
};
// Two presses on one thing, by mouse or finger: nodes that move under a hand get no dblclick.
let pressed = {what: null, at: 0};
const twice = what => {
  const now = performance.now(), again = pressed.what === what && now - pressed.at < 380;
  pressed = {what: again ? null : what, at: now};
  return again;
};
const keyed = (node, act) => on(node, 'keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (act(event.key, event.shiftKey) === false) return;
  event.preventDefault(); event.stopPropagation();
});
const WAYS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1]};
const knob = (more, given) => make('div', {class: 'w-knob ' + (more || ''), role: 'slider', tabindex: '0', ...given});
const focus = node => { if (node) node.focus({preventScroll: true}); };
// As many nodes in `box` as are wanted; those that stay are kept, so that what is pressed or has the keyboard lives on.
const pool = (box, count, born) => {
  while (box.children.length > count) box.lastElementChild.remove();
  while (box.children.length < count) box.append(born(box.children.length));
  return [...box.children];
};
const say = text => {
  const node = $('.w-said'), whole = text.replace(/-(?=\d)/g, '\u2212');
  if (node && node.textContent !== whole) node.textContent = whole;
};
let show = () => {}, settle = () => {}, focused = () => null;
let draw = () => show();
"""

CLOSING = r"""
/* ---- the frame; its names are its own */
{
const lock = $('.w-lock'), back = $('.w-back'), spark = $('.w-spark'), told = $('.w-told'), measured = conf.measured;
$('.w-label').textContent = label + (conf.unit && conf.named ? ' (' + conf.unit + ')' : '');
$('.bc-w').setAttribute('aria-label', label);
$('.bc-w').dataset.kind = conf.kind;
if (conf.why) { $('.w-why').textContent = conf.why; $('.w-why').hidden = false; }
if (conf.tag) { $('.w-tag').textContent = conf.tag; $('.w-tag').hidden = false; }
if (conf.span) {
  const [from, to] = conf.span;
  $('.w-when').hidden = false;
  $('.w-when').title = 'Works from ' + percent(from) + ' to ' + percent(to) + ' of the film';
  $('.w-when b').style.left = 100 * from + '%'; $('.w-when b').style.width = Math.max(8, 100 * (to - from)) + '%';
}
marks(back, {'aria-label': 'Put back: ' + label, title: 'As it was'});
const restore = () => { value = plain(conf.start); settle(); put(value, true); };
on(back, 'click', () => { restore(); focus(focused() || $('.w-body [tabindex="0"],.w-body input,.w-body button')); });
on($('.w-label'), 'dblclick', restore);
lock.hidden = !conf.lockable;
const lock_drawn = () => {
  const shut = !!conf.locked;
  marks(lock, {'aria-pressed': String(shut), 'aria-label': 'Keep as it is: ' + label,
               title: shut ? 'Kept: Beecam leaves it as it is' : 'Let Beecam change it too; press to keep it'});
  $('.w-lock path').setAttribute('d', shut ? SHUT : OPEN);
};
on(lock, 'click', () => { conf.locked = !conf.locked; lock_drawn(); trigger('select', {lock: conf.locked}); });
lock_drawn();
let dot = null;
if (measured) {
  const rows = [...measured.told];
  told.replaceChildren(...rows.map(row => make('p', {}, row)));
  spark.hidden = false;
  marks(spark, {'aria-label': 'What ' + label + ' was measured to do', title: rows.join('\n')});
  const points = measured.points, xs = points.map(point => point[0]);
  const X = a => 2 + 40 * share(a, [xs[0], xs[xs.length - 1]]), Y = a => 15 - 12 * a;
  const picture = line('svg', {viewBox: '0 0 44 18', 'aria-hidden': 'true'});
  if (points.length > 1) {
    const d = points.map(([a, b], k) => (k ? 'L' : 'M') + tidy(X(a), 2) + ' ' + tidy(Y(b), 2)).join('');
    picture.append(line('path', {class: 'w-under', d: d + 'L42 17L2 17z'}), line('path', {class: 'w-over', d}));
    dot = line('circle', {r: 0, cx: 0, cy: 0});
    picture.append(dot);
    dot.place = a => {
      let k = points.findIndex(point => point[0] >= a); if (k < 0) k = points.length - 1;
      const [ax, ay] = points[Math.max(0, k - 1)], [bx, by] = points[k];
      const y = ay + (by - ay) * share(a, [ax, bx]);
      marks(dot, {r: 2.4, cx: X(a), cy: Y(k ? y : by)});
    };
  } else picture.append(line('path', {class: 'w-over', d: 'M14 15V11M20 15V4M26 15V8M32 15V12'}));
  spark.replaceChildren(picture);
  on(spark, 'click', () => { told.hidden = !told.hidden; spark.setAttribute('aria-expanded', String(!told.hidden)); });
}
draw = () => {
  show();
  const same = alike(value, conf.start);
  back.disabled = same; $('.bc-w').dataset.moved = same ? 'no' : 'yes';
  if (dot && typeof value === 'number') dot.place(value);
};
// A panel that is drawn anew gives the keyboard back to where it was.
const stops = () => all('button,input,select,textarea,a,[tabindex="0"]').filter(node => !node.disabled);
on(element, 'focusin', event => { window.beecamHand = {id: conf.id, at: stops().indexOf(event.target)}; });
on(element, 'focusout', () => setTimeout(() => {
  if (element.isConnected && (window.beecamHand || {}).id === conf.id && !element.contains(document.activeElement))
    window.beecamHand = null;
}));
const hand = window.beecamHand;
if (hand && hand.id === conf.id && document.activeElement === document.body)
  setTimeout(() => { if (document.activeElement === document.body) focus(stops()[hand.at]); });
watch('value', () => {
  if (held) { sent = ''; return; }
  clearTimeout(timer); timer = 0;
  value = plain(props.value); sent = JSON.stringify(value); settle(); draw();
});
draw();
}
""".replace("SHUT", "'M8 11V8a4 4 0 0 1 8 0v3M6 11h12v9H6z'").replace("OPEN", f"'{OPEN}'")

__all__ = ["CLOSING", "OPENING", "framed"]
