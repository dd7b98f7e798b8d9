import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "safety_api.settings")
application = get_wsgi_application()

# What stands now stays: all addresses and what they import. The collector looks at it no more, and looks less often at the rest:
# a list of a hundred makes thousands of objects, none in a circle (bench/README.md).
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
