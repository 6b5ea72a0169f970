// JupyterLab takes keys pressed on a list or a button in an output for commands of its own (an arrow leaves the list,
// two d's delete the cell), unless the element itself says that it must not. Widgets cannot say so from Python, nor
// tie a message to its field for a screen reader: both are done here, when something in the form gets the focus.
if (!window.alignIntakeKeys) {
  window.alignIntakeKeys = true;
  let number = 0;
  const settle = one => {
    if (!one.closest || !one.closest('.align-tool')) return;
    one.setAttribute('data-lm-suppress-shortcuts', 'true');
    const field = one.closest('.intake-field');
    const message = field && field.querySelector('.under');
    if (!message || !one.matches('input, textarea, select')) return;
    message.id = message.id || `intake-message-${++number}`;
    one.setAttribute('aria-describedby', message.id);
    one.setAttribute('aria-invalid', String(!!message.querySelector('.wrong')));
  };
  document.addEventListener('focusin', event => settle(event.target));
  document.addEventListener('input', event => setTimeout(() => settle(event.target), 300));

  // Another section begins at its top, however far down one was in the last.
  document.addEventListener('change', ({target}) => {
    const body = target.closest?.('.align-tool .sections') && target.closest('.menu').parentElement;
    const bar = body && body.parentElement.querySelector(':scope > .bar');
    if (bar && body.getBoundingClientRect().top < bar.getBoundingClientRect().bottom - 1) body.scrollIntoView({block: 'start'});
  });

  // The menu is a drop-down where there is no room for it as a list; widgets set its lines again with each choice.
  const NARROW = 640, known = new WeakSet();
  const fit = select => {
    if (select.size > 1) select.dataset.rows = select.size;
    const size = select.closest('.align-tool')?.clientWidth <= NARROW ? 1 : Number(select.dataset.rows || select.size);
    if (select.size !== size) select.size = size;
  };
  const fitAll = () => {
    for (const form of document.querySelectorAll('.jp-NotebookPanel .align-tool:not([data-seen])')) {
      form.dataset.seen = '';
      form.scrollIntoView({block: 'start'});
    }
    for (const select of document.querySelectorAll('.align-tool .sections select')) {
      if (!known.has(select)) new MutationObserver(() => fit(select)).observe(select, {attributeFilter: ['size']});
      known.add(select);
      fit(select);
    }
  };
  addEventListener('resize', fitAll);
  setInterval(fitAll, 500);
}
