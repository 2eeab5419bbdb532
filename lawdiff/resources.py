"""Where the files that ship with the program are: beside the code in a checkout, inside the package in a wheel.

A wheel carries `data/` as `lawdiff/_data` and `datasette/` as `lawdiff/_site` (see pyproject.toml).
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(in_wheel: str, in_checkout: str) -> Path:
    packed = _PACKAGE / in_wheel
    return packed if packed.is_dir() else _PACKAGE.parent / in_checkout


def data_path(*parts: str) -> Path:
    """Path of a bundled data file, e.g. `data_path("acts.toml")`."""
    return _shipped("_data", "data").joinpath(*parts)


def site_path(*parts: str) -> Path:
    """Path inside the Datasette folder (templates, plugins, static, metadata)."""
    return _shipped("_site", "datasette").joinpath(*parts)
