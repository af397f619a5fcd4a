// Style sheet of the shadow trees.

/**
 * Makes a style sheet in pixels of the text size that the person chose: `rem` would be that of the portal's root, which may be
 * anything.
 * @param {string} style
 * @param {ShadowRoot} root shadow tree in which that size can be measured
 * @returns {CSSStyleSheet}
 */
export function makeStyleSheet(style, root) {
  const probe = document.createElement('span');
  probe.style.font = 'medium sans-serif';
  root.append(probe);
  const size = parseFloat(getComputedStyle(probe).fontSize);
  probe.remove();
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style.replace(/(\d*\.?\d+)rem\b/g, (_, number) => `${number * size}px`));
  return sheet;
}
