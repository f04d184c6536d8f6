"""The demos there are, one a pack. Nothing else knows both."""

from zhengyou.management.demo import campaign, hospital
from zhengyou.management.demo.shared import Story

STORIES: dict[str, Story] = {story.pack: story for story in (campaign.STORY, hospital.STORY)}
