"""Requests for services, contractor and employment agreements, as people write them."""

# ruff: noqa: E501 (requests stand as people write them)

import pytest

from tests.unit.intake_reading import Case, identify, read

SERVICES = [
    Case("Create a service agreement", "services", None, {"client": None, "provider": None}, {"fee": None, "term": None}),
    Case(
        "Services agreement for Acme Corp (client) with Beta Web LLC (provider): website redesign, $5,000 per month, net 30, "
        "12-month term, liability capped at $50,000",
        "services", None, {"client": "Acme Corp", "provider": "Beta Web LLC"},
        {"fee": "USD 5000", "payment_period": "30 day", "term": "12 month", "liability_cap": "USD 50000",
         "pricing": "monthly"},
    ),
    Case(
        "MSA between Acme and Beta, effective 1 March 2027, monthly fee of $5,000, 30 days' notice of termination, provider "
        "keeps IP, arbitration seated in London under the rules of the LCIA",
        "services", None, {"client": "Acme", "provider": "Beta"},
        {"effective_date": "2027-03-01", "fee": "USD 5000", "notice_period": "30 day", "arbitration_seat": "London"},
        ("provider_keeps_ip", "arbitration"),
    ),
    Case("Services agreement for marketing services between Acme Inc. and BrightAds LLC, $75 per hour, 6 months",
         "services", None, {"client": "Acme Inc.", "provider": "BrightAds LLC"},
         {"rate": "USD 75", "term": "6 month", "pricing": "hourly"}),
    Case("Contract for services: client Acme; provider Beta. Services: monthly bookkeeping and payroll. Fee: USD 2k per month.",
         "services", None, {"client": "Acme", "provider": "Beta"},
         {"services": "monthly bookkeeping and payroll", "fee": "USD 2000"}),
    Case(
        "Draft a master services agreement between Contoso Ltd (customer) and Fabrikam Ltd (supplier) under English law: fee "
        "of £10,000 per month, term of 2 years, payment within 30 days, notice of termination 60 days",
        "services", "UK-EW", {"client": "Contoso Ltd", "provider": "Fabrikam Ltd"},
        {"fee": "GBP 10000", "term": "2 year", "payment_period": "30 day", "notice_period": "60 day"},
    ),
    Case(
        "web development agreement with PixelWorks LLC as provider and Cafe Uno as client, fixed fee of $12,000, to provide a "
        "new website and hosting, completed by 2027-06-01, acceptance period 10 business days",
        "services", None, {"client": "Cafe Uno", "provider": "PixelWorks LLC"},
        {"fee": "USD 12000", "services": "a new website and hosting", "end_date": "2027-06-01",
         "acceptance_period": "10 business_day", "pricing": "fixed"},
    ),
    Case("services agreement, liability capped at USD 1 million, provider Beta Inc., no arbitration",
         "services", None, {"client": None, "provider": "Beta Inc."}, {"liability_cap": "USD 1000000", "fee": None}),
    Case("statement of work under MSA, Texas, Acme Corp engages Beta LLC to perform a security audit for a total of $25k",
         "services", "US-TX", {"client": "Acme Corp", "provider": "Beta LLC"},
         {"services": "a security audit", "fee": "USD 25000"}),
    Case("Please create a service agreement in California for web development between TechNova Solutions and Green Leaf Cafe",
         "services", "US-CA", {"client": "TechNova Solutions", "provider": "Green Leaf Cafe"}),
    Case("Draft a services agreement between the client, Acme Corp., and the provider, Beta LLC, to provide IT support.",
         "services", None, {"client": "Acme Corp.", "provider": "Beta LLC"}, {"services": "IT support"}),
    Case("Pro-client services agreement under Texas law", "services", "US-TX", stance="client"),
    Case("Services agreement for Web Design in Texas", "services", "US-TX", {"client": None, "provider": None}),
    Case("services agreement between my company and Beta LLC", "services", None, {"client": None, "provider": "Beta LLC"}),
]  # fmt: skip

CONTRACTOR = [
    Case("consulting agreement: Acme engages Maria Garcia to design a logo for $80 per hour, until 2027-06-30, no non-compete",
         "contractor", None, {"client": "Acme", "contractor": "Maria Garcia"},
         {"fee": "USD 80", "fee_basis": "per hour", "end_date": "2027-06-30", "services": "to design a logo"}),
    Case("freelance contract, California, client Acme Inc., freelancer Bob Ray, fixed fee of $3,000",
         "contractor", "US-CA", {"client": "Acme Inc.", "contractor": "Bob Ray"},
         {"fee": "USD 3000", "fee_basis": "fixed fee"}),
    Case(
        "Independent contractor agreement between Acme LLC and Jane Roe, an individual, not to exceed $20,000, $100/hour, "
        "New York law, with a portfolio right",
        "contractor", "US-NY", {"client": "Acme LLC", "contractor": "Jane Roe"},
        {"fee": "USD 100", "fee_cap": "USD 20000", "fee_basis": "per hour"}, ("portfolio",),
    ),
    Case("Freelance agreement: I, Maria Garcia, will write blog posts for Acme Inc. for $300, due by 2027-02-01",
         "contractor", None, {"client": "Acme Inc.", "contractor": "Maria Garcia"},
         {"fee": "USD 300", "effective_date": None}),
    Case(
        "consulting agreement under UK law, consultant John O'Brien, client Big Bank plc, day rate £600, 3 months, "
        "non-solicitation for 6 months",
        "contractor", "UK-EW", {"client": "Big Bank plc", "contractor": "John O'Brien"},
        {"fee": "GBP 600", "fee_basis": "per day", "term": "3 month", "restraint_period": "6 month"}, ("non_solicitation",),
    ),
    Case("independent contractor agreement: client is Acme Inc., contractor is Jane Roe, an individual",
         "contractor", None, {"client": "Acme Inc.", "contractor": "Jane Roe"}),
    Case("freelancer contract for Li Wei with Acme GmbH, EUR 600 per day, 6 months, notice period of 14 days",
         "contractor", None, {"client": "Acme GmbH", "contractor": "Li Wei"},
         {"fee": "EUR 600", "fee_basis": "per day", "term": "6 month", "notice_period": "14 day"}),
    Case("Independent contractor agreement. Client: Northwind Traders LLC\nContractor: Maria Garcia\nFee: $80 per hour\n"
         "Term: 6 months",
         "contractor", None, {"client": "Northwind Traders LLC", "contractor": "Maria Garcia"},
         {"fee": "USD 80", "fee_basis": "per hour", "term": "6 month"}),
    Case("consulting agreement for SEO services", "contractor", None, {"client": None, "contractor": None}),
    Case("1099 agreement in Texas for Bob Ray, paid $45/hour, by Acme Inc.",
         "contractor", "US-TX", {"client": "Acme Inc.", "contractor": "Bob Ray"},
         {"fee": "USD 45", "fee_basis": "per hour"}),
]  # fmt: skip

EMPLOYMENT = [
    Case(
        "Employment agreement: Acme Inc. hires Jane Doe as a software engineer in California at $120,000 per year, starting "
        "February 1, 2027, reporting to the CTO, 20 days of vacation, exempt, remote",
        "employment", "US-CA", {"employer": "Acme Inc.", "employee": "Jane Doe"},
        {"position": "software engineer", "salary": "USD 120000", "salary_period": "per year", "start_date": "2027-02-01",
         "manager": "the CTO", "vacation": "20", "classification": "exempt", "remote": "yes", "term": None},
    ),
    Case(
        "Employment agreement in Texas for John Smith as sales manager, salary of $80,000 a year and a bonus of 10% of sales, "
        "with a 12-month non-compete",
        "employment", "US-TX", {"employer": None, "employee": "John Smith"},
        {"position": "sales manager", "salary": "USD 80000", "bonus": "10% of sales", "restraint_period": "12 month", "term": None}, ("non_compete",),
    ),
    Case(
        "Contract of employment under English law between Oak Ltd and Tom Hill, £28,000 per annum, 40 hours per week, "
        "probationary period of 3 months, notice period 4 weeks",
        "employment", "UK-EW", {"employer": "Oak Ltd", "employee": "Tom Hill"},
        {"salary": "GBP 28000", "salary_period": "per year", "hours": "40", "probation": "3 month",
         "notice_period": "4 week"},
    ),
    Case("employment contract between Acme Inc. and Jane Roe, salary of 120,000, at-will, Texas, start 03/15/2027",
         "employment", "US-TX", {"employer": "Acme Inc.", "employee": "Jane Roe"},
         {"salary": None, "start_date": "2027-03-15"}),
    Case(
        "executive employment agreement, employer MegaCorp, Inc., executive Ann Lee as Chief Financial Officer, base salary "
        "$350,000, 12 months severance, non-compete of 12 months, Delaware law, arbitration",
        "employment", "US-DE", {"employer": "MegaCorp, Inc.", "employee": "Ann Lee"},
        {"position": "Chief Financial Officer", "salary": "USD 350000", "severance_period": "12 month", "restraint_period": "12 month"},
        ("non_compete", "arbitration"),
    ),
    Case(
        "Draft an at-will employment agreement with non-exempt hourly pay of $25 per hour for Sam Wu, barista, at Bean Coffee "
        "Inc. in California, part time 20 hours a week",
        "employment", "US-CA", {"employer": "Bean Coffee Inc.", "employee": "Sam Wu"},
        {"position": "barista", "salary": "USD 25", "salary_period": "per hour", "classification": "non-exempt", "hours": "20"},
    ),
    Case(
        "at-will employment agreement, New York, employer Acme Inc., employee Bob Ray, job title: driver, $22 per hour, "
        "non-exempt, paid weekly",
        "employment", "US-NY", {"employer": "Acme Inc.", "employee": "Bob Ray"},
        {"position": "driver", "salary": "USD 22", "salary_period": "per hour", "pay_interval": "weekly"},
    ),
    Case("Offer of employment to Jane Doe as a nurse at Mercy Clinic Inc., California, $95,000 a year, no non-compete",
         "employment", "US-CA", {"employer": "Mercy Clinic Inc.", "employee": "Jane Doe"},
         {"position": "nurse", "salary": "USD 95000"}),
    Case("employment agreement for a term of 2 years, employer Acme LLC, executive Ann Lee, severance of 6 months, Texas, "
         "employer-friendly",
         "employment", "US-TX", {"employer": "Acme LLC", "employee": "Ann Lee"},
         {"term": "2 year", "severance_period": "6 month"}, stance="employer"),
    Case("Employment agreement between Jane Doe and Acme Inc.",
         "employment", None, {"employer": "Acme Inc.", "employee": "Jane Doe"}),
    Case("Employment agreement: Acme, employer; Jane Roe, employee",
         "employment", None, {"employer": "Acme", "employee": "Jane Roe"}),
    Case("work contract for an employee, hybrid, working at 1 Main Street, Dover, DE 19901, 37 hours a week",
         "employment", None, {"employer": None, "employee": None},
         {"hours": "37", "remote": "yes", "workplace": "1 Main Street, Dover, DE 19901"}),
    Case("Employment agreement between Acme Inc. and Jane Roe: commission: 5% of net sales, equity: 10,000 options, pension: "
         "the company scheme, no arbitration, salary $100,000 a year",
         "employment", None, {"employer": "Acme Inc.", "employee": "Jane Roe"},
         {"commission": "5% of net sales", "equity": "10,000 options", "pension": "the company scheme", "salary": "USD 100000"}),
    Case("Employment agreement: bonus: 10% of salary, commission of 5% of net sales and equity: 10,000 options, remote",
         "employment", None, {"employer": None, "employee": None},
         {"bonus": "10% of salary", "commission": "5% of net sales", "equity": "10,000 options", "remote": "yes"}),
    Case("Employment agreement: Acme Drilling LLC hires Bob Jones as drilling engineer in Texas at $120,000 per year",
         "employment", "US-TX", {"employer": "Acme Drilling LLC", "employee": "Bob Jones"},
         {"position": "drilling engineer", "salary": "USD 120000"}),
    Case("Employment agreement between Acme Inc. and Maria Lopez, product manager, California, $150,000 a year",
         "employment", "US-CA", {"employer": "Acme Inc.", "employee": "Maria Lopez"},
         {"position": "product manager", "salary": "USD 150000"}),
    Case("Employment agreement: Acme Inc. hires Maria Lopez as Senior Engineer, starting 2027-02-01",
         "employment", None, {"employer": "Acme Inc.", "employee": "Maria Lopez"},
         {"position": "Senior Engineer", "start_date": "2027-02-01"}),
    Case("Employment agreement between Acme Inc. and Maria Lopez, director of sales at $150,000 a year",
         "employment", None, {"employer": "Acme Inc.", "employee": "Maria Lopez"}, {"position": "director of sales"}),
    Case("Employment agreement with Maria Lopez as employee and Acme Inc. as employer, as agreed, remote",
         "employment", None, {"employer": "Acme Inc.", "employee": "Maria Lopez"}, {"position": None, "remote": "yes"}),
    Case("Employment agreement between Acme Inc. and Maria Lopez, remote, exempt, with garden leave",
         "employment", None, {"employer": "Acme Inc.", "employee": "Maria Lopez"}, {"position": None}, ("garden_leave",)),
    Case("Employment agreement: Acme Inc. hires Maria Lopez as licensor",
         "employment", None, {"employer": "Acme Inc.", "employee": "Maria Lopez"}, {"position": None}),
]  # fmt: skip


@pytest.mark.parametrize("case", [*SERVICES, *CONTRACTOR, *EMPLOYMENT], ids=identify)
def test_a_request_for_work_is_understood(case: Case) -> None:
    case.check(read(case.message).matter)
