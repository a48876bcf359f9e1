// A peer of the architecture that the portal replaced: Hono on Node, all state in memory, the same four endpoints, and Dokploy asked
// directly for each of them. It survives no restart, but nothing in it is slower than it has to be.
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { streamSSE } from "hono/streaming";
import { randomBytes } from "node:crypto";
import { EventEmitter, once } from "node:events";
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { Dokploy } from "./dokploy.mjs";

const env = process.env;
const dokploy = new Dokploy(env.DOKPLOY_URL, env.DOKPLOY_API_TOKEN);
const [stacksHost, stacksPort] = env.TRAEFIK_IP.split(":");
const reserved = new Set(["admin", "api", "www", "root", "system", "test", "demo", "portal"]);
const ended = ["completed", "failed"];
const deployments = new Map();

const hostOf = (name) => `${name}.${env.STACK_DOMAIN_SUFFIX}`;
const urlOf = (name) => `http://${hostOf(name)}:${stacksPort}`;

function faultOf(name) {
  if (typeof name !== "string" || name.length < 3 || name.length > 20) return "Use 3 to 20 characters.";
  if (!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name)) return "Use only a-z, 0-9 and hyphens.";
  return reserved.has(name) ? "This name is reserved." : null;
}

/** Adds to the log; whoever watches is woken. */
function record(deployment, status, progress, currentStep) {
  const { deploymentId, name, url } = deployment;
  const type = status === "completed" ? "complete" : status === "failed" ? "error" : "progress";
  deployment.status = status;
  deployment.events.push({
    id: String(deployment.events.length + 1), event: type, data: JSON.stringify({ deploymentId, name, url, status, progress, currentStep }),
  });
  deployment.news.emit("news");
}

async function run(deployment) {
  const { name, password } = deployment;
  try {
    record(deployment, "creating_project", 10, "Creating the project");
    const { environment } = await dokploy.createProject(name);
    record(deployment, "creating_application", 25, "Creating the application");
    const application = await dokploy.createApplication(name, environment.environmentId);
    const id = application.applicationId;
    record(deployment, "creating_application", 40, "Configuring");
    await dokploy.configure(id, env.STACK_IMAGE, { OPENCODE_SERVER_PASSWORD: password, OPENCODE_SERVER_USERNAME: "opencode" });
    await dokploy.mountVolume(id, `${name}-workspace`, "/workspace");
    await dokploy.mountVolume(id, `${name}-state`, "/home/opencode/.local/share/opencode");
    record(deployment, "creating_application", 55, "Attaching the address");
    await dokploy.createDomain(id, hostOf(name), 8080);
    record(deployment, "deploying", 65, "Deploying");
    await dokploy.deploy(id, deployment.deploymentId);
    await until(async () => {
      const { applicationStatus } = await dokploy.application(id);
      if (applicationStatus === "error") throw new Error("Dokploy could not deploy it");
      return applicationStatus === "done";
    });
    record(deployment, "deploying", 80, "Starting the container");
    await until(async () => (await dokploy.tasks(application.appName)).some((t) => t.currentState.startsWith("Running")));
    record(deployment, "deploying", 90, "Waiting for the address to answer");
    await until(() => answers(name, password));
    record(deployment, "completed", 100, "Ready");
  } catch (fault) {
    record(deployment, "failed", 100, fault.message);
  }
}

async function until(good) {
  for (const end = Date.now() + 600_000; Date.now() < end; await sleep(500)) {
    if (await good()) return;
  }
  throw new Error("It took too long");
}

/** The stack's own address, by way of Traefik. */
function answers(name, password) {
  return new Promise((resolve) => {
    const authorization = "Basic " + Buffer.from(`opencode:${password}`).toString("base64");
    const options = { host: stacksHost, port: stacksPort, path: "/global/health", headers: { host: hostOf(name), authorization }, timeout: 5000 };
    const request = http.get(options, (answer) => resolve(answer.resume().statusCode === 200));
    request.on("timeout", () => request.destroy()).on("error", () => resolve(false));
  });
}

const app = new Hono();

app.get("/health", (c) => c.json({
  status: "healthy", timestamp: new Date().toISOString(), version: "0.1.0", service: "ai-stack-deployer-peer",
  activeDeployments: [...deployments.values()].filter((d) => !ended.includes(d.status)).length,
}));

app.get("/api/check/:name", async (c) => {
  const name = c.req.param("name").trim().toLowerCase();
  const fault = faultOf(name);
  if (fault) return c.json({ available: false, valid: false, name, error: fault });
  const available = !(await dokploy.projectExists(name));
  return c.json({ available, valid: true, name, error: available ? undefined : "Somebody has this name." });
});

app.post("/api/deploy", async (c) => {
  const body = await c.req.json().catch(() => ({}));
  const name = typeof body.name === "string" ? body.name.trim().toLowerCase() : body.name;
  const fault = faultOf(name);
  if (fault) return c.json({ error: fault, code: "name-invalid" }, 400);
  if (await dokploy.projectExists(name)) return c.json({ error: "Somebody has this name.", code: "name-taken" }, 409);
  const deployment = {
    deploymentId: `dep_${Date.now()}_${randomBytes(4).toString("hex")}`, name, url: urlOf(name),
    password: randomBytes(18).toString("base64url"), status: "initializing", events: [], news: new EventEmitter().setMaxListeners(0),
  };
  deployments.set(deployment.deploymentId, deployment);
  record(deployment, "initializing", 0, "Name claimed");
  run(deployment);
  return c.json({
    deploymentId: deployment.deploymentId, url: deployment.url, statusEndpoint: `/api/status/${deployment.deploymentId}`,
    credentials: { username: "opencode", password: deployment.password },
  }, 202);
});

app.get("/api/status/:id", (c) => {
  const deployment = deployments.get(c.req.param("id"));
  if (!deployment) return c.json({ error: "No deployment has this id.", code: "deployment-not-found" }, 404);
  const from = c.req.header("Last-Event-ID");
  if (!(c.req.header("Accept") ?? "").includes("text/event-stream")) return c.json(JSON.parse(deployment.events.at(-1).data));
  return streamSSE(c, async (stream) => {
    const leaving = new AbortController();
    stream.onAbort(() => leaving.abort());
    // The first event is the state now, or with Last-Event-ID all that came after it.
    let next = from === undefined ? deployment.events.length - 1 : Number(from);
    while (!stream.aborted) {
      while (next < deployment.events.length) await stream.writeSSE(deployment.events[next++]);
      if (ended.includes(deployment.status)) return;
      await once(deployment.news, "news", { signal: leaving.signal }).catch(() => {});
    }
  });
});

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(env.PORT) }, () => console.log("listening"));
