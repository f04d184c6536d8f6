"""Help on the pages of desk and office about service windows, by the name of the address."""

from typing import Any

from django.utils.translation import gettext_lazy as _

_POINT = _(
    "What a window says about itself; everybody sees it on its page. Put its sheet up where people "
    "wait. Ratings are shown week by week, at least ten together: neither you nor the counter can "
    "tell who gave which. It is closed with a reason, which can be undone within a day. The "
    "%(office)s says when its day ends."
)
_CLOSE = _(
    "After its last day the window takes no ratings, and its page says why. What people rated and "
    "wrote stays there. This can be undone within a day."
)
_CODES = _(
    "Give one slip with each visit, to everyone, so that each visit has one rating; only then is a "
    "share with its margin shown. The codes are shown once, on the page you print, and are kept "
    "nowhere. Whoever prints them could use them: no share is computed for slips made by somebody "
    "in the unit, so let somebody from another unit print and count them."
)
_FLAGS = _(
    "Unusual ratings at windows, as counts of a day or a week: very many at once, "
    "the best step many times in a row or all week, praise shortly before closing, slips used "
    "twice. At first only the level above the unit sees it; the unit reads what was found. Nothing "
    "is kept about who gave a rating."
)
_FLAG = _(
    "Ask those who work there what happened that day, and write down what you found; the unit will "
    "read it. Ratings that arrived all at once are counted apart whatever you find."
)
OF_WINDOWS: dict[str, Any] = {
    "desk-windows": _(
        "The windows of your unit and of the units below yours, where people rate the service. "
        "Everybody sees them. Enter each counter where people are served, then print its sheet."
    ),
    "desk-window-open": _(
        "A counter in your unit where people are served. From now on everybody can find it. Next, print "
        "its sheet with the code to scan, and put it up."
    ),
    "office-windows": _(
        "All windows within your reach where people rate the service. Units enter theirs at the desk; "
        "here you can enter one for a unit, see which have no ratings yet, and which ratings are unusual. "
        "Windows are never ranked."
    ),
    "office-window-open": _(
        "A counter where people are served, entered for its unit. From now on everybody can find it. "
        "Next, its sheet is printed and put up."
    ),
}
OF_WINDOWS["office-window-tablet"] = _(
    "A device that stays on the counter has a secret address of its own, which the %(office)s gives and "
    "can change. Its ratings are counted apart, because whoever works there is right beside it. "
    "Nobody finds it on the public pages. Open it on the device in full screen."
)
for _side in ("desk", "office"):
    OF_WINDOWS |= {
        f"{_side}-window": _POINT,
        f"{_side}-window-close": _CLOSE,
        f"{_side}-window-codes": _CODES,
        f"{_side}-window-flags": _FLAGS,
        f"{_side}-window-flag": _FLAG,
    }
