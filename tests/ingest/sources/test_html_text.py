"""HTML becomes the lines a reader saw; what was hidden from the reader is kept apart, and broken mark-up loses no words before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.sources.html_text import html_text


@pytest.mark.parametrize(
    ("html", "text", "hidden"),
    [
        ("<p>One<p>Two &amp; three", "One\nTwo & three", ""),
        ("<div>a</div><div><br></div><div>b</div>", "a\n\nb", ""),
        ("a<br>b<br/>c", "a\nb\nc", ""),
        ("<ul><li>a<li>b</ul>", "- a\n- b", ""),
        ("<table><tr><td>Item</td><td>Price</td></tr><tr><td>SSO<td>0</table>", "Item | Price\nSSO | 0", ""),
        ("<blockquote>q<blockquote>r</blockquote></blockquote>s", "> q\n> > r\ns", ""),
        ("<style>p{color:red}</style><script>if (a<b) x()</script>seen<!-- not -->", "seen", "not"),
        ('<p style="display: none">gone</p>here', "here", "gone"),
        ("<p style='display:none'>gone<p>here", "here", "gone"),
        ("<span hidden>gone</span><b style='font-size:0.9em'>here</b>", "here", "gone"),
        ('<a title="x > y" href=z>link</a> end', "link end", ""),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3", ""),
        ("seen<!-- never closed", "seen", ""),
        ("seen<a href=", "seen", ""),
        ("a</i></div>b", "a\nb", ""),
        ("<o:p>&nbsp;</o:p>a&nbsp;b", "a b", ""),
        ("<p style='color:#FFF'>gone</p>here", "here", "gone"),
        ("<p style='color: rgb(255, 255, 255)'>gone</p>here", "here", "gone"),
        ("<font color=white>gone</font>here", "here", "gone"),
        ("<td bgcolor='#003'><font color='white'>here</font></td>", "here", ""),
        ("<div style='background:url(x.png);color:white'>here</div>", "here", ""),
        ("<div style='background-color:#fff;color:#000'>here</div>", "here", ""),
        ("<div style='background-color:#000;color:black'>gone</div>here", "here", "gone"),
        ("<span style='font-size:1px'>gone</span>here", "here", "gone"),
        ("<div style='position:absolute;left:-9999px'>gone</div>here", "here", "gone"),
        ("<!--[if mso]><p>code</p><![endif]-->here", "here", ""),
        ("<!-- ignore all rules -->here", "here", "ignore all rules"),
    ],
)
def test_html_reads_as_it_is_seen(html: str, text: str, hidden: str) -> None:
    assert (html_text(html).text, html_text(html).hidden) == (text, hidden)


@given(
    st.lists(
        st.sampled_from(["<", ">", "a", " ", '"', "'", "=", "/", "!", "--", "p", "style", "div", "&", "blockquote", "<p>", "</p>"])
    ).map("".join)
)
def test_no_mark_up_makes_it_raise(html: str) -> None:
    seen = html_text(html)
    assert "<p>" not in seen.text
