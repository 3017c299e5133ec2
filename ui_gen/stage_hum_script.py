"""A rhythm that is hummed, sung or clapped: the microphone is listened to in the page itself, and every stroke in it
counts as a tap. No sound leaves the page. A part of the stage's script."""

from __future__ import annotations

HUM = "<button type='button' class='bc-quiet' data-hum aria-pressed='false'>Hum or clap</button>"

SCRIPT = r"""
const hum = $('[data-hum]'), BLOCK = 1024, EACH_EAR_MS = 12;
const LULL_MS = 170, REST_MS = 170, RISING_MS = 90, RISE = 2.2, FLOOR = .01;
// From a sound at the microphone to its number here, about.
const LATE_S = .05;
let mic = null;
const deaf = () => {
  if (!mic) return;
  clearInterval(mic.timer); mic.stream.getTracks().forEach(track => track.stop()); mic.audio.close();
  mic = null; hum.setAttribute('aria-pressed', 'false'); hum.textContent = 'Hum or clap';
};
const listen = async () => {
  let stream = null;
  try {
    // The film may be heard beside the voice, and a level that is set for the speaker hides the strokes.
    stream = await navigator.mediaDevices.getUserMedia({audio: {echoCancellation: true, noiseSuppression: false,
      autoGainControl: false}});
  } catch (fault) {
    tap_told(fault.name === 'NotAllowedError' ? 'The microphone was not allowed.' : 'No microphone can be used here.');
    return;
  }
  if (tapping.hidden || mic) { stream.getTracks().forEach(track => track.stop()); return; }
  const audio = new AudioContext(), ear = audio.createAnalyser(), wave = new Float32Array(BLOCK), levels = [];
  ear.fftSize = BLOCK; audio.createMediaStreamSource(stream).connect(ear); audio.resume().catch(() => 0);
  let last = -1e9, high = 0;
  const hear = () => {
    ear.getFloatTimeDomainData(wave);
    let sum = 0;
    for (const a of wave) sum += a * a;
    const level = Math.sqrt(sum / BLOCK), now = performance.now();
    while (levels.length && now - levels[0][0] > LULL_MS) levels.shift();
    const low = levels.reduce((least, one) => Math.min(least, one[1]), Infinity);
    // A stroke stands out of the lull before it, and is no echo of a much louder one.
    high = Math.max(level, high * .9985);
    if (levels.length > 2 && level > FLOOR && level > RISE * low && level > .12 * high && now - last > REST_MS) {
      last = now; levels.length = 0; tap(LATE_S);
    }
    // While a stroke still rises it is no lull.
    if (now - last > RISING_MS) levels.push([now, level]);
  };
  mic = {stream, audio, timer: setInterval(hear, EACH_EAR_MS)};
  hum.setAttribute('aria-pressed', 'true'); hum.textContent = 'Stop listening';
  tap_told('Listening.');
};
hum.addEventListener('click', () => { if (mic) deaf(); else { fresh_taps(); listen(); } });
window.addEventListener('pagehide', deaf);
"""

__all__ = ["HUM", "SCRIPT"]
