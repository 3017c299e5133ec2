"""References on the page: a row for each with its roles as switches, and the table of what they gave to a take.

All text from outside is escaped; the script only says which switch was set and keeps the keyboard's place when the rows
are written anew.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from agent.references import SAID
from ui_gen.attached import Attachment
from ui_gen.attached_words import Agreement, Given

MEANS = {"content": "what is seen in it", "style": "how it is made: line, grain, medium", "palette": "its colours",
         "light": "its light", "camera": "how its camera moves", "pacing": "its rhythm of cuts and motion",
         "rhythm": "its beat", "structure": "its sections", "layout": "where things stand in the picture",
         "mood": "its mood", "timbre": "its sound itself", "subject": "where its subject is, and how large",
         "motion": "how things move in it", "speech": "the words spoken in it", "lyrics": "its words, at their times",
         "all": "make it again, shot by shot"}
BESIDE = "used beside others"
SHOWN = {"all": "everything, made again"}
ICONS = {"film": "M3 5h18v14H3zM3 9h18M8 5v4M13 5v4M18 5v4M10 12l5 2.7-5 2.7z",
         "image": "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 5M15.5 9.5h.1", "sketch": "M4 20l1-4L16 5l3 3L8 19zM13.5 7.5l3 3",
         "audio": "M9 18V6l10-2v12M9 18a2.5 2.5 0 1 1-2.5-2.5M19 16a2.5 2.5 0 1 1-2.5-2.5",
         "speech": "M4 5h16v11H11l-5 4v-4H4zM8 9h8M8 12h5", "rhythm": "M4 12h2M9 7v10M13 10v4M17 5v14M21 12h-1",
         "gesture": "M4 17c3-12 6-12 8-5s5 6 8-5M17 7h3v3", "lyrics": "M4 6h11M4 11h8M4 16h6M18 17V7l3 1",
         "text": "M6 3h9l4 4v14H6zM9 11h7M9 15h7"}
SCRIPT = """
let held = null;
const send = data => trigger('select', data);
element.addEventListener('change', event => {
  const box = event.target.closest('input[data-role]');
  if (box) send({ref: box.dataset.ref, role: box.dataset.role, on: box.checked});
});
element.addEventListener('click', event => {
  const gone = event.target.closest('button[data-gone]');
  if (!gone) return;
  const all = [...element.querySelectorAll('button[data-gone]')], at = all.indexOf(gone);
  held = (all[at + 1] || all[at - 1] || gone).dataset.key;
  gone.closest('li').setAttribute('aria-busy', 'true');
  send({ref: gone.dataset.gone, role: '', on: false});
});
element.addEventListener('focusin', event => { held = event.target.dataset.key || null; });
document.addEventListener('pointerdown', event => { if (!element.contains(event.target)) held = null; });
new MutationObserver(() => {
  if (!held || document.activeElement !== document.body) return;
  const back = element.querySelector(`[data-key="${CSS.escape(held)}"]`);
  if (back) back.focus({preventScroll: true});
}).observe(element, {childList: true, subtree: true});
"""
GIVEN_SCRIPT = """
let open = innerWidth > 820;
const set = () => { const held = element.querySelector('details'); if (held) held.open = open; };
element.addEventListener('click', event => {
  if (event.target.closest('summary')) open = !element.querySelector('details').open;
});
new MutationObserver(set).observe(element, {childList: true, subtree: true});
set();
"""
CSS = """
#bc-kept,#bc-given{width:100%;padding:0!important}
#bc-kept .html-container,#bc-given .html-container{padding:0!important}
#bc-words .thumbnails{display:none!important}
.bc-refs{list-style:none!important;margin:0!important;padding:0!important;display:flex;flex-direction:column;gap:8px;
 max-height:min(46vh,430px);overflow-y:auto;scrollbar-width:thin;scrollbar-color:var(--bc-gold-line) transparent}
.bc-ref{background:var(--bc-raised);border:1px solid var(--bc-line);border-radius:12px;padding:9px 10px 10px 12px;
 margin:0!important}
.bc-ref[aria-busy=true]{opacity:.45}
.bc-ref-head{display:flex;align-items:center;gap:8px;min-width:0}
.bc-ref-head svg{flex:none;width:18px;height:18px;stroke:var(--bc-gold-text);fill:none;stroke-width:1.7;
 stroke-linecap:round;
 stroke-linejoin:round}
.bc-ref-name{font:600 14px/1.3 system-ui,sans-serif;color:var(--bc-strong);overflow:hidden;text-overflow:ellipsis;
 white-space:nowrap;min-width:0}
.bc-ref-kind{font-size:12.5px;color:var(--bc-quiet);white-space:nowrap}
.bc-dots{display:flex;flex:none;margin-left:auto}
.bc-dots i{width:14px;height:14px;border-radius:99px;margin-left:-4px;box-shadow:0 0 0 2px var(--bc-raised)}
.bc-way{margin-top:8px}
.bc-gone{flex:none;display:grid;place-content:center;margin:-4px -3px -4px auto;padding:0 0 2px;width:28px;height:28px;
 border:0;border-radius:8px;background:none;color:var(--bc-quiet);
 font:400 18px/1 system-ui,sans-serif;cursor:pointer}
.bc-dots+.bc-gone{margin-left:-2px}.bc-gone:hover{background:var(--bc-button-hover);color:var(--bc-strong)}
.bc-ref-told{font-size:13px;line-height:1.4;color:var(--bc-soft);margin:3px 0 0!important;overflow-wrap:anywhere}
.bc-ref-told.wait{color:var(--bc-quiet)}
.bc-ref-told.wait::before{content:"";display:inline-block;width:8px;height:8px;border-radius:99px;
 background:var(--bc-gold-text);
 margin-right:7px;animation:bc-breathe 1.4s ease-in-out infinite}
@keyframes bc-breathe{50%{opacity:.25}}
.bc-roles{display:flex;flex-wrap:wrap;gap:5px;margin-top:8px}
.bc-role{position:relative;display:inline-flex;cursor:pointer;margin:0!important}
.bc-role input{position:absolute;inset:0;opacity:0;margin:0;width:100%!important;height:100%!important;cursor:pointer}
.bc-role span{font-size:12.5px;line-height:1.25;padding:4px 10px;border-radius:99px;
 border:1px solid var(--bc-line-strong);
 color:var(--bc-quiet);background:transparent;transition:background .12s,color .12s}
.bc-role:hover span{border-color:var(--bc-chosen-line);color:var(--bc-text)}
.bc-role input:checked+span{background:var(--bc-chosen);border-color:var(--bc-chosen-line);color:var(--bc-chosen-text)}
.bc-role input:focus-visible+span,.bc-gone:focus-visible{outline:2px solid var(--bc-gold-text);outline-offset:2px}
.bc-given{border:1px solid var(--bc-line);border-radius:12px;background:var(--bc-room);padding:4px 14px 12px;
 overflow-x:auto}
.bc-given summary{cursor:pointer;font:600 12px/1 system-ui,sans-serif;text-transform:uppercase;letter-spacing:.09em;
 color:var(--bc-gold-text);padding:9px 0}
.bc-given summary:focus-visible{outline:2px solid var(--bc-gold-text);outline-offset:2px;border-radius:6px}
.bc-given table{width:100%;border-collapse:collapse;font-size:13.5px;margin:0!important}
.bc-given table,.bc-given tr,.bc-given tbody{border:0!important;background:none!important}
.bc-given caption{text-align:left;font:600 14px/1.4 system-ui,sans-serif;color:var(--bc-strong);padding:8px 0 4px;
 overflow-wrap:anywhere}
.bc-given caption em{font-style:normal;font-weight:400;color:var(--bc-quiet)}
.bc-given th,.bc-given td{text-align:left;vertical-align:top;padding:6px 10px 6px 0!important;border:0!important;
 border-top:1px solid var(--bc-line)!important;background:none!important;color:var(--bc-soft);font-weight:400;
 line-height:1.35}
.bc-given th{color:var(--bc-chosen-text);white-space:nowrap;width:1%}
.bc-given td:last-child{width:42%;padding-right:0!important}
.bc-agreed{display:grid;grid-template-columns:minmax(70px,1fr) auto;gap:2px 10px;align-items:center;
 font-variant-numeric:tabular-nums}
.bc-agreed+.bc-agreed{margin-top:7px}
.bc-agreed b{font-weight:600;color:var(--bc-strong)}.bc-agreed small{grid-column:1/-1;color:var(--bc-quiet);
 font-size:12.5px}
.bc-meter{position:relative;height:6px;border-radius:99px;background:var(--bc-line)}
.bc-meter i{position:absolute;inset:0 auto 0 0;border-radius:99px;background:var(--bc-gold-text)}
.bc-meter u{position:absolute;top:-3px;width:2px;height:12px;background:var(--bc-strong);border-radius:2px}
@media(max-width:820px){.bc-role span{padding:7px 12px;font-size:13px}.bc-gone{width:36px;height:36px}
 .bc-given td:last-child{width:auto}
 .bc-given tr{display:grid;grid-template-columns:auto 1fr;column-gap:10px;
 border-top:1px solid var(--bc-line)!important;padding:5px 0}
 .bc-given td:last-child{grid-column:1/-1}.bc-given td:empty{display:none}
 .bc-given th,.bc-given td{border:0!important;padding:2px 0!important;width:auto!important}
 .bc-refs{max-height:none}}
"""


def rows_html(items: Sequence[Attachment], share: float, revision: int) -> str:
    """The way to the pad, and every reference with its switches. revision makes every writing of it a new one."""
    pad = "<a class='bc-draw' href='/pad' target='_blank' rel='noopener'>✎ Draw, lead, paint</a>"
    rows = "".join(_row(item, share) for item in items)
    count = f"{len(items)} reference{'s' if len(items) != 1 else ''} attached"
    held = f"<ul class='bc-refs' aria-label='{count}'>{rows}</ul>" if items else ""
    return f"<div data-rev='{revision}'>{held}<div class='bc-way'>{pad}</div></div>"


def _row(item: Attachment, share: float) -> str:
    name, ref = html.escape(item.name, quote=True), html.escape(item.id, quote=True)
    dots = "".join(f"<i style='background:{html.escape(colour, quote=True)}'></i>" for colour in item.colours)
    dots = f"<span class='bc-dots' aria-hidden='true'>{dots}</span>" if dots else ""
    if item.state == "told":
        told = f"<p class='bc-ref-told'>{html.escape(item.told)}</p>" if item.told else ""
    else:
        heard = item.kind in ("audio", "speech", "rhythm")
        doing = ("listening" if heard else "looking") if item.state == "looking" else "soon looked at"
        part = f", {share:.0%}" if item.state == "looking" and share >= 0.05 else ""
        told = f"<p class='bc-ref-told wait'>{doing}{part}…</p>"
    roles = "".join(_role(item, role, ref) for role in item.offered)
    rest = "" if item.roles else "<p class='bc-ref-told'>Nothing of it is used: every role is off.</p>"
    return (f"<li class='bc-ref'><div class='bc-ref-head'><svg viewBox='0 0 24 24' aria-hidden='true'>"
            f"<path d='{ICONS[item.kind]}'/></svg><span class='bc-ref-name' title='{name}' dir='auto'>{name}</span>"
            f"<span class='bc-ref-kind'>{_kind(item)}</span>{dots}<button type='button' class='bc-gone' "
            f"data-gone='{ref}' data-key='{ref} gone' aria-label='Remove {name}' title='Remove'>×</button></div>"
            f"{told}<div class='bc-roles' role='group' aria-label='What {name} is used for'>{roles}</div>{rest}</li>")


def _kind(item: Attachment) -> str:
    return SAID[item.kind].removeprefix("a ")


def _role(item: Attachment, role: str, ref: str) -> str:
    on = " checked" if role in item.roles else ""
    return (f"<label class='bc-role' title='{MEANS[role]}'><input type='checkbox' data-ref='{ref}' data-role='{role}' "
            f"data-key='{ref} {role}'{on}><span>{SHOWN.get(role, role)}</span></label>")


def given_html(found: Sequence[Given]) -> str:
    """What references gave to the take on the screen, as a table with what was measured; empty without any."""
    tables = "".join(_table(one) for one in found if one.gifts or one.notes)
    if not tables:
        return ""
    return ("<details class='bc-given' open><summary>What the references gave</summary>" + tables + "</details>")


def _table(one: Given) -> str:
    rows = "".join(f"<tr><th scope='row'>{html.escape(gift.role)}</th><td>{html.escape(gift.said or BESIDE)}</td>"
                   f"<td>{''.join(map(_agreed, gift.agreed))}</td></tr>" for gift in one.gifts)
    return (f"<table><caption>{html.escape(one.name)} <em>{html.escape(one.kind)}</em></caption>"
            f"<tbody>{rows}</tbody></table>"
            + "".join(f"<p class='bc-ref-told'>{html.escape(note)}</p>" for note in one.notes))


def _agreed(agreed: Agreement) -> str:
    """A bar of how close it is, with a mark where a shuffled reference would be, and the numbers."""
    def close(value: float) -> float:
        return min(1.0, max(0.0, 1.0 - value if agreed.less else value))

    chance = "" if agreed.chance is None else f"<u style='left:calc({close(agreed.chance):.1%} - 1px)'></u>"
    words = "" if agreed.chance is None else f", by chance {agreed.chance:.2f}"
    bar = f"<i style='width:{close(agreed.value):.1%}'></i>"
    return (f"<div class='bc-agreed'><span class='bc-meter' aria-hidden='true'>{bar}{chance}</span>"
            f"<b>{agreed.value:.2f}</b><small>{html.escape(agreed.label)}{words}</small></div>")
