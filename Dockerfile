# The image of Vigie; docs/image.md says how to build, run and prove it.
# A tag may move. What holds the base to one content is its digest: --build-arg BASE=python:3.11.15-slim-bookworm@sha256:…
ARG BASE=python:3.11.15-slim-bookworm

FROM ${BASE} AS build
# `base` leaves out the embedded model, and pip with it.
ARG EXTRAS=embedded
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_NO_COMPILE=1 PIP_NO_INPUT=1 PIP_ONLY_BINARY=:all:
WORKDIR /build
COPY requirements requirements
# Wheels only: none of what is installed runs while it is installed, and none needs a compiler.
RUN python3 -m venv tools \
 && tools/bin/pip install --require-hashes --requirement requirements/pip.txt \
 && tools/bin/pip install --require-hashes --constraint requirements/dev.txt hatchling \
 && python3 -m venv --without-pip /opt/vigie \
 && tools/bin/pip --python /opt/vigie/bin/python install --require-hashes --requirement "requirements/${EXTRAS}.txt"
COPY README.md pyproject.toml vigie_pytest.py ./
COPY prompts prompts
COPY schemas schemas
COPY service service
# Compiled here, since nothing can be written where it runs, and without the times of the sources, which a copy need not keep.
RUN tools/bin/pip wheel --no-deps --no-build-isolation --wheel-dir dist . \
 && tools/bin/pip --python /opt/vigie/bin/python install --no-deps dist/*.whl \
 && find /opt/vigie/lib -type d -name tests -prune -exec rm -r {} + \
 && python3 -m compileall -q --invalidation-mode unchecked-hash /opt/vigie/lib

FROM ${BASE} AS runtime
# The engine of the embedded model is linked to libgomp, of which Debian keeps the latest version alone. The base leaves its standard library uncompiled, and has
# tools to install with that nothing here uses.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libgomp1 \
 && rm -rf /var/cache/apt/* /var/lib/apt/lists/* \
 && groupadd --gid 10001 vigie \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /var/lib/vigie --shell /usr/sbin/nologin vigie \
 && install -d -o 10001 -g 10001 /var/lib/vigie \
 && rm -rf /usr/local/lib/python3*/site-packages/* /usr/local/bin/pip* /usr/local/bin/wheel \
 && python3 -m compileall -q --invalidation-mode unchecked-hash "$(python3 -c 'import sysconfig; print(sysconfig.get_path("stdlib"))')"
COPY --from=build /opt/vigie /opt/vigie
ENV PATH=/opt/vigie/bin:${PATH} PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 VIGIE_CACHE_DIR=/var/lib/vigie/cache VIGIE_DATA_DIR=/var/lib/vigie/data
WORKDIR /var/lib/vigie
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
# The port is the one that the command names. No proxy of the environment stands between, as it would with urllib.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "-I", "-c", "import http.client, re, sys; found = re.search('--port[^0-9]([0-9]+)', open(sys.argv[1]).read()); caller = http.client.HTTPConnection('127.0.0.1', int(found[1]) if found else 8000, timeout=3); caller.request('GET', '/livez'); sys.exit(caller.getresponse().status != 200)", "/proc/1/cmdline"]
ENTRYPOINT ["vigie"]
# On this address it starts with VIGIE_API_KEYS, with VIGIE_ALLOW_ANONYMOUS=1 or in replay mode, and refuses otherwise.
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Vigie" \
      org.opencontainers.image.description="A news article in, one proven record out: actors, threats, targets, timelines and commitments, each with the words that prove it." \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"

FROM runtime AS weights
# A mirror of the weights; without it they come as packages.
ARG VIGIE_WEIGHTS_URL
# Kept between builds, so that a change of the code fetches nothing anew.
RUN --mount=type=cache,target=/var/lib/vigie/cache,uid=10001,gid=10001 \
    vigie fetch \
 && mkdir weights \
 && cp --preserve=timestamps cache/*.gguf cache/*.sha256 weights/

FROM runtime AS with-weights
COPY --from=weights /var/lib/vigie/weights /opt/weights
ENV VIGIE_CACHE_DIR=/opt/weights

# The last is what is built where no target is named.
FROM runtime
