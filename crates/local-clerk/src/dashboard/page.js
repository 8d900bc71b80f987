// Copies what a button refers to, and reloads the page when it gets the focus, unless a form is being edited.
let edited = false;
document.addEventListener('input', () => (edited = true));
document.addEventListener('click', async ({ target }) => {
  const text = target.dataset.copy ?? document.getElementById(target.dataset.copyOf ?? '')?.textContent;
  if (text === undefined) return;
  await navigator.clipboard.writeText(text);
  const label = target.textContent;
  target.textContent = 'Copied';
  setTimeout(() => (target.textContent = label), 1500);
});
addEventListener('focus', () => edited || location.reload());
