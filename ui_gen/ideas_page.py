"""Ideas nobody asked for, as a strip of small films that move: title, why, and the way to take one. Text is escaped."""

from __future__ import annotations

import html
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

CSS = """
.bc-ideas{border:1px solid var(--bc-line);border-radius:12px;background:var(--bc-room);padding:10px 12px 12px}
.bc-ideas h2{font:600 15px/1.3 system-ui,sans-serif;margin:0!important;color:var(--bc-strong)}
.bc-ideas-head{display:flex;align-items:center;justify-content:space-between;gap:10px;margin-bottom:8px}
.bc-ideas ul{list-style:none!important;margin:0!important;padding:0!important;display:grid;gap:10px;
 grid-template-columns:repeat(4,minmax(0,1fr))}
.bc-ideas li{display:flex;flex-direction:column;margin:0!important;border-radius:10px;overflow:hidden;
 background:var(--bc-raised);border:1px solid var(--bc-line)}
.bc-ideas video{display:block;width:100%;aspect-ratio:16/9;object-fit:cover;background:#0c0b0a}
.bc-ideas li>div{display:flex;flex-direction:column;gap:5px;padding:8px 10px 10px;flex:1}
.bc-ideas strong{font:600 13.5px/1.3 system-ui,sans-serif;color:var(--bc-strong);overflow-wrap:anywhere}
.bc-ideas p{font-size:12.5px;line-height:1.4;color:var(--bc-soft);margin:0 0 auto!important;overflow-wrap:anywhere;
 display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:6;overflow:hidden}
.bc-ideas .bc-quiet{justify-content:center;margin-top:4px}
@media(max-width:1100px){.bc-ideas ul{grid-template-columns:repeat(2,minmax(0,1fr))}}
"""
# Those who asked for less motion get still pictures, which move while they are pointed at.
SCRIPT = """
const still = matchMedia('(prefers-reduced-motion: reduce)');
const play = () => {
  for (const one of element.querySelectorAll('video')) still.matches ? one.pause() : one.play().catch(() => 0);
};
new MutationObserver(play).observe(element, {childList: true, subtree: true});
for (const kind of ['pointerover', 'focusin']) element.addEventListener(kind, event => {
  const card = event.target.closest('li'); if (card) card.querySelector('video').play().catch(() => 0);
});
play();
"""


def file_url(path: Path) -> str:
    """Where the page gets a file of the project; relative, so that a prefix before the page does no harm."""
    return f"gradio_api/file={quote(str(path), safe='/')}"


def ideas_html(ideas: Sequence[dict[str, Any]], take: str | None, busy: bool) -> str:
    """The strip; empty without ideas. busy: a film is being made, so none can be taken now."""
    if not ideas or take is None:
        return ""
    cards = "".join(_card(number, one, busy) for number, one in enumerate(ideas))
    return (f"<section class='bc-ideas' aria-label='Ideas for {take}'><div class='bc-ideas-head'>"
            f"<h2>What if…</h2><button type='button' class='bc-quiet' data-do='no_ideas' data-key='no ideas'>"
            f"None of these</button></div><ul>{cards}</ul></section>")


def _card(number: int, idea: dict[str, Any], busy: bool) -> str:
    title = html.escape(str(idea["title"]), quote=True)
    url = html.escape(file_url(Path(str(idea["preview"]))), quote=True)
    off, why = " disabled" if busy else "", html.escape(str(idea["why"]), quote=True)
    return (f"<li><video src='{url}' muted loop autoplay playsinline preload='auto' aria-hidden='true' tabindex='-1'>"
            f"</video><div><strong>{title}</strong><p title='{why}'>{why}</p>"
            f"<button type='button' class='bc-quiet' data-do='idea' data-number='{number}' data-key='idea {number}' "
            f"aria-label='Take this one: {title}'{off}>Take this one</button></div></li>")


__all__ = ["CSS", "SCRIPT", "file_url", "ideas_html"]
