from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules

from safety_api import connections


class GroundConfig(AppConfig):
    name = "safety_api"
    verbose_name = "地基"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        connections.watch()
        autodiscover_modules("topics")  # what each app says
        autodiscover_modules("handlers")  # what upper floors do with the topics of lower ones
        autodiscover_modules("search")  # what records are found by
        autodiscover_modules("watching")  # what an operator should see coming
        autodiscover_modules("touched")  # what of each floor's open records a load of law touches
        autodiscover_modules("following")  # what upper floors do in the transaction of a lower one's fact
