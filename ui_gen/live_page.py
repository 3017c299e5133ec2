"""The live page: a canvas, the sound, hands on keys, pointer, touch and gamepad, and a line for words.

Served from here, fetching nothing from elsewhere. The audio clock is the master: blocks are scheduled end to end, and a
picture that is ahead of its sound by more than a moment waits for it.
"""

from __future__ import annotations

import html
import json

STYLE = """
:root{color-scheme:dark;--room:#171512;--board:#1d1a17;--line:#37322b;--ink:#f0eadf;--soft:#b9b0a2;--honey:#f2b43c}
*{box-sizing:border-box}html,body{height:100%;margin:0}
body{background:radial-gradient(120% 90% at 50% 0,#231e18 0,var(--room) 60%);color:var(--ink);
 font:15px/1.45 system-ui,"Segoe UI",Roboto,sans-serif;display:flex;flex-direction:column;align-items:center;
 padding:14px 18px 18px;gap:10px;overscroll-behavior:none}
header,#stage,#below{width:min(100%,calc((100dvh - 190px)*var(--shape)),1500px)}
header{display:flex;align-items:baseline;gap:12px;min-height:26px}
.mark{font:600 20px/1 ui-rounded,system-ui,sans-serif;letter-spacing:-.02em;color:#f4efe6;text-decoration:none}
.mark span,.mark i{color:var(--honey);font-style:normal}
#title{color:var(--soft);overflow:hidden;text-overflow:ellipsis;white-space:nowrap;flex:1;font-size:14px}
#rate{color:var(--soft);font-variant-numeric:tabular-nums;font-size:13px;white-space:nowrap}
#stage{position:relative;aspect-ratio:var(--shape);background:#0c0b0a;border-radius:14px;overflow:hidden;
 box-shadow:0 0 0 1px var(--line),0 18px 60px #0009}
canvas{width:100%;height:100%;display:block;touch-action:none;outline:none;cursor:grab}
canvas:active{cursor:grabbing}canvas:focus-visible{box-shadow:inset 0 0 0 2px var(--honey)}
#veil{position:absolute;inset:0;display:grid;place-items:center;text-align:center;padding:24px;background:#0c0b0acc;
 color:var(--ink);font-size:17px;transition:opacity .5s}
#veil[hidden]{display:none}#veil button{margin-top:14px}
#below{display:grid;gap:8px}
#receipt{min-height:20px;font-size:13px;color:var(--soft);font-variant-numeric:tabular-nums;overflow:hidden;
 text-overflow:ellipsis;white-space:nowrap}
#receipt b{color:var(--honey);font-weight:600}
form{display:flex;gap:8px}input{flex:1;min-width:0;background:#262220;border:1px solid var(--line);color:var(--ink);
 border-radius:11px;padding:11px 14px;font:inherit}input::placeholder{color:#a79d8e}
input:focus{outline:2px solid var(--honey);outline-offset:-1px}
button{background:#332e28;color:var(--ink);border:1px solid var(--line);border-radius:11px;padding:10px 15px;
 font:inherit;cursor:pointer;white-space:nowrap}button:hover{background:#443d35}
button:focus-visible{outline:2px solid var(--honey)}
.main{background:var(--honey);border-color:var(--honey);color:#1d1608;font-weight:600}.main:hover{background:#ffc957}
#chips{display:flex;gap:6px;overflow-x:auto;scrollbar-width:none;padding-bottom:2px}
#chips button{font-size:13px;padding:6px 12px;border-radius:99px;background:#221f1b;color:#d8d0c2}
#keys{font-size:12.5px;color:#a79d8e}kbd{font:600 11px ui-monospace,monospace;background:#262220;color:#d8d0c2;
 border:1px solid var(--line);border-radius:5px;padding:1px 5px}
@media(max-width:640px){body{padding:8px}header,#stage,#below{width:100%}#keys{display:none}#rate{font-size:12px}
 #stage{border-radius:10px}}
"""

CHIPS = ("let it rain", "lightning now", "make it night", "golden hour", "calmer", "faster music", "watercolour",
         "photoreal", "as it was")

SCRIPT = r"""
'use strict';
(() => {
const conf = JSON.parse(document.getElementById('conf').textContent);
const $ = id => document.getElementById(id);
const canvas = $('view'), paint = canvas.getContext('2d', {alpha: false});
// What tests and a curious person may read.
const live = window.LIVE = {frames: 0, shown: -1, receipts: [], told: [], gaps: 0, delays: [], blocks: 0};
let ws = null, fps = 24, rate = 48000, number = 0, paused = false, ended = false;

const show = text => { $('veil').hidden = !text; $('words-of-veil').textContent = text || ''; };
const say = (strong, rest) => {
  const line = $('receipt'); line.textContent = '';
  const b = document.createElement('b'); b.textContent = strong; line.append(b, ' ' + (rest || ''));
};
if (conf.fault) { show(conf.fault); ended = true; }

/* ---- sound: blocks end to end on the audio clock */
let audio = null, gain = null, next = 0, lead = 0.09, clockFrame = null, clockTime = 0;
const wake = () => {
  if (!audio) {
    audio = new AudioContext({sampleRate: rate, latencyHint: 'interactive'});
    gain = audio.createGain(); gain.connect(audio.destination);
  }
  if (audio.state === 'suspended') audio.resume().catch(() => {});
};
const hear = (frame, pcm) => {
  live.blocks++;
  if (!audio || audio.state !== 'running') { clockFrame = null; return; }
  const n = pcm.length / 2, block = audio.createBuffer(2, n, rate);
  const left = block.getChannelData(0), right = block.getChannelData(1);
  for (let i = 0; i < n; i++) { left[i] = pcm[2 * i] / 32768; right[i] = pcm[2 * i + 1] / 32768; }
  const now = audio.currentTime;
  if (next < now + 0.005) {
    // Late, or the first: begin again a little later, and keep a little more in hand from now on.
    if (clockFrame !== null) { live.gaps++; lead = Math.min(0.3, lead * 1.3); }
    next = now + lead;
  }
  const source = audio.createBufferSource();
  source.buffer = block; source.connect(gain); source.start(next);
  clockFrame = frame; clockTime = next; next += n / rate;
};
// Seconds until a frame is due: by its sound, or, without sound, by the earliest that frames have come so far.
let anchor = Infinity;
const ahead = frame => {
  const now = performance.now() / 1000;
  anchor = Math.min(anchor + 0.0005, now - frame / fps);
  return (clockFrame === null || !audio) ? anchor + frame / fps - now
    : clockTime + (frame - clockFrame) / fps - audio.currentTime - Math.max(lead, 0.1);
};

/* ---- pictures */
const send = message => { if (ws && ws.readyState === 1) ws.send(JSON.stringify(message)); };
let drawnAt = [];
const see = async (frame, jpeg) => {
  let picture;
  try { picture = await createImageBitmap(new Blob([jpeg], {type: 'image/jpeg'})); }
  catch { send({ack: frame}); return; }
  const draw = () => {
    send({ack: frame});
    if (frame < live.shown) { picture.close(); return; }
    if (canvas.width !== picture.width) { canvas.width = picture.width; canvas.height = picture.height; }
    paint.drawImage(picture, 0, 0); picture.close();
    live.shown = frame; live.frames++;
    const now = performance.now();
    drawnAt.push(now); while (drawnAt.length && now - drawnAt[0] > 2000) drawnAt.shift();
    for (const wait of waiting.splice(0)) if (frame >= wait.frame) settle(wait, now); else waiting.push(wait);
    if (live.frames === 1) show('');
  };
  // A picture may lead its sound by up to the buffer in hand; more than that waits.
  const early = ahead(frame) - 0.03;
  if (early > 0.01 && early < 1) setTimeout(draw, early * 1000); else draw();
};
setInterval(() => {
  const quick = drawnAt.length > 1 ? (drawnAt.length - 1) * 1000 / (drawnAt[drawnAt.length - 1] - drawnAt[0]) : 0;
  $('rate').textContent = quick ? quick.toFixed(0) + ' frames/s' : '';
}, 500);

/* ---- receipts */
const waiting = [];
const settle = (wait, now) => {
  const delay = Math.round(now - wait.sent);
  live.delays.push(delay); wait.receipt.shown_ms = delay;
  say(wait.receipt.label || wait.receipt.kind,
      `applied at frame ${wait.receipt.applied_frame}, visible at ${wait.receipt.first_visible_frame}, ${delay} ms`);
};
const receive = receipt => {
  live.receipts.push(receipt); if (live.receipts.length > 500) live.receipts.shift();
  if (receipt.first_visible_frame !== null) {
    const wait = {frame: receipt.first_visible_frame, sent: receipt.sent_at_ms, receipt};
    if (live.shown >= wait.frame) settle(wait, performance.now()); else waiting.push(wait);
  } else if (receipt.why && receipt.kind !== 'fly') {
    say(receipt.label || receipt.kind, receipt.why);
  }
};

/* ---- the socket */
const open = () => {
  ws = new WebSocket(location.origin.replace(/^http/, 'ws') + '/live/socket?t=' + encodeURIComponent(conf.token));
  ws.binaryType = 'arraybuffer';
  ws.onmessage = event => {
    if (typeof event.data !== 'string') {
      const view = new DataView(event.data), kind = view.getUint8(0), frame = view.getUint32(1, true);
      if (kind === 80) see(frame, event.data.slice(5));
      else hear(frame, new Int16Array(event.data.slice(5)));
      return;
    }
    const message = JSON.parse(event.data);
    if (message.opening) show(message.opening);
    if (message.hello) { fps = message.hello.fps; rate = message.hello.rate_hz;
      $('title').textContent = message.hello.title + ' · ' + message.hello.engine; live.hello = message.hello; wake(); }
    if (message.receipt) receive(message.receipt);
    if (message.told) { live.told.push(message.told);
      if (message.told.done.length) say(message.told.done.join(', '), '…');
      if (message.told.missed.length) say('', message.told.missed.join(' ')); }
    if (message.error) { ended = true; show(message.error); }
  };
  ws.onclose = () => { if (!ended) { ended = true; show('The world has ended. Load the page again to go on.'); } };
};
const input = given => send({input: {id: ++number, sent_at_ms: performance.now(), seen_frame: live.shown, ...given}});

/* ---- hands: keys, pointer, touch, gamepad; one message every 33 ms at most, only when something changed */
const held = new Set();
const KEYS = {KeyW: [0, 0, 1, 0, 0], KeyS: [0, 0, -1, 0, 0], KeyA: [-1, 0, 0, 0, 0], KeyD: [1, 0, 0, 0, 0],
  KeyE: [0, 1, 0, 0, 0], KeyQ: [0, -1, 0, 0, 0], ArrowLeft: [0, 0, 0, -1, 0], ArrowRight: [0, 0, 0, 1, 0],
  ArrowUp: [0, 0, 0, 0, 1], ArrowDown: [0, 0, 0, 0, -1]};
let drag = [0, 0], before = '', glide = [0, 0, 0];
const fingers = new Map();
const clamp = v => Math.max(-1, Math.min(1, v));
const hands = () => {
  const v = [0, 0, 0, 0, 0];
  for (const key of held) KEYS[key].forEach((x, i) => v[i] += x);
  glide.forEach((x, i) => v[i] += x);
  for (const pad of (navigator.getGamepads ? navigator.getGamepads() : [])) {
    if (!pad) continue;
    const axis = i => Math.abs(pad.axes[i] || 0) > 0.14 ? pad.axes[i] : 0;
    const push = i => pad.buttons[i] ? pad.buttons[i].value : 0;
    v[0] += axis(0); v[2] -= axis(1); v[3] += axis(2); v[4] -= axis(3); v[1] += push(7) - push(6);
  }
  const at = v.map(x => Math.round(clamp(x) * 100) / 100), now = at.join();
  if (now !== before || drag[0] || drag[1]) {
    before = now;
    const turn = drag.map(x => Math.max(-1.9, Math.min(1.9, x))); drag = [0, 0];
    input({kind: 'fly', thrust: at.slice(0, 3), turn: at.slice(3), drag_rad: turn});
  }
};
setInterval(hands, 33);
const typing = event => event.target.tagName === 'INPUT';
addEventListener('keydown', event => {
  wake();
  if (typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
  if (KEYS[event.code]) { held.add(event.code); event.preventDefault(); if (!event.repeat) hands(); }
  else if (event.code === 'Space' && event.target.tagName !== 'BUTTON') { event.preventDefault(); hold(); }
  else if (event.code === 'Enter' && event.target.tagName !== 'BUTTON') { $('words').focus(); event.preventDefault(); }
});
addEventListener('keyup', event => { if (held.delete(event.code)) hands(); });
addEventListener('blur', () => { held.clear(); hands(); });
canvas.addEventListener('pointerdown', event => {
  wake(); canvas.focus(); canvas.setPointerCapture(event.pointerId);
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
});
canvas.addEventListener('pointermove', event => {
  const last = fingers.get(event.pointerId); if (!last) return;
  const wide = canvas.clientWidth, dx = event.clientX - last[0], dy = event.clientY - last[1];
  fingers.set(event.pointerId, [event.clientX, event.clientY]);
  // One finger turns; two fly: up is forward, sideways is sideways.
  if (fingers.size > 1) glide = [clamp(glide[0] + 6 * dx / wide), 0, clamp(glide[2] - 6 * dy / wide)];
  else { drag[0] -= 1.2 * dx / wide; drag[1] += 1.2 * dy / wide; }
});
for (const name of ['pointerup', 'pointercancel']) canvas.addEventListener(name, event => {
  fingers.delete(event.pointerId); if (fingers.size < 2) glide = [0, 0, 0];
});
canvas.addEventListener('wheel', event => {
  event.preventDefault(); glide = [0, 0, clamp(-event.deltaY / 120)];
  clearTimeout(canvas.still); canvas.still = setTimeout(() => { glide = [0, 0, 0]; }, 250);
}, {passive: false});
const hold = () => {
  paused = !paused; input({kind: 'pause', on: paused}); $('hold').textContent = paused ? 'Go on' : 'Hold';
  $('hold').setAttribute('aria-pressed', String(paused));
};
$('hold').onclick = () => { wake(); hold(); };
const speak = text => send({words: text, id: ++number, sent_at_ms: performance.now(), seen_frame: live.shown});
$('ask').onsubmit = event => {
  event.preventDefault(); wake();
  const text = $('words').value.trim(); if (!text) return;
  $('words').value = ''; speak(text); canvas.focus();
};
for (const chip of document.querySelectorAll('#chips button'))
  chip.onclick = () => { wake(); speak(chip.textContent); };
addEventListener('pointerdown', wake);
if (!ended) open();
})();
"""


def page_html(token: str, fault: str, size_px: tuple[int, int]) -> str:
    """The page for one token; with a fault it only says it. Nothing from outside stands in it unescaped."""
    # "<" is written as an escape, so that no text can close the script element it stands in.
    conf = json.dumps({"token": token, "fault": fault}).replace("<", "\\u003c")
    chips = "".join(f"<button type='button'>{html.escape(chip)}</button>" for chip in CHIPS)
    width, height = size_px
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Beecam live</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">
<style>:root{{--shape:{width}/{height}}}{STYLE}</style></head>
<body><header><a class="mark" href="/"><span>bee</span>cam <i>live</i></a><span id="title"></span>
<span id="rate"></span></header>
<main id="stage"><canvas id="view" width="{width}" height="{height}" tabindex="0"
 aria-label="The world, live. Arrow keys look, W A S D fly, Q and E sink and rise, space holds."></canvas>
<div id="veil" role="status"><div id="words-of-veil">Opening…</div></div></main>
<section id="below" aria-label="Steering"><div id="receipt" role="status" aria-live="polite"></div>
<form id="ask"><input id="words" maxlength="400" autocomplete="off" aria-label="Say what should change"
 placeholder="Say it: let it rain, lightning now, calmer, watercolour…"><button class="main">Say</button>
<button type="button" id="hold" aria-pressed="false">Hold</button></form>
<div id="chips">{chips}</div>
<div id="keys"><kbd>W</kbd> <kbd>A</kbd> <kbd>S</kbd> <kbd>D</kbd> fly · <kbd>Q</kbd> <kbd>E</kbd> sink, rise ·
 <kbd>←</kbd> <kbd>↑</kbd> <kbd>→</kbd> <kbd>↓</kbd> or drag to look · <kbd>space</kbd> hold · <kbd>enter</kbd> speak ·
 a gamepad works too. Let go, and it flies on by itself.</div></section>
<script type="application/json" id="conf">{conf}</script><script src="/live/play.js"></script></body></html>"""
