// How much a browser and the portal say to each other while a form with a free name is left open.
import fs from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { chromium } from "playwright-core";
import { newName } from "./load.mjs";

const programs = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/usr/bin/chromium-headless-shell"];

/** Messages each way in so many seconds, without SignalR's own pings; null = no browser here. */
export async function messagesOfOpenForm(root, seconds, settle) {
  const executablePath = programs.find((program) => fs.existsSync(program));
  if (!executablePath) return null;
  const browser = await chromium.launch({ executablePath, handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  try {
    const page = await browser.newPage();
    const counts = { sent: 0, received: 0 };
    page.on("websocket", (socket) => {
      socket.on("framesent", ({ payload }) => { if (!isPing(payload)) counts.sent++; });
      socket.on("framereceived", ({ payload }) => { if (!isPing(payload)) counts.received++; });
    });
    await page.goto(root);
    const name = page.locator("#stack-name");
    await name.fill(newName());
    // The button is enabled by the answer that the name is free.
    await page.locator("form.live button[type=submit]:enabled").waitFor({ timeout: 30_000 });
    await sleep(settle * 1000);
    const before = { ...counts };
    if (before.received === 0) throw new Error("no message of the circuit was seen");
    await sleep(seconds * 1000);
    return { sent: counts.sent - before.sent, received: counts.received - before.received };
  } finally {
    await browser.close();
  }
}

/** A length and an array with the number 6 alone. */
const isPing = (payload) => Buffer.isBuffer(payload) && payload.equals(Buffer.from([2, 0x91, 6]));
