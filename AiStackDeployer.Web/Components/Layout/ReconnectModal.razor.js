// The browser's side of a lost circuit. Blazor reports each state of it as an event on this dialog and sets the class that shows
// the fitting text; what remains is opening and closing it, and the two buttons.
const dialog = document.getElementById("components-reconnect-modal");

dialog.addEventListener("components-reconnect-state-changed", ({ detail }) => {
  switch (detail.state) {
    case "show":
      if (!dialog.open) dialog.showModal();
      break;
    case "hide":
      dialog.close();
      break;
    case "failed":
      document.addEventListener("visibilitychange", reconnectWhenVisible);
      break;
    case "rejected":
      reload();
      break;
  }
});

// The portal has room for so many live connections. Blazor tells only the console that it was refused one.
new PerformanceObserver((list) => {
  for (const { name, responseStatus } of list.getEntries()) {
    if (!name.includes("/_blazor/negotiate")) continue;
    document.body.classList.toggle("is-full", responseStatus === 429);
    // A link then loads its page whole, which asks again.
    if (responseStatus === 429) document.body.dataset.enhanceNav = "false";
  }
}).observe({ type: "resource", buffered: true });

// After a fault that ended the circuit a page that Blazor only fits in would have none either: from then on links load theirs.
document.addEventListener("click", () => {
  if (document.getElementById("blazor-error-ui").style.display) document.body.dataset.enhanceNav = "false";
}, true);

document.getElementById("components-reconnect-button").addEventListener("click", reconnect);
document.getElementById("components-resume-button").addEventListener("click", resume);

async function reconnect() {
  document.removeEventListener("visibilitychange", reconnectWhenVisible);
  try {
    if (await Blazor.reconnect()) return;
    // The server answers but has let go of the circuit: it may still have kept its state.
    if (await Blazor.resumeCircuit()) {
      dialog.close();
    } else {
      reload();
    }
  } catch {
    // Nobody answers. Coming back to the tab is the next occasion to try.
    document.addEventListener("visibilitychange", reconnectWhenVisible);
  }
}

async function resume() {
  try {
    if (!(await Blazor.resumeCircuit())) reload();
  } catch {
    dialog.classList.replace("components-reconnect-paused", "components-reconnect-resume-failed");
  }
}

// The server no longer knows the circuit. What matters is in the address and the database, but for a name that is being typed.
function reload() {
  const typed = document.getElementById("stack-name")?.value;
  if (typed) location.replace(`./?name=${encodeURIComponent(typed)}`);
  else location.reload();
}

function reconnectWhenVisible() {
  if (document.visibilityState === "visible") reconnect();
}
