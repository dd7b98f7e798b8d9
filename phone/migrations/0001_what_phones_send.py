"""What phones could not get accepted, kept whole; and photos on their way in pieces."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("safety_api", "0006_rows_that_leave")]

    operations = [
        migrations.CreateModel(
            name="Rescue",
            fields=[
                ("epoch", models.SmallIntegerField(db_default=0, editable=False)),
                ("xid", models.BigIntegerField(db_default=0, editable=False)),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("by_id", models.UUIDField(verbose_name="提交人")),
                ("by_name", models.CharField(max_length=60, verbose_name="提交人姓名")),
                ("region_code", models.CharField(blank=True, max_length=12, verbose_name="提交人管辖")),
                ("device_id", models.CharField(blank=True, max_length=80, verbose_name="终端编号")),
                ("proven_by_device", models.BooleanField(default=False, verbose_name="凭终端密钥")),
                (
                    "received_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="收到时间"),
                ),
                ("method", models.CharField(blank=True, max_length=6, verbose_name="方法")),
                ("path", models.CharField(blank=True, max_length=200, verbose_name="地址")),
                ("refused_status", models.PositiveSmallIntegerField(null=True, verbose_name="原答复状态")),
                ("refused_code", models.CharField(blank=True, max_length=60, verbose_name="原答复代码")),
                ("media_type", models.CharField(blank=True, max_length=100, verbose_name="类型")),
                ("sha256", models.CharField(max_length=64, verbose_name="SHA-256")),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("content", models.BinaryField(verbose_name="内容")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待处理"), ("placed", "已归入"), ("set_aside", "不再处理")],
                        default="waiting",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True, verbose_name="处理时间")),
                ("ended_by", models.UUIDField(null=True, verbose_name="处理人")),
                ("ended_name", models.CharField(blank=True, max_length=60, verbose_name="处理人姓名")),
                ("reason", models.CharField(blank=True, max_length=1000, verbose_name="说明")),
                ("placed_at_path", models.CharField(blank=True, max_length=200, verbose_name="归入的地址")),
            ],
            options={
                "verbose_name": "手机未能提交的记录",
                "verbose_name_plural": "手机未能提交的记录",
                "db_table": "phone_rescue",
                "indexes": [
                    models.Index(fields=["-received_at", "id"], name="rescue_newest"),
                    models.Index(fields=["by_id", "-received_at"], name="rescue_by"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("by_id", "sha256", "path"), name="rescue_kept_once"),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["waiting", "placed", "set_aside"])),
                        name="rescue_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", "waiting"), ("ended_at__isnull", False), _connector="XOR"),
                        name="rescue_ended_has_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="rescue_sha256_is_hex"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Upload",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("by_id", models.UUIDField(verbose_name="上传人")),
                ("photo_id", models.UUIDField(verbose_name="照片")),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("sha256", models.CharField(blank=True, max_length=64, verbose_name="SHA-256")),
                ("offset", models.PositiveIntegerField(default=0, verbose_name="已收字节数")),
                (
                    "made_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="建立时间"),
                ),
                ("expires_at", models.DateTimeField(verbose_name="过期时间")),
                ("done_at", models.DateTimeField(null=True, verbose_name="完成时间")),
            ],
            options={
                "verbose_name": "照片续传",
                "verbose_name_plural": "照片续传",
                "db_table": "phone_upload",
                "indexes": [
                    models.Index(fields=["by_id", "-made_at"], name="upload_by"),
                    models.Index(fields=["expires_at"], name="upload_ends"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("offset__lte", models.F("size"))), name="upload_within_its_size"
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="upload_is_something"),
                ],
            },
        ),
        migrations.CreateModel(
            name="UploadPart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.PositiveIntegerField(verbose_name="起始字节")),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                (
                    "upload",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="phone.upload"
                    ),
                ),
            ],
            options={
                "verbose_name": "照片续传的一段",
                "verbose_name_plural": "照片续传的一段",
                "db_table": "phone_upload_part",
                "constraints": [models.UniqueConstraint(fields=("upload", "start"), name="upload_part_once")],
            },
        ),
        migrations.RunSQL("SELECT safety_stamp('phone_rescue')", migrations.RunSQL.noop),
    ]
