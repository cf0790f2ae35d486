import type { Fault } from './server.ts';

const switches: Record<Fault, { label: string; effect: string }> = {
  none: { label: 'Healthy', effect: 'Everything answers as it should.' },
  errors: { label: 'Errors', effect: 'The database is gone: /health answers 503, unhealthy.' },
  latency: { label: 'Latency', effect: 'Every answer takes 3 seconds.' },
  memory: { label: 'Memory pressure', effect: '64 MB are really taken, and /health says so with a 503.' },
};

/** The demo site's only page, with the switches that break it. */
export function page(fault: Fault): string {
  const buttons = Object.entries(switches).map(
    ([name, { label, effect }]) =>
      `<li><button name="fault" value="${name}"${name === fault ? ' aria-pressed="true"' : ''}>${label}</button> ${effect}</li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Acme demo site</title>
<style>${style}</style>
</head>
<body>
<main>
<p class="brand"><span aria-hidden="true">▲</span> Acme</p>
<h1>${fault === 'none' ? 'All good here.' : 'Something is wrong.'}</h1>
<p>This little site exists to be watched. Break it, then look at the console of Tocsin: within half a minute the
check fails, the alarm fires and people are told. Make it healthy again, and they are told that, too.</p>
<form method="post" action="/_control"><ul>
${buttons.join('\n')}
</ul></form>
<p><a href="/health">/health</a> is what is being checked.</p>
</main>
</body>
</html>
`;
}

const style = `
:root { color-scheme: light dark; --ink: #1d2433; --soft: #5a6478; --paper: #fdfcf9; --line: #ddd8cc; --accent: #c2410c }
@media (prefers-color-scheme: dark) {
  :root { --ink: #eceae4; --soft: #a5abb8; --paper: #171a21; --line: #363c49; --accent: #fb923c }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 17px/1.6 system-ui, sans-serif }
main { max-width: 38rem; margin: 0 auto; padding: 12vh 1.25rem 3rem }
.brand { color: var(--accent); font-weight: 700; letter-spacing: .02em; margin: 0 }
h1 { font-size: clamp(2rem, 7vw, 3.25rem); line-height: 1.1; letter-spacing: -.02em; margin: .5rem 0 1.25rem }
ul { list-style: none; padding: 0; margin: 2rem 0 }
li { display: grid; grid-template-columns: 11rem 1fr; gap: 1rem; align-items: center; padding: .6rem 0; color: var(--soft) }
li + li { border-top: 1px solid var(--line) }
button { font: inherit; font-weight: 600; color: var(--ink); background: none; border: 1px solid var(--line);
  border-radius: .6rem; padding: .5rem .9rem; white-space: nowrap; cursor: pointer }
button:hover, button:focus-visible { border-color: var(--accent) }
button[aria-pressed] { background: var(--accent); border-color: var(--accent); color: var(--paper) }
a { color: var(--accent) }
@media (max-width: 30rem) { li { grid-template-columns: 1fr; gap: .25rem } }
`;
