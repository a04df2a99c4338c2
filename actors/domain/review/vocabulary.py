"""Word lists of the checks."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


DETERMINERS = _words("the any each such all an a no its every either other applicable that these those")
"""Words that take a common noun after them."""

NOT_TERMS = _words(
    "act acts code court courts state states law laws government parliament congress constitution "
    "president chief officer director secretary treasurer board january february march april may june "
    "july august september october november december monday tuesday wednesday thursday friday saturday "
    "sunday united kingdom america american europe european england english wales scotland ireland "
    "british france french germany german japan japanese china chinese canada canadian australia "
    "australian india indian new york delaware california texas federal county city district supreme "
    "superior commonwealth province street avenue road suite floor section clause article schedule "
    "exhibit annex appendix attachment paragraph agreement contract party parties company internet web "
    "english-language commission department association institute university bank exchange treaty "
    "convention republic north south east west northern southern eastern western central national "
    "international regulation regulations rule rules directive ordinance statute title inc llc ltd corp "
    "corporation limited lp llp plc gmbh ag sa bv nv co registrar ministry authority agency bureau "
    "service revenue arbitration center centre mr ms mrs dr christian easter christmas i ii iii iv ltda "
    "alabama alaska arizona arkansas colorado connecticut florida georgia hawaii idaho illinois indiana "
    "iowa kansa kentucky louisiana maine maryland massachusett michigan minnesota mississippi missouri "
    "montana nebraska nevada hampshire jersey mexico carolina dakota ohio oklahoma oregon pennsylvania "
    "rhode tennessee utah vermont virginia washington wisconsin wyoming vice attorney general senior "
    "executive manager counsel recitals witnesseth whereas table contents"
)
"""Parts of names and of other capitalised phrases that no contract defines; as stems."""

NAMING_WORDS = _words(
    "the a an each any as collectively individually together such or and called our his her its "
    "hereinafter hereafter herein respectively namely also this either"
)
"""What may stand before the quoted name inside brackets: (collectively, the "Parties")."""

NOT_A_COUNT = _words(
    "point half quarter third thirds and section clause article exhibit schedule no number page"
)
"""A number after one of these is no count of its own: "one-half (1/2)", "section three (3)"."""

COMMON_ACRONYMS = _words(
    "USA USD EUR GBP CAD AUD JPY CHF CNY HKD SGD INR VAT GST LLC LLP PLC INC LTD CEO CFO COO CTO GDPR "
    "CCPA HIPAA ERISA FINRA SEC IRS FDA FTC EEOC NLRB NYSE DTSA FLSA FCPA OFAC OSHA COBRA FMLA FAA UCC "
    "CISG ICC AAA JAMS LCIA HMRC FCA ICO ISO PDF HTML URL FAQ NDA MSA SOW DPA SLA KPI API SDK SQL XML CSV "
    "FOB CIF DDP DAP EXW CPT CIP GAAP IFRS SSN EIN TIN ZIP NOT AND THE FOR ANY ALL BUT MAY ITS HAS WAS "
    "ARE YOU OUR WITH THIS THAT FROM DATE NAME TITLE NOTE VIA WWW COM ATTN TEL FAX NULL NONE TBD NTD TODO "
    "FIXME SIGNED BY EST PST GMT UTC CET EDT ADR III VII VIII XII XIII XIV XVI XVII"
)
"""Capitals that need no explanation in a contract."""
