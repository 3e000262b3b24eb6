"""HTML style: how the page of a report looks, on a screen of any width, light or dark, and on paper."""

from collections.abc import Iterator, Sequence

_STYLE = """\
:root {
  color-scheme: light dark;
  --page: #ffffff; --raised: #f4f6f9; --line: #d5dbe3; --text: #1b2330; --quiet: #5a6675; --link: #1456b8;
  --good: #14713d; --good-back: #dff3e6; --fair: #8a5300; --fair-back: #fdf0d5;
  --bad: #a8231c; --bad-back: #fbe3e1; --left-out: #1456b8; --left-out-back: #e2ecfb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12171f; --raised: #1b222d; --line: #36404f; --text: #e4e9f0; --quiet: #a0acbb; --link: #8ab8ff;
    --good: #7ddba0; --good-back: #17351f; --fair: #f2c374; --fair-back: #3a2a0c;
    --bad: #ff9d95; --bad-back: #451b18; --left-out: #8ab8ff; --left-out-back: #17294a;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 72rem; padding: 1.5rem 1.25rem 3rem; background: var(--page); color: var(--text);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: anywhere;
}
.kind { margin: 0; color: var(--quiet); font-size: .85rem; letter-spacing: .06em; text-transform: uppercase; }
h1 { margin: .1rem 0 .6rem; font-size: 2rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .75rem; padding-top: .75rem; border-top: 2px solid var(--line); font-size: 1.35rem; }
h3 { margin: 1.5rem 0 .5rem; font-size: 1.05rem; }
p { margin: .5rem 0; max-width: 60rem; }
a { color: var(--link); }
.summary {
  margin: 1.25rem 0; padding: .9rem 1.1rem; border-left: 4px solid var(--left-out); background: var(--raised);
  font-size: 1.08rem;
}
ul { padding: 0; list-style: none; }
.figures { display: flex; flex-wrap: wrap; gap: .5rem; margin: 1rem 0; }
.figures li { padding: .35rem .8rem; border: 1px solid var(--line); border-radius: .5rem; color: var(--quiet); }
.figures b { color: var(--text); font-size: 1.15rem; }
.figures li.bad, .figures li.bad b { border-color: var(--bad); color: var(--bad); }
.figures li.fair, .figures li.fair b { border-color: var(--fair); color: var(--fair); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.1rem; margin: 1rem 0 0; }
table { width: 100%; margin: .5rem 0 1.25rem; border-collapse: collapse; font-size: .875rem; }
th, td { padding: .4rem .6rem; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
th { color: var(--quiet); font-weight: 600; overflow-wrap: normal; }
td { overflow-wrap: break-word; unicode-bidi: isolate; }
td:first-child { font-weight: 600; min-width: 4rem; }
table:not(.cards) td:first-child { width: 34%; }
td span { padding: .05rem .45rem; border-radius: .6rem; }
.good { color: var(--good); } td .good { background: var(--good-back); }
.fair { color: var(--fair); } td .fair { background: var(--fair-back); }
.bad { color: var(--bad); } td .bad { background: var(--bad-back); }
.left-out { color: var(--left-out); } td .left-out { background: var(--left-out-back); }
.quiet { color: var(--quiet); } td .quiet { background: var(--raised); }
td .code { padding: 0; font: .95em ui-monospace, "Cascadia Mono", Consolas, Menlo, monospace; }
figure { margin: .75rem 0; padding: .75rem 1rem; border-radius: .6rem; background: var(--raised); }
figcaption { margin-bottom: .25rem; color: var(--quiet); }
figcaption b { color: var(--text); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 19rem), 1fr)); gap: .5rem 2rem; }
svg { display: block; width: 100%; max-width: 30rem; height: auto; margin: 0 auto; }
svg text { fill: var(--text); text-anchor: middle; font: 12px system-ui, "Segoe UI", Arial, sans-serif; }
svg .host-name { font-size: 12px; font-weight: 600; }
svg .host { fill: var(--page); stroke: var(--quiet); stroke-width: 1.5; }
svg .line { fill: none; stroke: currentColor; stroke-width: 2.5; }
svg .fair.line, svg .bad.line, svg .left-out.line { stroke-dasharray: 7 4; }
svg .quiet.line { stroke-dasharray: 2 4; }
svg .cross { fill: none; stroke: currentColor; stroke-width: 2.5; }
svg .head { fill: currentColor; }
footer { margin-top: 2.5rem; padding-top: .75rem; border-top: 1px solid var(--line); color: var(--quiet); }
@media screen and (max-width: 48rem) {
  body { padding: 1rem .9rem 2rem; }
  h1 { font-size: 1.6rem; }
  figure { padding: .5rem .6rem; }
  th, td { padding: .35rem .4rem; overflow-wrap: anywhere; }
  .cards thead { display: none; }
  .cards, .cards tbody, .cards tr, .cards td { display: block; width: 100%; }
  .cards tr { margin: 0 0 .6rem; padding: .4rem .7rem; border: 1px solid var(--line); border-radius: .5rem; }
  .cards td { padding: .15rem 0; border: 0; }
  .cards td:empty { display: none; }
  .cards td::before { margin-right: .5rem; color: var(--quiet); font-weight: 400; }
}
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --raised: #f4f6f9; --line: #c4ccd6; --text: #000000; --quiet: #46505c; --link: #000000;
    --good: #0f5f32; --good-back: #e4f4ea; --fair: #744500; --fair-back: #fbf0da;
    --bad: #93170f; --bad-back: #fae6e4; --left-out: #123f86; --left-out-back: #e6eefb;
  }
  @page { size: A4; margin: 15mm 13mm; }
  html { font-size: 11px; }
  body { max-width: none; padding: 0; font-size: 9pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav { display: none; }
  table { font-size: 7.5pt; }
  th, td { padding: 2pt 4pt; }
  h2, h3 { break-after: avoid; }
  tr, figure, .summary { break-inside: avoid; }
  thead { display: table-header-group; }
  .pair { grid-template-columns: 1fr 1fr; }
  svg { max-width: 24rem; }
}
"""


def style(heads: Sequence[tuple[str, ...]]) -> str:
    """Return the style of a page with tables of these heads: on a narrow screen a row is a card of named cells."""
    return f"{_STYLE}@media screen and (max-width: 48rem) {{\n{''.join(_names(heads))}}}"


def _names(heads: Sequence[tuple[str, ...]]) -> Iterator[str]:
    for number, head in enumerate(heads):
        for column, name in enumerate(head, 1):
            yield f'  .t{number} td:nth-child({column})::before {{ content: "{_quoted(name)}:"; }}\n'


def _quoted(text: str) -> str:
    """Return a text as it has to stand in a string of a style sheet.

    Source: https://www.w3.org/TR/css-syntax-3/
    """
    return "".join(c if c.isascii() and (c.isalnum() or c in " -,") else f"\\{ord(c):x} " for c in text)
