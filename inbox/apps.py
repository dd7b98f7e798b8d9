from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules


class InboxConfig(AppConfig):
    name = "inbox"
    verbose_name = "收件箱"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        autodiscover_modules("messages")  # the kinds that each app declares
        if settings.SMS_GATEWAY:
            from accounts.recovery import delivers
            from inbox.deliveries.sms import hand_over_code

            delivers(hand_over_code)
