"""Whether what a reporter left to be reached by holds the number of a telephone: a short one of a house too, no mail address."""

import re
import unicodedata

MAIL = re.compile(r"\S+@\S+")
NUMBER = re.compile(r"(?:[0-9][\s.()/+-]{0,2}){4,}[0-9]")


def holds_a_phone(contact: str) -> bool:
    """Whether somebody could be called by it: five digits in a row at least, blanks and dashes between them forgiven."""
    return NUMBER.search(MAIL.sub(" ", unicodedata.normalize("NFKC", contact))) is not None
