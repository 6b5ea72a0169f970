"use strict";
(() => {
  const LARGEST = 300000; // bytes of a file that is read back
  const form = document.getElementById("questions");
  const { client, round, questionnaire, hash, group } = form.dataset;
  const bar = document.querySelector(".bar progress");
  const dialog = document.getElementById("ask");
  const [yes, no] = dialog.querySelectorAll("button");
  const key = ["align-answers", client, round, group, hash].join(":");
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");
  const all = (selector) => [...form.querySelectorAll(selector)];
  const choices = all("input[type=radio]"), comments = all("textarea");
  const questions = all("fieldset");
  const unanswered = () => questions.filter((one) => !one.querySelector(":checked"));
  const steps = [...document.querySelectorAll(".step")];
  const [back, next, end] = ["back", "next", "save"].map((does) => document.querySelector(`[data-does=${does}]`));
  let reply = fresh(), unsaved = false, now = 0;

  const say = (text) => { document.getElementById("said").textContent = text; };

  const answered = () => Object.fromEntries(
    choices.filter((one) => one.checked).map((one) => [one.name.slice(2), one.value ? Number(one.value) : null]));

  const written = () => Object.fromEntries(
    comments.map((one) => [one.name.slice(2), one.value.trim()]).filter(([, text]) => text));

  const content = () => ({
    format: "align-answers", version: 1, client, round, questionnaire, hash, group, reply,
    answers: answered(), comments: written(),
  });

  // Some browsers keep nothing for a page opened from disk; then the page says so.
  const store = (act) => { try { return [true, act(localStorage)]; } catch { return [false, null]; } };
  const [keeps] = store((storage) => { storage.setItem(key + ":trial", "1"); storage.removeItem(key + ":trial"); });

  const show = () => {
    const count = questions.length - unanswered().length;
    const text = `${count} of ${questions.length} answered`;
    const progress = document.getElementById("progress");
    if (progress.textContent !== text) progress.textContent = text;
    bar.value = count;
  };

  const turn = (to) => {
    now = to;
    for (const [at, one] of steps.entries()) one.classList.toggle("now", at === now);
    document.body.classList.toggle("at-begin", now === 0);
    document.getElementById("step").textContent = `Step ${now + 1} of ${steps.length} · `;
    back.hidden = now === 0;
    next.hidden = now === steps.length - 1;
    end.classList.toggle("main", next.hidden);
  };

  const go = (by) => () => {
    turn(now + by);
    say("");
    document.getElementById("restored").hidden = true;
    scrollTo(0, 0);
    steps[now].querySelector("h2").focus({ preventScroll: true });
  };

  const stepOf = (question) => question ? steps.findIndex((one) => one.contains(question)) : steps.length - 1;

  const changed = () => {
    unsaved = true;
    say("");
    show();
    store((storage) => storage.setItem(key, JSON.stringify(content())));
  };

  const fill = (data) => {
    const has = (group, id) => Object.prototype.hasOwnProperty.call(group || {}, id);
    for (const one of choices) {
      const id = one.name.slice(2);
      one.checked = has(data.answers, id) && (one.value ? Number(one.value) : null) === data.answers[id];
    }
    for (const one of comments) {
      const id = one.name.slice(2);
      one.value = has(data.comments, id) ? String(data.comments[id]) : "";
      one.closest("details").open = Boolean(one.value);
    }
    show();
  };

  const ours = (data) => data && data.format === "align-answers" && data.version === 1 && data.client === client &&
    data.round === round && data.group === group && data.hash === hash && /^[0-9a-f]{32}$/.test(data.reply);

  const ask = (text, first, second) => new Promise((answer) => {
    document.getElementById("asked").textContent = text;
    yes.textContent = first;
    no.textContent = second;
    const done = (value) => () => { dialog.onclose = null; dialog.close(); answer(value); };
    yes.onclick = done(true);
    no.onclick = done(false);
    dialog.onclose = () => answer(null); // closed with Escape: neither
    dialog.showModal();
  });

  const save = async () => {
    const open = unanswered();
    if (open.length === questions.length && !Object.keys(written()).length) {
      say("There is nothing to save yet: answer at least one question first.");
      return;
    }
    if (open.length) {
      const some = open.length === 1 ? "One question has no answer yet." : `${open.length} questions have no answer yet.`;
      const anyway = await ask(some, "Save anyway", "Go to the first one");
      if (anyway === false) { turn(stepOf(open[0])); open[0].scrollIntoView(); open[0].querySelector("input").focus(); }
      if (!anyway) return;
    }
    const name = `answers-${group}-${reply.slice(0, 8)}.json`;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(content(), null, 1) + "\n"], { type: "application/json" }));
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    unsaved = false;
    say(`Saved as ${name}, with your downloads. Now send that file to the consultant.`);
  };

  const clear = async () => {
    if (!(await ask("Clear all answers and comments on this page? A file that you saved stays.", "Clear everything", "Keep them"))) return;
    fill({});
    store((storage) => storage.removeItem(key));
    reply = fresh();
    unsaved = false;
    document.getElementById("restored").hidden = true;
    turn(0);
    scrollTo(0, 0);
    say("Everything was cleared.");
  };

  const earlier = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    let data = null;
    try { if (file.size <= LARGEST) data = JSON.parse(await file.text()); } catch { data = null; }
    if (!ours(data)) {
      say("That file holds no answers to this questionnaire. Choose the file that this page saved.");
      return;
    }
    if (unanswered().length < questions.length &&
      !(await ask("Put the answers of the file in place of those on this page?", "Use the file", "Keep this page"))) return;
    reply = data.reply;
    fill(data);
    changed();
    turn(stepOf(unanswered()[0]));
    scrollTo(0, 0);
    say("The answers of the file are shown. Go on where you stopped.");
  };

  for (const one of steps) one.querySelector("h2").tabIndex = -1;
  document.body.classList.add("stepped");
  turn(0);
  const [, held] = store((storage) => JSON.parse(storage.getItem(key)));
  if (ours(held)) {
    reply = held.reply;
    fill(held);
    turn(stepOf(unanswered()[0]));
    document.getElementById("restored").hidden = false;
  }
  document.getElementById(keeps ? "kept" : "not-kept").hidden = false;
  for (const one of document.querySelectorAll("[data-does=clear]")) one.addEventListener("click", clear);
  end.addEventListener("click", save);
  back.addEventListener("click", go(-1));
  next.addEventListener("click", go(1));
  document.getElementById("earlier").addEventListener("change", earlier);
  form.addEventListener("input", changed);
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeunload", (event) => { if (unsaved && !keeps) event.preventDefault(); });
  show();
})();
