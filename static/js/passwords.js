// Seeing what one typed helps more than typing it twice.
(() => {
  const words = document.currentScript.dataset;
  for (const input of document.querySelectorAll("input[type=password]")) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "as-link show-password";
    button.setAttribute("aria-controls", input.id);
    const show = (visible) => {
      input.type = visible ? "text" : "password";
      button.textContent = visible ? words.hide : words.show;
    };
    show(false);
    button.addEventListener("click", () => show(input.type === "password"));
    input.after(button);
    // A password manager and the browser's history must see a password field.
    if (input.form) input.form.addEventListener("submit", () => show(false));
  }
})();
