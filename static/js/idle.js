// Says in words that the session is about to end, and lets one key keep it. The server alone
// decides when it ends: this page only repeats the time it was told.
(() => {
  const bar = document.querySelector("[data-idle-seconds]");
  if (!bar) return;
  const ENDS_AT = "gongji-ends-at"; // shared by all tabs of this browser: work in one keeps all
  // The page must not ask before the server's own clock is over: any request keeps the session.
  const LEEWAY_MILLISECONDS = 3000;
  const whole = Number(bar.dataset.idleSeconds) * 1000;
  const warning = Number(bar.dataset.idleWarningSeconds) * 1000;
  const words = bar.querySelector("[role=alert]");
  const form = bar.querySelector("form");
  const title = document.title;
  let own = 0;

  const remember = (left) => {
    own = Date.now() + left;
    try { localStorage.setItem(ENDS_AT, String(own)); } catch { /* a private window keeps nothing */ }
  };
  const endsAt = () => {
    try { return Math.max(own, Number(localStorage.getItem(ENDS_AT)) || 0); } catch { return own; }
  };
  const say = (left) => {
    const minutes = Math.ceil(Math.max(left, 0) / 60000);
    const text = minutes > 1 ? bar.dataset.words.replace("{minutes}", minutes) : bar.dataset.lastWords;
    if (words.textContent !== text) words.textContent = text;
  };
  const look = () => {
    const left = endsAt() - Date.now();
    if (left <= -LEEWAY_MILLISECONDS) {
      location.replace(`${bar.dataset.endedUrl}?next=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    const near = left <= warning;
    if (bar.hidden !== !near) {
      bar.hidden = !near;
      document.title = near ? `${bar.dataset.title} – ${title}` : title;
    }
    if (near) say(left);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new FormData(form), redirect: "error" })
      .then((answer) => {
        if (!answer.ok) throw new Error(answer.statusText);
        remember(whole);
        look();
      })
      .catch(() => form.submit()); // the server then says what became of the session
  });
  remember(Number(bar.dataset.idleLeftSeconds) * 1000);
  setInterval(look, 1000);
})();
