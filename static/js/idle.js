// Says in words that the session is about to end, and lets one key keep it. The server alone
// decides when it ends: this page only repeats the same times.
(() => {
  const bar = document.querySelector("[data-idle-seconds]");
  if (!bar) return;
  const LAST_CONTACT = "gongji-last-contact"; // shared by all tabs of this browser
  const idle = Number(bar.dataset.idleSeconds) * 1000;
  const warning = Number(bar.dataset.idleWarningSeconds) * 1000;
  const words = bar.querySelector("[role=alert]");
  const form = bar.querySelector("form");
  const title = document.title;
  let own = Date.now();

  const remember = () => {
    own = Date.now();
    try { localStorage.setItem(LAST_CONTACT, String(own)); } catch { /* private window */ }
  };
  const lastContact = () => {
    try { return Math.max(own, Number(localStorage.getItem(LAST_CONTACT)) || 0); } catch { return own; }
  };
  const say = (left) => {
    const minutes = Math.ceil(left / 60000);
    const text = minutes > 1 ? bar.dataset.words.replace("{minutes}", minutes) : bar.dataset.lastWords;
    if (words.textContent !== text) words.textContent = text;
  };
  const look = () => {
    const left = lastContact() + idle - Date.now();
    if (left <= 0) {
      const here = encodeURIComponent(location.pathname + location.search);
      location.replace(bar.dataset.endedUrl + "?next=" + here);
      return;
    }
    bar.hidden = left > warning;
    document.title = bar.hidden ? title : bar.dataset.title + " – " + title;
    if (!bar.hidden) say(left);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    fetch(form.action, { method: "POST", body: new FormData(form), redirect: "error" })
      .then((answer) => { if (answer.ok) { remember(); look(); } else { form.submit(); } })
      .catch(() => form.submit());
  });
  remember();
  setInterval(look, 1000);
})();
