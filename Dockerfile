# One image for each service, with that service's packages alone: docker build --build-arg SERVICE=classify .
# SERVICE names a lock of requirements/: ingest, classify, notify, desk, status, base (beat, migrations), or runtime: all.
#
# The base is pinned by version and by digest, as in docker-compose.yml; another one: --build-arg PYTHON=…
ARG PYTHON=python:3.13.7-slim-trixie@sha256:5f55cdf0c5d9dc1a415637a5ccc4a9e18663ad203673173b8cda8f8dcacef689

FROM ${PYTHON} AS sources
# where pip finds packages that are not to come from its usual place; the locks' hashes hold wherever that is
ARG PIP_INDEX_URL
ARG PIP_TRUSTED_HOST
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_PYTHON=/opt/redphone \
    SOURCE_DATE_EPOCH=1735689600
WORKDIR /src
RUN python -m venv --without-pip /opt/redphone
COPY requirements/build.txt requirements/
RUN pip install --quiet --no-deps --require-hashes -r requirements/build.txt
COPY pyproject.toml README.md ./
COPY shared/ shared/
COPY services/ services/
COPY redphone/ redphone/
COPY migrations/ migrations/
COPY docs/runbooks/ docs/runbooks/
RUN pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /wheels .

FROM ${PYTHON} AS packages
ARG PIP_INDEX_URL
ARG PIP_TRUSTED_HOST
ARG SERVICE=runtime
# bytecode is written now, because the container's file system is read-only, and carries no time of this build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore PIP_PYTHON=/opt/redphone \
    SOURCE_DATE_EPOCH=1735689600
RUN python -m venv --without-pip /opt/redphone
COPY requirements/${SERVICE}.txt requirements/
RUN pip install --quiet --no-deps --require-hashes -r requirements/${SERVICE}.txt
COPY --from=sources /wheels/ /wheels/
RUN pip install --quiet --no-deps /wheels/*.whl && pip check

FROM ${PYTHON}
RUN groupadd --system --gid 10001 redphone && \
    useradd --system --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent redphone
COPY --from=packages /opt/redphone/ /opt/redphone/
ENV PATH=/opt/redphone/bin:$PATH PYTHONUNBUFFERED=1
USER 10001:10001
ENTRYPOINT ["redphone"]
