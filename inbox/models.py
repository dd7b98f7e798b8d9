"""消息 What was said to whom of which matter, and who has seen it; what of it goes out of the house, by which way, and whether it arrived."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import GeneratedField, Q
from django.db.models.functions import Left, Now

from accounts.models import User
from inbox.deliveries.querysets import DeliveryQuerySet
from inbox.querysets import MessageQuerySet
from safety_api.roles import Role
from safety_api.stamps import Stamped


class Message(Stamped):
    """消息: said once (`once`), of a matter that lies at this place, in this sector, with this department and unit on that day.

    `done_at`: the matter is over, a later message of the `thread` has taken its place, or who should have seen it has.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField("种类", max_length=40)
    once = models.CharField("唯一标识", max_length=160, unique=True)
    thread = models.CharField("同一事项", max_length=160, blank=True)
    about_kind = models.CharField("事项类别", max_length=20, blank=True)
    about = models.UUIDField("事项", null=True)
    sentence = models.CharField("内容", max_length=1000)
    details = models.JSONField("细节", default=dict, db_default={})
    day = models.DateField("提醒日")
    due_on = models.DateField("期限", null=True)
    region_code = models.CharField("行政区划", max_length=12, blank=True)
    sector = models.ForeignKey("reference.Sector", models.PROTECT, null=True, verbose_name="行业领域", db_index=False)
    department = models.ForeignKey(
        "reference.Department", models.PROTECT, null=True, verbose_name="主管部门", db_index=False
    )
    enterprise = models.UUIDField("单位", null=True)
    made_at = models.DateTimeField("生成时间", db_default=Now())
    done_at = models.DateTimeField("办结时间", null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        db_table = "inbox_message"
        verbose_name = verbose_name_plural = "消息"
        indexes = [
            models.Index(fields=["about", "kind"], name="message_matter", condition=Q(about__isnull=False)),
            models.Index(fields=["kind", "region_code", "-id"], name="message_place"),
            models.Index(fields=["made_at"], name="message_made"),
            models.Index(fields=["kind"], name="message_open", condition=Q(done_at=None)),
            models.Index(fields=["thread"], name="message_thread", condition=~Q(thread="") & Q(done_at=None)),
        ]

    def __str__(self) -> str:
        return self.sentence[:30]


class Address(models.Model):
    """收件对象: a person, or a post: whoever holds this role where the matter lies (a unit's own people: of that unit).

    The place and the unit are the message's, kept here so that an index leads from a post to its newest messages.
    """

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, models.CASCADE, related_name="addresses", db_index=False)
    is_open = models.BooleanField("未办", default=True, db_default=True)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="人员", db_index=False)
    role = models.CharField("岗位", max_length=30, choices=Role.choices, blank=True)
    leaders = models.BooleanField("仅负责人", default=False, db_default=False)
    department = models.ForeignKey(
        "reference.Department", models.PROTECT, null=True, verbose_name="部门", db_index=False
    )
    region_code = models.CharField("行政区划", max_length=12, blank=True)
    enterprise = models.UUIDField("单位", null=True)
    place_6 = GeneratedField(
        expression=Left("region_code", 6), output_field=models.CharField(max_length=6), db_persist=True
    )
    place_9 = GeneratedField(
        expression=Left("region_code", 9), output_field=models.CharField(max_length=9), db_persist=True
    )

    class Meta:
        db_table = "inbox_address"
        verbose_name = verbose_name_plural = "收件对象"
        indexes = [
            models.Index(fields=["message"], name="address_of_message"),
            models.Index(
                fields=["person", "is_open", "-message"], name="address_person", condition=Q(person__isnull=False)
            ),
            models.Index(
                fields=["enterprise", "role", "is_open", "-message"], name="address_unit",
                condition=Q(role=Role.ENTERPRISE_OFFICER),
            ),
            models.Index(fields=["role", "place_6", "is_open", "-message"], name="address_county", condition=~Q(role="")),
            models.Index(fields=["role", "place_9", "is_open", "-message"], name="address_township", condition=~Q(role="")),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False) & Q(role="") | Q(person__isnull=True) & ~Q(role=""),
                name="address_is_a_person_or_a_post",
            )
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.role or self.person_id}"


class Seen(Stamped):
    """已阅: that a person saw a message, and when first; the name is that of the day."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, models.CASCADE, related_name="seen_by", db_index=False)
    user = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="人员", db_index=False)
    name = models.CharField("姓名", max_length=60, blank=True)
    seen_at = models.DateTimeField("阅知时间", db_default=Now())

    class Meta:
        db_table = "inbox_seen"
        verbose_name = verbose_name_plural = "已阅"
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="message_seen_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.message_id}"


# --- out of the house -------------------------------------------------------------------------------------------------
class Channel(models.TextChoices):
    SMS = "sms", "短信"
    EMAIL = "email", "电子邮件"
    WECOM = "wecom", "企业微信群机器人"
    DINGTALK = "dingtalk", "钉钉群机器人"


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "待发"
    SENT = "sent", "已发出"
    UNNEEDED = "unneeded", "不必再发"  # seen, or done with, before it went
    REFUSED = "refused", "被退回"  # by the gateway, for this recipient
    GIVEN_UP = "given_up", "过期未发出"


class Robot(Stamped):
    """群机器人: the group of an office. It hears what is said to these posts, as whoever holds them would read it.

    Address and secret stand in the settings under `name`, never here.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField("配置中的名称", max_length=40, unique=True)
    label = models.CharField("群名称", max_length=60)
    roles = ArrayField(models.CharField(max_length=30, choices=Role.choices), verbose_name="岗位")
    region = models.CharField("管辖区划（前缀）", max_length=12)
    department = models.ForeignKey(
        "reference.Department", models.PROTECT, null=True, verbose_name="部门", db_index=False
    )
    sectors = ArrayField(models.CharField(max_length=30), verbose_name="行业", default=list, db_default=[])
    kinds = ArrayField(
        models.CharField(max_length=40), verbose_name="只发的种类", default=list, db_default=[]
    )  # []: all
    is_active = models.BooleanField("在用", default=True, db_default=True)
    made_at = models.DateTimeField("建立时间", db_default=Now())

    class Meta:
        db_table = "inbox_robot"
        verbose_name = verbose_name_plural = "群机器人"

    def __str__(self) -> str:
        return self.label


class Delivery(Stamped):
    """外发: one message on one way to one person or group. `due_at`: when it is tried next; while it is being tried, when it comes back
    if whoever tries was killed."""

    id = models.BigAutoField(primary_key=True)
    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries", db_index=False)
    channel = models.CharField("通道", max_length=10, choices=Channel.choices)
    person = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="收件人", db_index=False)
    robot = models.ForeignKey(Robot, models.PROTECT, null=True, related_name="+", verbose_name="群", db_index=False)
    outlet = models.CharField("出口", max_length=50)
    state = models.CharField("状态", max_length=10, choices=DeliveryState.choices, default=DeliveryState.WAITING)
    urgent = models.BooleanField("立即", default=False)
    due_at = models.DateTimeField("下次发送")
    attempts = models.PositiveSmallIntegerField("次数", default=0, db_default=0)
    reason = models.CharField("原因", max_length=200, blank=True)
    sent_to = models.CharField("发往（遮掩）", max_length=120, blank=True)
    made_at = models.DateTimeField("生成时间", db_default=Now())
    ended_at = models.DateTimeField("结束时间", null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        db_table = "inbox_delivery"
        verbose_name = verbose_name_plural = "外发"
        indexes = [
            models.Index(
                fields=["outlet", "due_at"], name="delivery_waiting", condition=Q(state=DeliveryState.WAITING)
            ),
            models.Index(fields=["made_at"], name="delivery_made"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "channel", "person"], name="delivery_once_a_person", condition=Q(person__isnull=False)
            ),
            models.UniqueConstraint(fields=["message", "robot"], name="delivery_once_a_robot", condition=Q(robot__isnull=False)),
            models.CheckConstraint(
                condition=Q(person__isnull=False) ^ Q(robot__isnull=False), name="delivery_is_to_a_person_or_a_robot"
            ),
            models.CheckConstraint(condition=Q(state__in=DeliveryState.values), name="delivery_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=DeliveryState.WAITING) ^ Q(ended_at__isnull=False), name="delivery_ended_has_time"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.message_id} {self.outlet}"


class Outlet(models.Model):
    """出口: a mail server, a gateway, a robot. One at a time speaks to it: until `next_at` nobody else does, be it that it is at work, that it
    failed, or that it takes no more this minute."""

    name = models.CharField("名称", max_length=50, primary_key=True)  # sms, email, robot:<name>
    next_at = models.DateTimeField("下次可用", db_default=Now())
    failures = models.PositiveIntegerField("连续失败", default=0, db_default=0)
    failing_since = models.DateTimeField("何时起发不出", null=True)
    reason = models.CharField("原因", max_length=200, blank=True)
    sent_at = models.DateTimeField("最近发出", null=True)

    class Meta:
        db_table = "inbox_outlet"
        verbose_name = verbose_name_plural = "外发出口"

    def __str__(self) -> str:
        return self.name
