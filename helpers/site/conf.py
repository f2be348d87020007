"""Settings of Sphinx for the site. Nothing is executed, and nothing is loaded from another host."""

from pathlib import Path

project = "Brick by Brick"
author = "the Brick by Brick maintainers"
html_title = html_short_title = project
language = "en"
smartquotes = False  # "--" in a sentence stays
extensions = ["myst_nb", "sphinx_copybutton"]
copybutton_selector = "div:not(.output) > div.highlight pre"  # not what code has printed
exclude_patterns = ["_build"]

nb_execution_mode = "off"
nb_merge_streams = True
nb_code_prompt_show = nb_code_prompt_hide = "A folded cell"
myst_enable_extensions = ["attrs_block", "deflist"]  # {.predict} above a quotation: its class; the glossary
myst_heading_anchors = 4  # links such as README.md#start
suppress_warnings = ["myst.header", "misc.highlighting_failure"]  # ### below #, as on cards; shell prompts and the like

html_theme = "sphinx_book_theme"
html_theme_options = {
    "show_toc_level": 2,
    "use_download_button": False,
    "use_fullscreen_button": False,
    "navbar_persistent": [],  # one search is enough
    "logo": {"text": project},
}
if tags.has("singlehtml"):  # noqa: F821, Sphinx gives it
    html_sidebars = {"**": []}  # a book has its contents at its beginning
    html_theme_options["secondary_sidebar_items"] = []
html_context = {"default_mode": "auto"}
html_static_path = [str(Path(__file__).parent / "look")]
html_favicon = str(Path(__file__).parent / "look/brick.svg")
html_css_files = ["bricks.css"]
html_js_files = [("bricks.js", {"defer": "defer"})]
html_copy_source = False
html_show_sphinx = False
html_last_updated_fmt = ""
