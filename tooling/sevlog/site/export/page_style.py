"""The style of the HTML file: for screens of all sizes, light and dark, and for paper."""

STYLE = """
:root{--text:#1b1f24;--soft:#57606a;--line:#d0d7de;--ground:#fff;--raised:#f6f8fa;--link:#0550ae;--warn:#fff4d6;
--warn-line:#9a6700;--l0:#a40e26;--l1:#9a4a00;--l2:#0550ae;--l3:#57606a}
@media (prefers-color-scheme:dark){:root{--text:#e6edf3;--soft:#9da7b3;--line:#3d444d;--ground:#0d1117;
--raised:#161b22;--link:#79b8ff;--warn:#2b2111;--warn-line:#d4a72c;--l0:#ff8182;--l1:#ffa657;--l2:#79c0ff;--l3:#9da7b3}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);
font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{max-width:56rem;margin:0 auto;padding:2rem 1rem 4rem;overflow-wrap:anywhere}
h1,h2,h3,h4,h5,h6{line-height:1.25;margin:2em 0 .6em}
h1{font-size:1.8rem;margin:.1em 0 .7em}h2{font-size:1.35rem;border-bottom:1px solid var(--line);padding-bottom:.3em}
h3{font-size:1.12rem}h4,h5,h6{font-size:1rem}
p,ul,ol,pre,blockquote,dl,.wide{margin:0 0 1rem}ul,ol{padding-left:1.5rem}li{margin:.2rem 0}
li.task{list-style:none;margin-left:-1.3rem}
.kicker{margin:0;color:var(--soft);font-size:.85rem;font-weight:600;letter-spacing:.04em;text-transform:uppercase}
.warning{background:var(--warn);border-left:4px solid var(--warn-line);padding:.7rem 1rem;font-weight:600}
a{color:var(--link)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1.2rem;padding:.8rem 1rem;background:var(--raised);
border:1px solid var(--line);border-radius:6px;font-size:.92rem}
dt{color:var(--soft)}dd{margin:0}
.level{font-weight:700;color:var(--l3)}.level-0{color:var(--l0)}.level-1{color:var(--l1)}.level-2{color:var(--l2)}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem;overflow-wrap:normal;word-break:normal}
th,td{border-bottom:1px solid var(--line);padding:.4rem .7rem;text-align:left;vertical-align:top}
th{background:var(--raised);white-space:nowrap}.end{text-align:right}
td{overflow-wrap:break-word;min-width:4rem}
.timeline td:first-child{white-space:nowrap;font-variant-numeric:tabular-nums}
.timeline td:nth-child(3),.actions td:nth-child(2){min-width:15rem;overflow-wrap:anywhere}
.participants td,.actions td:first-child,.actions td:nth-child(5){white-space:nowrap}
.actions td:first-child{min-width:3rem}
code{font:.88em/1.5 ui-monospace,SFMono-Regular,Consolas,"Liberation Mono",monospace;background:var(--raised);
padding:.1em .3em;border-radius:4px}
pre{background:var(--raised);border:1px solid var(--line);border-radius:6px;padding:.8rem 1rem;overflow-x:auto}
pre code{padding:0;background:none}
blockquote{border-left:4px solid var(--line);padding-left:1rem;color:var(--soft)}
hr{border:0;border-top:1px solid var(--line);margin:2rem 0}
img{max-width:100%;height:auto}
@media (max-width:34rem){main{padding:1.2rem 1rem 3rem}h1{font-size:1.45rem}h2{font-size:1.2rem}
dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}
.block thead{display:none}.block table,.block tbody,.block tr,.block td{display:block}
.block tr{border-bottom:1px solid var(--line);padding:.5rem 0}
.block td,.block td.end{border:0;padding:.1rem 0;min-width:0!important;white-space:normal!important;text-align:left}
.block td:empty{display:none}.block td[data-label]::before{content:attr(data-label) ": ";color:var(--soft)}}
@page{size:A4;margin:18mm 16mm 20mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt sans-serif;
color:#57606a}}
@media print{:root{--text:#000;--soft:#444;--line:#bbb;--ground:#fff;--raised:#f4f4f4;--link:#000;--warn:#fff;
--warn-line:#000;--l0:#a40e26;--l1:#9a4a00;--l2:#0550ae;--l3:#444}
body{font-size:10.5pt;line-height:1.45}main{max-width:none;padding:0}.wide,pre{overflow:visible}
pre{white-space:pre-wrap}table{font-size:9pt}th,td{padding:.25rem .5rem}td{min-width:0;overflow-wrap:anywhere}
.block td{overflow-wrap:normal}.block td:nth-child(3),.actions td:nth-child(2){overflow-wrap:anywhere}
.timeline td:nth-child(3),.actions td:nth-child(2){min-width:0}.actions td:nth-child(3){overflow-wrap:normal}
.participants td{white-space:normal}
thead{display:table-header-group}tr,pre,img,blockquote,dl{break-inside:avoid}h1,h2,h3,h4{break-after:avoid}
a[href^="http"]::after{content:" (" attr(href) ")";font-size:.85em;color:var(--soft)}
td a::after,a.bare::after{content:none!important}}
""".strip()
