// A second press within a few seconds is a slip of the hand. The server is safe without this.
(() => {
  const PAUSE_MILLISECONDS = 5000;
  const sent = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    const now = Date.now();
    if (now - (sent.get(form) || 0) < PAUSE_MILLISECONDS) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    sent.set(form, now);
  }, true);
  // Coming back with the browser's Back button must not find a dead form.
  window.addEventListener("pageshow", () => {
    for (const form of document.forms) sent.delete(form);
  });
})();
