// Keeps the table of a grid in the page: what it shows comes as JSON in an attribute of a widget out of sight, what is
// done in it goes back through another. Of what was sent, all is sent again until the kernel says that it was acted on,
// for a page holds a widget's change back while the kernel is busy, and then sends the last one alone.
// Every text of a client is set as text, never as HTML.
if (!window.alignGrid) {
  window.alignGrid = true;
  const AHEAD = 8;  // rows beyond those in view that the page holds, too: a table of all would be slow to paint
  const HEARD = 2000;  // milliseconds after which what the kernel has heard is surely on disk
  const SETTLE = 200;  // milliseconds on a row until it is the chosen one
  const grids = new WeakMap();

  const made = (tag, parent, text = '', kind = '') => {
    const one = document.createElement(tag);
    if (text) one.textContent = text;
    if (kind) one.className = kind;
    parent?.append(one);
    return one;
  };
  // As the form shows text elsewhere: characters that turn the text around them are written out.
  const plain = text => text.replace(/[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, one => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const quoted = text => /[\t\n\r"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

  class Grid {
    constructor(box) {
      this.box = box;
      Object.assign(this, {sent: 0, focused: 0, born: '', unsaved: [], choices: 0, pending: [], columns: [], rows: [], view: [], drawn: [], sort: null, editor: null, chosen: '', height: 28});
      this.at = this.to = {row: null, column: 0};
      this.marked = {first: 1, last: 0};
      this.places = new Map();
      this.byId = new Map();
      const host = box.querySelector('.grid-host .widget-html-content');
      host.replaceChildren();
      this.body = made('div', host, '', 'grid-body');
      this.tools();
      this.scroll = made('div', this.body, '', 'grid-scroll');
      this.scroll.tabIndex = -1;
      this.table = made('table', this.scroll);
      this.table.setAttribute('role', 'grid');
      this.head = made('tr', made('thead', this.table));
      this.lines = made('tbody', this.table);
      this.above = made('tr', null, '', 'grid-space');
      this.below = made('tr', null, '', 'grid-space');
      for (const one of [this.above, this.below]) one.setAttribute('aria-hidden', 'true');
      this.scroll.addEventListener('scroll', () => this.draw());
      new ResizeObserver(() => this.draw()).observe(this.scroll); // the room for rows grows with the first, and with the window
      this.words = made('p', this.body, '', 'grid-words');
      this.words.setAttribute('role', 'status');
      this.keys();
      for (const kind of ['keydown', 'mousedown', 'mouseover', 'mouseup', 'click', 'dblclick', 'focusin', 'focusout', 'copy', 'paste'])
        this.scroll.addEventListener(kind, event => this[`on_${kind}`](event));
      document.addEventListener('mouseup', () => { this.dragging = false; });
    }

    tools() {
      const bar = made('div', this.body, '', 'grid-tools');
      this.finding = made('label', bar, 'Find ', 'find');
      this.find = made('input', this.finding);
      this.find.type = 'search';
      this.find.placeholder = 'in all cells';
      this.find.addEventListener('input', () => this.arrange());
      const press = (text, hint, act) => {
        const one = made('button', bar, text);
        one.type = 'button';
        one.title = hint;
        one.addEventListener('click', act);
        return one;
      };
      press('Fill down', 'Gives the cells below what the first marked cell has (Ctrl+D)', () => { this.fill(); this.focus(); });
      this.copier = press('Duplicate', '', () => this.at.row?.id && this.send({do: 'copy', id: this.at.row.id}));
      this.remover = press('Remove row', 'Takes the row of the marked cell out', () => this.at.row?.id && this.send({do: 'remove', id: this.at.row.id}));
      this.count = made('span', bar, '', 'grid-count');
    }

    keys() {
      const more = made('details', this.body);
      made('summary', more, 'Keys of the table, and how to paste from Excel');
      for (const text of [
        'Type into a cell, or press Enter or F2 to change what stands there; Enter ends it and goes down, Tab to the right, Esc takes it back. In the last row you begin a new one.',
        'Copy cells in Excel and press Ctrl+V on the cell that the first one goes to: what was understood is shown before it is taken over. With a row of headings, columns go where their headings say, and rows where their names do.',
        'Shift and arrows mark several cells; Ctrl+D fills them from the first, Delete empties them, Ctrl+C copies them. Enter on a heading sorts.',
        'Tab at the end of a row that was not changed leaves the table, and so does Esc.',
      ]) made('p', more, text);
    }

    // What comes from the kernel

    take(data) {
      if (data === this.data) return;
      this.data = data;
      const state = JSON.parse(data.dataset.state);
      this.sent = Math.max(this.sent, state.done);
      this.pending = this.pending.filter(one => one.n > state.done);
      this.wait();
      this.store = `align-grid-unsaved ${state.client} ${state.title}`;
      const heard = this.unsaved.filter(one => one.n <= state.done && !one.heard);
      for (const one of heard) one.heard = true;
      if (heard.length) setTimeout(() => this.remember(this.unsaved.filter(one => !heard.includes(one))), HEARD);
      this.decimal = state.decimal || '.';
      this.one = state.one;
      this.title = state.title;
      this.table.setAttribute('aria-label', `${state.title}, as a table`);
      this.copier.title = `Makes a second ${state.one} like this one`;
      this.finding.hidden = !state.list;
      this.remover.hidden = state.list;
      this.shape(state.columns);
      const before = this.byId;
      this.byId = new Map();
      this.rows = state.rows.map(([id, name, cells, held, marks]) => {
        const row = before.get(id) ?? before.get(name || null) ?? this.row(id);
        Object.assign(row, {id, cells, held, marks});
        this.byId.set(id, row);
        return row;
      });
      const waiting = this.pending.filter(one => one.do === 'set').flatMap(one => one.cells);
      for (const [id, row] of before) {  // rows that the kernel has not made yet
        if (this.rows.includes(row) || !waiting.some(one => one[0] === id)) continue;
        this.byId.set(id, row);
        this.rows.push(row);
      }
      for (const [id, key, value] of waiting) {
        const at = this.columns.findIndex(one => one.key === key), row = this.byId.get(id);
        if (row && at >= 0) this.put(row, at, value);
      }
      this.ghost ??= this.row(null);
      Object.assign(this.ghost, {cells: this.columns.map(() => ''), held: {}, marks: {}});
      this.arrange(true);
      if (!this.rows.includes(this.at.row) && this.at.row !== this.ghost) this.move(this.view[0], Math.min(this.at.column, this.columns.length - 1));
      if (state.choices > this.choices) {
        Object.assign(this, {choices: state.choices, chosen: state.chosen});
        const row = this.byId.get(state.chosen);
        if (row && !this.editor && row !== this.at.row) this.move(row, 0);
      }
      if (state.focus > this.focused) {
        this.focused = state.focus;
        this.focus();
      }
      this.say();
      if (this.born) return;
      this.born = state.born;
      const left = JSON.parse(sessionStorage.getItem(this.store) || '[]');
      this.unsaved = left.filter(one => one.born === this.born);
      const lost = left.filter(one => one.born !== this.born);
      if (lost.length) this.offer(lost);
    }

    // What was typed and is not surely saved: kept in the window, and offered when the form is open again

    remember(unsaved) {
      this.unsaved = unsaved;
      sessionStorage.setItem(this.store, JSON.stringify(unsaved));
    }

    offer(lost) {
      const box = made('div', null, '', 'grid-offer');
      box.setAttribute('role', 'status');
      made('h4', box, 'Typed into this table before the form stopped, and not surely saved');
      const list = made('ul', box);
      for (const one of lost) made('li', list, plain(`${[one.row, one.label].filter(Boolean).join(', ')}: ${one.shown || '(emptied)'}`));
      const press = (text, act) => {
        const button = made('button', box, text);
        button.type = 'button';
        button.addEventListener('click', () => { box.remove(); this.remember(this.unsaved); act(); });
      };
      press('Put it back', () => {
        const begun = new Map();
        for (const one of lost) {
          const at = this.columns.findIndex(column => column.key === one.key);
          const row = this.byId.get(one.id) ?? begun.get(one.id) ?? (one.id.startsWith('new-') ? this.ghost : null);
          if (at < 0 || !row) continue;
          begun.set(one.id, row);
          this.set(row, at, one.value);
        }
        this.arrange(true);
      });
      press('Leave it out', () => {});
      this.body.prepend(box);
    }

    shape(columns) {
      const same = JSON.stringify(columns.map(({options, ...one}) => one)) === this.shaped;
      this.columns = columns;
      if (same) return;
      this.close();
      this.shaped = JSON.stringify(columns.map(({options, ...one}) => one));
      this.byId = new Map();
      this.rows = [];
      this.ghost = null;
      this.drawn = [];
      this.lines.replaceChildren(this.above, this.below);
      this.head.replaceChildren();
      const corner = made('th', this.head, '#', 'grid-number');
      corner.scope = 'col';
      this.heads = columns.map((column, at) => {
        const one = made('th', this.head, column.label, at ? '' : 'grid-name');
        one.scope = 'col';
        one.tabIndex = -1;
        one.style.width = `${column.width}rem`;
        one.title = `${column.label.replace('→', 'Contribution to')}: press to sort`;
        return one;
      });
      this.table.style.width = `calc(2.6rem + ${columns.reduce((sum, one) => sum + one.width, 0)}rem)`;
      this.sort = null;
      this.at = this.to = {row: null, column: 0};
    }

    row(id) { return {id, cells: [], held: {}, marks: {}}; }

    dress(row) {
      if (row.line) return;
      row.line = document.createElement('tr');
      row.number = made('th', row.line, '', 'grid-number');
      row.number.scope = 'row';
      row.tds = this.columns.map((column, at) => {
        const td = made('td', row.line, '', `${column.figure ? 'figure' : ''}${at ? '' : ' grid-name'}`.trim());
        td.tabIndex = -1;
        td.setAttribute('role', 'gridcell');
        const text = made('span', td, '', 'grid-text');
        if (!at && row.id === null) text.dataset.new = this.one === 'row' ? 'Type here' : `New ${this.one}: type here`;
        td.place = {row, column: at};
        return td;
      });
      if (row.id === null) row.line.className = 'grid-new';
    }

    put(row, at, value) {
      const column = this.columns[at];
      if (!column.options.length && !Array.isArray(value)) row.cells[at] = value;
      else {
        row.held[at] = value;
        row.cells[at] = [value].flat().filter(Boolean).map(one => column.options.find(([id]) => id === one)?.[1] ?? one).join('; ');
      }
    }

    paint(row) {
      this.dress(row);
      const shown = row.id === null ? '' : String(row.place);
      if (row.number.textContent !== shown) row.number.textContent = shown;
      row.line.setAttribute('aria-rowindex', this.places.get(row) + 2);
      const whole = row.marks[-1], {first, last, left, right} = this.marked;
      row.number.classList.toggle('wrong', whole?.[0] === 'wrong');
      row.number.title = whole?.[1] ?? '';
      const at = this.places.get(row), inside = at >= first && at <= last;
      row.tds.forEach((td, column) => {
        const mark = row.id === null ? null : row.marks[column], text = plain(row.cells[column] ?? '');
        if (td.firstChild.textContent !== text) td.firstChild.textContent = text;
        td.classList.toggle('wrong', mark?.[0] === 'wrong');
        td.classList.toggle('gap', mark?.[0] === 'gap');
        td.classList.toggle('in', inside && column >= left && column <= right);
        const title = mark ? (mark[0] === 'wrong' ? mark[1] : '') : text.length > 12 ? text : '';
        if (td.title !== title) td.title = title;
        if (mark?.[0] === 'wrong') td.setAttribute('aria-invalid', 'true'); else td.removeAttribute('aria-invalid');
      });
    }

    draw() {
      const room = this.scroll.clientHeight || 416, top = this.scroll.scrollTop, count = this.view.length;
      const from = Math.max(0, Math.min(count - 1, Math.floor(top / this.height)) - AHEAD), to = Math.min(count, Math.ceil((top + room) / this.height) + AHEAD);
      const rows = this.view.slice(from, to);
      rows.forEach(row => this.paint(row));
      const wanted = [this.above, ...rows.map(row => row.line), this.below], now = this.lines.children;
      const active = document.activeElement, inside = this.lines.contains(active), keep = new Set(wanted);
      if (this.editor && !keep.has(this.editor.row.line)) this.close();
      for (const line of [...now]) if (!keep.has(line)) line.remove();
      wanted.forEach((line, at) => { if (now[at] !== line) this.lines.insertBefore(line, now[at] ?? null); });
      for (const [one, hidden] of [[this.above, from], [this.below, count - to]]) one.style.height = `${hidden * this.height}px`;
      this.drawn = rows;
      const height = rows[0]?.line.getBoundingClientRect().height;
      if (height && Math.abs(height - this.height) > 0.1) { this.height = height; return this.draw(); }
      if (inside && active !== document.activeElement) (active.isConnected ? active : this.scroll).focus({preventScroll: true});
      return undefined;
    }

    // Which rows show, and in which order

    arrange(keep = false) {
      const wanted = this.find.value.trim().toLowerCase();
      let rows = [...this.rows];
      if (this.sort) {
        const {column, down} = this.sort, {figure} = this.columns[column];
        if (!keep || !this.sort.ranks) {
          rows.sort((a, b) => this.compare(a.cells[column] ?? '', b.cells[column] ?? '', figure, down));
          this.sort.ranks = new Map(rows.map((row, at) => [row, at]));
        }
        rows.sort((a, b) => (this.sort.ranks.get(a) ?? Infinity) - (this.sort.ranks.get(b) ?? Infinity) || 0);
      }
      if (wanted) rows = rows.filter(row => row === this.editor?.row || row.cells.some(text => text.toLowerCase().includes(wanted)));
      this.rows.forEach((row, at) => { row.place = at + 1; });
      this.view = wanted ? rows : [...rows, this.ghost];
      this.places = new Map(this.view.map((row, at) => [row, at]));
      this.span();
      this.draw();
      this.table.setAttribute('aria-rowcount', this.rows.length + 1);
      const hidden = this.rows.length - rows.length;
      this.count.textContent = hidden ? `${rows.length} of ${this.rows.length} shown` : `${this.rows.length} ${this.rows.length === 1 ? 'row' : 'rows'}`;
      this.mark();
    }

    compare(a, b, figure, down) {
      if (!a || !b) return a ? -1 : b ? 1 : 0;  // what is missing stands last, either way
      let order;
      if (figure) {
        const number = text => Number(text.replaceAll(this.decimal === ',' ? '.' : ',', '').replace(',', '.'));
        order = number(a) - number(b);
        if (Number.isNaN(order)) order = Number.isNaN(number(a)) - Number.isNaN(number(b));
      } else order = a.localeCompare(b, undefined, {numeric: true, sensitivity: 'base'});
      return down ? -order : order;
    }

    order(at) {
      const now = this.sort?.column === at ? this.sort : null;
      this.sort = !now ? {column: at, down: false} : now.down ? null : {column: at, down: true};
      this.heads.forEach((one, each) => {
        const sort = this.sort?.column === each ? this.sort : null;
        one.classList.toggle('sorted-up', !!sort && !sort.down);
        one.classList.toggle('sorted-down', !!sort?.down);
        one.setAttribute('aria-sort', sort ? sort.down ? 'descending' : 'ascending' : 'none');
      });
      this.arrange();
    }

    // Where one is

    move(row, column, stretch = false) {
      if (!row) return;
      this.at = {row, column};
      if (!stretch) this.to = this.at;
      this.mark();
    }

    cell() {
      if (this.at.row) this.dress(this.at.row);
      return this.at.row?.tds[this.at.column];
    }

    focus() {
      const td = this.cell(), place = this.places.get(this.at.row);
      if (!td || place === undefined) return;
      const head = this.head.getBoundingClientRect().height, {scrollTop, clientHeight} = this.scroll, top = place * this.height;
      if (top < scrollTop) this.scroll.scrollTop = top;
      else if (head + top + this.height > scrollTop + clientHeight) this.scroll.scrollTop = head + top + this.height - clientHeight;
      this.draw();
      td.focus({preventScroll: true});
      td.scrollIntoView({block: 'nearest', inline: 'nearest'});
    }

    range() {
      const places = [this.at, this.to].map(({row}) => this.view.indexOf(row)), columns = [this.at.column, this.to.column];
      const rows = this.view.slice(Math.min(...places), Math.max(...places) + 1);
      return {rows, columns: this.columns.map((_, at) => at).slice(Math.min(...columns), Math.max(...columns) + 1)};
    }

    span() {
      const {rows, columns} = this.range(), first = this.places.get(rows[0]);
      const several = rows.length * columns.length > 1;
      this.marked = several ? {first, last: first + rows.length - 1, left: columns[0], right: columns.at(-1)} : {first: 1, last: 0};
    }

    mark() {
      this.span();
      this.drawn.forEach(row => this.paint(row));
      const td = this.cell();
      if (this.tabbed !== td) {
        if (this.tabbed) { this.tabbed.tabIndex = -1; this.tabbed.classList.remove('here'); }
        if (td) td.tabIndex = 0;
        this.tabbed = td;
      }
      td?.classList.add('here');
      this.say();
    }

    say() {
      const {row, column} = this.at;
      const mark = row?.id ? row.marks[column] ?? row.marks[-1] : null;
      const text = mark ? `${plain(row.cells[0] || `Row ${row.place}`)}, ${this.columns[row.marks[column] ? column : 0].label}: ${mark[1]}` : '';
      if (this.words.textContent !== text) this.words.textContent = text;
      this.words.className = `grid-words ${mark?.[0] ?? ''}`;
    }

    // What goes to the kernel

    send(message, same = '') {
      if (same && this.pending.at(-1)?.same === same) this.pending.pop();
      this.pending.push({...message, same, n: ++this.sent});
      const field = this.box.querySelector('.grid-heard textarea');
      field.value = JSON.stringify(this.pending);
      field.dispatchEvent(new Event('input', {bubbles: true}));
      this.wait();
    }

    // The heartbeat calls nothing saved while something typed here has not been heard.
    wait() { this.box.toggleAttribute('data-waiting', this.pending.some(one => one.do === 'set')); }

    set(row, at, value, again = false) {
      if (row === this.ghost) {
        this.dress(row);
        row.id = `new-${this.sent + 1}`;
        row.line.className = '';
        row.tds[0].firstChild.removeAttribute('data-new');
        this.rows.push(row);
        this.byId.set(row.id, row);
        this.ghost = this.row(null);
        Object.assign(this.ghost, {cells: this.columns.map(() => ''), held: {}, marks: {}});
        this.changed = row;
        this.put(row, at, value);
        this.arrange(true);
      } else this.put(row, at, value);
      this.changed = row;
      const {key, label} = this.columns[at];
      const edit = {born: this.born, n: this.sent + 1, id: row.id, key, value, row: row.cells[0], label, shown: row.cells[at]};
      this.remember([...this.unsaved.filter(one => one.id !== row.id || one.key !== key), edit]);
      this.send({do: 'set', cells: [[row.id, key, value]], again}, again ? `${row.id}/${key}` : '');
    }

    choose() {
      clearTimeout(this.settling);
      const row = this.at.row;
      this.settling = setTimeout(() => {
        if (!row?.id || row !== this.at.row || row.id === this.chosen) return;
        this.chosen = row.id;
        this.send({do: 'choose', id: row.id}, 'choose');
      }, SETTLE);
    }

    fill() {
      let {rows, columns} = this.range();
      if (rows.length === 1) rows = [this.view[this.view.indexOf(rows[0]) - 1], ...rows];
      rows = rows.filter(row => row?.id);
      if (rows.length > 1) this.send({do: 'fill', ids: rows.map(row => row.id), keys: columns.map(at => this.columns[at].key)});
    }

    empty() {
      const {rows, columns} = this.range();
      const cells = rows.filter(row => row.id).flatMap(row => columns.map(at => [row, at]));
      for (const [row, at] of cells) this.put(row, at, '');
      if (cells.length) this.send({do: 'set', cells: cells.map(([row, at]) => [row.id, this.columns[at].key, ''])});
      this.arrange(true);
    }

    block(text) {
      const {rows, columns} = this.range(), from = this.view.indexOf(rows[0]);
      this.send({do: 'paste', text, ids: this.view.slice(from).filter(row => row.id).map(row => row.id), key: this.columns[columns[0]].key});
    }

    // Changing a cell

    edit(keep) {
      const {row, column} = this.at, spec = this.columns[column], td = this.cell();
      if (!td || this.editor) return;
      this.to = this.at;
      this.mark();
      if (spec.kind === 'several') return this.several(row, column, td);
      const isList = spec.options.length > 0 || spec.kind === 'one' || spec.kind === 'choice';
      const one = made(isList ? 'select' : spec.kind === 'long' ? 'textarea' : 'input', td, '', 'grid-editor');
      one.setAttribute('aria-label', `${spec.label}, ${plain(row.cells[0] || `new ${this.one}`)}`);
      const held = row.held[column] ?? '', before = isList ? held : row.cells[column] ?? '';
      if (isList) {
        for (const [value, text] of [['', 'not said'], ...spec.options]) made('option', one, text).value = value;
        if (held && one.value !== held) { one.value = held; if (one.value !== held) { made('option', one, `${held}: not recorded`).value = held; } }
        one.value = held;
      } else {
        one.value = keep ? before : '';
        one.placeholder = spec.hint;
      }
      td.classList.add('editing');
      this.editor = {row, column, one, before, td, isNew: row === this.ghost};
      one.addEventListener('input', () => this.typed());
      one.focus();
      if (!isList && keep) one.setSelectionRange(one.value.length, one.value.length);
      return undefined;
    }

    typed() {
      const {row, column, one} = this.editor;
      this.set(row, column, one.value, true);
      this.editor.touched = true;
    }

    several(row, column, td) {
      const spec = this.columns[column], box = made('div', this.body, '', 'grid-several');
      box.setAttribute('role', 'group');
      box.setAttribute('aria-label', `${spec.label}, ${plain(row.cells[0] || `new ${this.one}`)}`);
      const held = [row.held[column] ?? []].flat();
      const known = new Set(spec.options.map(([value]) => value));
      for (const [value, text] of [...spec.options, ...held.filter(one => !known.has(one)).map(one => [one, `${one}: not recorded`])]) {
        if (value === row.id) continue;
        const label = made('label', box), tick = made('input', label);
        tick.type = 'checkbox';
        tick.value = value;
        tick.checked = held.includes(value);
        label.append(` ${text}`);
      }
      if (!box.children.length) made('p', box, 'Nothing is recorded yet that could be chosen here.');
      box.tabIndex = -1;
      const place = td.getBoundingClientRect(), home = this.body.getBoundingClientRect();
      box.style.left = `${Math.max(0, Math.min(place.left - home.left, home.width - 240))}px`;
      box.style.top = `${place.bottom - home.top}px`;
      this.editor = {row, column, one: box, before: held, td, isSeveral: true};
      box.addEventListener('change', () => {
        this.set(row, column, [...box.querySelectorAll('input:checked')].map(tick => tick.value));
        this.paint(row);
      });
      box.addEventListener('keydown', event => {
        const ticks = [...box.querySelectorAll('input')], at = ticks.indexOf(document.activeElement);
        if (event.key === 'ArrowDown' || event.key === 'ArrowUp') ticks[Math.max(0, Math.min(ticks.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1)))]?.focus();
        else if (['Escape', 'Enter', 'Tab'].includes(event.key)) {
          this.close();
          if (event.key === 'Tab') this.step(event.shiftKey ? -1 : 1, event); else this.focus();
        } else return;
        event.preventDefault();
        event.stopPropagation();
      });
      box.addEventListener('focusout', event => { if (!box.contains(event.relatedTarget)) this.close(); });
      box.scrollIntoView({block: 'nearest'});
      (box.querySelector('input:checked') ?? box.querySelector('input') ?? box).focus({preventScroll: true});
    }

    close(back = false) {
      const {editor} = this;
      if (!editor) return;
      this.editor = null;
      if (back && editor.touched) this.set(editor.row, editor.column, editor.before, true);
      editor.td.classList.remove('editing');
      editor.one.remove();
      this.arrange(true);
    }

    step(by, event) {
      const {row, column} = this.at, next = column + by;
      if (next >= 0 && next < this.columns.length) this.move(row, next);
      else if (this.changed === row && by > 0) this.move(this.view[this.view.indexOf(row) + 1] ?? row, 0);
      else return false;
      event.preventDefault();
      this.focus();
      this.choose();
      return true;
    }

    down(by) {
      const at = this.view.indexOf(this.at.row) + by;
      if (at >= 0 && at < this.view.length) this.move(this.view[at], this.at.column);
      this.focus();
      this.choose();
    }

    // What a person does

    on_keydown(event) {
      if (event.isComposing) return;
      const head = event.target.closest('thead th');
      if (head) return this.on_head(event, head);
      if (event.target === this.scroll) this.focus();
      const {key} = event, control = event.ctrlKey || event.metaKey;
      if (this.editor) {
        const isList = this.editor.one.tagName === 'SELECT';
        if (key === 'Enter' && !(event.altKey && this.editor.one.tagName === 'TEXTAREA')) { this.close(); this.down(event.shiftKey ? -1 : 1); }
        else if (key === 'Tab') { this.close(); if (!this.step(event.shiftKey ? -1 : 1, event)) { this.focus(); return; } }
        else if (key === 'Escape') { this.close(true); this.focus(); }
        else if (control && key.toLowerCase() === 'd') { this.close(); this.fill(); this.focus(); }
        else { if (!isList) event.stopPropagation(); return; }
        event.preventDefault();
        event.stopPropagation();
        return;
      }
      const arrows = {ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-10, 0], PageDown: [10, 0]}[key];
      if (key === 'Tab') { this.step(event.shiftKey ? -1 : 1, event); return; }
      if (arrows) {
        const from = this.view.indexOf(this.at.row) + arrows[0];
        if (from < 0 && key === 'ArrowUp') { this.heads[this.at.column].focus(); event.preventDefault(); return; }
        const rows = control && arrows[0] ? (arrows[0] < 0 ? 0 : this.view.length - 1) : Math.max(0, Math.min(this.view.length - 1, from));
        const columns = control && arrows[1] ? (arrows[1] < 0 ? 0 : this.columns.length - 1) : Math.max(0, Math.min(this.columns.length - 1, this.at.column + arrows[1]));
        this.move(this.view[rows], columns, event.shiftKey);
        this.focus();
        this.choose();
      } else if (key === 'Home' || key === 'End') {
        this.move(control ? this.view.at(key === 'Home' ? 0 : -1) : this.at.row, key === 'Home' ? 0 : this.columns.length - 1, event.shiftKey);
        this.focus();
        this.choose();
      } else if (key === 'Enter' || key === 'F2') this.edit(true);
      else if (key === 'Delete' || key === 'Backspace') this.empty();
      else if (control && key.toLowerCase() === 'd') this.fill();
      else if (key === 'Escape') this.leave();
      else if (key.length === 1 && !control && !event.altKey) {
        this.edit(false);
        if (this.editor?.one.tagName === 'SELECT') this.begin(key);
        else if (!this.editor?.isSeveral) { event.stopPropagation(); return; }  // the key goes into the field that has the focus now
      } else return;
      event.preventDefault();
      event.stopPropagation();
    }

    begin(key) {
      const {one} = this.editor;
      const found = [...one.options].find(option => option.textContent.toLowerCase().startsWith(key.toLowerCase()));
      if (!found || found.selected) return;
      found.selected = true;
      this.typed();
    }

    on_head(event, head) {
      const at = this.heads.indexOf(head);
      if (event.key === 'Enter' || event.key === ' ') this.order(at);
      else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') this.heads[at + (event.key === 'ArrowLeft' ? -1 : 1)]?.focus();
      else if (event.key === 'ArrowDown') { this.move(this.view[0], at); this.focus(); }
      else if (event.key === 'Escape') this.leave();
      else return;
      event.preventDefault();
    }

    leave() {
      const all = [...this.box.ownerDocument.querySelectorAll('.intake :is(input, select, textarea, button, summary)')];
      all.find(one => one.checkVisibility() && !one.disabled && this.scroll.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING && !this.scroll.contains(one))?.focus();
    }

    on_mousedown(event) {
      const td = event.target.closest('td');
      if (!td?.place || td.contains(this.editor?.one ?? null)) return;
      this.close();
      this.again = td === this.cell() && document.activeElement === td && !event.shiftKey;
      this.move(td.place.row, td.place.column, event.shiftKey);
      this.dragging = true;
      event.preventDefault();
      this.focus();
      this.choose();
    }

    on_mouseover(event) {
      const td = this.dragging && event.buttons && event.target.closest('td');
      if (td?.place && td !== this.cell()) { this.again = false; this.move(td.place.row, td.place.column, true); }
    }

    on_mouseup() { this.dragging = false; }

    on_click(event) {
      const head = event.target.closest('thead th');
      if (head && this.heads.includes(head)) this.order(this.heads.indexOf(head));
      else if (this.again && event.target.closest('td') === this.cell()) this.edit(true);
    }

    on_dblclick(event) { if (event.target.closest('td')?.place) this.edit(true); }

    on_focusin(event) {
      const td = event.target;
      if (td.place && td !== this.cell()) this.move(td.place.row, td.place.column);
    }

    on_focusout(event) { if (this.editor && event.target === this.editor.one && !this.editor.isSeveral) this.close(); }

    on_copy(event) {
      if (this.editor) return;
      const {rows, columns} = this.range();
      event.clipboardData.setData('text/plain', rows.map(row => columns.map(at => quoted(row.cells[at] ?? '')).join('\t')).join('\n'));
      event.preventDefault();
      event.stopPropagation();
    }

    on_paste(event) {
      const text = event.clipboardData.getData('text/plain'), bare = text.replace(/\r?\n$/, '');
      const spec = this.columns[this.at.column];
      if (!/[\t\n\r]/.test(bare)) {
        if (this.editor || !bare) return;
        if (!spec.options.length && !['one', 'several', 'choice'].includes(spec.kind)) {
          for (const row of this.range().rows) this.set(row, this.at.column, bare);
          this.arrange(true);
          event.preventDefault();
          event.stopPropagation();
          return;
        }
      }
      this.close();
      this.block(text);
      event.preventDefault();
      event.stopPropagation();
    }
  }

  let waiting = false;
  const look = () => {
    waiting = false;
    for (const box of document.querySelectorAll('.intake .grid')) {
      const data = box.querySelector('.grid-state [data-state]');
      if (!data || !box.querySelector('.grid-host .widget-html-content') || !box.querySelector('.grid-heard textarea')) continue;
      if (!grids.has(box) || !box.contains(grids.get(box).body)) grids.set(box, new Grid(box));
      grids.get(box).take(data);
    }
  };
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    setTimeout(look, 0);
  }).observe(document.documentElement, {childList: true, subtree: true});
  look();
}
