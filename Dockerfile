# The portal's image: build in one stage, run in another that has no shell and no package manager.
#   docker build -t ai-stack-deployer:0.1.0 .               (engines before 23: DOCKER_BUILDKIT=1 docker build …)
#   docker buildx build --platform linux/amd64,linux/arm64 …
# No "syntax" line: it would fetch a frontend image, which a closed network cannot. For the same reason both base images can be
# taken from a mirror: --build-arg SDK_IMAGE=… --build-arg RUNTIME_IMAGE=…
ARG SDK_IMAGE=mcr.microsoft.com/dotnet/sdk:10.0-noble
# "chiseled" = no shell, no root; "extra" = with ICU and time zones, which Dutch dates and names need.
ARG RUNTIME_IMAGE=mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
# What the program says of itself and the labels say of the image.
ARG VERSION=0.1.0
ARG REVISION=unknown

# Runs on the builder's own processor and compiles for the target's, so that arm64 needs no emulation.
FROM --platform=$BUILDPLATFORM ${SDK_IMAGE} AS build
ARG TARGETARCH
ARG READY_TO_RUN=true
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /source

# What decides which packages are needed, and nothing else: a change of source leaves this layer in the cache.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY AiStackDeployer.Contract/AiStackDeployer.Contract.csproj AiStackDeployer.Contract/
COPY AiStackDeployer.Core/AiStackDeployer.Core.csproj AiStackDeployer.Core/
COPY AiStackDeployer.DokployEmulator/AiStackDeployer.DokployEmulator.csproj AiStackDeployer.DokployEmulator/
COPY AiStackDeployer.Web/AiStackDeployer.Web.csproj AiStackDeployer.Web/
RUN dotnet restore AiStackDeployer.Web -a $TARGETARCH -p:PublishReadyToRun=$READY_TO_RUN

COPY . .
# Not before the packages: each release and each commit would fetch them anew.
ARG VERSION
ARG REVISION
# ReadyToRun halves the start (2.1 s to 1.1 s to the first answer). It targets the processor's baseline, so no extension such as
# AVX is needed; what a processor has beyond that the runtime finds out and uses by itself. What analyzers say, the tests' build has shown.
RUN dotnet publish AiStackDeployer.Web -c Release -a $TARGETARCH --no-self-contained --no-restore -p:PublishReadyToRun=$READY_TO_RUN -p:RunAnalyzers=false -p:Version=$VERSION -p:SourceRevisionId=$REVISION -o /app
# The runtime image has no mkdir and no chown. Inside another folder, because a COPY keeps the modes of what is in a folder and not
# the folder's own.
RUN mkdir /volume && mkdir -m 700 /volume/data

FROM ${RUNTIME_IMAGE} AS final
ARG VERSION
ARG REVISION
ARG CREATED=unknown
LABEL org.opencontainers.image.title="AI Stack Deployer" \
      org.opencontainers.image.description="A self-service portal for personal AI coding stacks on Dokploy" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      org.opencontainers.image.created="${CREATED}" \
      org.opencontainers.image.base.name="mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra"
WORKDIR /app
COPY --from=build /app ./
# The one place that is written to; everything else may be read-only.
COPY --from=build --chown=1654:1654 /volume /
VOLUME ["/data"]
# The base image sets a port of its own, which PORT replaces.
ENV DATA_DIR=/data PORT=3000 ASPNETCORE_HTTP_PORTS=
EXPOSE 3000
# By number: an orchestrator that forbids root cannot look a name up.
USER 1654
STOPSIGNAL SIGTERM
# There is no curl and no shell in here: the program asks itself. Whether it lives, not whether it is ready: Swarm (and so Dokploy)
# kills what is unhealthy, which cures no database that cannot be read. It listens only when the database has been upgraded, so
# the start may take as long as the longest upgrade; a start that fails ends the process. A short interval, so that a start is soon
# known to be good: --start-interval would do it more cheaply, but engines before 25 (Debian 12's) refuse the whole file for it. With
# this many retries a portal that only hangs for a minute is not killed.
HEALTHCHECK --interval=10s --timeout=5s --start-period=10m --retries=8 CMD ["/app/AiStackDeployer.Web", "--health"]
ENTRYPOINT ["/app/AiStackDeployer.Web"]
