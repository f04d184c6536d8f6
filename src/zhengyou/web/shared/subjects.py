"""Where something stands that a reference means. No query: a reference and the code of the unit it belongs to are enough."""

from django.urls import reverse


def address_of(reference: str, unit: str) -> str:
    """The public address of what a reference means, by the code of its unit; nothing for a kind without a page."""
    kind, _colon, number = reference.partition(":")
    page = {
        "promise": "public-promise",
        "situationreport": "public-situation",
        "paragraphwording": "public-plan-paragraph",
    }.get(kind)
    if kind == "servicepoint":
        return reverse("public-window-of", args=[number])
    return reverse(page, args=[unit, number]) if page else ""
