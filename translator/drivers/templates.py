"""Where the text of configurations lives: `vendor_templates/`, beside the package or inside it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from translator.errors import DriverError

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["fill", "script", "template_root"]


@cache
def template_root() -> Path:
    """Return the folder that holds one folder of templates per platform.

    Raises:
        DriverError: the installation lacks it.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "vendor_templates", package.parent / "vendor_templates"):
        if folder.is_dir():
            return folder
    raise DriverError(
        f"no vendor_templates folder in or beside {package}", hint="install the package again"
    )


def fill(template: str, **values: object) -> str:
    """Return a template (`cisco_ios/policy.j2`) filled with values; unknown names are errors.

    Templates hold words and order only; every line they are given was written by a `Line`.
    """
    return _template(template).render(**values)


@cache
def script(name: str) -> str:
    """Return a file of the folder (`linux/timer.sh`) that is used as it is."""
    return (template_root() / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # heavy: 60 ms

    environment = Environment(
        loader=FileSystemLoader(template_root()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - configuration text, not HTML; values pass Line or safe()
    )
    return environment.get_template(name)
