"""The address of what words are about."""

from django import template

from zhengyou.web.shared.subjects import address_of

register = template.Library()

register.simple_tag(address_of, name="address_of")
