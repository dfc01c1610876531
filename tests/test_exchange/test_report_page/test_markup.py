"""Whatever text is put into a page stays text."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from geo_match.exchange.report_page.markup import Markup, tag, text, together


class _Texts(HTMLParser):
    def __init__(self, written):
        super().__init__(convert_charrefs=True)
        self.tags, self.values, self.data = [], [], ""
        self.feed(written)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.values += [value for _, value in attrs]

    def handle_data(self, data):
        self.data += data


_ANY = st.text(max_size=30)
_NASTY = st.sampled_from(
    [
        "<script>alert(1)</script>",
        '"><b>',
        "'onload='x",
        "&lt;",
        "]]>",
        "<!--",
        "</td>",
        "\x00",
        "&",
    ]
)


def _shown(given):
    """What a reader of HTML gets: controls and halves of pairs cannot be written."""
    out = []
    for one in given:
        code = ord(one)
        control = code < 32 and one not in "\t\n\r"
        unfit = (
            control or 0x7F <= code < 0xA0 or 0xD800 <= code < 0xE000 or code in {0xFFFE, 0xFFFF}
        )
        out.append("\ufffd" if unfit else one)
    return "".join(out)


@given(st.lists(_ANY | _NASTY, max_size=4), _ANY | _NASTY)
def test_text_and_attributes_come_back_as_they_were_and_make_no_tags(inside, value):
    written = tag("p", *inside, title=value)
    read = _Texts(written)
    assert read.tags == ["p"]
    assert read.values == [_shown(value)]
    assert read.data == _shown("".join(inside))
    written.encode("utf-8")  # also of what had halves of pairs


def test_markup_is_not_escaped_twice():
    inner = tag("b", "a < b")
    assert tag("p", inner, " & ") == "<p><b>a &lt; b</b> &amp; </p>"
    assert together([inner, "<"], "\n") == "<b>a &lt; b</b>\n&lt;"
    assert isinstance(text("x"), Markup)


def test_an_attribute_that_is_none_is_left_out_and_names_are_written_as_in_html():
    assert tag("td", 5, class_=None, aria_hidden="true") == '<td aria-hidden="true">5</td>'
    assert tag("meta", charset="utf-8", name="x") == '<meta charset="utf-8" name="x">'


def test_text_joined_to_markup_by_python_is_plain_again_and_escaped():
    assert text(tag("b", "x") + "<i>") == "&lt;b&gt;x&lt;/b&gt;&lt;i&gt;"
