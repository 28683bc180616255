// The page's look: that of Sotto's other reports (src/sotto/report/style.hpp), as far as it is needed here.
export const style = `:root {
  color-scheme: light dark;
  --paper: #fdfdfc; --ink: #1d2126; --quiet: #5c656f; --rule: #e2e4e7; --edge: #a9b0b8;
  --ours: #0072b2; --theirs: #a9b0b8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --ink: #e6e8ea; --quiet: #9aa3ad; --rule: #2b3036; --edge: #59616a;
    --ours: #3f9bdc; --theirs: #59616a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 64rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 1rem; }
h2 {
  font-size: 1.25rem; line-height: 1.3; margin: 3rem 0 .75rem; padding-top: 1.25rem;
  border-top: 1px solid var(--rule);
}
p { max-width: 44rem; margin: 0 0 1rem; overflow-wrap: anywhere; }
.beside { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 26rem), 1fr)); column-gap: 3rem; }
figure { margin: 1.25rem 0; font-size: .875rem; }
figcaption { font-size: .9375rem; font-weight: 600; padding-bottom: .5rem; }
.quiet { color: var(--quiet); font-weight: 400; }
.bars {
  display: grid; grid-template-columns: 10rem minmax(0, 1fr) max-content; column-gap: .75rem; align-items: center;
}
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { display: block; width: 100%; }
.ours { fill: var(--ours); }
.theirs { fill: var(--theirs); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; line-height: 1.4; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .35rem .75rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--rule); }
th:first-child, td:first-child { padding-left: 0; }
thead th { color: var(--quiet); font-weight: 500; border-bottom-color: var(--edge); vertical-align: bottom; }
tbody th { font-weight: 400; }
tbody th, td { white-space: nowrap; }
ul { padding-left: 1.25rem; font-size: .875rem; }
@media (max-width: 34rem) { .bars { grid-template-columns: 7rem minmax(0, 1fr) max-content; } }
`;
