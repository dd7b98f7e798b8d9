from django.apps import AppConfig


class ReferenceConfig(AppConfig):
    name = "reference"
    label = "reference"
    verbose_name = "法规与参照数据"
    default_auto_field = "django.db.models.BigAutoField"
