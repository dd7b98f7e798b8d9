"""Shapes of a page of changes."""

from __future__ import annotations

from rest_framework import serializers

from phone.sync.streams import LISTS, STREAMS
from safety_api.doors import Filters

DEFAULT, MOST = 2000, 5000


class SyncFilters(Filters):
    cursor = serializers.CharField(required=False, max_length=600, help_text="上一页答复的 cursor，原样交回；不写为从头取")
    limit = serializers.IntegerField(required=False, default=DEFAULT, min_value=1, max_value=MOST, help_text=f"一页的行数，最多 {MOST}")


class ChangesOut(serializers.Serializer):
    columns = serializers.ListField(child=serializers.CharField(), help_text="rows 中各值的名称，第一个是编号")
    rows = serializers.ListField(child=serializers.ListField(), help_text="新的或变化了的，整行替换")
    gone = serializers.ListField(child=serializers.CharField(), help_text="先于 rows 处理：本机不再保留的编号，没有的忽略")


class ListOut(serializers.Serializer):
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(), help_text="整份替换")


class SyncOut(serializers.Serializer):
    cursor = serializers.CharField(help_text="保存到这一页处理完之后；下次交回")
    more = serializers.BooleanField(help_text="这一轮还有下一页，请立即再取")
    reset = serializers.BooleanField(help_text="管辖、格式或数据库纪元变了：先清空同步来的数据（不含待发队列），再处理")
    server_time = serializers.DateTimeField()
    streams = serializers.DictField(child=ChangesOut(), help_text="、".join(each.name for each in STREAMS) + "；没有变化的不列")
    lists = serializers.DictField(child=ListOut(), help_text="、".join(each.name for each in LISTS) + "；没有变化的不列")
