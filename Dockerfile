# One image for all services; the command chooses which. Built from the hashed locks, runs as an ordinary user.
FROM python:3.13-slim AS build
WORKDIR /src
RUN python -m venv /opt/redphone
COPY requirements/ requirements/
RUN /opt/redphone/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/runtime.txt \
    -r requirements/build.txt
COPY pyproject.toml README.md ./
COPY shared/ shared/
COPY services/ services/
COPY redphone/ redphone/
COPY migrations/ migrations/
RUN /opt/redphone/bin/pip install --no-cache-dir --no-deps --no-build-isolation . && /opt/redphone/bin/pip check

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home redphone
COPY --from=build /opt/redphone /opt/redphone
ENV PATH=/opt/redphone/bin:$PATH PYTHONUNBUFFERED=1
USER 10001:10001
ENTRYPOINT ["redphone"]
