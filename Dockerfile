# Countersign for production: docs/operations.md, "Install". Nothing of the build is in the last stage, nor is the
# built-in PostgreSQL (--omit=optional): a container is told its database by DATABASE_URL.
ARG NODE=node:20-bookworm-slim

FROM ${NODE} AS build
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json tsconfig.client.json prisma.config.ts ./
COPY build build
COPY prisma prisma
COPY src src
RUN npm run build

FROM ${NODE} AS packages
WORKDIR /packages
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

FROM ${NODE}
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=packages /packages/node_modules node_modules
COPY --from=build /build/prisma prisma
COPY --from=build /build/dist dist
RUN mkdir -p /var/lib/countersign && chown 1000:1000 /var/lib/countersign

# Nothing else is written to: the root file system may be read-only. The policy is yours, so the image has none.
VOLUME /var/lib/countersign
ENV NODE_ENV=production PORT=3000 DATA_DIR=/var/lib/countersign POLICY_DIR=/etc/countersign/policies
EXPOSE 3000
USER 1000:1000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/cli/main.js"]
CMD ["start"]
