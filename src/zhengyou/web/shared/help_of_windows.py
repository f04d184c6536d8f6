"""Help on the pages of desk and office about service windows, by the name of the address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_POINT = _(
    "What a window says of itself; everybody sees it on its page. Hang its sheet where people wait. Its marks are shown week by "
    "week, at least ten together: neither you nor the counter can tell who gave which. It closes with a reason, which can be undone "
    "within a day. When its day ends is for the campaign office to say."
)
_CLOSE = _(
    "The window takes no marks after its last day, and its page says why. What people marked and wrote stays there. Within a day this "
    "can be undone."
)
_CODES = _(
    "One slip is given with each case, whoever it is, so that each case has one mark; only then a share with its margin is shown. "
    "The codes are shown once, on the page that you print, and are kept nowhere. Whoever prints them could use them: of slips that "
    "somebody of the unit made no share is computed, so let somebody from elsewhere print and count them."
)
_FLAGS = _(
    "What looks odd about the marks at windows, as counts of a day or a week: very many at once, the best step many times in a row or "
    "all week, praise shortly before closing, slips used twice. "
    "Only whoever is above the unit sees it first; the unit reads what was found. Nothing is kept of who gave a mark."
)
_FLAG = _(
    "Ask those who work there what happened on that day, and write down what you found: the unit reads it. Marks that came all at once "
    "are counted apart whatever you find."
)
OF_WINDOWS: dict[str, Any] = {
    "desk-windows": _(
        "The windows of your unit, and of the units below yours, at which people mark the service. Everybody sees them. Enter each "
        "counter at which something is done for people, then print its sheet."
    ),
    "desk-window-open": _(
        "A counter of your unit at which something is done for people. Everybody can find it from now on. Next you print its sheet "
        "with the code to scan, and hang it up."
    ),
    "office-windows": _(
        "All windows within your reach at which people mark the service. Units enter theirs at the desk; here you enter one for a unit, "
        "see which have no mark yet, and what looks odd. They are never ranked."
    ),
    "office-window-open": _(
        "A counter at which something is done for people, entered for its unit. Everybody can find it from now on. Next its sheet is "
        "printed and hung up."
    ),
}
OF_WINDOWS["office-window-tablet"] = _(
    "A device that stands on the counter has a secret address of its own, which the office gives and can change. Its marks are counted "
    "apart, since whoever works there stands beside it. Nobody finds it on the public pages. Open it on the device in full screen."
)
for _side in ("desk", "office"):
    OF_WINDOWS |= {
        f"{_side}-window": _POINT,
        f"{_side}-window-close": _CLOSE,
        f"{_side}-window-codes": _CODES,
        f"{_side}-window-flags": _FLAGS,
        f"{_side}-window-flag": _FLAG,
    }
