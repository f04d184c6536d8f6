"""Polls, their sheets, pools and rolls. In whose name a ballot was issued stands here after the close only; no table here knows a slip."""

from uuid import UUID

from django.db import models
from django.db.models import F, Q

from zhengyou.base.deeds import Referable
from zhengyou.boxes.models import Mark
from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person

LONGEST_REASON = 500  # a paragraph: everybody reads it on a phone
LONGEST_QUESTION = 200  # two lines on a phone
LONGEST_OPTION = 80  # one line on paper


class Poll(Referable):
    """One poll of appraisal: a sheet of organisations, pools of voters, a window. `void_reason` stands from the asking on."""

    class State(models.TextChoices):
        DRAFTED = "drafted"
        OPENED = "opened"
        CLOSED = "closed"
        VOIDED = "voided"

    class OnlyVoid(models.TextChoices):
        """Why an open poll cannot go on: the house was restored from a backup, or desk and box are gone."""

        RESTORED = "restored"
        NO_BOX = "no-box"

    key = models.UUIDField(unique=True)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    name = models.JSONField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFTED)
    manifest = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    close_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    is_box_destroyed = models.BooleanField(default=False)
    only_void = models.CharField(max_length=20, choices=OnlyVoid, blank=True)
    record_fingerprint = models.CharField(max_length=64, blank=True)
    void_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    voided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.TextField(max_length=LONGEST_REASON, blank=True)
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    # Of a poll that rates persons: by this alone its booth is found (decision 55). Its key is public.
    is_of_persons = models.BooleanField(default=False)
    booth_key = models.UUIDField(null=True, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_of_persons=True, booth_key__isnull=False) | Q(is_of_persons=False, booth_key=None),
                name="poll_of_persons_has_an_address_of_its_own",
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="ballot_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(closed_by=None) | ~Q(closed_by=F("close_asked_by")), name="two_people_close_a_poll"
            ),
            models.CheckConstraint(
                condition=Q(voided_by=None) | ~Q(voided_by=F("void_asked_by")), name="two_people_void_a_poll"
            ),
            models.CheckConstraint(
                condition=Q(voided_at=None, void_asked_by=None) | ~Q(void_reason=""), name="voided_poll_says_why"
            ),
        ]

    @property
    def reference(self) -> str:
        return f"poll:{self.key}"

    @property
    def way_in(self) -> UUID:
        """What stands for it in the addresses of its booth: one of its own where persons are rated, else its key."""
        return self.booth_key or self.key

    @property
    def is_over(self) -> bool:
        """Whether it was closed or declared void."""
        return self.state in (self.State.CLOSED, self.State.VOIDED)


class PollExtension(models.Model):
    """A later closing time given to an open poll, with its reason. The manifest keeps the time first announced."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    closes_at = models.DateTimeField()
    reason = models.TextField(max_length=LONGEST_REASON)
    extended_at = models.DateTimeField()
    extended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="extension_says_why"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("extended_at")), name="extension_ends_in_the_future"),
        ]


class PollScrutineer(models.Model):
    """A scrutineer from outside the rated units, registered before a poll opens, with the public keys that the manifest will name.

    `nonce` is what the test of the keys is to give back, until `tried_at`; `handed_at` is when the handover was first taken.
    """

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    signing_key = models.BinaryField(max_length=65, null=True)
    decryption_key = models.BinaryField(max_length=65, null=True)
    nonce = models.BinaryField(max_length=32, null=True)
    tried_at = models.DateTimeField(null=True)
    handed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "person"], name="scrutineer_is_registered_once_a_poll"),
            models.CheckConstraint(
                condition=Q(tried_at=None) | Q(signing_key__isnull=False, decryption_key__isnull=False),
                name="scrutineer_tried_the_keys_registered",
            ),
        ]


class RatedOrganisation(models.Model):
    """An organisation on a poll's sheet."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "organisation"], name="organisation_is_rated_once_a_poll")
        ]


class RatedPerson(models.Model):
    """A person on a poll's sheet, at the organisation to which they belonged when it was planned; its committee reads what comes of it."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="person_is_rated_once_a_poll")]

    @property
    def code(self) -> str:
        """How manifest and record call them: by the place on this sheet, which says nothing elsewhere."""
        return f"person-{self.position:03d}"

    @property
    def name(self) -> str:
        """The name that voters read."""
        return self.person.name


class SheetQuestion(models.Model):
    """A question on a poll's sheet: its options are put in order or approved. `method` counts them, and is frozen at the opening."""

    class Kind(models.TextChoices):
        """All options in order, the best three of many, or every option that one approves."""

        RANKING = "ranking"
        BEST_THREE = "best-three"
        APPROVAL = "approval"

    class Method(models.TextChoices):
        SCHULZE = "schulze"
        BORDA = "borda"
        APPROVALS = "approvals"

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=Kind)
    method = models.CharField(max_length=20, choices=Method)
    text = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "position"], name="question_has_a_place_of_its_own"),
            models.CheckConstraint(
                condition=Q(kind="approval", method="approvals") | (~Q(kind="approval") & ~Q(method="approvals")),
                name="approvals_are_counted_as_such",
            ),
        ]


class QuestionOption(models.Model):
    """One option of a question: an organisation of the tree, or something named by hand. Never a person."""

    question = models.ForeignKey(SheetQuestion, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.JSONField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "position"], name="option_has_a_place_of_its_own"),
            models.UniqueConstraint(fields=["question", "organisation"], name="organisation_is_an_option_once"),
        ]


class VoterPool(models.Model):
    """People counted together. `verdict` is what the close found.

    `issuer` names a second issuer beside the office, if any: its name, the address of its process, the public key of its
    statements, the digest of the request it answered and, after the close, its signed statement of how many tokens it issued.
    `turnout_shown` is what is told while the poll is open.
    """

    class Verdict(models.TextChoices):
        VALID = "valid"
        VOID = "void"
        BELOW_TURNOUT = "below-turnout"

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=40)
    name = models.JSONField()
    position = models.PositiveSmallIntegerField()
    rater_group = models.CharField(max_length=40, blank=True)
    issuer = models.SlugField(max_length=40, blank=True)
    issuer_name = models.JSONField(null=True)
    issuer_address = models.URLField(max_length=300, blank=True)
    issuer_key = models.BinaryField(max_length=32, null=True)
    issuer_request = models.CharField(max_length=64, blank=True)
    issuer_count = models.PositiveIntegerField(null=True)
    issuer_statement = models.TextField(blank=True)
    verdict = models.CharField(max_length=20, choices=Verdict, blank=True)
    turnout_shown = models.PositiveIntegerField(null=True)
    turnout_shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "slug"], name="pool_slug_is_unique_in_its_poll")]


class Guest(Referable):
    """Somebody who is asked in one poll and is no member: a patient, a representative of the public.

    Name and contact serve to hand over a letter, and are forgotten after the close; the place stays, for the roll's root was
    made of it. `likeness` is a keyed hash by which one guest twice is noticed, within a cycle, also when the name is forgotten.
    """

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=80, blank=True)
    contact = models.CharField(max_length=120, blank=True)
    likeness = models.CharField(max_length=64, blank=True)
    forgotten_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "position"], name="guest_has_a_place_of_their_own"),
            models.UniqueConstraint(
                fields=["poll", "likeness"], condition=~Q(likeness=""), name="guest_is_asked_once_a_poll"
            ),
            models.CheckConstraint(
                condition=Q(forgotten_at=None) | Q(name="", contact=""), name="forgotten_guest_has_no_name"
            ),
        ]

    @property
    def number(self) -> str:
        """How roll and letter call them: the same before and after they are forgotten."""
        return f"guest-{self.position:04d}"


class RollEntry(models.Model):
    """One voter of a pool, member or guest. That a ballot was issued in their name is written at the poll's own desk until the close."""

    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    guest = models.OneToOneField(Guest, on_delete=models.CASCADE, null=True, related_name="+")
    nonce = models.BinaryField(max_length=16)

    # What the desk, or after the close the house, has of this entry; put here by the queries that say so.
    mark: Mark | None = None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "person"], name="person_is_in_one_pool_of_a_poll"),
            models.CheckConstraint(
                condition=Q(person=None, guest__isnull=False) | Q(person__isnull=False, guest=None),
                name="roll_entry_is_a_member_or_a_guest",
            ),
        ]

    @property
    def voter(self) -> Person | Guest:
        """Whose entry it is: both kinds have a name and a number."""
        voter = self.person or self.guest
        assert voter is not None  # the database sees to it
        return voter

    @property
    def is_issued(self) -> bool:
        """Whether a ballot is known to have been issued in this person's name."""
        return self.mark is not None and self.mark.is_issued

    @property
    def is_on_paper(self) -> bool:
        """Whether this person is known to vote on paper."""
        return self.mark is not None and self.mark.is_on_paper


class RollMark(models.Model):
    """Whether a ballot was issued in the name of an entry, by phone or on paper. Written once, at the close, for all entries of a
    poll in one statement and in a random order, so that neither a row's place nor its transaction tells when it came about.
    """

    entry = models.OneToOneField(RollEntry, on_delete=models.CASCADE, primary_key=True, related_name="+")
    is_issued = models.BooleanField()
    is_on_paper = models.BooleanField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on_paper=False) | Q(is_issued=True), name="paper_counts_as_issued_after_the_close"
            )
        ]


class RefusedPool(models.Model):
    """A group that was too small to be a pool of this poll: published with the record, so that nobody thinks it was forgotten."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    name = models.JSONField()
    size = models.PositiveSmallIntegerField()
    refused_at = models.DateTimeField()
    refused_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "name", "size"], name="refused_pool_is_kept_once")]
