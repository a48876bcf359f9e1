// A second client, as a process of its own: holds connections on checks until it is ended, each asking 0.2 s after its last answer.
import http from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { ask, newName } from "./load.mjs";

const [port, connections] = process.argv.slice(2).map(Number);
// From another address than the client that is measured, as two machines would be.
const agent = new http.Agent({ keepAlive: true, maxSockets: connections, localAddress: "127.0.0.2" });
await Promise.all(Array.from({ length: connections }, async () => {
  for (;;) {
    await ask(agent, port, `/api/check/${newName()}`);
    await sleep(200);
  }
}));
