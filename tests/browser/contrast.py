"""Lets axe measure the contrast of one text of each look instead of every cell of every table.

Contrast follows from computed values alone: the letters' own, and the grounds of everything around them. Once axe has
measured and passed a text, another with exactly the same values is passed without a second measurement. Whatever
fails, is undecided, or stands where it could cover something else, is measured each time.
"""

# Runs once after axe's own script; `forgetLooks()` before each run, so that nothing is remembered beyond one.
MEASURE_EACH_LOOK_ONCE = """(() => {
  const numbers = new Map();
  const numbered = (text) => numbers.get(text) ?? numbers.set(text, numbers.size + 1).get(text);
  const grounds = new Map();
  const CLEAR = "rgba(0, 0, 0, 0)|none|1|none|none|normal";

  // The ground an element gives to what stands in it, as a number; 0 where its place could matter too.
  const groundOf = (one) => {
    if (!one) return numbered("window");
    if (grounds.has(one)) return grounds.get(one);
    const style = getComputedStyle(one);
    const around = groundOf(one.parentElement);
    const inPlace = ["static", "relative"].includes(style.position) && style.float === "none" &&
      [style.top, style.left, style.bottom, style.right].every((side) => side === "auto" || side === "0px") &&
      style.transform === "none" && style.translate === "none" && style.clipPath === "none" &&
      style.gridRowStart === "auto" && style.gridColumnStart === "auto" && !style.margin.includes("-") &&
      ["::before", "::after"].every((part) =>
        ["none", "normal"].includes(getComputedStyle(one, part).content));
    const own = [
      style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.backdropFilter,
      style.mixBlendMode,
    ].join("|");
    const ground = !around || !inPlace ? 0 : own === CLEAR ? around :
      numbered([around, own, style.backgroundClip, style.backgroundSize].join("|"));
    grounds.set(one, ground);
    return ground;
  };
  const lookOf = (one) => {
    const ground = groundOf(one);
    if (!ground) return 0;
    const style = getComputedStyle(one);
    return numbered([
      "letters", ground, style.color, style.fontSize, style.fontWeight, style.textShadow,
      style.webkitTextStroke, style.webkitTextFillColor,
    ].join("|"));
  };

  const passedBy = {};
  window.forgetLooks = () => {
    grounds.clear();
    for (const passed of Object.values(passedBy)) passed.clear();
  };
  for (const name of ["color-contrast", "color-contrast-enhanced"]) {
    const check = axe._audit.checks[name];
    const measure = check.evaluate;
    const passed = passedBy[name] = new Set();
    check.evaluate = function (one, ...rest) {
      const look = lookOf(one);
      if (look && passed.has(look)) return true;
      let ratio = null;
      const helper = {...this, data: (told) => { ratio = told.contrastRatio; this.data(told); }};
      const verdict = measure.call(helper, one, ...rest);
      // Also what axe cannot see passes, without a ratio.
      if (look && verdict === true && ratio) passed.add(look);
      return verdict;
    };
  }
})()"""
