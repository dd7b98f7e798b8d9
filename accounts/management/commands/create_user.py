"""A person with a post and a first password, shown once."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts import actions
from accounts.management.people import add_jurisdiction, check_whole, department_id, jurisdiction_of, sentence
from safety_api.trail import SYSTEM

FLAGS = {
    "is_leader": "部门负责人", "is_principal": "企业主要负责人", "may_investigate": "可参与事故调查",
    "legal_reviewer": "法制审核人",
}  # fmt: skip


class Command(BaseCommand):
    help = "建立一个账号，显示一次初始口令（首次登录须修改）"

    def add_arguments(self, parser):
        parser.add_argument("username", help="用户名，登录用")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--phone", default="", help="手机")
        parser.add_argument("--email", default="", help="电子邮箱")
        parser.add_argument("--department", help="部门代码")
        add_jurisdiction(parser, roles_required=True)
        for name, label in FLAGS.items():
            parser.add_argument(f"--{name.replace('_', '-')}", action="store_true", help=label)

    def handle(self, *, username, name, phone, email, department, **options):
        fields = {
            "region": "",
            "enterprise_id": None,
            **jurisdiction_of(options),
            **{flag: options[flag] for flag in FLAGS},
        }
        check_whole(fields["role"], fields["region"], fields["enterprise_id"])
        try:
            user, password = actions.create_user(
                by=SYSTEM, username=username, name=name, phone=phone, email=email, department_id=department_id(department), **fields
            )
        except ValidationError as error:
            raise CommandError(sentence(error)) from None
        self.stdout.write(f"已建立 {user}，用户名 {user.username}，管辖 {user.region or user.enterprise_id or '无'}")
        self.stdout.write(f"初始口令（只显示这一次，首次登录须修改）：{password}")
