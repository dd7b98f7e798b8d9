"""Photos: what a phone declared, what arrived, what the worker found. Papers have a room of their own."""

from django.contrib.gis.db.models import PointField
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from evidence.papers.models import Paper, PaperCounter, Refusal, Scan, Service, Signature
from evidence.querysets import PhotoQuerySet
from safety_api.stamps import Stamped

__all__ = ["EarlyUpload", "Paper", "PaperCounter", "Photo", "PhotoState", "Refusal", "Scan", "Service", "Signature"]


class PhotoState(models.TextChoices):
    MISSING = "missing", "未到"
    HELD = "held", "已收"
    READY = "ready", "已处理"
    UNREADABLE = "unreadable", "无法打开"
    REFUSED = "refused", "不能收存"


class Photo(Stamped):
    """照片: declared by a record (`owner`), proven by sha256. The original is never replaced; derivatives can be made again.

    `point` is WGS-84; the pair as sent and its system stay beside it. `taken_at` is what the phone said, `exif_*` what the file says;
    `media_type` is what the phone believed, `kept_type` what the bytes are. `refused_because`: the word of the problem.
    `lost_at`: the bytes were held, and are not in the storage any more: the photo is `missing` once more, until they come again.
    A voice note (语音) is one too, with a duration and without a size in pixels.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    owner_kind = models.CharField("所属类别", max_length=30)
    owner_id = models.UUIDField("所属记录")
    subjects = ArrayField(
        models.UUIDField(), verbose_name="所证记录", default=list
    )  # hazards and reviews of an inspection
    declared_by = models.UUIDField("申报人")
    declared_at = models.DateTimeField("申报时间", db_default=Now())
    position = models.PositiveSmallIntegerField(
        "录入次序", null=True
    )  # in the manifest; null: declared before it was kept
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveIntegerField("字节数")
    media_type = models.CharField("申报类型", max_length=40)
    kept_type = models.CharField("实际类型", max_length=40, null=True)
    taken_at = models.DateTimeField("拍摄时间", null=True)
    point = PointField("位置", null=True, spatial_index=False)
    sent_lon = models.FloatField(null=True)
    sent_lat = models.FloatField(null=True)
    sent_crs = models.CharField(max_length=10, blank=True)
    state = models.CharField("状态", max_length=12, choices=PhotoState.choices, default=PhotoState.MISSING)
    refused_because = models.CharField("不能收存的原因", max_length=30, null=True)
    stored_at = models.DateTimeField("收到时间", null=True)
    lost_at = models.DateTimeField("存储中丢失的时间", null=True)
    width = models.PositiveIntegerField("宽", null=True)
    height = models.PositiveIntegerField("高", null=True)
    duration_ms = models.PositiveIntegerField("时长（毫秒）", null=True)  # of a voice note
    exif_taken_at = models.DateTimeField("EXIF 时间", null=True)
    exif_point = PointField("EXIF 位置", null=True, spatial_index=False)
    flags = ArrayField(models.CharField(max_length=30), verbose_name="提示", default=list)

    objects = PhotoQuerySet.as_manager()

    class Meta:
        db_table = "evidence_photo"
        verbose_name = verbose_name_plural = "照片"
        indexes = [
            models.Index(fields=["owner_id"], name="photo_owner"),
            GinIndex(fields=["subjects"], name="photo_subjects"),
            models.Index(fields=["owner_id"], name="photo_flagged", condition=~models.Q(flags=[])),
            # Of stored ones only: declaring a photo costs nothing for it, and making it readable changes nothing in it.
            models.Index(fields=["sha256"], condition=models.Q(stored_at__isnull=False), name="photo_same_bytes"),
            models.Index(fields=["owner_id"], name="photo_missing", condition=models.Q(state="missing")),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(sha256__regex=r"^[0-9a-f]{64}$"), name="photo_sha256_is_hex"),
            models.CheckConstraint(condition=models.Q(state__in=PhotoState.values), name="photo_state_is_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=[PhotoState.MISSING, PhotoState.REFUSED])
                | models.Q(stored_at__isnull=False),
                name="photo_stored_has_time",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=PhotoState.REFUSED) | models.Q(refused_because__isnull=False),
                name="photo_refused_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class EarlyUpload(models.Model):
    """先到的照片: bytes whose record has not arrived yet. Keyed with the person, so that nobody can occupy another's photo id.

    With `refused_because` nothing was kept: it waits to be told to the record.
    """

    pk = models.CompositePrimaryKey("photo_id", "uploaded_by")
    photo_id = models.UUIDField()
    uploaded_by = models.UUIDField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    media_type = models.CharField(max_length=40)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    duration_ms = models.PositiveIntegerField(null=True)
    refused_because = models.CharField(max_length=30, null=True)
    stored_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "evidence_early_upload"
        verbose_name = verbose_name_plural = "先到的照片"

    def __str__(self) -> str:
        return str(self.photo_id)
