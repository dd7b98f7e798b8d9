"""A transfer: another role, place, sectors or unit from now on; what was done before keeps the post of its day."""

from django.core.management.base import CommandError

from accounts import actions
from accounts.management.people import PersonCommand, add_jurisdiction, check_whole, jurisdiction_of
from safety_api.roles import Role
from safety_api.trail import SYSTEM


class Command(PersonCommand):
    help = "调动：自现在起改岗位、管辖区划、行业或本单位"

    def add_arguments(self, parser):
        super().add_arguments(parser)
        add_jurisdiction(parser, roles_required=False)

    def do(self, user, **options):
        changes = jurisdiction_of(options)
        if not changes:
            raise CommandError("没有要改的：请给出 --role、--region、--sectors 或 --enterprise。")
        if changes.get("role", user.role) != Role.ENTERPRISE_OFFICER and user.enterprise_id:
            changes["enterprise_id"] = None
        after = {name: changes.get(name, getattr(user, name)) for name in ("role", "region", "enterprise_id")}
        check_whole(**after)
        moved = actions.move(user, by=SYSTEM, **changes)
        self.stdout.write(
            f"{moved} 现管辖 {moved.region or moved.enterprise_id or '无'}，行业 {'、'.join(moved.sectors) or '全部'}"
        )
