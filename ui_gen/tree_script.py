"""How the tree of takes looks and answers: click or Enter shows a take, with Shift it stands beside; arrows move."""

from __future__ import annotations

from ui_gen.tree_page import NODE_H, NODE_W, POSTER_H

SCRIPT = """
let second = false, seen = null;
const nodes = () => [...element.querySelectorAll('.bc-node')];
const at = node => ({x: node.offsetLeft + node.offsetWidth / 2, y: node.offsetTop + node.offsetHeight / 2});
const mark = () => {
  const button = element.querySelector('[data-second]');
  if (button) button.setAttribute('aria-pressed', String(second));
};
element.addEventListener('click', event => {
  if (event.target.closest('[data-second]')) { second = !second; mark(); return; }
  if (event.target.closest('[data-ab]')) {
    window.dispatchEvent(new CustomEvent('bc-stage', {detail: 'wipe'}));
    return;
  }
  const node = event.target.closest('.bc-node');
  if (!node) return;
  const beside = second || event.shiftKey;
  second = false; mark();
  held = node.dataset.take;
  if (beside && node.getAttribute('aria-current')) return;
  trigger('select', {do: beside ? 'compare' : 'show', take: node.dataset.take});
});
element.addEventListener('keydown', event => {
  const node = event.target.closest('.bc-node');
  if (!node) return;
  const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
  let to = null;
  if (step) {
    const here = at(node);
    if (event.key === 'ArrowLeft') to = nodes().find(one => one.dataset.take === node.dataset.from);
    if (event.key === 'ArrowRight') to = nodes().find(one => one.dataset.from === node.dataset.take);
    let best = Infinity;
    if (!to) for (const one of nodes()) {
      const there = at(one), along = (there.x - here.x) * step[0] + (there.y - here.y) * step[1];
      const aside = Math.abs((there.x - here.x) * step[1]) + Math.abs((there.y - here.y) * step[0]);
      if (along > 4 && along + 3 * aside < best) { best = along + 3 * aside; to = one; }
    }
  } else if (event.key === 'Home') to = nodes()[0];
  else if (event.key === 'End') to = nodes().at(-1);
  else if (event.key === 'Escape' && second) { second = false; mark(); return; }
  else return;
  event.preventDefault();
  if (!to) return;
  for (const one of nodes()) one.tabIndex = one === to ? 0 : -1;
  to.focus();
});
const reveal = () => {
  mark();
  const node = element.querySelector('.bc-node[aria-current]'), box = element.querySelector('.bc-tree');
  if (!node || !box) return;
  if (node.dataset.take === seen && box.dataset.placed) return;
  box.scrollLeft = Math.max(0, node.offsetLeft + node.offsetWidth - box.clientWidth * .75);
  box.scrollTop = Math.max(0, node.offsetTop + node.offsetHeight - box.clientHeight * .75);
  seen = node.dataset.take; box.dataset.placed = 'yes';
};
new MutationObserver(reveal).observe(element, {childList: true, subtree: true});
reveal();
"""
CSS = f"""
.bc-tree-head{{padding:2px 0 8px}}
.bc-tree-head h2{{font:600 15px/1.3 system-ui,sans-serif;margin:0!important;color:var(--bc-strong)}}
.bc-pair{{font-size:13px;color:var(--bc-quiet);margin-left:4px}}
.bc-tree{{position:relative;contain:inline-size;overflow:auto;max-height:min(46vh,430px);
 border:1px solid var(--bc-line);border-radius:12px;
 background:var(--bc-room);padding:10px;scrollbar-width:thin;scrollbar-color:var(--bc-line-strong) transparent;
 overscroll-behavior:contain}}
.bc-tree-all{{position:relative}}
.bc-tree-all svg{{position:absolute;inset:0;pointer-events:none}}
.bc-tree-all path{{fill:none;stroke:var(--bc-line-strong);stroke-width:2}}
.bc-tree-all path.second{{stroke-dasharray:4 4;stroke:var(--bc-gold-text)}}
.bc-node{{position:absolute;display:block;width:{NODE_W}px;height:{NODE_H}px;padding:0;border:0;background:none;
 cursor:pointer;text-align:left;border-radius:9px}}
.bc-node img,.bc-node i{{display:block;width:{NODE_W}px;height:{POSTER_H}px;object-fit:cover;border-radius:8px;
 background:var(--bc-raised);box-shadow:0 0 0 1px var(--bc-line)}}
.bc-node span{{display:block;font:500 12px/1.25 system-ui,sans-serif;color:var(--bc-text);white-space:nowrap;
 overflow:hidden;text-overflow:ellipsis;margin-top:4px}}
.bc-node small{{display:block;font:400 11px/1.2 system-ui,sans-serif;color:var(--bc-quiet)}}
.bc-node b{{position:absolute;top:3px;right:4px;font:400 15px/1 system-ui,sans-serif;color:#ffc957;
 text-shadow:0 0 3px #000,0 1px 2px #000}}
.bc-node[aria-current] img,.bc-node[aria-current] i{{box-shadow:0 0 0 3px var(--bc-gold)}}
.bc-node[aria-current] span{{color:var(--bc-gold-text);font-weight:600}}
.bc-node.second img{{box-shadow:0 0 0 3px var(--bc-second)}}
.bc-node.discarded img{{opacity:.35;filter:grayscale(1)}}
.bc-node.discarded span{{text-decoration:line-through;color:var(--bc-quiet)}}
.bc-node:focus-visible{{outline:2px solid var(--bc-gold-text);outline-offset:4px}}
.bc-node:hover img{{filter:brightness(1.12)}}
@media(max-width:820px){{.bc-tree{{max-height:52vh}}}}
"""

__all__ = ["CSS", "SCRIPT"]
