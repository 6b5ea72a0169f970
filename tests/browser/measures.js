// What the browser tests measure on a page; each function returns plain values, and lists of faults as text.
window.measures = (() => {
  const SLACK = 1; // CSS px; rounding at the projector's scale

  const name = (element) =>
    `<${element.tagName.toLowerCase()}${element.className ? ` class="${element.className}"` : ""}> ` +
    `“${(element.textContent || "").trim().slice(0, 60)}”`;

  const folded = (element) => {
    const closed = element.closest("details:not([open])");
    return Boolean(closed) && !element.closest("summary");
  };

  // Text kept for screen readers alone is cut to a pixel on purpose.
  const seen = (element) => {
    if (folded(element) || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true })) return false;
    const box = element.getBoundingClientRect();
    return box.width > 1 && box.height > 1;
  };

  const lines = (root) => {
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.data.trim() || !seen(node.parentElement)) continue;
      const range = document.createRange();
      range.selectNodeContents(node);
      for (const box of range.getClientRects()) if (box.width > 1) found.push({ node, box });
    }
    return found;
  };

  const outside = (box, frame) =>
    box.left < frame.left - SLACK || box.top < frame.top - SLACK ||
    box.right > frame.right + SLACK || box.bottom > frame.bottom + SLACK;

  const cut = (element) => {
    const style = getComputedStyle(element);
    return (style.overflowX !== "visible" && element.scrollWidth > element.clientWidth + SLACK) ||
      (style.overflowY !== "visible" && element.scrollHeight > element.clientHeight + SLACK);
  };

  const all = () => [...document.querySelectorAll(".slides > section")];
  const showing = () => document.querySelector(".slides > section.present");

  return {
    slides: () => all().length,
    slide: () => (document.querySelector(".reveal.ready") ? all().indexOf(showing()) : -1),

    // Whether the slide that should show is the one in front.
    inFront: () => document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest("section") === showing(),

    overflowing: () => {
      const section = showing();
      const own = section.getBoundingClientRect();
      const frame = {
        left: Math.max(own.left, 0), top: Math.max(own.top, 0),
        right: Math.min(own.right, innerWidth), bottom: Math.min(own.bottom, innerHeight),
      };
      const found = [];
      if (section.scrollWidth > section.clientWidth + SLACK || section.scrollHeight > section.clientHeight + SLACK)
        found.push(`the slide holds ${section.scrollWidth}×${section.scrollHeight} px in ` +
          `${section.clientWidth}×${section.clientHeight}`);
      for (const element of [section, ...section.querySelectorAll("*")]) {
        if (!seen(element)) continue;
        if (outside(element.getBoundingClientRect(), frame)) found.push(`outside: ${name(element)}`);
        if (cut(element)) found.push(`cut off: ${name(element)}`);
      }
      for (const { node, box } of lines(section))
        if (outside(box, frame)) found.push(`text outside: “${node.data.trim().slice(0, 60)}”`);
      return found;
    },

    // Lines of different texts, and the deck's own buttons, that lie over each other.
    overlapping: () => {
      const placed = lines(showing() || document.body).map(({ node, box }) => ({ node, box, label: node.data.trim().slice(0, 40) }));
      for (const button of document.querySelectorAll(".reveal > .controls button"))
        if (seen(button)) placed.push({ node: button, box: button.getBoundingClientRect(), label: button.ariaLabel });
      const found = new Set();
      placed.forEach((one, index) => placed.slice(index + 1).forEach((other) => {
        const width = Math.min(one.box.right, other.box.right) - Math.max(one.box.left, other.box.left);
        const height = Math.min(one.box.bottom, other.box.bottom) - Math.max(one.box.top, other.box.top);
        if (one.node !== other.node && width > 2 && height > Math.min(one.box.height, other.box.height) / 2)
          found.add(`“${one.label}” and “${other.label}”`);
      }));
      return [...found];
    },

    // Text smaller than a number of CSS px, as it is shown: a chart may be scaled.
    small: (least) => {
      const found = [];
      for (const { node } of lines(showing() || document.body)) {
        const chart = node.parentElement.closest("svg");
        const scale = chart ? chart.getBoundingClientRect().width / chart.viewBox.baseVal.width : 1;
        const size = parseFloat(getComputedStyle(node.parentElement).fontSize) * scale;
        if (size < least - 0.1) found.push(`${size.toFixed(1)} px: “${node.data.trim().slice(0, 40)}”`);
      }
      return found;
    },

    // Text of charts that stands out from what it is drawn on by less than 4.5 : 1 (WCAG); other text is for axe.
    faint: () => {
      const channels = (colour) => (colour.match(/[\d.]+/g) || []).map(Number);
      const luminance = (colour) => {
        const [r, g, b] = channels(colour).slice(0, 3).map((value) => value / 255)
          .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const filled = (shape) => {
        const colour = channels(getComputedStyle(shape).fill);
        return colour.length >= 3 && colour[3] !== 0;
      };
      const found = [];
      for (const chart of (showing() || document.body).querySelectorAll("svg.chart")) {
        const drawn = [...chart.querySelectorAll("path, text")];
        drawn.forEach((text, index) => {
          if (text.tagName !== "text" || !seen(text)) return;
          const box = text.getBoundingClientRect();
          const x = box.left + box.width / 2, y = box.top + box.height / 2;
          const below = drawn.slice(0, index).filter((shape) => {
            const other = shape.getBoundingClientRect();
            return shape.tagName === "path" && filled(shape) &&
              other.left <= x && x <= other.right && other.top <= y && y <= other.bottom;
          }).pop();
          const [light, dark] = [luminance(getComputedStyle(text).fill), below ? luminance(getComputedStyle(below).fill) : 1]
            .sort((one, other) => other - one);
          const contrast = (light + 0.05) / (dark + 0.05);
          if (contrast < 4.5) found.push(`${contrast.toFixed(2)} : 1, “${text.textContent}”`);
        });
      }
      return found;
    },

    // Of a slide's body, the share that nothing stands in: from its last line, chart or table down to its foot.
    empty: () => {
      const section = showing(), body = section.querySelector(".body"), foot = section.querySelector(".foot");
      if (!body || section.querySelector(".cover")) return 0;
      const end = Math.max(...[...body.querySelectorAll("*")].filter(seen).map((one) => one.getBoundingClientRect().bottom));
      const top = body.getBoundingClientRect().top, bottom = foot.getBoundingClientRect().top;
      return (bottom - end) / (bottom - top);
    },

    // A slide's title of more than two lines or 105 letters, more than 23 rows, and more words than the design allows, figures,
    // a chart's own labels and its source apart: 100 beside a chart, 220 in a table, 460 in the ranked list.
    wordy: () => {
      const section = showing(), title = section.querySelector("h1, h2"), body = section.querySelector(".body");
      const rows = body.querySelectorAll("table:not(.data) tbody tr").length;
      const words = lines(body).map(({ node }) => node).filter((node, index, all) => all.indexOf(node) === index)
        .filter((node) => !node.parentElement.closest("svg, .source, summary, caption")).flatMap((node) => node.data.split(/\s+/)).filter((word) => /^\P{N}*\p{L}\P{N}*$/u.test(word)).length;
      const most = body.querySelector(".rank") ? 460 : body.querySelector("svg") ? 100 : 220;
      const high = title.getBoundingClientRect().height / parseFloat(getComputedStyle(title).lineHeight);
      return [
        ...(high > 2.1 ? [`a title of ${high.toFixed(1)} lines`] : []),
        ...(title.textContent.trim().length > 105 ? [`a title of ${title.textContent.trim().length} letters`] : []), ...(rows > 23 ? [`${rows} rows`] : []),
        ...(words > most ? [`${words} words, at most ${most}`] : []),
      ];
    },

    // What colours the elements of a slide hang on, those within charts apart: their names, classes and own colours.
    kinds: () => [...new Set([showing(), ...showing().querySelectorAll(":not(svg *)")].map((element) =>
      [element.tagName, element.getAttribute("class"), element.style.color, element.style.background].join(" ")))],

    // How far the page scrolls sideways, in CSS px.
    sideways: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,

    // On a phone: charts of rows that scroll, and text of theirs beyond the edges of the drawing.
    narrow: () => {
      const found = [];
      for (const chart of document.querySelectorAll(".chart.narrow")) {
        const picture = chart.closest(".picture"), frame = chart.getBoundingClientRect();
        if (!seen(chart)) found.push(`not shown: ${name(picture)}`);
        if (picture.scrollWidth > picture.clientWidth + SLACK) found.push(`scrolls: ${name(picture)}`);
        for (const { node, box } of lines(chart))
          if (outside(box, frame)) found.push(`text outside: “${node.data.trim().slice(0, 60)}”`);
      }
      return found;
    },

    // The printable area of a page in CSS px, by the document's own @page rule.
    paper: (width, height) => {
      const probe = document.body.appendChild(document.createElement("div"));
      probe.style.position = "absolute";
      const pixels = (length) => {
        probe.style.width = length || "0px";
        return probe.getBoundingClientRect().width;
      };
      const margin = { left: 0, right: 0, top: 0, bottom: 0 };
      let size = "";
      for (const sheet of document.styleSheets)
        for (const rule of sheet.cssRules)
          if (rule instanceof CSSPageRule && rule.style.getPropertyValue("size")) {
            size = rule.style.getPropertyValue("size");
            for (const side of Object.keys(margin))
              margin[side] = pixels(rule.style.getPropertyValue(`margin-${side}`));
          }
      const area = {
        size, width: pixels(width) - margin.left - margin.right, height: pixels(height) - margin.top - margin.bottom,
      };
      probe.remove();
      return area;
    },

    // Figures that would be wider or taller than the paper, cut off, or split between two pages.
    unprintable: (width, height) => {
      const found = [];
      for (const figure of document.querySelectorAll("figure")) {
        const box = figure.getBoundingClientRect();
        if (box.width > width + SLACK || box.height > height + SLACK)
          found.push(`${Math.round(box.width)}×${Math.round(box.height)} px: ${name(figure)}`);
        if (!getComputedStyle(figure).breakInside.startsWith("avoid")) found.push(`may be split: ${name(figure)}`);
        for (const element of [figure, ...figure.querySelectorAll("*")])
          if (seen(element) && (cut(element) || outside(element.getBoundingClientRect(), { ...box.toJSON(), left: 0, right: width })))
            found.push(`cut off: ${name(element)}`);
        for (const image of figure.querySelectorAll("img"))
          if (!image.complete || !image.naturalWidth) found.push(`not drawn: ${name(figure)}`);
      }
      return found;
    },

    text: () => {
      const copy = document.body.cloneNode(true);
      for (const element of copy.querySelectorAll("script, style")) element.remove();
      return copy.textContent;
    },
  };
})();
