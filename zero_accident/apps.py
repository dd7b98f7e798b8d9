from django.apps import AppConfig


class ZeroAccidentConfig(AppConfig):
    name = label = "zero_accident"
    verbose_name = "零事故"
    default_auto_field = "django.db.models.BigAutoField"
