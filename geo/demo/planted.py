"""Planted structure: discs full of events, and dens cleared in a campaign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.crs import WGS84, project
from geo.demo.plan import TERMS, Campaign, Cluster
from geo.demo.sites import Floats, Sites

__all__ = ["CLEAR_OF_EDGE_M", "Disc", "campaign_events", "disc_events", "discs"]

CLEAR_OF_EDGE_M = 1_000.0
"""A disc keeps this far from its unit's edge where the unit is large enough."""


_APART_M = 2_500.0


@dataclass(frozen=True)
class Disc:
    """A planted cluster with its centre (metres)."""

    cluster: Cluster
    x: float
    y: float

    @property
    def shape(self) -> shapely.Polygon:
        """The disc itself."""
        return shapely.Point(self.x, self.y).buffer(self.cluster.radius_m)

    def truth(self, sites: Sites) -> dict[str, Any]:
        """What is to be found, as JSON values."""
        lon, lat = project([self.x], [self.y], sites.metric, WGS84)
        return {
            "unit": self.cluster.unit,
            "kinds": list(self.cluster.kinds),
            "start": self.cluster.start.isoformat(),
            "end": self.cluster.end.isoformat(),
            "lon": round(float(lon[0]), 6),
            "lat": round(float(lat[0]), 6),
            "radius_m": self.cluster.radius_m,
            "n": self.cluster.n,
        }


def discs(sites: Sites, clusters: tuple[Cluster, ...], rng: np.random.Generator) -> list[Disc]:
    """A centre for each cluster, well inside its unit, in busy parts rather than in fields, apart from one another."""
    found: list[Disc] = []
    for cluster in clusters:
        row = int(np.flatnonzero(sites.layer["code"] == cluster.unit)[0])
        cells = sites.bank[sites.bank["current"] == row]
        xy = cells[["x", "y"]].to_numpy()
        depth = shapely.distance(sites.shapes[row].boundary, shapely.points(xy))
        free = depth >= min(cluster.radius_m + CLEAR_OF_EDGE_M, float(depth.max()))
        for other in found:
            apart = free & (np.hypot(xy[:, 0] - other.x, xy[:, 1] - other.y) > _APART_M)
            free = apart if apart.any() else free
        p = np.where(free, cells["p"], 0.0)
        x, y = xy[rng.choice(len(xy), p=p / p.sum())]
        found.append(Disc(cluster, float(x), float(y)))
    return found


def disc_events(sites: Sites, disc: Disc, rng: np.random.Generator, *, growing: bool = False) -> pd.DataFrame:
    """The events of one disc: x, y, lon, lat, current, link, day, kind.

    Even over the disc, and over the period; or, `growing`, ever more of them.
    """
    n, radius = disc.cluster.n, disc.cluster.radius_m
    points = sites.place(np.full(n, disc.x), np.full(n, disc.y), lambda size: in_disc(size, radius, rng))
    first, last = disc.cluster.start.toordinal(), disc.cluster.end.toordinal()
    share = rng.random(n) ** (0.5 if growing else 1.0)
    kinds = rng.choice(np.array(disc.cluster.kinds, dtype=object), n)
    return points.assign(day=first + (share * (last - first + 1)).astype(np.int64), kind=kinds)


def in_disc(n: int, radius_m: float, rng: np.random.Generator) -> Floats:
    """Offsets even over a disc, shape (n, 2), metres."""
    angle, distance = rng.uniform(0, 2 * np.pi, n), radius_m * np.sqrt(rng.random(n))
    return np.column_stack([distance * np.cos(angle), distance * np.sin(angle)])


def campaign_events(
    sites: Sites, campaign: Campaign, games: dict[str, float], rng: np.random.Generator
) -> pd.DataFrame:
    """The dens cleared in a campaign: x, y, lon, lat, current, link, day, kind."""
    in_units = sites.layer["code"].isin(campaign.units).to_numpy()[sites.bank["current"]]
    p = np.where(in_units, sites.bank["p"], 0.0)
    points = sites.scatter(rng.choice(len(p), campaign.dens, p=p / p.sum()), rng)
    days = rng.integers(campaign.start.toordinal(), campaign.end.toordinal() + 1, campaign.dens)
    kinds = rng.choice(np.array(list(games), dtype=object), campaign.dens, p=list(games.values()))
    return points.assign(day=days, kind=kinds)


def term_of(day: date) -> int:
    """0 in the first term, 1 in the second."""
    return int(day > TERMS[0][1])
