"""The search box of forms: it asks which of several is meant, shows the path of each, and takes the one that is chosen."""

import pytest
from django import forms
from django.http import QueryDict
from django.utils import translation
from tests.cast import district as cast

from zhengyou.organisations import actions as organisations
from zhengyou.web.shared.fields import OrganisationField, PersonField
from zhengyou.web.shared.which_one import pieces_of

pytestmark = pytest.mark.django_db


class Form(forms.Form):
    organisation = OrganisationField(label="o", required=False)
    person = PersonField(label="p", required=False)


def filled(**given):
    form = Form(QueryDict(mutable=True) | given)
    form.is_valid()
    return form


@pytest.fixture
def twins():
    """Two branches of one name, below two units."""
    district = cast.small_district()
    made = [
        organisations.add_organisation(
            code=f"X{n}", name="第一党支部", kind="branch", sector="rural", parent=parent, at=cast.NOW, by=None
        )
        for n, parent in enumerate([district.town, district.root])
    ]
    return district, made


def test_several_that_fit_are_shown_with_their_path_and_the_chosen_one_is_taken(twins):
    _district, (below_town, below_root) = twins
    form = filled(organisation="第一党支部")
    page = str(form["organisation"])
    assert form.errors
    assert "X0 · 测试区委 › 测试镇党委" in page
    assert "X1 · 测试区委" in page
    chosen = {"organisation-asked": "第一党支部", "organisation-one": "X1"}
    assert filled(organisation="第一党支部", **chosen).cleaned_data["organisation"] == below_root
    assert filled(organisation="X0", **chosen).cleaned_data["organisation"] == below_town  # another text was typed


def test_one_that_fits_by_its_reading_is_offered_and_not_called_several(twins):
    with translation.override("en"):
        form = filled(person="bing lingdao")
        assert [row.name for row in form.fields["person"].widget.possible] == ["丙领导"]
        assert "One fits" in str(form.errors)


def test_a_name_with_the_unit_above_in_front_of_it_is_found(twins):
    _district, (below_town, _below_root) = twins
    form = filled(organisation="测试镇 第一党支部")
    assert [row.code for row in form.fields["organisation"].widget.possible][:1] == [below_town.code]


def test_nobody_and_nothing_are_said_and_an_empty_box_means_none(twins):
    form = filled(organisation="没有这个", person="无此人")
    assert set(form.errors) == {"organisation", "person"}
    assert filled().cleaned_data == {"organisation": None, "person": None}


def test_numbers_are_cut_at_any_mark():
    assert pieces_of("000048、000049，000050;51\n52 000048") == ["000048", "000049", "000050", "51", "52"]
