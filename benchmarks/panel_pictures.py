"""Screenshots of generated panels, side by side: the same studio, other kinds of work.

    python -m benchmarks.panel_pictures [--out docs/images/panels.jpg]

Makes a short small film of every kind in a project of its own, opens the studio in Chromium and photographs its panels.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from io import BytesIO
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
FILMS = ("music video for my song, techno, neon city, cars, 4 s", "a bee over poppies, cel animation, 2 s",
         "landscape of mountains at sunrise, mist, photoreal, 2 s", "portrait of a fox, close up, photoreal, 2 s",
         "foley for a boat in a storm at sea, 2 s", "redraw in the style of watercolour: a village by a lake, 2 s")
WIDE_PX, HIGH_PX, COLUMNS = 400, 1120, 3


def panels(folder: Path) -> list[Image.Image]:
    """A picture of each film's panel, in the order of FILMS."""
    sys.path.insert(0, str(ROOT))
    from tests.browser import browser, served

    found: list[Image.Image] = []
    with browser() as chromium:
        for number, words in enumerate(FILMS):
            project = folder / str(number)
            subprocess.run([sys.executable, str(ROOT / "app.py"), "make", words, "--size", "192x108", "--fps", "12",
                            "--project", str(project)], check=True, capture_output=True)
            server, address = served(project)
            try:
                page = chromium.new_page(viewport={"width": 1500, "height": 1900}, color_scheme="dark")
                page.goto(address)
                page.wait_for_function("document.querySelectorAll('[id^=bc-c-]').length === 7", timeout=90_000)
                page.wait_for_timeout(1500)
                shot = page.locator("#bc-panel").screenshot()
                page.close()
            finally:
                server.terminate()
                server.wait(30)
            found.append(Image.open(BytesIO(shot)).convert("RGB"))
    return found


def sheet(pictures: list[Image.Image]) -> Image.Image:
    """The panels in rows, cut to one size."""
    rows = -(-len(pictures) // COLUMNS)
    out = Image.new("RGB", (COLUMNS * WIDE_PX, rows * HIGH_PX), pictures[0].getpixel((2, 2)))
    for number, picture in enumerate(pictures):
        high = round(picture.height * (WIDE_PX - 24) / picture.width)
        small = picture.resize((WIDE_PX - 24, high), Image.Resampling.LANCZOS).crop((0, 0, WIDE_PX - 24, HIGH_PX - 24))
        out.paste(small, (number % COLUMNS * WIDE_PX + 12, number // COLUMNS * HIGH_PX + 12))
    return out


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=ROOT / "docs" / "images" / "panels.jpg")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        sheet(panels(Path(folder))).save(chosen.out, quality=82, optimize=True)
    sys.stdout.write(f"{chosen.out}\n")


if __name__ == "__main__":
    main()
