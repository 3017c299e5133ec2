"""Under the film: star, name, note, discard, undo, redo, surprise me, and what changed since the take before. Also the
script that all such rows share: it says what was clicked and keeps the keyboard's place when a row is written anew."""

from __future__ import annotations

import html
from collections.abc import Sequence

from modalities.take_labels import LONGEST_NAME, LONGEST_NOTE, Label

ICONS = {"star": "M12 3.6l2.6 5.3 5.8.8-4.2 4.1 1 5.8-5.2-2.7-5.2 2.7 1-5.8L3.6 9.7l5.8-.8z",
         "undo": "M8 5L3.5 9.5 8 14M4 9.5h9.5a6 6 0 0 1 0 10H9",
         "redo": "M16 5l4.5 4.5L16 14M20 9.5h-9.5a6 6 0 0 0 0 10H15",
         "spark": "M12 3v4M12 17v4M3 12h4M17 12h4M6 6l2.4 2.4M15.6 15.6L18 18M18 6l-2.4 2.4M8.4 15.6L6 18",
         "bin": "M5 7h14M10 4h4M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5", "keep": "M5 12.5l4.5 4.5L19 7.5"}
# send(): everything an element says of itself in data-*, so that the server checks one shape.
SCRIPT = """
let held = null;
const open = new Set();
const said = target => {
  const data = {do: target.dataset.do};
  if (target.dataset.take) data.take = target.dataset.take;
  if (target.dataset.on) data.on = target.dataset.on === 'true';
  if (target.dataset.number) data.number = Number(target.dataset.number);
  if ('text' in target.dataset) data.text = target.value;
  return data;
};
element.addEventListener('click', event => {
  const target = event.target.closest('button[data-do]');
  if (!target || target.disabled || target.getAttribute('aria-disabled') === 'true') return;
  held = target.dataset.key || held;
  trigger('select', said(target));
});
element.addEventListener('change', event => {
  if (event.target.matches('[data-text]')) trigger('select', said(event.target));
});
element.addEventListener('keydown', event => {
  if (event.key === 'Enter' && event.target.matches('input[data-text]')) event.target.blur();
});
element.addEventListener('toggle', event => {
  const key = event.target.dataset && event.target.dataset.key;
  if (key && event.target.isConnected) event.target.open ? open.add(key) : open.delete(key);
}, true);
element.addEventListener('focusin', event => { held = event.target.dataset.key || null; });
document.addEventListener('pointerdown', event => { if (!element.contains(event.target)) held = null; });
new MutationObserver(() => {
  for (const one of element.querySelectorAll('details[data-key]')) if (open.has(one.dataset.key)) one.open = true;
  if (!held || document.activeElement !== document.body) return;
  const back = element.querySelector(`[data-key="${CSS.escape(held)}"]`);
  if (back) back.focus({preventScroll: true});
}).observe(element, {childList: true, subtree: true});
"""
CSS = """
#bc-bar,#bc-ideas,#bc-tree,#bc-stage{width:100%;padding:0!important;min-width:0}
#bc-bar .html-container,#bc-ideas .html-container,#bc-tree .html-container,#bc-stage .html-container{
 padding:0!important}
.bc-row button,.bc-row input,.bc-row h2{margin:0!important}
.bc-row{display:flex;flex-wrap:wrap;align-items:center;gap:6px}
.bc-quiet{display:inline-flex;align-items:center;gap:6px;min-height:32px;padding:4px 11px;border-radius:9px;
 cursor:pointer;border:1px solid var(--bc-line);background:var(--bc-raised);color:var(--bc-soft);
 font:500 13px/1.2 system-ui,sans-serif}
.bc-quiet:hover:not(:disabled){background:var(--bc-button-hover);color:var(--bc-strong)}
.bc-quiet:disabled{opacity:.45;cursor:default}
.bc-quiet[aria-pressed=true]{background:var(--bc-chosen);border-color:var(--bc-chosen-line);color:var(--bc-chosen-text)}
.bc-quiet svg,.bc-tool svg{width:16px;height:16px;fill:none;stroke:currentColor;stroke-width:1.8;stroke-linecap:round;
 stroke-linejoin:round;flex:none}
.bc-star[aria-pressed=true] svg{fill:var(--bc-gold);stroke:var(--bc-gold)}
.bc-icon{padding:4px 8px}
.bc-field{min-height:32px;border-radius:9px;border:1px solid var(--bc-line-strong);background:var(--bc-field);
 color:var(--bc-text);font:400 13.5px/1.3 system-ui,sans-serif;padding:4px 10px;min-width:0}
.bc-field::placeholder{color:var(--bc-quiet);opacity:1}
input.bc-field{flex:1 1 150px;max-width:260px}
textarea.bc-field{width:100%;min-height:64px;resize:vertical;margin-top:6px}
.bc-quiet:focus-visible,.bc-field:focus-visible,.bc-more summary:focus-visible{outline:2px solid var(--bc-gold-text);
 outline-offset:2px}
.bc-gap{flex:1}
.bc-more{font-size:13.5px;color:var(--bc-soft);margin-top:4px}
.bc-more summary{cursor:pointer;color:var(--bc-quiet);padding:5px 2px;border-radius:6px;width:fit-content}
.bc-more summary:hover{color:var(--bc-strong)}
.bc-more ul{margin:2px 0 6px!important;padding-left:20px!important;list-style:disc!important;line-height:1.5}
.bc-more li{color:var(--bc-soft);overflow-wrap:anywhere}
@media(max-width:820px){.bc-quiet{min-height:40px}.bc-field{min-height:40px;font-size:16px}}
"""


def icon(name: str) -> str:
    return f"<svg viewBox='0 0 24 24' aria-hidden='true'><path d='{ICONS[name]}'/></svg>"


def bar_html(take: str | None, label: Label, before: str | None, after: str | None, changed: Sequence[str]) -> str:
    """The row for the take on the screen; empty without one. before, after: where undo and redo lead."""
    if take is None:
        return ""
    name, note = html.escape(label.name, quote=True), html.escape(label.note)
    star = "Take the star away" if label.starred else "Star this take"
    gone = ("keep", "Keep", "Keep this take after all") if label.discarded else ("bin", "Discard", "Discard this take")
    told = "".join(f"<li dir='auto'>{html.escape(one)}</li>" for one in changed)
    more = (f"<details class='bc-more' data-key='changed'><summary>What changed since {before}</summary>"
            f"<ul>{told}</ul></details>") if told else ""
    return (
        f"<div class='bc-row' role='group' aria-label='This take, {take}'>"
        f"<button type='button' class='bc-quiet bc-icon bc-star' data-do='star' data-take='{take}' data-key='star' "
        f"data-on='{str(not label.starred).lower()}' aria-pressed='{str(label.starred).lower()}' aria-label='{star}' "
        f"title='{star}'>{icon('star')}</button>"
        f"<input class='bc-field' data-do='name' data-text data-take='{take}' data-key='name' value='{name}' "
        f"maxlength='{LONGEST_NAME}' placeholder='Name {take}' aria-label='Name of this take' dir='auto'>"
        f"<button type='button' class='bc-quiet bc-icon' data-do='discard' data-take='{take}' data-key='discard' "
        f"data-on='{str(not label.discarded).lower()}' aria-label='{gone[2]}' title='{gone[2]}'>"
        f"{icon(gone[0])}</button>"
        f"<span class='bc-gap'></span>"
        + _way("undo", "Undo", before, "Back to") + _way("redo", "Redo", after, "On to")
        + f"<button type='button' class='bc-quiet' data-do='surprise' data-key='surprise' "
          f"title='Four ideas nobody asked for'>{icon('spark')}Surprise me</button></div>"
        + more
        + f"<details class='bc-more' data-key='note'{' open' if note else ''}><summary>Note</summary>"
          f"<textarea class='bc-field' data-do='note' data-text data-take='{take}' data-key='note text' "
          f"maxlength='{LONGEST_NOTE}' aria-label='Note about this take' dir='auto'>{note}</textarea></details>")


def _way(do: str, word: str, take: str | None, where: str) -> str:
    off = "" if take else " disabled"
    said = f"{where} {take}" if take else f"Nothing to {do}"
    return (f"<button type='button' class='bc-quiet' data-do='{do}' data-key='{do}' title='{said}' "
            f"aria-label='{word}: {said}'{off}>{icon(do)}{word}</button>")


__all__ = ["CSS", "SCRIPT", "bar_html", "icon"]
