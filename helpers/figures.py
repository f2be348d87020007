"""One look for all figures: colours, letters, twice the density of an old screen, and a page that suits the dark."""

import base64
import io
import warnings

import matplotlib.pyplot as plt
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter
from PIL import Image, ImageDraw

# Colours of Okabe & Ito (2008), told apart by colour-blind eyes; markers and dashes tell them apart in grey.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00"]
LINES = ["-", "--", "-.", ":", (0, (5, 1)), (0, (1, 1))]
SHADES = [COLOURS[i] for i in (0, 5, 2, 3, 1, 4)]  # for areas: dark and light by turns, told apart in grey
MARKERS = ["o", "s", "^", "D", "v", "x"]

INCH, DENSITY = 80, 2  # pixels of a web page in an inch of a figure; pixels of the file in one of the page
WIDTH = 8  # inches of a figure in a lesson: 640 pixels, which nearly every screen has
PAGE = 10  # pixels of white around a figure

# For letters that matplotlib's own font lacks: what Windows, Macs and Linux bring, where it is.
MORE_FONTS = [
    "Noto Sans CJK JP",
    "Microsoft YaHei",
    "PingFang SC",
    "Hiragino Sans",
    "Malgun Gothic",
    "Arial Unicode MS",
]
KNOWN_FONTS = {font.name for font in fontManager.ttflist}

plt.rcParams.update(
    {
        "font.family": ["DejaVu Sans", *(name for name in MORE_FONTS if name in KNOWN_FONTS)],
        "font.size": 11.5,  # points: 13 pixels of the page
        "axes.titlesize": 11.5,
        "axes.titleweight": "bold",
        "axes.titlelocation": "left",
        "axes.titley": 1.0,  # else it is looked for, which takes a tenth of the time
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "0.4",
        "legend.fontsize": 10.5,
        "legend.frameon": False,
        "xtick.labelsize": 10.5,
        "ytick.labelsize": 10.5,
    }
)


def readable(name: str) -> str:
    """A name that can be drawn: a file's name may hold bytes that are no letters."""
    return str(name).encode("utf-8", "replace").decode()


def render(figure: Figure) -> Image.Image:
    """The figure as a picture, RGB. Class names come out as they are: a `$` makes no formula.

    Where some artists are `animated`, only these are drawn anew when the figure comes again: a fifth of the time.
    Prints a sentence if the computer has no font for some letters.
    """
    artists = moving(figure)
    if hasattr(figure, "still"):
        figure.canvas.restore_region(figure.still)
    else:
        _draw_all(figure)
        if artists:
            figure.still = figure.canvas.copy_from_bbox(figure.bbox)
    for artist in artists:
        artist.draw(figure.canvas.get_renderer())
    width, height = figure.canvas.get_width_height()
    drawn = figure.canvas.buffer_rgba()
    page = Image.frombuffer("RGBA", (width, height), drawn, "raw", "RGBA", 0, 1).convert("RGB")
    for picture, corner in getattr(figure, "pictures", ()):  # laid on at the end: pictures without an Axes
        page.paste(picture, corner)
    return page


def moving(figure: Figure) -> list[Artist]:
    """What is `animated` in a figure: drawn each time, on what stays."""
    return figure.findobj(lambda artist: artist.get_animated())


def take_out_moving(figure: Figure) -> None:
    """Leave only what stays, so that the figure can be drawn with other things in it."""
    for artist in moving(figure):
        artist.remove()
    figure.pictures = ()


def _draw_all(figure: Figure) -> None:
    """Draw what is not animated."""
    for axis in (axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)):
        if isinstance(axis.get_major_formatter(), FixedFormatter):  # names, not numbers
            axis.get_ticklabels()  # this writes them
    for text in figure.findobj(Text):
        if text.get_text() and not text.get_text().startswith(r"$\mathdefault"):  # as powers of ten are written later
            text.set_parse_math(False)
    figure.set_dpi(DENSITY * INCH)
    canvas = FigureCanvasAgg(figure)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        canvas.draw()
    if any("missing from" in str(warning.message) for warning in caught):
        print("This computer has no font for some letters of the names, so they are drawn as boxes. All else is right.")


def on_a_page(picture: Image.Image) -> Image.Image:
    """With a margin, and round corners that are transparent: a card where the notebook is dark."""
    margin = DENSITY * PAGE
    page = Image.new("RGB", (picture.width + 2 * margin, picture.height + 2 * margin), "white")
    page.paste(picture, (margin, margin))
    corners = Image.new("L", page.size, 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, page.width - 1, page.height - 1), DENSITY * PAGE, 255)
    page.putalpha(corners)
    return page


def encode(picture: Image.Image, photo: bool) -> str:
    """A small file for what is kept in a notebook, as base64: a JPEG for photos, a PNG for all else."""
    buffer = io.BytesIO()
    if photo:  # a few pixels less are not seen in a photo
        picture = picture.convert("RGB").resize((picture.width * 3 // 4, picture.height * 3 // 4), Image.LANCZOS)
        picture.save(buffer, "JPEG", quality=62)
    else:
        picture.quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return base64.b64encode(buffer.getvalue()).decode()


def encode_fast(picture: Image.Image) -> str:
    """A JPEG as base64 for what changes while someone looks on: a PNG looks the same and takes eight times as long."""
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=90, subsampling=0)  # 0: thin coloured lines keep their colour
    return base64.b64encode(buffer.getvalue()).decode()


def to_output(picture: Image.Image, alt: str, photo: bool) -> tuple[dict, dict]:
    """What display takes, data and metadata, for a picture of `render`: on a page, as wide as it is meant."""
    page, kind = on_a_page(picture), "image/jpeg" if photo else "image/png"
    size = {"width": page.width // DENSITY, "height": page.height // DENSITY}
    return {kind: encode(page, photo), "text/plain": alt}, {kind: {"alt": alt, **size}}
