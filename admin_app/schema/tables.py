"""Every table of the console: importing a model enters its tables into the metadata."""

from admin_app.audit import models as audit
from admin_app.database import Base
from admin_app.delegation import models as delegation
from admin_app.hierarchy import models as hierarchy
from admin_app.identity import models as identity
from admin_app.jobs import models as jobs
from admin_app.migration import models as migration
from admin_app.notices import models as notices
from admin_app.rollups import models as rollups
from admin_app.rollups import person_places
from admin_app.service_desk import case_tallies, open_cases
from admin_app.service_desk import desk_models as desk
from admin_app.service_desk import models as service_desk

MODELS = (
    audit, case_tallies, delegation, desk, hierarchy, identity, jobs, migration, notices,
    open_cases, person_places, rollups, service_desk,
)  # fmt: skip
METADATA = Base.metadata
