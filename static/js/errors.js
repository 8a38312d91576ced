// The error summary stands first in the page; a screen reader should start there.
(() => {
  const summary = document.querySelector("[data-error-summary]");
  if (!summary) return;
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const block = field.closest(".field");
    (block || field).scrollIntoView();
    field.focus({ preventScroll: true });
  });
})();
