"""Polls of secret appraisal. Nothing here joins a person with a slip: the roll knows who was issued tokens, the box knows slips."""

from django.db import models
from django.db.models import F, Q

from zhengyou.campaigns.models import Cycle
from zhengyou.organisations.models import Organisation, Person


class Poll(models.Model):
    """One poll of appraisal: a sheet of organisations, pools of voters, a window. `void_reason` stands from the asking on."""

    class State(models.TextChoices):
        DRAFTED = "drafted"
        OPENED = "opened"
        CLOSED = "closed"
        VOIDED = "voided"

    key = models.UUIDField(unique=True)
    cycle = models.ForeignKey(Cycle, on_delete=models.PROTECT, related_name="+")
    name = models.JSONField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=State, default=State.DRAFTED)
    manifest = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    acknowledgement_key = models.BinaryField(null=True)
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    close_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    is_box_destroyed = models.BooleanField(default=False)
    record_fingerprint = models.CharField(max_length=64, blank=True)
    void_asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    voided_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField(null=True)
    void_reason = models.TextField(blank=True)
    repeats = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
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


class PollExtension(models.Model):
    """A later closing time given to an open poll, with its reason. The manifest keeps the time first announced."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    closes_at = models.DateTimeField()
    reason = models.TextField()
    extended_at = models.DateTimeField()
    extended_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="extension_says_why"),
            models.CheckConstraint(condition=Q(closes_at__gt=F("extended_at")), name="extension_ends_in_the_future"),
        ]


class PollScrutineer(models.Model):
    """A scrutineer from outside the rated units, registered before a poll opens. `handed_at`: when the openings were first taken."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    handed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "person"], name="scrutineer_is_registered_once_a_poll")]


class ScrutineerStatement(models.Model):
    """What a scrutineer from outside the rated units found when checking the openings against the counts of a record."""

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    record_fingerprint = models.CharField(max_length=64)
    is_agreed = models.BooleanField()
    remark = models.TextField(blank=True)
    signed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "person"], name="scrutineer_signs_a_poll_once"),
            models.CheckConstraint(condition=Q(is_agreed=True) | ~Q(remark=""), name="disagreement_says_why"),
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


class VoterPool(models.Model):
    """People counted together. `closing_key` is the encrypted private key, destroyed at the close.

    `issuer` names a second issuer beside the office, if any: its name, the address of its process, the public key of its
    statements, the digest of the request it answered and, after the close, its signed statement of how many tokens it issued.
    `turnout_shown` is what is told while the poll is open.
    """

    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=40)
    name = models.JSONField()
    position = models.PositiveSmallIntegerField()
    closing_key = models.BinaryField(null=True)
    rater_group = models.CharField(max_length=40, blank=True)
    issuer = models.SlugField(max_length=40, blank=True)
    issuer_name = models.JSONField(null=True)
    issuer_address = models.URLField(max_length=300, blank=True)
    issuer_key = models.BinaryField(max_length=32, null=True)
    issuer_request = models.CharField(max_length=64, blank=True)
    issuer_count = models.PositiveIntegerField(null=True)
    issuer_statement = models.TextField(blank=True)
    turnout_shown = models.PositiveIntegerField(null=True)
    turnout_shown_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "slug"], name="pool_slug_is_unique_in_its_poll")]


class RollEntry(models.Model):
    """One person of a pool. `request_digest` recognises a retry of the same blinded serials; no time is kept."""

    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    poll = models.ForeignKey(Poll, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    nonce = models.BinaryField(max_length=16)
    is_issued = models.BooleanField(default=False)
    is_on_paper = models.BooleanField(default=False)
    is_sheet_printed = models.BooleanField(default=False)
    request_digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "person"], name="person_is_in_one_pool_of_a_poll"),
            models.CheckConstraint(
                condition=Q(is_issued=False, request_digest=None)
                | Q(is_issued=True, is_on_paper=False, request_digest__isnull=False)
                | Q(is_issued=True, is_on_paper=True, request_digest=None),
                name="issued_entry_knows_its_request",
            ),
            models.CheckConstraint(
                condition=Q(is_sheet_printed=False) | Q(is_on_paper=True), name="sheet_is_printed_for_paper_only"
            ),
        ]


class LineKey(models.Model):
    """The issuing key of one line of the sheet for one pool, encrypted; destroyed at the close.

    Of a second issuer's keys the house has the public half only.
    """

    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    line = models.CharField(max_length=64)
    issuer = models.CharField(max_length=64, default="office")
    modulus = models.BinaryField(max_length=256)
    private_key = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "line", "issuer"], name="line_has_one_key_a_pool_and_issuer")
        ]


class PaperBatch(models.Model):
    """Sheets printed for `people` of a pool who vote on paper, drawn from an urn, their forms keyed twice. Only counted here.

    `drawn` stays empty until the undrawn sheets are cancelled; before that the box takes none of the batch's slips.
    """

    pool = models.ForeignKey(VoterPool, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveSmallIntegerField()
    people = models.PositiveSmallIntegerField()
    sheets = models.PositiveSmallIntegerField()
    drawn = models.PositiveSmallIntegerField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    forms = models.PositiveSmallIntegerField(null=True)
    forms_without_slip = models.PositiveSmallIntegerField(default=0)
    scrutineer = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    printed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()
    first_keyer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    second_keyer = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    is_signed_by_first = models.BooleanField(default=False)
    is_signed_by_second = models.BooleanField(default=False)
    reconciled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pool", "number"], name="batch_number_is_unique_in_its_pool"),
            models.CheckConstraint(condition=Q(people__lte=F("sheets")), name="a_sheet_is_printed_for_each"),
            models.CheckConstraint(
                condition=Q(drawn=None) | Q(drawn__lte=F("people"), withdrawn_at=None), name="no_more_drawn_than_people"
            ),
            models.CheckConstraint(
                condition=Q(second_keyer=None) | ~Q(second_keyer=F("first_keyer")), name="two_people_key_a_batch"
            ),
            models.CheckConstraint(condition=~Q(scrutineer=F("printed_by")), name="scrutineer_watches_the_printing"),
            models.CheckConstraint(
                condition=Q(reconciled_at=None) | Q(is_signed_by_first=True, is_signed_by_second=True),
                name="both_keyers_sign_a_batch",
            ),
        ]


class BoxSlip(models.Model):
    """A slip in the box's own database: keyed by the hash of its serial, without time, order or address."""

    in_box = True

    key = models.BinaryField(primary_key=True, max_length=32)
    poll = models.UUIDField(db_index=True)
    line = models.CharField(max_length=64)
    version = models.BigIntegerField()
    document = models.BinaryField()


class BoxPaperSlip(models.Model):
    """A slip printed for paper, in the box's database: serial, token, the number people read. Never its private key.

    `finder` is what the slip's secret is looked up by. Nothing joins the slips of one sheet.
    """

    in_box = True

    key = models.BinaryField(primary_key=True, max_length=32)
    poll = models.UUIDField(db_index=True)
    batch = models.PositiveBigIntegerField(db_index=True)
    line = models.CharField(max_length=110)
    number = models.CharField(max_length=20)
    serial = models.BinaryField(max_length=65)
    token = models.BinaryField(max_length=288)
    finder = models.BinaryField(max_length=32, unique=True)
    is_released = models.BooleanField(default=False)
    is_cancelled = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["poll", "number"], name="slip_number_is_unique_in_its_poll"),
            models.CheckConstraint(
                condition=Q(is_released=False) | Q(is_cancelled=False), name="cancelled_slip_is_not_released"
            ),
        ]


class BoxKeyedForm(models.Model):
    """One paper form as one of two people keyed it, in the box's database until the close: a sealed and signed slip like any.

    `is_second_look` says that the person keyed it again after the two had differed.
    """

    in_box = True

    key = models.BinaryField(primary_key=True, max_length=32)
    poll = models.UUIDField(db_index=True)
    batch = models.PositiveBigIntegerField(db_index=True)
    slip = models.BinaryField(max_length=32)
    keying = models.PositiveSmallIntegerField()
    is_second_look = models.BooleanField(default=False)
    document = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["slip", "keying"], name="slip_is_keyed_once_a_keying")]


class IssuerDuty(models.Model):
    """What a second issuer issues for: one pool of one poll, run in a home of its own by `zhengyou issuer`.

    `request` is what the office asked, `manifest` what it then froze; `statement_key` is encrypted, and destroyed with the
    issuing keys once the count is stated. `origin` is the one site whose booth may ask.
    """

    poll = models.UUIDField()
    pool = models.SlugField(max_length=40)
    issuer = models.SlugField(max_length=40)
    name = models.JSONField()
    origin = models.CharField(max_length=300)
    request = models.TextField(blank=True)
    statement_key = models.BinaryField(null=True)
    manifest = models.TextField(blank=True)
    fingerprint = models.CharField(max_length=64, blank=True)
    closes_at = models.DateTimeField(null=True)
    statement = models.TextField(blank=True)
    stated_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["poll", "pool"], name="issuer_has_one_duty_a_pool")]

    @property
    def reference(self) -> str:
        return f"duty:{self.poll}/{self.pool}"


class IssuerRollEntry(models.Model):
    """One person of a second issuer's own roll, with the hash of the code it gave them. No time is kept."""

    duty = models.ForeignKey(IssuerDuty, on_delete=models.CASCADE, related_name="+")
    number = models.CharField(max_length=40)
    name = models.CharField(max_length=80)
    code_digest = models.CharField(max_length=64, null=True, unique=True)
    is_issued = models.BooleanField(default=False)
    request_digest = models.BinaryField(max_length=32, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "number"], name="person_stands_once_on_an_issuers_roll")]


class IssuerLineKey(models.Model):
    """A second issuer's own key of one line, encrypted; destroyed when it has stated its count."""

    duty = models.ForeignKey(IssuerDuty, on_delete=models.CASCADE, related_name="+")
    line = models.CharField(max_length=64)
    modulus = models.BinaryField(max_length=256)
    private_key = models.BinaryField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["duty", "line"], name="issuer_has_one_key_a_line")]
