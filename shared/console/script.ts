/**
 * The console's only script; every page is complete without it. It shows moments in the reader's zone and replaces `main`
 * by a fresh one every few seconds, unless somebody is writing, selecting or not looking. What is unfolded stays so.
 */
export const script = `
const everyMs = 5000;

function showMoments() {
  for (const time of document.querySelectorAll('time[data-moment]')) {
    const at = new Date(time.dateTime);
    const recent = Date.now() - at < 86400000;
    time.textContent = recent ? at.toLocaleTimeString() : at.toLocaleString();
  }
}

function isBusy(main) {
  if (document.hidden || !getSelection().isCollapsed || main.querySelector('details[open] form')) return true;
  const inputs = [...main.querySelectorAll('input, textarea')];
  return inputs.some((input) => input === document.activeElement || input.value !== input.defaultValue);
}

async function refresh() {
  const main = document.querySelector('main');
  if (isBusy(main)) return;
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  if (isBusy(main)) return;
  for (const { id } of main.querySelectorAll('details[open]')) page.getElementById(id)?.setAttribute('open', '');
  const focused = [...main.querySelectorAll('a, button, summary')].indexOf(document.activeElement);
  main.replaceChildren(...page.querySelector('main').childNodes);
  if (focused >= 0) main.querySelectorAll('a, button, summary')[focused]?.focus();
  document.title = page.title;
  showMoments();
}

showMoments();
setInterval(() => refresh().catch(() => {}), everyMs);
`;
