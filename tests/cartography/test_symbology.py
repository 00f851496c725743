import pytest

from geo.cartography import symbology
from geo.schema import PROTECTED_ZONES, Measure, ZoneKind


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear))


def _contrast(a: str, b: str) -> float:
    high, low = sorted((_luminance(a), _luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("k", range(1, 8))
def test_every_ramp_has_its_classes_and_darkens(measure, k):
    ramp = symbology.ramp(measure, k)
    assert len(ramp) == k
    light = [_luminance(style.fill) for style in ramp]
    assert light == sorted(light, reverse=True)
    assert all(a - b > 0.02 for a, b in zip(light, light[1:]))  # noqa: RUF007


def test_every_zone_kind_has_its_own_look_even_in_grey():
    looks = [
        (style.pattern, style.stroke.dash if style.stroke else (), style.stroke.width if style.stroke else 0)
        for style in symbology.ZONE_STYLES.values()
    ]
    assert set(symbology.ZONE_STYLES) == set(ZoneKind)
    assert len(set(looks)) == len(looks)


@pytest.mark.parametrize("kind", sorted(PROTECTED_ZONES))
def test_community_areas_are_slate_dotted_outlines_without_fill(kind):
    style = symbology.ZONE_STYLES[kind]
    assert (style.fill, style.pattern) == ("", "none")
    assert style.stroke
    assert style.stroke.color == symbology.SLATE
    assert style.stroke.dash[0] < 2


@pytest.mark.parametrize("theme", symbology.THEMES.values(), ids=lambda theme: theme.name)
def test_text_is_readable(theme):
    least = 7.0 if theme.name.startswith("projector") else 4.5
    assert _contrast(theme.text, theme.panel) >= least
    assert _contrast(theme.muted, theme.panel) >= least
    assert _contrast(theme.label, theme.halo) >= least


def test_projector_type_is_never_small():
    for theme in symbology.THEMES.values():
        if theme.name.startswith("projector"):
            assert min(theme.label_px, theme.legend_px) >= 24
