"""Text that a spreadsheet would compute: in a CSV it stands behind an apostrophe, and comes back without it.

A document may say =HYPERLINK(…), and whoever opens the table in Excel, WPS or LibreOffice
would run it. See OWASP, CSV Injection: https://owasp.org/www-community/attacks/CSV_Injection
"""

from __future__ import annotations

import re

# The full-width forms compute in East Asian editions of Excel.
_COMPUTED = re.compile(r"'*(?:\s*[=+\-@＝＋－＠]|[\t\r\n])")


def inert(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet would compute it, or where `restored` would take one."""
    return f"'{text}" if _COMPUTED.match(text) else text


def restored(cell: str) -> str:
    """The text that `inert` wrote."""
    return cell[1:] if cell.startswith("'") and _COMPUTED.match(cell) else cell
