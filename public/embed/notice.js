// Notices that the element shows without the program.

/**
 * Makes a notice that is read out: at once where it has a button, else when there is nothing else to say.
 * @param {string} words
 * @param {HTMLButtonElement} [button]
 * @returns {HTMLElement}
 */
export function makeNotice(words, button) {
  const frame = document.createElement('div');
  frame.lang = 'fr';
  frame.className = 'habilitation';
  const notice = document.createElement('p');
  notice.setAttribute('role', button ? 'alert' : 'status');
  notice.textContent = words;
  frame.append(notice);
  if (button) frame.append(button);
  return frame;
}

/**
 * Makes the button that loads the request again.
 * @param {() => void} press
 * @returns {HTMLButtonElement}
 */
export function makeReloadButton(press) {
  const button = document.createElement('button');
  button.className = 'button';
  button.textContent = 'Recharger la demande';
  button.addEventListener('click', press);
  return button;
}
