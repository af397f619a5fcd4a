// The notice that the page is late, or does not come. Its words stand in index.html: that the page is late, that it does not come,
// and that what was typed is kept. The style sheet shows the first ones by itself where no script arrives.

/** Milliseconds after which the person is told that the page is late. */
const PATIENCE = 7000;

/**
 * Waits for the page.
 * @param {() => boolean} isKept whether the tab keeps something that the person typed
 */
export const wait = (isKept) => {
  const notice = /** @type {HTMLElement} */ (document.getElementById('notice'));
  const late = setTimeout(() => (notice.hidden = false), PATIENCE);
  return {
    /** Tells that the page does not come. */
    fail: () => {
      clearTimeout(late);
      const [isLate, isMissing, typedIsKept] = notice.querySelectorAll('p');
      const update = () => {
        if (isLate) isLate.hidden = true;
        if (isMissing) isMissing.hidden = false;
        if (typedIsKept) typedIsKept.hidden = !isKept();
      };
      update();
      addEventListener('input', update);
      notice.hidden = false;
    },
    /** Takes the notice away: the page has come. */
    end: () => {
      clearTimeout(late);
      notice.remove();
    },
  };
};
