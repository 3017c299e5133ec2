"""The room: one warm place by day and by night, as the reader's own system asks. Fonts of the system, so nothing is
fetched. Colours have one name each; texts stand out at least 4.5 to 1 from what is behind them."""

from __future__ import annotations

from gradio import themes

from ui_gen.widget_style import CSS as WIDGETS
from ui_gen.widgets import LIBRARY

# name: (by day, by night)
COLOURS = {
    "ground": ("#f4eee3", "#171512"), "room": ("#fffdf8", "#1d1a17"), "raised": ("#f8f2e7", "#221f1b"),
    "field": ("#ffffff", "#262220"), "line": ("#ddd2c0", "#37322b"), "line-strong": ("#a89a83", "#5b5247"),
    "text": ("#2b251d", "#f0eadf"), "strong": ("#1a1611", "#f4efe6"), "soft": ("#4a4238", "#cfc6b6"),
    "quiet": ("#655b4e", "#b9b0a2"), "gold": ("#e9a21f", "#f2b43c"), "gold-hover": ("#f7b53a", "#ffc957"),
    "gold-text": ("#855600", "#f2b43c"), "ink": ("#1d1608", "#1d1608"), "gold-soft": ("#fbeccb", "#33291a"),
    "gold-line": ("#cfa95a", "#5a4a26"), "chosen": ("#fbe6b8", "#4a3814"), "chosen-line": ("#c08a1e", "#a97e25"),
    "chosen-text": ("#5c3c00", "#ffdf9b"), "button": ("#ece3d3", "#332e28"), "button-hover": ("#e0d4c0", "#443d35"),
    "bar": ("#f0c877", "#7a5716"), "second": ("#2f7fb5", "#6cb6e8"), "label": ("#4a4238", "#d8d0c2"),
    "hint": ("#6d6356", "#a79d8e")}
# Gradio's names, and ours for what they should be.
GRADIO = {"body_background_fill": "ground", "background_fill_primary": "room", "background_fill_secondary": "raised",
          "block_background_fill": "room", "body_text_color": "text", "body_text_color_subdued": "quiet",
          "block_border_color": "line", "border_color_primary": "line", "input_background_fill": "field",
          "input_placeholder_color": "hint", "block_label_text_color": "label", "block_label_background_fill": "field",
          "block_title_text_color": "text", "block_info_text_color": "quiet", "button_primary_background_fill": "gold",
          "button_primary_background_fill_hover": "gold-hover", "button_primary_text_color": "ink",
          "button_secondary_background_fill": "button", "button_secondary_background_fill_hover": "button-hover",
          "button_secondary_text_color": "text", "slider_color": "gold", "panel_background_fill": "room",
          "table_even_background_fill": "raised", "table_odd_background_fill": "room",
          "color_accent_soft": "gold-soft", "checkbox_background_color": "field",
          "checkbox_label_background_fill": "raised", "checkbox_label_text_color": "text"}


def theme() -> themes.Base:
    """Gradio's own parts in the colours of the room."""
    stack = ["system-ui", "Segoe UI", "Roboto", "sans-serif"]
    base = themes.Base(primary_hue=themes.colors.amber, neutral_hue=themes.colors.stone, font=stack,
                       font_mono=["ui-monospace", "monospace"], radius_size=themes.sizes.radius_md)
    day = {name: COLOURS[ours][0] for name, ours in GRADIO.items()}
    night = {f"{name}_dark": COLOURS[ours][1] for name, ours in GRADIO.items()}
    return base.set(**day, **night)


def _names(side: int) -> str:
    return "".join(f"--bc-{name}:{pair[side]};" for name, pair in COLOURS.items())


CSS = f":root{{color-scheme:light;{_names(0)}}}.dark{{color-scheme:dark;{_names(1)}}}" + """
.gradio-container{max-width:2200px!important;margin:0 auto!important;padding:10px 18px!important}
footer{display:none!important}
.bc-mark{font:600 22px/1 ui-rounded,system-ui,sans-serif;letter-spacing:-.02em;margin:4px 0 8px;color:var(--bc-strong)}
.bc-mark span{color:var(--bc-gold-text)}
#bc-coming img{background:#0c0b0a;border-radius:10px;max-height:62vh;width:100%}
.bc-title{font:600 17px/1.3 system-ui,sans-serif;margin:0;color:var(--bc-strong)}
.bc-sub{font-size:13px;color:var(--bc-quiet);margin:2px 0 6px}
.bc-warm{color:var(--bc-gold-text)}
.bc-live{display:inline-block;color:var(--bc-ink)!important;background:var(--bc-gold);border-radius:9px;
 padding:5px 12px;
 font:600 13px/1.3 system-ui,sans-serif;text-decoration:none!important;margin:2px 0 4px}
.bc-live:hover{background:var(--bc-gold-hover)}
.bc-draw{display:inline-block;color:var(--bc-gold-text)!important;border:1px solid var(--bc-gold-line);
 border-radius:9px;
 padding:5px 12px;font:600 13px/1.3 system-ui,sans-serif;text-decoration:none!important;margin-right:6px}
.bc-draw:hover{background:var(--bc-gold-soft)}
.bc-empty{color:var(--bc-quiet);padding:18px 6px;font-size:15px}
.bc-section{border:1px solid var(--bc-line)!important;border-radius:12px!important}
.bc-section h3{font:600 12px/1 system-ui,sans-serif;text-transform:uppercase;letter-spacing:.09em;
 color:var(--bc-chosen-text);margin:14px 14px 4px}
.bc-work{position:relative;overflow:hidden;display:flex;justify-content:space-between;gap:12px;
 background:var(--bc-raised);border:1px solid var(--bc-line);border-radius:10px;padding:9px 14px;margin-bottom:8px;
 color:var(--bc-strong);font-size:14px}
.bc-work .bc-bar{position:absolute;inset:0 auto 0 0;background:var(--bc-bar);opacity:.75;transition:width .5s linear}
.bc-work span,.bc-work em{position:relative;font-style:normal;font-variant-numeric:tabular-nums}
#bc-stop{max-width:110px}
.bc-engines h4{font:600 12px/1 system-ui,sans-serif;text-transform:uppercase;letter-spacing:.09em;
 color:var(--bc-chosen-text);margin:12px 0 4px}
.bc-engines ul{list-style:none;margin:0;padding:0}
.bc-engines li{padding:6px 0;border-bottom:1px solid var(--bc-line);font-size:13px;color:var(--bc-text)}
.bc-engines i{font-style:normal;color:var(--bc-quiet);margin-left:6px}
.bc-engines li[data-state=ready] i{color:var(--bc-gold-text)}
.bc-engines summary{cursor:pointer;min-height:24px}
.bc-engines p{display:block !important;margin:4px 0;color:var(--bc-quiet);font-size:12px;line-height:1.45}
.bc-engines code{display:block;margin:4px 0;padding:4px 6px;font-size:12px;user-select:all;overflow-wrap:anywhere;
 color:var(--bc-strong)}
#bc-chat button[aria-label="Clear"]{display:none!important}
@media(max-width:820px){#bc-desk{flex-direction:column}#bc-screen{order:1}#bc-talk{order:2}#bc-panel{order:3}
 #bc-chat{height:300px!important}
 #bc-desk>*{min-width:0!important;width:100%}}
#bc-screen{min-width:0!important}
#bc-status:not(:has(.bc-work)),#bc-bar:not(:has(.bc-row)),#bc-ideas:not(:has(.bc-ideas)),
#bc-tree:not(:has(.bc-tree)),#bc-given:not(:has(.bc-given)){display:none!important}
""" + WIDGETS

# The scripts of the widgets, and the frame around the page, which the sheet above does not reach: Gradio writes its own
# scope before every rule of it.
HEAD = """<style>html{scroll-padding-bottom:110px}html body .gradio-container.gradio-container{overflow:clip!important}
@media(max-width:820px){html body .gradio-container.gradio-container{padding:4px 8px!important}
html body .main.fillable.fillable{padding:4px!important}}</style>""" + LIBRARY

__all__ = ["COLOURS", "CSS", "HEAD", "theme"]
