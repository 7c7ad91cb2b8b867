"""`GET /metrics`: how the service does, for Prometheus."""

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import SkipValidation
from prometheus_client import CONTENT_TYPE_LATEST

from service.metrics import Metrics


@get("/metrics")
async def metrics(measures: NamedDependency[SkipValidation[Metrics]]) -> Response[bytes]:
    """Return all metrics."""
    return Response(measures.text(), media_type=CONTENT_TYPE_LATEST)
