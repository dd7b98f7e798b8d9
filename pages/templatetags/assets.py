from django import template

from pages.assets import address

register = template.Library()
register.simple_tag(address, name="asset")
