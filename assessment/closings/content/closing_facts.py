"""One closing as it is known at one moment, and how its sections write moments and values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.utils import timezone

from accidents.models import Accident
from assessment.closings.reconciliation import differences
from assessment.models import Closing
from geo.codes import whole
from geo.models import Region
from reference.terms import AccidentKind
from safety_api.days import during
from safety_api.permissions import coded, inside, significant
from zero_accident.figures import query, ranking
from zero_accident.figures import ratios as zero_ratios
from zero_accident.models import FigureRevision


@dataclass
class ClosingFacts:
    """One closing as it is known at one moment; what several sections need is worked out once."""

    closing: Closing
    known_at: datetime

    @cached_property
    def prefix(self) -> str:
        return significant(self.closing.region_code)

    @cached_property
    def asked(self) -> query.FigureQuery:
        return query.figure_query(self.closing.year, self.closing.last_day)

    @cached_property
    def ratios(self) -> dict[str, Any]:
        return zero_ratios.ratios(self.asked, self.prefix)

    @cached_property
    def accidents(self) -> list[Accident]:
        """Of the month (the year), each once; events in which nobody was hurt left out."""
        rows = Accident.objects.single().filter(inside(self.prefix), kind=AccidentKind.ACCIDENT)
        rows = rows.filter(during("occurred_at", self.closing.first_day, self.closing.last_day))
        return list(rows.defer("point").order_by("occurred_at", "id"))

    @cached_property
    def reconciliation(self) -> differences.Reconciliation:
        return differences.of_closing(self.closing)

    @cached_property
    def names(self) -> dict[str, str]:
        """Of every place of the county that ever was."""
        return dict(Region.objects.filter(coded(self.prefix, "code")).values_list("code", "name"))

    def township(self, code: str) -> dict[str, str]:
        return {"township": whole(code[:9]), "township_name": self.names.get(whole(code[:9]), "")}

    @cached_property
    def last_frozen(self) -> Closing | None:
        """The revision before of the same period; of a first one the county's last closing frozen in the year."""
        rows = Closing.objects.frozen().filter(region_code=self.closing.region_code, year=self.closing.year)
        own = rows.filter(month=self.closing.month).order_by("-number").first()
        return own or rows.order_by("-known_at").first()

    @cached_property
    def ranking_before(self) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """(what it was taken from, its rows): the frozen ranking, as it was published, else worked out; none in January."""
        closing = self.closing
        year, month = (closing.year - 1, 0) if closing.month == 0 else (closing.year, closing.month - 1)
        if (closing.month == 1) or (closing.month == 0 and not FigureRevision.objects.filter(year=year).exists()):
            return None, []
        frozen = Closing.objects.of(closing.region_code, year, month).frozen().order_by("-number").first()
        last = frozen.last_day if frozen else date(year, 12, 31) if not month else closing.first_day - timedelta(days=1)
        head = {"as_of": last.isoformat(), "closing": frozen and frozen.pk, "number": frozen and frozen.number}
        return head, frozen.content["ranking"] if frozen else ranked(query.figure_query(year, last), self.prefix)


def ranked(asked: query.FigureQuery, prefix: str) -> list[dict[str, Any]]:
    """As the door answers, without the numbers of kept revisions: those show the way, not the place."""
    rows = as_json(ranking.ranking_rows(asked, prefix))
    return [{name: value for name, value in row.items() if name != "revision"} for row in rows]


def iso(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat(timespec="seconds")


def as_json(value: Any) -> Any:
    """The same as JSON would bring it back."""
    return json.loads(json.dumps(value, default=str))
