"""How places are put into words (D4)."""

from admin_app.rollups.vocabulary import REGION_UNKNOWN
from dashboards.words import name_of_region
from tests.web.stage import Stage

pytest_plugins = "tests.web.staging"


def test_every_region_is_told_in_words(stage: Stage) -> None:
    with stage.app.test_request_context():
        assert name_of_region("3701") == "济南市"
        assert name_of_region("9900") == "未知地区 9900"
        assert name_of_region(REGION_UNKNOWN) == "地区不明"
