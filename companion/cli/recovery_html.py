"""The recovery sheet as one HTML page: the same words, and a code to scan, drawn inside the file itself."""

from __future__ import annotations

import html
import io

from companion.core.i18n import _

_PAGE = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
@page {{ size: A4; margin: 18mm }}
body {{ font: 12pt/1.4 sans-serif; max-width: 40em; margin: 2em auto }}
pre {{ font: inherit; white-space: pre-wrap }}
svg {{ float: right; width: 42mm; height: 42mm; margin: 0 0 1em 1em }}
</style>
</head>
<body>
{code}
<pre>{words}</pre>
</body>
</html>
"""


def sheet_html(text: str, code: str) -> str:
    """The sheet's text on one page, with the key as a code. It loads nothing from anywhere; its title says nothing."""
    import segno  # only where a page is asked for

    drawn = io.BytesIO()
    segno.make(code, error="m", micro=False).save(
        drawn, kind="svg", border=4, xmldecl=False, svgns=False, omitsize=True, svgclass=None, lineclass=None
    )
    return _PAGE.format(title=html.escape(_("Notes")), code=drawn.getvalue().decode().strip(), words=html.escape(text))
