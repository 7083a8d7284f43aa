"""How Sphinx builds the documentation: ``sphinx-build -W docs DIR``, with the package's extra ``docs``."""

from capcodec import __version__

project = "capcodec"
copyright = "The capcodec developers"
release = version = __version__
extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "sphinx_argparse_cli"]
suppress_warnings = ["ref.python"]  # many classes have an attribute of the same name
html_theme = "furo"
html_title = f"capcodec {__version__}"
myst_heading_anchors = 3
napoleon_use_ivar = True  # attributes are listed once
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
exclude_patterns = ["_build"]
