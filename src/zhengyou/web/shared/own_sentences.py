"""Our own sentence for everything that a field of a form finds wrong, in place of Django's stock ones; each says what to do.

Put in once, at the start of a process (`zhengyou.apps`), so that a form that is written tomorrow has them too. What is wrong with a
new password says `identity/rules`.
"""

from typing import Any

from django import forms
from django.core import validators
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

NEEDED = _("Please fill this in.")
NO_CHOICE = _("Please choose one.")
NO_DAY = _("Please give the day.")
NO_INSTANT = _("Please give the day and the time.")
NOT_SENT = _("Please choose a file.")
CHOOSE = _("Choose one of the answers that are offered here.")
WHOLE = _("Write a whole number in figures, such as 12.")
NUMBER = _("Write a number in figures, such as 8.5.")
DAY = _("Write a day that exists as year-month-day, such as 2026-12-03.")
INSTANT = _("Write a day and a time that exist, such as 2026-12-03 08:30.")
TIME = _("Write a time that exists, such as 08:30.")
OPEN_ANEW = _("A hidden part of this form was changed. Open the page again and send it again.")
MAIL = _("Write an email address such as name@example.org.")
ADDRESS = _("Write an address that begins with https://.")
NO_FILE = _("No file has arrived. Choose it again, then send the form.")
SIGNS = _("This text holds characters that cannot be shown. Take them out, or type it again.")
FORM = _("Write it in the form that is asked for here.")
FILE_NAME = ngettext_lazy(
    "Give the file a shorter name, of at most %(max)d character.",
    "Give the file a shorter name, of at most %(max)d characters.",
    "max",
)

OF_FIELDS: dict[type[Any], dict[str, Any]] = {
    forms.Field: {"required": NEEDED},
    forms.IntegerField: {"invalid": WHOLE},
    forms.FloatField: {"invalid": NUMBER},
    forms.DecimalField: {"invalid": NUMBER},
    forms.DateField: {"required": NO_DAY, "invalid": DAY},
    forms.DateTimeField: {"required": NO_INSTANT, "invalid": INSTANT},
    forms.SplitDateTimeField: {"invalid_date": DAY, "invalid_time": TIME},
    forms.TimeField: {"invalid": TIME},
    forms.URLField: {"invalid": ADDRESS},
    forms.UUIDField: {"invalid": OPEN_ANEW},
    forms.JSONField: {"invalid": OPEN_ANEW},
    forms.MultiValueField: {"invalid": OPEN_ANEW, "incomplete": NEEDED},
    forms.ChoiceField: {"required": NO_CHOICE, "invalid_choice": CHOOSE},
    forms.MultipleChoiceField: {"required": NO_CHOICE, "invalid_choice": CHOOSE, "invalid_list": CHOOSE},
    forms.ModelChoiceField: {"required": NO_CHOICE, "invalid_choice": CHOOSE},
    forms.ModelMultipleChoiceField: {"invalid_choice": CHOOSE, "invalid_list": CHOOSE, "invalid_pk_value": CHOOSE},
    forms.FileField: {
        "required": NOT_SENT,
        "invalid": NO_FILE,
        "missing": NO_FILE,
        "empty": _("This file is empty. Choose another one."),
        "max_length": FILE_NAME,
        "contradiction": _("Either send a file or tick that there is none, not both."),
    },
    forms.ImageField: {"invalid_image": _("This is no picture that can be read. Send a JPEG, PNG or WebP picture.")},
}
OF_VALIDATORS: dict[type[Any], Any] = {
    validators.RegexValidator: FORM,
    validators.URLValidator: ADDRESS,
    validators.EmailValidator: MAIL,
    validators.ProhibitNullCharactersValidator: SIGNS,
    validators.FileExtensionValidator: _("Send a file of one of these kinds: %(allowed_extensions)s."),
    validators.MaxValueValidator: _("The number may be %(limit_value)s at most."),
    validators.MinValueValidator: _("The number must be at least %(limit_value)s."),
    validators.MaxLengthValidator: ngettext_lazy(
        "Write at most %(limit_value)d character; now there are %(show_value)d.",
        "Write at most %(limit_value)d characters; now there are %(show_value)d.",
        "limit_value",
    ),
    validators.MinLengthValidator: ngettext_lazy(
        "Write at least %(limit_value)d character; now there are %(show_value)d.",
        "Write at least %(limit_value)d characters; now there are %(show_value)d.",
        "limit_value",
    ),
    validators.DecimalValidator: NUMBER,
}


def say_own_sentences() -> None:
    """Put the sentences in the place of Django's. Idempotent; fields that were made before keep theirs."""
    for field, sentences in OF_FIELDS.items():
        field.default_error_messages = sentences
    for validator, sentence in OF_VALIDATORS.items():
        validator.message = sentence
    of_decimals: dict[str, Any] = dict.fromkeys(validators.DecimalValidator.messages, NUMBER)
    validators.DecimalValidator.messages = of_decimals
