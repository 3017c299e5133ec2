"""Starting the studio: theme, files it may serve, and the address. Loopback unless told otherwise."""

from __future__ import annotations

import sys
import threading

from gradio import themes

from agent.studio import Studio
from modalities.faults import Unusable
from ui_gen.attached_page import CSS as REFERENCES
from ui_gen.desk import Desk
from ui_gen.live_socket import live_routes
from ui_gen.pad_routes import pad_routes
from ui_gen.render import build

CSS = """
.gradio-container{max-width:1760px!important;margin:0 auto!important;padding:10px 18px!important}
footer{display:none!important}
.bc-mark{font:600 22px/1 ui-rounded,system-ui,sans-serif;letter-spacing:-.02em;margin:4px 0 8px;color:#f4efe6}
.bc-mark span{color:#f2b43c}
#bc-film video,#bc-before video,#bc-coming img{background:#0c0b0a;border-radius:10px;max-height:62vh;width:100%}
.bc-title{font:600 17px/1.3 system-ui,sans-serif;margin:0;color:#f4efe6}
.bc-sub{font-size:13px;color:#b9b0a2;margin:2px 0 6px}
.bc-warm{color:#f2b43c}
.bc-live{display:inline-block;color:#1d1608!important;background:#f2b43c;border-radius:9px;padding:5px 12px;
 font:600 13px/1.3 system-ui,sans-serif;text-decoration:none!important;margin:2px 0 4px}
.bc-live:hover{background:#ffc957}
.bc-draw{display:inline-block;color:#f2b43c!important;border:1px solid #5a4a26;border-radius:9px;padding:5px 12px;
 font:600 13px/1.3 system-ui,sans-serif;text-decoration:none!important;margin-right:6px}
.bc-draw:hover{background:#33291a}
.bc-empty{color:#b9b0a2;padding:18px 6px;font-size:15px}
.bc-section{border:1px solid #37322b!important;border-radius:12px!important}
.bc-section h3{font:600 12px/1 system-ui,sans-serif;text-transform:uppercase;letter-spacing:.09em;color:#f2b43c;
 margin:12px 14px 2px}
.bc-work{position:relative;overflow:hidden;display:flex;justify-content:space-between;gap:12px;background:#221f1b;
 border:1px solid #37322b;border-radius:10px;padding:9px 14px;margin-bottom:8px;color:#f4efe6;font-size:14px}
.bc-work .bc-bar{position:absolute;inset:0 auto 0 0;background:#7a5716;opacity:.75;transition:width .5s linear}
.bc-work span,.bc-work em{position:relative;font-style:normal;font-variant-numeric:tabular-nums}
#bc-stop{max-width:110px}
.bc-idea{justify-content:flex-start!important;text-align:left!important;font-weight:400!important;white-space:normal!important}
#bc-chat button[aria-label="Clear"]{display:none!important}
@media(max-width:820px){#bc-desk{flex-direction:column}#bc-screen{order:1}#bc-talk{order:2}#bc-panel{order:3}
 #bc-chat{height:300px!important}
 #bc-desk>*{min-width:0!important;width:100%}}
#bc-gallery .grid-container{grid-template-columns:repeat(auto-fill,minmax(104px,1fr))!important}
#bc-gallery,#bc-screen{min-width:0!important}
#bc-status:empty,#bc-status:has(.prose:empty){display:none}
"""

# The frame around the page, which the sheet above does not reach: Gradio writes its own scope before every rule of it.
PHONE = """<style>@media(max-width:820px){html body .gradio-container.gradio-container{padding:4px 8px!important}
html body .main.fillable.fillable{padding:4px!important}}</style>"""


def theme() -> themes.Base:
    """One warm, dark room, the same by day and by night; fonts of the system, so nothing is fetched."""
    stack = ["system-ui", "Segoe UI", "Roboto", "sans-serif"]
    base = themes.Base(primary_hue=themes.colors.amber, neutral_hue=themes.colors.stone, font=stack,
                          font_mono=["ui-monospace", "monospace"], radius_size=themes.sizes.radius_md)
    room = {"body_background_fill": "#171512", "background_fill_primary": "#1d1a17",
            "background_fill_secondary": "#221f1b", "block_background_fill": "#1d1a17", "body_text_color": "#f0eadf",
            "body_text_color_subdued": "#b9b0a2", "block_border_color": "#37322b", "border_color_primary": "#37322b",
            "input_background_fill": "#262220", "input_placeholder_color": "#a79d8e",
            "block_label_text_color": "#d8d0c2",
            "block_label_background_fill": "#262220", "block_title_text_color": "#f0eadf",
            "block_info_text_color": "#b9b0a2", "button_primary_background_fill": "#f2b43c",
            "button_primary_background_fill_hover": "#ffc957", "button_primary_text_color": "#1d1608",
            "button_secondary_background_fill": "#332e28", "button_secondary_background_fill_hover": "#443d35",
            "button_secondary_text_color": "#f0eadf", "slider_color": "#f2b43c", "panel_background_fill": "#1d1a17",
            "table_even_background_fill": "#221f1b", "table_odd_background_fill": "#1d1a17",
            "color_accent_soft": "#33291a", "checkbox_background_color": "#262220",
            "checkbox_label_background_fill": "#221f1b", "checkbox_label_text_color": "#f0eadf"}
    return base.set(**room, **{f"{name}_dark": value for name, value in room.items()})


def _wake(desk: Desk) -> None:
    """What the first line would wait for is loaded while the creator looks around; then what was cut off goes on."""
    from agent.talk import warm

    warm()
    desk.go_on()


def launch(studio: Studio, host: str, port: int, *, open_browser: bool) -> None:
    """Serve until interrupted. Raises Unusable when the address cannot be used."""
    desk = Desk(studio)
    page = build(desk)
    if host not in ("127.0.0.1", "localhost", "::1"):
        sys.stderr.write(f"Listening on {host}: everyone who can reach it can use this studio.\n")
    try:
        app, _, _ = page.queue(default_concurrency_limit=8).launch(
            server_name=host, server_port=port, inbrowser=open_browser, quiet=True, ssr_mode=False, footer_links=[],
            allowed_paths=[str(studio.store.takes_dir)], theme=theme(), css=CSS + REFERENCES, head=PHONE,
            max_file_size="4gb", prevent_thread_lock=True, show_error=True, enable_monitoring=False)
    except OSError as fault:
        raise Unusable(f"The studio cannot listen on {host}:{port} ({fault}); try another --port.") from None
    # Before the page's own routes, which would answer for every address.
    app.router.routes[:0] = [*live_routes(desk, host), *pad_routes(desk, host)]
    threading.Thread(target=_wake, args=(desk,), daemon=True, name="beecam-wake").start()
    sys.stderr.write(f"The studio is open at {page.local_url}  (Ctrl-C ends it)\n")
    sys.stderr.flush()
    try:
        page.block_thread()
    finally:
        desk.stop()
        desk.finish(3.0)
        page.close(verbose=False)
