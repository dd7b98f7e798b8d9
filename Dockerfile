# One image for web, worker, beat and migrate: docker-compose.yml says which command it runs.
FROM node:22-slim AS pages
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev --no-audit --no-fund
COPY . .
RUN BUILT=built npm run build

FROM python:3.11-slim-bookworm

ENV PYTHONUTF8=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=safety_api.settings

# GeoDjango's libraries and the font of the papers; PostGIS itself is in the database's container.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgdal32 libgeos-c1v5 libproj25 fonts-noto-cjk fonts-dejavu-core \
 && rm -rf /var/lib/apt/lists/*

WORKDIR /app
COPY ops/uv.lock requirements.lock ./
RUN pip install --no-cache-dir --require-hashes -r uv.lock \
 && uv pip install --system --no-cache --compile-bytecode --require-hashes -r requirements.lock

COPY . .
COPY --from=pages /app/built built
# Settings want an address and a key; gathering static files uses neither.
RUN SECRET_KEY=only-while-the-image-is-built-0123456789-0123456789-0123456789 ALLOWED_HOSTS=localhost \
    DATABASE_URL=postgis://nobody@localhost/none REDIS_URL=redis://localhost:6379/0 \
    python manage.py collectstatic --noinput \
 && useradd --system --uid 10001 --no-create-home safety \
 && install -d -o safety -g safety -m 700 /photos

USER safety
ENV STORAGE_DIR=/photos
VOLUME /photos
EXPOSE 8000
CMD ["python", "-m", "granian", "--interface", "rsgi", "--http", "1", "--no-ws", "--workers", "2", \
     "--backlog", "1024", "--backpressure", "2048", "--http1-buffer-size", "65536", "--http1-header-read-timeout", "30000", \
     "--respawn-failed-workers", "--workers-kill-timeout", "10", \
     "--host", "0.0.0.0", "--port", "8000", "safety_api.front.application:application"]
