# paddle-ts with its managed Python, for the CPU: docs/docker.md
FROM node:22-bookworm-slim AS package
WORKDIR /src
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# What is published, with the packages that the lock file names.
RUN npm pack --pack-destination /tmp \
    && mkdir /package \
    && tar -xzf /tmp/paddle-ts-*.tgz -C /package --strip-components=1 \
    && cp package-lock.json /package \
    && npm ci --prefix /package --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:22-bookworm-slim
# Debian's own versions get its security updates, so none is pinned.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 python3 python3-venv \
    && rm -rf /var/lib/apt/lists/*
COPY --from=package /package /opt/paddle-ts
RUN ln -s /opt/paddle-ts/bin/paddle-ts.js /usr/local/bin/paddle-ts \
    && install -d -o 1000 -g 1000 /opt/paddle-home /work
ENV PADDLE_TS_HOME=/opt/paddle-home
USER 1000:1000
RUN PIP_NO_CACHE_DIR=1 paddle-ts setup
WORKDIR /work
ENTRYPOINT ["paddle-ts"]
CMD ["--help"]
