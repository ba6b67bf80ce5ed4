// What is wrong with a page as it stands, for people with small screens, thumbs, weak eyes, keyboards or readers.
// Called with {surface: "phone" | "console" | "projector", primary: most primary buttons}; gives sentences.
(asked) => {
  const faults = [];
  const wrong = (said, one) => faults.push(said + (one ? ": " + name(one) : ""));
  const name = (one) => `<${one.tagName.toLowerCase()}${one.id ? " id=" + one.id : ""}> ${(one.innerText || one.value || one.textContent || "").trim().slice(0, 40)}`;
  const style = (one) => getComputedStyle(one);
  const shown = (one) => one.checkVisibility({ checkOpacity: false, checkVisibilityCSS: true }) && one.getClientRects().length > 0;
  const hidden = (one) => one.closest(".sr, .skip") || style(one).clipPath !== "none" || one.closest("[aria-hidden=true]");
  const root = document.documentElement, least = asked.surface === "projector" ? 28 : 16;

  // The document itself.
  if (!root.lang) wrong("no lang");
  if (!document.title.trim()) wrong("no title");
  if (document.querySelectorAll("h1").length !== 1) wrong(`${document.querySelectorAll("h1").length} h1`);
  if (!document.querySelector("[role=status]")) wrong("no role=status");
  if (document.querySelectorAll("main").length !== 1) wrong("not one main");
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id), twice = ids.filter((one, at) => ids.indexOf(one) !== at);
  if (twice.length) wrong("ids used twice: " + twice.join(", "));
  const levels = [...document.querySelectorAll("main :is(h1, h2, h3, h4)")].filter(shown).map((one) => Number(one.tagName[1]));
  levels.forEach((level, at) => { if (at && level > levels[at - 1] + 1) wrong(`a heading of level ${level} after one of ${levels[at - 1]}`); });

  // Nothing sticks out to the side, nothing needs scrolling on a projector.
  if (root.scrollWidth > innerWidth) {
    const widest = [...document.querySelectorAll("main *")].filter((one) => shown(one) && one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".scroll, .chart")).at(-1);
    wrong(`scrolls sideways: ${root.scrollWidth} in ${innerWidth}`, widest);
  }
  if (asked.surface === "projector") {
    if (root.scrollHeight > innerHeight) wrong(`scrolls: ${root.scrollHeight} in ${innerHeight}`);
    for (const one of document.querySelectorAll("main *")) {
      if (!shown(one) || one.closest("svg")) continue;
      const box = one.getBoundingClientRect();
      if (box.bottom > innerHeight + 1 || box.right > innerWidth + 1) { wrong(`cut off at ${Math.round(box.right)} x ${Math.round(box.bottom)}`, one); break; }
    }
  }

  // Text: large enough, and enough contrast with what is behind it.
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const colour = (said) => {
    if (!known.has(said)) {
      canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = said; canvas.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data;
      known.set(said, [r, g, b, a / 255]);
    }
    return known.get(said);
  };
  const over = (top, under) => [0, 1, 2].map((k) => top[k] * top[3] + under[k] * (1 - top[3])).concat(1);
  const behind = (one) => {
    const layers = [];
    for (let at = one; at; at = at.parentElement) {
      if (!at.closest("svg")) layers.push(colour(style(at).backgroundColor));
      if (layers.length && layers.at(-1)[3] === 1) break;
    }
    return layers.reverse().reduce((under, top) => over(top, under), colour(matchMedia("(prefers-color-scheme: dark)").matches ? "#121212" : "#fff"));
  };
  const light = (rgb) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, k) => {
    const value = rgb[k] / 255;
    return sum + weight * (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  }, 0);
  const contrast = (one, other) => { const [a, b] = [light(one), light(other)].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); };
  // A text in a drawing lies on the last shape that was drawn under its middle.
  const under = (one, drawn) => {
    const box = one.getBoundingClientRect(), x = box.x + box.width / 2, y = box.y + box.height / 2;
    return [...drawn.querySelectorAll("rect, circle, ellipse, polygon, path")].reduce((back, shape) => {
      const place = shape.getBoundingClientRect(), look = style(shape);
      if (shape.closest("defs, clipPath") || look.fill === "none" || !(shape.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING)) return back;
      if (place.left > x || place.right < x || place.top > y || place.bottom < y) return back;
      const ink = colour(look.fill);
      return over([ink[0], ink[1], ink[2], ink[3] * parseFloat(look.fillOpacity) * parseFloat(look.opacity)], back);
    }, behind(drawn.parentElement));
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), seen = new Set();
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const one = node.parentElement;
    if (!node.textContent.trim() || seen.has(one) || ["SCRIPT", "STYLE", "TITLE", "DESC", "OPTION"].includes(one.tagName)) continue;
    seen.add(one);
    if (!shown(one) || hidden(one)) continue;
    const drawn = one.closest("svg"), size = parseFloat(style(one).fontSize) * (drawn && one.getScreenCTM ? one.getScreenCTM().a : 1);
    const enough = drawn ? (asked.drawn ?? least) : one.closest("[role=status]") ? 16 : least;
    if (size < enough - 0.01) wrong(`text of ${size.toFixed(1)} px`, one);
    let opacity = 1;
    for (let at = one; at; at = at.parentElement) opacity *= parseFloat(style(at).opacity);
    const back = drawn ? under(one, drawn) : behind(one), ink = colour(drawn ? style(one).fill : style(one).color);
    const found = contrast(over([ink[0], ink[1], ink[2], ink[3] * opacity], back), back);
    if (found < 4.5 - 0.005) wrong(`contrast of ${found.toFixed(2)}`, one);
  }
  for (const one of document.querySelectorAll(".figure, .code")) {
    const size = parseFloat(style(one).fontSize);
    if (asked.surface === "projector" && shown(one) && size < 48) wrong(`a number of ${size} px`, one);
  }

  // Things to touch: large enough, named, with a border that can be seen.
  const touch = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")].filter((one) => shown(one) && !hidden(one));
  for (const one of touch) {
    const label = one.labels && ["radio", "checkbox"].includes(one.type) ? one.labels[0] : null;
    const spread = getComputedStyle(one, "::after"), wide = spread.content !== "none" && spread.position === "absolute";
    const box = (label || (wide ? one.offsetParent : one)).getBoundingClientRect(); // a link may cover its card
    const inText = one.tagName === "A" && [...one.parentElement.childNodes].some((other) => other !== one && other.nodeType === 3 && other.textContent.trim());
    const inline = one.tagName === "A" && inText && style(one).display === "inline";
    if (asked.surface !== "projector" && !inline && (box.height < 47.5 || box.width < 47.5)) wrong(`a target of ${Math.round(box.width)} x ${Math.round(box.height)} px`, one);
    const named = (one.labels && one.labels.length && [...one.labels].some((own) => own.textContent.trim())) || one.getAttribute("aria-label") || one.getAttribute("aria-labelledby") || one.textContent.trim() || one.querySelector("img[alt]");
    if (!named) wrong("no name", one);
    if (["INPUT", "SELECT", "TEXTAREA"].includes(one.tagName) && !(one.labels && one.labels.length)) wrong("no label", one);
    if (["radio"].includes(one.type) && !one.closest("fieldset")?.querySelector("legend")?.textContent.trim()) wrong("a choice without a legend", one);
    if (["text", "number", "select-one", "textarea"].includes(one.type)) {
      const line = colour(style(one).borderTopColor);
      const ratio = contrast(over(line, behind(one.parentElement)), behind(one.parentElement));
      if (ratio < 3) wrong(`a border of contrast ${ratio.toFixed(2)}`, one);
    }
  }
  for (const one of document.querySelectorAll("[aria-invalid=true]")) {
    const tied = (one.getAttribute("aria-describedby") || "").split(/\s+/).map((id) => id && document.getElementById(id)).filter(Boolean);
    if (!tied.some((other) => other.classList.contains("error") && other.textContent.trim() && shown(other))) wrong("an error that is not tied to its field", one);
  }
  for (const one of document.querySelectorAll("[aria-describedby]"))
    for (const id of one.getAttribute("aria-describedby").split(/\s+/).filter(Boolean)) if (!document.getElementById(id)) wrong(`described by ${id}, which is not there`, one);
  const primary = [...document.querySelectorAll(".primary")].filter(shown);
  if (primary.length > (asked.primary ?? 1)) wrong(`${primary.length} primary buttons`);
  for (const one of document.querySelectorAll("img")) if (!one.hasAttribute("alt")) wrong("a picture without alt", one);
  for (const one of document.querySelectorAll("main svg")) if (!one.closest("[aria-hidden=true], [role=img][aria-label]") && !one.getAttribute("role") && !one.querySelector("title")) wrong("a drawing without a name", one.parentElement);
  return [...new Set(faults)];
}
