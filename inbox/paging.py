"""A page of several lists: each is read in the order of its own index, as far as the page goes, and they are put together."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from safety_api.paging import Keyset


class MergedKeyset(Keyset):
    """Keyset paging over lists of one model, whose rows may overlap; one query a list."""

    def read_rows(self, lists: Any, condition: Q, order: list[tuple[str, bool]], most: int) -> list:
        (name, descending), *_ = order
        found = {
            row.pk: row for each in lists for row in super(MergedKeyset, self).read_rows(each, condition, order, most)
        }
        return sorted(found.values(), key=lambda row: getattr(row, name), reverse=descending)[:most]

    def keyed(self, lists: Any) -> Any:
        return lists[0]

    def count_of(self, lists: Any) -> int:
        return len({key for each in lists for key in each.values_list("pk", flat=True)})
