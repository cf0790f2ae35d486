/** The console's look: system fonts, light and dark by the reader's setting, one column on a phone. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f6f3, #14161a);
  --panel: light-dark(#ffffff, #1c1f25);
  --ink: light-dark(#1b1f27, #e8e8e4);
  --soft: light-dark(#5c6370, #a0a7b4);
  --line: light-dark(#e3e3dd, #2e333c);
  --accent: light-dark(#b4400c, #fb9a5b);
  --good: light-dark(#17724a, #5fc796);
  --warn: light-dark(#8a5a00, #e6b450);
  --bad: light-dark(#bd2323, #ff8078);
  --idle: light-dark(#5c6370, #a0a7b4);
  --bar: light-dark(#6f93bd, #6b90bd);
  --bar-soft: light-dark(#cfdcec, #2f4159);
  --radius: .75rem;
}
* { box-sizing: border-box }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100% }
a { color: inherit; text-decoration-color: var(--soft); text-underline-offset: .2em }
a:hover { color: var(--accent); text-decoration-color: currentColor }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px }
main:focus { outline: none }
.skip { position: absolute; left: -999px }
.skip:focus { left: 1rem; top: .5rem; background: var(--panel); padding: .5rem 1rem; z-index: 1 }
.hidden { position: absolute }

.top { display: flex; flex-wrap: wrap; gap: .25rem 2rem; align-items: center; padding: .6rem max(1.25rem, calc(50vw - 32.75rem));
  background: var(--panel); border-bottom: 1px solid var(--line) }
.brand { font-weight: 700; text-decoration: none; letter-spacing: -.01em }
.brand span { font-weight: 400; color: var(--soft) }
nav { display: flex; gap: .25rem; overflow-x: auto; margin: 0 -.6rem; scrollbar-width: none }
nav a { padding: .3rem .6rem; border-radius: .5rem; text-decoration: none; color: var(--soft); white-space: nowrap }
nav a[aria-current] { color: var(--ink); background: var(--paper); font-weight: 600 }

main { max-width: 68rem; margin: 0 auto; padding: 1.75rem 1.25rem 4rem }
h1 { font-size: 1.6rem; line-height: 1.2; letter-spacing: -.015em; margin: 0 0 1rem }
h2 { font-size: 1.05rem; margin: 0 }
h3 { font-size: .95rem; margin: 0 }
h1 + .line { margin-top: -.5rem }
p { margin: .5rem 0 }
small { font-size: .8125rem; font-weight: 400; color: var(--soft) }
code, pre { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, monospace; font-size: .85em }
pre { margin: .5rem 0; padding: .75rem; background: var(--paper); border-radius: .5rem; white-space: pre-wrap; overflow-wrap: anywhere }
ul, ol { list-style: none; margin: 0; padding: 0 }
dl, dd { margin: 0 }
.soft { color: var(--soft); font-size: .875rem }
.crumbs { margin: 0 0 .25rem; font-size: .875rem; color: var(--soft) }
.line { display: flex; flex-wrap: wrap; gap: .4rem .75rem; align-items: center }
.empty { color: var(--soft); max-width: 42rem }
.message { overflow-wrap: anywhere }
.description { color: var(--soft); font-size: .875rem; white-space: pre-line; overflow-wrap: anywhere }

.badge { display: inline-flex; align-items: center; gap: .4rem; font-size: .8125rem; font-weight: 600; white-space: nowrap }
.mark { display: inline-grid; place-items: center; width: 1.15rem; height: 1.15rem; border-radius: 50%; color: var(--panel);
  background: currentColor; font-size: .7rem; line-height: 1 }
.badge .mark { background: var(--tone) }
.badge { color: var(--tone) }
.badge .mark { color: var(--panel) }
.good { --tone: var(--good) } .warn { --tone: var(--warn) } .bad { --tone: var(--bad) } .idle { --tone: var(--idle) }
.severity { font-size: .75rem; padding: .05rem .5rem; border: 1px solid var(--line); border-radius: 1rem; color: var(--soft) }
.severity.critical { color: var(--bad); border-color: currentColor }
.severity.high { color: var(--warn); border-color: currentColor }

.panel, .card { background: var(--panel); border: 1px solid var(--line); border-radius: var(--radius); padding: 1rem 1.15rem; margin: 0 0 1rem }
.panel > h2 { margin-bottom: .6rem; display: flex; flex-wrap: wrap; gap: .75rem; align-items: baseline }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 1rem }
.card { margin: 0 }
.card.bad, .card.warn { border-color: var(--tone) }
.card .title { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center }
.card h2 a { text-decoration: none }
.card .title > :last-child { margin-left: auto }
.banner { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; padding: .7rem 1.15rem; margin-bottom: 1rem;
  background: color-mix(in srgb, var(--tone) 7%, var(--panel)); border: 1px solid color-mix(in srgb, var(--tone) 40%, var(--panel)); border-radius: var(--radius); text-decoration: none }

.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(6.5rem, 1fr)); gap: .75rem 1rem; margin-top: .75rem }
.figures.panel { margin-top: 0 }
dt { font-size: .8125rem; color: var(--soft) }
.figures dd { font-size: 1.3rem; font-weight: 600; line-height: 1.3; letter-spacing: -.01em }
.figures dd small { display: block; letter-spacing: 0; font-size: .75rem; line-height: 1.4 }
.unit { font-size: .875rem; font-weight: 400; color: var(--soft) }
.facts { display: flex; flex-wrap: wrap; gap: .6rem 2.25rem }
.facts dd { overflow-wrap: anywhere }

.chart { display: grid; grid-template: 'caption caption' auto 'values plot' auto '. times' auto / auto minmax(0, 1fr); gap: .5rem .5rem; margin: 1rem 0 0 }
.chart figcaption { grid-area: caption; font-size: .8125rem; color: var(--soft) }
.chart svg { grid-area: plot; width: 100%; height: 4.5rem; overflow: visible }
.chart.large svg { height: 13rem }
.chart .values { grid-area: values; display: flex; flex-direction: column; justify-content: space-between; align-items: end; margin: -.55em 0 }
.chart .times { grid-area: times; display: flex; justify-content: space-between }
.chart .values, .chart .times { font-size: .75rem; line-height: 1.1; color: var(--soft); white-space: nowrap }
.grid { stroke: var(--line); vector-effect: non-scaling-stroke }
.bar, .average { fill: var(--bar) }
.slowest { fill: var(--bar-soft) }
.degraded .bar { fill: var(--warn) }
.down .bar { fill: var(--bad) }
.unknown .bar { fill: var(--idle) }
.hatch { fill: var(--bad); opacity: .45 }

.screenshot img { display: block; max-width: 100%; width: 40rem; margin: .6rem 0; border: 1px solid var(--line) }
.complaints { margin: .4rem 0; overflow-wrap: anywhere }
.attempt + .attempt { margin-top: 1.25rem; padding-top: 1.25rem; border-top: 1px solid var(--line) }
.attempt .facts { margin: .6rem 0; font-size: .9375rem }
.failures { margin: .6rem 0 }
.failures li { display: flex; gap: .6rem; align-items: baseline; overflow-wrap: anywhere; padding: .15rem 0 }
.failures .mark { flex: none; background: var(--bad) }
.components { margin: .6rem 0; overflow-wrap: anywhere }
.components th, .components td { padding-block: .2rem }
.components thead th, .components td:nth-child(n + 3) { white-space: nowrap }
.components tbody th { color: inherit; font-size: inherit; min-width: 6rem }
.pings { list-style: none; padding: 0; margin: .75rem 0 0 }
.pings li { padding: .15rem 0; overflow-wrap: anywhere }
.conditions { margin-bottom: .9rem; display: flex; flex-wrap: wrap; gap: .4rem }
.conditions code { background: var(--paper); padding: .2rem .5rem; border-radius: .4rem }
.phases svg { width: 100%; height: .6rem; border-radius: .3rem; display: block }
.phases ul { display: flex; flex-wrap: wrap; gap: .1rem 1rem; font-size: .8125rem; margin-top: .4rem; color: var(--soft) }
.phases li::before { content: ''; display: inline-block; width: .65em; height: .65em; border-radius: 2px; background: var(--phase); margin-right: .4em }
.phases rect { fill: var(--phase) }
.dns { --phase: light-dark(#8a6fc0, #a58bd8) } .connect { --phase: light-dark(#3f86a8, #62b0d4) } .tls { --phase: light-dark(#2f8f7a, #55bfa6) }
.firstByte { --phase: light-dark(#c78a2b, #e0aa55) } .transfer { --phase: light-dark(#7d8696, #98a1b1) }

.rows { margin-bottom: 1.5rem }
.rows li { display: flex; flex-wrap: wrap; gap: .25rem .75rem; align-items: center; background: var(--panel); border: 1px solid var(--line);
  padding: .7rem 1.15rem; margin-top: -1px }
.rows li:first-child { border-radius: var(--radius) var(--radius) 0 0 } .rows li:last-child { border-radius: 0 0 var(--radius) var(--radius) }
.rows li:only-child { border-radius: var(--radius) }
.rows li > .soft { margin-left: auto }
.rows p { flex-basis: 100%; margin: 0; font-size: .875rem; color: var(--soft); overflow-wrap: anywhere }
.rows .badge { min-width: 7rem }
main > h2 { margin-bottom: .6rem }

.timeline li { display: grid; grid-template-columns: 7.5rem 1fr; gap: .75rem; padding: .4rem 0; border-top: 1px solid var(--line) }
.timeline li:first-child { border-top: 0 }
.timeline time, td time { color: var(--soft); white-space: nowrap; font-size: .875rem }
.timeline .opened span:last-child { color: var(--bad) } .timeline .resolved span:last-child { color: var(--good) }
.alerts p { color: var(--soft); font-size: .875rem; margin: .15rem 0 0; overflow-wrap: anywhere }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100%; font-size: .9375rem }
th { text-align: left; font-size: .8125rem; font-weight: 400; color: var(--soft) }
th, td { padding: .4rem 1rem .4rem 0; vertical-align: top }
tbody tr { border-top: 1px solid var(--line) }
.numbers th, .numbers td { white-space: nowrap }
.result { font-weight: 600 } .result.sent { color: var(--good) } .result.failed { color: var(--bad) } .result.retrying { color: var(--warn) } .result.not-told, .result.waiting { font-weight: 400 }

.actions { display: flex; flex-wrap: wrap; gap: .6rem; align-items: start; margin: 1rem 0 }
p.banner { margin-top: .9rem }
.comment { display: flex; flex: 1 1 20rem; gap: .6rem; align-items: center }
.comment input { flex: 1; min-width: 0 }
.sign-out { display: flex; gap: .75rem; align-items: center; margin-left: auto }
.sign-in { display: grid; gap: .3rem; max-width: 26rem; margin-top: 1rem; padding: 1.15rem }
.sign-in input, .sign-in small { margin-bottom: .7rem }
.sign-in label { font-size: .875rem; font-weight: 600 }
.refused { color: var(--bad) }
.comment label { color: var(--soft); font-size: .875rem }
.running { display: flex; flex-wrap: wrap; gap: .6rem; align-self: start }
.pausing { margin: 0 }
.pausing summary { padding: .45rem 0 }
.pausing form { display: flex; flex-wrap: wrap; gap: .6rem; align-items: center; margin-top: .6rem }
.pausing small { flex-basis: 100% }
button, .button, input, select { font: inherit; color: var(--ink); background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .9rem }
input, select { border-color: light-dark(#8b909a, #6b7280) }
button, .button { font-weight: 600; white-space: nowrap; cursor: pointer; text-decoration: none }
button:hover, .button:hover { border-color: var(--accent) }
button.primary, button[aria-pressed='true'] { background: var(--accent); border-color: var(--accent); color: var(--panel) }
.switches { max-width: 44rem; margin-top: 1.5rem }
.switches li { display: grid; grid-template-columns: 11rem 1fr; gap: .25rem 1rem; align-items: center; padding: .6rem 0; border-top: 1px solid var(--line) }
.switches span { color: var(--soft) }

.notification .subject { font-weight: 600; margin: 0 }
.slack { border-left: 4px solid var(--line); padding-left: .9rem; display: grid; gap: .6rem; white-space: pre-line; overflow-wrap: anywhere }
.slack .header { font-weight: 700 }
.slack .context { color: var(--soft); font-size: .8125rem }
.slack ul { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .5rem 1rem; font-size: .9375rem }
.slack pre { margin: 0; white-space: pre-wrap }
summary { cursor: pointer; color: var(--soft); font-size: .875rem }
details { margin-top: .75rem }

@media (max-width: 40rem) {
  .top { padding: .5rem 1rem }
  nav a { font-size: .875rem; padding: .3rem .5rem }
  nav { gap: 0; margin: 0 -.5rem }
  main { padding: 1.25rem 1rem 3rem }
  .timeline li, .switches li { grid-template-columns: 1fr; gap: .1rem }
  .card .title > :last-child, .rows li > .soft { margin-left: 0 }
  .chart.large .times span:nth-child(even) { display: none }
  .comment label { display: none }
  .told thead { display: none }
  .told tr { display: grid; grid-template-columns: 5.5rem 1fr auto auto; gap: 0 .75rem; padding: .5rem 0 }
  .told td { padding: 0; overflow-wrap: anywhere }
  .told td:last-child { grid-column: 1 / -1; color: var(--soft); font-size: .875rem }
}
`;
