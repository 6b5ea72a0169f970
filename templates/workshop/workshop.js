// The workshop's full screen, its place in JupyterLab once it is there, and what its widgets do not say to a screen reader.
if (!window.alignWorkshop) {
  window.alignWorkshop = true;
  document.addEventListener('click', event => {
    setTimeout(arrange, 100); // which section is pressed shows by then
    const panel = event.target.closest?.('.workshop .full-screen')?.closest('.workshop');
    if (!panel) return;
    if (document.fullscreenElement) document.exitFullscreen(); else panel.requestFullscreen();
  });
  document.addEventListener('fullscreenchange', () => {
    for (const button of document.querySelectorAll('.workshop .full-screen'))
      button.textContent = document.fullscreenElement ? 'Leave full screen' : 'Full screen';
  });
  const arrange = () => {
    for (const panel of document.querySelectorAll('.jp-NotebookPanel .workshop:not([data-seen])')) {
      panel.dataset.seen = '';
      setTimeout(() => panel.scrollIntoView({block: 'start'}), 500);
    }
    for (const scrolled of document.querySelectorAll('.workshop .result:not([tabindex])')) {
      for (const [name, value] of [['tabindex', '0'], ['role', 'region'], ['aria-label', 'The plan']]) scrolled.setAttribute(name, value);
    }
    for (const button of document.querySelectorAll('.workshop .sections button'))
      button.setAttribute('aria-pressed', button.classList.contains('mod-active'));
    for (const handle of document.querySelectorAll('.workshop .slid .noUi-handle:not([aria-label])'))
      handle.setAttribute('aria-label', handle.closest('.slid').querySelector('.widget-label')?.textContent || 'Points');
  };
  new MutationObserver(arrange).observe(document.body, {childList: true, subtree: true});
  arrange();
}
