from django.apps import AppConfig


class PhoneConfig(AppConfig):
    name = "phone"
    verbose_name = "手机端"
    default_auto_field = "django.db.models.BigAutoField"
