// What textual.js, which draws the terminal, leaves to its page: where its web socket is, where keys go, what an end means.
"use strict";

const socket = new URL("socket", location.href);
socket.protocol = location.protocol === "https:" ? "wss:" : "ws:";
document.getElementById("terminal").dataset.sessionWebsocketUrl = socket.href;

const why = document.getElementById("why");
const again = document.getElementById("again");
again.addEventListener("click", () => location.reload());

// A refused web socket does not say why; the page itself, asked for once more, does.
async function explain() {
  again.focus();
  try {
    const answer = await fetch(location.href);
    if (!answer.ok) why.textContent = await answer.text();
  } catch {
    why.textContent = "The server has ended.";
  }
}

// textual.js tells by classes of the body that something is shown, and that the web socket is closed.
new MutationObserver((_, observer) => {
  const classes = document.body.classList;
  if (classes.contains("-closed")) {
    observer.disconnect();
    explain();
  } else if (classes.contains("-first-byte") && document.activeElement === document.body) {
    document.querySelector(".xterm-helper-textarea").focus();
  }
}).observe(document.body, { attributes: true, attributeFilter: ["class"] });
