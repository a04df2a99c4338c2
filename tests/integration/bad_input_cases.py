"""Bad input on the command line, and what must be said of it."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.integration.lexray_command import NDA


@dataclass(frozen=True, slots=True)
class Case:
    """One wrong input and what must be said of it."""

    id: str
    arguments: Sequence[str]
    told: str
    """What the sentence must hold."""
    files: dict[str, bytes] = field(default_factory=dict)
    stdin: bytes | str = b""
    env: dict[str, str] = field(default_factory=dict)
    hidden: str = "Zyzzyva"
    """A word of the input that the sentence must not repeat."""


def draft(
    id_: str,
    told: str,
    *options: str,
    message: str = NDA,
    files: dict[str, bytes] | None = None,
    stdin: bytes | str = b"",
) -> Case:
    return Case(id_, ["draft", message, "--inline", *options], told, files or {}, stdin)


def said(id_: str, told: str, text: bytes) -> Case:
    return draft(id_, told, message="-", stdin=text)


def facts(id_: str, told: str, content: object, message: str = NDA) -> Case:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return draft(id_, told, "--facts", "facts.json", message=message, files={"facts.json": raw})


def service_facts(id_: str, told: str, content: object) -> Case:
    return facts(id_, told, content, "Services agreement")


def file(id_: str, told: str, content: bytes, name: str = "a.docx") -> Case:
    return Case(id_, ["review", name], told, {name: content})


def zipped(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return made.getvalue()


def encrypted_zip() -> bytes:
    plain = bytearray(zipped(word__document_xml=b"<x/>"))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        plain[plain.index(signature) + offset] |= 1
    return bytes(plain)


BOMB = zipped(word__document_xml=b"<a>" + b"\0" * 300_000_000)
NDA_BYTES = NDA.encode()

MESSAGES = [
    draft("empty", "message: it is empty", message=""),
    draft("white space", "message: it is empty", message=" \t\u00a0\n"),
    said("nothing on stdin", "message: it is empty", b""),
    draft("no document", "message: it asks for no document", message="what is the weather in Zyzzyva"),
    said("a megabyte", "message: it is longer than 20,000 characters", b"Zyzzyva " * 131_072),
    draft("too long", "the limit is 20,000 characters", message="mutual NDA Zyzzyva " + "x" * 20_000),
    draft(
        "argument in Latin-1",
        "half of a surrogate pair (U+DCE9)",
        message="mutual NDA with Zyzzyva Caf\udce9",
    ),
    said("stdin in Latin-1", "message: it is not UTF-8 text (byte 25)", b"mutual NDA, Zyzzyva, Caf\xc3\x28"),
    said("stdin in UTF-16", "message: it is not UTF-8 text", NDA.encode("utf-16")),
    said("surrogate", "message: it is not UTF-8 text", NDA_BYTES + b"\xed\xa0\x80"),
    said("NUL", "a control character (U+0000) at character", NDA_BYTES + b"\0"),
    said("escape sequence", "a control character (U+001B)", b"\x1b[31m" + NDA_BYTES),
    said("vertical tab", "a control character (U+000B)", NDA_BYTES + b"\x0b."),
    said("next line", "a control character (U+0085)", NDA_BYTES + "\u0085.".encode()),
    said("private sign", "a private-use sign (U+E000)", NDA_BYTES + "\ue000".encode()),
    draft("override", "turns the direction of text (U+202E)", message=NDA.replace("Acme", "\u202eAcme")),
    draft("isolate", "turns the direction of text (U+2067)", message=NDA.replace("Acme", "\u2067Acme\u2069")),
    draft("zero width", "an invisible sign (U+200B)", message=NDA.replace("Acme", "Ac\u200bme")),
    draft("joiner", "an invisible sign (U+200D)", message=NDA.replace("Acme", "Ac\u200dme")),
    draft("two laws", "two governing laws", message=NDA + ", governed by New York law"),
    draft("one party twice", "part", message="mutual NDA between Acme Inc. and Acme Inc., Delaware law"),
    draft("endless stdin", "message: it is longer", message="-", stdin="/dev/zero"),
]

FACTS = [
    draft("missing facts", "facts: no.json cannot be read (No such file or directory)", "--facts", "no.json"),
    draft("facts are a folder", "facts: . cannot be read (Is a directory)", "--facts", "."),
    draft("endless facts", "facts: /dev/zero is larger than 262,144 bytes", "--facts", "/dev/zero"),
    facts("empty facts", "facts: it is not JSON", b""),
    facts("no JSON", "facts: it is not JSON", b"Zyzzyva: yes"),
    facts("JSON with a comment", "facts: it is not JSON", b'{"term": "2 years"} // Zyzzyva'),
    facts("half of JSON", "facts: it is not JSON", b'{"purpose": "Zyzzyva'),
    facts("a list", "facts: it must be a JSON object, and is a list", ["Zyzzyva"]),
    facts("null", "facts: it must be a JSON object, and is null", b"null"),
    facts("Latin-1", "facts: it is not UTF-8 (byte 25)", b'{"purpose": "Zyzzyva Caf\xe9"}'),
    facts("UTF-16", "facts: it is not UTF-8", '{"term": "2 years"}'.encode("utf-16")),
    facts("nested", "facts: it is nested too deep", b"[" * 100_000),
    facts("NaN", "facts: NaN is not a number", b'{"term": NaN}'),
    facts("infinity", "facts: -Infinity is not a number", b'{"term": -Infinity}'),
    facts("5,000 digits", "facts: a number has 5,000 digits", b'{"term": ' + b"9" * 5_000 + b"}"),
    facts("key twice", "facts.term: the key stands there twice", b'{"term": "1 year", "term": "2 years"}'),
    facts("surrogate in facts", "half of a surrogate pair (U+D800)", b'{"purpose": "Zyzzyva \\ud800"}'),
    facts("NUL in facts", "a control character (U+0000)", b'{"purpose": "Zyzzyva \\u0000"}'),
    facts(
        "override in a name",
        "facts.parties.first: it holds a sign that turns",
        {"parties": {"first": "Zyzzyva \u202e"}},
    ),
    facts(
        "unknown key",
        "facts.jurisdicton: there is no such key; the nearest is 'jurisdiction'",
        {"jurisdicton": "Zyzzyva"},
    ),
    facts(
        "unknown role",
        "facts.parties.frist: there is no such key; the nearest is 'first'",
        {"parties": {"frist": "Zyzzyva"}},
    ),
    facts(
        "unknown detail",
        "facts.parties.first.adress: there is no such key; the nearest is 'address'",
        {"parties": {"first": {"adress": "Zyzzyva"}}},
    ),
    facts(
        "unknown option",
        "facts.options: 'residual' is not known; the nearest is 'residuals'",
        {"options": ["residual"]},
    ),
    facts(
        "unknown type",
        "type: there is no document type 'nda_mutal'; nearest: nda_mutual",
        {"type": "nda_mutal"},
    ),
    facts(
        "unknown place",
        "jurisdiction: 'Delawhere' is not known; nearest: US-DE",
        {"jurisdiction": "Delawhere"},
    ),
    facts("list for text", "facts.purpose: it must be a string, and is a list", {"purpose": ["Zyzzyva"]}),
    facts(
        "text for a list",
        "facts.options: it must be a list of strings, and is a string",
        {"options": "Zyzzyva"},
    ),
    facts("no length of time", "facts.term: 'soon' is no length of time", {"term": "soon"}),
    facts(
        "zero years",
        "facts.term.count: it must lie between 1 and 10,000",
        {"term": {"count": 0, "unit": "year"}},
    ),
    facts(
        "February 31",
        "facts.effective_date: 2027-02-31 is no day of the calendar",
        {"effective_date": "2027-02-31"},
    ),
    facts("a day in words", "facts.effective_date: 'tomorrow' is no date", {"effective_date": "tomorrow"}),
    facts("empty name", "facts.parties.first.name: it is empty", {"parties": {"first": " "}}),
    facts(
        "one entity twice",
        "facts.parties.second: 'Zed Inc.' is named as first already",
        {"parties": {"first": "Zed Inc.", "second": "Zed Inc."}},
    ),
    facts("a long name", "the limit is 300", {"parties": {"first": "Zyzzyva " * 100}}),
    service_facts("negative amount", "facts.fee.amount:", {"fee": {"amount": -1}}),
    service_facts("negative amount in words", "facts.fee:", {"fee": "USD -5,000"}),
    service_facts("huge amount", "facts: the number 1e+308 is beyond", {"fee": {"amount": 1e308}}),
    service_facts(
        "no currency",
        "facts.fee.currency: 'XXQ' is no currency code",
        {"fee": {"amount": 1, "currency": "XXQ"}},
    ),
    service_facts(
        "end before start", "facts.end_date: ", {"start_date": "2027-02-01", "end_date": "2027-01-01"}
    ),
]

OPTIONS = [
    draft("type", "type: there is no document type 'nda_mutul'; nearest: nda_mutual", "--type", "nda_mutul"),
    draft("empty type", "type: it is empty", "--type", ""),
    draft("place", "jurisdiction: 'Delawhere' is not known; nearest: US-DE", "--jurisdiction", "Delawhere"),
    draft("empty place", "jurisdiction: it is empty", "--jurisdiction", " "),
    draft("day", "as-of: 2027-02-29 is no day of the calendar", "--as-of", "2027-02-29"),
    draft("day in words", "as-of: 'yesterday' is not a day in the form YYYY-MM-DD", "--as-of", "yesterday"),
    draft("day without dashes", "as-of: '20270131' is not a day", "--as-of", "20270131"),
    draft("no budget", "budget: 0 is not above 0", "--budget", "0"),
    draft("negative budget", "budget: -1 is not above 0", "--budget", "-1"),
    draft("endless budget", "budget: inf is not above 0 and at most 3600 seconds", "--budget", "inf"),
    draft("no number", "budget: nan is not above 0", "--budget", "nan"),
    draft("budget in words", "--budget", "--budget", "much"),
    draft("format", "format: 'odt' is no format; give md, docx or pdf", "--format", "odt"),
    draft("one wrong format", "format: 'odt' is no format", "--format", "md,odt"),
    draft("no format", "format: an empty list is no format", "--format", ","),
    draft("folder is a file", "out: taken cannot be written to", "--out", "taken", files={"taken": b""}),
    draft("below a file", "is not a folder", "--out", "taken/a/b", files={"taken": b""}),
    draft("folder in /proc", "out: /proc/1/x cannot be written to", "--out", "/proc/1/x"),
    draft("long name", "(File name too long)", "--out", "x" * 300),
    Case("no such option", ["draft", NDA, "--fast"], "no such option: --fast"),
    Case("no message", ["draft"], "missing argument"),
    Case("two messages", ["draft", NDA, "Zyzzyva"], "message: it must be one argument; put it in quotes"),
    Case("unknown command", ["drfat", NDA], "no such command 'drfat'"),
    Case("no subcommand", ["cache"], "missing command; see `lexray cache --help`"),
    Case("limit", ["corpus", "search", "x", "--limit", "0"], "--limit"),
    Case("no words", ["corpus", "search", " ?! "], "query: it has no word to search for"),
    Case(
        "search type", ["corpus", "search", "x", "--type", "ndas"], "type: there is no document type 'ndas'"
    ),
    Case("search place", ["corpus", "search", "x", "--jurisdiction", "Atlantis"], "jurisdiction: 'Atlantis'"),
    Case("review type", ["review", "a.md", "--type", "leese"], "nearest: lease", {"a.md": b"# A\n"}),
    Case(
        "review place",
        ["review", "a.md", "--jurisdiction", "Ohio"],
        "jurisdiction: 'Ohio'",
        {"a.md": b"# A\n"},
    ),
    Case("setting", ["draft", NDA, "--inline"], "LEXRAY_BUDGET_S: ", env={"LEXRAY_BUDGET_S": "Zyzzyva"}),
    Case(
        "nested setting", ["corpus", "stats"], "LEXRAY_STEP__ATTEMPTS: ", env={"LEXRAY_STEP__ATTEMPTS": "0"}
    ),
    Case("setting no JSON", ["corpus", "stats"], "LEXRAY_", env={"LEXRAY_STEP": "{Zyzzyva"}),
    Case(
        "home is a file",
        ["status"],
        "LEXRAY_HOME: taken is not a folder",
        {"taken": b""},
        env={"LEXRAY_HOME": "taken"},
    ),
]

READ = [
    Case("missing file", ["review", "a.md"], "file: a.md cannot be read (No such file or directory)"),
    Case("folder", ["cite", "."], "file: . cannot be read (Is a directory)"),
    Case("endless file", ["cite", "/dev/zero"], "file: /dev/zero is larger than 25,000,000 bytes"),
    Case("control signs in a name", ["cite", "a\x1b[31m.md"], "a\\x1b[31m.md cannot be read"),
    file("empty file", "file: it is empty", b""),
    file("white space only", "file: there is no text in it", b" \n", "a.md"),
    file("no zip", "file: it is named like a Word file and is none", b"Zyzzyva"),
    file("zip bomb", "file: ", BOMB),
    file("half a zip", "file: ", zipped(word__document_xml=b"<a/>" * 1_000)[:60]),
    file("zip without a document", "file: ", zipped(a_xml=b"<a/>")),
    file("encrypted zip", "file: ", encrypted_zip()),
    file(
        "encrypted Word file",
        "encrypted or an old Word file",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    ),
    file("PDF", "file: it is a PDF", b"%PDF-1.7 Zyzzyva"),
    file("program", "file: it contains", b"\x7fELF\x02\x01\x01\0\0Zyzzyva\xff\xfe", "a.md"),
    file("picture", "file: ", bytes(range(256)) * 40, "a.txt"),
    file("unknown ending", "only .md, .txt and .docx files can be read", b"Zyzzyva", "a.csv"),
    Case("warm: missing", ["cache", "warm", "a.jsonl"], "file: a.jsonl cannot be read"),
    Case(
        "warm: no JSON",
        ["cache", "warm", "a"],
        "line 3: it is not an object such as",
        {"a": b'{"type":"lease"}\n\nZyzzyva\n'},
    ),
    Case(
        "warm: list", ["cache", "warm", "a"], "line 1: it is not an object such as", {"a": b'["Zyzzyva"]\n'}
    ),
    Case(
        "warm: nested", ["cache", "warm", "a"], "line 1: it is not an object such as", {"a": b"[" * 100_000}
    ),
    Case(
        "warm: unknown key",
        ["cache", "warm", "a"],
        "line 1: it is not",
        {"a": b'{"type":"lease","x":"Zyzzyva"}'},
    ),
    Case(
        "warm: type",
        ["cache", "warm", "a"],
        "line 2: type: there is no document type 'leese'; nearest: lease",
        {"a": b'{"type":"lease"}\n{"type":"leese"}'},
    ),
    Case(
        "warm: not UTF-8",
        ["cache", "warm", "a"],
        "line 1: it is not",
        {"a": b'{"type":"lease","jurisdiction":"\xe9"}'},
    ),
]

CASES = [*MESSAGES, *FACTS, *OPTIONS, *READ]
