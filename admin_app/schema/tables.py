"""Every table of the console: importing a model enters its tables into the metadata."""

from admin_app.audit import models as audit
from admin_app.database import Base
from admin_app.delegation import models as delegation
from admin_app.hierarchy import models as hierarchy
from admin_app.identity import models as identity

MODELS = (audit, delegation, hierarchy, identity)
METADATA = Base.metadata
