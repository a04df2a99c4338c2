"""Titles of a US Code that nobody passed, in the form of the real one."""

NAMESPACE = "http://xml.house.gov/schemas/uslm/1.0"

SECTION = """<section identifier="/us/usc/t90/s101"><num value="101">§ 101.</num><heading> Bees</heading>
<subsection identifier="/us/usc/t90/s101/a"><num value="a">(a)</num><heading> <i>Hives</i>.—</heading>
<chapeau>A hive under section 102(b) or <ref href="/us/usc/t17/s106/1">section 106(1) of title 17</ref> is—</chapeau>
<paragraph identifier="/us/usc/t90/s101/a/1"><num value="1">(1)</num><content> a box<ref class="footnoteRef"
 idref="f">1</ref><note type="footnote" id="f"><num>1</num> So in original.</note>; or</content></paragraph>
<paragraph><num value="2">(2)</num><content> a log.</content></paragraph>
<continuation>Both are homes.</continuation></subsection>
<subsection status="repealed"><num value="b">[(b)</num><content> Repealed. <ref href="/us/pl/1/2">Pub. L. 1–2</ref>]
</content></subsection>
<sourceCredit>(Made up, 2020.)</sourceCredit>
<notes><note topic="amendments"><heading>Amendments</heading><p>2021—Honey added.</p><p>See
<quotedContent><section identifier="/us/usc/t90/s999"><num value="999">§ 999.</num></section></quotedContent></p></note>
</notes></section>"""
GONE = """<section status="repealed" identifier="/us/usc/t90/s103 /us/usc/t90/s103A"><num value="103, 103A">[§§ 103,
 103A.</num><heading> Repealed. Pub. L. 1–2, 2021]</heading></section>"""
RUN = """<section identifier="/us/usc/t90/s110...s119"><num value="110...119">[§§ 110 to 119.</num>
<heading> Omitted]</heading></section>"""


def section(number: str, text: str = "Text.") -> str:
    """Return a plain section of title 90."""
    return (
        f'<section identifier="/us/usc/t90/s{number}"><num value="{number}">§ {number}.</num>'
        f"<heading>Heading {number}</heading><content>{text}</content></section>"
    )


def title(*sections: str, prolog: str = "", created: str = "2025-03-04T05:06:07") -> str:
    """Return title 90, with one chapter."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>{prolog}
<uscDoc xmlns="{NAMESPACE}" xmlns:dcterms="http://purl.org/dc/terms/" identifier="/us/usc/t90">
<meta><dcterms:created>{created}</dcterms:created></meta>
<main><title identifier="/us/usc/t90"><num value="90">Title 90—</num><heading>INSECTS</heading>
<note topic="enacting"><p>Not enacted.</p></note>
<chapter identifier="/us/usc/t90/ch1"><num value="1">CHAPTER 1—</num><heading>BEES</heading>
{"".join(sections)}</chapter></title></main></uscDoc>"""
