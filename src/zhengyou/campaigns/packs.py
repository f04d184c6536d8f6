"""Campaign packs: the words and numbers of a kind of campaign, read from TOML. Never code.

They come with the product or lie in the house's own folder `packs`. Nobody gets a pack that has a fault.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from zhengyou.base.words import Names, joined
from zhengyou.campaigns.packing.faults import Fault, Faults, PackRefused
from zhengyou.campaigns.packing.parts import Heading, Pack
from zhengyou.campaigns.packing.reading import LARGEST, read_pack
from zhengyou.campaigns.ruleset import Named, Rules
from zhengyou.organisations.importing.columns import Column, ForeignHeadings
from zhengyou.organisations.models import PackWord, Term

FOLDER = Path(__file__).resolve().parent.parent / "packs"
ENDING = ".toml"
MOST_OWN = 100  # files in the house's own folder; nobody chooses among more
DEFAULT = "excellence-light"  # what a new house is offered first


@dataclass(frozen=True)
class PackFile:
    """One file of a pack: its id by the file's name, where it lies, and what was found in it."""

    id: str
    path: Path
    is_ours: bool
    pack: Pack | None
    faults: tuple[Fault, ...]


def pack_ids() -> list[str]:
    """The ids of the packs without faults, ours and the house's own; the one that a new house is offered comes first."""
    sound = [row.id for row in pack_files() if row.pack]
    return sorted(sound, key=lambda pack_id: (pack_id != DEFAULT, pack_id))


def pack_files() -> list[PackFile]:
    """Every pack's file, ours first, with its faults. A file is read again when it was changed, not for each page."""
    ours = sorted(FOLDER.glob(f"*{ENDING}"))
    own = sorted(own_folder().glob(f"*{ENDING}")) if own_folder().is_dir() else []
    return [_as_it_is(path) for path in (*ours, *own[:MOST_OWN])]


def own_folder() -> Path:
    """Where the house's own packs lie."""
    folder: Path = settings.HOME / "packs"
    return folder


def name_of(pack_id: str) -> Names:
    """What a pack is called; nothing for one that has gone or has faults, as a campaign outlives its pack."""
    return next((row.pack.name for row in pack_files() if row.id == pack_id and row.pack), {})


def check_file(path: Path) -> PackFile:
    """A file with all its faults, wherever it lies. Reads no more of it than a pack can have."""
    is_ours = path.resolve().parent == FOLDER
    try:
        if not path.is_file():
            raise OSError(path)
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError:
        faults = Faults()
        faults.add("unreadable")
        return PackFile(path.stem, path, is_ours, None, tuple(faults.found))
    pack, found = read_pack(data)
    found += _of_its_name(path, pack, is_ours=is_ours)
    return PackFile(path.stem, path, is_ours, None if found else pack, found)


def load_pack(pack_id: str) -> Pack:
    """One pack. Raises PackRefused if there is none of that name, or with all its faults if it has any."""
    files = [row for row in pack_files() if row.id == pack_id]
    if not files:
        raise _unknown(pack_id, [row.id for row in pack_files()])
    for row in files:  # one of the house's own that bears the name of ours is never taken for ours
        check_sound(row)
    assert files[0].pack is not None
    return files[0].pack


def check_sound(row: PackFile) -> None:
    """Nobody takes a pack that has a fault. Raises PackRefused with all of them."""
    if row.faults:
        first = row.faults[0]
        raise PackRefused(
            ngettext_lazy(
                "The pack “%(id)s” has %(count)d fault and was not taken: %(where)s: %(first)s",
                "The pack “%(id)s” has %(count)d faults and was not taken. The first: %(where)s: %(first)s",
                len(row.faults),
            )
            % {"id": row.id, "count": len(row.faults), "where": first.where or row.path.name, "first": first},
            reason="pack.has-faults",
            faults=row.faults,
        )


def pack_named(text: str) -> str:
    """The id that somebody typed, also by its beginning. Raises PackRefused if it is none, or could be several."""
    ids = [row.id for row in pack_files()]
    meant = [text] if text in ids else sorted({pack_id for pack_id in ids if text and pack_id.startswith(text)})
    if len(meant) == 1:
        return meant[0]
    raise _unknown(text, meant or ids)


def rules_of(pack_id: str) -> Rules:
    """The rules with which a cycle begins: the pack's own. Raises PackRefused."""
    return load_pack(pack_id).rules


def words_for_house(pack: Pack) -> list[PackWord]:
    """The words of a pack that the house keeps, so that lists and pages need no file."""
    kept: list[tuple[str, Sequence[Named | Heading]]] = [
        (Term.Category.SECTOR, pack.sectors),
        (Term.Category.ORGANISATION_KIND, pack.organisation_kinds),
        (Term.Category.WORD, pack.words),
        (Term.Category.POST_KIND, pack.post_kinds),
        (Term.Category.ROLE, pack.roles),
        (Term.Category.TIER, pack.tiers),
        (Term.Category.MEMBERSHIP, pack.memberships),
        (Term.Category.ORGANISATIONS_COLUMN, pack.headings.organisations),
        (Term.Category.PEOPLE_COLUMN, pack.headings.people),
        (Term.Category.PACK, [Named(pack.id, pack.name)]),
    ]
    return [
        PackWord(category, entry.id, entry.name, tuple(getattr(entry, "aliases", ())))
        for category, entries in kept
        for entry in entries
    ]


def headings_of_others(pack_id: str) -> list[ForeignHeadings]:
    """The headings of all packs but this one, so that an office hears whose list it holds in its hands."""
    packs = [row.pack for row in pack_files() if row.pack and row.id != pack_id]
    return [
        ForeignHeadings(
            pack.name,
            {
                "organisations": tuple(Column(row.id, row.name, row.aliases) for row in pack.headings.organisations),
                "people": tuple(Column(row.id, row.name, row.aliases) for row in pack.headings.people),
            },
        )
        for pack in packs
    ]


def _unknown(text: str, known: list[str]) -> PackRefused:
    return PackRefused(
        _("There is no pack “%(text)s”. There are: %(known)s.") % {"text": text, "known": joined(known)},
        reason="pack.unknown",
    )


def _of_its_name(path: Path, pack: Pack | None, *, is_ours: bool) -> tuple[Fault, ...]:
    """What is wrong about a file's name: another id than the pack's, or the id of a pack of ours."""
    faults = Faults()
    if pack and pack.id != path.stem:
        faults.add("other-id", "id", value=pack.id, file=path.name)
    if pack and not is_ours and (FOLDER / f"{pack.id}{ENDING}").exists():
        faults.add("id-of-ours", "id", value=pack.id)
    return tuple(faults.found)


def _as_it_is(path: Path) -> PackFile:
    """The file as it was read the last time, unless it is another since."""
    try:
        stat = path.stat()
    except OSError:
        return check_file(path)
    return _read_at(path, (stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))


@lru_cache(maxsize=2 * MOST_OWN)
def _read_at(path: Path, _state: tuple[int, ...]) -> PackFile:
    return check_file(path)


def english_of(pack_id: str, **texts: str) -> dict[str, str]:
    """By `name_en`, `theme_en`: the pack's English of those texts that are the pack's own; nothing for others."""
    pack = load_pack(pack_id)
    named: dict[str, Names | None] = {slug: getattr(pack, slug) for slug in texts}
    return {
        f"{slug}_en": names["en"] if (names := named[slug]) and names["zh-hans"] == text else ""
        for slug, text in texts.items()
    }


def themes_of(pack_id: str) -> list[tuple[str, str, str]]:
    """The sectors that have a theme, each with it in Chinese and in English."""
    sectors = load_pack(pack_id).sectors
    return [(one.id, one.theme["zh-hans"], one.theme["en"]) for one in sectors if one.theme]
