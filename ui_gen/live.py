"""Starting the studio: theme, files it may serve, and the address. Loopback unless told otherwise."""

from __future__ import annotations

import sys
import threading
from contextlib import suppress

from agent.ideas import FOLDER as IDEAS_IN
from agent.studio import Studio
from modalities.faults import Unusable
from ui_gen.api_serve import api_routes
from ui_gen.api_sign_in import behind
from ui_gen.attached_page import CSS as REFERENCES
from ui_gen.desk import Desk
from ui_gen.ideas_page import CSS as IDEAS
from ui_gen.live_socket import live_routes
from ui_gen.pad_routes import pad_routes
from ui_gen.render import build
from ui_gen.render_room import CSS as ROOM
from ui_gen.render_room import HEAD, theme
from ui_gen.stage_script import CSS as STAGE
from ui_gen.take_bar import CSS as BAR
from ui_gen.tree_posters import FOLDER as THUMBS
from ui_gen.tree_script import CSS as TREE


def _wake(desk: Desk) -> None:
    """What the first line would wait for is loaded while the creator looks around; then what was cut off goes on."""
    from agent.talk import warm

    warm()
    desk.go_on()
    _draw_once()


def _draw_once() -> None:
    """The first picture of a process loads the kernels, or compiles them: better now than when somebody waits."""
    from agent.direction import Direction, Shot, Span
    from agent.unroll import unroll
    from world_model.sim.picture import Renderer

    world = unroll(Direction(duration_s=1.0, shots=(Shot(id="s1", span=Span(s=(0.0, 1.0))),)))
    Renderer((64, 36), threads=1).render(world.state, 0)


def launch(studio: Studio, host: str, port: int, *, open_browser: bool) -> None:
    """Serve until interrupted. Raises Unusable when the address cannot be used."""
    desk = Desk(studio)
    more, end_jobs = api_routes(studio.store.root, host)
    page = build(desk)
    try:
        app, _, _ = page.queue(default_concurrency_limit=8).launch(
            server_name=host, server_port=port, inbrowser=open_browser, quiet=True, ssr_mode=False, footer_links=[],
            allowed_paths=[str(studio.store.takes_dir), *(str(studio.store.root / one) for one in (IDEAS_IN, THUMBS))],
            theme=theme(), css=ROOM + BAR + STAGE + IDEAS + TREE + REFERENCES, head=HEAD,
            max_file_size="4gb", prevent_thread_lock=True, show_error=True, enable_monitoring=False,
            app_kwargs={"middleware": behind(host)})
    except OSError as fault:
        raise Unusable(f"The studio cannot listen on {host}:{port} ({fault}); try another --port.") from None
    # Before the page's own routes, which would answer for every address.
    app.router.routes[:0] = [*live_routes(desk, host), *pad_routes(desk, host), *more]
    if behind(host):
        sys.stderr.write(f"Listening on {host}: who opens the page signs in with the token that beecam token prints.\n")
    threading.Thread(target=_wake, args=(desk,), daemon=True, name="beecam-wake").start()
    sys.stderr.write(f"The studio is open at {page.local_url}  (Ctrl-C ends it)\n")
    sys.stderr.flush()
    try:
        # Not Gradio's own waiting, which would close the server before what streams from it is told to end.
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
    finally:
        desk.stop()
        desk.panels.close()
        end_jobs()
        desk.finish(3.0)
        page.close(verbose=False)
