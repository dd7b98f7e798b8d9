"""Users, their posts and certificates over time, and the devices they sign in from."""

from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from knox.models import AbstractAuthToken

from accounts.querysets import (
    ApiKeyQuerySet,
    CertificateQuerySet,
    DeputyQuerySet,
    DeviceManager,
    KnownDeviceQuerySet,
    UserManager,
)
from safety_api.roles import ADMINS, Role
from safety_api.stamps import Stamped


class User(Stamped, AbstractBaseUser):  # type: ignore[django-manager-missing]  # knox has no types
    """人员. Jurisdiction = `region` (a code prefix) × `sectors` ([] = all) × `enterprise_id` (enterprise officers only)."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    username = models.CharField("用户名", max_length=40, unique=True)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("手机", max_length=20, blank=True)
    email = models.EmailField("电子邮箱", max_length=120, blank=True, db_default="")
    role = models.CharField("岗位", max_length=30, choices=Role.choices)
    region = models.CharField("管辖区划（前缀）", max_length=12, blank=True)
    sectors = ArrayField(models.CharField(max_length=30), verbose_name="管辖行业", default=list, blank=True)
    department = models.ForeignKey("reference.Department", models.PROTECT, null=True, blank=True, verbose_name="部门")
    enterprise_id = models.UUIDField("本单位", null=True, blank=True)
    is_leader = models.BooleanField("部门负责人", default=False)
    is_principal = models.BooleanField("企业主要负责人", default=False)
    may_investigate = models.BooleanField("可参与事故调查", default=False)
    legal_reviewer = models.BooleanField("法制审核人", default=False)
    is_active = models.BooleanField("在用", default=True)
    is_demo = models.BooleanField("演示账号", default=False)
    must_change_password = models.BooleanField("须改初始口令", default=False)
    password_changed_at = models.DateTimeField("口令修改时间", db_default=Now())
    created_at = models.DateTimeField("建立时间", db_default=Now())

    proved_second_factor = False  # of a person who is just signing in, and did
    by_device: Any = None  # of a person for whom no more speaks than the key of this device

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name", "role"]
    objects = UserManager()

    class Meta:
        db_table = "accounts_user"
        verbose_name = verbose_name_plural = "人员"
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_is_known"),
            models.CheckConstraint(
                condition=models.Q(region="") | models.Q(region__regex=r"^\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?$"),
                name="user_region_is_a_prefix",
            ),
            models.CheckConstraint(
                condition=models.Q(enterprise_id__isnull=True) | models.Q(role=Role.ENTERPRISE_OFFICER),
                name="user_unit_only_for_enterprise_officers",
            ),
            models.CheckConstraint(
                condition=~models.Q(role__in=ADMINS) | models.Q(region="", enterprise_id__isnull=True),
                name="user_admin_has_no_jurisdiction",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}（{self.get_role_display()}）"

    # Django admin asks these: support staff find and explain, changes go through actions.
    @property
    def is_staff(self) -> bool:
        return self.role in ADMINS

    def has_perm(self, perm: str, obj=None) -> bool:
        """System administrators see accounts and reference data, audit administrators the trail; nobody edits by hand."""
        app, _, word = perm.partition(".")
        return self.is_active and word.startswith("view_") and app in ADMIN_SEES.get(self.role, ())

    def has_perms(self, perms, obj=None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and app_label in ADMIN_SEES.get(self.role, ())


ADMIN_SEES: dict[str, tuple[str, ...]] = {
    Role.SYSTEM_ADMIN: ("reference", "geo", "safety_api", "accounts"),
    Role.SECURITY_ADMIN: ("accounts",),
    Role.AUDIT_ADMIN: ("safety_api",),
}


class KnownDevice(models.Model):
    """已知终端: a device on which this person proved who they are. It shows so by a key of its own, which outlives every token."""

    user = models.ForeignKey(User, models.CASCADE, related_name="known_devices", verbose_name="人员", db_index=False)
    digest = models.CharField(
        max_length=64
    )  # of the key; a browser that several people use has one key and a row for each
    device_id = models.CharField("终端编号", max_length=80, blank=True)
    device_name = models.CharField("终端名称", max_length=80, blank=True)
    made_at = models.DateTimeField("首次登录", db_default=Now())
    used_at = models.DateTimeField("最近登录", db_default=Now())
    failures = models.PositiveSmallIntegerField("连续输错次数", default=0, db_default=0)
    locked_until = models.DateTimeField("锁定至", null=True)
    ended_at = models.DateTimeField("停用时间", null=True)  # from then on its key only brings its queue home

    objects = KnownDeviceQuerySet.as_manager()

    class Meta:
        db_table = "accounts_known_device"
        verbose_name = verbose_name_plural = "已知终端"
        constraints = [models.UniqueConstraint(fields=["user", "digest"], name="known_device_once")]
        indexes = [models.Index(fields=["digest"], name="known_device_key")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.device_name}"


class SignInLock(models.Model):
    """登录锁定: that somebody tried wrong passwords until the sign-in was locked; told to the person in the inbox and at the next sign-in."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="sign_in_locks", verbose_name="人员", db_index=False)
    began_at = models.DateTimeField("锁定时间")
    until = models.DateTimeField("锁定至")
    failures = models.PositiveIntegerField("输错次数")
    addresses = ArrayField(models.CharField(max_length=40), verbose_name="来自", default=list)  # masked
    device_name = models.CharField("终端", max_length=80, blank=True)  # of the known device; '' when strangers tried
    told_at = models.DateTimeField("登录时告知", null=True)

    class Meta:
        db_table = "accounts_sign_in_lock"
        verbose_name = verbose_name_plural = "登录锁定"
        indexes = [models.Index(fields=["user", "-began_at"], name="sign_in_lock_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.began_at:%F %R}"


class Device(AbstractAuthToken):
    """终端: one sign-in of one device. The token itself is shown once and kept as a digest."""

    device_id = models.CharField("终端编号", max_length=80)
    device_name = models.CharField("终端名称", max_length=80, blank=True)
    known = models.ForeignKey(KnownDevice, models.SET_NULL, null=True, related_name="+", verbose_name="已知终端")
    second_factor = models.BooleanField("已用动态口令", default=False, db_default=False)

    objects = DeviceManager()

    class Meta(AbstractAuthToken.Meta):
        swappable = "KNOX_TOKEN_MODEL"
        db_table = "accounts_device"
        verbose_name = verbose_name_plural = "终端"
        constraints = [models.UniqueConstraint(fields=["user", "device_id"], name="device_has_one_token")]


class ApiKey(models.Model):
    """访问密钥: by which programs read the map's layers for a person, and nothing else. The key itself is shown once and kept as a digest."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="api_keys", verbose_name="人员")
    name = models.CharField("用途", max_length=60)
    digest = models.CharField(max_length=64)
    begins = models.CharField("开头", max_length=12)
    second_factor = models.BooleanField("登录时已用动态口令", default=False, db_default=False)
    made_at = models.DateTimeField("建立时间", db_default=Now())
    ends_on = models.DateField("截止日期")
    used_on = models.DateField("最近使用", null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        db_table = "accounts_api_key"
        verbose_name = verbose_name_plural = "访问密钥"
        constraints = [models.UniqueConstraint(fields=["digest"], name="api_key_once")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.name}"


class Certificate(Stamped):
    """执法证: an officer's certificate; only who holds a valid one that day may issue enforcement papers (行政处罚法 第四十二条)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="certificates", verbose_name="持证人")
    number = models.CharField("证号", max_length=40)
    issued_by = models.CharField("发证机关", max_length=80)
    valid_from = models.DateField("有效期起")
    valid_to = models.DateField("有效期止")
    revoked_on = models.DateField("注销日", null=True, blank=True)
    known_from = models.DateTimeField("登记时间", db_default=Now())

    objects = CertificateQuerySet.as_manager()

    class Meta:
        db_table = "accounts_certificate"
        verbose_name = verbose_name_plural = "执法证"
        constraints = [
            models.UniqueConstraint(fields=["number"], name="certificate_number_is_unique"),
            models.CheckConstraint(
                condition=models.Q(valid_to__gte=models.F("valid_from")), name="certificate_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Post(models.Model):
    """任职: which jurisdiction a person held when, and since when we know. A late upload is judged by the post of its day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="posts", verbose_name="人员")
    role = models.CharField("岗位", max_length=30, choices=Role.choices)
    region = models.CharField("管辖区划", max_length=12, blank=True)
    sectors = ArrayField(models.CharField(max_length=30), default=list, blank=True, verbose_name="管辖行业")
    enterprise_id = models.UUIDField("本单位", null=True, blank=True)
    department = models.ForeignKey(
        "reference.Department",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="部门",
        related_name="+",
        db_index=False,
    )
    is_leader = models.BooleanField("部门负责人", default=False, db_default=False)
    is_principal = models.BooleanField("企业主要负责人", default=False, db_default=False)
    held_from = models.DateTimeField("任职起", db_default=Now())
    held_to = models.DateTimeField("任职止", null=True, blank=True)
    known_from = models.DateTimeField("登记时间", db_default=Now())
    begun_at = models.DateTimeField(
        "生效时间", null=True, blank=True, default=timezone.now, db_default=Now()
    )  # None: to come

    class Meta:
        db_table = "accounts_post"
        verbose_name = verbose_name_plural = "任职"
        indexes = [
            models.Index(fields=["user", "held_from"], name="post_of_user"),
            models.Index(fields=["held_from"], name="post_to_begin", condition=models.Q(begun_at=None)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"], condition=models.Q(held_to__isnull=True), name="post_one_at_present"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role} {self.region}"


class Deputy(models.Model):
    """代理: who stands in for a leader who is away, from one day to another, both included."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    leader = models.ForeignKey(User, models.PROTECT, related_name="deputies", verbose_name="被代理人")
    deputy = models.ForeignKey(User, models.PROTECT, related_name="stands_in_for", verbose_name="代理人")
    held_from = models.DateField("代理起")
    held_to = models.DateField("代理止")
    reason = models.CharField("事由", max_length=200)
    document = models.CharField("依据", max_length=200, blank=True)
    made_by = models.UUIDField("登记人", null=True)
    made_by_name = models.CharField("登记人姓名", max_length=60)
    known_from = models.DateTimeField("登记时间", db_default=Now())
    ended_at = models.DateTimeField("提前终止时间", null=True, blank=True)

    objects = DeputyQuerySet.as_manager()

    class Meta:
        db_table = "accounts_deputy"
        verbose_name = verbose_name_plural = "代理"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(held_to__gte=models.F("held_from")), name="deputy_ends_after_start"
            ),
            models.CheckConstraint(condition=~models.Q(leader=models.F("deputy")), name="deputy_is_another_person"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy_id} 代 {self.leader_id}"


class ResetCode(models.Model):
    """找回口令: asked for at the sign-in door; the code itself is made when it is handed to the telephone, and kept as a digest."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="reset_codes", verbose_name="人员")
    asked_at = models.DateTimeField("申请时间", db_default=Now())
    digest = models.CharField(max_length=200, blank=True)
    sent_at = models.DateTimeField("发送时间", null=True)
    tries = models.PositiveSmallIntegerField("已试次数", default=0, db_default=0)
    used_at = models.DateTimeField("使用时间", null=True)

    class Meta:
        db_table = "accounts_reset_code"
        verbose_name = verbose_name_plural = "找回口令"
        indexes = [models.Index(fields=["user", "-asked_at"], name="reset_code_of_user")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.asked_at:%F %R}"
