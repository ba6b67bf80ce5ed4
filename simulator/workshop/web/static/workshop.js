// Live updates, kept drafts, sending that survives a lost connection. Every page also works without this file.
"use strict";
(() => {
  const body = document.body, said = { ...body.dataset };
  const status = () => document.getElementById("status");
  const say = (text, { quiet = false } = {}) => {
    const place = status();
    if (!place || place.textContent === text) return;
    place.classList.toggle("quiet-word", quiet); // for those who listen; who looks sees the page itself
    place.textContent = text;
  };
  let source = null, polling = null, version = body.dataset.seen || null, sending = false, asking = false, again = false;

  // Drafts: what is typed in a form is kept under the form's key until it is sent or the step is over.
  const fields = (form) => [...form.elements].filter((one) => one.name && !["hidden", "submit"].includes(one.type));
  const place = (form) => "draft:" + location.pathname + ":" + form.dataset.draft;
  const keep = (form) => {
    if (!form || !form.dataset.draft) return;
    const draft = fields(form).map((one) => [one.name, one.value, one.checked]);
    try { localStorage.setItem(place(form), JSON.stringify(draft)); } catch { /* private browsing: no drafts */ }
  };
  const restore = () => {
    const known = new Set();
    document.querySelectorAll("form[data-draft]").forEach((form) => {
      known.add(place(form));
      let draft = null;
      try { draft = JSON.parse(localStorage.getItem(place(form)) || "null"); } catch { return; }
      if (draft && !form.querySelector("[aria-invalid=true]"))
        fields(form).forEach((one) => {
          for (const [name, value, checked] of draft) {
            if (name !== one.name) continue;
            if (["radio", "checkbox"].includes(one.type)) { if (value === one.value) one.checked = checked; }
            else one.value = value;
          }
        });
    });
    try {
      Object.keys(localStorage).filter((one) => one.startsWith("draft:" + location.pathname + ":") && !known.has(one))
        .forEach((one) => localStorage.removeItem(one));
    } catch { /* as above */ }
  };

  // A package's worth to me alone, as it is put together.
  const worth = () => document.querySelectorAll("form[data-worth]").forEach((form) => {
    const shown = form.querySelector("[data-shows=worth]");
    if (!shown) return;
    let sum = Number(form.dataset.worth), whole = true;
    form.querySelectorAll("select[data-issue]").forEach((one) => {
      const picked = one.selectedOptions[0];
      if (!picked || picked.value === "") whole = false; else sum += Number(picked.dataset.worth);
    });
    const outside = Number(form.dataset.outside);
    const figure = (x) => x.toLocaleString("en", { maximumFractionDigits: 2 }).replace("-", "−");
    shown.textContent = !whole ? form.dataset.open : form.dataset[sum < outside ? "below" : "above"]
      .replace("%1", figure(sum)).replace("%2", figure(Math.abs(sum - outside)));
  });

  const until = (moment) => Math.round(Number(moment) - Date.now() / 1000 + skew);
  const clock = () => { times(); document.querySelectorAll("[data-late]").forEach((one) => { one.hidden = until(one.dataset.late) > 0; }); };
  const times = () => document.querySelectorAll("[data-deadline]").forEach((one) => {
    const left = until(one.dataset.deadline);
    const minutes = Math.floor(Math.abs(left) / 60), seconds = String(Math.abs(left) % 60).padStart(2, "0");
    one.textContent = (left < 0 ? "−" : "") + minutes + ":" + seconds;
    one.classList.toggle("warn", left < 60);
  });
  let skew = Date.now() / 1000 - Number(said.now || Date.now() / 1000);

  // What has the focus, and the same thing on a page that took this one's place: most have no id, so by what they are.
  const touched = () => [...body.querySelectorAll("h1, a[href], button, input:not([type=hidden]), select, textarea, summary")];
  const mark = (one) => [one.tagName, one.id, one.name, ["radio", "checkbox"].includes(one.type) ? one.value : "", one.matches("a, button, summary") ? one.textContent.trim() : ""].join("|");
  const focused = () => {
    const one = document.activeElement, all = touched(), at = all.indexOf(one);
    if (at < 0) return () => null;
    const like = mark(one), before = all.slice(0, at).filter((other) => mark(other) === like).length;
    return () => touched().filter((other) => mark(other) === like)[before];
  };
  // Put a fetched page in the place of this one.
  const swap = (text, url, { moved = false } = {}) => {
    const page = new DOMParser().parseFromString(text, "text/html"), next = page.querySelector("main");
    if (!next || page.body.dataset.surface !== body.dataset.surface) { location.assign(url); return; }
    const main = document.querySelector("main"), active = document.activeElement;
    const step = main.dataset.step, back = focused(), from = active && active.selectionStart;
    const open = [...main.querySelectorAll("details[id][open]")].map((one) => one.id);
    // What is being edited in forms without a draft stays as it is when the page around it changes.
    const edited = [...main.querySelectorAll("form:not([data-draft]) :is(input, select, textarea)[id]")].filter((one) =>
      one.type === "checkbox" ? one.checked !== one.defaultChecked
        : one.tagName === "SELECT" ? !one.selectedOptions[0]?.defaultSelected && one.selectedIndex > 0 : one.value !== one.defaultValue);
    // What was wrong with a form stays said until another is sent or the step is over.
    const faults = [...main.querySelectorAll("[role=alert]")], places = (of) => [...of.querySelectorAll(".field, fieldset")], were = places(main);
    document.title = page.title;
    main.replaceWith(next);
    for (const part of [".bar", ".tabs"]) {
      const bar = page.querySelector(part), old = document.querySelector(part);
      if (bar && old) old.replaceWith(bar);
    }
    Object.assign(body.dataset, page.body.dataset);
    version = body.dataset.seen || version;
    skew = Date.now() / 1000 - Number(body.dataset.now || Date.now() / 1000);
    if (location.href !== url && url) history.replaceState(null, "", url);
    restore(); worth(); clock();
    if (next.dataset.step === step && !moved) {
      next.prepend(...faults);
      const are = places(next);
      if (are.length === were.length) were.forEach((one, at) => {
        const why = one.querySelector(".error"), wrong = one.querySelector("[aria-invalid][id]"), same = wrong && are[at].querySelector("#" + CSS.escape(wrong.id));
        if (!why || are[at].querySelector(".error")) return;
        are[at].append(why);
        if (same) for (const name of ["aria-invalid", "aria-describedby"]) same.setAttribute(name, wrong.getAttribute(name));
      });
    }
    const faulty = next.querySelector("[aria-invalid=true]");
    if (faulty && moved) faulty.focus();
    else if (next.dataset.step !== step || moved) {
      scrollTo(0, 0);
      const heading = next.querySelector("h1");
      if (heading) { heading.tabIndex = -1; heading.focus({ preventScroll: true }); }
      say(next.dataset.announce || "", { quiet: true });
    } else {
      edited.forEach((one) => { const same = document.getElementById(one.id); if (same) { same.value = one.value; same.checked = one.checked; } });
      open.forEach((id) => { const one = document.getElementById(id); if (one) one.open = true; });
      const same = back();
      if (same && same !== document.activeElement) {
        if (same.tagName === "H1") same.tabIndex = -1;
        same.focus({ preventScroll: true });
        if (from != null && same.setSelectionRange) try { same.setSelectionRange(from, from); } catch { /* numbers */ }
      }
    }
  };
  const online = (yes) => { body.classList.toggle("offline", !yes); if (!yes) say(said.lost); else if (status()?.textContent === said.lost) say(""); };
  // A line that went dead without a word would leave an answer pending for ever: after a while it is given up.
  const ask = async (url, asked = {}) => {
    const limit = new AbortController(), timer = setTimeout(() => limit.abort(), 20000);
    try {
      const reply = await fetch(url, { ...asked, signal: limit.signal });
      return { reply, text: await reply.text() };
    } finally { clearTimeout(timer); }
  };
  // One question at a time: of two answers, the older could arrive last. A page that asks back waits for its answer.
  let later = null, sent = 0;
  const refresh = async () => {
    if (sending || asking) { again = true; return; }
    clearTimeout(later); later = null;
    if (document.querySelector("main").dataset.held !== undefined) return;
    const before = sent;
    asking = true;
    try {
      const { reply, text } = await ask(location.href, { cache: "no-store" });
      if (reply.status >= 500) throw new Error("server");
      if (sent === before) swap(text, reply.url); else again = true; // asked before a form was answered
      online(true);
    } catch { online(false); later = setTimeout(refresh, 2000 + Math.random() * 2000); }
    asking = false;
    if (again && !sending) { again = false; refresh(); }
  };

  // The stream: version numbers only. A hidden page closes it; where streams fail, the page asks now and then.
  // The trainer's pages change with every move in the room: they look once a second at most.
  let due = null, looked = 0, sign = 0;
  const heard = (number) => {
    if (version !== null && number !== version && !due)
      due = setTimeout(() => { due = null; looked = Date.now(); refresh(); }, Math.max(0, looked + Number(body.dataset.calm || 0) - Date.now()));
    version = number;
  };
  const connect = () => {
    if (!body.dataset.stream || document.hidden || source) return;
    clearInterval(polling); polling = null;
    source = new EventSource(body.dataset.stream);
    sign = Date.now();
    source.onopen = () => { sign = Date.now(); if (!later) online(true); };
    source.onmessage = (event) => { sign = Date.now(); heard(event.data); };
    source.onerror = () => {
      online(false);
      if (source && source.readyState === EventSource.CLOSED) { source = null; poll(); }
    };
  };
  const poll = () => {
    if (polling || !body.dataset.version) return;
    polling = setInterval(async () => {
      try { heard((await ask(body.dataset.version, { cache: "no-store" })).text.trim()); online(true); } catch { online(false); }
    }, 3000 + Math.random() * 2000);
  };
  // The server gives a sign every 15 seconds. A stream without any is dead, even where nobody has closed it.
  const watch = () => {
    if (!source || Date.now() - sign < 45000) return;
    source.close(); source = null;
    connect(); refresh();
  };
  const pause = () => { if (source) source.close(); source = null; clearInterval(polling); polling = null; };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) { pause(); document.querySelectorAll("details.sheet[open]").forEach((one) => { one.open = false; }); }
    else { connect(); if (body.dataset.stream) refresh(); }
  });
  addEventListener("pagehide", pause);
  addEventListener("pageshow", (event) => { if (event.persisted) { connect(); refresh(); } });

  // Sending: kept and sent again until it arrives; the form's key makes sure that it counts once.
  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (form.method !== "post" || form.dataset.plain !== undefined) return;
    event.preventDefault();
    if (sending) return;
    const content = new URLSearchParams(new FormData(form, button));
    const target = (button && button.getAttribute("formaction")) || form.getAttribute("action") || location.href;
    sending = true; sent += 1; keep(form);
    if (button) button.setAttribute("aria-disabled", "true");
    say(said.sending);
    for (let wait = 1; ; wait = Math.min(8, wait * 2)) {
      try {
        const { reply, text } = await ask(target, { method: "POST", body: content });
        if (reply.status >= 502 && reply.status <= 504) throw new Error("server"); // a full disk or a restart: later
        sending = false;
        if (reply.ok) { try { localStorage.removeItem(place(form)); } catch { /* as above */ } }
        say(""); online(true);
        swap(text, reply.redirected ? reply.url : location.href, { moved: true });
        connect();
        if (again) { again = false; refresh(); }
        return;
      } catch { online(false); say(said.unsent); await new Promise((done) => setTimeout(done, wait * 1000)); }
    }
  });

  // The confidential sheet: shown while it is held; a short tap leaves it open until the next, or until the page is left.
  let held = 0;
  const sheet = (event) => event.target.closest && event.target.closest("details.sheet > summary");
  document.addEventListener("pointerdown", (event) => { const one = sheet(event); if (one && event.button === 0 && !one.parentElement.open) { held = Date.now(); one.parentElement.open = true; } });
  document.addEventListener("click", (event) => {
    const one = sheet(event);
    if (!one || !held) return;
    event.preventDefault();
    if (Date.now() - held > 400) one.parentElement.open = false;
    held = 0;
  });
  document.addEventListener("contextmenu", (event) => { if (sheet(event)) event.preventDefault(); });

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (!form) return;
    keep(form); worth();
    const out = event.target.type === "range" && form.querySelector(`output[for="${event.target.id}"]`);
    if (out) out.textContent = event.target.value;
    if (form.dataset.live !== undefined) { clearTimeout(form.waiting); form.waiting = setTimeout(() => form.requestSubmit(), 250); }
  });
  // Forms that only ask (sandbox): the answer replaces the page without leaving it.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.dataset.live === undefined || form.method !== "get") return;
    event.preventDefault();
    const url = form.action + "?" + new URLSearchParams(new FormData(form));
    const page = new DOMParser().parseFromString(await (await fetch(url)).text(), "text/html");
    const next = page.getElementById("answer"), now = document.getElementById("answer");
    if (next && now) now.replaceWith(next);
    history.replaceState(null, "", url);
  });
  document.addEventListener("click", (event) => {
    const one = event.target.closest && event.target.closest("[data-copy],[data-print]");
    if (!one) return;
    if (one.dataset.print !== undefined) print();
    else if (navigator.clipboard) navigator.clipboard.writeText(one.dataset.copy).then(() => { say(said.copied); setTimeout(() => say(""), 2000); });
  });

  // The trainer's room also shows how long somebody has been waiting: look again now and then.
  setInterval(() => { if (body.dataset.again !== undefined && !document.hidden) refresh(); }, 10000);
  restore(); worth(); clock(); setInterval(() => { clock(); watch(); }, 1000); connect();
  document.querySelectorAll("[data-script]").forEach((one) => { one.hidden = false; });
  const faulty = document.querySelector("[aria-invalid=true]");
  if (faulty) faulty.focus();
})();
