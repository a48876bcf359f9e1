// People who watch one deployment as server-sent events, on sockets of their own. While events arrive nothing is done but to note the
// time: reading them is left for afterwards, so that the five-hundredth watcher does not wait for this program.
import net from "node:net";
import { once } from "node:events";

export class Watchers {
  #all = [];

  constructor(port, deploymentId) {
    this.port = port;
    this.deploymentId = deploymentId;
  }

  async open(count) {
    for (let i = 0; i < count; i += 50) {
      await Promise.all(Array.from({ length: Math.min(50, count - i) }, () => this.#openOne()));
    }
  }

  async #openOne() {
    const socket = net.connect(this.port, "127.0.0.1");
    const watcher = { socket, chunks: [] };
    watcher.ended = new Promise((resolve) => socket.on("close", resolve));
    socket.on("error", () => {});
    // HTTP/1.0, so that the body comes as it is, without lengths between its parts.
    socket.write(`GET /api/status/${this.deploymentId} HTTP/1.0\r\nHost: 127.0.0.1:${this.port}\r\nAccept: text/event-stream\r\n\r\n`);
    const first = once(socket, "data");
    socket.on("data", (data) => watcher.chunks.push({ at: performance.now(), data }));
    await first;
    this.#all.push(watcher);
  }

  /** Until the server has ended every stream. */
  async ended() {
    await Promise.all(this.#all.map((watcher) => watcher.ended));
  }

  close() {
    for (const { socket } of this.#all) socket.destroy();
  }

  /**
   * For each event that came when all were watching: how long after the first of them the last one had it, in milliseconds.
   * `missed` counts the watchers that lack one of these events or the end.
   */
  spreads() {
    const seen = this.#all.map(arrivals);
    const begin = Math.max(...seen.map((events) => Math.min(...events.values())));
    const ids = new Set(seen.flatMap((events) => [...events.keys()]).filter((id) => id !== "end"));
    const live = [...ids].filter((id) => seen.every((events) => !(events.get(id) <= begin)));
    const spreads = [];
    for (const id of live) {
      const times = seen.map((events) => events.get(id)).filter((at) => at !== undefined);
      spreads.push(Math.max(...times) - Math.min(...times));
    }
    return { spreads, missed: seen.filter((events) => !events.has("end") || live.some((id) => !events.has(id))).length };
  }
}

/** When each event of one stream was there whole, by its id; what has none is a heartbeat or a place in line. */
function arrivals({ chunks }) {
  const events = new Map();
  let text = "";
  for (const { at, data } of chunks) {
    text += data.toString("latin1");
    for (let cut; (cut = /\r?\n\r?\n/.exec(text)); text = text.slice(cut.index + cut[0].length)) {
      const event = text.slice(0, cut.index);
      const id = /^id: ?(\S+)/m.exec(event)?.[1];
      if (id && !events.has(id)) events.set(id, at);
      if (/^event: ?(complete|error)/m.test(event)) events.set("end", at);
    }
  }
  return events;
}
