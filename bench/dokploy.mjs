// Dokploy's calls that make a stack, straight: the peer is built on them, and the row "submit" compares with them alone.
export class Dokploy {
  constructor(url, key) {
    this.root = url.replace(/\/$/, "") + "/api/";
    this.key = key;
  }

  async get(call, query = {}) {
    const search = new URLSearchParams(query).toString();
    return this.#read(call, await fetch(this.root + call + (search ? "?" + search : ""), { headers: { "x-api-key": this.key } }));
  }

  async post(call, body) {
    const headers = { "x-api-key": this.key, "content-type": "application/json" };
    return this.#read(call, await fetch(this.root + call, { method: "POST", headers, body: JSON.stringify(body) }));
  }

  async #read(call, answer) {
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${call}: ${answer.status} ${text.slice(0, 200)}`);
    return text ? JSON.parse(text) : null;
  }

  async projectExists(name) {
    return (await this.get("project.all")).some((project) => project.name.toLowerCase() === projectOf(name));
  }

  createProject(name) {
    return this.post("project.create", { name: projectOf(name), description: `AI stack of ${name}` });
  }

  createApplication(name, environmentId) {
    return this.post("application.create", { name, appName: projectOf(name), environmentId });
  }

  /** One call for image and environment. */
  configure(applicationId, image, environment) {
    const env = Object.entries(environment).map(([key, value]) => `${key}='${value}'`).join("\n");
    return this.post("application.update", { applicationId, sourceType: "docker", dockerImage: image, env });
  }

  mountVolume(applicationId, volumeName, mountPath) {
    return this.post("mounts.create", { type: "volume", volumeName, mountPath, serviceId: applicationId, serviceType: "application" });
  }

  createDomain(applicationId, host, port) {
    return this.post("domain.create", { applicationId, host, port, https: false, certificateType: "none", domainType: "application" });
  }

  deploy(applicationId, title) {
    return this.post("application.deploy", { applicationId, title });
  }

  application(applicationId) {
    return this.get("application.one", { applicationId });
  }

  tasks(appName) {
    return this.get("docker.getServiceContainersByAppName", { appName });
  }

  /** When Docker says that the stack's container began to run, in milliseconds since 1970; null while it does not. */
  async runningSince(name) {
    const project = (await this.get("project.all")).find((p) => p.name === projectOf(name));
    const summary = project?.environments.flatMap((e) => e.applications)[0];
    if (!summary) return null;
    const { appName } = await this.application(summary.applicationId);
    const task = (await this.tasks(appName)).find((t) => t.currentState.startsWith("Running"));
    if (!task) return null;
    return Date.parse((await this.get("docker.getConfig", { containerId: task.containerId })).Status.Timestamp);
  }
}

export const projectOf = (name) => `ai-stack-${name}`;
