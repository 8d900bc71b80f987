// Copies what a button names, and keeps the page up to date while nobody is typing in it.
let touched = false;
document.addEventListener('input', () => (touched = true));
document.addEventListener('click', async ({ target }) => {
  const text = target.dataset.copy ?? document.getElementById(target.dataset.copyOf ?? '')?.textContent;
  if (text === undefined) return;
  await navigator.clipboard.writeText(text);
  const label = target.textContent;
  target.textContent = 'Copied';
  setTimeout(() => (target.textContent = label), 1500);
});
addEventListener('focus', () => touched || location.reload());
