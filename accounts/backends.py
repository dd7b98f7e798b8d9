"""Name and password. An unknown name costs as much time as a known one and gets the same answer."""

from django.contrib.auth import get_user_model
from django.contrib.auth.backends import BaseBackend


class NameAndPassword(BaseBackend):
    def authenticate(self, request, username: str | None = None, password: str | None = None, **_):
        if not username or password is None:
            return None
        users = get_user_model()
        try:
            user = users.objects.get_by_natural_key(username)
        except users.DoesNotExist:
            users().set_password(password)  # as slow as a check
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id):
        return get_user_model().objects.filter(pk=user_id, is_active=True).first()
