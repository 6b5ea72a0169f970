// Scoring together by keys: a digit chooses an answer of the question that is at hand, the next question comes to hand,
// and after an area's last one the next area, as it does after a click. Digits pressed while it is drawn wait for it.
// Arrows choose too, as in any list of radio buttons, but do not go on: Enter does.
if (!window.alignConsensus) {
  window.alignConsensus = true;
  let pointed = false, early = [];
  let left = null;  // the screen that was left by a button, until the next one is there
  const shown = one => one.checkVisibility();
  const scoring = () => [...document.querySelectorAll('.intake .scoring')].filter(shown).at(-1);
  const questions = () => [...(scoring()?.querySelectorAll('.question') ?? [])].filter(shown);
  const screen = () => scoring()?.querySelector('[data-screen]')?.dataset.screen ?? '';
  const chosen = one => one.querySelector('input:checked');
  const take = one => {
    (chosen(one) ?? one.querySelector('input'))?.focus();
    one.scrollIntoView({block: 'nearest'});
  };
  const press = kind => {
    const button = [...scoring().querySelectorAll(kind)].find(one => shown(one) && !one.disabled);
    if (!button) return;
    button.focus();
    button.click();
  };
  const goOn = from => {
    const all = questions();
    const next = all.slice(all.indexOf(from) + 1)[0] ?? all.find(one => !chosen(one) && one !== from);
    if (next) take(next); else press('button.go-on');
  };
  const goBack = from => {
    const all = questions(), before = all[all.indexOf(from) - 1];
    if (before) take(before); else press('button.go-back');
  };
  const atHand = () => document.activeElement.closest?.('.question') ?? questions().find(one => !chosen(one)) ?? questions()[0];
  const score = digit => {
    const question = atHand();
    const answers = question?.querySelectorAll('input[type=radio]') ?? [];
    const answer = answers[digit ? digit - 1 : answers.length - 1];
    if (!answer) return;
    answer.click();
    goOn(question);
  };
  const drawn = () => {
    if (!scoring() || left === screen()) return;
    const all = questions(), [open] = all.filter(one => !chosen(one)), keys = all.length ? early : [];
    left = null;
    early = [];
    if (!scoring().contains(document.activeElement) && document.activeElement !== document.body) return;
    if (all.length) take(open ?? all[0]);
    else [...scoring().querySelectorAll('button.mod-primary')].find(shown)?.focus();
    for (const [number, key] of keys.entries()) {
      if (left !== null) { early = keys.slice(number); return; }
      score(key);
    }
  };

  // In the window, before JupyterLab hears of a key: a digit would turn a cell into a heading.
  window.addEventListener('keydown', event => {
    pointed = false;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const inside = event.target.closest?.('.intake .scoring');
    const late = left !== null && (inside || !event.target.closest?.('button, a'));
    const typing = event.target.matches?.('input:not([type=radio]), textarea, select, [contenteditable=true]');
    if (typing || !scoring() || !(inside || late)) return;
    const digit = /^[0-5]$/.test(event.key) ? Number(event.key) : null;
    const radio = event.target.matches?.('input[type=radio]');
    if (digit !== null) { if (late) early.push(digit); else if (!event.repeat) score(digit); }
    else if (event.key === 'Backspace') { if (!late) goBack(atHand()); }
    else if (late && inside && ['Enter', ' '].includes(event.key)) ;  // pressed twice, a button would lead past a screen
    else if (event.key === 'Enter' && radio) goOn(atHand());
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }, true);
  document.addEventListener('click', event => {
    if (!event.target.closest?.('.intake .scoring button')) return;
    if (left !== null && left === screen()) { event.preventDefault(); event.stopImmediatePropagation(); }  // nor twice by the pointer
    else left = screen();
  }, true);
  window.addEventListener('pointerdown', () => { pointed = true; }, true);
  document.addEventListener('change', event => {
    const question = event.target.matches?.('input[type=radio]') && event.target.closest('.intake .scoring .question');
    if (question && pointed) goOn(question);
  });
  let last = '';
  new MutationObserver(() => {
    const now = screen();
    if (now === last) return;
    const first = !last || !now;
    last = now;
    if (!first) requestAnimationFrame(drawn);
    else { left = null; early = []; }
  }).observe(document.body, {subtree: true, childList: true, characterData: true});
}
