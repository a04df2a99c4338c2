"""Whatever is sent, intake answers with an understanding or a refusal, soon, and invents no name."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actors.domain.intake.facts import read_facts
from actors.domain.intake.request_text import check_request_text
from actors.errors import RequestError
from tests.unit.intake_reading import read

FRAGMENTS = """
    Draft an NDA between Acme, Inc. and Beta LLC (the "Client") of 1 Main Street, Dover, DE 19901 under Delaware law New
    York for two years $5,000 per month -$1 EUR 1.000,50 effective January 31 February 2027 2027-13-01 1/5/2027
    excluding
    residuals with no non-compete services agreement lease landlord: tenant signed by Jane Roe, CEO “Foo” 'Bar' {{7*7}}
    <b> a@b.co net 30 % & ( ) ; . ,
"""
WORDS = st.sampled_from([*FRAGMENTS.split(), "\n", '"', "“", "”", " "])
REQUEST_LIKE = st.lists(WORDS | st.text(max_size=8), max_size=60).map(" ".join)


@given(st.text(max_size=400) | REQUEST_LIKE | REQUEST_LIKE.map("NDA between ".__add__))
def test_any_text_is_understood_or_refused_and_names_stand_in_it(message: str) -> None:
    try:
        matter = read(message).matter
    except RequestError:
        return
    text = check_request_text(message)
    for party in matter.parties:
        for words in (party.name, party.address, party.email, party.signatory):
            assert words is None or words in text
    assert len({party.role for party in matter.parties}) == len(matter.parties)


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_any_content_is_a_facts_file_or_refused(content: str | bytes) -> None:
    try:
        read_facts(content)
    except RequestError:
        return


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(
    ["parties", "options", "carve_outs", "stance", "jurisdiction", "term", "rent", "parking", "rent_period"]
)


@given(st.dictionaries(KEYS, JSON, max_size=4))
def test_any_value_under_a_known_key_is_typed_or_refused(entries: dict[str, object]) -> None:
    try:
        facts = read_facts(json.dumps({"type": "lease", **entries}))
        matter = read("lease", facts=facts).matter
    except RequestError:
        return
    assert matter.task_type == "lease"


LONG = {
    "spaces": "NDA between A" + " " * 19_000 + "and B",
    "capitals": "NDA between " + "Abc Def " * 2_400,
    "ands": "NDA between " + "A and " * 3_300,
    "amounts": "NDA " + "$1 " * 6_600,
    "digits": "NDA " + "1" * 19_900,
    "brackets": "NDA between A " + "(" * 19_000,
    "quotes": 'NDA between "' * 1_500,
    "line ends": "NDA between A\n" * 1_400,
    "addresses": "NDA between A of " + "1 Main Street, " * 1_300,
    "cues": "employment agreement " + "as a " * 3_900,
    "exclusions": "NDA " + "excluding x, " * 1_500,
    "hyphens": "NDA " + "-" * 19_900,
    "dots": "NDA " + "A." * 9_900,
    "company forms": "NDA between " + "A Ltd. " * 2_800,
    "listed facts": "employment agreement, bonus: " + "x, equity: y, " * 1_400,
    "at signs": "NDA " + "a@" * 9_900,
}


@pytest.mark.parametrize("name", LONG)
def test_the_longest_message_costs_no_runaway_search(name: str) -> None:
    # Processor time, and a generous bound: a search that backtracks would take minutes.
    before = time.process_time()
    read(LONG[name])

    assert time.process_time() - before < 5
