from hypothesis import given, settings
from hypothesis import strategies as st

from companion.core.markup import to_html


def test_single_line_breaks_stay_line_breaks() -> None:
    assert "one<br />\ntwo" in to_html("one\ntwo")


def test_raw_html_and_scripts_stay_text() -> None:
    shown = to_html('<script>alert(1)</script> <img src="http://x/y.png">')
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;script&gt;" in shown


def test_only_pictures_from_the_vault_become_pictures() -> None:
    assert '<img src="attachment:2" alt="the river" />' in to_html("![the river](attachment:2)")
    for source in ("http://example.org/a.png", "file:///etc/passwd", "attachment:../x", "/a.png"):
        assert "<img" not in to_html(f"![words]({source})")


def test_a_link_shows_where_it_would_lead_and_leads_nowhere() -> None:
    shown = to_html("[here](https://example.org/a)")
    assert "<a" not in shown
    assert "here</u> (https://example.org/a)" in shown


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=400))
def test_any_text_renders_without_active_content(text: str) -> None:
    shown = to_html(text)
    assert "<a " not in shown
    assert "<script" not in shown.lower()
