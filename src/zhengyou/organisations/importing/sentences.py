"""What an import says about a file and its rows: kept as slug and details, turned into a sentence for each reader."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhengyou.base.words import Names, in_readers_words, joined
from zhengyou.organisations.vocabulary import worded

Remark = dict[str, Any]

SENTENCES = {
    # about the file
    "sheet-taken": _("The sheet “%(sheet)s” was read. Not read: %(others)s."),
    "sheets-taken": _("These sheets were read: %(sheets)s."),
    "sheets-not-read": _("These sheets were not read: %(others)s."),
    "unseen": _("Hidden rows were read too (rows: %(rows)s). Look whether they belong to the list."),
    "headings-of-another-pack": _(
        "These headings look more like those of the pack “%(pack)s”. Look twice at what was not read."
    ),
    "columns-unread": _("These columns were not read: %(columns)s."),
    "id-column": _("The column “%(column)s” was left out: ID-card numbers are never stored here."),
    "id-values": _("Values that look like ID-card numbers were removed (rows: %(rows)s). They are never stored here."),
    "left-out": _("Rows left out as totals, footers or repeated headings: %(rows)s."),
    "to-mend": _("This is the workbook of rows to correct."),
    # why a row is bad
    "id-number": _(
        "The %(field)s looks like an ID-card number, which is never stored here. Use the office’s own number or code."
    ),
    "missing": _("“%(field)s” is empty. Fill it in."),
    "missing-word": _("“%(field)s” is empty, and the name does not say it. Fill in one of these: %(found)s."),
    "too-long": _("The %(field)s is longer than %(most)s characters. Shorten it."),
    "rounded": _(
        "The %(field)s has more than 15 digits and was kept as a number, so the spreadsheet has rounded it. "
        "Format the column as text and type it again."
    ),
    "shortened": _(
        "The %(field)s “%(value)s” was shortened by the spreadsheet. Format the column as text and type it again."
    ),
    "is-day": _("The %(field)s is a date in the spreadsheet. Format the column as text and type it again."),
    "is-truth": _("The %(field)s is a yes or no in the spreadsheet. Format the column as text and type it again."),
    "formula-failed": _("The %(field)s is a formula that failed. Type the value itself."),
    "formula-uncomputed": _(
        "The %(field)s is a formula without a value. Open the workbook, let it compute, save it, or type the value itself."
    ),
    "day-unclear": _("The %(field)s “%(value)s” is no day that can be read, and is left out. Write it as 1990-07-19."),
    "day-unlikely": _(
        "The %(field)s “%(value)s” lies ahead, or too far back, and is left out. Look at the year again."
    ),
    "odd-code": _("The %(field)s holds signs that no code can have (/ \\ ? # %%). Leave them out."),
    "unclear-code": _("“%(value)s” could be any of these: %(found)s. Write it in full, with its leading zeros."),
    "repeated": _("Row %(row)s says the same. Delete one of the two."),
    "contradicted": _("“%(value)s” is also in these rows, which say something else: %(rows)s. Keep the right one."),
    "unknown-word": _("The %(field)s “%(value)s” is not known. Did you mean: %(found)s?"),
    "unknown-word-all": _("The %(field)s “%(value)s” is not known. Write one of these: %(found)s."),
    "parent-unknown": _("The parent “%(value)s” is neither in this file nor in the tree. Correct it or add it."),
    "parent-near": _("The parent “%(value)s” is neither in this file nor in the tree. Did you mean: %(found)s?"),
    "parent-unclear": _("Several units are called “%(value)s”: %(found)s. Name the parent by its %(unit_code)s."),
    "parent-bad": _("Its parent in row %(row)s cannot be imported. Correct that row first."),
    "parent-ended": _("The parent “%(value)s” has ended. Name one that still exists."),
    "under-itself": _("The unit stands under itself. Correct the parent."),
    "circle": _("The parents go round in a circle: %(found)s. Correct one of them."),
    "too-deep": _("The unit would stand more than %(most)s levels deep. Correct the parent."),
    "ended": _("This unit has ended and is not changed by an import. Take the row out."),
    "home-unknown": _("The unit “%(value)s” is not in the tree. Correct it or import the units first."),
    "home-bad": _("The unit “%(value)s” stands in row %(row)s, which cannot be imported. Correct that row first."),
    "home-unclear": _("Several units are called “%(value)s”: %(found)s. Name it by its %(unit_code)s."),
    "home-ended": _("The unit “%(value)s” has ended. Name one that still exists."),
    "left": _("This %(member)s has left and is not changed by an import. Take the row out."),
    "namesakes": _(
        "Nobody can tell these of one name at one place apart without a number: this row and rows %(rows)s. Give them numbers."
    ),
    "number-taken": _("The number “%(value)s” belongs to somebody else. Give another one, or leave it empty."),
    # what only the office can say
    "who-moved": _(
        "This number belonged to %(value)s, %(place)s. Name and place both change: is %(found)s the same person?"
    ),
    "who-renamed": _("This number belongs to %(value)s, %(place)s, who holds a post. Is %(found)s the same person?"),
    "who-zeros": _(
        "The number is known only if its leading zeros are missing in the file: then it is that of %(value)s, %(place)s. Is %(found)s "
        "the same person?"
    ),
    # worth knowing about a good row
    "person-unclear": _(
        "Several %(members)s are called “%(value)s”: %(found)s. The %(field)s was left as it is: name them by number."
    ),
    "person-elsewhere": _(
        "“%(value)s” could only be %(found)s, who belongs elsewhere: %(place)s. It may be a namesake, so the %(field)s was left as "
        "it was. If this person is meant, write the number instead of the name."
    ),
    "duty-ends": _("Moves away, so this ends on the day of the import: %(field)s of %(place)s."),
    "post-passes-on": _("The %(field)s passes on: %(value)s holds it until this import, then %(found)s does."),
    "zeros": _("“%(value)s” was taken for %(found)s: its leading zeros are missing in the file."),
    "zeros-beyond": _(
        "“%(value)s” was taken for %(found)s, which is on record without these zeros. If the longer one is right, correct it on record "
        "first, then read the file again."
    ),
    "zeros-put": _(
        "“%(value)s” is new and was taken for %(found)s: codes here begin with zeros, which the spreadsheet has dropped. Look whether "
        "that is right."
    ),
    "zeros-written": _(
        "“%(value)s” is a number in the spreadsheet, which drops the zeros before it. The same file writes %(found)s as text, so that "
        "was taken."
    ),
    "zeros-perhaps": _(
        "“%(value)s” is new. Other codes here begin with zeros: if the spreadsheet has dropped them, write it in full as text."
    ),
    "zeros-renamed": _(
        "%(found)s was found only because leading zeros were not counted, and it is called %(value)s until now. Is it the same?"
    ),
    "said-same": _("You said that this is the person who was called %(value)s."),
    "said-another": _("You said that this is somebody else than the person with the number %(value)s."),
    "number-issued": _("The list has no number for this one: the system gives %(value)s."),
    "perhaps-moved": _(
        "This may be somebody who has moved: the system has one of this name who is not in the file "
        "(%(found)s). If it is the same, write that number into the row."
    ),
    "renamed-and-moved": _("Name and parent both change. Is it still the same unit?"),
    "kind-from-name": _("The kind was taken from the name."),
    "at-the-top": _("No parent is given: it will stand at the top of the tree."),
    "same-name": _("There is already one of this name at the same place, with the code %(found)s. Is it the same?"),
    "person-unknown": _(
        "“%(value)s” (%(field)s) is not among the %(members)s and was left out. Import the"
        " %(members)s, or correct that row of this file, then import it again."
    ),
}
MOST_NAMED = 20
MOST_OF_ONE_NAME = 5  # who must be named by a code: a screen full of codes would not say it any better


def say(slug: str, **details: Any) -> Remark:
    """A sentence to be said later. `field` is the slug of a column; lists are joined when it is said."""
    return {"slug": slug, **details}


def sentence(remark: Remark, columns: dict[str, Names]) -> str:
    """The remark in the language now active. `columns` gives the columns' names in both languages."""
    most = MOST_OF_ONE_NAME if remark["slug"].endswith("-unclear") else MOST_NAMED
    details = {key: _joined(_quoted(key, value), most) for key, value in remark.items() if key not in ("slug", "field")}
    if "field" in remark:
        head = in_readers_words(columns.get(remark["field"])) or remark["field"]
        details["field"] = head if "“%(field)s”" in str(SENTENCES[remark["slug"]]) else _within_a_sentence(head)
    said = str(worded(SENTENCES[remark["slug"]], **details))
    is_of_one_sheet = "sheet" in remark and remark["slug"] != "sheet-taken"
    return f"“{remark['sheet']}” · {said}" if is_of_one_sheet else said


def _quoted(key: str, value: Any) -> Any:
    """The names of sheets stand in quotation marks, so that nobody, and no reading of names, takes one for a person."""
    return [f"“{one}”" for one in value] if key in ("others", "sheets") and isinstance(value, list) else value


def _joined(value: Any, most: int) -> str:
    if not isinstance(value, list):
        return str(value)
    more = " …" if len(value) > most else ""
    return joined(map(_called, value[:most])) + more


def _called(one: Any) -> str:
    """A word of the house as it is written in the file, and what the reader calls it where that is another one: 党委 (Committee)."""
    if not isinstance(one, dict):
        return str(one)
    written, read = one["written"], in_readers_words({key: name for key, name in one.items() if key != "written"})
    return written if read in ("", written) else f"{written} ({read})"


def _within_a_sentence(head: str) -> str:
    """The head of a column without its capital letter; an abbreviation keeps its own."""
    return head[:1].lower() + head[1:] if head[1:2].islower() else head
