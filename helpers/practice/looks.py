"""How verdicts, explanations and choices look: JupyterLab's colours, and like ones where it has none."""

import html
import re

COLOURS = {  # by state: JupyterLab's own colour, and the one for Colab, GitHub and print
    "open": ("--jp-ui-font-color2", "#757575"),
    "hint": ("--jp-warn-color1", "#e65100"),
    "error": ("--jp-error-color1", "#d32f2f"),
    "right": ("--jp-success-color1", "#2e7d32"),
}
# A choice shows its text as HTML, which wraps and knows `code`. The button lies over it, transparent, so that
# the whole row can be pressed, and its own text, which only screen readers see, does neither.
STYLE = """<style>
.bricks-choice {position: relative; margin: 4px 0; border: 1px solid var(--jp-border-color1, #9e9e9e);
    border-radius: 4px; overflow: hidden}
.bricks-quiz .widget-html-content {white-space: normal; line-height: 1.5}
.bricks-choice .widget-html {width: 100%; height: auto; margin: 0}
.bricks-choice [aria-hidden] {display: flex; gap: 10px; padding: 6px 12px}
.bricks-choice button.jupyter-button {position: absolute; inset: 0; width: auto; height: auto; margin: 0;
    background: transparent; box-shadow: none; font-size: 0}
.bricks-choice button.jupyter-button:hover {background: rgba(128, 128, 128, .16)}
.bricks-choice button.jupyter-button:focus-visible {outline: 2px solid var(--jp-brand-color1, #1976d2);
    outline-offset: -2px}
</style>"""


def box(state: str, mark: str, title: str, text: str, more: str = "") -> str:
    """A verdict as HTML, with an edge and a mark in the colour of its state. The words keep the colour of the page.

    title, text: may hold `code` and *emphasis*. more: HTML below the text.
    """
    name, plain = COLOURS[state]
    colour = f"var({name}, {plain})"
    # JupyterLab takes out what holds var() as long as it does not trust a notebook. The plain colour stays.
    style = f"border-left: 4px solid {plain}; border-left-color: {colour}; padding: 4px 12px; max-width: 800px"
    mark = f'<span style="color: {plain}; color: {colour}">{mark}</span>'
    return f'<div role="status" style="{style}"><b>{mark} {to_html(title)}</b> {to_html(text)}{more}</div>'


def to_html(text: str) -> str:
    """Text with `code` and *emphasis* -> HTML."""
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(text))
    return re.sub(r"(?<!\w)\*(?! )([^*<>]+)(?<! )\*(?!\w)", r"<em>\1</em>", text)


def to_words(text: str) -> str:
    """Text with `code` and *emphasis* -> its words alone, as one hears them."""
    return html.unescape(re.sub(r"<[^>]+>", "", to_html(text)))
