"""XML that means harm is refused at once, and nothing outside the file is opened."""

from pathlib import Path

import pytest

from actors.errors import InvalidInputError
from tests.unit.import_origin import parse
from tests.unit.uslm_samples import section, title

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE uscDoc [<!ENTITY l0 "ha">{LAUGHS}]>'
PARAMETERS = "<!DOCTYPE uscDoc [<!ENTITY % a \"<!ENTITY b 'x'>\"> %a;]>"


@pytest.mark.parametrize("name", ["elements", "notes", "levels"])
def test_nesting_without_end_is_refused(tmp_path: Path, name: str) -> None:
    deep = f"<{name}>" * 20_000 + section("1") + f"</{name}>" * 20_000
    with pytest.raises(InvalidInputError, match=r"no sound XML \(Excessive depth"):
        parse(tmp_path, "a.xml", title(deep))


def test_entities_that_multiply_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"document type|amplification"):
        parse(tmp_path, "a.xml", title(section("1", "&l9;"), prolog=BOMB))


def test_entities_that_multiply_in_an_attribute_are_refused(tmp_path: Path) -> None:
    content = title(section("1"), prolog=BOMB).replace("<uscDoc ", '<uscDoc a="&l9;" ')
    with pytest.raises(InvalidInputError, match=r"document type|amplification"):
        parse(tmp_path, "a.xml", content)


@pytest.mark.parametrize(
    "prolog",
    [
        "<!DOCTYPE uscDoc>",
        '<!DOCTYPE uscDoc SYSTEM "http://127.0.0.1:9/usc.dtd">',
        '<!DOCTYPE uscDoc [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        PARAMETERS,
    ],
)
def test_a_document_type_is_refused_whatever_it_declares(tmp_path: Path, prolog: str) -> None:
    text = "&x;" if "ENTITY x" in prolog else "Text."
    with pytest.raises(InvalidInputError, match="document type"):
        parse(tmp_path, "a.xml", title(section("1", text), prolog=prolog))


def test_a_document_type_in_another_encoding_is_refused(tmp_path: Path) -> None:
    content = title(section("1"), prolog='<!DOCTYPE u [<!ENTITY a "x">]>').replace("UTF-8", "UTF-16")
    with pytest.raises(InvalidInputError, match="document type"):
        parse(tmp_path, "a.xml", content.encode("utf-16"))


def test_an_entity_that_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no sound XML"):
        parse(tmp_path, "a.xml", title(section("1", "&secret;")))


def test_an_inclusion_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("very secret")
    include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{tmp_path}/secret" parse="text"/>'

    found = parse(tmp_path, "a.xml", title(section("1", f"Before {include} after."))).passages[0]

    assert found.text == "Before after."


def test_a_text_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match="no sound XML"):
        parse(tmp_path, "a.xml", title(section("1", "y" * 11_000_000)))


def test_a_section_deeper_than_any_law_is_skipped_and_named(tmp_path: Path) -> None:
    deep = section("2", "<i>" * 100 + "x" + "</i>" * 100)
    parsed = parse(tmp_path, "a.xml", title(section("1"), deep))

    assert [passage.citation for passage in parsed.passages] == ["90 U.S.C. § 1"]
    assert [(one.place, one.reason) for one in parsed.skipped] == [
        ("section § 2.", "its parts are nested deeper than 60 levels")
    ]
