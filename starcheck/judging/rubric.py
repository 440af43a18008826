"""What assessors ask for: named profiles of shares, the bands and their words, with sources."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from starcheck.assets import text_of
from starcheck.errors import UnknownNameError
from starcheck.records import LEVELS, STAR, Part

BANDS: tuple[str, ...] = (
    "Not demonstrated",
    "Minimal demonstration",
    "Moderate demonstration",
    "Acceptable demonstration",
    "Good demonstration",
    "Strong demonstration",
    "Outstanding demonstration",
)
"""Bands 1 to 7 of the UK Civil Service Success Profiles (National Archives, FOI F0049382)."""

WORDS_A_MINUTE = 140
"""Speaking rate; coaching pages give 125 to 160."""

FEWEST_WORDS = 40
"""An answer below this gives too little to judge."""

MOST_WORDS = 6_000
"""More is not one answer: three quarters of an hour of talk."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Which share of an answer's words each part should take, as (least, most)."""

    name: str
    source: str
    shares: dict[Part, tuple[float, float]]


def _profile(name: str, source: str, *shares: tuple[int, int]) -> Profile:
    bounds = {part: (a / 100, b / 100) for part, (a, b) in zip(STAR, shares, strict=True)}
    return Profile(name, source, bounds)


_ALL = (
    _profile("balanced", "range spanned by the sources below", (10, 20), (10, 15), (50, 70), (10, 20)),
    _profile("washington", "University of Washington careers page", (15, 25), (5, 15), (55, 65), (5, 15)),
    _profile("swansea", "Swansea University", (5, 15), (5, 15), (65, 75), (5, 15)),
    _profile("oneguide", "one-guide.co.uk", (5, 15), (5, 15), (55, 65), (15, 25)),
)
PROFILES: dict[str, Profile] = {p.name: p for p in _ALL}


def profile_named(name: str) -> Profile:
    """Find a profile.

    Raises
    ------
    UnknownNameError
        With the names there are.
    """
    if name not in PROFILES:
        raise UnknownNameError("profile", name, PROFILES)
    return PROFILES[name]


@lru_cache(maxsize=8)
def expected(level: str | None) -> Mapping[str, str]:
    """What the guide expects of each competency at a level; nothing without a level."""
    if level is None:
        return {}
    levels = json.loads(text_of("data", "guide.json"))["levels"]
    return MappingProxyType(next(entry["expects"] for entry in levels if entry["id"] == level))


def check_level(level: str | None) -> None:
    """Refuse a level that the guide does not name.

    Raises
    ------
    UnknownNameError
        With the levels there are.
    """
    if level is not None and level not in LEVELS:
        raise UnknownNameError("level", level, LEVELS)


def band_words(band: int) -> str:
    """The Civil Service's words for a band of 1 to 7."""
    return BANDS[band - 1]
