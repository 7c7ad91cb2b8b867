"""How values become HTML: everything is escaped but what a template of ours made."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from service.reports.signs import shown


def rendered(name: str, **values: object) -> Markup:
    """Return the template `name` of this package with `values`; in it, `|shown` makes what nobody sees visible."""
    return Markup(environment().get_template(name).render(**values))  # noqa: S704 - escaped by the template


def load() -> None:
    """Have the templates of this package ready."""
    for name in environment().list_templates(extensions=["html"]):
        environment().get_template(name)


@cache
def environment() -> Environment:
    """Return what renders the templates of this package, and keeps them compiled."""
    made = Environment(
        loader=PackageLoader("service.reports"), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, auto_reload=False
    )
    made.filters["shown"] = shown
    return made
