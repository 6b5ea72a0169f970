"use strict";
(() => {
  const form = document.getElementById("sheet");
  const { client, round, plan } = form.dataset;
  const by = document.getElementById("by"), on = document.getElementById("on");
  const asks = [...form.querySelectorAll("fieldset")];
  const key = ["align-decisions", client, round, plan].join(":");
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
  const meeting = on.value;
  let reply = fresh(), unsaved = false;

  const say = (text) => { document.getElementById("said").textContent = text; };
  const chosen = (ask) => ask.querySelector("input[type=radio]:checked");
  const fields = (ask) => [...ask.querySelectorAll("[data-is]")];
  const parts = (ask) => [...ask.querySelectorAll("[data-part]")];
  const apart = (ask) => parts(ask).filter((one) => one.value);

  const given = (ask) => {
    const out = { answer: chosen(ask).value };
    for (const one of fields(ask)) {
      const counts = one.dataset.is !== "quarter" || "until" in chosen(ask).dataset;
      if (one.value.trim() && counts) out[one.dataset.is] = one.value.trim();
    }
    const other = apart(ask);
    if (other.length) out.otherwise = Object.fromEntries(other.map((one) => [one.dataset.part, one.value]));
    return out;
  };

  const content = (all) => ({
    format: "align-decisions", version: 1, checksum: "00000000", client, round, plan, reply, by: by.value.trim(), on: on.value,
    answers: Object.fromEntries(asks.filter((ask) => all || chosen(ask).value).map((ask) => [ask.dataset.ask, given(ask)])),
  });

  // CRC-32 of the file as it is saved with eight zeros in the checksum's place: it tells damage, not who wrote the file.
  const checksum = (text) => {
    let rest = -1;
    for (const byte of new TextEncoder().encode(text)) {
      rest ^= byte;
      for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xEDB88320 : 0);
    }
    return (~rest >>> 0).toString(16).padStart(8, "0");
  };

  // Some browsers keep nothing for a page opened from disk; then the page says so.
  const store = (act) => { try { return [true, act(localStorage)]; } catch { return [false, null]; } };
  const [keeps] = store((storage) => { storage.setItem(key + ":trial", "1"); storage.removeItem(key + ":trial"); });

  const show = () => {
    for (const ask of asks) ask.querySelector(".until").hidden = !("until" in chosen(ask).dataset);
    const count = asks.filter((ask) => chosen(ask).value).length;
    const text = `${count} of ${asks.length} answered`;
    const progress = document.getElementById("progress");
    if (progress.textContent !== text) progress.textContent = text;
    document.querySelector(".bar progress").value = count;
  };

  const changed = () => {
    unsaved = true;
    say("");
    show();
    store((storage) => storage.setItem(key, JSON.stringify(content(true))));
  };

  const fill = (data) => {
    by.value = String(data.by || "");
    on.value = String(data.on || meeting);
    for (const ask of asks) {
      const held = (data.answers || {})[ask.dataset.ask] || {};
      for (const one of ask.querySelectorAll("input[type=radio]")) one.checked = one.value === (held.answer || "");
      if (!chosen(ask)) ask.querySelector("input[type=radio]").checked = true;
      for (const one of fields(ask)) one.value = String(held[one.dataset.is] || "");
      for (const one of parts(ask)) one.value = String((held.otherwise || {})[one.dataset.part] || "");
      for (const one of ask.querySelectorAll("details")) one.open = [...one.querySelectorAll("input, select, textarea")].some((field) => field.value);
    }
    show();
  };

  const stop = (text, field) => {
    say(text);
    for (let one = field.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
    field.focus();
  };

  const save = () => {
    const answered = asks.filter((ask) => chosen(ask).value);
    const loose = asks.find((ask) => !chosen(ask).value && (apart(ask).length || fields(ask).some((one) => one.value.trim() && one.dataset.is !== "quarter")));
    const undated = answered.find((ask) => "until" in chosen(ask).dataset && !ask.querySelector("[data-is=quarter]").value);
    const begun = answered.flatMap((ask) => [...parts(ask), ...fields(ask).filter((one) => one.dataset.is === "quarter" && "until" in chosen(ask).dataset)]).find((one) => one.selectedOptions[0].dataset.from <= on.value);
    const owned = answered.find((ask) => !ask.querySelector("[data-is=action]").value.trim() && ["owner_business", "owner_it", "due"].some((name) => ask.querySelector(`[data-is=${name}]`).value.trim()));
    if (!answered.length) return stop("There is nothing to save yet: answer at least one decision first.", asks[0].querySelector("input"));
    if (!by.value.trim()) return stop("Write your name and post first: the record says who decided.", by);
    if (!on.value || on.value < on.min || on.value > on.max) return stop(`Write the day of the decision, from ${on.min} to ${on.max}.`, on);
    if (loose) return stop("A note or action stands at a decision that has no answer yet: choose an answer, or empty it.", chosen(loose));
    if (undated) return stop("Choose the quarter until which this is deferred.", undated.querySelector("[data-is=quarter]"));
    if (begun) return stop("That quarter begins before the day of the decision: choose a later one.", begun);
    if (owned) return stop("Write what is to be done, or empty its owner and date.", owned.querySelector("[data-is=action]"));
    const name = `decisions-${client}-${reply.slice(0, 8)}.json`;
    const text = JSON.stringify(content(false), null, 1) + "\n";
    const file = text.replace('"checksum": "00000000"', `"checksum": "${checksum(text)}"`);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([file], { type: "application/json" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    unsaved = false;
    const open = asks.length - answered.length;
    say(`Saved as ${name}, with your downloads${open ? `; ${open} left without an answer` : ""}. Now send that file to the consultant.`);
  };

  const clear = () => {
    if (!confirm("Clear all answers on this page? A file that you saved stays.")) return;
    fill({});
    store((storage) => storage.removeItem(key));
    reply = fresh();
    unsaved = false;
    document.getElementById("restored").hidden = true;
    say("Everything was cleared.");
  };

  const [, held] = store((storage) => JSON.parse(storage.getItem(key)));
  if (held && held.plan === plan && /^[0-9a-f]{32}$/.test(held.reply)) {
    reply = held.reply;
    fill(held);
    document.getElementById("restored").hidden = false;
  }
  document.getElementById(keeps ? "kept" : "not-kept").hidden = false;
  document.querySelector("[data-does=clear]").addEventListener("click", clear);
  document.querySelector("[data-does=save]").addEventListener("click", save);
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeunload", (event) => { if (unsaved && !keeps) event.preventDefault(); });
  show();
})();
