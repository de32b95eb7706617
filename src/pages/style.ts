/** The one stylesheet of the pages: the system's own font, light and dark, from 320 pixels up, contrast of 7:1. */
import { html } from './html.ts'

/** What `style-src` admits: SHA-256 of STYLE, which a test computes anew. */
export const STYLE_DIGEST = 'sha256-UTF+I7/jms7mps7VpeaqHCtGiGMI9CXC8o+nmgyllBs='

export const STYLE = html`
:root {
  color-scheme: light dark;
  --ground: #f3f4f7; --card: #fff; --ink: #15181e; --soft: #464c58; --line: #dcdfe6; --edge: #6c7482;
  --accent: #1b46bd; --on-accent: #fff; --press: #143795; --tint: #f1f4fb;
  --warn: #fff5dc; --warn-edge: #d9a32b; --on-warn: #553800;
  --bad: #fdeeec; --bad-edge: #c4392b; --on-bad: #83190f; --good: #14532d;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0d1015; --card: #161a21; --ink: #eef1f5; --soft: #b9c0cc; --line: #2c323c; --edge: #8b94a3;
    --accent: #a3beff; --on-accent: #0a1633; --press: #c3d5ff; --tint: #1d232e;
    --warn: #2b230f; --warn-edge: #a9842c; --on-warn: #ffe09a;
    --bad: #361615; --bad-edge: #e0695c; --on-bad: #ffc2ba; --good: #93e3b0;
  }
}
*, ::before, ::after { box-sizing: border-box; }
html { font: 100%/1.5 system-ui, sans-serif; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 2rem 1rem; background: var(--ground); color: var(--ink); overflow-wrap: anywhere; }
main { width: 100%; max-width: 29rem; padding: 2.25rem 2.25rem 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: 1.25rem; box-shadow: 0 1px 2px #0000000a, 0 12px 32px #0000000f; }
h1 { margin: 0 0 1.5rem; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -.012em; text-align: center; text-wrap: balance; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1rem; font-weight: 650; }
p { margin: .5rem 0; }
p, li { text-wrap: pretty; }
.pair { display: flex; align-items: center; justify-content: center; gap: .75rem; margin-bottom: 1.25rem; }
.tile, .mark { display: grid; place-items: center; width: 3.25rem; height: 3.25rem; border: 1px solid var(--edge); border-radius: .9rem; background: var(--card); font-size: 1.4rem; font-weight: 650; }
.ours { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.way { width: 2.5rem; border-top: 3px dotted var(--edge); }
.mark { margin-bottom: 1.25rem; border-color: var(--warn-edge); background: var(--warn); color: var(--on-warn); }
.mark + h1 { margin-bottom: .75rem; text-align: start; text-wrap: pretty; }
.to { padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: .9rem; background: var(--tint); }
.to h2 { margin: 0; font-size: .875rem; font-weight: 500; color: var(--soft); }
.to p { margin: .25rem 0 0; }
.host { font-size: 1.25rem; line-height: 1.35; font-weight: 650; }
.help, .small { font-size: .875rem; color: var(--soft); }
.verified { font-size: .875rem; font-weight: 550; color: var(--good); }
.verified::before, .reads li::before { content: ""; flex: none; display: inline-block; width: .38em; height: .72em; margin: 0 .6em .1em .2em; border: solid; border-width: 0 .14em .14em 0; transform: rotate(42deg); }
.warning, .fault { margin: .75rem 0 0; padding: .75rem 1rem; border: 1px solid var(--warn-edge); border-left-width: 4px; border-radius: .6rem; background: var(--warn); color: var(--on-warn); font-size: .9375rem; }
.fault { border-color: var(--bad-edge); background: var(--bad); color: var(--on-bad); }
ul { margin: 0; padding: 0; }
.reads { list-style: none; }
.reads li { display: flex; align-items: baseline; padding: .3rem 0; }
.reads li::before { color: var(--accent); }
.steps { padding-left: 1.25rem; }
.steps li { padding: .2rem 0; }
.steps + .small, .lead + .small { margin-top: 1.5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.only { margin: .75rem 0 0; font-weight: 550; }
fieldset { margin: 1.75rem 0 0; padding: 1.5rem 0 0; border: 0; border-top: 1px solid var(--line); min-width: 0; }
legend { float: left; width: 100%; padding: 0; font-weight: 650; }
legend + * { clear: both; }
fieldset label { display: block; margin-top: 1rem; font-weight: 550; }
label + .help { margin: 0; }
input:not([type=checkbox]) { display: block; width: 100%; min-height: 3rem; margin-top: .5rem; padding: .5rem .875rem; border: 1px solid var(--edge); border-radius: .6rem; background: var(--card); color: inherit; font: inherit; }
input[aria-invalid] { border-color: var(--bad-edge); border-width: 2px; }
.check { display: flex; align-items: center; gap: .75rem; min-height: 3rem; margin-top: 1.25rem; cursor: pointer; }
.check input { flex: none; width: 1.375rem; height: 1.375rem; margin: 0; accent-color: var(--accent); }
.choices { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.5rem 0 1.25rem; }
.check + .choices { margin-top: .75rem; }
button, .button { flex: 1 1 10rem; min-height: 3.25rem; padding: .75rem 1rem; border: 2px solid transparent; border-radius: .75rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 650; text-align: center; text-decoration: none; cursor: pointer; }
button:hover, .button:hover { background: var(--press); }
.leave { border-color: var(--edge); background: var(--card); color: var(--ink); }
.leave:hover { background: var(--tint); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
code { display: inline-block; font: .9375em ui-monospace, monospace; color: var(--ink); }
@media (max-width: 30rem) {
  body { padding: 0; place-items: start stretch; background: var(--card); }
  main { max-width: none; padding: 1.75rem 1.25rem; border: 0; border-radius: 0; box-shadow: none; }
}
`
