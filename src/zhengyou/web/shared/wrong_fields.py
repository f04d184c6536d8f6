"""Where something is wrong in a form, the reader is led there: the first wrong field takes the focus when the page comes back.

Every form has it, as `settings.FORM_RENDERER` names the renderer below; what stands around the fields is in `parts/form.html`.
Browsers check nothing beforehand (`novalidate`): what is wrong is said in our own sentences (`own_sentences`), at its place.
"""

from collections.abc import Iterator
from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Widget
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


class LeadingField(BoundField):
    """A field that takes the focus where it is the first wrong one. A group of choices leaves that to its fieldset."""

    @property
    def leads(self) -> bool:
        """Whether this is the first shown field of its form in which something is wrong."""
        if not self.form.is_bound or not self.errors:
            return False
        shown = (field for field in self.form if not field.is_hidden)
        return next((field.name for field in shown if field.errors), "") == self.name

    def build_widget_attrs(self, attrs: Any, widget: Widget | None = None) -> Any:
        """Django's own, and `autofocus` for the one that leads. What must be filled in is not wrong before it was sent: browsers tell
        whoever hears the page otherwise of a choice, a tick and a day.
        """
        built = super().build_widget_attrs(attrs, widget)
        if built.get("required"):
            built.setdefault("aria-invalid", "false")
        return built | {"autofocus": True} if self.leads and not self.use_fieldset else built


INPUTS = {f"django/forms/widgets/{name}.html" for name in ("input", "hidden", "text", "number", "date", "email")}


class LeadingRenderer(DjangoTemplates):
    """Django's own, with fields that lead, and with boxes of one line drawn without its two templates for each."""

    bound_field_class = LeadingField

    def render(self, template_name: str, context: Any, request: Any = None) -> Any:
        """As Django draws it."""
        if template_name in INPUTS:
            return _input(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: dict[str, Any]) -> SafeString:
    value = "" if widget["value"] is None else f' value="{_said(widget["value"])}"'
    start = f'<input type="{conditional_escape(widget["type"])}" name="{conditional_escape(widget["name"])}"{value}'
    return mark_safe(f"{start}{''.join(_attributes(widget['attrs']))}>")


def _attributes(attrs: dict[str, Any]) -> Iterator[str]:
    for name, value in attrs.items():
        if value is not False:
            yield f" {conditional_escape(name)}" if value is True else f' {conditional_escape(name)}="{_said(value)}"'


def _said(value: Any) -> str:
    return conditional_escape(value if isinstance(value, str) else str(value))
