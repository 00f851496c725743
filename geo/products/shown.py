"""The map that a view shows: one function for pages, the command line, briefings and reopened files."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

from geo.cartography.classify import Scheme
from geo.cartography.spec import MapSpec, with_changes
from geo.errors import InputError
from geo.products import address, state
from geo.products.analysis import ANALYSES, analysis
from geo.products.before_after import Clearing, before_after
from geo.products.case import How
from geo.products.change import control_chart
from geo.products.charts import exhibited
from geo.products.context import data_date
from geo.products.maps import situation
from geo.products.near_repeat import near_repeats
from geo.products.periods import Preset
from geo.products.places import cluster_map, density_map
from geo.products.state import View
from geo.schema import EVENT_MEASURES, Against, Query, add_months, month_end, year_before
from geo.store.store import Store
from geo.text import t
from geo.views import Options

MAP_PAGES = ("map", "overview", *ANALYSES, "clusters", "density", "before_after", "near_repeat")
"""Pages whose view is a map, or a table in its place."""

PUBLIC_PAGES = ("map", "overview", "hotspots", "change", "emerging", "rates", "concentration")
"""Pages whose map holds communes and their counts alone."""


def shown(store: Store, view: View) -> MapSpec:
    """The map of a view.

    Parameters
    ----------
    store : Store
    view : View
        Its `page` says which kind of map.

    Raises
    ------
    InputError
        If the page has no map, or the question cannot be answered.
    """
    spec = _map(store, view, state.query_of(view, data_date(store)))
    if view.show == "map" and not view.ti:
        return spec
    query = Query.from_dict(json.loads(spec.recipe)["query"])  # what the map asks, its page's own limits applied
    if view.page == "change" and view.u and view.show == "months":
        chart = control_chart(store, view.u, query, view.lang)
        recipe = _with(spec.recipe, unit=view.u)
        spec = with_changes(spec, title=chart.title, sentence=chart.sentence, recipe=recipe)
        return exhibited(store, spec, query, show="months", title=view.ti, found=chart.trend)
    return exhibited(store, spec, query, show=view.show, title=view.ti)


def _with(recipe: str, **more: object) -> str:
    """A recipe with something added, as canonical JSON."""
    return json.dumps(json.loads(recipe) | more, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _map(store: Store, view: View, query: Query) -> MapSpec:
    today = data_date(store)
    match view.page:
        case "map":
            return situation(store, query, state.options_of(view), view.lang)
        case "overview":
            return situation(store, query, Options(points="never", compare=True), view.lang)
        case "clusters":
            return cluster_map(store, query, view.lang, how_of(view, today))
        case "density":
            return density_map(store, query, view.lang)
        case "before_after":
            return before_after(store, query, clearing_of(view), view.lang).spec
        case "near_repeat":
            return near_repeats(store, query, view.lang).spec
        case name if name in ANALYSES:
            return analysis(store, name, query, view.lang, how_of(view, today))
    raise InputError("products.page_has_no_map", page=view.page, known=", ".join(MAP_PAGES))


def for_public(view: View) -> View:
    """The view as the public may see it: communes only, no single events, clusters or zones, whatever it showed.

    Raises
    ------
    InputError
        If its map is made of places rather than of communes.
    """
    if view.page not in PUBLIC_PAGES or (view.page == "hotspots" and by_cell(view)):
        raise InputError("products.not_for_public", page=view.page, known=", ".join(PUBLIC_PAGES))
    return replace(view, pts="never", cl=False, z=())


def public_edition(store: Store, view: View) -> MapSpec:
    """The map of a view for the public, marked as such; see `for_public`."""
    return marked_public(shown(store, for_public(view)))


def marked_public(spec: MapSpec) -> MapSpec:
    """A map that holds communes only, marked as for the public."""
    mark = t("briefing.public_mark", spec.lang)
    return with_changes(spec, marking=mark, recipe=_with(spec.recipe, public=True))


def how_of(view: View, today: date) -> How:
    """The method the view asks for; what its page does not offer keeps its default."""
    match view.page:
        case "hotspots":
            grid = by_cell(view)
            cell = int(view.cell) if grid else How.cell_m
            near, moran = view.near, view.stat == "moran"
            return How(grid=grid, cell_m=cell, near=near, moran=moran, permuted=view.pm)  # type: ignore[arg-type]
        case "clusters":
            return How(hdbscan=view.algo == "hdbscan")
        case "scan":
            return How(months=view.tm == "1")
        case "change":
            hot = view.chg == "hot"
            return How(hot=hot, near=view.near if hot else "queen", earlier=_earlier(view, today))  # type: ignore[arg-type]
        case _:
            return How()


def by_cell(view: View) -> bool:
    """Hot spots on square cells: only events have places, and cells no people."""
    return view.by == "grid" and view.m in EVENT_MEASURES


def _earlier(view: View, today: date) -> tuple[str, ...]:
    """First and last day of the period a change is measured from; empty for the one just before."""
    query = state.query_of(view, today)
    whole = query.start.day == 1 and query.end == month_end(query.end)
    if view.vs == "year" or (view.vs == "auto" and view.t is Preset.YEAR and not view.mo):
        start, end = year_before(query.start), year_before(query.end)
        return start.isoformat(), (month_end(end) if whole else end).isoformat()
    if view.vs != "custom" or not view.e:
        return ()
    first = min(date.fromisoformat(view.e), query.end)
    if whole and first.day == 1:
        months = (query.end.year - query.start.year) * 12 + query.end.month - query.start.month
        return first.isoformat(), month_end(add_months(first, months)).isoformat()
    return first.isoformat(), (first + (query.end - query.start)).isoformat()


def clearing_of(view: View) -> Clearing:
    """The clearing a view looks at, before and after."""
    by = "den" if view.tr == "den" else "unit"
    return Clearing(by, view.dm, view.tu, view.d, int(view.r), int(view.w), view.ring, view.ct)  # type: ignore[arg-type]


def view_of(recipe: dict[str, Any]) -> View:
    """The view that shows the map of a recipe again, its period as fixed days.

    Raises
    ------
    InputError
        If the recipe names something that this program does not have.
    """
    try:
        query = Query.from_dict(recipe["query"])
        asked = _asked(query, recipe)
        asked = replace(
            asked, show=str(recipe.get("show", "map")), ti=str(recipe.get("title", "")), u=str(recipe.get("unit", ""))
        )
        if "analysis" not in recipe:
            return _possible(replace(asked, page="map", **_drawn(recipe["options"])))
        name, chosen = str(recipe["analysis"]), recipe.get("settings", {})
        if name not in MAP_PAGES:
            raise InputError("recipe.unknown_analysis", name=name)
        return _possible(replace(asked, page=name, **_chosen(name, chosen)))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise InputError("recipe.altered") from error


def _possible(view: View) -> View:
    """The view, where it is one that an address could ask for; ValueError where it is not."""
    again = address.from_address(address.to_address(view, View()), View())
    if again != view:
        raise ValueError("no view has these values")
    return again


def _asked(query: Query, recipe: dict[str, Any]) -> View:
    return View(
        m=query.measure,
        t=Preset.CUSTOM,
        a=query.start.isoformat(),
        b=query.end.isoformat(),
        kinds=query.kinds,
        units=query.units,
        per=query.per,
        sys=query.system,
        vs="year" if query.against is Against.YEAR else "auto",
        lang=recipe["lang"],
    )


def _drawn(options: dict[str, Any]) -> dict[str, Any]:
    """`Options` as fields of a view."""
    return {
        "scheme": Scheme(options["scheme"]),
        "k": int(options["k"]),
        "lim": "; ".join(f"{limit:g}" for limit in options["limits"]),
        "cmp": bool(options["compare"]),
        "pts": str(options["points"]),
        "cl": bool(options["clusters"]),
        "z": tuple(options["zones"]),
        "names": bool(options["labels"]),
    }


def _chosen(name: str, chosen: dict[str, str]) -> dict[str, Any]:
    """The settings of an analysis as fields of a view."""
    if name == "before_after":
        listed = {key: tuple(filter(None, chosen.get(key, "").split(","))) for key in ("units", "control")}
        return {
            "tr": chosen["by"], "dm": chosen["month"], "tu": listed["units"], "d": chosen["den"],
            "r": chosen["radius_m"], "w": chosen["days"], "ring": chosen["ring"] == "True", "ct": listed["control"],
        }  # fmt: skip
    earlier = chosen.get("earlier", "")
    values = {
        "by": "grid" if chosen.get("grid") == "True" else "unit",
        "cell": chosen.get("cell_m", "3000"),
        "near": chosen.get("near", "queen"),
        "stat": "moran" if chosen.get("moran") == "True" else "gi",
        "pm": chosen.get("permuted") == "True",
        "algo": "hdbscan" if chosen.get("hdbscan") == "True" else "dbscan",
        "tm": "1" if chosen.get("months") == "True" else "0",
        "chg": "hot" if chosen.get("hot") == "True" else "counts",
    }
    if earlier:
        values |= {"vs": "custom", "e": date.fromisoformat(earlier.split(",")[0]).isoformat()}
    return values
