"""The drawing pad's page: a sheet to sketch on, a path for the camera, and regions to paint that should move.

Served from here, fetching nothing from elsewhere; by day and by night; on a phone, with a pen, with keys alone.
"""

from __future__ import annotations

import html
import json

STYLE = """
:root{color-scheme:dark;--room:#171512;--glow:#231e18;--board:#1d1a17;--line:#37322b;--ink:#f0eadf;--soft:#b9b0a2;
 --honey:#f2b43c;--field:#262220;--key:#332e28;--over:#443d35;--sheet:#0c0b0a;--shade:#0009}
@media(prefers-color-scheme:light){:root{color-scheme:light;--room:#f4eee2;--glow:#fbf7ee;--board:#fffaf1;
 --line:#d9cebb;--ink:#2a241b;--soft:#665c4b;--honey:#8f5d00;--field:#fffdf8;--key:#ece3d3;--over:#e0d4bf;
 --sheet:#fffdf7;--shade:#6b573322}}
*{box-sizing:border-box}html,body{height:100%;margin:0}[hidden]{display:none!important}
body{background:radial-gradient(120% 90% at 50% 0,var(--glow) 0,var(--room) 60%);color:var(--ink);
 font:15px/1.45 system-ui,"Segoe UI",Roboto,sans-serif;padding:14px 18px 18px;display:flex;flex-direction:column;
 align-items:center;overscroll-behavior:none}
#pad{width:min(100%,calc((100dvh - 214px)*var(--shape) + 196px),1500px);display:grid;gap:10px 14px;
 grid-template-columns:182px minmax(0,1fr);grid-template-areas:"head head" "tools stage" "tools told" "tools acts"}
header{grid-area:head;display:flex;align-items:center;gap:14px;flex-wrap:wrap}
.mark{font:600 20px/1 ui-rounded,system-ui,sans-serif;letter-spacing:-.02em;color:var(--ink);text-decoration:none}
.mark span,.mark i{color:var(--honey);font-style:normal}
#tabs{display:flex;gap:4px;margin-left:auto;padding:4px;border-radius:13px;background:var(--field);
 box-shadow:inset 0 0 0 1px var(--line)}
#tabs button{border:0;background:none;padding:7px 16px;border-radius:10px;color:var(--soft)}
#tabs button[aria-selected=true]{background:#f2b43c;color:#1d1608;font-weight:600}
#tools{grid-area:tools;display:flex;flex-direction:column;gap:12px;background:var(--board);border:1px solid var(--line);
 border-radius:14px;padding:12px;align-self:start}
#tools section{display:flex;flex-direction:column;gap:8px}#tools section>button{font-size:13.5px;padding:9px 6px}
#tools h2{font:600 12px/1.2 system-ui,sans-serif;text-transform:uppercase;letter-spacing:.09em;color:var(--honey);
 margin:2px 2px 0}
.pens{display:grid;grid-template-columns:1fr 1fr;gap:6px}
.pens button,.seg button{padding:9px 6px;font-size:13.5px;border-radius:10px}
.seg{display:grid;gap:6px}
[aria-pressed=true]{background:var(--over);box-shadow:inset 0 0 0 2px var(--honey)}
.inks{display:grid;grid-template-columns:repeat(4,1fr);gap:7px}
.inks button{aspect-ratio:1;padding:0;border-radius:50%;border:2px solid var(--board);box-shadow:0 0 0 1px var(--line)}
.inks [aria-pressed=true]{box-shadow:0 0 0 2.5px var(--honey)}
label{display:grid;gap:4px;font-size:13px;color:var(--soft)}input[type=range]{width:100%;accent-color:#f2b43c}
.hint{font-size:12.5px;color:var(--soft);margin:0}
#stage{grid-area:stage;position:relative;aspect-ratio:var(--shape);background:var(--sheet);border-radius:14px;
 overflow:hidden;box-shadow:0 0 0 1px var(--line),0 18px 60px var(--shade)}
canvas{position:absolute;inset:0;width:100%;height:100%;display:block;touch-action:none;outline:none;cursor:crosshair;
 -webkit-user-select:none;user-select:none}
canvas:focus-visible{box-shadow:inset 0 0 0 2px var(--honey)}
#empty{position:absolute;inset:0;display:grid;place-content:center;text-align:center;pointer-events:none;padding:24px;
 font-size:17px;gap:4px;color:#5d5445}#empty.dark{color:#f0eadf;text-shadow:0 1px 10px #000,0 0 3px #000}
#empty small{font-size:13px;opacity:.85}
#mirror{position:absolute;right:12px;bottom:12px;width:20%;border-radius:10px;transform:scaleX(-1);pointer-events:none;
 box-shadow:0 0 0 2px #f2b43c,0 6px 22px #0008}
#told{grid-area:told;min-height:21px;font-size:13.5px;color:var(--soft);font-variant-numeric:tabular-nums}
#told b{color:var(--honey);font-weight:600}#told a{color:var(--honey)}
#acts{grid-area:acts;display:flex;gap:8px;flex-wrap:wrap}#acts .gap{flex:1}
button{background:var(--key);color:var(--ink);border:1px solid var(--line);border-radius:11px;padding:10px 15px;
 font:inherit;cursor:pointer;white-space:nowrap}button:hover:not(:disabled){background:var(--over)}
button:disabled{opacity:.45;cursor:default}button:focus-visible,a:focus-visible{outline:2px solid var(--honey);
 outline-offset:2px}
.main{background:#f2b43c;border-color:#f2b43c;color:#1d1608;font-weight:600}
.main:hover:not(:disabled){background:#ffc957}
#moves{display:flex;flex-direction:column;gap:6px;margin:0;padding:0;list-style:none;font-size:13px}
#moves li{display:flex;align-items:center;gap:8px;background:var(--field);border:1px solid var(--line);
 border-radius:10px;padding:4px 4px 4px 10px;font-variant-numeric:tabular-nums}
#moves li span{flex:1}#moves button{padding:3px 9px;border:0;background:none}
kbd{font:600 11px ui-monospace,monospace;background:var(--field);border:1px solid var(--line);border-radius:5px;
 padding:1px 5px}
@media(max-width:760px){body{padding:8px}#pad{width:100%;grid-template-columns:minmax(0,1fr);
 grid-template-areas:"head" "stage" "told" "acts" "tools"}#tabs{margin:0;width:100%}#tabs button{flex:1;padding:9px 4px}
 #stage{border-radius:10px}.inks{grid-template-columns:repeat(8,1fr)}.pens{grid-template-columns:repeat(4,1fr)}
 .seg{grid-template-columns:1fr 1fr}.keys,#acts .gap{display:none}
 #acts button{flex:1 0 auto;padding:11px 10px}#acts .main{flex:1 0 100%;order:9}}
"""

INKS = (("Graphite", "#2b2620"), ("Brick", "#b9432f"), ("Honey", "#e39a17"), ("Leaf", "#4c8a43"), ("Water", "#2d77b3"),
        ("Dusk", "#6d4f9c"), ("Earth", "#7a5536"), ("Mist", "#9aa3a6"))
PENS = (("pencil", "Pencil"), ("ink", "Ink"), ("marker", "Marker"), ("eraser", "Eraser"))
TABS = (("draw", "Draw"), ("camera", "Camera"), ("move", "Move"))


def page_html(token: str, take: str | None, size_px: tuple[int, int]) -> str:
    """The pad for one token; `take` is the film whose poster lies under the camera's and the brushes' sheet. Nothing
    from outside stands in it unescaped."""
    # "<" is written as an escape, so that no text can close the script element it stands in.
    conf = json.dumps({"token": token, "take": take, "size_px": list(size_px)}).replace("<", "\\u003c")
    tabs = "".join(f"<button role='tab' id='tab-{name}' aria-controls='stage' aria-selected='false' tabindex='-1' "
                   f"data-mode='{name}'>{label}</button>" for name, label in TABS)
    pens = "".join(f"<button type='button' data-pen='{name}' aria-pressed='false'>{label}</button>"
                   for name, label in PENS)
    inks = "".join(f"<button type='button' data-ink='{colour}' style='background:{colour}' aria-pressed='false' "
                   f"aria-label='{name}' title='{name}'></button>" for name, colour in INKS)
    width, height = size_px
    seen = html.escape(take or "")
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Beecam pad</title>
<meta name="viewport" content="width=device-width,initial-scale=1"><link rel="icon" href="data:,">
<style>:root{{--shape:{width}/{height}}}{STYLE}</style></head>
<body><main id="pad"><header><a class="mark" href="/"><span>bee</span>cam <i>pad</i></a>
<div id="tabs" role="tablist" aria-label="What to draw">{tabs}</div></header>
<aside id="tools" aria-label="Tools">
<section data-for="draw"><h2>Pen</h2><div class="pens" role="group" aria-label="Pen">{pens}</div>
<div class="inks" role="group" aria-label="Colour">{inks}</div>
<label>Width<input type="range" id="width" min="1" max="40" value="5"></label>
<p class="hint keys"><kbd>B</kbd> pencil <kbd>E</kbd> eraser <kbd>[</kbd> <kbd>]</kbd> width</p></section>
<section data-for="camera" hidden><h2>Path</h2><div class="seg" role="group" aria-label="Where the path is drawn">
<button type="button" data-on="frame" aria-pressed="true">Over the picture</button>
<button type="button" data-on="plan" aria-pressed="false">From above</button></div>
<button type="button" id="play">Play the path</button>
<button type="button" id="wave" aria-pressed="false">Lead by webcam</button>
<p class="hint">Draw as quickly as the camera should go: the pen's timing is kept. Over the picture it leads the look;
from above it is the way that the camera goes, with ahead upwards, 40 m across. The wheel goes nearer
meanwhile.</p></section>
<section data-for="move" hidden><h2>What moves</h2><ul id="moves" aria-label="Painted regions"></ul>
<label>Soft edge<input type="range" id="soft" min="0" max="15" value="5"></label>
<p class="hint">Circle a part of the picture of <b id="of-take">{seen or "your film"}</b>, then drag the way it should
go: as far as it moves in two seconds.</p></section>
<p class="hint keys">Without a pointer: <kbd>←</kbd> <kbd>↑</kbd> <kbd>→</kbd> <kbd>↓</kbd> move, <kbd>space</kbd> puts
the pen down and lifts it.</p></aside>
<div id="stage" role="tabpanel" aria-labelledby="tab-draw"><canvas id="sheet" tabindex="0" role="application"
 aria-label="The sheet. Draw with a pointer, or with arrow keys and space."></canvas><div id="empty"></div>
<video id="mirror" hidden muted playsinline aria-label="The webcam, mirrored"></video></div>
<div id="told" role="status" aria-live="polite"></div>
<div id="acts"><button type="button" id="undo" title="Ctrl Z">Undo</button>
<button type="button" id="redo" title="Ctrl Shift Z">Redo</button><button type="button" id="clear">Clear</button>
<span class="gap"></span><button type="button" id="save">Download</button>
<button type="button" id="make" hidden>Make it move</button>
<button type="button" id="use" class="main">Use as reference</button></div></main>
<script type="application/json" id="conf">{conf}</script><script src="/pad/pad.js"></script>
<script src="/pad/wave.js"></script></body></html>"""
