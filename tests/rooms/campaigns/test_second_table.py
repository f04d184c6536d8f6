"""The second table of weights: groups of raters whose rolls are too short count as one, decided by the rolls alone."""

from dataclasses import replace
from pathlib import Path

import pytest

import zhengyou.packs
from zhengyou.campaigns.packing.reading import read_pack
from zhengyou.campaigns.ruleset import JointGroup, RaterGroup, Rules

PACK = Path(zhengyou.packs.__path__[0], "excellence-2010.toml")


@pytest.fixture
def rules():
    """The rules of the whole campaign: superiors count by themselves from 30 on, and otherwise together with their peers."""
    pack, faults = read_pack(PACK.read_bytes())
    assert not faults
    return pack.rules


def table(rules, **rolls):
    """Group to weight, and the groups that are too small."""
    served = rules.weights_for(rolls)
    return {group.id: group.weight for group in served.groups}, [group.id for group in served.small]


def test_twelve_leaders_count_together_with_their_peers(rules):
    second = {"superiors-and-peers": 50, "members": 25, "public": 25}
    assert table(rules, superiors=12, peers=20, members=60, public=30) == (second, ["superiors"])
    assert table(rules, superiors=29) == (second, ["superiors"])


def test_thirty_leaders_count_by_themselves(rules):
    first = {"superiors": 30, "peers": 20, "members": 25, "public": 25}
    assert table(rules, superiors=30, peers=5) == (first, [])


def test_a_pool_of_both_holds_no_roll_of_superiors_alone(rules):
    assert table(rules, **{"superiors-and-peers": 45})[1] == ["superiors"]


def test_what_is_left_out_is_joined_with_nobody(rules):
    for left_out in ("superiors", "peers"):
        groups = tuple(replace(one, weight=0) if one.id == left_out else one for one in rules.rater_groups)
        weights, small = table(replace(rules, rater_groups=groups))
        assert "superiors-and-peers" not in weights
        assert not small


def test_the_second_table_may_give_another_weight(rules):
    joints = tuple(replace(one, weight=35) for one in rules.joint_groups)
    assert table(replace(rules, joint_groups=joints))[0]["superiors-and-peers"] == 35


def test_rules_frozen_before_there_was_a_second_table_are_read_as_they_were(rules):
    written = rules.as_json()
    assert Rules.read(written) == rules
    del written["joint_groups"]
    for group in written["rater_groups"]:
        del group["least"]
    old = Rules.read(written)
    assert old.joint_groups == ()
    assert table(old, superiors=1) == ({"superiors": 30, "peers": 20, "members": 25, "public": 25}, [])


@pytest.mark.parametrize(
    ("written", "instead", "slug"),
    [
        ('of = ["superiors", "peers"]', 'of = ["superiors"]', "joins-one"),
        ('of = ["superiors", "peers"]', 'of = ["superiors", "pears"]', "not-one-of-near"),
        ("least = 30\n", "", "never-joined"),
        ('id = "superiors-and-peers"', 'id = "public"', "means-two"),
    ],
)
def test_a_joint_group_that_cannot_be_is_a_fault_of_the_pack(written, instead, slug):
    text = PACK.read_text(encoding="utf-8")
    pack, faults = read_pack(text.replace(written, instead).encode())
    assert pack is None
    assert [fault.slug for fault in faults] == [slug]


def test_a_group_joined_twice_is_a_fault_of_the_pack():
    text = PACK.read_text(encoding="utf-8")
    again = (
        '[[rules.joint_groups]]\nid = "again"\nof = ["peers", "public"]\nname = { zh-hans = "又", en = "Again" }\n\n'
    )
    _pack, faults = read_pack(text.replace("[rules.thresholds]", again + "[rules.thresholds]").encode())
    assert "joined-twice" in [fault.slug for fault in faults]


def test_a_pool_may_belong_to_a_group_that_counts_or_joins(rules):
    assert [group.id for group in rules.groups_to_choose] == [
        "superiors", "peers", "members", "public", "superiors-and-peers",
    ]  # fmt: skip
    assert isinstance(rules.groups_to_choose[-1], JointGroup)
    assert isinstance(rules.groups_to_choose[0], RaterGroup)
