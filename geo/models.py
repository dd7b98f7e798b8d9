"""Regions and their history: what is, what was, since when we know, and which list said so."""

from __future__ import annotations

from django.contrib.gis.db.models import MultiPolygonField, PointField
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Left, RPad

from geo import codes
from geo.querysets import RegionQuerySet, RegionVersionQuerySet
from safety_api.stamps import Stamped

HELD = Q(valid_from=None) | Q(valid_to=None) | Q(valid_from__lt=F("valid_to"))


def _fits(level: str, pattern: str, digits: int) -> Q:
    """The code has this level's digits, and the parent, when there is one, is its beginning."""
    parent = RPad(Left("code", digits), 12, Value("0"))
    return Q(level=level, code__regex=pattern) & (Q(parent=None) | Q(parent=parent))


class RegionLevel(models.TextChoices):
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县"
    TOWNSHIP = "township", "乡镇"
    VILLAGE = "village", "村（社区）"


class Region(Stamped):
    """A division in its last known state; one row per code that ever existed. Earlier names, spans: RegionVersion."""

    code = models.CharField("代码", primary_key=True, max_length=12)
    name = models.CharField("名称", max_length=60)
    level = models.CharField("级别", max_length=8, choices=RegionLevel)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级"
    )
    urban_rural_code = models.CharField("城乡分类代码", max_length=3, blank=True)  # 国函〔2008〕60号; "" = not stated
    virtual = models.BooleanField(
        "虚拟社区", default=False
    )  # a development zone's statistical unit, nobody lives there
    valid_from = models.DateField("自", null=True, blank=True)  # None: since before our oldest list
    valid_to = models.DateField("至（不含）", null=True, blank=True)  # None: still there
    point = PointField("驻地", srid=4326, null=True, blank=True)
    area = MultiPolygonField("范围", srid=4326, null=True, blank=True)
    area_approximate = models.BooleanField("示意范围", default=True)  # drawn by us, not a boundary

    objects = RegionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "行政区划"
        ordering = ("code",)
        indexes = [models.Index(fields=["level", "code"], name="region_level_code")]
        constraints = [
            models.CheckConstraint(name="region_code_is_12_digits", condition=Q(code__regex=r"^[1-9][0-9]{11}$")),
            models.CheckConstraint(name="region_held_before_ended", condition=HELD),
            models.CheckConstraint(
                name="region_level_and_parent_fit_the_code",
                condition=Q(level="province", parent=None, code__regex="^..0000000000$")
                | _fits("city", "^..(?!00)..00000000$", 2)
                | _fits("county", "^....(?!00)..000000$", 4)
                | _fits("township", "^......(?!000)...000$", 6)
                | _fits("village", "^.........(?!000)...$", 9),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def prefix(self) -> str:
        """The digits all its descendants begin with."""
        return codes.prefix_of(self.code)

    @property
    def region_code(self) -> str:
        return self.code  # what the trail asks of every record


class RegionEdition(models.Model):
    """A list as it was loaded. Its lines are kept, so that history can be derived again."""

    label = models.CharField("版本", max_length=60, unique=True)
    cut_off = models.DateField("截止日")
    on = models.DateField("变更自")  # from when its changes hold; the cut-off unless a decree says otherwise
    scope = models.CharField("范围代码", max_length=12, blank=True)  # digits that all of its codes begin with
    levels = ArrayField(models.CharField(max_length=8), verbose_name="级别")  # it is silent about others
    source = models.CharField("来源", max_length=300, blank=True)
    loaded_at = models.DateTimeField("装入时间")
    digest = models.CharField("内容摘要", max_length=64)  # SHA-256 of the sorted lines

    class Meta:
        verbose_name = verbose_name_plural = "区划版本"
        ordering = ("on", "label")

    def __str__(self) -> str:
        return self.label

    @property
    def region_code(self) -> str:
        return codes.whole(self.scope) if self.scope else ""


class RegionListing(models.Model):
    """One line of an edition, as it came."""

    edition = models.ForeignKey(RegionEdition, models.CASCADE, related_name="listings")
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    urban_rural_code = models.CharField(max_length=3, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "区划名录"
        ordering = ("edition", "code")
        constraints = [models.UniqueConstraint(fields=["edition", "code"], name="region_listed_once_per_edition")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RegionVersion(Stamped):
    """Two-time history: the code had this name in [valid_from, valid_to), as we knew in [known_from, known_to)."""

    code = models.CharField("代码", max_length=12)
    name = models.CharField("名称", max_length=60)
    parent_code = models.CharField("上级代码", max_length=12, blank=True)
    valid_from = models.DateField("自", null=True, blank=True)
    valid_to = models.DateField("至（不含）", null=True, blank=True)
    edition = models.CharField("版本", max_length=60)  # the label of the edition that first said so
    known_from = models.DateTimeField("知悉自")
    known_to = models.DateTimeField("知悉至", null=True, blank=True)  # None: we still hold it true

    objects = RegionVersionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "区划沿革"
        ordering = ("code", "valid_from", "known_from")
        constraints = [
            models.CheckConstraint(name="region_version_held_before_ended", condition=HELD),
            models.UniqueConstraint(
                fields=["code", "valid_from"],
                condition=Q(known_to=None),
                nulls_distinct=False,
                name="region_version_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name} {self.valid_from or '…'}–{self.valid_to or '…'}"


class RegionSuccession(models.Model):
    """Who took over from a code that ended. Proposed by rules, decided by a person where rules cannot tell."""

    class Basis(models.TextChoices):
        NAME = "name", "同名村重新编码"
        MAJORITY = "majority", "多数村的去向"
        NONE = "none", "待人工确定"
        HAND = "hand", "人工确定"

    predecessor = models.CharField("原代码", max_length=12)
    successor = models.CharField("新代码", max_length=12, null=True, blank=True)
    on = models.DateField("自")
    edition = models.CharField("版本", max_length=60)
    basis = models.CharField("依据", max_length=8, choices=Basis)

    class Meta:
        verbose_name = verbose_name_plural = "撤并去向"
        ordering = ("predecessor", "successor")
        indexes = [models.Index(fields=["successor"], name="region_succession_successor")]
        constraints = [
            models.UniqueConstraint(
                fields=["predecessor", "on", "successor"], nulls_distinct=False, name="region_succession_said_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.predecessor} → {self.successor or '？'}"


# --- counted cells -----------------------------------------------------------------------------------------------------
class GridCell(models.Model):
    """图斑: how many things of a layer lie in one cell of one tile, by township; made by grid.py, never by hand.

    `wx`, `wy` sum the things' places as fractions of the world in web mercator (0 west and north, 1 east and south).
    """

    layer = models.CharField("图层", max_length=40)
    zoom = models.SmallIntegerField("级别")
    x = models.IntegerField()
    y = models.IntegerField()
    cell = models.SmallIntegerField("格", help_text="64 × 64 a tile, row by row")
    township = models.CharField("乡镇", max_length=9)
    count = models.IntegerField("个数")
    worst = models.SmallIntegerField("最重")
    wx = models.FloatField()
    wy = models.FloatField()

    class Meta:
        db_table = "geo_gridcell"
        verbose_name = verbose_name_plural = "图斑"
        constraints = [
            models.UniqueConstraint(fields=["layer", "zoom", "x", "y", "cell", "township"], name="grid_cell_once")
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.zoom}/{self.x}/{self.y} {self.cell}: {self.count}"


class GridRun(Stamped):
    """Since when a layer's cells stand: its stamp is the ETag of every tile that is made of them."""

    layer = models.CharField("图层", max_length=40, primary_key=True)
    day = models.DateField("所属之日")  # what is overdue changes with it
    made_at = models.DateTimeField("时间")

    class Meta:
        db_table = "geo_gridrun"
        verbose_name = verbose_name_plural = "图斑更新"

    def __str__(self) -> str:
        return f"{self.layer} {self.made_at}"


class GridChange(models.Model):
    """A place where something has changed since the cells were counted; written by triggers, in the change's transaction."""

    layer = models.CharField("图层", max_length=40)
    lon = models.FloatField()
    lat = models.FloatField()

    class Meta:
        db_table = "geo_gridchange"
        verbose_name = verbose_name_plural = "图斑待更新"

    def __str__(self) -> str:
        return f"{self.layer} {self.lon} {self.lat}"
