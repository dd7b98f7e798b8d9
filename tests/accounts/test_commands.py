"""The commands of the first week: create, reset, revoke, move, lock, unlock, bind."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts import actions
from accounts.models import User
from safety_api.models import TrailLine
from tests.cast.people import MINE

pytestmark = pytest.mark.django_db


def run(*args) -> str:
    out = StringIO()
    call_command(*map(str, args), stdout=out)
    return out.getvalue()


def refused(*args) -> str:
    with pytest.raises(CommandError) as error:
        run(*args)
    return str(error.value)


def test_a_created_person_can_sign_in_with_the_shown_password():
    printed = run(
        "create_user",
        "Wangwu",
        "--name",
        "王五",
        "--role",
        "inspector",
        "--region",
        "141123100",
        "--sectors",
        "coal_mine",
    )
    user = User.objects.get(username="wangwu")
    assert (user.region, user.sectors, user.must_change_password) == ("141123100", ["coal_mine"], True)
    assert user.check_password(printed.split("：")[-1].strip()) and user.posts.count() == 1
    line = TrailLine.objects.get(verb="user.create")
    assert (line.actor_role, line.actor_id) == ("system", None)


def test_an_enterprise_officer_belongs_to_a_unit():
    run("create_user", "boss", "--name", "赵总", "--role", "enterprise_officer", "--enterprise", MINE, "--is-principal")
    assert (User.objects.get(username="boss").enterprise_id, User.objects.get(username="boss").is_principal) == (
        MINE,
        True,
    )


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        (("inspector", "--role", "inspector", "--region", "141123"), "用户名"),  # taken
        (("neu", "--role", "inspector"), "须有管辖区划"),
        (("neu", "--role", "inspector", "--region", "1411231"), "管辖区划应为"),
        (("neu", "--role", "inspector", "--region", "兴县"), "管辖区划应为"),
        (("neu", "--role", "inspector", "--region", "141123", "--sectors", "magic"), "没有这个行业领域：magic"),
        (("neu", "--role", "inspector", "--region", "141123", "--department", "moon"), "没有这个部门：moon"),
        (("neu", "--role", "enterprise_officer"), "须有本单位"),
        (("neu", "--role", "enterprise_officer", "--enterprise", "nine"), "UUID"),
        (("neu", "--role", "inspector", "--region", "141123", "--enterprise", MINE), "只有企业安全员"),
        (("neu", "--role", "system_admin", "--region", "141123"), "没有管辖区划"),
        (("n" * 41, "--role", "inspector", "--region", "141123"), "用户名"),
        (("neu", "--role", "emperor", "--region", "141123"), "emperor"),
    ],
)
def test_an_invalid_person_is_refused_with_a_sentence(args, sentence):
    before = User.objects.count()
    assert sentence in refused("create_user", args[0], "--name", "新人", *args[1:])
    assert User.objects.count() == before


@pytest.mark.parametrize(
    "command", ["reset_password", "revoke_device", "lock_user", "unlock_user", "bind_second_factor", "move_user"]
)
def test_commands_report_an_unknown_username(command):
    assert refused(command, "nobody") == "没有用户名为 nobody 的账号。"


def test_resetting_a_password_signs_every_device_out(people):
    actions.sign_in(people["inspector"], device_id="p1", device_name="")
    printed = run("reset_password", "inspector")
    user = User.objects.get(username="inspector")
    assert user.check_password(printed.split("：")[-1].strip()) and user.must_change_password
    assert not user.auth_token_set.exists()


def test_revoking_a_lost_phone_leaves_other_devices_signed_in(people):
    for name in ("p1", "p2", "p3"):
        actions.sign_in(people["inspector"], device_id=name, device_name="执法手机")
    assert run("revoke_device", "inspector").count("执法手机") == 3  # without a name it lists
    assert "没有编号为 p9 的终端" in refused("revoke_device", "inspector", "p9")
    run("revoke_device", "inspector", "p1")
    assert set(people["inspector"].auth_token_set.values_list("device_id", flat=True)) == {"p2", "p3"}
    run("revoke_device", "inspector", "--all")
    assert not people["inspector"].auth_token_set.exists()


def test_a_transfer_keeps_the_previous_post(people):
    assert "141123101" in run("move_user", "inspector", "--region", "141123101")
    was, now = people["inspector"].posts.order_by("held_from")
    assert (was.region, was.held_to is None, now.region) == ("141123100", False, "141123101")


def test_moving_from_a_unit_to_an_office_removes_the_unit_from_the_account(people):
    run("move_user", "enterprise", "--role", "inspector", "--region", "141123100")
    assert User.objects.get(username="enterprise").enterprise_id is None


@pytest.mark.parametrize(
    ("args", "sentence"),
    [
        ((), "没有要改的"), (("--region", "14112"), "管辖区划应为"), (("--role", "enterprise_officer"), "须有本单位"),
        (("--role", "system_admin"), "没有管辖区划"), (("--sectors", "magic"), "没有这个行业领域"),
    ],
)  # fmt: skip
def test_an_invalid_transfer_changes_nothing(args, sentence, people):
    assert sentence in refused("move_user", "inspector", *args)
    assert (User.objects.get(username="inspector").role, people["inspector"].posts.count()) == ("inspector", 1)


def test_a_locked_account_is_signed_out_at_once_and_can_be_unlocked(as_, people):
    phone = as_("inspector")
    run("lock_user", "inspector")
    assert phone.get("/api/v1/me").status_code == 401
    run("unlock_user", "inspector")
    assert User.objects.get(username="inspector").is_active
    assert list(TrailLine.objects.filter(verb__in=["user.lock", "user.open"]).order_by("id").values_list("verb", flat=True)) == [
        "user.lock", "user.open",
    ]  # fmt: skip


def test_binding_a_second_factor_shows_its_secret_once(people):
    printed = run("bind_second_factor", "bureau")
    assert "otpauth://" in printed and "密钥" in printed
    assert people["bureau"].totpdevice_set.filter(confirmed=True).count() == 1
