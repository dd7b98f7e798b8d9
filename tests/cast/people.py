"""The cast: the same fifteen people as in the demo, all fictional.

蔚汾镇 (141123100) is home to most of them; inspector2 works in 魏家滩镇 (141123101), so that there is always somebody else's row.
"""

from functools import cache
from uuid import UUID

from accounts.demo import ELSEWHERE, HOME, OWN_MINE, PEOPLE, VILLAGE  # noqa: F401 - the places are the tests' too

OTHER_VILLAGE = "141123101200"
MINE = UUID("00000000-0000-4000-8000-000000000001")  # the unit of `enterprise` and `principal`

NOT_HERE = {"at", "department_id"}  # a test that needs a department says which
CAST: dict[str, dict] = {
    username: {name: value for name, value in fields.items() if name not in NOT_HERE}
    | ({"enterprise_id": MINE} if fields.get("at") == OWN_MINE else {})
    for username, fields in PEOPLE.items()
}


def enlist() -> None:
    """Writes the cast without passwords: tests sign in with tokens, the tests of signing in set one."""
    from accounts.models import Post, User

    known = set(User.objects.values_list("username", flat=True))  # a kept test database has them already
    for username, fields in CAST.items():
        if username in known:
            continue
        user = User(username=username, **fields)
        user.set_unusable_password()
        user.save(force_insert=True)
        Post.objects.create(
            user=user, role=user.role, region=user.region, sectors=user.sectors, enterprise_id=user.enterprise_id,
            held_from="2020-01-01T00:00:00+08:00",
        )  # fmt: skip


@cache
def token_of(username: str) -> tuple[str, str]:
    """A person's token and the digest of it, made once a session."""
    from knox.models import get_digest_token

    digest, token = get_digest_token("")
    return token, digest


def phone_of(user):
    """A client with a token of theirs, written as one row: what signing in does besides is tested where it is the subject."""
    from django.utils import timezone
    from knox.settings import CONSTANTS, knox_settings
    from rest_framework.test import APIClient

    from accounts.models import Device

    token, digest = token_of(user.username)
    device = Device(
        digest=digest, token_key=token[: CONSTANTS.TOKEN_KEY_LENGTH], user=user, expiry=timezone.now() + knox_settings.TOKEN_TTL,
        device_id="test-phone", device_name="测试手机",
    )  # fmt: skip
    Device.objects.bulk_create([device], ignore_conflicts=True)  # the second phone of a test is the first
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client
