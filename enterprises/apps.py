from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "enterprises"
    verbose_name = "单位与场所"
    default_auto_field = "django.db.models.BigAutoField"
