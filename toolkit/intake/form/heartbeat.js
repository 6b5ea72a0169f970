// Asks the kernel each second whether it still hears and saves what is typed into a form or workshop. What is typed counts
// as saved once the kernel has it in its own fields, and says so to the second question asked after it: the answer to the
// first is heard after all that the page held back was sent. Until then the bar says that it is not saved. When no answer will come, the form is covered
// with what is not saved and what to do; once it is open again, that is offered to be put back.
if (!window.alignHeartbeat) {
  window.alignHeartbeat = true;
  const TICK = 500, EACH = 1000, QUIET = 3000, LATE = 8000, WAIT = 30000, MOST = 100;  // milliseconds, and edits in a question
  const STORE = 'align-intake-unsaved';
  const LISTS = '.widget-select:not(.sections):not(.widget-select-multiple) select';
  const CONTROLS = ':is(input:not([type=file]), textarea, select)';
  const AGAIN = () => document.getElementById('rendered_cells') ? 'reload the page' : 'reload the page, then run all cells (in JupyterLab: menu Run, Run All Cells)';
  let typed = JSON.parse(sessionStorage.getItem(STORE) || '[]');

  const keep = list => { typed = list; sessionStorage.setItem(STORE, JSON.stringify(typed)); };
  const shown = one => one && one.checkVisibility();
  const plain = text => (text || '').replace(/\u00a0/g, ' ').trim();
  const sectionOf = option => plain(option?.textContent).replace(/^[○✓✗–]\s*/, '').replace(/(: \d+ (wrong|open))?$/, '').replace(/\s*\(\d+\)$/, '').trim();
  const labelOf = control => plain(control.closest('.widget-inline-hbox')?.querySelector('.widget-label')?.textContent || control.labels?.[0]?.textContent || control.getAttribute('aria-label'));
  const textOf = one => one.tagName === 'SELECT' ? [...one.selectedOptions].map(option => option.textContent) : one.type === 'checkbox' ? String(one.checked) : one.value;
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const until = async true_ => {
    for (const ends = Date.now() + WAIT; Date.now() < ends; await new Promise(done => setTimeout(done, 100))) if (true_()) return true;
    return false;
  };
  const choose = (select, place) => {
    select.selectedIndex = place;
    select.dispatchEvent(new Event('change', {bubbles: true}));
  };
  const made = (tag, text, parent) => {
    const one = document.createElement(tag);
    one.textContent = text;
    parent?.append(one);
    return one;
  };
  const list = (edits, parent) => {
    const items = made('ul', '', parent);
    for (const edit of edits) made('li', `${[edit.section, edit.label].filter(Boolean).join(', ')}: ${[].concat(edit.text).join('; ') || '(emptied)'}`, items);
  };

  class Watch {
    constructor(form) {
      this.form = form;
      this.opened = this.touched = this.settled = this.since = Date.now();
      this.number = this.first = this.opened;
      this.savedAt = this.held = null;
      this.kernel = '';  // what the server says while no answer comes: '', 'busy', 'gone' or 'unreachable'
      this.offered = false;
      this.inquired = 0;
      this.before = 0;  // when the question before the last was asked
      this.ask();
      this.first = this.number;
    }

    get beat() { return this.form.querySelector('.beat [data-echo]')?.dataset || {}; }
    get what() { return this.beat.what || 'form'; }
    get menu() { return this.form.querySelector('.sections select'); }
    get entries() { return [...this.form.querySelectorAll(LISTS)].filter(one => shown(one) && !one.closest('.intake-field')); }
    get unsure() { return this.touched > this.settled; }
    // For how long something typed has waited to be confirmed, though the kernel may answer: it cannot write, or something holds it up.
    get lag() { return this.unsure ? Date.now() - Math.max(this.settled, this.since) : 0; }
    get waited() { return this.answered ? 0 : Date.now() - this.asked; }
    mine(edit) { return edit.client === (this.beat.client || '') && edit.what === this.what; }
    // A workshop's sections are all there, and one shows; a form's are made when they are chosen.
    controls(label) { return [...this.form.querySelectorAll(CONTROLS)].filter(one => (this.what !== 'form' || shown(one)) && labelOf(one) === label); }
    now(edit) { const control = this.controls(edit.label)[edit.place]; return control && ['radio', 'checkbox'].includes(control.type) ? null : control && textOf(control); }
    // Where the field's place alone does not tell what it is: the question that is scored.
    question(control) { return control.type === 'radio' ? [...this.form.querySelectorAll('h4')].filter(shown).map(one => plain(one.textContent)).join(' / ') : ''; }

    note(event) {
      const control = event.target;
      if (!control.matches?.(CONTROLS) || control.closest('.pulse, .sections, .find')) return;
      const entries = this.entries, label = labelOf(control);
      if (entries.includes(control)) return;
      if (!this.unsure) this.since = Date.now();
      this.touched = Date.now();
      // A workshop's fields, and a table's cells, are sent only when they are left.
      this.held = event.type === 'input' && (this.what !== 'form' || control.matches('.grid-editor')) ? control : null;
      this.say();
      if (!label) return;
      const edit = {
        client: this.beat.client || '', what: this.what, section: sectionOf(this.menu?.selectedOptions[0]), entry: entries[0]?.selectedIndex ?? -1,
        name: plain(entries[0]?.selectedOptions[0]?.textContent), question: this.question(control), label,
        place: this.controls(label).indexOf(control), isCell: control.matches('.grid-editor'), text: textOf(control), at: this.touched,
      };
      const where = one => JSON.stringify([one.client, one.what, one.section, one.entry, ...one.question ? [one.question] : [one.label, one.place]]);
      keep([...typed.filter(one => where(one) !== where(edit)), edit]);
    }

    // The kernel's own words count only while it answers and has confirmed all that was typed.
    say() {
      const isHeld = this.held?.matches(':focus');
      const wait = Math.max(this.waited, isHeld ? 0 : this.lag), long = wait >= QUIET, state = this.form.querySelector('.save-state');
      // What the kernel itself says to be wrong says more.
      const heard = this.waited < QUIET && (!this.unsure || !!state?.querySelector('.widget-html-content .wrong'));
      this.form.toggleAttribute('data-heard', heard);
      if (heard || !state) return;
      const one = state.querySelector(':scope > .unsure') || made('p', '', state);
      const isBusy = this.kernel === 'busy' || this.waited < QUIET;  // it answers, and has not come to what was typed
      const why = isBusy ? 'the kernel has been busy with something else' : this.kernel === 'unreachable' ? 'the server has not answered' : 'the kernel has not answered';
      const since = `${why} for ${Math.round(wait / 1000)} s.`;
      const then = isBusy ? ' Leave this page open: it is saved as soon as the kernel is free.' : '';
      const text = !long ? isHeld ? 'Saved once you leave the field.' : 'Saving…' : this.unsure ? `✗ Not saved yet: ${since}${then}` : `Nothing waits to be saved; ${since}`;
      one.className = `unsure ${long && this.unsure ? 'wrong' : 'open'}`;
      if (long) one.setAttribute('role', 'status'); else one.removeAttribute('role');
      if (one.textContent !== text) one.textContent = text;
    }

    box(kind, title, role) {
      this.form.querySelector(`:scope > .${kind}`)?.remove();
      const one = document.createElement('div');
      one.className = kind;
      one.setAttribute('role', role);
      made('h3', title, one);
      this.form.prepend(one);
      return one;
    }
    cover() {
      if (this.form.classList.contains('stopped')) return;
      const name = this.what, ended = this.beat.ended === '1';
      const one = this.box('cover', `The ${name} has stopped: nothing typed in it is saved.`, 'alert');
      const why = ended ? 'It was opened again elsewhere: in another tab or window, or by a later run of the notebook. That one counts now.'
        : {gone: 'Its kernel was restarted or has ended.', unreachable: 'The server that it runs on cannot be reached.'}[this.kernel]
        || 'It gets no answer from its kernel, which was restarted, has ended or is held up.';
      const kept = name !== 'form' ? 'Scenarios that were saved, and answers that were recorded, are kept.'
        : this.savedAt ? `What was typed until ${this.savedAt.toLocaleTimeString()} is in the draft.` : 'Nothing was saved since it was opened.';
      made('p', `${why} ${kept}`, one);
      made('p', ended ? `Go on there; or, to go on here, ${AGAIN()}.` : `If something is being made or imported, wait: the ${name} comes back by itself. Else ${AGAIN()}.`, one);
      const edits = typed.filter(edit => this.mine(edit));
      if (edits.length) {
        made('p', `Typed and not surely saved; it stays in this window and is offered when the ${name} is open again:`, one);
        list(edits, one);
      }
      this.form.classList.add('stopped');
      for (const child of this.form.children) child.inert = child !== one;
    }
    uncover() {
      if (!this.form.classList.contains('stopped')) return;
      this.form.classList.remove('stopped');
      this.form.querySelector(':scope > .cover')?.remove();
      for (const child of this.form.children) child.inert = false;
    }

    placeOf(edit) {
      const bare = text => plain(text).replace(/^\d+\. /, '');
      const options = [...this.entries[0].options];
      const alike = options.flatMap((one, place) => bare(one.textContent) === bare(edit.name) ? [place] : []);
      return alike.length === 1 ? alike[0] : edit.entry < options.length ? edit.entry : -1;  // it may have been renamed since
    }
    async put(edit) {
      if (edit.section) {
        const place = [...this.menu.options].findIndex(option => sectionOf(option) === edit.section);
        if (place < 0) return false;
        if (this.menu.selectedIndex !== place) choose(this.menu, place);
        if (!await until(() => [...this.form.querySelectorAll('h3')].some(one => shown(one) && plain(one.textContent) === edit.section))) return false;
      }
      if (edit.isCell) return false;  // its row may stand elsewhere by now
      if (edit.entry >= 0) {
        if (!await until(() => this.entries[0]?.options.length)) return false;
        const place = this.placeOf(edit);
        if (place < 0) return false;
        if (this.entries[0].selectedIndex !== place) choose(this.entries[0], place);
        await new Promise(done => setTimeout(done, EACH));
      }
      if (!await until(() => this.controls(edit.label)[edit.place])) return false;
      const control = this.controls(edit.label)[edit.place];
      if (edit.question !== this.question(control)) return false;
      if (control.type === 'radio') {
        control.click();
        return true;
      }
      if (same(textOf(control), edit.text)) return true;
      if (control.tagName === 'SELECT') for (const option of control.options) option.selected = edit.text.includes(option.textContent);
      else if (control.type === 'checkbox') control.checked = edit.text === 'true';
      else control.value = edit.text;
      for (const kind of ['input', 'change']) control.dispatchEvent(new Event(kind, {bubbles: true}));
      return same(textOf(control), edit.text);
    }
    offer(edits) {
      const one = this.box('offer', `Typed before the ${this.what} stopped, and not surely saved`, 'status');
      list(edits, one);
      const buttons = made('p', '', one);
      const press = (text, act) => {
        const button = made('button', text, buttons);
        button.className = 'jupyter-button';
        button.addEventListener('click', act);
      };
      const forget = those => keep(typed.filter(edit => !those.includes(edit)));
      press('Put it back', async () => {
        one.remove();
        const failed = [];
        for (const edit of edits) {
          if (!await this.put(edit)) failed.push(edit);
          forget([edit]);
        }
        if (failed.length) list(failed, this.box('offer', 'This could not be put back, for its place is gone: type it again where it belongs', 'alert'));
      });
      press('Leave it out', () => { one.remove(); forget(edits); });
    }

    ask() {
      const question = this.form.querySelector('.pulse input');
      this.number += 1;
      this.asked = Date.now();
      this.answered = false;
      // With what the page shows of it: in JupyterLab a question may overtake a change, which comes on another thread.
      const edits = typed.filter(edit => this.mine(edit) && edit.at >= this.opened && !edit.isCell && !edit.question && same(edit.text, this.now(edit)));
      question.value = JSON.stringify([this.number, edits.slice(-MOST).map(edit => [edit.label, [].concat(edit.text).map(plain)])]);
      question.dispatchEvent(new Event('input', {bubbles: true}));
    }
    hear() {
      this.answered = true;
      if (this.lag < QUIET) this.kernel = '';
      this.uncover();
      // A table of cells sends by itself, and says while something in it was not heard.
      const isWaiting = this.held?.matches(':focus') || this.form.querySelector('[data-waiting]');
      if (this.beat.saved === '1' && this.number > this.first && !isWaiting) {
        this.savedAt = new Date(this.before);
        this.settled = Math.max(this.settled, this.before);
        keep(typed.filter(edit => !this.mine(edit) || edit.at < this.opened || edit.at > this.before));
      }
      this.before = this.asked;
      const left = typed.filter(edit => this.mine(edit) && edit.at < this.opened);
      if (left.length && !this.offered) this.offer(left);
      this.offered = true;
    }
    // While no answer comes, or nothing is confirmed: what the server knows. A kernel that it calls idle was restarted, or is held up.
    async inquire() {
      const data = document.getElementById('jupyter-config-data'), id = this.beat.kernel;
      if (!data || !id || this.kernel === 'gone' || Date.now() - this.inquired < QUIET) return;
      this.inquired = Date.now();
      let found = 'unreachable';
      try {
        const {baseUrl, token} = JSON.parse(data.textContent);
        const answer = await fetch(`${baseUrl || '/'}api/kernels/${id}`, token ? {headers: {Authorization: `token ${token}`}} : {});
        const state = answer.ok ? (await answer.json()).execution_state : '';
        found = answer.status === 404 || ['dead', 'restarting', 'autorestarting'].includes(state) ? 'gone' : state === 'busy' ? 'busy' : '';
      } catch { /* unreachable */ }
      if (Math.max(this.waited, this.lag) >= QUIET) this.kernel = found;
    }
    tick() {
      if (this.beat.ended === '1') {
        this.answered = true;
        this.cover();
      } else if ('lost' in document.documentElement.dataset) {
        this.kernel = 'gone';
        this.cover();
      } else if (!this.answered && Number(this.beat.echo) === this.number) this.hear();
      if (this.beat.ended === '1') return;
      if (Math.max(this.waited, this.lag) > QUIET) this.inquire();
      if (this.answered && (this.unsure || Date.now() - this.asked >= EACH)) this.ask();
      else if (this.waited > QUIET) {
        if (this.kernel === 'busy') this.uncover();
        else if (this.kernel === 'gone' || this.waited > LATE) this.cover();
      }
      this.say();
    }
  }

  const watches = new WeakMap();
  const note = event => watches.get(event.target.closest?.('.watched'))?.note(event);
  document.addEventListener('input', note, true);
  document.addEventListener('change', note, true);
  // A slider tells of no change: what it moved stands in the field beside it a moment later.
  let slider = null;
  const slid = () => {
    const field = slider?.parentElement?.querySelector('input');
    slider = null;
    if (field) setTimeout(() => note({target: field, type: 'change'}), 300);
  };
  for (const kind of ['pointerdown', 'keydown']) document.addEventListener(kind, event => { slider = event.target.closest?.('.watched .widget-slider') || null; }, true);
  for (const kind of ['pointerup', 'keyup']) document.addEventListener(kind, slid, true);
  setInterval(() => {
    for (const form of document.querySelectorAll('.watched')) {
      if (!shown(form) || !form.querySelector('.pulse input')) continue;
      if (watches.has(form)) watches.get(form).tick();
      else watches.set(form, new Watch(form));
    }
  }, TICK);
}
