// The presenter's copy: the key S opens the speaker view, which talks to its slides by messages.
const begin = Reveal.initialize;
Reveal.initialize = (options) => begin({ ...options, postMessage: true, plugins: [RevealNotes] });
