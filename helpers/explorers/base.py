"""What every explorer is made of: named controls, one picture, a caption in words, and Reset."""

import html
import itertools
import threading
from collections.abc import Callable, Sequence

import ipywidgets as widgets
from matplotlib.figure import Figure
from PIL import Image

from ..figures import DENSITY, INCH, encode_fast, readable, render, to_output
from ..plotting import show_widget

WIDE = 10.2  # inches of a figure with all its parts side by side: 816 pixels, as JupyterLab has on a small laptop

# ipywidgets gives the handle of a slider no name that a screen reader could say, and no setting of it does (8.1.9): the
# label is not tied to the handle, `tooltip` goes to the label, and noUiSlider's handleAttributes are not used.
# https://github.com/jupyter-widgets/ipywidgets/issues/2650 asks for it. Until then, this takes the name from the label.
# (A picture that another one has replaced before it was loaded has no explorer any more.)
NAME_SLIDERS = (
    "for (const slider of this.closest('.bricks-explorer')?.querySelectorAll('.widget-slider') ?? [])"
    " for (const handle of slider.querySelectorAll('[role=slider]'))"
    " handle.setAttribute('aria-label', slider.querySelector('label').textContent)"
)

# JupyterLab may call back from several threads, and explorers of one kind share their axes: many cost no more than one.
ONE_AT_A_TIME = threading.Lock()

STYLE = """<style>
.bricks-explorer .widget-slider, .bricks-explorer .widget-dropdown {
  flex-wrap: wrap; width: auto; height: auto; margin: 2px 12px 2px 2px; }
.bricks-explorer .widget-slider > .widget-label, .bricks-explorer .widget-dropdown > .widget-label {
  flex: 0 0 100%; max-width: 100%; text-align: left; }
.bricks-explorer .widget-dropdown > select { height: 28px; }
.bricks-explorer .widget-readout { margin-left: 12px; }
.bricks-explorer .widget-checkbox { width: auto; align-self: end; }
.bricks-explorer .widget-html-content { line-height: 1.45; }
.bricks-card {
  display: flex; flex-wrap: wrap; width: fit-content; max-width: 100%; box-sizing: border-box; padding: 10px;
  border-radius: 10px; background: white; line-height: 0; }
.bricks-card img { max-width: 100%; height: auto; }
</style>"""  # the labels stand above the tracks, so that these keep their length on a narrow page


class LivePicture(widgets.VBox):
    """Controls above a picture and a caption. Where widgets don't show, the picture still does.

    show(figure, alt, caption) replaces both. photo: True for photographs, which a notebook keeps as JPEG: smaller.
    """

    def __init__(self, controls: list[widgets.Widget], photo: bool = False):
        self._photo, self.drawn, self.cuts, self.alt, self.findings = photo, None, (), "", ""
        self.picture, self.caption = widgets.HTML(), widgets.HTML()
        self.caption.layout.min_height = "4.4em"  # three lines, so that nothing below moves
        self.look = widgets.HTML(STYLE, layout={"display": "none"})  # once: a new one makes the browser style all anew
        super().__init__([*controls, self.look, self.picture, self.caption], layout={"max_width": "920px"})
        self.add_class("bricks-explorer")

    def show(self, figure: Figure, alt: str, caption: str, findings: str = "") -> None:
        """Draw the figure, with the text alternative `alt`, and write the caption (HTML) below it.

        figure: cut where its attribute `cuts` says, in shares of its width; on a narrow page the parts stand one below
        the other, and keep the size of their letters.
        findings: what the text alternative says besides where the picture stands alone, without its caption.
        """
        self.drawn, self.cuts, self.alt, self.findings = render(figure), getattr(figure, "cuts", ()), alt, findings
        self.picture.value = to_html(self.drawn, alt, self.cuts, NAME_SLIDERS)
        self.caption.value = caption

    def __repr__(self) -> str:
        return "A picture with controls. They don't show here? The next cell answers without them."

    def _ipython_display_(self, **_) -> None:
        """The widget, and for places without widgets the picture as it is now."""
        still, metadata = (
            to_output(self.drawn, f"{self.alt} {self.findings}".strip(), self._photo) if self.drawn else ({}, {})
        )
        show_widget(self, {**still, "text/plain": repr(self)}, metadata)


class Explorer(LivePicture):
    """Controls above a picture that follows them.

    title: what the picture is, for the text alternative.
    controls: widgets by the name of the argument of `draw` that each sets. Their descriptions are the labels.
    draw: gets all values as keyword arguments; returns a matplotlib Figure and what it shows in a sentence or two.
    """

    def __init__(
        self,
        title: str,
        controls: dict[str, widgets.Widget],
        draw: Callable[..., tuple[Figure, str]],
        photo: bool = False,
    ):
        self.title, self.controls, self._draw = title, controls, draw
        self._start = {name: control.value for name, control in controls.items()}
        self._resetting = False
        reset = widgets.Button(description="Reset", tooltip="Put all controls back")
        reset.layout = {"width": "80px", "flex": "0 0 auto", "margin": "2px 12px 0 2px"}
        reset.on_click(lambda _: self.reset())
        for control in controls.values():
            control.observe(self._changed, names="value")
            if isinstance(control, widgets.Checkbox):
                control.indent = False
        columns = "repeat(auto-fill, minmax(min(100%, 240px), 1fr))"  # as many as there is room for
        grid = {"grid_template_columns": columns, "align_items": "flex-end"}
        super().__init__([widgets.GridBox([*controls.values()], layout=grid)], photo)
        self.children = [*self.children[:-1], widgets.HBox([reset, self.caption])]  # no row of its own
        self.redraw()

    @property
    def values(self) -> dict:
        """What the controls say now, by name."""
        return {name: _tidy(control.value) for name, control in self.controls.items()}

    def reset(self) -> None:
        """All controls back to where they began, with one new picture."""
        self._resetting = True
        try:
            for name, value in self._start.items():
                self.controls[name].value = value
        finally:
            self._resetting = False
        self.redraw("Reset.")

    def _changed(self, change: dict) -> None:
        old, new = say(change["old"]), say(change["new"])
        if old != new and not self._resetting:  # a browser also sends 0.9 as 0.9000000000000001
            self.redraw(f"{change['owner'].description}: {old} → {new}.")

    def redraw(self, what_changed: str = "") -> None:
        """Draw what the controls say. An error is shown as the caption, and the old picture stays."""
        with ONE_AT_A_TIME:
            try:
                figure, caption = self._draw(**self.values)
            except Exception as error:
                self.caption.value = f"<b>{type(error).__name__}:</b> {html.escape(str(error))}"
                raise
            settings = [f"{control.description} {say(control.value)}" for control in self.controls.values()]
            bold = f"<b>{html.escape(what_changed)}</b> " if what_changed else ""
            self.show(figure, f"{'; '.join([self.title, *settings])}.", bold + html.escape(caption), caption)


def _tidy(value):
    """0.9000000000000001, as a browser may send it, -> 0.9."""
    if isinstance(value, tuple):
        return tuple(_tidy(part) for part in value)
    return round(value, 6) if isinstance(value, float) else value


def say(value) -> str:
    """0.30000000000000004 -> "0.3"; (0.5, 1.0) -> "0.5 to 1"; True -> "on"."""
    if isinstance(value, tuple):
        return " to ".join(say(part) for part in value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def shorten(name: str, most: int = 14) -> str:
    """A class name that fits below a picture."""
    return readable(name if len(name) <= most else f"{name[: most - 1]}…")


def put_picture(figure: Figure, picture: Image.Image, box: tuple[float, float, float, float], title: str = "", **how):
    """Lay a picture onto a figure, as large as it fits, with its title above. An Axes would take ten times as long.

    box: left, bottom, width, height in shares of the figure, as add_axes takes it. how: to figure.text, for the title.
    """
    figure.set_dpi(DENSITY * INCH)  # what is laid in has the size that it will have
    across, down = figure.bbox.width, figure.bbox.height
    scale = min(box[2] * across / picture.width, box[3] * down / picture.height)
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    left, top = box[0] + (box[2] - size[0] / across) / 2, box[1] + box[3]  # so that titles stand in one line
    large = picture.resize(size, Image.Resampling.BICUBIC, reducing_gap=2)
    corner = round(left * across), round((1 - top) * down)
    figure.pictures = [*getattr(figure, "pictures", ()), (large, corner)]
    how = {"va": "bottom", "fontweight": "bold", "parse_math": False, "animated": True, **how}
    figure.text(left, top + 0.02, title, **how)


def to_html(picture: Image.Image, alt: str, cuts: Sequence[float] = (), onload: str = "") -> str:
    """A card with the picture; or with its parts, side by side or one below the other, as the page is wide."""
    images = []
    for place, part in enumerate(parts_of(picture, cuts)):
        images.append(
            f'<img alt="{"" if place else html.escape(alt)}" width="{part.width // DENSITY}" '
            f'height="{part.height // DENSITY}" onload="{"" if place else onload}" '
            f'src="data:image/jpeg;base64,{encode_fast(part)}">'
        )
    return f'<div class="bricks-card">{"".join(images)}</div>'


def parts_of(picture: Image.Image, cuts: Sequence[float]) -> list[Image.Image]:
    """The picture cut from top to bottom where `cuts` says, in shares of its width."""
    edges = [0, *(round(cut * picture.width) for cut in cuts), picture.width]
    return [picture.crop((left, 0, right, picture.height)) for left, right in itertools.pairwise(edges)]


def plain_log_ticks(axis, low: int, high: int, step: int = 1) -> None:
    """Ticks from 10**low to 10**high on a logarithmic y axis. Matplotlib's own take twice as long as all the rest."""
    powers = range(low, high + 1, step)
    axis.set_yticks([10.0**power for power in powers], [f"{10.0**power:g}" for power in powers])
    axis.minorticks_off()
