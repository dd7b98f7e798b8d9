"""What every register's row has: whose it is, and who wrote it when."""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from safety_api.stamps import Stamped


class Entry(Stamped):
    """`region_code` and `sector` are those of the record's own day; `department` is the one that keeps it in its ledger."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    region_code = models.CharField("行政区划", max_length=12)
    sector = models.ForeignKey(
        "reference.Sector", models.PROTECT, verbose_name="行业领域", related_name="+", db_index=False
    )
    department = models.ForeignKey(
        "reference.Department", models.PROTECT, null=True, verbose_name="主管部门", related_name="+", db_index=False
    )
    enterprise = models.ForeignKey(
        "enterprises.Enterprise", models.PROTECT, null=True, verbose_name="单位", related_name="+"
    )
    created_at = models.DateTimeField("登记时间", db_default=Now())
    created_by = models.UUIDField("登记人", null=True)
    created_by_name = models.CharField("登记人姓名", max_length=60)
    is_demo = models.BooleanField("演示数据", default=False)

    class Meta:
        abstract = True
