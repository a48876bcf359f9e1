// What an island asks of the browser around it; loaded when it is first needed (BrowserTab.cs).

/** False when neither way of copying works. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByCommand(text);
  }
}

// Over plain http there is no clipboard object; the older command still works there.
function copyByCommand(text) {
  const before = document.activeElement;
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.style.cssText = "position:fixed;opacity:0";
  document.body.append(area);
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    before?.focus({ preventScroll: true });
  }
}

export function select(element) {
  getSelection().selectAllChildren(element);
}

/** False when the browser blocks the tab. */
export function openTab(url) {
  // Not with "noopener": then a blocked tab could not be told from an open one. The page there is not ours, so it gets no way back.
  const tab = window.open("", "_blank");
  if (!tab) return false;
  tab.opener = null;
  tab.location.replace(url);
  return true;
}

/** For a heading that was not there yet when the page was navigated to; never takes the focus from something else. */
export function focusIfNothingIs(element) {
  if (!document.activeElement || document.activeElement === document.body) element.focus({ preventScroll: true });
}

/** Without an entry of the history. */
export function setAddress(address) {
  history.replaceState(history.state, "", address);
}

/** With an entry of the history: going back loads the page that was there, as any link does. */
export function pushAddress(address) {
  history.pushState({}, "", address);
}

export function setIcon(href) {
  document.querySelector("link[rel=icon]").href = href;
}

/** "granted", "default" (to be asked), "denied", or "unsupported". */
export function notifications() {
  // Chromium on Android has the constructor and throws at each use.
  const isSupported = isSecureContext && "Notification" in window && !/android/i.test(navigator.userAgent);
  return isSupported ? Notification.permission : "unsupported";
}

export async function askToNotify() {
  return (await Notification.requestPermission()) === "granted";
}

/** Only for somebody who looks elsewhere. */
export function notify(title, tag) {
  if (document.hasFocus()) return;
  const shown = new Notification(title, { tag });
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
}
