"""Leading the camera with a hand before the webcam: what moves is followed in the page itself; no picture leaves it.

Frames are made small and grey and compared with one a moment before. The upper part of what moved is where the hand is
(an arm hangs below it); when nothing moves the hand stands. No model and no package is needed for that, and whatever
moves will do: a hand, a lamp, a puppet.
"""

from __future__ import annotations

SCRIPT = r"""
'use strict';
(() => {
const button = document.getElementById('wave'), video = document.getElementById('mirror'), pad = window.PAD;
const WIDE = 96, HIGH = 54, LONGEST_S = 60, UPPER = 0.4, FOLLOW = 0.3, APART = 4;
const small = document.createElement('canvas'); small.width = WIDE; small.height = HIGH;
const look = small.getContext('2d', {willReadFrequently: true});
let stream = null, before = [], at = null, began = 0;

const grey = () => {
  // Mirrored: what goes to the right of the person goes to the right of the sheet.
  look.setTransform(-1, 0, 0, 1, WIDE, 0); look.drawImage(video, 0, 0, WIDE, HIGH);
  const rgba = look.getImageData(0, 0, WIDE, HIGH).data, out = new Float32Array(WIDE * HIGH);
  for (let i = 0; i < out.length; i++) out[i] = 0.3 * rgba[4 * i] + 0.59 * rgba[4 * i + 1] + 0.11 * rgba[4 * i + 2];
  return out;
};
// Where what moved between two small frames stands, in shares of the picture; null when nothing or everything did.
const moved = (a, b) => {
  const rows = new Float64Array(HIGH), across = new Float64Array(HIGH);
  let noise = 0, count = 0;
  for (let i = 0; i < a.length; i++) noise += Math.abs(a[i] - b[i]);
  const least = 14 + 3 * Math.min(8, noise / a.length);
  for (let i = 0; i < a.length; i++) {
    const change = Math.abs(a[i] - b[i]); if (change < least) continue;
    const y = Math.floor(i / WIDE); rows[y] += change; across[y] += change * (i % WIDE + 0.5); count++;
  }
  if (count < 6 || count > 0.6 * a.length) return null;
  const total = rows.reduce((sum, v) => sum + v, 0);
  let got = 0, x = 0, y = 0;
  for (let r = 0; r < HIGH && got < UPPER * total; r++) {
    if (!rows[r]) continue;
    const part = Math.min(1, (UPPER * total - got) / rows[r]);
    got += part * rows[r]; x += part * across[r]; y += part * rows[r] * (r + 0.5);
  }
  return [x / got / WIDE, y / got / HIGH];
};
const stop = why => {
  if (stream) stream.getTracks().forEach(track => track.stop());
  stream = at = null; before = []; video.hidden = true; video.srcObject = null; pad.waving = false;
  button.textContent = 'Lead by webcam'; button.setAttribute('aria-pressed', 'false');
  if (pad.drawing()) pad.finish();
  if (why) pad.tell(why);
};
const follow = () => {
  if (!stream) return;
  if (pad.mode !== 'camera') { stop(); return; }
  const ms = performance.now();
  if (video.readyState >= 2) {
    // Frames an eighth of a second apart: a slow hand has then left where it was.
    const now = grey(), seen = before.length === APART && moved(before[0], now);
    before = [...before, now].slice(-APART);
    if (seen) {
      at = at ? at.map((v, k) => v + FOLLOW * (seen[k] - v)) : seen;
      if (pad.drawing()) pad.extend(...at, 0.5, ms);
      else { began = ms; pad.begin(...at, 0.5, ms); pad.tell('Following. Stop when the path is done.'); }
    }
    if (pad.drawing() && ms - began > 1000 * LONGEST_S) { stop('A path is up to a minute long.'); return; }
  }
  setTimeout(follow, 33);
};
button.onclick = async () => {
  if (stream) { stop(); return; }
  button.textContent = 'Stop'; button.setAttribute('aria-pressed', 'true');
  try {
    stream = await navigator.mediaDevices.getUserMedia({video: {width: 320, height: 180}, audio: false});
    video.srcObject = stream; video.hidden = false; await video.play();
    pad.waving = true; pad.tell('Move a hand: the camera goes the way it goes.'); follow();
  } catch (fault) {
    stop(fault.name === 'NotAllowedError' ? 'The webcam was not allowed.' : 'No webcam can be used here.');
  }
};
addEventListener('pagehide', () => stop());
})();
"""
