"""What an import says of a row, in the reader's words."""

from django import template

from zhengyou.organisations.importing import sentences

register = template.Library()

register.filter("sentence", sentences.sentence)
