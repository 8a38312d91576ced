// Says how long the code is good for, and takes it off the screen when it is over. The server decides without this.
(() => {
  const box = document.querySelector("[data-voucher-seconds]");
  if (!box) return;
  const shown = box.querySelector("[data-voucher-shown]");
  const left = box.querySelector("[data-voucher-left]");
  const over = box.querySelector("[data-voucher-over]");
  // The clock of the wall: a phone that slept has not stopped it.
  const ends = Date.now() + Number(box.dataset.voucherSeconds) * 1000;
  const look = () => {
    const seconds = Math.ceil((ends - Date.now()) / 1000);
    if (seconds > 0) {
      left.textContent = box.dataset.words.replace("{seconds}", seconds);
      return;
    }
    clearInterval(timer);
    shown.hidden = true;
    left.textContent = "";
    over.textContent = box.dataset.over;
  };
  const timer = setInterval(look, 1000);
  look();
})();
