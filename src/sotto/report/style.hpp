// The style of every page.
#pragma once

#include <string_view>

namespace sotto::report {

// The colors of series follow Okabe and Ito ("Color Universal Design", 2008): people with any kind of color vision can
// tell them apart. Lines differ in their dashes as well.
inline constexpr std::string_view style_sheet = R"css(:root {
  color-scheme: light dark;
  --paper: #fdfdfc; --ink: #1d2126; --quiet: #5c656f; --rule: #e2e4e7; --edge: #a9b0b8; --accent: #0062a0;
  --shade: #f3f4f5; --whisker: #1d2126;
  --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #b8578f; --s4: #b8830b; --s5: #4a9fd4; --s6: #6b6f76;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --ink: #e6e8ea; --quiet: #9aa3ad; --rule: #2b3036; --edge: #59616a; --accent: #6bb8ee;
    --shade: #1e2226; --whisker: #f5f6f7;
    --s0: #3f9bdc; --s1: #ef7f32; --s2: #1fb98d; --s3: #dc8fbd; --s4: #e3ad3a; --s5: #8cc9f0; --s6: #a2a8b0;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
main { max-width: 54rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
h1 { font-size: 2rem; line-height: 1.2; letter-spacing: -.015em; font-weight: 650; margin: 0 0 1rem; text-wrap: balance; }
h2 {
  font-size: 1.25rem; line-height: 1.3; font-weight: 650; margin: 3rem 0 .75rem; padding-top: 1.25rem;
  border-top: 1px solid var(--rule);
}
h1, h2, p, .label { overflow-wrap: anywhere; }
td, th { overflow-wrap: break-word; }
p { max-width: 40rem; margin: 0 0 1rem; }
pre {
  background: var(--shade); border-radius: 6px; padding: .75rem 1rem; margin: 0 0 1rem; overflow-x: auto;
  font: .8125rem/1.6 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
  white-space: pre-wrap; overflow-wrap: anywhere;
}
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 4px; }
table { border-collapse: collapse; line-height: 1.4; min-width: min(100%, 22rem); }
figcaption { font-size: .9375rem; font-weight: 600; padding-bottom: .5rem; }
th, td { padding: .35rem .75rem; text-align: left; vertical-align: baseline; border-bottom: 1px solid var(--rule); }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-weight: 500; border-bottom-color: var(--edge); vertical-align: bottom; }
thead .number { white-space: normal; }
tbody th { font-weight: 400; min-width: 5rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
strong { color: var(--accent); font-weight: 650; }
figure { margin: 1.75rem 0 2.25rem; font-size: .875rem; }
.unit { color: var(--quiet); font-weight: 400; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 .75rem; padding: 0; }
.legend li { display: inline-flex; align-items: center; gap: .4rem; }
.empty { color: var(--quiet); }
.bars { display: grid; grid-template-columns: fit-content(42%) minmax(0, 1fr) max-content; column-gap: .75rem; }
.label { align-self: center; line-height: 1.25; padding: .2rem 0; }
.value { align-self: center; text-align: right; font-variant-numeric: tabular-nums; }
.group, .group + .bar, .group + .bar + .value { margin-top: .6rem; }
svg { display: block; overflow: visible; }
.bar { position: relative; min-height: 1.5rem; }
.bar svg { position: absolute; inset: 0; width: 100%; height: 100%; }
.ticks { width: 100%; height: 1.25rem; }
.plot { padding: .5rem 1rem 3rem 0; }
.lines { width: 100%; }
svg text { fill: var(--quiet); font-size: .8125rem; font-variant-numeric: tabular-nums; }
.grid { stroke: var(--rule); }
.zero { stroke: var(--edge); }
.interval { stroke: var(--whisker); stroke-width: 1.5; }
.series { fill: var(--c); stroke: none; --c: var(--s0); }
.s1 { --c: var(--s1); } .s2 { --c: var(--s2); } .s3 { --c: var(--s3); }
.s4 { --c: var(--s4); } .s5 { --c: var(--s5); } .s6 { --c: var(--s6); }
path.series, .series line {
  fill: none; stroke: var(--c); stroke-width: 2; stroke-linejoin: round; vector-effect: non-scaling-stroke;
}
path.s1, .s1 line { stroke-dasharray: 8 3; }
path.s2, .s2 line { stroke-dasharray: 3 3; }
path.s3, .s3 line { stroke-dasharray: 10 3 2 3; }
path.s4, .s4 line { stroke-dasharray: 5 2; }
path.s5, .s5 line { stroke-dasharray: 1.5 2.5; }
path.s6, .s6 line { stroke-dasharray: 12 4; }
path.again, .again line { stroke-dasharray: .1 5; stroke-width: 3; stroke-linecap: round; }
@media (max-width: 34rem) {
  main { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.5rem; }
  th, td { padding: .35rem .4rem; }
}
@media print {
  :root {
    color-scheme: light;
    --paper: #fff; --ink: #000; --quiet: #444; --rule: #ddd; --edge: #999; --accent: #0062a0; --shade: #f4f4f4;
    --whisker: #000;
    --s0: #0072b2; --s1: #d55e00; --s2: #009e73; --s3: #b8578f; --s4: #b8830b; --s5: #4a9fd4; --s6: #6b6f76;
  }
  body { font-size: 10.5pt; }
  main { max-width: none; padding: 0; }
  h2, figcaption { break-after: avoid; }
  figure, tr, pre { break-inside: avoid; }
  .scroll { overflow: visible; }
  svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)css";

}  // namespace sotto::report
