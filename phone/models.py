"""What phones could not get accepted."""

from uuid import uuid4

from django.db import models
from django.db.models.functions import Now

from phone.querysets import RescueQuerySet
from safety_api.stamps import Stamped


class RescueState(models.TextChoices):
    WAITING = "waiting", "待处理"
    PLACED = "placed", "已归入"
    SET_ASIDE = "set_aside", "不再处理"


class Rescue(Stamped):
    """补救: the bytes of a request as a phone made it, kept whole until an officer has placed them by hand, and afterwards.

    `region_code` is the jurisdiction of the person when it came (a prefix of 6, 9 or 12 digits); `path` where the phone had sent it.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by_id = models.UUIDField("提交人")
    by_name = models.CharField("提交人姓名", max_length=60)
    region_code = models.CharField("提交人管辖", max_length=12, blank=True)
    device_id = models.CharField("终端编号", max_length=80, blank=True)
    proven_by_device = models.BooleanField("凭终端密钥", default=False)
    received_at = models.DateTimeField("收到时间", db_default=Now())
    method = models.CharField("方法", max_length=6, blank=True)
    path = models.CharField("地址", max_length=200, blank=True)
    refused_status = models.PositiveSmallIntegerField("原答复状态", null=True)
    refused_code = models.CharField("原答复代码", max_length=60, blank=True)
    media_type = models.CharField("类型", max_length=100, blank=True)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("字节数")
    content = models.BinaryField("内容")
    state = models.CharField("状态", max_length=10, choices=RescueState.choices, default=RescueState.WAITING)
    ended_at = models.DateTimeField("处理时间", null=True)
    ended_by = models.UUIDField("处理人", null=True)
    ended_name = models.CharField("处理人姓名", max_length=60, blank=True)
    reason = models.CharField("说明", max_length=1000, blank=True)
    placed_at_path = models.CharField("归入的地址", max_length=200, blank=True)

    objects = RescueQuerySet.as_manager()

    class Meta:
        db_table = "phone_rescue"
        verbose_name = verbose_name_plural = "手机未能提交的记录"
        indexes = [
            models.Index(fields=["-received_at", "id"], name="rescue_newest"),
            models.Index(fields=["by_id", "-received_at"], name="rescue_by"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["by_id", "sha256", "path"], name="rescue_kept_once"),
            models.CheckConstraint(condition=models.Q(state__in=RescueState.values), name="rescue_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state=RescueState.WAITING) ^ models.Q(ended_at__isnull=False), name="rescue_ended_has_time"
            ),
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="rescue_sha256_is_hex"),
        ]

    def __str__(self) -> str:
        return f"{self.by_name} {self.path}"


class Upload(models.Model):
    """续传: a photo on its way in pieces. `offset`: so many bytes are on the storage. `done_at`: they were put together and taken in."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    by_id = models.UUIDField("上传人")
    photo_id = models.UUIDField("照片")
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    offset = models.PositiveIntegerField("已收字节数", default=0)
    made_at = models.DateTimeField("建立时间", db_default=Now())
    parts_key = models.CharField("分段上传编号", max_length=300, blank=True, default="", db_default="")  # of the bucket
    expires_at = models.DateTimeField("过期时间")
    done_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        db_table = "phone_upload"
        verbose_name = verbose_name_plural = "照片续传"
        indexes = [
            models.Index(fields=["by_id", "-made_at"], name="upload_by"),
            models.Index(fields=["expires_at"], name="upload_ends"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(offset__lte=models.F("size")), name="upload_within_its_size"),
            models.CheckConstraint(condition=models.Q(size__gt=0), name="upload_is_something"),
        ]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.offset}/{self.size}"


class UploadPart(models.Model):
    """One piece: [start, start + size) of its upload, as an object of the storage; with a `number` as a part of one that grows there."""

    upload = models.ForeignKey(Upload, models.CASCADE, related_name="parts")
    start = models.PositiveIntegerField("起始字节")
    size = models.PositiveIntegerField("字节数")
    number = models.PositiveSmallIntegerField("分段序号", null=True)
    tag = models.CharField("分段标记", max_length=100, blank=True, default="", db_default="")

    class Meta:
        db_table = "phone_upload_part"
        verbose_name = verbose_name_plural = "照片续传的一段"
        constraints = [models.UniqueConstraint(fields=["upload", "start"], name="upload_part_once")]

    def __str__(self) -> str:
        return f"{self.upload_id} {self.start}+{self.size}"
