# Archipelago: one node, its data in /data. How to run it with TLS in front: docker-compose.yml and docs/configuration.md.

# Compiles the database driver and the sources. The full image carries Python, make and a C++ compiler.
FROM node:20-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Node's own headers are in the image: nothing has to be fetched from nodejs.org.
RUN npm_config_nodedir="$(node -p 'path.dirname(path.dirname(process.execPath))')" npm ci --no-audit --no-fund
COPY tsconfig.json ./
COPY bin bin
COPY scripts scripts
COPY src src
RUN node scripts/ready.mjs && npm prune --omit=dev --no-audit --no-fund

# What runs: no compiler, no sources, not root.
FROM node:20-bookworm-slim
LABEL org.opencontainers.image.title="Archipelago" org.opencontainers.image.licenses="AGPL-3.0-or-later"
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY package.json LICENSE ./
COPY migrations migrations
COPY bin bin
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/src dist/src
COPY --from=build /app/dist/bundle dist/bundle
RUN mkdir -p /data && chown node:node /data && ln -s /app/bin/archipelago.js /usr/local/bin/archipelago
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "bin/archipelago.js", "serve"]
