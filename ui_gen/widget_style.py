"""How the widgets of a panel look: quiet lines, numbers in columns, honey for what is set. Colours are the room's."""

from __future__ import annotations

FRAME = """
.bc-section,.bc-section>.styler{background:var(--bc-room)!important;gap:0!important;border-radius:12px!important}
.bc-section .bc-section{border:0!important}
.bc-section .block:not(.bc-control)+.bc-control{border-top:0!important}
#bc-panel .html-container{padding:0!important}
#bc-acts{position:sticky;bottom:0;z-index:5;gap:2px!important;padding:6px 0 10px;background:var(--bc-ground);
 box-shadow:0 -10px 10px -6px var(--bc-ground)}
#bc-acts .row{gap:8px!important}
#bc-acts button{flex:1 1 auto!important;min-width:0!important;min-height:40px;padding:0 6px;
 font-size:13.5px!important;white-space:nowrap}
.block.bc-control{padding:0!important;border-top:1px solid var(--bc-line)!important;overflow:visible!important}
.bc-w{position:relative;padding:2px 6px 10px 14px;font:400 13.5px/1.4 system-ui,sans-serif;color:var(--bc-text);
 min-width:0;container-type:inline-size}
.bc-w::before{content:"";position:absolute;left:0;top:10px;bottom:10px;width:3px;border-radius:0 3px 3px 0;
 background:var(--bc-gold);opacity:0;transition:opacity .15s}
.bc-w[data-moved=yes]::before{opacity:1}
.bc-w [hidden]{display:none!important}
.bc-w button,.bc-w input,.bc-w select,.bc-w textarea{margin:0;font:inherit;color:inherit}
.bc-w output{font-variant-numeric:tabular-nums}
.w-head{display:flex;align-items:center;gap:6px;min-height:40px}
.w-title{flex:1;min-width:0;display:flex;flex-wrap:wrap;align-items:center;gap:3px 8px}
.w-label{font-weight:600;color:var(--bc-strong);overflow-wrap:anywhere;line-height:1.25;cursor:default}
.w-tag{flex:none;font:500 11px/1 system-ui,sans-serif;font-style:normal;color:var(--bc-chosen-text);
 background:var(--bc-chosen);border-radius:99px;padding:4px 8px;white-space:nowrap;max-width:130px;overflow:hidden;
 text-overflow:ellipsis}
.w-when{flex:none;position:relative;width:34px;height:5px;border-radius:3px;background:var(--bc-line)}
.w-when b{position:absolute;top:0;bottom:0;border-radius:3px;background:var(--bc-gold-text)}
.bc-w .w-tool{flex:none;display:grid;place-content:center;width:40px;height:40px;padding:0;border:0;border-radius:9px;
 background:none;color:var(--bc-quiet);cursor:pointer}
.bc-w .w-tool+.w-tool{margin-left:-12px}
.w-tool svg{width:17px;height:17px;fill:none;stroke:currentColor;stroke-width:1.9;stroke-linecap:round;
 stroke-linejoin:round}
.bc-w .w-tool:hover{color:var(--bc-strong)}
.bc-w .w-back:disabled{visibility:hidden}
.bc-w .w-back,.bc-w .w-lock[aria-pressed=true]{color:var(--bc-gold-text)}
.w-lock[aria-pressed=true] svg{fill:var(--bc-gold-soft)}
.bc-w .w-spark{flex:none;margin:-3px 0;display:grid;place-content:center;width:52px;height:40px;padding:0;border:0;
 border-radius:9px;
 background:none;cursor:pointer}
.w-spark svg{width:44px;height:18px;overflow:visible}
.w-spark .w-over{fill:none;stroke:var(--bc-gold-text);stroke-width:1.6;stroke-linejoin:round;stroke-linecap:round}
.w-spark .w-under{fill:var(--bc-gold-soft)}
.w-spark circle{fill:var(--bc-gold-text);stroke:var(--bc-room);stroke-width:1.4}
.bc-w .w-spark:hover,.bc-w .w-spark[aria-expanded=true]{background:var(--bc-gold-soft)}
.w-told{margin:0 8px 8px 0;padding:8px 11px;border-radius:9px;background:var(--bc-gold-soft);color:var(--bc-text);
 font-size:12.5px}
.bc-w .w-told p{margin:0!important;font-variant-numeric:tabular-nums}
.bc-w .w-told p:first-child{font-weight:600;color:var(--bc-strong)}
.w-body{padding-right:8px}
.bc-w .w-why{margin:4px 8px 0 0!important;font-size:12px;line-height:1.4;color:var(--bc-quiet)}
.w-foot{display:flex;align-items:center;gap:4px;min-height:40px}
.w-foot:not(:has(button)){min-height:24px}
.w-said{flex:1;min-width:0;font-size:12.5px;color:var(--bc-soft)}
.bc-w .w-do{flex:none;min-height:40px;padding:0 12px;border:1px solid transparent;border-radius:9px;background:none;
 color:var(--bc-gold-text);font-weight:600;font-size:12.5px;cursor:pointer}
.bc-w .w-do:hover:not(:disabled){background:var(--bc-gold-soft)}
.bc-w .w-do:disabled{color:var(--bc-quiet);opacity:.6;cursor:default}
.bc-w .w-foot .w-do:last-child{margin-right:-12px}
.bc-w :is(button,select,textarea,input,a,.w-knob,.w-land):focus-visible{outline:2px solid var(--bc-gold-text);
 outline-offset:2px}
.w-dead{position:absolute;top:0;bottom:0;pointer-events:none;background:repeating-linear-gradient(-45deg,
 var(--bc-line-strong) 0 1.5px,transparent 1.5px 5px)}
"""

NUMBERS = """
.w-row{display:flex;align-items:center;gap:10px}
.w-slide{position:relative;flex:1;min-width:0;height:40px}
.w-rail{position:absolute;left:10px;right:10px;top:17px;height:6px;background:var(--bc-line)}
.w-rail::before,.w-rail::after{content:"";position:absolute;top:0;bottom:0;width:5px;background:inherit}
.w-rail::before{right:100%;border-radius:3px 0 0 3px}.w-rail::after{left:100%;border-radius:0 3px 3px 0}
.w-rail .w-dead{z-index:1;background-color:var(--bc-room);top:-1px;bottom:-1px}
.w-rail .w-dead[data-end=low]{margin-left:-6px;padding-right:6px}
.w-rail .w-dead[data-end=high]{margin-right:-6px;padding-left:6px}
.w-rail .w-fill{position:absolute;top:0;bottom:0;border-radius:3px;background:var(--bc-gold)}
.w-rail .w-was{position:absolute;top:-5px;height:16px;width:2px;margin-left:-1px;background:var(--bc-line-strong);
 opacity:0;border-radius:1px}
[data-moved=yes] .w-rail .w-was{opacity:1}
.bc-w .w-range{position:absolute;inset:0;width:100%;height:40px;padding:0;border:0;background:none;cursor:pointer;
 -webkit-appearance:none;appearance:none;touch-action:pan-y;border-radius:9px}
.w-range::-webkit-slider-runnable-track{height:40px;background:none}
.w-range::-moz-range-track{height:40px;background:none}
.w-range::-webkit-slider-thumb{-webkit-appearance:none;width:20px;height:20px;margin-top:10px;border:2px solid
 var(--bc-room);border-radius:50%;background:var(--bc-gold);box-shadow:0 0 0 1px var(--bc-gold-text),0 1px 4px #0004}
.w-range::-moz-range-thumb{width:16px;height:16px;border:2px solid var(--bc-room);border-radius:50%;
 background:var(--bc-gold);box-shadow:0 0 0 1px var(--bc-gold-text)}
.bc-w :is(.w-range,.w-three input):focus-visible{outline:none}
.bc-w :is(.w-range,.w-three input):focus-visible::-webkit-slider-thumb{outline:2px solid var(--bc-gold-text);
 outline-offset:3px}
.bc-w :is(.w-range,.w-three input):focus-visible::-moz-range-thumb{outline:2px solid var(--bc-gold-text);
 outline-offset:3px}
.w-range:active::-webkit-slider-thumb{transform:scale(1.12)}
.w-box{flex:none;display:flex;align-items:baseline;gap:3px;min-height:40px;align-items:center}
.bc-w .w-number{width:62px;height:34px;padding:0 6px;text-align:right;border:1px solid transparent;border-radius:8px;
 background:none;font-weight:600;font-variant-numeric:tabular-nums;color:var(--bc-strong);-moz-appearance:textfield;
 appearance:textfield}
.bc-w .w-number:hover,.bc-w .w-number:focus{border-color:var(--bc-line);background:var(--bc-field)}
.w-number::-webkit-inner-spin-button,.w-number::-webkit-outer-spin-button{-webkit-appearance:none;margin:0}
.w-unit{font-style:normal;font-size:12px;color:var(--bc-quiet);min-width:26px}
.w-knob{position:absolute;width:20px;height:20px;margin:-10px 0 0 -10px;border-radius:50%;
 border:2px solid var(--bc-room);
 background:var(--bc-gold);box-shadow:0 0 0 1px var(--bc-gold-text),0 1px 4px #0004;cursor:grab;touch-action:none;
 box-sizing:border-box}
.w-knob::after{content:"";position:absolute;inset:-12px;border-radius:50%}
[data-held=yes] .w-knob{cursor:grabbing}
.w-two{touch-action:none;cursor:pointer}
.w-two .w-knobs{position:absolute;left:10px;right:10px;top:20px;height:0}
.w-two .w-first{background:var(--bc-room);border-color:var(--bc-gold)}
.w-two .w-fill[data-way=up]{background:linear-gradient(90deg,transparent,var(--bc-gold))}
.w-two .w-fill[data-way=down]{background:linear-gradient(-90deg,transparent,var(--bc-gold))}
.w-field{position:relative;border:1px solid var(--bc-line);border-radius:11px;background:var(--bc-raised);
 touch-action:none;cursor:crosshair;overflow:hidden;user-select:none;-webkit-user-select:none}
.w-field .w-plot{position:absolute;inset:14px}
.w-field .w-knobs{position:absolute;inset:0;pointer-events:none}
.w-pad{height:150px;--thin:color-mix(in srgb,var(--bc-line) 70%,transparent);
 background-image:linear-gradient(var(--thin) 1px,transparent 1px),linear-gradient(90deg,
 var(--thin) 1px,transparent 1px);background-size:calc(25% + .4px) calc(25% + .4px);background-position:-1px -1px}
.w-pad .w-across,.w-pad .w-up{position:absolute;background:var(--bc-gold-line);pointer-events:none}
.w-pad .w-across{left:-14px;right:-14px;height:1px}.w-pad .w-up{top:-14px;bottom:-14px;width:1px}
.w-pad .w-was{position:absolute;width:10px;height:10px;margin:-5px 0 0 -5px;border:1.5px solid var(--bc-line-strong);
 border-radius:50%;opacity:0}
[data-moved=yes] .w-pad .w-was{opacity:1}
.w-pad .w-dead{opacity:.6}
.w-axes{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 12px;margin:2px -6px 0 0}
.bc-w .w-axes label{display:flex;align-items:center;gap:2px;min-height:40px;margin:0;font-size:12.5px;
 color:var(--bc-soft)}
.w-bar{position:relative;height:40px;touch-action:none}
.w-parts{display:flex;height:40px;border-radius:10px;overflow:hidden;gap:1px}
.w-parts i{display:block;flex:none;box-sizing:border-box;padding:0 8px;font:600 12px/40px system-ui,sans-serif;
 color:#1d1608;white-space:nowrap;overflow:hidden;text-overflow:ellipsis;max-width:100%}
.w-bar .w-knobs{position:absolute;inset:0;pointer-events:none}
.bc-w .w-edge{top:50%;width:8px;height:28px;margin:-14px 0 0 -4px;border-radius:4px;background:var(--bc-room);
 border:1px solid #1d1608;box-shadow:none;cursor:ew-resize;pointer-events:auto}
.w-edge::after{inset:-6px -16px;border-radius:0}
.w-names{display:grid;grid-template-columns:repeat(auto-fill,minmax(136px,1fr));gap:4px 6px;margin-top:6px}
.w-name{display:inline-flex;align-items:center;gap:6px;min-height:40px;padding-left:10px;
 border:1px solid var(--bc-line);
 border-radius:10px;font-size:12.5px}
.w-name span{flex:1;min-width:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.w-name i{width:9px;height:9px;border-radius:50%;flex:none}
.w-name b{font-weight:600;font-variant-numeric:tabular-nums;color:var(--bc-strong)}
.w-name b:has(+[hidden]){padding-right:10px}
.bc-w .w-gone{width:40px;height:38px;margin-left:-6px;padding:0;border:0;border-radius:9px;background:none;
 color:var(--bc-quiet);font-size:16px;cursor:pointer}
.bc-w .w-gone:hover{color:var(--bc-strong)}
.bc-w .w-more{display:inline-block;margin-top:6px}
.bc-w .w-more select,.bc-w .w-select{min-height:40px;padding:0 32px 0 12px;border:1px solid var(--bc-line);
 border-radius:10px;background-color:var(--bc-field);color:var(--bc-text);-webkit-appearance:none;appearance:none;
 cursor:pointer;
 background-image:linear-gradient(45deg,transparent 50%,currentColor 50%),linear-gradient(-45deg,transparent 50%,
 currentColor 50%);background-size:5px 5px;background-repeat:no-repeat;
 background-position:right 17px center,right 12px
 center}
.bc-w .w-select{width:100%;font-weight:500}
.bc-w option{background:var(--bc-field);color:var(--bc-text)}
""" + "".join(f".w-tone-{k}{{background:{tone}}}" for k, tone in enumerate(
    ("#f2b43c", "#7db8dd", "#9dbd6a", "#e59478", "#b9a3dd", "#6fc0ae", "#d9c9a3", "#dd93b4")))

SHEETS = """
.w-curve{height:128px}
.w-curve .w-plot{right:calc(20px + .62*var(--gutter,4ch))}
.w-field svg{position:absolute;inset:0;width:100%;height:100%;overflow:visible;pointer-events:none}
.w-field .w-over{fill:none;stroke:var(--bc-gold-text);stroke-width:2;vector-effect:non-scaling-stroke;
 stroke-linejoin:round;stroke-linecap:round}
.w-field .w-under{fill:var(--bc-gold);opacity:.13;stroke:none}
.w-spans i{position:absolute;top:-14px;bottom:-14px;box-sizing:border-box;border-left:1px solid var(--bc-line);
 font:500 10.5px/1 system-ui,sans-serif;color:var(--bc-quiet);padding:0 0 3px 4px;display:flex;align-items:flex-end;
 overflow:hidden}
.w-spans i:first-child{border-left:0}
.w-spans i:nth-child(even){background:color-mix(in srgb,var(--bc-line) 35%,transparent)}
.w-top,.w-low{position:absolute;right:7px;font:500 10.5px/1 system-ui,sans-serif;color:var(--bc-quiet);
 font-variant-numeric:tabular-nums;pointer-events:none}
.w-top{top:5px}.w-low{bottom:5px}
.w-curve .w-knob,.w-camera .w-knob,.w-time .w-knob{pointer-events:auto}
.w-curve .w-knob{width:16px;height:16px;margin:-8px 0 0 -8px;background:var(--bc-room);border-color:var(--bc-gold)}
.w-curve .w-knob[data-chosen=yes]{background:var(--bc-gold);border-color:var(--bc-room)}
.w-curve .w-knob::after{inset:-14px}
.w-curve .w-knob[data-many=yes]{width:12px;height:12px;margin:-6px 0 0 -6px}
.w-camera{height:190px}
.w-camera .w-plot{inset:20px 22px 26px 52px}
.w-field .w-subject{z-index:1;left:14px;right:auto;top:auto;bottom:26px;width:21px;height:35px;inset-inline-end:auto}
.w-subject *{fill:var(--bc-soft)}
.w-camera .w-ground{stroke:var(--bc-line-strong);stroke-width:1.5}
.w-camera .w-rule{stroke:var(--bc-line);stroke-width:1;stroke-dasharray:2 4}
.w-camera .w-sight{stroke:var(--bc-gold-line);stroke-width:1;opacity:.45;stroke-dasharray:3 4}
.w-camera .w-arrow{fill:none;stroke:var(--bc-gold-text);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.w-camera text{font:500 10.5px system-ui,sans-serif;fill:var(--bc-quiet);font-variant-numeric:tabular-nums}
.w-many{display:grid;place-content:center;width:24px;height:24px;margin:-12px 0 0 -12px;background:var(--bc-room);
 border-color:var(--bc-gold);font:700 11px/1 system-ui,sans-serif;color:var(--bc-strong);
 font-variant-numeric:tabular-nums}
.w-many::after{inset:-10px}
.w-many[data-chosen=yes]{background:var(--bc-gold);border-color:var(--bc-room);color:var(--bc-ink);z-index:2}
.w-time{height:40px;margin-top:6px;cursor:default}
.w-time .w-plot{inset:0 22px 0 22px}
.w-time .w-plot::before{content:"";position:absolute;left:-8px;right:-8px;top:19px;height:2px;border-radius:1px;
 background:var(--bc-line-strong)}
.w-time .w-knob{top:50%}
.w-scroll{overflow-x:auto;overflow-y:hidden;margin:0 -2px;padding:2px;scrollbar-width:thin}
.w-film{position:relative;height:56px;touch-action:pan-x pan-y;cursor:default;user-select:none;
 -webkit-user-select:none}
.w-shots{position:absolute;inset:0}
.w-shots i{position:absolute;top:0;bottom:0;box-sizing:border-box;border:1px solid var(--bc-room);border-radius:9px;
 background:var(--bc-raised);box-shadow:inset 0 0 0 1px var(--bc-line);padding:9px 0 0 9px;overflow:hidden;
 font-style:normal;line-height:1.25;white-space:nowrap}
.w-shots b{display:block;font:600 13px/1.25 system-ui,sans-serif;color:var(--bc-strong)}
.w-shots s{text-decoration:none;font-size:11px;color:var(--bc-quiet);font-variant-numeric:tabular-nums}
.w-film[data-grid=yes]::after{content:"";position:absolute;left:0;right:0;bottom:4px;height:5px;pointer-events:none;
 background:repeating-linear-gradient(90deg,var(--bc-line-strong) 0 1px,transparent 1px var(--tick))}
.bc-w .w-cut{top:28px;width:8px;height:44px;margin:-22px 0 0 -4px;border-radius:4px;cursor:ew-resize}
.bc-w .w-cut[data-chosen=no]{background:var(--bc-room);border-color:var(--bc-gold)}
.bc-w .w-film[data-many=yes] .w-cut{width:5px;margin-left:-2.5px;border-width:1px;box-shadow:none}
.w-film[data-many=yes] i{padding:9px 0 0 5px}
.w-cut::after{inset:-8px -16px;border-radius:0}
.w-land{aspect-ratio:16/9;background:var(--bc-raised)}
.bc-w .w-land img{position:absolute;inset:0;width:100%;height:100%;object-fit:fill;margin:0;opacity:.82;
 pointer-events:none}
.w-land .w-under{opacity:.32}
.w-land .w-over{stroke:#f2b43c;stroke-width:2.5;filter:drop-shadow(0 0 1px #0009)}
.w-land .w-column{stroke:#f2b43c;stroke-width:1;opacity:0;vector-effect:non-scaling-stroke;stroke-dasharray:3 3}
.w-land:focus-visible .w-column{opacity:1}
.w-hint{position:absolute;left:50%;top:50%;transform:translate(-50%,-50%);padding:6px 12px;border-radius:99px;
 background:rgba(12,11,10,.72);color:#f4efe6;font:500 12.5px/1.2 system-ui,sans-serif;white-space:nowrap;
 pointer-events:none}
.w-hint:empty{display:none}
"""

PICKS = """
[data-kind=switch] .w-body{display:flex;align-items:center;gap:4px;min-height:40px;margin-left:-8px}
.bc-w .w-switch{position:relative;width:64px;height:40px;padding:0;border:0;background:none;cursor:pointer;
 border-radius:20px}
.w-switch::before{content:"";position:absolute;inset:7px 8px;border-radius:99px;background:var(--bc-button);
 box-shadow:inset 0 0 0 1px var(--bc-line-strong);transition:background .15s}
.w-switch i{position:absolute;left:11px;top:10px;width:20px;height:20px;border-radius:50%;background:var(--bc-quiet);
 transition:transform .15s}
.w-switch[aria-checked=true]::before{background:var(--bc-gold);box-shadow:inset 0 0 0 1px var(--bc-gold-text)}
.w-switch[aria-checked=true] i{transform:translateX(22px);background:var(--bc-ink)}
[data-kind=switch] .w-said{font-size:13.5px;font-weight:500;color:var(--bc-text)}
.w-chips{display:flex;flex-wrap:wrap;gap:6px}
.bc-w .w-chip{min-height:40px;padding:0 14px;border:1px solid var(--bc-line);border-radius:99px;
 background:var(--bc-raised);
 color:var(--bc-soft);font-weight:500;cursor:pointer}
.bc-w .w-chip:hover{border-color:var(--bc-line-strong);color:var(--bc-strong)}
.bc-w .w-chip:is([aria-checked=true],[aria-pressed=true]){background:var(--bc-chosen);
 border-color:var(--bc-chosen-line);
 color:var(--bc-chosen-text);font-weight:600}
.w-cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(92px,1fr));gap:8px}
.bc-w .w-card{display:flex;flex-direction:column;justify-content:flex-end;min-height:44px;padding:0;overflow:hidden;
 border:1px solid var(--bc-line);border-radius:10px;background:var(--bc-raised);cursor:pointer;text-align:left}
.bc-w .w-card img{display:block;width:100%;aspect-ratio:16/9;object-fit:cover;margin:0;background:#0c0b0a}
.w-card span{padding:6px 9px;font-size:12.5px;font-weight:500;color:var(--bc-soft);font-variant-numeric:tabular-nums}
.bc-w .w-card:hover{border-color:var(--bc-line-strong)}
.bc-w .w-card[aria-checked=true]{border-color:var(--bc-gold);box-shadow:0 0 0 1.5px var(--bc-gold);
 background:var(--bc-chosen)}
.w-card[aria-checked=true] span{color:var(--bc-chosen-text);font-weight:600}
.bc-w .w-text{display:block;width:100%;min-height:40px;padding:9px 12px;border:1px solid var(--bc-line);
 border-radius:10px;
 background:var(--bc-field);color:var(--bc-text);resize:none;line-height:1.45;box-sizing:border-box}
.w-colour{align-items:stretch}
.bc-w .w-swatch{flex:none;width:56px;height:auto;min-height:56px;padding:0;border:0;border-radius:12px;
 overflow:hidden;
 background:none;cursor:pointer;-webkit-appearance:none;appearance:none;
 box-shadow:inset 0 0 0 1px var(--bc-line-strong)}
.w-swatch::-webkit-color-swatch-wrapper{padding:0}
.w-swatch::-webkit-color-swatch{border:1px solid var(--bc-line-strong);border-radius:12px}
.w-swatch::-moz-color-swatch{border:1px solid var(--bc-line-strong);border-radius:12px}
.w-three{flex:1;min-width:0;display:grid}
.bc-w .w-three input{width:100%;height:40px;margin:0;padding:0;background:none;border:0;cursor:pointer;
 -webkit-appearance:none;appearance:none;touch-action:pan-y;border-radius:9px}
.w-three input::-webkit-slider-runnable-track{height:12px;border-radius:6px;background:var(--spread);
 box-shadow:inset 0 0 0 1px #0003}
.w-three input::-moz-range-track{height:12px;border-radius:6px;background:var(--spread)}
.w-three input::-webkit-slider-thumb{-webkit-appearance:none;width:20px;height:20px;margin-top:-4px;
 border:3px solid #fff;
 border-radius:50%;background:none;box-shadow:0 0 0 1.5px #1d1608,inset 0 0 0 1.5px #1d1608}
.w-three input::-moz-range-thumb{width:14px;height:14px;border:3px solid #fff;border-radius:50%;background:none;
 box-shadow:0 0 0 1.5px #1d1608}
.bc-w .w-hex{flex:none;align-self:flex-start;width:82px;height:40px;padding:0 8px;border:1px solid var(--bc-line);
 border-radius:9px;background:var(--bc-field);font:500 13px/1 ui-monospace,monospace}
.w-paint{min-height:40px}
.bc-w .w-link{display:inline-grid;place-content:center;border-color:var(--bc-gold-line);padding:0 16px;
 text-decoration:none!important;color:var(--bc-gold-text)!important}
.w-paint .w-do:last-child{margin-right:-12px}
@container(max-width:330px){.bc-w .w-hex{display:none}}
@media(prefers-reduced-motion:reduce){.bc-w *,.bc-w::before{transition:none!important}}
"""

CSS = FRAME + NUMBERS + SHEETS + PICKS

__all__ = ["CSS"]
