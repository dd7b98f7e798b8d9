import pytest

from reference.models import Load
from tests.ground import topics  # noqa: F401 - declares what only tests say


@pytest.fixture
def scratch(settings, monkeypatch):
    """The doors of tests/ground/scratch_endpoints.py beside all others."""
    from tests.ground.scratch_endpoints import open_doors

    settings.ROOT_URLCONF = "tests.ground.scratch_endpoints"
    open_doors(monkeypatch)


@pytest.fixture
def notes(scratch, db):
    """Scratch doors over an empty table, in a transaction that is rolled back."""
    Load.objects.all().delete()


@pytest.fixture
def lasting_notes(scratch, committed):
    """The same with real commits; what the test wrote is taken away again."""
    before = set(Load.objects.values_list("pk", flat=True))
    yield
    Load.objects.exclude(pk__in=before).delete()
