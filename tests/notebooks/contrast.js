// Text below a root whose contrast with its ground is under a limit (WCAG 2 relative luminance).
const [root, limit] = arguments;

function channels(colour) {
  return colour.match(/[\d.]+/g).map(Number);
}

function luminance([r, g, b]) {
  const [x, y, z] = [r, g, b].map((c) => {
    const v = c / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * x + 0.7152 * y + 0.0722 * z;
}

function ground(node) {
  for (let at = node; at; at = at.parentElement) {
    const colour = channels(getComputedStyle(at).backgroundColor);
    if (colour.length < 4 || colour[3] > 0) return colour;
  }
  return [255, 255, 255];
}

const poor = [];
for (const node of document.querySelectorAll(`${root} *`)) {
  const own = [...node.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
  // The colour of text in a drawing is its fill.
  if (!own || !node.getClientRects().length || node.closest("svg, style, option")) continue;
  const [a, b] = [luminance(channels(getComputedStyle(node).color)), luminance(ground(node))];
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < limit) poor.push(`${ratio.toFixed(2)} ${node.tagName} ${node.textContent.trim().slice(0, 40)}`);
}
return poor;
