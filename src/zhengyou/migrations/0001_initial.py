import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.constraints
import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models

import zhengyou.base.codes
import zhengyou.cases.models
import zhengyou.identity.models
import zhengyou.windows.models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Account",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("login", models.CharField(max_length=80, unique=True)),
                ("is_active", models.BooleanField(default=True)),
                ("is_handed_out", models.BooleanField(default=False)),
                ("off_reason", models.CharField(blank=True, max_length=300)),
                ("seal", models.CharField(default=zhengyou.identity.models.fresh_seal, max_length=32)),
                ("language", models.CharField(blank=True, max_length=10)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("name_en", models.CharField(blank=True, max_length=200)),
                ("theme", models.CharField(max_length=200)),
                ("theme_en", models.CharField(blank=True, max_length=200)),
                ("aim", models.TextField(blank=True)),
                ("launch_words", models.TextField(blank=True, max_length=4000)),
                ("launch_speaker", models.CharField(blank=True, max_length=120)),
                ("opinion", models.TextField(blank=True, max_length=20000)),
                ("asked_of_you", models.TextField(blank=True, max_length=2000)),
                ("pack", models.SlugField(max_length=60)),
                ("basis_kind", models.SlugField(max_length=60)),
                ("basis_body", models.CharField(max_length=200)),
                ("basis_number", models.CharField(max_length=100)),
                ("basis_from", models.DateField()),
                ("basis_until", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Commendation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decision_number", models.CharField(max_length=100)),
                ("deciding_body", models.CharField(max_length=200)),
                ("reasons", models.TextField()),
                ("stepped_aside", models.CharField(blank=True, max_length=500)),
                ("recorded_at", models.DateTimeField()),
                ("abstained", models.PositiveSmallIntegerField(null=True)),
                ("against", models.PositiveSmallIntegerField(null=True)),
                ("in_favour", models.PositiveSmallIntegerField(null=True)),
                ("present", models.PositiveSmallIntegerField(null=True)),
            ],
            options={
                "abstract": False,
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("abstained", None), ("against", None), ("in_favour", None), ("present", None)),
                            (
                                "present",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("in_favour"), "+", models.F("against")
                                    ),
                                    "+",
                                    models.F("abstained"),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="votes_of_a_decision_add_up",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="EntryText",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("text", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="FailedSignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("login", models.CharField(db_index=True, max_length=64)),
                ("place", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("subject", models.CharField(max_length=120)),
                ("title", models.CharField(max_length=200)),
                ("basis", models.TextField()),
                ("route", models.TextField()),
                ("snapshot", models.JSONField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("receiving_body", models.CharField(max_length=200)),
                ("phone", models.CharField(max_length=80)),
                ("mail", models.CharField(blank=True, max_length=200)),
                ("address", models.CharField(max_length=300)),
                ("working_days", models.PositiveSmallIntegerField()),
                ("published_at", models.DateTimeField()),
                ("ends_on", models.DateField()),
                ("closes_at", models.DateTimeField()),
                ("is_by_official_calendar", models.BooleanField()),
                ("restarted_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawal_reason", models.CharField(blank=True, max_length=500)),
                ("settled_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RollEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("nonce", models.BinaryField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name="SearchPlace",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "names",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None),
                ),
                ("depth", models.PositiveSmallIntegerField()),
                ("folded", models.TextField()),
                ("spelled", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Spent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("spent_on", models.DateField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("media_type", models.CharField(max_length=80)),
                ("size", models.PositiveIntegerField()),
                ("width", models.PositiveIntegerField(null=True)),
                ("height", models.PositiveIntegerField(null=True)),
                ("stored_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="AccountSession",
            fields=[
                ("session_key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("session_data", models.TextField()),
                ("expire_date", models.DateTimeField(db_index=True)),
                ("device", models.CharField(blank=True, max_length=60)),
                (
                    "account",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Addendum",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=120)),
                ("number", models.PositiveIntegerField()),
                ("part", models.CharField(max_length=120)),
                ("before", models.TextField()),
                ("after", models.TextField()),
                ("why", models.CharField(max_length=500)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("about", "number"), name="addendum_number_is_unique")],
            },
        ),
        migrations.CreateModel(
            name="Carrier",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.SlugField(max_length=60)),
                ("name", models.CharField(max_length=100)),
                ("since_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=300)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.campaign"
                    ),
                ),
                (
                    "grew_from",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.carrier"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Cycle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("name_en", models.CharField(blank=True, max_length=120)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField()),
                ("rules", models.JSONField()),
                ("launched_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("close_asked_at", models.DateTimeField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.campaign"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CentralWork",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("text", models.CharField(max_length=200)),
                ("aim", models.SlugField(blank=True, max_length=60)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.cycle"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cycle", "number"), name="central_work_number_is_unique_in_its_cycle"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="central_work_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CarrierYear",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("content", models.TextField(max_length=2000)),
                ("what_is_new", models.CharField(blank=True, max_length=500)),
                ("post_kinds", models.JSONField(default=list)),
                ("written_at", models.DateTimeField()),
                (
                    "carrier",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.carrier"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IssuerDuty",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("poll", models.UUIDField()),
                ("pool", models.SlugField(max_length=40)),
                ("issuer", models.SlugField(max_length=40)),
                ("name", models.JSONField()),
                ("origin", models.CharField(max_length=300)),
                ("request", models.TextField(blank=True)),
                ("statement_key", models.BinaryField(null=True)),
                ("manifest", models.TextField(blank=True)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("closes_at", models.DateTimeField(null=True)),
                ("statement", models.TextField(blank=True)),
                ("stated_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("poll", "pool"), name="issuer_has_one_duty_a_pool")],
            },
        ),
        migrations.CreateModel(
            name="IssuerLineKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.CharField(max_length=64)),
                ("modulus", models.BinaryField(max_length=256)),
                ("private_key", models.BinaryField(null=True)),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.issuerduty"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("duty", "line"), name="issuer_has_one_key_a_line")],
            },
        ),
        migrations.CreateModel(
            name="IssuerRollEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=80)),
                ("code_digest", models.CharField(max_length=64, null=True, unique=True)),
                ("is_issued", models.BooleanField(default=False)),
                ("request_digest", models.BinaryField(max_length=32, null=True)),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.issuerduty"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("duty", "number"), name="person_stands_once_on_an_issuers_roll")
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=40)),
                ("about", models.CharField(max_length=120)),
                ("part", models.CharField(blank=True, max_length=120)),
                ("given", models.JSONField(default=dict)),
                ("by", models.CharField(blank=True, max_length=80)),
                ("language", models.CharField(max_length=10)),
                ("page", models.CharField(max_length=300)),
                ("is_short", models.BooleanField(default=False)),
                ("asked_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                            ("stopped", "Stopped"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("steps_done", models.PositiveIntegerField(default=0)),
                ("steps", models.PositiveIntegerField(default=0)),
                ("is_stop_asked", models.BooleanField(default=False)),
                ("sentence", models.JSONField(blank=True, default=dict)),
                ("file", models.CharField(blank=True, max_length=80)),
                ("taken_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["about", "kind", "part"], name="job_by_subject")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=("kind", "about", "part"),
                        name="asked_twice_at_once_is_one_job",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                ("by", models.CharField(blank=True, max_length=80)),
                ("deed", models.CharField(max_length=80)),
                ("subject", models.CharField(max_length=120)),
                ("payload", models.JSONField(null=True)),
                ("salt", models.BinaryField(max_length=16, null=True)),
                ("leaf", models.CharField(max_length=64)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "id"], name="journal_by_subject"),
                    models.Index(fields=["by", "id"], name="journal_by_person"),
                    models.Index(fields=["at", "id"], name="journal_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadingTeam",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("group", "Group"), ("office", "Office"), ("team", "Team")], max_length=20
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("tasks", models.CharField(blank=True, max_length=500)),
                ("ended_on", models.DateField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.campaign"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None), ("kind__in", ["group", "office"])),
                        fields=("campaign", "kind"),
                        name="campaign_has_one_leading_group_and_one_office",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("campaign", "name"),
                        name="team_name_is_unique_in_its_campaign",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NumberSeries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.SlugField(max_length=40)),
                ("year", models.PositiveSmallIntegerField()),
                ("last", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "year"), name="series_is_one_a_kind_and_year")],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("nominee", models.CharField(blank=True, max_length=120)),
                ("content", models.TextField(max_length=2000)),
                ("name", models.CharField(blank=True, max_length=80)),
                ("contact", models.CharField(blank=True, max_length=200)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("form", "Form"),
                            ("phone", "Phone"),
                            ("mail", "Mail"),
                            ("letter", "Letter"),
                            ("visit", "Visit"),
                        ],
                        max_length=20,
                    ),
                ),
                ("fold", models.CharField(max_length=64, null=True)),
                ("times", models.PositiveIntegerField(default=1)),
                ("is_from_flood", models.BooleanField(default=False)),
                ("arrived_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("registered", "Registered"),
                            ("checked", "Checked"),
                            ("ruled", "Ruled"),
                            ("answered", "Answered"),
                            ("set_aside", "Set Aside"),
                        ],
                        default="received",
                        max_length=20,
                    ),
                ),
                ("registered_at", models.DateTimeField(null=True)),
                ("checked_at", models.DateTimeField(null=True)),
                ("finding", models.TextField(blank=True, max_length=2000)),
                ("ruled_at", models.DateTimeField(null=True)),
                ("is_upheld", models.BooleanField(null=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("set_aside_at", models.DateTimeField(null=True)),
                ("answer", models.TextField(blank=True, max_length=2000)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.notice"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ObjectionCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("lookup", models.CharField(max_length=64, unique=True)),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.objection"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Organisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.SlugField(max_length=60)),
                ("sector", models.SlugField(blank=True, max_length=60)),
                ("path", models.CharField(blank=True, db_index=True, max_length=400)),
                ("depth", models.PositiveSmallIntegerField(default=0)),
                ("name_key", models.CharField(db_index=True, max_length=400)),
                ("founded_on", models.DateField(null=True)),
                ("ended_on", models.DateField(null=True)),
                ("former_codes", models.JSONField(default=list)),
                (
                    "parent",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.organisation",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["path"], name="organisation_path_prefix", opclasses=["text_pattern_ops"])
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("parent", models.F("id")), _negated=True),
                        name="organisation_is_not_its_own_parent",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True), name="organisation_has_a_code"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grade", models.SlugField(blank=True, max_length=60)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("decided_on", models.DateField()),
                ("entered_at", models.DateTimeField()),
                ("told_on", models.DateField(null=True)),
                ("told_how", models.CharField(blank=True, choices=[("desk", "Desk"), ("talk", "Talk")], max_length=10)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DemonstrationUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("criteria", models.CharField(max_length=1000)),
                ("designated_by", models.CharField(max_length=200)),
                ("designated_on", models.DateField()),
                ("ended_on", models.DateField(null=True)),
                ("end_reason", models.CharField(blank=True, max_length=300)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.campaign"
                    ),
                ),
                (
                    "carrier",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.carrier"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_on", None)),
                        fields=("campaign", "organisation"),
                        name="unit_is_a_demonstration_unit_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_on", None), models.Q(("end_reason", ""), _negated=True), _connector="OR"
                        ),
                        name="demonstration_unit_ends_with_a_reason",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Commitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("yearly", "yearly"), ("immediate", "immediate")], default="yearly", max_length=20
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "being written"),
                            ("proposed", "waiting for review"),
                            ("returned", "sent back"),
                            ("published", "published"),
                        ],
                        default="drafted",
                        max_length=20,
                    ),
                ),
                ("proposals", models.PositiveSmallIntegerField(default=0)),
                ("begun_at", models.DateTimeField()),
                ("proposed_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CarrierUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_with_all_below", models.BooleanField(default=False)),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.carrieryear"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("year", "organisation"), name="unit_takes_part_once_in_a_carrier")
                ],
            },
        ),
        migrations.AddField(
            model_name="carrier",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="organisation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
            ),
        ),
        migrations.CreateModel(
            name="Ask",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.SlugField(max_length=40)),
                ("is_for_all_below", models.BooleanField(default=False)),
                ("month", models.DateField(db_index=True)),
                ("minutes", models.PositiveSmallIntegerField()),
                ("about", models.CharField(max_length=120)),
                ("asked_at", models.DateTimeField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("month__day", 1)), name="ask_falls_in_a_month"),
                    models.CheckConstraint(condition=models.Q(("minutes__gte", 1)), name="ask_takes_time"),
                    models.UniqueConstraint(fields=("about", "form", "organisation", "month"), name="ask_is_made_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=40, unique=True)),
                ("name", models.CharField(max_length=80)),
                ("membership", models.SlugField(db_index=False, default="formal", max_length=60)),
                ("is_floating", models.BooleanField(default=False)),
                ("post_kind", models.SlugField(blank=True, max_length=60)),
                ("name_key", models.CharField(db_index=True, max_length=200)),
                ("joined_on", models.DateField(null=True)),
                ("left_on", models.DateField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("number", ""), _negated=True), name="person_has_a_number"
                    )
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("left_on", None)), fields=["organisation"], name="person_here_by_unit"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutsideFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=120)),
                ("mean", models.FloatField()),
                ("standard_error", models.FloatField()),
                ("count", models.PositiveIntegerField(null=True)),
                ("source", models.CharField(max_length=300)),
                ("entered_at", models.DateTimeField()),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "name"), name="outside_figure_is_entered_once_a_cycle"),
                    models.CheckConstraint(
                        condition=models.Q(("standard_error__gte", 0)), name="outside_error_is_not_negative"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source", ""), _negated=True), name="outside_figure_names_its_source"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="objection",
            name="checked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="published_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
            ),
        ),
        migrations.CreateModel(
            name="Manifest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("document", models.TextField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("frozen_at", models.DateTimeField()),
                ("why", models.CharField(max_length=300)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.campaign"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "frozen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "number"), name="manifest_number_is_unique")
                ],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                ("written_at", models.DateTimeField()),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "learned_from",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="lesson_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("learned_from", models.F("organisation")), _negated=True),
                        name="nobody_learns_from_itself",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "what",
                    models.CharField(
                        choices=[("organisations", "Organisations"), ("people", "People"), ("both", "Both")],
                        max_length=20,
                    ),
                ),
                ("file_name", models.CharField(max_length=200)),
                ("digest", models.CharField(max_length=64)),
                ("remarks", models.JSONField(default=list)),
                ("rows", models.JSONField()),
                ("answers", models.JSONField(default=dict)),
                ("kept", models.JSONField(default=list)),
                ("is_read", models.BooleanField(default=True)),
                ("read_at", models.DateTimeField()),
                ("applied_at", models.DateTimeField(null=True)),
                ("outcome", models.JSONField(null=True)),
                (
                    "read_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Honour",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post", models.CharField(blank=True, max_length=80)),
                ("unit", models.CharField(blank=True, max_length=200)),
                ("title", models.CharField(max_length=120)),
                ("holder", models.CharField(max_length=200)),
                ("code", models.CharField(max_length=14, unique=True)),
                ("given_at", models.DateTimeField()),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revocation_reason", models.CharField(blank=True, max_length=500)),
                (
                    "commendation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.commendation"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "revoked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("person", None)),
                        fields=("commendation", "organisation"),
                        name="organisation_is_commended_once",
                    ),
                    models.UniqueConstraint(fields=("commendation", "person"), name="person_is_commended_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("revocation_reason", ""), ("revoked_at", None)),
                            models.Q(("revoked_at__isnull", False), models.Q(("revocation_reason", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="revoked_honour_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="GradeObjection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=2000)),
                ("made_at", models.DateTimeField()),
                ("answer", models.TextField(blank=True, max_length=2000)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "decision",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.gradedecision"
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_at", None), ("answered_by", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answer", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="answered_grade_objection_says_by_whom",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="gradedecision",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
            ),
        ),
        migrations.AddField(
            model_name="gradedecision",
            name="person",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
            ),
        ),
        migrations.CreateModel(
            name="GradeChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("grade_before", models.SlugField(blank=True, max_length=60)),
                ("reason_before", models.CharField(blank=True, max_length=500)),
                ("why", models.CharField(max_length=500)),
                ("changed_at", models.DateTimeField()),
                (
                    "decision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.gradedecision"
                    ),
                ),
                (
                    "changed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GoesOn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=120)),
                ("marked_at", models.DateTimeField()),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "marked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("cycle", "about"), name="what_goes_on_is_marked_once")],
            },
        ),
        migrations.CreateModel(
            name="DraftRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.CharField(max_length=500)),
                ("said_at", models.DateTimeField()),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.commitment"
                    ),
                ),
                (
                    "said_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="cycle",
            name="close_asked_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
            ),
        ),
        migrations.CreateModel(
            name="ContactPoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.campaign"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "leader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on", None), ("until_on__gt", models.F("from_on")), _connector="OR"),
                        name="contact_point_begins_before_it_ends",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)),
                        fields=("campaign", "leader", "organisation"),
                        name="leader_looks_after_a_unit_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone", models.CharField(blank=True, max_length=40)),
                ("mail", models.EmailField(blank=True, max_length=120)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="commitment",
            name="proposed_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
            ),
        ),
        migrations.AddField(
            model_name="commendation",
            name="recorded_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
            ),
        ),
        migrations.AddField(
            model_name="carrieryear",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
            ),
        ),
        migrations.AddField(
            model_name="account",
            name="person",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
            ),
        ),
        migrations.CreateModel(
            name="Plan",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("begun_at", models.DateTimeField()),
                ("members_from", models.DateField(null=True)),
                ("public_from", models.DateField(null=True)),
                ("open_until", models.DateField(null=True)),
                ("adopted_on", models.DateField(null=True)),
                ("adopted_by_body", models.CharField(blank=True, max_length=200)),
                ("adopted_at", models.DateTimeField(null=True)),
                (
                    "adopted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "begun_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["cycle", "public_from"], name="plan_by_cycle")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("members_from", None), ("open_until", None), ("public_from", None)),
                            models.Q(
                                ("members_from__lt", models.F("public_from")),
                                ("public_from__lt", models.F("open_until")),
                            ),
                            _connector="OR",
                        ),
                        name="members_read_a_plan_before_everybody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("adopted_at", None),
                                ("adopted_by", None),
                                ("adopted_by_body", ""),
                                ("adopted_on", None),
                            ),
                            models.Q(
                                ("adopted_at__isnull", False),
                                ("adopted_by__isnull", False),
                                ("adopted_on__isnull", False),
                                models.Q(("adopted_by_body", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="adopted_plan_says_by_whom_and_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Paragraph",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_whole", models.BooleanField(default=False)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.plan"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PlanResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("taken_up", "taken up"),
                            ("partly", "partly taken up"),
                            ("not_taken_up", "not taken up, because"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=600)),
                ("responded_at", models.DateTimeField()),
                ("paragraphs", models.ManyToManyField(related_name="+", to="zhengyou.paragraph")),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.plan"
                    ),
                ),
                (
                    "responded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="EarlierResponse",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("taken_up", "taken up"),
                            ("partly", "partly taken up"),
                            ("not_taken_up", "not taken up, because"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=600)),
                ("said_until", models.DateTimeField()),
                (
                    "response",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.planresponse"
                    ),
                ),
            ],
            options={
                "ordering": ["-pk"],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("published_at", models.DateTimeField(null=True)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.plan"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="plan_has_each_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("published_at", None)),
                        fields=("plan",),
                        name="plan_has_one_version_being_written",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("fingerprint", ""), ("published_at", None)),
                            models.Q(("published_at__isnull", False), models.Q(("fingerprint", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="published_version_has_its_fingerprint",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParagraphWording",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.PositiveSmallIntegerField()),
                ("text", models.TextField(max_length=3000)),
                (
                    "paragraph",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.paragraph"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.planversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "paragraph"), name="paragraph_stands_once_in_a_version"),
                    models.UniqueConstraint(
                        deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                        fields=("version", "place"),
                        name="version_has_each_place_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ParagraphFate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("because", models.CharField(blank=True, max_length=300)),
                (
                    "heir",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.paragraph",
                    ),
                ),
                (
                    "paragraph",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.paragraph"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.planversion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("version", "paragraph", "heir"), name="paragraph_has_an_heir_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("because", ""), ("heir__isnull", False)),
                            models.Q(("heir", None), models.Q(("because", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="paragraph_that_left_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Poll",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.UUIDField(unique=True)),
                ("name", models.JSONField()),
                ("opens_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "Drafted"),
                            ("opened", "Opened"),
                            ("closed", "Closed"),
                            ("voided", "Voided"),
                        ],
                        default="drafted",
                        max_length=20,
                    ),
                ),
                ("manifest", models.TextField(blank=True)),
                ("fingerprint", models.CharField(blank=True, max_length=64)),
                ("closed_at", models.DateTimeField(null=True)),
                ("is_box_destroyed", models.BooleanField(default=False)),
                (
                    "only_void",
                    models.CharField(
                        blank=True, choices=[("restored", "Restored"), ("no-box", "No Box")], max_length=20
                    ),
                ),
                ("record_fingerprint", models.CharField(blank=True, max_length=64)),
                ("voided_at", models.DateTimeField(null=True)),
                ("void_reason", models.TextField(blank=True, max_length=500)),
                ("is_of_persons", models.BooleanField(default=False)),
                ("booth_key", models.UUIDField(null=True, unique=True)),
                (
                    "close_asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "closed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "opened_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "repeats",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.poll"
                    ),
                ),
                (
                    "void_asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "voided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("booth_key__isnull", False), ("is_of_persons", True)),
                            models.Q(("booth_key", None), ("is_of_persons", False)),
                            _connector="OR",
                        ),
                        name="poll_of_persons_has_an_address_of_its_own",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("opens_at"))),
                        name="ballot_opens_before_it_closes",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_by", None),
                            models.Q(("closed_by", models.F("close_asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_close_a_poll",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("voided_by", None),
                            models.Q(("voided_by", models.F("void_asked_by")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_void_a_poll",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("void_asked_by", None), ("voided_at", None)),
                            models.Q(("void_reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="voided_poll_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlatformKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "purpose",
                    models.CharField(
                        choices=[("acknowledgement", "Acknowledgement"), ("head", "Head"), ("closing", "Closing")],
                        max_length=20,
                    ),
                ),
                ("private_key", models.BinaryField()),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "purpose"), name="poll_has_one_key_a_purpose"),
                    models.CheckConstraint(
                        condition=models.Q(("purpose__in", ["acknowledgement", "head", "closing"])),
                        name="key_has_a_purpose",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PassedShares",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.TextField()),
                (
                    "receiver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "sender",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("poll", "sender", "receiver"), name="shares_are_passed_once_to_each"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sender", models.F("receiver")), _negated=True), name="shares_go_to_another"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("name", models.CharField(blank=True, max_length=80)),
                ("contact", models.CharField(blank=True, max_length=120)),
                ("likeness", models.CharField(blank=True, max_length=64)),
                ("forgotten_at", models.DateTimeField(null=True)),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PollExtension",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closes_at", models.DateTimeField()),
                ("reason", models.TextField(max_length=500)),
                ("extended_at", models.DateTimeField()),
                (
                    "extended_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="extension_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closes_at__gt", models.F("extended_at"))),
                        name="extension_ends_in_the_future",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PollScrutineer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("registered_at", models.DateTimeField()),
                ("signing_key", models.BinaryField(max_length=65, null=True)),
                ("decryption_key", models.BinaryField(max_length=65, null=True)),
                ("nonce", models.BinaryField(max_length=32, null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("handed_at", models.DateTimeField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "person"), name="scrutineer_is_registered_once_a_poll"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("tried_at", None),
                            models.Q(("decryption_key__isnull", False), ("signing_key__isnull", False)),
                            _connector="OR",
                        ),
                        name="scrutineer_tried_the_keys_registered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PoolResults",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pools", models.JSONField()),
                (
                    "poll",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("campaign_office", "Campaign Office"),
                            ("leader", "Leader"),
                            ("secretary", "Secretary"),
                            ("scrutineer", "Scrutineer"),
                        ],
                        max_length=30,
                    ),
                ),
                ("title", models.CharField(blank=True, max_length=80)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on", None), ("until_on__gt", models.F("from_on")), _connector="OR"),
                        name="post_begins_before_it_ends",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)),
                        fields=("person", "organisation", "role"),
                        name="post_is_held_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PracticeTheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=200)),
                ("main_work", models.CharField(max_length=300)),
                ("chosen_at", models.DateTimeField()),
                (
                    "central_work",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.centralwork",
                    ),
                ),
                (
                    "chosen_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("cycle", "organisation"), name="organisation_has_one_practice_theme_a_cycle"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("what", models.CharField(max_length=300)),
                ("standard", models.CharField(max_length=300)),
                ("for_whom", models.CharField(max_length=120)),
                ("due_on", models.DateField()),
                ("evidence", models.CharField(max_length=300)),
                ("aim", models.SlugField(blank=True, max_length=60)),
                (
                    "checked_by",
                    models.CharField(
                        choices=[
                            ("thing", "a thing: it is there or it is not"),
                            ("place", "a place: anybody can go and look"),
                            ("number", "a number: anybody can count"),
                            ("yes_or_no", "yes or no: it happened or it did not"),
                            ("nothing", "by nothing: this cannot be checked"),
                        ],
                        default="thing",
                        max_length=20,
                    ),
                ),
                ("given_on", models.DateField(null=True)),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("kept", "kept, the level above says"),
                            ("mostly", "mostly kept, the level above says"),
                            ("not_kept", "not kept, the level above says"),
                            ("nothing_shown", "nothing shown, the level above says"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("drafted", "draft"),
                            ("proposed", "waiting for review"),
                            ("returned", "sent back"),
                            ("agreed", "agreed"),
                            ("withdrawn", "withdrawn"),
                        ],
                        default="drafted",
                        max_length=20,
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=1)),
                ("written_at", models.DateTimeField()),
                (
                    "carried_from",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.promise"
                    ),
                ),
                (
                    "commitment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.commitment"
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                ("piece", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "indexes": [models.Index(fields=["due_on", "id"], name="promise_by_day")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        fields=("carried_from",),
                        name="promise_is_carried_over_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OutcomeStatement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("fulfilled", "kept"),
                            ("partly", "partly kept"),
                            ("not_fulfilled", "not kept"),
                        ],
                        max_length=20,
                    ),
                ),
                ("explanation", models.CharField(max_length=500)),
                ("stated_at", models.DateTimeField()),
                (
                    "stated_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.promise"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Dropping",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500)),
                ("asked_at", models.DateTimeField()),
                ("consents", models.BooleanField(null=True)),
                ("opinion", models.CharField(blank=True, max_length=500)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.promise"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("consents", None), ("consents", True), _connector="OR"),
                        fields=("promise",),
                        name="promise_is_dropped_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("consents", False), _negated=True),
                            models.Q(("opinion", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="refused_dropping_has_an_opinion",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PromiseDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("kept", "kept, the level above says"),
                            ("mostly", "mostly kept, the level above says"),
                            ("not_kept", "not kept, the level above says"),
                            ("nothing_shown", "nothing shown, the level above says"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("decided_at", models.DateTimeField()),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.promise"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PromiseReview",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("proposal", models.PositiveSmallIntegerField()),
                ("wording", models.JSONField()),
                ("agrees", models.BooleanField()),
                ("opinion", models.CharField(blank=True, max_length=500)),
                ("reviewed_at", models.DateTimeField()),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.promise"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("promise", "proposal"), name="promise_is_reviewed_once_a_proposal"),
                    models.CheckConstraint(
                        condition=models.Q(("agrees", True), models.Q(("opinion", ""), _negated=True), _connector="OR"),
                        name="returned_promise_has_an_opinion",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicEntry",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("what", models.CharField(max_length=80)),
                ("about", models.CharField(db_index=True, max_length=120)),
                ("day", models.DateField()),
                ("document", models.TextField()),
                ("leaf", models.CharField(max_length=64)),
                ("chain", models.CharField(max_length=64)),
                (
                    "deed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.journalentry"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["what", "number"], name="public_entry_by_what")],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="public_entries_begin_with_one")
                ],
            },
        ),
        migrations.CreateModel(
            name="ErasableText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=200)),
                ("salt", models.BinaryField(max_length=32)),
                ("text", models.BinaryField()),
                ("is_public", models.BooleanField()),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.publicentry"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("entry", "place"), name="erasable_text_has_one_place")],
            },
        ),
        migrations.CreateModel(
            name="RatedOrganisation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "organisation"), name="organisation_is_rated_once_a_poll")
                ],
            },
        ),
        migrations.CreateModel(
            name="RatedPerson",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("poll", "person"), name="person_is_rated_once_a_poll")],
            },
        ),
        migrations.CreateModel(
            name="RefusedPool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.JSONField()),
                ("size", models.PositiveSmallIntegerField()),
                ("refused_at", models.DateTimeField()),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
                (
                    "refused_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "name", "size"), name="refused_pool_is_kept_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="Remark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("subject", models.CharField(max_length=120)),
                ("heading", models.CharField(max_length=300)),
                ("kind", models.SlugField(max_length=40)),
                ("words", models.TextField(blank=True, max_length=2000)),
                ("came_on", models.DateField()),
                (
                    "public_id",
                    models.CharField(default=zhengyou.base.codes.fresh, editable=False, max_length=14, unique=True),
                ),
                ("fold", models.CharField(max_length=64, null=True)),
                ("times", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "waiting to be read"), ("shown", "shown"), ("hidden", "hidden")],
                        max_length=10,
                    ),
                ),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("look", "read before it is shown"),
                            ("flood", "many came in a short time"),
                        ],
                        max_length=10,
                    ),
                ),
                ("has_number", models.BooleanField(default=False)),
                (
                    "was",
                    models.CharField(
                        blank=True,
                        choices=[("waiting", "waiting to be read"), ("shown", "shown"), ("hidden", "hidden")],
                        max_length=10,
                    ),
                ),
                ("looked_on", models.DateField(null=True)),
                (
                    "hidden_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("private", "names or numbers of a private person"),
                            ("insult", "insults or threatens somebody"),
                            ("unlawful", "the law forbids showing it"),
                            ("advertising", "advertising"),
                            ("beside", "about something else"),
                            ("program", "sent in numbers by a program; it does not count"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "hiding_asked_because",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("private", "names or numbers of a private person"),
                            ("insult", "insults or threatens somebody"),
                            ("unlawful", "the law forbids showing it"),
                            ("advertising", "advertising"),
                            ("beside", "about something else"),
                            ("program", "sent in numbers by a program; it does not count"),
                        ],
                        max_length=20,
                    ),
                ),
                ("reports", models.PositiveIntegerField(default=0)),
                ("reported_on", models.DateField(null=True)),
                ("answer", models.TextField(blank=True, max_length=1000)),
                ("answered_on", models.DateField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "hiding_asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "looked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.storedfile",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "state"], name="remark_by_subject"),
                    models.Index(fields=["cycle", "state", "came_on"], name="remark_by_state"),
                    models.Index(
                        condition=models.Q(("state", "waiting"), ("reports__gt", 0), _connector="OR"),
                        fields=["cycle", "came_on"],
                        name="remark_to_look_at",
                    ),
                    models.Index(
                        condition=models.Q(("answer", ""), _negated=True),
                        fields=["cycle", "-answered_on", "-id"],
                        name="remark_answered_last",
                    ),
                    models.Index(
                        condition=models.Q(
                            models.Q(("state", "waiting"), ("why", "flood")),
                            ("hidden_because", "program"),
                            _connector="OR",
                        ),
                        fields=["id"],
                        name="remark_not_counted",
                    ),
                    models.Index(
                        models.F("cycle"),
                        models.OrderBy(
                            models.ExpressionWrapper(
                                models.Q(("state", "waiting"), ("reports__gt", 0), _connector="OR"),
                                models.BooleanField(),
                            ),
                            descending=True,
                        ),
                        models.F("came_on"),
                        models.F("id"),
                        condition=models.Q(
                            models.Q(("words", ""), _negated=True),
                            ("photo__isnull", False),
                            ("state", "waiting"),
                            _connector="OR",
                        ),
                        name="remark_with_something",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "kind", "fold"), name="equal_words_are_one_remark"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "hidden"), models.Q(("hidden_because", ""), _negated=True)),
                            models.Q(models.Q(("state", "hidden"), _negated=True), ("hidden_because", "")),
                            _connector="OR",
                        ),
                        name="hidden_remark_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answer", ""), ("answered_on", None)),
                            models.Q(models.Q(("answer", ""), _negated=True), ("answered_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="answered_remark_says_when",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="PlanRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_of_members", models.BooleanField(default=False)),
                ("is_apart", models.BooleanField(default=False)),
                ("has_own_words", models.BooleanField(default=False)),
                ("own_answer", models.CharField(blank=True, max_length=300)),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.plan"
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.paragraphwording"
                    ),
                ),
                (
                    "response",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.planresponse",
                    ),
                ),
                (
                    "remark",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.remark"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CitizenAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "mark",
                    models.CharField(
                        choices=[
                            ("kept", "kept"),
                            ("not_kept", "not kept"),
                            ("cannot_tell", "can’t tell"),
                            ("on_course", "going well"),
                            ("off_course", "not going well"),
                            ("too_early", "can’t tell yet"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.promise"
                    ),
                ),
                (
                    "remark",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.remark"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["promise", "mark"], name="answer_by_mark")],
            },
        ),
        migrations.CreateModel(
            name="AnswerTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kept", models.PositiveIntegerField(default=0)),
                ("not_kept", models.PositiveIntegerField(default=0)),
                ("cannot_tell", models.PositiveIntegerField(default=0)),
                ("on_course", models.PositiveIntegerField(default=0)),
                ("off_course", models.PositiveIntegerField(default=0)),
                ("too_early", models.PositiveIntegerField(default=0)),
                (
                    "promise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.promise"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RemarkGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "first",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.planremark"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.plan"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="planremark",
            name="group",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="zhengyou.remarkgroup"
            ),
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "tier",
                    models.CharField(
                        choices=[("primary", "Primary"), ("direct", "Direct"), ("operational", "Operational")],
                        max_length=20,
                    ),
                ),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on", None), ("until_on__gt", models.F("from_on")), _connector="OR"),
                        name="responsibility_begins_before_it_ends",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)),
                        fields=("organisation", "tier"),
                        name="one_responsible_person_a_tier",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Result",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("stored_document", models.JSONField()),
                ("fingerprint", models.CharField(max_length=64)),
                ("computed_at", models.DateTimeField()),
                ("reason", models.TextField(blank=True)),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "number"), name="result_number_is_unique_in_its_poll")
                ],
            },
        ),
        migrations.CreateModel(
            name="RollMark",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="zhengyou.rollentry",
                    ),
                ),
                ("is_issued", models.BooleanField()),
                ("is_on_paper", models.BooleanField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("is_on_paper", False), ("is_issued", True), _connector="OR"),
                        name="paper_counts_as_issued_after_the_close",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="rollentry",
            name="guest",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.guest"
            ),
        ),
        migrations.AddField(
            model_name="rollentry",
            name="person",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
            ),
        ),
        migrations.AddField(
            model_name="rollentry",
            name="poll",
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"),
        ),
        migrations.CreateModel(
            name="RosterChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("left", "Left"),
                            ("died", "Died"),
                            ("moved", "Moved"),
                            ("joined", "Joined"),
                            ("dissolved", "Dissolved"),
                            ("merged", "Merged"),
                            ("renamed", "Renamed"),
                            ("recoded", "Recoded"),
                            ("entered", "Entered"),
                            ("post_given", "Post Given"),
                            ("post_changed", "Post Changed"),
                            ("post_ended", "Post Ended"),
                        ],
                        max_length=20,
                    ),
                ),
                ("happened_on", models.DateField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("before", models.JSONField()),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("together", models.UUIDField(db_index=True, null=True)),
                (
                    "into_organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.organisation",
                    ),
                ),
                (
                    "into_person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.organisation",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.importdraft",
                    ),
                ),
                ("what", models.SlugField(blank=True, db_index=False, max_length=60)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("organisation__isnull", False), ("person", None)),
                            models.Q(("organisation", None), ("person__isnull", False)),
                            _connector="OR",
                        ),
                        name="roster_change_is_about_one",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("reason", ""), _negated=True),
                            ("source__isnull", False),
                            ("kind__in", ["entered", "died", "post_given", "post_changed", "post_ended"]),
                            _connector="OR",
                        ),
                        name="roster_change_says_why_where_it_must",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ScrutineerWord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("seen", "Seen"), ("checked", "Checked"), ("disagrees", "Disagrees")], max_length=20
                    ),
                ),
                ("line", models.TextField()),
                ("remark", models.TextField(blank=True, max_length=500)),
                ("signed_at", models.DateTimeField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "person"), name="scrutineer_has_one_word_a_poll"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "disagrees"), _negated=True),
                            models.Q(("remark", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="disagreement_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "place",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.searchplace",
                    ),
                ),
                ("folded_bits", models.BigIntegerField()),
                ("spelled_bits", models.BigIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("audience", models.CharField(max_length=40)),
                ("folded", models.TextField()),
                ("spelled", models.TextField()),
                ("title_key", models.CharField(max_length=400)),
                ("order_key", models.CharField(max_length=400)),
                ("reference", models.CharField(max_length=120, unique=True)),
                ("title", models.CharField(max_length=400)),
                ("state", models.CharField(blank=True, max_length=40)),
                ("address", models.CharField(max_length=200)),
                ("grams", django.contrib.postgres.fields.ArrayField(base_field=models.IntegerField(), size=None)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["grams"], name="search_entry_by_pairs"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SectorTheme",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sector", models.SlugField(max_length=60)),
                ("text", models.CharField(max_length=300)),
                ("text_en", models.CharField(blank=True, max_length=300)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.cycle"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "sector"), name="sector_has_one_theme_a_cycle")
                ],
            },
        ),
        migrations.CreateModel(
            name="Selection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120)),
                ("quota", models.PositiveSmallIntegerField()),
                (
                    "of",
                    models.CharField(
                        choices=[("organisations", "Organisations"), ("members", "Members"), ("workers", "Workers")],
                        default="organisations",
                        max_length=20,
                    ),
                ),
                ("most_of_one", models.PositiveSmallIntegerField(null=True)),
                ("front_line_least", models.PositiveSmallIntegerField(null=True)),
                ("made_at", models.DateTimeField()),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("withdrawal_reason", models.CharField(blank=True, max_length=500)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "notice",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.notice"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at", None)),
                        fields=("cycle", "title"),
                        name="title_has_one_selection_a_cycle",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("withdrawal_reason", ""), ("withdrawn_at", None)),
                            models.Q(
                                ("withdrawn_at__isnull", False), models.Q(("withdrawal_reason", ""), _negated=True)
                            ),
                            _connector="OR",
                        ),
                        name="withdrawn_selection_says_why",
                    ),
                    models.CheckConstraint(condition=models.Q(("quota__gte", 1)), name="selection_has_a_place"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("of", "organisations"), _negated=True),
                            models.Q(("front_line_least", None), ("most_of_one", None)),
                            _connector="OR",
                        ),
                        name="bounds_are_for_selections_of_people",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="commendation",
            name="selection",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.selection"
            ),
        ),
        migrations.CreateModel(
            name="Candidate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post", models.CharField(blank=True, max_length=80)),
                ("is_front_line", models.BooleanField(default=False)),
                ("deeds", models.TextField()),
                ("evidence", models.JSONField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "selection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.selection"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("person", None)),
                        fields=("selection", "organisation"),
                        name="organisation_is_a_candidate_once",
                    ),
                    models.UniqueConstraint(fields=("selection", "person"), name="person_is_a_candidate_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("evidence", None), ("person__isnull", False)),
                            models.Q(("is_front_line", False), ("person", None), ("post", "")),
                            _connector="OR",
                        ),
                        name="post_belongs_to_a_person",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SelfAssessment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField(max_length=2000)),
                ("written_at", models.DateTimeField()),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "person"), name="person_assesses_themselves_once_a_cycle"),
                    models.CheckConstraint(
                        condition=models.Q(("text", ""), _negated=True), name="self_assessment_says_something"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SheetQuestion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("ranking", "Ranking"), ("best-three", "Best Three"), ("approval", "Approval")],
                        max_length=20,
                    ),
                ),
                (
                    "method",
                    models.CharField(
                        choices=[("schulze", "Schulze"), ("borda", "Borda"), ("approvals", "Approvals")], max_length=20
                    ),
                ),
                ("text", models.JSONField()),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "position"), name="question_has_a_place_of_its_own"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "approval"), ("method", "approvals")),
                            models.Q(
                                models.Q(("kind", "approval"), _negated=True),
                                models.Q(("method", "approvals"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="approvals_are_counted_as_such",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="QuestionOption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("name", models.JSONField()),
                (
                    "organisation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.organisation",
                    ),
                ),
                (
                    "question",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.sheetquestion"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("question", "position"), name="option_has_a_place_of_its_own"),
                    models.UniqueConstraint(fields=("question", "organisation"), name="organisation_is_an_option_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SituationReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("year", models.PositiveSmallIntegerField()),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField(max_length=3000)),
                ("published_at", models.DateTimeField()),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organisation", "year", "number"), name="situation_report_number_is_unique_in_its_unit"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="StageWindow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("stage", models.SlugField(max_length=60)),
                ("opens_on", models.DateField()),
                ("closes_on", models.DateField()),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.cycle"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("closes_on__gte", models.F("opens_on"))),
                        name="stage_opens_before_it_closes",
                    ),
                    models.UniqueConstraint(fields=("cycle", "stage"), name="stage_has_one_window_a_cycle"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PublicCommitment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("made_on", models.DateField()),
                ("place", models.CharField(max_length=200)),
                ("evidence", models.CharField(blank=True, max_length=300)),
                ("entered_at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(null=True)),
                ("why_taken_back", models.CharField(blank=True, max_length=300)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "taken_back_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.storedfile",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["cycle", "organisation"], name="public_commitment_by_unit")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("taken_back_at", None)),
                        fields=("cycle", "person"),
                        name="person_commits_in_public_once_a_cycle",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("place", ""), _negated=True), name="public_commitment_says_where"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("taken_back_at", None), models.Q(("why_taken_back", ""), _negated=True), _connector="OR"
                        ),
                        name="commitment_taken_back_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProgressReport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.CharField(max_length=1000)),
                ("link", models.CharField(blank=True, max_length=200)),
                ("reported_at", models.DateTimeField()),
                (
                    "corrects",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.progressreport",
                    ),
                ),
                (
                    "reported_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.promise"
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.storedfile",
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.storedfile",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Submission",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("theme", "Theme"),
                            ("promise", "Promise"),
                            ("taken-over", "Taken Over"),
                            ("dropped", "Dropped"),
                            ("revised", "Revised"),
                            ("taken-off", "Taken Off"),
                            ("proposal", "Proposal"),
                            ("report", "Report"),
                            ("outcome", "Outcome"),
                            ("board", "Board"),
                            ("on-the-spot", "On The Spot"),
                            ("situation", "Situation"),
                            ("doubts", "Doubts"),
                            ("answer", "Answer"),
                            ("committed", "Committed"),
                            ("comments", "Comments"),
                            ("plan", "Plan"),
                        ],
                        max_length=20,
                    ),
                ),
                ("text", models.CharField(max_length=300)),
                (
                    "how",
                    models.CharField(
                        choices=[("paper", "Paper"), ("phone", "Phone"), ("spoken", "Spoken")], max_length=20
                    ),
                ),
                ("handed_in_on", models.DateField()),
                ("entered_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(null=True)),
                ("objection", models.CharField(blank=True, max_length=500)),
                ("objected_at", models.DateTimeField(null=True)),
                ("settlement", models.CharField(blank=True, max_length=500)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "looked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.storedfile",
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "id"], name="submission_by_unit")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agreed_at", None), ("objected_at", None), _connector="OR"),
                        name="submission_is_agreed_or_objected_to",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("settled_at", None), ("objected_at__isnull", False), _connector="OR"),
                        name="only_an_objection_is_settled",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="SubmissionThing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("about", models.CharField(max_length=120)),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.submission"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("about", "submission"), name="submission_makes_a_thing_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SuperiorDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200)),
                ("number", models.CharField(max_length=100)),
                ("body", models.CharField(max_length=200)),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.campaign"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("campaign", "number"), name="document_stands_once_in_a_campaign")
                ],
            },
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[("head", "Head"), ("deputy", "Deputy"), ("member", "Member")], max_length=20
                    ),
                ),
                ("duty", models.CharField(blank=True, max_length=80)),
                ("place", models.PositiveSmallIntegerField(default=1)),
                ("from_on", models.DateField()),
                ("until_on", models.DateField(null=True)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "team",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.leadingteam"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until_on", None), ("until_on__gt", models.F("from_on")), _connector="OR"),
                        name="team_member_comes_before_going",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)),
                        fields=("team", "person"),
                        name="person_sits_once_in_a_team",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "head"), ("until_on", None)),
                        fields=("team",),
                        name="team_has_one_head",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Term",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("sector", "Sector"),
                            ("organisation_kind", "Organisation Kind"),
                            ("word", "Word"),
                            ("post_kind", "Post Kind"),
                            ("role", "Role"),
                            ("tier", "Tier"),
                            ("membership", "Membership"),
                            ("organisations_column", "Organisations Column"),
                            ("people_column", "People Column"),
                            ("pack", "Pack"),
                        ],
                        max_length=30,
                    ),
                ),
                ("slug", models.SlugField(max_length=60)),
                ("name", models.JSONField()),
                ("aliases", models.JSONField(default=list)),
                ("learned", models.JSONField(default=list)),
                ("position", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["category", "position"],
                "constraints": [
                    models.UniqueConstraint(fields=("category", "slug"), name="term_is_unique_in_its_category")
                ],
            },
        ),
        migrations.CreateModel(
            name="ThemeAsked",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "person"), name="theme_is_asked_once_a_cycle")
                ],
            },
        ),
        migrations.CreateModel(
            name="ThemeKnown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("yes", models.PositiveIntegerField(default=0)),
                ("partly", models.PositiveIntegerField(default=0)),
                ("no", models.PositiveIntegerField(default=0)),
                ("shown_yes", models.PositiveIntegerField(default=0)),
                ("shown_all", models.PositiveIntegerField(default=0)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "organisation"), name="theme_known_is_counted_once_a_unit")
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("text", models.CharField(max_length=1000)),
                ("heard", models.PositiveBigIntegerField()),
                ("answered_at", models.DateTimeField()),
                (
                    "answered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.promise"
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Upholding",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500)),
                ("upheld_at", models.DateTimeField()),
                (
                    "answer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.citizenanswer"
                    ),
                ),
                (
                    "promise",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.promise"
                    ),
                ),
                (
                    "upheld_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Valve",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(max_length=120)),
                ("is_solved", models.BooleanField()),
                ("began_at", models.DateTimeField(db_index=True)),
                ("load", models.PositiveIntegerField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("subject", "is_solved", "began_at"), name="valve_counts_ten_minutes_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VoterPool",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=40)),
                ("name", models.JSONField()),
                ("position", models.PositiveSmallIntegerField()),
                ("rater_group", models.CharField(blank=True, max_length=40)),
                ("issuer", models.SlugField(blank=True, max_length=40)),
                ("issuer_name", models.JSONField(null=True)),
                ("issuer_address", models.URLField(blank=True, max_length=300)),
                ("issuer_key", models.BinaryField(max_length=32, null=True)),
                ("issuer_request", models.CharField(blank=True, max_length=64)),
                ("issuer_count", models.PositiveIntegerField(null=True)),
                ("issuer_statement", models.TextField(blank=True)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("valid", "Valid"), ("void", "Void"), ("below-turnout", "Below Turnout")],
                        max_length=20,
                    ),
                ),
                ("turnout_shown", models.PositiveIntegerField(null=True)),
                ("turnout_shown_at", models.DateTimeField(null=True)),
                (
                    "poll",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.poll"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("poll", "slug"), name="pool_slug_is_unique_in_its_poll")
                ],
            },
        ),
        migrations.AddField(
            model_name="rollentry",
            name="pool",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.voterpool"
            ),
        ),
        migrations.CreateModel(
            name="RollChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_added", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("made_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                (
                    "guest",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.guest"
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.voterpool"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("guest__isnull", False), ("person", None)),
                            models.Q(("guest", None), ("person__isnull", False)),
                            _connector="OR",
                        ),
                        name="roll_change_is_about_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                ("people", models.PositiveSmallIntegerField()),
                ("sheets", models.PositiveSmallIntegerField()),
                ("root", models.BinaryField(max_length=32, null=True)),
                ("drawn", models.PositiveSmallIntegerField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("forms", models.PositiveSmallIntegerField(null=True)),
                ("forms_without_slip", models.PositiveSmallIntegerField(default=0)),
                ("printed_at", models.DateTimeField()),
                ("is_signed_by_first", models.BooleanField(default=False)),
                ("is_signed_by_second", models.BooleanField(default=False)),
                ("reconciled_at", models.DateTimeField(null=True)),
                (
                    "first_keyer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "printed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "scrutineer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "second_keyer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.voterpool"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("pool", "number"), name="batch_number_is_unique_in_its_pool"),
                    models.CheckConstraint(
                        condition=models.Q(("people__lte", models.F("sheets"))), name="a_sheet_is_printed_for_each"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("drawn", None),
                            models.Q(("drawn__lte", models.F("people")), ("withdrawn_at", None)),
                            _connector="OR",
                        ),
                        name="no_more_drawn_than_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_keyer", None),
                            models.Q(("second_keyer", models.F("first_keyer")), _negated=True),
                            _connector="OR",
                        ),
                        name="two_people_key_a_batch",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("scrutineer", models.F("printed_by")), _negated=True),
                        name="scrutineer_watches_the_printing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reconciled_at", None),
                            models.Q(("is_signed_by_first", True), ("is_signed_by_second", True)),
                            _connector="OR",
                        ),
                        name="both_keyers_sign_a_batch",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="LineKey",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("line", models.CharField(max_length=64)),
                ("issuer", models.CharField(default="office", max_length=64)),
                ("modulus", models.BinaryField(max_length=256)),
                ("private_key", models.BinaryField(null=True)),
                ("closing_key", models.BinaryField(max_length=65, null=True)),
                (
                    "pool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.voterpool"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pool", "line", "issuer"), name="line_has_one_key_a_pool_and_issuer"
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="guest",
            name="pool",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.voterpool"
            ),
        ),
        migrations.CreateModel(
            name="Vow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("post", models.CharField(blank=True, max_length=80)),
                (
                    "mode",
                    models.CharField(
                        choices=[("written", "in writing"), ("oral", "spoken"), ("exempt", "exempt")], max_length=10
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "waiting for review"),
                            ("returned", "sent back"),
                            ("published", "published"),
                            ("exempt", "exempt"),
                        ],
                        max_length=10,
                    ),
                ),
                ("read_back_on", models.DateField(null=True)),
                ("exempt_because", models.CharField(blank=True, max_length=300)),
                ("opinion", models.CharField(blank=True, max_length=500)),
                ("handed_in_at", models.DateTimeField()),
                ("reviewed_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("owned_at", models.DateTimeField(null=True)),
                ("disowned_at", models.DateTimeField(null=True)),
                ("taken_off_at", models.DateTimeField(null=True)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "recorder",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "reviewed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["organisation", "cycle"], name="vow_by_unit")],
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "person"), name="member_has_one_vow_a_cycle"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("mode", "oral"), _negated=True),
                            models.Q(("read_back_on__isnull", False), ("recorder__isnull", False)),
                            _connector="OR",
                        ),
                        name="oral_vow_was_read_back",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("recorder", models.F("person")), _negated=True),
                        name="recorder_is_not_the_promisor",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "published"), _negated=True),
                            ("published_at__isnull", False),
                            _connector="OR",
                        ),
                        name="published_vow_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("disowned_at", None), ("state", "returned"), _connector="OR"),
                        name="disowned_vow_is_not_published",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VowItem",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveSmallIntegerField()),
                ("what", models.CharField(max_length=200)),
                ("standard", models.CharField(max_length=200)),
                ("due_on", models.DateField()),
                (
                    "vow",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="zhengyou.vow"),
                ),
                ("aim", models.SlugField(blank=True, max_length=60)),
                ("piece", models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                "ordering": ["position"],
                "constraints": [models.UniqueConstraint(fields=("vow", "position"), name="vow_item_has_its_place")],
            },
        ),
        migrations.AddConstraint(
            model_name="carrier",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on", None)),
                fields=("campaign", "name"),
                name="carrier_name_is_unique_in_its_campaign",
            ),
        ),
        migrations.AddConstraint(
            model_name="carrier",
            constraint=models.CheckConstraint(
                condition=models.Q(("ended_on", None), ("ended_on__gte", models.F("since_on")), _connector="OR"),
                name="carrier_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="carrier",
            constraint=models.CheckConstraint(
                condition=models.Q(("grew_from", models.F("id")), _negated=True),
                name="carrier_does_not_grow_from_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("basis_until", None), ("basis_until__gt", models.F("basis_from")), _connector="OR"),
                name="basis_begins_before_it_ends",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(
                fields=("notice", "number"), name="objection_number_is_unique_in_its_notice"
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.UniqueConstraint(fields=("notice", "fold"), name="equal_objections_are_one"),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_upheld", None), ("ruled_at", None)),
                    models.Q(("is_upheld__isnull", False), ("ruled_at__isnull", False)),
                    _connector="OR",
                ),
                name="ruled_objection_is_upheld_or_not",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("checked_at", None), ("checked_by", None)),
                    models.Q(("checked_at__isnull", False), ("checked_by__isnull", False)),
                    _connector="OR",
                ),
                name="checked_objection_names_its_checker",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("is_from_flood", True), ("set_aside_at__isnull", False), ("state", "set_aside")),
                    models.Q(models.Q(("state", "set_aside"), _negated=True), ("set_aside_at", None)),
                    _connector="OR",
                ),
                name="only_a_flood_is_set_aside",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("year", "number"), name="notice_number_is_unique_in_its_year"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)), fields=("subject",), name="subject_has_one_notice"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawal_reason", ""), ("withdrawn_at", None)),
                    models.Q(("withdrawn_at__isnull", False), models.Q(("withdrawal_reason", ""), _negated=True)),
                    _connector="OR",
                ),
                name="withdrawn_notice_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("published_at"))), name="notice_opens_before_it_closes"
            ),
        ),
        migrations.AddIndex(
            model_name="gradedecision",
            index=models.Index(fields=["cycle", "organisation"], name="grade_decision_by_unit"),
        ),
        migrations.AddConstraint(
            model_name="gradedecision",
            constraint=models.UniqueConstraint(fields=("cycle", "person"), name="person_is_graded_once_a_cycle"),
        ),
        migrations.AddConstraint(
            model_name="gradedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(("grade", ""), ("reason", ""), _negated=True), name="who_is_not_graded_is_told_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="gradedecision",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("told_how", ""), ("told_on", None)),
                    models.Q(("told_on__isnull", False), models.Q(("told_how", ""), _negated=True)),
                    _connector="OR",
                ),
                name="told_says_how",
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_on__gt", models.F("starts_on"))), name="cycle_starts_before_it_ends"
            ),
        ),
        migrations.AddConstraint(
            model_name="cycle",
            constraint=models.UniqueConstraint(
                fields=("campaign", "name"), name="cycle_name_is_unique_in_its_campaign"
            ),
        ),
        migrations.AddIndex(
            model_name="commitment",
            index=models.Index(fields=["cycle", "state"], name="commitment_by_state"),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.UniqueConstraint(
                fields=("cycle", "organisation", "kind"), name="organisation_has_one_commitment_of_a_kind_a_cycle"
            ),
        ),
        migrations.AddConstraint(
            model_name="commitment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("published_at__isnull", False), ("state", "published")),
                    models.Q(models.Q(("state", "published"), _negated=True), ("published_at", None)),
                    _connector="OR",
                ),
                name="published_commitment_says_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="carrieryear",
            constraint=models.UniqueConstraint(fields=("carrier", "cycle"), name="carrier_has_one_year_a_cycle"),
        ),
        migrations.CreateModel(
            name="RemarkSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.CharField(max_length=20)),
                ("handed_in_on", models.DateField()),
                ("entered_at", models.DateTimeField()),
                (
                    "entered_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.plan"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("plan", "number"), name="plan_takes_each_sheet_once")],
            },
        ),
        migrations.CreateModel(
            name="SheetRemark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "remark",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.planremark"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.remarksheet"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("remark", "sheet"), name="sheet_says_a_remark_once")],
            },
        ),
        migrations.AddIndex(
            model_name="planremark",
            index=models.Index(fields=["plan", "response"], name="plan_remark_by_response"),
        ),
        migrations.AddIndex(
            model_name="planremark",
            index=models.Index(fields=["wording", "id"], name="plan_remark_by_wording"),
        ),
        migrations.AddConstraint(
            model_name="rollentry",
            constraint=models.UniqueConstraint(fields=("poll", "person"), name="person_is_in_one_pool_of_a_poll"),
        ),
        migrations.AddConstraint(
            model_name="rollentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("guest__isnull", False), ("person", None)),
                    models.Q(("guest", None), ("person__isnull", False)),
                    _connector="OR",
                ),
                name="roll_entry_is_a_member_or_a_guest",
            ),
        ),
        migrations.AddConstraint(
            model_name="guest",
            constraint=models.UniqueConstraint(fields=("poll", "position"), name="guest_has_a_place_of_their_own"),
        ),
        migrations.AddConstraint(
            model_name="guest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("likeness", ""), _negated=True),
                fields=("poll", "likeness"),
                name="guest_is_asked_once_a_poll",
            ),
        ),
        migrations.AddConstraint(
            model_name="guest",
            constraint=models.CheckConstraint(
                condition=models.Q(("forgotten_at", None), models.Q(("contact", ""), ("name", "")), _connector="OR"),
                name="forgotten_guest_has_no_name",
            ),
        ),
        migrations.CreateModel(
            name="CaseAside",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("is_around", models.BooleanField()),
                (
                    "why",
                    models.CharField(
                        choices=[("program", "Program"), ("senseless", "Senseless"), ("repeated", "Repeated")],
                        max_length=10,
                    ),
                ),
                ("words", models.CharField(max_length=300)),
                ("asked_on", models.DateField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("count", models.PositiveIntegerField(default=0)),
                ("undone_on", models.DateField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("answered_at", None), ("answered_by", None)),
                            models.Q(
                                ("answered_at__isnull", False),
                                ("answered_by__isnull", False),
                                models.Q(("answered_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="setting_aside_is_answered_by_another_person",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
            fields=[
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "id",
                    models.BigIntegerField(
                        default=zhengyou.cases.models.fresh_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.SlugField(max_length=60)),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("report", "Report"),
                            ("window", "Window"),
                            ("phone", "Phone"),
                            ("hotline", "Hotline"),
                            ("paper", "Paper"),
                            ("counter", "Counter"),
                        ],
                        max_length=10,
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(null=True)),
                ("number", models.PositiveIntegerField(null=True)),
                ("lookup", models.CharField(max_length=64, unique=True)),
                ("lookup_anew", models.CharField(max_length=64, null=True, unique=True)),
                ("external", models.CharField(blank=True, max_length=60)),
                ("window_words", models.CharField(blank=True, max_length=200)),
                ("words", models.TextField(blank=True, max_length=2000)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("happened", models.CharField(blank=True, max_length=120)),
                ("contact", models.CharField(blank=True, max_length=200)),
                ("witness", models.CharField(blank=True, max_length=60)),
                ("may_show", models.BooleanField(default=False)),
                ("public_words", models.TextField(blank=True, max_length=2000)),
                ("is_shown", models.BooleanField(default=False)),
                ("target_text", models.TextField(blank=True, max_length=1000)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("assigned", "Assigned"),
                            ("passed", "Passed"),
                            ("unowned", "Unowned"),
                            ("asked", "Asked"),
                            ("fixed", "Fixed"),
                            ("impossible", "Impossible"),
                            ("closed", "Closed"),
                            ("guarded", "Guarded"),
                            ("handed", "Handed"),
                            ("set_aside", "Set Aside"),
                        ],
                        default="received",
                        max_length=12,
                    ),
                ),
                ("received_on", models.DateField()),
                ("given_on", models.DateField(null=True)),
                ("from_on", models.DateField()),
                ("turn_on", models.DateField()),
                ("called_on", models.DateField(null=True)),
                ("fixed_on", models.DateField(null=True)),
                ("paused_until", models.DateField(null=True)),
                ("pause_asked_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("said_on", models.DateField(null=True)),
                ("pauses", models.PositiveSmallIntegerField(default=0)),
                ("has_phone", models.BooleanField(default=False)),
                ("calls_denied", models.PositiveSmallIntegerField(default=0)),
                ("in_house", models.CharField(blank=True, max_length=120)),
                ("is_from_flood", models.BooleanField(default=False)),
                ("hands", models.PositiveSmallIntegerField(default=0)),
                ("reopened", models.PositiveSmallIntegerField(default=0)),
                ("unit_says", models.TextField(blank=True, max_length=1000)),
                ("lacks", models.CharField(blank=True, choices=[("rule", "Rule"), ("means", "Means")], max_length=10)),
                (
                    "verdict",
                    models.CharField(
                        blank=True,
                        choices=[("solved", "Solved"), ("partly", "Partly"), ("not_solved", "Not Solved")],
                        max_length=12,
                    ),
                ),
                ("body", models.SlugField(blank=True, max_length=60)),
                (
                    "aside",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.caseaside",
                    ),
                ),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "photo",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.storedfile",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("year", "number"), name="case_number_is_unique_in_its_year"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_on", None), ("number", None)),
                            models.Q(("given_on__isnull", False), ("number__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_with_a_number_was_given_to_a_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("number", None), ("year", None)),
                            models.Q(("number__isnull", False), ("year__isnull", False)),
                            _connector="OR",
                        ),
                        name="case_number_has_a_year",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("body", ""), ("number", None), _connector="OR"),
                        name="what_goes_around_its_target_has_no_number",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["guarded", "handed"]), _negated=True),
                            models.Q(("body", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="only_what_has_a_body_goes_around_its_target",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("is_shown", False), ("may_show", True), _connector="OR"),
                        name="words_are_shown_if_their_reporter_lets",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("external", ""), _negated=True),
                        fields=("cycle", "source", "external"),
                        name="case_of_a_hotline_is_taken_once",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["cycle", "state", "received_on"], name="case_by_state"),
                    models.Index(fields=["unit", "state", "received_on"], name="case_by_unit"),
                    models.Index(
                        condition=models.Q(("body", ""), _negated=True), fields=["cycle"], name="case_that_is_guarded"
                    ),
                    models.Index(
                        condition=models.Q(("said_on__isnull", False)),
                        fields=["said_on"],
                        name="case_whose_reporter_spoke",
                    ),
                    models.Index(
                        condition=models.Q(("body", "")), fields=["cycle", "-received_on", "lookup"], name="case_by_day"
                    ),
                    models.Index(
                        condition=models.Q(
                            ("body", ""),
                            (
                                "state__in",
                                ["received", "assigned", "passed", "unowned", "asked", "fixed", "impossible"],
                            ),
                        ),
                        fields=["cycle", "state"],
                        include=(
                            "id",
                            "unit",
                            "kind",
                            "lookup",
                            "year",
                            "number",
                            "received_on",
                            "from_on",
                            "turn_on",
                            "called_on",
                            "paused_until",
                            "pauses",
                        ),
                        name="case_not_over",
                    ),
                    models.Index(
                        condition=models.Q(("body", ""), ("number__isnull", False)),
                        fields=["cycle", "given_on"],
                        name="case_by_day_of_giving",
                    ),
                    models.Index(
                        condition=models.Q(("body", ""), ("pauses__gt", 0)),
                        fields=["cycle", "from_on"],
                        name="case_that_stood_still",
                    ),
                    models.Index(
                        models.OrderBy(models.F("year"), descending=True),
                        models.OrderBy(models.F("number"), descending=True),
                        condition=models.Q(("body", ""), ("number__isnull", False)),
                        name="case_by_number",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseWeek",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField()),
                ("calendar", models.CharField(max_length=20)),
                ("counts", models.JSONField()),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("cycle", "week"), name="week_of_cases_is_counted_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseWeekStale",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week", models.DateField()),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CaseReader",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_on", models.DateField(null=True)),
                ("until_on", models.DateField(null=True)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "named_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "release_asked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_by", None), ("from_on", None)),
                            models.Q(
                                ("confirmed_by__isnull", False),
                                ("from_on__isnull", False),
                                models.Q(("confirmed_by", models.F("named_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reader_of_cases_is_confirmed_by_another_person",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until_on", None)),
                        fields=("organisation", "person"),
                        name="reader_of_cases_is_named_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseGiving",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("asked_on", models.DateField()),
                ("given_on", models.DateField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("given_by", None), ("given_on", None)),
                            models.Q(
                                ("given_by__isnull", False),
                                ("given_on__isnull", False),
                                models.Q(("given_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="reports_are_given_by_two_people",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("given_on", None)),
                        fields=("organisation",),
                        name="giving_of_reports_is_asked_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseGiven",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.case"
                    ),
                ),
                (
                    "giving",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.casegiving"
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.casereader"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("reader", "case"), name="report_is_given_to_a_reader_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("what", models.CharField(choices=[("report", "Report"), ("text", "Text")], max_length=10)),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("reporter", "Reporter"),
                            ("office", "Office"),
                            ("unit", "Unit"),
                            ("above", "Above"),
                            ("reader", "Reader"),
                            ("clerk", "Clerk"),
                        ],
                        max_length=10,
                    ),
                ),
                ("on", models.DateField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.case"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "person", "what", "on"), name="reading_is_kept_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("assigned", "Assigned"),
                            ("reworded", "Reworded"),
                            ("called", "Called"),
                            ("message", "Message"),
                            ("passed", "Passed"),
                            ("taken", "Taken"),
                            ("asked", "Asked"),
                            ("declined", "Declined"),
                            ("impossible", "Impossible"),
                            ("fixed", "Fixed"),
                            ("pause_asked", "Pause Asked"),
                            ("pause_denied", "Pause Denied"),
                            ("paused", "Paused"),
                            ("resumed", "Resumed"),
                            ("not_called", "Not Called"),
                            ("verdict", "Verdict"),
                            ("reopened", "Reopened"),
                            ("closed", "Closed"),
                            ("handed", "Handed"),
                            ("set_aside", "Set Aside"),
                            ("brought_back", "Brought Back"),
                            ("blacked_out", "Blacked Out"),
                            ("kind_changed", "Kind Changed"),
                        ],
                        max_length=12,
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("reporter", "Reporter"),
                            ("office", "Office"),
                            ("unit", "Unit"),
                            ("above", "Above"),
                            ("reader", "Reader"),
                            ("clerk", "Clerk"),
                        ],
                        max_length=10,
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=1000)),
                (
                    "why",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("delivery", "Delivery"),
                            ("decision", "Decision"),
                            ("reporter", "Reporter"),
                            ("weather", "Weather"),
                        ],
                        max_length=10,
                    ),
                ),
                ("until_on", models.DateField(null=True)),
                ("on", models.DateField()),
                ("said", models.SlugField(blank=True, max_length=60)),
                (
                    "hidden",
                    models.CharField(blank=True, choices=[("names", "Names"), ("insults", "Insults")], max_length=10),
                ),
                ("blacked", models.TextField(blank=True, max_length=1000)),
                ("hidden_on", models.DateField(null=True)),
                (
                    "by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.case"
                    ),
                ),
                (
                    "to",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="zhengyou.organisation",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("case", "number"), name="step_of_a_case_has_its_number"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("by", None), ("side", "reporter")),
                            models.Q(models.Q(("side", "reporter"), _negated=True), ("by__isnull", False)),
                            _connector="OR",
                        ),
                        name="step_of_a_reporter_names_nobody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "paused"), _negated=True),
                            models.Q(("until_on__gt", models.F("on")), models.Q(("why", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="pause_has_a_last_day_and_a_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hidden", ""), ("hidden_on", None)),
                            models.Q(models.Q(("hidden", ""), _negated=True), ("hidden_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="hidden_words_of_a_step_have_a_reason_and_a_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("blacked", ""), models.Q(("hidden", ""), _negated=True), _connector="OR"),
                        name="blacked_out_words_of_a_step_have_a_reason",
                    ),
                ],
                "indexes": [
                    models.Index(condition=models.Q(("kind", "passed")), fields=["case"], name="step_that_passed_it_on")
                ],
            },
        ),
        migrations.CreateModel(
            name="ServicePoint",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("once", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "code",
                    models.CharField(
                        default=zhengyou.windows.models.fresh_code, editable=False, max_length=8, unique=True
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("what", models.CharField(max_length=300)),
                ("place", models.CharField(blank=True, max_length=120)),
                ("closes_at", models.TimeField(null=True)),
                ("opened_on", models.DateField()),
                ("tablet", models.CharField(max_length=64, null=True, unique=True)),
                ("tablet_on", models.DateField(null=True)),
                ("closed_on", models.DateField(null=True)),
                ("closed_because", models.CharField(blank=True, max_length=300)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.organisation"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("organisation", "name"),
                        name="open_point_has_a_name_of_its_own_in_its_unit",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_because", ""), ("closed_on", None)),
                            models.Q(
                                ("closed_on__gte", models.F("opened_on")),
                                models.Q(("closed_because", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="closed_point_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("tablet", None), ("tablet_on", None)),
                            models.Q(("tablet__isnull", False), ("tablet_on__isnull", False)),
                            _connector="OR",
                        ),
                        name="tablet_of_a_point_has_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReasonTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week_on", models.DateField()),
                ("is_burst", models.BooleanField(default=False)),
                ("is_bad", models.BooleanField()),
                ("reason", models.SlugField(max_length=40)),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.servicepoint"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("window", "cycle", "week_on", "is_burst", "is_bad", "reason"),
                        name="reasons_of_a_week_are_one_count",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MarkTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("week_on", models.DateField()),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "on people’s own phones"),
                            ("counter", "on a device of the counter"),
                            ("coded", "with a slip code"),
                            ("own", "with a slip that the unit made itself"),
                            ("again", "with a slip that was used before"),
                        ],
                        max_length=10,
                    ),
                ),
                ("is_burst", models.BooleanField(default=False)),
                ("step", models.SlugField(max_length=40)),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "cycle",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.cycle"
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.servicepoint"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("window", "cycle", "week_on", "way", "is_burst", "step"),
                        name="marks_of_a_week_are_one_count",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="CodeSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("count", models.PositiveIntegerField()),
                ("made_on", models.DateField()),
                ("is_own", models.BooleanField()),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.servicepoint"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("window", "number"), name="code_sheet_is_numbered_in_its_point")
                ],
            },
        ),
        migrations.CreateModel(
            name="WindowCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("is_used", models.BooleanField(default=False)),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.codesheet"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WindowFlag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "on people’s own phones"),
                            ("counter", "on a device of the counter"),
                            ("coded", "with a slip code"),
                            ("own", "with a slip that the unit made itself"),
                            ("again", "with a slip that was used before"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("burst", "many ratings in a short time"),
                            ("run", "only the best step, many in a row"),
                            ("closing", "praise shortly before the end of the day"),
                            ("alike", "nearly only the best step, all week"),
                            ("again", "slips used a second time"),
                        ],
                        max_length=10,
                    ),
                ),
                ("count", models.PositiveIntegerField()),
                ("settled_on", models.DateField(null=True)),
                ("finding", models.CharField(blank=True, max_length=300)),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.servicepoint"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.person"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("window", "day", "way", "kind"), name="oddness_is_one_flag_a_day"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finding", ""), ("settled_on", None)),
                            models.Q(("settled_on__isnull", False), models.Q(("finding", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="settled_flag_says_what_was_found",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WindowWatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(db_index=True)),
                (
                    "way",
                    models.CharField(
                        choices=[
                            ("phone", "on people’s own phones"),
                            ("counter", "on a device of the counter"),
                            ("coded", "with a slip code"),
                            ("own", "with a slip that the unit made itself"),
                            ("again", "with a slip that was used before"),
                        ],
                        max_length=10,
                    ),
                ),
                ("run", models.PositiveIntegerField(default=0)),
                ("praise", models.PositiveIntegerField(default=0)),
                ("praise_late", models.PositiveIntegerField(default=0)),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.servicepoint"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("window", "day", "way"), name="point_is_watched_once_a_day")
                ],
            },
        ),
        migrations.CreateModel(
            name="WindowWords",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.SlugField(max_length=40)),
                (
                    "window",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.servicepoint"
                    ),
                ),
                (
                    "remark",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="zhengyou.remark"
                    ),
                ),
            ],
        ),
    ]
