// Slides are projected where there is room for them; elsewhere they stay a page to scroll through.
if (window.matchMedia("(min-width: 700px)").matches) {
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
    progress: true,
    slideNumber: "c/t",
    hash: false,
    history: false,
    postMessage: false,
    scrollActivationWidth: null,
    backgroundTransition: "none",
    transition: "none",
  });
}
