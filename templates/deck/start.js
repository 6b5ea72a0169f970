// Slides are projected where there is room for them; elsewhere they stay a page to scroll through.
// The speaker view shows them small, in frames it calls receivers.
if (window.matchMedia("(min-width: 700px)").matches || window.location.search.includes("receiver")) {
  document.documentElement.classList.add("projected");
  document.getElementById("reveal-style").media = "screen";
  Reveal.initialize({
    width: 1280,
    height: 720,
    margin: 0,
    minScale: 0.2,
    maxScale: 4,
    center: false,
    controls: true,
    keyboard: true,
    // What has the focus answers Enter, Space and the arrows up and down itself; those to the sides turn slides all the same.
    keyboardCondition: (event) => ["ArrowLeft", "ArrowRight"].includes(event.key) || !event.target.closest("summary, button, details[open]"),
    progress: true,
    slideNumber: false,
    hash: false,
    history: false,
    postMessage: false,
    scrollActivationWidth: null,
    backgroundTransition: "none",
    transition: "none",
  });
}
