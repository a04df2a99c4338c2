"""Requests for software and for premises, as people write them."""

# ruff: noqa: E501 (requests stand as people write them)

import pytest

from tests.unit.intake_reading import Case, identify, read

SAAS = [
    Case(
        "SaaS agreement between CloudCo Inc. (provider) and Shop LLC, 50 users, $10k per year, 99.9% uptime, billed annually, "
        "automatically renews, customer-friendly",
        "saas", None, {"customer": "Shop LLC", "provider": "CloudCo Inc."},
        {"users": "50", "fee": "USD 10000", "uptime": "99.9", "billing": "annually"}, stance="customer",
    ),
    Case("SaaS subscription for Shop LLC with CloudCo Inc. in England, no auto-renewal",
         "saas", "UK-EW", {"customer": "Shop LLC", "provider": "CloudCo Inc."}, {"auto_renewal": "no"}),
    Case(
        "SaaS agreement: provider CloudCo, Inc., customer Shop LLC, 25 seats, $1,200 per month, 12 months, net 45, 99.5% "
        "uptime, California law",
        "saas", "US-CA", {"customer": "Shop LLC", "provider": "CloudCo, Inc."},
        {"users": "25", "fee": "USD 1200", "term": "12 month", "payment_period": "45 day", "uptime": "99.5"},
    ),
    Case("draft a saas contract for twenty-five users at $99 per month with a 30-day notice of non-renewal",
         "saas", None, {"customer": None, "provider": None},
         {"users": "25", "fee": "USD 99", "renewal_notice": "30 day", "billing": "monthly", "term": None}),
    Case(
        "SaaS contract, customer Mercy Clinic Inc., provider HealthCloud LLC, hosted in Germany, $30,000 per year, term of 36 "
        "months, auto-renewal, successive 12 month terms, 90 days notice of non-renewal, SOC 2",
        "saas", None, {"customer": "Mercy Clinic Inc.", "provider": "HealthCloud LLC"},
        {"region": "Germany", "fee": "USD 30000", "term": "36 month", "renewal_term": "12 month",
         "renewal_notice": "90 day", "auto_renewal": "yes"},
        ("security_reports",),
    ),
    Case("cloud services agreement between Acme plc and Stack Ltd, monthly fee of £2,000, uptime of 99.95%, English law",
         "saas", "UK-EW", {"customer": "Acme plc", "provider": "Stack Ltd"}, {"fee": "GBP 2000", "uptime": "99.95"}),
    Case("subscription agreement for 10 users, $15 per month, provider-friendly, Texas",
         "saas", "US-TX", facts={"users": "10", "fee": "USD 15"}, stance="provider"),
    Case("software as a service agreement: Acme Inc. subscribes to CloudCo LLC's platform, New York law",
         "saas", "US-NY", {"customer": "Acme Inc.", "provider": "CloudCo LLC"}),
    Case("saas agreement, no arbitration, liability capped at $100,000",
         "saas", None, facts={"liability_cap": "USD 100000", "fee": None}),
    Case("saas agreement, personal data such as names, emails and phone numbers, data subjects: customers, employees, "
         "arbitration, security reports",
         "saas", None, {"customer": None, "provider": None},
         {"personal_data": "names, emails and phone numbers", "data_subjects": "customers, employees"},
         ("arbitration", "security_reports")),
]  # fmt: skip

LICENSE = [
    Case(
        "Software license agreement between CodeCo GmbH (licensor) and Widgets Ltd (licensee), perpetual, non-exclusive, EUR "
        "20,000 one-time, 100 users, English law",
        "license", "UK-EW", {"licensor": "CodeCo GmbH", "licensee": "Widgets Ltd"},
        {"perpetual": "yes", "exclusivity": "non-exclusive", "fee": "EUR 20000", "fee_basis": "one-time", "users": "100"},
    ),
    Case("Create a software licence from CodeCo Ltd to Widgets plc for a term of 3 years, £12,000 per year with source code "
         "escrow",
         "license", None, {"licensor": "CodeCo Ltd", "licensee": "Widgets plc"},
         {"term": "3 year", "fee": "GBP 12000"}, ("escrow",)),
    Case("On-premises license for Acme's data platform, licensed to Beta Inc., annual fee of $50,000, maintenance fee "
         "$10,000, New York",
         "license", "US-NY", {"licensee": "Beta Inc.", "licensor": None},
         {"fee": "USD 50000", "maintenance_fee": "USD 10000"}),
    Case("exclusive license agreement from Inventor Labs LLC to MegaCorp Inc., $100,000 annual fee, territory: North America, "
         "5 years, Delaware law",
         "license", "US-DE", {"licensor": "Inventor Labs LLC", "licensee": "MegaCorp Inc."},
         {"exclusivity": "exclusive", "fee": "USD 100000", "territory": "North America", "term": "5 year"}),
    Case("source code license with escrow, licensee Widgets Ltd, licensor CodeCo Ltd, non-exclusive, 3 copies, no "
         "sublicensing",
         "license", None, {"licensor": "CodeCo Ltd", "licensee": "Widgets Ltd"},
         {"copies": "3", "exclusivity": "non-exclusive"}, ("escrow",)),
    Case("licence agreement under English law, licensor Oxford Tools Ltd, licensee Cam plc, £5,000, support fee £900, "
         "warranty of 90 days",
         "license", "UK-EW", {"licensor": "Oxford Tools Ltd", "licensee": "Cam plc"},
         {"fee": "GBP 5000", "maintenance_fee": "GBP 900", "warranty_period": "90 day", "term": None}),
    Case("enterprise license agreement, licensor Acme Inc., licensee Beta Inc., licensee-friendly, Illinois",
         "license", "Illinois", {"licensor": "Acme Inc.", "licensee": "Beta Inc."}, stance="licensee"),
]  # fmt: skip

LEASE = [
    Case(
        "Draft a commercial lease between Oak Properties LLC (landlord) and Bean Coffee Inc. (tenant) for premises at 12 Elm "
        "St., Austin, TX 78701, five-year term, rent of $4,000 per month, security deposit $8,000, Texas law",
        "lease", "US-TX", {"landlord": "Oak Properties LLC", "tenant": "Bean Coffee Inc."},
        {"premises": "12 Elm St., Austin, TX 78701", "term": "5 year", "rent": "USD 4000", "rent_period": "per month",
         "deposit": "USD 8000"},
    ),
    Case(
        "Office lease in New York: landlord Tower Realty LP leases to tenant StartUp Inc. the 5th floor, $120,000 per year, "
        "starting March 1, 2027, 3% annual increase, option to renew for 5 years",
        "lease", "US-NY", {"landlord": "Tower Realty LP", "tenant": "StartUp Inc."},
        {"rent": "USD 120000", "commencement_date": "2027-03-01", "rent_increase": "3", "renewal_term": "5 year",
         "rent_period": "per year", "term": None},
        ("renewal",),
    ),
    Case("I need a retail lease for my coffee shop. Landlord: Jane Roe; tenant: Bob's Beans LLC. Rent $2,500 a month, three "
         "years, triple net, landlord-friendly",
         "lease", None, {"landlord": "Jane Roe", "tenant": "Bob's Beans LLC"},
         {"rent": "USD 2500", "rent_period": "per month", "term": "3 year", "lease_kind": "net"}, stance="landlord"),
    Case(
        "lease under English law, Castle Estates Limited as landlord and Tea House Ltd as tenant, property at 5 High Street, "
        "London EC1A 1BB, £30,000 per annum, 10 years, with a break clause and rent review",
        "lease", "UK-EW", {"landlord": "Castle Estates Limited", "tenant": "Tea House Ltd"},
        {"premises": "5 High Street, London EC1A 1BB", "rent": "GBP 30000", "rent_period": "per year", "term": "10 year"},
        ("early_termination", "rent_review"),
    ),
    Case("Commercial lease, landlord Jane Roe, tenant Bean LLC, premises: 5 Pine Ave, San Jose, CA 95112, rent $3,000 a month, "
         "deposit of $6,000, 3 years, from 2027-04-01",
         "lease", None, {"landlord": "Jane Roe", "tenant": "Bean LLC"},
         {"premises": "5 Pine Ave, San Jose, CA 95112", "rent": "USD 3000", "deposit": "USD 6000", "term": "3 year",
          "commencement_date": "2027-04-01"}),
    Case("warehouse lease in Texas from Depot Holdings LLC to Ship Fast Inc., $10,000 monthly, triple net, ten years, 2.5% "
         "annual increase, tenant improvement allowance of $50,000",
         "lease", "US-TX", {"landlord": "Depot Holdings LLC", "tenant": "Ship Fast Inc."},
         {"rent": "USD 10000", "rent_period": "per month", "term": "10 year", "rent_increase": "2.5",
          "allowance": "USD 50000"}),
    Case("lease, rent £20,000 a year, five-year term, break clause, England, tenant Tea Ltd, landlord Castle plc, no rent "
         "review",
         "lease", "UK-EW", {"landlord": "Castle plc", "tenant": "Tea Ltd"},
         {"rent": "GBP 20000", "term": "5 year"}, ("early_termination",)),
    Case("office lease for 6 months, starting 1 June 2027, tenant-friendly, New York, guaranteed by Ann Lee",
         "lease", "US-NY", {"landlord": None, "tenant": None},
         {"term": "6 month", "commencement_date": "2027-06-01", "guarantor": "Ann Lee"}, stance="tenant"),
    Case("shop lease between Oak LLC and Bean Inc, space at 9 Oak Ave, Reno, NV 89501, Nevada law, rent of $1,500 per month, "
         "rent-free period of 2 months",
         "lease", "Nevada", {"landlord": "Oak LLC", "tenant": "Bean Inc"},
         {"premises": "9 Oak Ave, Reno, NV 89501", "rent": "USD 1500", "rent_free": "2 month", "term": None}),
    Case("Lease agreement where Oak LLC leases to Bean Inc. 2,000 square feet, dated 2027-01-05, starting 2027-02-01",
         "lease", None, {"landlord": "Oak LLC", "tenant": "Bean Inc."},
         {"lease_date": "2027-01-05", "commencement_date": "2027-02-01"}),
    Case("Lease between Oak LLC and Bean Inc., 5 years from June 1, 2027, $4,000 per month",
         "lease", None, {"landlord": "Oak LLC", "tenant": "Bean Inc."},
         {"term": "5 year", "commencement_date": "2027-06-01", "rent": "USD 4000"}),
    Case("Lease between Castle plc and Tea Ltd, five years from 25 March 2027, £4,000 per month",
         "lease", None, {"landlord": "Castle plc", "tenant": "Tea Ltd"},
         {"term": "5 year", "commencement_date": "2027-03-25"}),
    Case("Lease, landlord Castle plc, tenant Tea Ltd, repairs within 3 months from 25 March 2027, 30 days from 1 May 2027",
         "lease", None, {"landlord": "Castle plc", "tenant": "Tea Ltd"}, {"term": None}),
    Case("Lease, tenant Bean Inc., guarantor Fintech Holdings plc",
         "lease", None, {"landlord": None, "tenant": "Bean Inc."}, {"guarantor": "Fintech Holdings plc"}),
    Case("Lease, guarantor: Fintech Holdings plc, landlord Oak LLC",
         "lease", None, {"landlord": "Oak LLC", "tenant": None}, {"guarantor": "Fintech Holdings plc"}),
    Case("Lease between Oak LLC and Bean Inc., guaranteed by Fintech Holdings plc, Texas",
         "lease", "US-TX", {"landlord": "Oak LLC", "tenant": "Bean Inc."}, {"guarantor": "Fintech Holdings plc"}),
]  # fmt: skip


@pytest.mark.parametrize("case", [*SAAS, *LICENSE, *LEASE], ids=identify)
def test_a_request_for_software_or_premises_is_understood(case: Case) -> None:
    case.check(read(case.message).matter)
