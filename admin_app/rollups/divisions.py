"""The names of regions: prefectures of GB/T 2260, from python-stdnum's table."""

from functools import cache

from stdnum import numdb

from admin_app.rollups.vocabulary import REGION_UNKNOWN


@cache
def region_name(region: str) -> str:
    """The prefecture's name, such as 济南市 for 3701; the province's for what it registers itself.

    Codes without a name are their own; the unknown region's name is empty.
    """
    if region == REGION_UNKNOWN:
        return ""
    found: dict[str, str] = {}
    for _, properties in numdb.get("cn/loc").info(f"{region}00"):
        found.update(properties)
    name = found.get("county") or found.get("province") or region
    return name.rsplit("]", 1)[-1]  # "[-2018]莱芜市": the years in which it existed
