"""What every explorer is made of: named controls, one picture, a caption in words, and Reset."""

import base64
import html
import io
import threading
from collections.abc import Callable

import ipywidgets as widgets
from matplotlib.figure import Figure
from PIL import Image

from ..plotting import readable, save_figure, show_widget

# ipywidgets gives the handle of a slider no name that a screen reader could say, and no setting of it does (8.1.9): the
# label is not tied to the handle, `tooltip` goes to the label, and noUiSlider's handleAttributes are not used.
# https://github.com/jupyter-widgets/ipywidgets/issues/2650 asks for it. Until then, this takes the name from the label.
NAME_SLIDERS = (
    "for (const slider of this.closest('.bricks-explorer').querySelectorAll('.widget-slider'))"
    " for (const handle of slider.querySelectorAll('[role=slider]'))"
    " handle.setAttribute('aria-label', slider.querySelector('label').textContent)"
)


class LivePicture(widgets.VBox):
    """Controls above a picture and a caption. Where widgets don't show, the picture still does.

    show(figure, alt, caption) replaces both. photo: True for JPEG, which is smaller and quicker for photographs.
    """

    def __init__(self, controls: list[widgets.Widget], photo: bool = False):
        self._kind, self._still = "jpeg" if photo else "png", ({}, {})
        self.picture, self.caption = widgets.HTML(), widgets.HTML()
        super().__init__([*controls, self.picture, self.caption], layout={"max_width": "900px"})
        self.add_class("bricks-explorer")

    def show(self, figure: Figure, alt: str, caption: str, findings: str = "") -> None:
        """Draw the figure, with the text alternative `alt`, and write the caption (HTML) below it.

        findings: what the text alternative says besides where the picture stands alone, without its caption.
        """
        data = to_base64(figure, self._kind)
        self._still = {f"image/{self._kind}": data}, {f"image/{self._kind}": {"alt": f"{alt} {findings}".strip()}}
        self.picture.value = (
            f'<img alt="{html.escape(alt)}" src="data:image/{self._kind};base64,{data}"'
            f' onload="{NAME_SLIDERS}" style="max-width: 100%">'
        )
        self.caption.value = caption

    def __repr__(self) -> str:
        return "A picture with controls. They don't show here? The next cell answers without them."

    def _ipython_display_(self, **_) -> None:
        """The widget, and for places without widgets the picture as it is now."""
        picture, metadata = self._still
        show_widget(self, {"text/plain": repr(self), **picture}, metadata)


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
        self._lock, self._resetting = threading.Lock(), False  # JupyterLab may call back from several threads
        reset = widgets.Button(description="Reset", tooltip="Put all controls back", layout={"width": "80px"})
        reset.on_click(lambda _: self.reset())
        for control in controls.values():
            control.style.description_width = "180px"
            control.layout.width = "420px"
            control.observe(self._changed, names="value")
        super().__init__([widgets.HBox([*controls.values(), reset], layout={"flex_flow": "row wrap"})], photo)
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
        old, new = _say(change["old"]), _say(change["new"])
        if old != new and not self._resetting:  # a browser also sends 0.9 as 0.9000000000000001
            self.redraw(f"{change['owner'].description}: {old} → {new}.")

    def redraw(self, what_changed: str = "") -> None:
        """Draw what the controls say. An error is shown as the caption, and the old picture stays."""
        with self._lock:
            try:
                figure, caption = self._draw(**self.values)
            except Exception as error:
                self.caption.value = f"<b>{type(error).__name__}:</b> {html.escape(str(error))}"
                raise
            settings = [f"{control.description} {_say(control.value)}" for control in self.controls.values()]
            bold = f"<b>{html.escape(what_changed)}</b> " if what_changed else ""
            self.show(figure, f"{'; '.join([self.title, *settings])}.", bold + html.escape(caption), caption)


def _tidy(value):
    """0.9000000000000001, as a browser may send it, -> 0.9."""
    if isinstance(value, tuple):
        return tuple(_tidy(part) for part in value)
    return round(value, 6) if isinstance(value, float) else value


def _say(value) -> str:
    """0.30000000000000004 -> "0.3"; (0.5, 1.0) -> "0.5 to 1"; True -> "on"."""
    if isinstance(value, tuple):
        return " to ".join(_say(part) for part in value)
    if isinstance(value, bool):
        return "on" if value else "off"
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def shrink(image: Image.Image) -> Image.Image:
    """A PIL picture, no larger than is shown. Matplotlib needs a second for a phone's photo as it is."""
    small = image.copy()
    small.thumbnail((600, 600))
    return small


def shorten(name: str, most: int = 14) -> str:
    """A class name that fits below a picture."""
    return readable(name if len(name) <= most else f"{name[: most - 1]}…")


def to_base64(figure: Figure, kind: str) -> str:
    """The figure as "png" or "jpeg", in base64."""
    buffer = io.BytesIO()
    settings = {"pil_kwargs": {"quality": 88}} if kind == "jpeg" else {}
    save_figure(figure, buffer, kind, **settings)
    return base64.b64encode(buffer.getvalue()).decode()


def plain_log_ticks(axis, low: int, high: int, step: int = 1) -> None:
    """Ticks from 10**low to 10**high on a logarithmic y axis. Matplotlib's own take twice as long as all the rest."""
    powers = range(low, high + 1, step)
    axis.set_yticks([10.0**power for power in powers], [f"{10.0**power:g}" for power in powers])
    axis.minorticks_off()
