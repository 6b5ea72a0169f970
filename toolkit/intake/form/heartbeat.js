// Asks the kernel each second whether it still hears and saves this form. When no answer comes, the form is covered
// with what is not saved and what to do; once it is open again, what was typed meanwhile is offered to be put back.
// What is typed counts as saved when the kernel says so to a question asked some time after it.
if (!window.alignHeartbeat) {
  window.alignHeartbeat = true;
  const EACH = 1000, HEARD = 2000, LATE = 10000, WAIT = 30000;  // milliseconds
  const STORE = 'align-intake-unsaved';
  const LISTS = '.widget-select:not(.sections):not(.widget-select-multiple) select';
  let form = null, number = 0, askedAt = 0, answered = true, savedAt = null;
  let typed = JSON.parse(sessionStorage.getItem(STORE) || '[]');

  const shown = one => one && one.checkVisibility();
  const client = () => form.querySelector('.beat [data-client]')?.dataset.client || '';
  const keep = list => { typed = list; sessionStorage.setItem(STORE, JSON.stringify(typed)); };
  const menu = () => form.querySelector('.sections select');
  const sectionOf = option => option.textContent.replace(/^[●○\s]+/, '').replace(/\s*\(\d+\)\s*$/, '').trim();
  const entries = () => [...form.querySelectorAll(LISTS)].filter(one => shown(one) && !one.closest('.intake-field'));
  const labelOf = control => control.closest('.widget-inline-hbox')?.querySelector('.widget-label')?.textContent.trim() || '';
  const controls = label => [...form.querySelectorAll('.intake-field :is(input, textarea, select)')].filter(one => shown(one) && labelOf(one) === label);
  const textOf = one => one.tagName === 'SELECT' ? [...one.selectedOptions].map(option => option.textContent) : one.value;
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  const note = event => {
    const control = event.target;
    if (!control.closest?.('.intake-field') || !form?.contains(control) || !menu()) return;
    const label = labelOf(control);
    const edit = {
      client: client(), section: sectionOf(menu().selectedOptions[0]), entry: entries()[0]?.selectedIndex ?? -1,
      label, place: controls(label).indexOf(control), text: textOf(control), at: Date.now(),
    };
    const where = one => JSON.stringify([one.client, one.section, one.entry, one.label, one.place]);
    keep([...typed.filter(one => where(one) !== where(edit)), edit]);
  };
  document.addEventListener('input', note, true);
  document.addEventListener('change', note, true);

  const made = (tag, text, parent) => {
    const one = document.createElement(tag);
    one.textContent = text;
    parent?.append(one);
    return one;
  };
  const box = (kind, title, role) => {
    form.querySelector(`:scope > .${kind}`)?.remove();
    const one = document.createElement('div');
    one.className = kind;
    one.setAttribute('role', role);
    made('h3', title, one);
    form.prepend(one);
    return one;
  };
  const list = (edits, parent) => {
    const items = made('ul', '', parent);
    for (const edit of edits) made('li', `${edit.section}, ${edit.label}: ${[].concat(edit.text).join('; ') || '(emptied)'}`, items);
  };

  const cover = () => {
    if (form.classList.contains('stopped')) return;
    const one = box('cover', 'The form has stopped: nothing typed in it is saved.', 'alert');
    const since = savedAt ? `What was typed until ${savedAt.toLocaleTimeString()} is in the draft.` : 'Nothing was saved since it was opened.';
    made('p', `It gets no answer from its kernel, which was restarted, has ended or is busy. ${since}`, one);
    made('p', 'If something is being made or imported, wait: the form comes back by itself. Else reload the page, then run all cells (in JupyterLab: menu Run, Run All Cells).', one);
    const mine = typed.filter(edit => edit.client === client());
    if (mine.length) {
      made('p', 'Typed and not surely saved; it stays in this window and is offered when the form is open again:', one);
      list(mine, one);
    }
    form.classList.add('stopped');
    for (const child of form.children) if (child !== one && child.tagName !== 'STYLE') child.inert = true;
  };
  const uncover = () => {
    if (!form.classList.contains('stopped')) return;
    form.classList.remove('stopped');
    form.querySelector(':scope > .cover')?.remove();
    for (const child of form.children) child.inert = false;
  };

  const until = async true_ => {
    for (const ends = Date.now() + WAIT; Date.now() < ends; await new Promise(done => setTimeout(done, 100))) if (true_()) return true;
    return false;
  };
  const choose = (select, place) => {
    select.selectedIndex = place;
    select.dispatchEvent(new Event('change', {bubbles: true}));
  };
  const put = async edit => {
    const place = [...menu().options].findIndex(option => sectionOf(option) === edit.section);
    if (place < 0) return false;
    if (menu().selectedIndex !== place) choose(menu(), place);
    const title = () => [...form.querySelectorAll('h3')].some(one => shown(one) && one.textContent.trim() === edit.section);
    if (!await until(title)) return false;
    if (edit.entry >= 0) {
      if (!await until(() => entries()[0]?.options.length > edit.entry)) return false;
      if (entries()[0].selectedIndex !== edit.entry) choose(entries()[0], edit.entry);
      await new Promise(done => setTimeout(done, EACH));
    }
    if (!await until(() => controls(edit.label)[edit.place])) return false;
    const control = controls(edit.label)[edit.place];
    if (same(textOf(control), edit.text)) return true;
    if (control.tagName === 'SELECT') for (const option of control.options) option.selected = edit.text.includes(option.textContent);
    else control.value = edit.text;
    for (const kind of ['input', 'change']) control.dispatchEvent(new Event(kind, {bubbles: true}));
    return same(textOf(control), edit.text);
  };
  const offer = edits => {
    const one = box('offer', 'Typed before the form stopped, and not surely saved', 'status');
    list(edits, one);
    const buttons = made('p', '', one);
    const press = (text, act) => {
      const button = made('button', text, buttons);
      button.className = 'jupyter-button';
      button.addEventListener('click', act);
    };
    const forget = () => keep(typed.filter(edit => !edits.includes(edit)));
    press('Put it back', async () => {
      one.remove();
      forget();
      const failed = [];
      for (const edit of edits) if (!await put(edit)) failed.push(edit);
      if (!failed.length) return;
      list(failed, box('offer', 'This could not be put back, for its place is gone: type it again where it belongs', 'alert'));
    });
    press('Leave it out', () => { one.remove(); forget(); });
  };

  const ask = () => {
    const question = form.querySelector('.pulse input');
    number += 1;
    askedAt = Date.now();
    answered = false;
    question.value = String(number);
    question.dispatchEvent(new Event('input', {bubbles: true}));
  };
  setInterval(() => {
    const newest = [...document.querySelectorAll('.intake')].filter(one => shown(one) && one.querySelector('.pulse input')).at(-1);
    if (newest && newest !== form) {
      form = newest;
      number = Date.now();
      savedAt = null;
      form.alignOpened = Date.now();
      form.alignOffered = false;
      ask();
      return;
    }
    if (!newest) return;
    const answer = form.querySelector('.beat [data-echo]');
    if (!answered && answer && Number(answer.dataset.echo) === number) {
      answered = true;
      uncover();
      if (answer.dataset.saved === '1') {
        savedAt = new Date(askedAt);
        keep(typed.filter(edit => edit.client !== client() || edit.at < form.alignOpened || edit.at > askedAt - HEARD));
      }
      const left = typed.filter(edit => edit.client === client() && edit.at < form.alignOpened);
      if (left.length && !form.alignOffered) offer(left);
      form.alignOffered = true;
    }
    if (answered) ask();
    else if (Date.now() - askedAt > LATE) cover();
  }, EACH);
}
