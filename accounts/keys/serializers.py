"""Shapes of keys: the key itself is answered once, when it is made."""

from rest_framework import serializers

from safety_api.shapes import Shape, Text


class KeyShape(Shape):
    name = Text(max_length=60, help_text="用途，例如：办公室 QGIS")
    ends_on = serializers.DateField(help_text="最后一个可用的日子，最长一年")


class KeyOut(serializers.Serializer):
    id = serializers.UUIDField()
    name = serializers.CharField()
    begins = serializers.CharField(help_text="密钥的开头，供辨认")
    made_at = serializers.DateTimeField()
    ends_on = serializers.DateField()
    used_on = serializers.DateField(allow_null=True, help_text="最近使用的日子")


class KeyMadeOut(KeyOut):
    key = serializers.CharField(
        help_text="只显示这一次；用作 HTTP Basic 的口令（用户名为本人用户名），或 Authorization: Key <key>"
    )
