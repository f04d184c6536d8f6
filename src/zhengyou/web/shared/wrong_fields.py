"""Where something is wrong in a form, the reader is led there: the first wrong field takes the focus when the page comes back.

Every form has it, as `settings.FORM_RENDERER` names the renderer below; what stands around the fields is in `parts/form.html`.
Browsers check nothing beforehand (`novalidate`): what is wrong is said in our own sentences (`own_sentences`), at its place.
"""

from typing import Any

from django.forms.boundfield import BoundField
from django.forms.renderers import DjangoTemplates
from django.forms.widgets import Widget


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
        """Django's own, and `autofocus` for the one that leads."""
        built = super().build_widget_attrs(attrs, widget)
        return built | {"autofocus": True} if self.leads and not self.use_fieldset else built


class LeadingRenderer(DjangoTemplates):
    """Django's own, with fields that lead."""

    bound_field_class = LeadingField
