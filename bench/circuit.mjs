// A page's circuit without a browser: Blazor's protocol (MessagePack over a WebSocket), as far as a page that only shows needs it.
import { decode, encode } from "@msgpack/msgpack";
import WebSocket from "ws";

const recordEnd = "\x1e";
const objectReference = 1; // JSCallResultType.JSObjectReference

export class Circuit {
  #calls = new Map();
  #nextCall = 0;
  #objects = 0;
  #rest = Buffer.alloc(0);
  #isReady = false;

  /** Opens the page and brings its islands to life. */
  static async open(root, path) {
    const page = await fetch(root + path);
    const cookie = page.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
    const html = await page.text();
    const markers = [...html.matchAll(/<!--Blazor:(\{.*?\})-->/gs)].map(([, json]) => JSON.parse(json)).filter((m) => m.type === "server");
    const state = /<!--Blazor-Server-Component-State:(.*?)-->/s.exec(html)?.[1] ?? "";
    const negotiated = await fetch(`${root}/_blazor/negotiate?negotiateVersion=1`, { method: "POST", headers: { cookie, origin: root } });
    const { connectionToken } = await negotiated.json();
    const circuit = new Circuit();
    await circuit.#connect(root, connectionToken, cookie);
    await circuit.#call("StartCircuit", `${root}/`, root + path, "[]", "");
    const operations = markers.map((marker, i) => ({ type: "add", ssrComponentId: i + 1, marker }));
    circuit.#send([1, {}, null, "UpdateRootComponents", [JSON.stringify({ batchId: 1, operations }), state]]);
    await circuit.#rendered();
    return circuit;
  }

  #connect(root, token, cookie) {
    this.socket = new WebSocket(`${root.replace("http", "ws")}/_blazor?id=${token}`, { headers: { cookie, origin: root }, perMessageDeflate: false });
    return new Promise((resolve, reject) => {
      this.socket.on("error", reject);
      this.socket.on("close", () => { this.isClosed = true; reject(new Error("the portal closed the circuit")); });
      this.socket.on("open", () => this.socket.send(`{"protocol":"blazorpack","version":1}${recordEnd}`));
      this.socket.on("message", (data) => {
        if (!this.#isReady) {
          const end = data.indexOf(recordEnd);
          this.#isReady = true;
          data = data.subarray(end + 1);
          resolve();
        }
        this.#rest = Buffer.concat([this.#rest, data]);
        this.#read();
      });
      // As the browser's script does; a silent connection is given up after half a minute.
      this.pings = setInterval(() => this.#send([6]), 15_000);
    });
  }

  #read() {
    for (;;) {
      let length = 0;
      let begin = 0;
      do {
        if (begin >= this.#rest.length) return;
        length |= (this.#rest[begin] & 127) << (7 * begin);
      } while (this.#rest[begin++] & 128);
      if (this.#rest.length < begin + length) return;
      this.#take(decode(this.#rest.subarray(begin, begin + length)));
      this.#rest = this.#rest.subarray(begin + length);
    }
  }

  #take([kind, , id, what, args]) {
    if (kind === 3) {
      this.#calls.get(id)?.(args);
    } else if (kind === 1 && what === "JS.RenderBatch") {
      this.characters = (this.characters ?? 0) + args[1].length;
      this.#send([1, {}, null, "OnRenderCompleted", [args[0], null]]);
      this.onRendered?.();
    } else if (kind === 1 && what === "JS.BeginInvokeJS") {
      // A module that is imported must be an object; every other call is answered with nothing.
      const result = args[3] === objectReference ? { __jsObjectId: ++this.#objects } : null;
      this.#send([1, {}, null, "EndInvokeJSFromDotNet", [args[0], true, JSON.stringify([args[0], true, result])]]);
    } else if (kind === 1 && what === "JS.Error") {
      this.fault = args[0];
      this.onRendered?.();
    }
  }

  #send(message) {
    if (this.socket.readyState !== WebSocket.OPEN) return;
    const body = encode(message);
    const head = [];
    let length = body.length;
    do {
      head.push((length & 127) | (length > 127 ? 128 : 0));
      length >>= 7;
    } while (length > 0);
    this.socket.send(Buffer.concat([Buffer.from(head), body]));
  }

  #call(target, ...args) {
    const id = String(this.#nextCall++);
    return new Promise((resolve) => {
      this.#calls.set(id, resolve);
      this.#send([1, {}, id, target, args]);
    });
  }

  async #rendered() {
    await new Promise((resolve, reject) => {
      this.onRendered = resolve;
      setTimeout(() => reject(new Error("the circuit rendered nothing")), 30_000).unref();
    });
    if (this.fault) throw new Error(`circuit: ${this.fault}`);
  }

  close() {
    clearInterval(this.pings);
    this.socket.terminate();
  }
}
