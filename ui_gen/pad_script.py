"""What the drawing pad's page does: pens, paths, regions, history, and what is sent to the studio."""

from __future__ import annotations

SCRIPT = r"""
'use strict';
(() => {
const conf = JSON.parse(document.getElementById('conf').textContent);
const $ = id => document.getElementById(id), all = what => [...document.querySelectorAll(what)];
const W = 1280, H = Math.max(2, Math.round(W * conf.size_px[1] / conf.size_px[0]));
const sheet = $('sheet'), paint = sheet.getContext('2d');
sheet.width = W; sheet.height = H;
const layer = document.createElement('canvas'); layer.width = W; layer.height = H;
const inked = layer.getContext('2d');
const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
const PAN_DEG = 60, TILT_DEG = 36, PLAN_M = 40, DRAG_S = 2;

/* ---- what has been drawn; every state is kept, none is altered */
const BLANK = {draw: [], camera: [], move: []};
let history = [BLANK], at = 0, mode = 'draw', pen = 'pencil', ink = '#2b2620', on = 'frame';
let now = null, region = null, poster = null, cursor = null, playing = 0, stylus = false;
const shelf = 'beecam-pad-' + (conf.take || '');
try {
  const kept = JSON.parse(sessionStorage.getItem(shelf));
  if (kept && kept.draw && kept.camera && kept.move) history = [kept];
} catch { /* nothing was kept, or it may not be read */ }
const state = () => history[at];
const commit = next => {
  history = [...history.slice(0, at + 1).slice(-200), next]; at = history.length - 1; changed();
};
const changed = () => {
  try { sessionStorage.setItem(shelf, JSON.stringify(state())); } catch { /* full: the page itself still has it */ }
  ink_again(); refresh();
};
const undo = () => { if (region) region = null; else if (at) at--; changed(); };
const redo = () => { if (at < history.length - 1) at++; changed(); };
const PAD = window.PAD = {state, get mode() { return mode; }, get region() { return region; }, replies: []};

/* ---- strokes */
const trace = (to, points) => {
  to.beginPath(); to.moveTo(points[0][1] * W, points[0][2] * H);
  for (let i = 1; i < points.length - 1; i++) {
    const [, x, y] = points[i], [, x2, y2] = points[i + 1];
    to.quadraticCurveTo(x * W, y * H, (x + x2) / 2 * W, (y + y2) / 2 * H);
  }
  const end = points[points.length - 1]; to.lineTo(end[1] * W, end[2] * H + (points.length === 1 ? 0.01 : 0));
};
const WEIGHT = {pencil: [0.7, 0.6], ink: [0.25, 1.5], marker: [3, 0], eraser: [4, 0]};
const draw_stroke = (to, stroke) => {
  const {pen, colour, width, points} = stroke, [flat, press] = WEIGHT[pen];
  to.save(); to.lineCap = to.lineJoin = 'round'; to.strokeStyle = colour;
  if (pen === 'eraser') to.globalCompositeOperation = 'destination-out';
  if (pen === 'marker') to.globalAlpha = 0.5;
  if (!press || points.length < 3) {
    to.lineWidth = width * (flat + press * 0.5); trace(to, points); to.stroke();
  } else for (let i = 1; i < points.length; i++) {
    const [, ax, ay, ap] = points[i - 1], [, bx, by, bp] = points[i], first = points[Math.max(0, i - 2)];
    to.lineWidth = Math.max(0.6, width * (flat + press * (ap + bp) / 2));
    to.beginPath(); to.moveTo((first[1] + ax) / 2 * W, (first[2] + ay) / 2 * H);
    to.quadraticCurveTo(ax * W, ay * H, (ax + bx) / 2 * W, (ay + by) / 2 * H);
    if (i === points.length - 1) to.lineTo(bx * W, by * H);
    to.stroke();
  }
  to.restore();
};
const ink_again = () => { inked.clearRect(0, 0, W, H); for (const s of state().draw) draw_stroke(inked, s); };

/* ---- the sheet; on a small screen lines are drawn wider */
const fat = () => Math.max(1, Math.min(2.4, 0.8 * W / (sheet.clientWidth || W)));
const backdrop = () => {
  if (mode === 'draw') { paint.fillStyle = '#fffdf7'; paint.fillRect(0, 0, W, H); return; }
  paint.fillStyle = '#14120f'; paint.fillRect(0, 0, W, H);
  if (mode === 'camera' && on === 'plan') {
    paint.strokeStyle = '#3a342b'; paint.lineWidth = 1;
    for (let x = 0; x <= W; x += W / 8) { paint.beginPath(); paint.moveTo(x, 0); paint.lineTo(x, H); paint.stroke(); }
    for (let y = H; y >= 0; y -= W / 8) { paint.beginPath(); paint.moveTo(0, y); paint.lineTo(W, y); paint.stroke(); }
    paint.fillStyle = '#b9b0a2'; paint.font = '20px system-ui'; paint.fillText('5 m a square · ahead ↑', 18, H - 18);
  } else if (poster) {
    paint.globalAlpha = mode === 'camera' ? 0.62 : 1; paint.drawImage(poster, 0, 0, W, H); paint.globalAlpha = 1;
  }
};
const outline = points => { trace(paint, points.map(p => [0, p[0], p[1]])); paint.closePath(); };
const middle = points => points.reduce((m, p) => [m[0] + p[0] / points.length, m[1] + p[1] / points.length], [0, 0]);
const arrow = (x, y, dx, dy, colour) => {
  const long = Math.hypot(dx, dy); if (long < 4) return;
  const ux = dx / long, uy = dy / long, tip = [x + dx, y + dy];
  for (const [wide, tone] of [[9, '#0009'], [5, colour]]) {
    paint.strokeStyle = tone; paint.lineWidth = wide * fat(); paint.lineCap = paint.lineJoin = 'round';
    paint.beginPath();
    paint.moveTo(x, y); paint.lineTo(...tip); paint.moveTo(tip[0] - 20 * ux - 13 * uy, tip[1] - 20 * uy + 13 * ux);
    paint.lineTo(...tip); paint.lineTo(tip[0] - 20 * ux + 13 * uy, tip[1] - 20 * uy - 13 * ux); paint.stroke();
  }
};
const flow = (move, ms) => {
  // The look of it: two copies on their way, the one that is further away weighing less.
  if (!poster || calm) return;
  const speed = Math.hypot(...move.direction), loop = Math.max(0.25, Math.min(2, 0.1 / speed));
  const u = (ms / 1000 / loop) % 1, share = u * u * (3 - 2 * u);
  paint.save(); outline(move.region); paint.clip();
  for (const [s, weight] of [[u, 1], [u - 1, share]]) {
    paint.globalAlpha = weight;
    paint.drawImage(poster, move.direction[0] * W * s * loop, move.direction[1] * W * s * loop, W, H);
  }
  paint.restore();
};
const rim = (points, open) => {
  for (const [wide, tone, dash] of [[5, '#000a', []], [2.5, '#f2b43c', [10, 7]]]) {
    paint.strokeStyle = tone; paint.lineWidth = wide * fat(); paint.setLineDash(dash);
    if (open) trace(paint, points.map(p => [0, p[0], p[1]])); else outline(points);
    paint.stroke();
  }
  paint.setLineDash([]);
};
const path = stroke => {
  const points = stroke.points; paint.lineCap = 'round';
  for (const [wide, tone] of [[11, '#0008'], [6, '#f2b43c']]) {
    paint.strokeStyle = tone; paint.lineWidth = wide * fat(); trace(paint, points); paint.stroke();
  }
  // A bead every quarter second: far apart is fast.
  paint.fillStyle = '#fff6df';
  for (let t = points[0][0]; t <= points[points.length - 1][0]; t += 0.25) {
    const [x, y] = place(points, t); paint.beginPath(); paint.arc(x * W, y * H, 6 * fat(), 0, 7); paint.fill();
  }
  const end = points[points.length - 1], late = place(points, end[0] - 0.15);
  const dx = (end[1] - late[0]) * W, dy = (end[2] - late[1]) * H, long = Math.hypot(dx, dy);
  if (long > 2) arrow(end[1] * W, end[2] * H, dx / long * 22, dy / long * 22, '#f2b43c');
};
const place = (points, t) => {
  let k = points.findIndex(p => p[0] >= t); if (k < 0) k = points.length - 1; if (k === 0) return points[0].slice(1, 3);
  const [a, b] = [points[k - 1], points[k]], u = Math.max(0, Math.min(1, (t - a[0]) / Math.max(1e-6, b[0] - a[0])));
  return [a[1] + (b[1] - a[1]) * u, a[2] + (b[2] - a[2]) * u];
};
const show = ms => {
  backdrop();
  if (mode === 'draw') {
    paint.drawImage(layer, 0, 0);
    if (now && pen === 'eraser') {
      const [, x, y] = now.points[now.points.length - 1];
      paint.strokeStyle = '#8a7f6d'; paint.lineWidth = 2; paint.beginPath();
      paint.arc(x * W, y * H, now.width * 2, 0, 7); paint.stroke();
    } else if (now) draw_stroke(paint, now);
  } else if (mode === 'camera') {
    const strokes = state().camera.filter(s => s.on === on); strokes.forEach(path); if (now) path(now);
    if (playing) {
      const t = (ms - playing) / 1000, live = strokes.filter(s => s.points[0][0] <= t).pop() || strokes[0];
      if (!live || t > ends(strokes) + 0.4) { playing = 0; refresh(); } else {
        const [x, y] = place(live.points, t); paint.strokeStyle = '#fff6df'; paint.lineWidth = 4;
        if (on === 'frame') paint.strokeRect((x - 0.25) * W, (y - 0.25) * H, W / 2, H / 2);
        paint.beginPath(); paint.arc(x * W, y * H, 14, 0, 7); paint.stroke();
      }
    }
  } else {
    state().move.forEach(m => flow(m, ms)); state().move.forEach(m => rim(m.region));
    for (const m of state().move) { const [x, y] = middle(m.region);
      arrow(x * W, y * H, m.direction[0] * W * DRAG_S, m.direction[1] * W * DRAG_S, '#f2b43c'); }
    if (region) { rim(region); outline(region); paint.fillStyle = '#f2b43c38'; paint.fill(); }
    if (now && region) { const a = now.points[0], b = now.points[now.points.length - 1];
      arrow(a[1] * W, a[2] * H, (b[1] - a[1]) * W, (b[2] - a[2]) * H, '#fff6df');
    } else if (now) rim(now.points.map(p => [p[1], p[2]]), true);
  }
  if (cursor) {
    const [x, y] = [cursor[0] * W, cursor[1] * H];
    for (const [wide, tone] of [[5, '#000a'], [2.5, '#f2b43c']]) {
      paint.strokeStyle = tone; paint.lineWidth = wide; paint.beginPath(); paint.moveTo(x - 18, y);
      paint.lineTo(x + 18, y); paint.moveTo(x, y - 18); paint.lineTo(x, y + 18); paint.stroke();
    }
  }
  if (playing || (mode === 'move' && state().move.length && !calm)) ask();
};
let asked = false;
const ask = () => { if (!asked) { asked = true; requestAnimationFrame(ms => { asked = false; show(ms); }); } };

/* ---- the hand: pointers and keys both come here; x, y in [0, 1], p pressure */
const clamp = v => Math.max(0, Math.min(1, v));
const ends = strokes => Math.max(0, ...strokes.map(s => s.points[s.points.length - 1][0]));
const begin = (x, y, p, ms) => {
  const from = mode === 'camera' ? (state().camera.length ? ends(state().camera) + 0.25 : 0) : 0;
  now = {pen, colour: ink, width: +$('width').value, on, began: ms, from, points: [[from, clamp(x), clamp(y), p]]};
  playing = 0; refresh();
};
const extend = (x, y, p, ms) => {
  if (!now) return;
  const t = now.from + (ms - now.began) / 1000, last = now.points[now.points.length - 1];
  const gone = Math.hypot(x - last[1], (y - last[2]) * H / W), took = t - last[0];
  // Standing still matters for the camera alone, and ten times a second tells it.
  if (gone < 0.0012 && !(mode === 'camera' && took > 0.1)) return;
  if (p === null) p = 0.65 * last[3] + 0.35 * clamp(0.8 - 0.22 * gone / Math.max(took, 0.004));
  now.points.push([Math.max(t, last[0] + 0.0005), clamp(x), clamp(y), p].map(v => Math.round(v * 1e4) / 1e4));
  if (mode === 'draw' && pen === 'eraser') draw_stroke(inked, {...now, points: now.points.slice(-2)});
  ask();
};
const finish = () => {
  const done = now; now = null; if (!done) return;
  const points = done.points, first = points[0], last = points[points.length - 1];
  const kept = state();
  if (mode === 'draw') {
    const {pen, colour, width} = done; commit({...kept, draw: [...kept.draw, {pen, colour, width, points}]});
  } else if (mode === 'camera') {
    const stroke = {on: done.on, points, dolly: done.dolly || []};
    if (points.length > 2) commit({...kept, camera: [...kept.camera, stroke]}); else refresh();
  } else if (!region) {
    const corners = points.map(p => [p[1], p[2]]), step = Math.ceil(corners.length / 160);
    let area = 0;
    corners.forEach(([x, y], i) => { const [u, v] = corners[(i + 1) % corners.length]; area += x * v - u * y; });
    if (corners.length > 3 && Math.abs(area) / 2 > 0.0015) region = corners.filter((_, i) => i % step === 0);
    refresh();
  } else {
    const dx = (last[1] - first[1]) / DRAG_S, dy = (last[2] - first[2]) * H / W / DRAG_S;
    if (Math.hypot(dx, dy) > 0.008) {
      const move = {region, direction: [dx, dy].map(v => Math.round(v * 1e5) / 1e5), softness: $('soft').value / 100};
      region = null; commit({...kept, move: [...kept.move, move].slice(-8)});
    } else refresh();
  }
};
const spot = event => {
  const box = sheet.getBoundingClientRect();
  return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
};
const force = event => event.pointerType === 'pen' ? Math.max(0.05, event.pressure) : null;
sheet.addEventListener('pointerdown', event => {
  if (event.button || !event.isPrimary || PAD.waving || (stylus && event.pointerType === 'touch')) return;
  if (event.pointerType === 'pen') stylus = true;
  event.preventDefault(); sheet.focus({preventScroll: true}); sheet.setPointerCapture(event.pointerId); cursor = null;
  begin(...spot(event), force(event) ?? 0.5, event.timeStamp); now.pointer = event.pointerId;
});
sheet.addEventListener('pointermove', event => {
  if (!now || now.pointer !== event.pointerId) return;
  const parts = event.getCoalescedEvents ? event.getCoalescedEvents() : [];
  for (const part of parts.length ? parts : [event]) extend(...spot(part), force(part), part.timeStamp);
});
for (const name of ['pointerup', 'pointercancel']) sheet.addEventListener(name, event => {
  if (now && now.pointer === event.pointerId) finish();
});
// While the pen is down the wheel brings things nearer: a dolly, in logs of magnification.
sheet.addEventListener('wheel', event => {
  if (!now || mode !== 'camera') return;
  event.preventDefault();
  const rows = now.dolly = now.dolly || [[now.from, 0]], t = now.from + (event.timeStamp - now.began) / 1000;
  const near = rows[rows.length - 1][1] - Math.max(-0.2, Math.min(0.2, event.deltaY / 800));
  rows.push([t, Math.max(-2, Math.min(2, near))].map(v => Math.round(v * 1e4) / 1e4));
}, {passive: false});
sheet.addEventListener('keydown', event => {
  const step = event.shiftKey ? 0.05 : 0.01;
  const way = {ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step]}[event.key];
  if (way) {
    event.preventDefault(); cursor = cursor || [0.5, 0.5];
    cursor = [clamp(cursor[0] + way[0]), clamp(cursor[1] + way[1] * W / H)];
    extend(...cursor, 0.5, event.timeStamp); ask();
  } else if (event.key === ' ' || event.key === 'Enter') {
    event.preventDefault(); cursor = cursor || [0.5, 0.5];
    if (now) finish(); else begin(...cursor, 0.5, event.timeStamp);
    tell(now ? 'Pen down.' : 'Pen up.');
  }
});
addEventListener('keydown', event => {
  const key = event.key.toLowerCase(), command = event.ctrlKey || event.metaKey;
  if (command && key === 'z') { event.preventDefault(); if (event.shiftKey) redo(); else undo(); }
  else if (command && key === 'y') { event.preventDefault(); redo(); }
  else if (command || event.altKey || event.target.tagName === 'INPUT') return;
  else if (key === 'b') choose_pen('pencil'); else if (key === 'e') choose_pen('eraser');
  else if (key === '[' || key === ']') { $('width').value = +$('width').value + (key === ']' ? 2 : -2); }
  else if (key === 'escape') { now = null; region = null; playing = 0; ink_again(); refresh(); }
});

/* ---- words, buttons */
const tell = (text, strong, link) => {
  const line = $('told'); line.textContent = '';
  if (strong) { const b = document.createElement('b'); b.textContent = strong; line.append(b, ' '); }
  line.append(text);
  if (link) { const a = document.createElement('a'); a.href = '/'; a.textContent = link; line.append(' ', a); }
};
const round = (v, n = 0) => Math.abs(v).toFixed(n);
const describe = () => {
  if (mode === 'camera') {
    const strokes = state().camera.filter(s => s.on === on); if (!strokes.length) return '';
    const long = ends(state().camera).toFixed(1) + ' s';
    if (on === 'plan') {
      const way = strokes.reduce((sum, s) => sum + s.points.slice(1).reduce((d, p, i) =>
        d + Math.hypot(p[1] - s.points[i][1], (p[2] - s.points[i][2]) * H / W), 0), 0) * PLAN_M;
      return `${long} · goes ${round(way)} m`;
    }
    const gone = k => strokes.reduce((sum, s) => sum + s.points[s.points.length - 1][k] - s.points[0][k], 0);
    const pan = gone(1) * PAN_DEG, tilt = -gone(2) * TILT_DEG;
    const near = Math.exp(strokes.reduce((sum, s) => sum + (s.dolly && s.dolly.length
      ? s.dolly[s.dolly.length - 1][1] : 0), 0));
    return `${long} · turns ${round(pan)}° ${pan < 0 ? 'left' : 'right'}, ${round(tilt)}° ${tilt < 0 ? 'down' : 'up'}`
      + (near === 1 ? '' : `, ${near.toFixed(2)} times as near`);
  }
  if (mode !== 'move') return '';
  return region ? 'Now drag the way it should go. Escape lets the region go.'
    : !conf.take ? 'Make a film first: its picture lies here then.' : '';
};
const HINTS = {draw: ['Draw what you see.', 'Left stays left: a hill line becomes the skyline, a sun the light.'],
  camera: ['Draw the way of the camera.', 'Slowly here is slowly there.'],
  move: ['Circle what should move.', 'Water, clouds, smoke, leaves, hair.']};
const refresh = () => {
  const own = state()[mode].length;
  $('undo').disabled = !at && !region; $('redo').disabled = at >= history.length - 1;
  $('clear').disabled = $('save').disabled = $('use').disabled = !own;
  $('make').hidden = mode !== 'move' || !conf.take; $('make').disabled = !own;
  $('play').disabled = !state().camera.some(s => s.on === on);
  $('play').textContent = playing ? 'Playing…' : 'Play the path';
  const hint = $('empty'); hint.textContent = '';
  if (!own && !now && !region) {
    const small = document.createElement('small'); small.textContent = HINTS[mode][1];
    hint.append(HINTS[mode][0], small); hint.className = mode === 'draw' ? '' : 'dark';
  }
  const list = $('moves'); list.textContent = '';
  state().move.forEach((move, k) => {
    const [dx, dy] = move.direction, item = document.createElement('li'), name = document.createElement('span');
    const side = Math.abs(dx) > Math.abs(dy) ? (dx > 0 ? 'right' : 'left') : (dy > 0 ? 'down' : 'up');
    name.textContent = `${k + 1} · ${side}, ${(100 * Math.hypot(dx, dy)).toFixed(1)} % of the width a second`;
    const out = document.createElement('button'); out.textContent = '×';
    out.setAttribute('aria-label', `Remove region ${k + 1}`);
    out.onclick = () => commit({...state(), move: state().move.filter((_, i) => i !== k)});
    item.append(name, out); list.append(item);
  });
  tell(describe()); ask();
};
const choose_pen = name => { pen = name;
  all('[data-pen]').forEach(b => b.setAttribute('aria-pressed', String(b.dataset.pen === name))); };
const choose_ink = colour => { ink = colour; if (pen === 'eraser') choose_pen('pencil');
  all('[data-ink]').forEach(b => b.setAttribute('aria-pressed', String(b.dataset.ink === colour))); };
const choose_mode = name => {
  if (now) finish();
  mode = name; region = null; playing = 0; $('stage').setAttribute('aria-labelledby', 'tab-' + name);
  for (const tab of all('[role=tab]')) { const own = tab.dataset.mode === name;
    tab.setAttribute('aria-selected', String(own)); tab.tabIndex = own ? 0 : -1; }
  all('[data-for]').forEach(part => { part.hidden = part.dataset.for !== name; }); refresh();
};
all('[data-pen]').forEach(b => { b.onclick = () => choose_pen(b.dataset.pen); });
all('[data-ink]').forEach(b => { b.onclick = () => choose_ink(b.dataset.ink); });
all('[role=tab]').forEach((tab, k, tabs) => {
  tab.onclick = () => choose_mode(tab.dataset.mode);
  tab.onkeydown = event => {
    const step = {ArrowRight: 1, ArrowLeft: -1}[event.key]; if (!step) return;
    const next = tabs[(k + step + tabs.length) % tabs.length]; next.focus(); choose_mode(next.dataset.mode);
  };
});
all('[data-on]').forEach(b => { b.onclick = () => { on = b.dataset.on; playing = 0;
  all('[data-on]').forEach(c => c.setAttribute('aria-pressed', String(c === b))); refresh(); }; });
$('undo').onclick = undo; $('redo').onclick = redo;
$('clear').onclick = () => { region = null; commit({...state(), [mode]: []}); };
$('play').onclick = () => { playing = performance.now(); refresh(); };

/* ---- what leaves the page */
const picture = () => new Promise(give => {
  const out = document.createElement('canvas'); out.width = W; out.height = H;
  const flat = out.getContext('2d'); flat.fillStyle = '#fff'; flat.fillRect(0, 0, W, H); flat.drawImage(layer, 0, 0);
  out.toBlob(give, 'image/png');
});
const gesture = () => {
  const own = {format: 'beecam-gesture/1', size_px: [W, H], plan_m: PLAN_M};
  if (mode === 'move') own.brushes = state().move;
  else {
    own.strokes = state().camera.map(s => ({on: s.on, points: s.points}));
    let near = 0; own.dolly = [];
    for (const s of state().camera) if (s.dolly && s.dolly.length) {
      own.dolly.push(...s.dolly.map(([t, v]) => [t, near + v])); near += s.dolly[s.dolly.length - 1][1];
    }
  }
  return new Blob([JSON.stringify(own)], {type: 'application/json'});
};
const sheet_blob = () => mode === 'draw' ? picture() : Promise.resolve(gesture());
const post = async (to, blob) => {
  for (const name of ['use', 'make']) $(name).disabled = true;
  let said;
  try {
    const reply = await fetch(to, {method: 'POST', body: blob,
      headers: {'content-type': blob.type, 'x-beecam-token': conf.token}});
    said = await reply.json();
  } catch { said = {error: 'The studio does not answer; your drawing is still here.'}; }
  refresh(); PAD.replies.push(said);
  if (said.error) tell(said.error, 'Not kept.'); else tell(said.said, 'Done.', 'Back to the studio');
};
$('use').onclick = async () => post('/pad/keep', await sheet_blob());
$('make').onclick = () => post('/pad/move?take=' + encodeURIComponent(conf.take), gesture());
$('save').onclick = async () => {
  const blob = await sheet_blob(), a = document.createElement('a');
  a.href = URL.createObjectURL(blob); a.download = mode === 'draw' ? 'drawing.png' : 'gesture.json'; a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 5000);
};

if (conf.take) {
  const image = new Image();
  image.onload = () => { poster = image; ask(); };
  image.src = '/pad/poster/' + encodeURIComponent(conf.take);
}
Object.assign(PAD, {begin, extend, finish, tell, drawing: () => Boolean(now)});
choose_pen('pencil'); choose_ink(ink); ink_again();
choose_mode(['draw', 'camera', 'move'].find(m => location.hash === '#' + m) || 'draw');
})();
"""
