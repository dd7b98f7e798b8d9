from django.apps import AppConfig

from safety_api import answers


class ReferenceConfig(AppConfig):
    name = "reference"
    label = "reference"
    verbose_name = "法规与参照数据"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        answers.RULES.append(self.get_model("Load")._meta.db_table)  # law
