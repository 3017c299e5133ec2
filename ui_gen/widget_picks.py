"""Widgets that pick: a switch, a choice, takes, roles, a colour, words, and the way to the page where regions are
painted."""

from __future__ import annotations

SWITCH = ("<button type='button' class='w-switch' role='switch' aria-checked='false'><i></i></button>"
          "<output class='w-said'></output>")
SWITCH_SCRIPT = r"""
const node = $('.w-switch'), ends = conf.choices || ['off', 'on'];
node.setAttribute('aria-label', label);
show = () => {
  node.setAttribute('aria-checked', String(value === true));
  say(String(ends[value === true ? 1 : 0] || '').replaceAll('_', ' '));
};
on(node, 'click', () => put(value !== true, true));
keyed(node, key => WAYS[key] ? put((WAYS[key][0] || WAYS[key][1]) > 0, true) : false);
"""

CHOICE = "<div class='w-chips' role='radiogroup' hidden></div><select class='w-select' hidden></select>"
# Few choices lie open; many are a list.
CHOICE_SCRIPT = r"""
const choices = conf.choices || [], chips = $('.w-chips'), select = $('.w-select'), open = choices.length <= 4;
const near = name => String(name).replaceAll('_', ' ');
chips.hidden = !open; select.hidden = open;
marks(open ? chips : select, {'aria-label': label});
if (open) {
  chips.replaceChildren(...choices.map(name => {
    const node = make('button', {type: 'button', role: 'radio', class: 'w-chip'}, near(name));
    on(node, 'click', () => put(name, true));
    keyed(node, key => {
      const way = WAYS[key];
      if (!way) return false;
      const by = way[0] || -way[1], k = (choices.indexOf(value) + by + choices.length) % choices.length;
      put(choices[k], true); focus(chips.children[k]);
    });
    return node;
  }));
} else select.replaceChildren(...choices.map(name => make('option', {value: name}, near(name))));
show = () => {
  if (!open) { select.value = value; return; }
  const there = choices.includes(value);
  [...chips.children].forEach((node, k) => {
    const mine = choices[k] === value;
    marks(node, {'aria-checked': String(mine)});
    node.tabIndex = mine || (!there && k === 0) ? 0 : -1;
  });
};
on(select, 'change', () => put(select.value, true));
on(select, 'keydown', event => event.stopPropagation());
"""

TAKES = "<div class='w-cards' role='radiogroup'></div>"
TAKES_SCRIPT = r"""
const choices = conf.choices || [], cards = $('.w-cards');
cards.setAttribute('aria-label', label);
cards.replaceChildren(...choices.map(take => {
  const node = make('button', {type: 'button', role: 'radio', class: 'w-card'}), address = (conf.thumbs || {})[take];
  if (address) {
    const picture = make('img', {alt: '', loading: 'lazy', draggable: 'false'});
    on(picture, 'error', () => picture.remove());
    picture.src = address; node.append(picture);
  }
  node.append(make('span', {}, take));
  on(node, 'click', () => put(take, true));
  keyed(node, key => {
    const way = WAYS[key];
    if (!way) return false;
    const by = way[0] || -way[1], k = (choices.indexOf(value) + by + choices.length) % choices.length;
    put(choices[k], true); cards.children[k].focus();
  });
  return node;
}));
show = () => {
  const there = choices.includes(value);
  [...cards.children].forEach((node, k) => {
    const mine = choices[k] === value;
    marks(node, {'aria-checked': String(mine)});
    node.tabIndex = mine || (!there && k === 0) ? 0 : -1;
  });
};
"""

ROLES = "<div class='w-chips'></div>"
ROLES_SCRIPT = r"""
const choices = conf.choices || [], chips = $('.w-chips');
chips.replaceChildren(...choices.map(role => {
  const node = make('button', {type: 'button', class: 'w-chip'}, String(role).replaceAll('_', ' '));
  on(node, 'click', () => put(choices.filter(one => (one === role) !== value.includes(one)), true));
  return node;
}));
show = () => {
  [...chips.children].forEach((node, k) => marks(node, {'aria-pressed': String(value.includes(choices[k]))}));
};
"""

TEXT = "<textarea class='w-text' rows='1' maxlength='400'></textarea>"
TEXT_SCRIPT = r"""
const box = $('.w-text');
let typing = 0;
box.setAttribute('aria-label', label);
settle = () => { clearTimeout(typing); typing = 0; if (box.value !== value) box.value = value; };
const grown = () => { box.style.height = 'auto'; box.style.height = Math.min(box.scrollHeight + 2, 220) + 'px'; };
// Nothing is sent while it is empty: a control of words needs a word.
const over = now => {
  clearTimeout(typing); typing = 0;
  if (box.value.trim()) put(box.value.trim(), true); else if (now) { box.value = value; draw(); }
};
show = () => { if (!typing && document.activeElement !== box && box.value !== value) box.value = value; grown(); };
on(box, 'input', () => { grown(); clearTimeout(typing); typing = setTimeout(() => over(false), 600); });
on(box, 'change', () => over(true));
on(box, 'keydown', event => event.stopPropagation());
box.value = value;
"""

COLOUR = ("<div class='w-row w-colour'><input type='color' class='w-swatch'><div class='w-three'>"
          "<input type='range' min='0' max='1' step='.005' data-part='0'>"
          "<input type='range' min='0' max='.32' step='.002' data-part='1'>"
          "<input type='range' min='0' max='360' step='1' data-part='2'></div>"
          "<input type='text' class='w-hex' maxlength='7' spellcheck='false' autocomplete='off'></div>")
# OKLCH (Ottosson 2020): what is outside sRGB keeps its lightness and hue, and loses strength until it fits.
COLOUR_SCRIPT = r"""
const parts = all('.w-three input'), swatch = $('.w-swatch'), hex = $('.w-hex');
const NAMES = ['lightness', 'strength', 'hue'];
const linear = a => a <= .04045 ? a / 12.92 : ((a + .055) / 1.055) ** 2.4;
const coded = a => a <= .0031308 ? 12.92 * a : 1.055 * a ** (1 / 2.4) - .055;
const lch_of = text => {
  const [r, g, b] = [1, 3, 5].map(k => linear(parseInt(text.slice(k, k + 2), 16) / 255));
  const l = Math.cbrt(.4122214708 * r + .5363325363 * g + .0514459929 * b);
  const m = Math.cbrt(.2119034982 * r + .6806995451 * g + .1073969566 * b);
  const s = Math.cbrt(.0883024619 * r + .2817188376 * g + .6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + .4505937099 * s;
  const c = .0259040371 * l + .7827717662 * m - .808675766 * s;
  return [.2104542553 * l + .793617785 * m - .0040720468 * s, Math.hypot(a, c),
          (Math.atan2(c, a) * 180 / Math.PI + 360) % 360];
};
const rgb_of = ([light, chroma, hue]) => {
  const a = chroma * Math.cos(hue * Math.PI / 180), b = chroma * Math.sin(hue * Math.PI / 180);
  const l = (light + .3963377774 * a + .2158037573 * b) ** 3, m = (light - .1055613458 * a - .0638541728 * b) ** 3;
  const s = (light - .0894841775 * a - 1.291485548 * b) ** 3;
  return [4.0767416621 * l - 3.3077115913 * m + .2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - .3413193965 * s,
          -.0041960863 * l - .7034186147 * m + 1.707614701 * s];
};
const fits = lch => rgb_of(lch).every(a => a > -5e-4 && a < 1.0005);
const hex_of = lch => {
  let low = fits(lch) ? lch[1] : 0, high = lch[1];
  for (let k = 0; k < 16 && high > low; k++) {
    const middle = (low + high) / 2;
    if (fits([lch[0], middle, lch[2]])) low = middle; else high = middle;
  }
  return '#' + rgb_of([lch[0], low, lch[2]])
    .map(a => Math.round(255 * coded(clamp(a, 0, 1))).toString(16).padStart(2, '0')).join('');
};
const good = text => /^#[0-9a-f]{6}$/i.test(text);
let lch = [.6, .1, 80], typing = false;
// A grey has no hue and black no strength: what was set before stays on the sliders.
settle = () => {
  typing = false;
  const text = good(value) ? value : '#808080';
  if (hex_of(lch) === text.toLowerCase()) return;
  const found = lch_of(text);
  lch = [found[0], found[1], found[1] < .004 ? lch[2] : found[2]];
};
const css = one => 'oklch(' + one.map((a, k) => tidy(a, 4)).join(' ') + ')';
show = () => {
  swatch.value = good(value) ? value.toLowerCase() : '#808080';
  if (!typing) hex.value = String(value);
  const spread = [[0, .25, .5, .75, 1].map(a => [a, Math.min(lch[1], .12), lch[2]]),
                  [0, .08, .16, .24, .32].map(a => [lch[0], a, lch[2]]),
                  [0, 1, 2, 3, 4, 5, 6, 7, 8].map(a => [clamp(lch[0], .45, .85), Math.max(lch[1], .1), 45 * a])];
  parts.forEach((node, k) => {
    if (document.activeElement !== node) node.value = lch[k];
    node.style.setProperty('--spread', 'linear-gradient(90deg,' + spread[k].map(one => hex_of(one)).join(',') + ')');
    marks(node, {'aria-valuetext': k === 2 ? Math.round(lch[2]) + '\u00b0' : percent(k ? lch[1] / .32 : lch[0])});
  });
};
parts.forEach((node, k) => {
  marks(node, {'aria-label': label + ', ' + NAMES[k], title: NAMES[k]});
  on(node, 'pointerdown', () => hold(true));
  for (const name of ['pointerup', 'pointercancel']) on(node, name, () => { hold(false); push(); });
  on(node, 'input', () => { lch = lch.map((a, j) => j === k ? Number(node.value) : a); put(hex_of(lch), false); });
  on(node, 'change', () => { hold(false); send(false); });
  on(node, 'keydown', event => event.stopPropagation());
});
marks(swatch, {'aria-label': label + ', picked'}); marks(hex, {'aria-label': label + ', as a code such as #d08030'});
on(swatch, 'input', () => { value = swatch.value; settle(); put(swatch.value, false); });
on(swatch, 'change', () => send(true));
on(hex, 'input', () => { typing = true; });
on(hex, 'keydown', event => { event.stopPropagation(); if (event.key === 'Enter') hex.blur(); });
on(hex, 'blur', () => { typing = false; draw(); });
on(hex, 'change', () => {
  const said = hex.value.trim().toLowerCase(), whole = said.startsWith('#') ? said : '#' + said;
  typing = false;
  if (!good(whole)) { draw(); return; }
  value = whole; settle(); put(whole, true);
});
settle();
"""

BRUSH = ("<div class='w-row w-paint'><a class='w-do w-link' target='_blank' rel='noopener'></a><output class='w-said'>"
         "</output><button type='button' class='w-do' data-do='clear'>Clear</button></div>")
BRUSH_SCRIPT = r"""
const way = $('.w-link');
way.textContent = 'Paint\u2026'; way.href = conf.pad || '/pad#move';
marks(way, {'aria-label': 'Paint ' + label + ' on the pad, in a new tab'});
show = () => {
  const count = Array.isArray(value) ? value.length : 0;
  say(count ? count + (count > 1 ? ' regions move' : ' region moves') : 'nothing painted yet');
  $('[data-do=clear]').disabled = !count;
};
marks($('[data-do=clear]'), {'aria-label': 'Clear ' + label});
on($('[data-do=clear]'), 'click', () => { put([], true); focus(way); });
"""

__all__ = ["BRUSH", "BRUSH_SCRIPT", "CHOICE", "CHOICE_SCRIPT", "COLOUR", "COLOUR_SCRIPT", "ROLES", "ROLES_SCRIPT",
           "SWITCH", "SWITCH_SCRIPT", "TAKES", "TAKES_SCRIPT", "TEXT", "TEXT_SCRIPT"]
