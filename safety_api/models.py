"""Tables that cross all floors: the trail and its seals, the outbox, keys of POSTs, other forms of a record, the epoch and the tombstones."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now


class TrailLine(models.Model):
    """留痕: who did what to which record, when. Appended only; a trigger and the run role's privileges see to it.

    The actor stands as id, name and role, not as a foreign key: the line outlives the account.
    """

    id = models.BigAutoField(primary_key=True)
    epoch = models.SmallIntegerField(db_default=0, editable=False)
    xid = models.BigIntegerField(db_default=0, editable=False)
    at = models.DateTimeField("时间", db_default=Now())
    actor_id = models.UUIDField("人员编号", null=True)
    actor_name = models.CharField("姓名", max_length=60)
    actor_role = models.CharField("岗位", max_length=30)
    verb = models.CharField("动作", max_length=60)
    object_kind = models.CharField("对象类别", max_length=60)
    object_id = models.CharField("对象编号", max_length=60)
    region_code = models.CharField("行政区划", max_length=12, blank=True)
    details = models.JSONField("内容", default=dict)
    trace_id = models.CharField("追踪号", max_length=32, blank=True)

    class Meta:
        db_table = "safety_trail_line"
        verbose_name = verbose_name_plural = "留痕"
        indexes = [
            models.Index(fields=["epoch", "xid", "id"], name="trail_line_order"),
            models.Index(fields=["object_kind", "object_id"], name="trail_line_object"),
            models.Index(fields=["actor_id", "-at"], name="trail_line_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_name} {self.verb} {self.object_id}"


class TrailSeal(models.Model):
    """封存: a batch of lines in their order, each with its digest, chained to the seal before it."""

    id = models.BigAutoField(primary_key=True)
    sealed_at = models.DateTimeField("封存时间", db_default=Now())
    last_epoch = models.SmallIntegerField()
    last_xid = models.BigIntegerField()
    last_line = models.BigIntegerField()
    line_ids = ArrayField(models.BigIntegerField())
    line_digests = ArrayField(models.CharField(max_length=64))
    before = models.CharField("前一封存", max_length=64, blank=True)
    digest = models.CharField("摘要", max_length=64, unique=True)

    class Meta:
        db_table = "safety_trail_seal"
        verbose_name = verbose_name_plural = "留痕封存"
        indexes = [models.Index(fields=["last_epoch", "last_xid", "last_line"], name="trail_seal_order")]

    def __str__(self) -> str:
        return f"{self.pk} {self.digest[:12]}"


class OutboxMessage(models.Model):
    """发件箱: work that follows a commit, written in the same transaction and drained by the worker."""

    id = models.BigAutoField(primary_key=True)
    topic = models.CharField("主题", max_length=60)
    payload = models.JSONField("内容", default=dict)
    created_at = models.DateTimeField("写入时间", db_default=Now())
    due_at = models.DateTimeField("何时处理", db_default=Now())
    attempts = models.PositiveSmallIntegerField("已试次数", default=0)
    parked_at = models.DateTimeField("搁置时间", null=True)
    error = models.TextField("上次错误", blank=True)

    class Meta:
        db_table = "safety_outbox"
        verbose_name = verbose_name_plural = "发件箱"
        indexes = [
            models.Index(fields=["due_at", "id"], name="outbox_due", condition=models.Q(parked_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.topic}"


class IdempotencyKey(models.Model):
    """A POST that was carried out, with its answer: the same key brings the same answer for 30 days."""

    pk = models.CompositePrimaryKey("user_id", "key")
    user_id = models.UUIDField()
    key = models.UUIDField()
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "safety_idempotency_key"
        verbose_name = verbose_name_plural = "已处理的请求"
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_age")]

    def __str__(self) -> str:
        return str(self.key)


class OtherForm(models.Model):
    """A field record that came again in another form and said the same: the fingerprint of that form."""

    id = models.BigAutoField(primary_key=True)
    record = models.UUIDField("记录")
    sha256 = models.CharField("内容指纹", max_length=64)
    came_at = models.DateTimeField("收到时间", db_default=Now())

    class Meta:
        db_table = "safety_other_form"
        verbose_name = verbose_name_plural = "同一内容的其他写法"
        constraints = [models.UniqueConstraint(fields=["record", "sha256"], name="other_form_once")]

    def __str__(self) -> str:
        return f"{self.record} {self.sha256[:12]}"


class Epoch(models.Model):
    """One row: rises by one when the database was restored or a standby promoted, because transaction ids are then used again.

    `timeline`: PostgreSQL's own, in which this epoch began.
    """

    only = models.BooleanField(primary_key=True, default=True)
    number = models.SmallIntegerField(default=1)
    timeline = models.CharField(max_length=8, default="", db_default="")

    class Meta:
        db_table = "safety_epoch"
        constraints = [models.CheckConstraint(condition=models.Q(only=True), name="epoch_is_one_row")]

    def __str__(self) -> str:
        return str(self.number)


class Tombstone(models.Model):
    """A stamped row that was deleted, or that left the place (`region_code`) or the hands (`people`) it was in: a phone there forgets it."""

    id = models.BigAutoField(primary_key=True)
    epoch = models.SmallIntegerField(db_default=0)
    xid = models.BigIntegerField(db_default=0)
    table_name = models.CharField(max_length=63)
    key = models.CharField(max_length=60)
    region_code = models.CharField("所在行政区划", max_length=12, null=True)
    people = ArrayField(models.UUIDField(), verbose_name="原承办人", null=True)

    class Meta:
        db_table = "safety_tombstone"
        indexes = [models.Index(fields=["epoch", "xid", "id"], name="tombstone_order")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.key}"
