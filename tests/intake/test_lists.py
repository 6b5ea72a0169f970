"""Lists of the record from others' tables: risks, services, assets, actions and decisions, and our own workbook."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook
from record_edits import ARRIVES, REFUSED
from roadmap_edits import edited, ended
from slices import sliced

from toolkit.cli import main
from toolkit.client.record import Record
from toolkit.client.schema import Asset, Service
from toolkit.client.store import load
from toolkit.errors import InputError
from toolkit.intake import import_file
from toolkit.plan.plan import plan_roadmap
from toolkit.publish.roadmap_workbook import roadmap_xlsx

MERIDIAN = "meridian-manufacturing"
GLPI = "Financial and administrative information - "


@pytest.fixture
def clients(project: Path, tmp_path: Path) -> Path:
    """A folder with a copy of a sample."""
    shutil.copytree(project / "client_data" / MERIDIAN, tmp_path / "clients" / MERIDIAN)
    return tmp_path / "clients"


@pytest.fixture(scope="module")
def roadmap(project: Path) -> bytes:
    """The roadmap's workbook of the sample."""
    record = load(project / "client_data", MERIDIAN)
    return roadmap_xlsx(record, plan_roadmap(record))


def put(clients: Path, kind: str, text: str) -> Record:
    """Import a table, and return the record as it then is."""
    path = clients.parent / "list.csv"
    path.write_text(text, "utf-8")
    import_file(clients, kind, MERIDIAN, path)
    return load(clients, MERIDIAN)


def test_a_list_of_contracts(clients: Path) -> None:
    """Common headings of a list of renewals; 5 % is a share, and amounts may be written as people do."""
    record = put(clients, "services", "Contract,Supplier,Annual cost,Annual increase,Renewal date,Notice days,Contract owner\n"
                 'Backup,Coldvault,"USD 38,500",5 %,31 May 2027,60,"Ada, CFO"\n'.replace("Annual cost,", "Annual cost,"))  # fmt: skip
    assert record.services == (
        Service(id="Backup", name="Backup", vendor="Coldvault", yearly_cost=38_500, price_rise=0.05, renewal=date(2027, 5, 31),
                notice_days=60, owner="Ada, CFO"),
    )  # fmt: skip


def test_a_list_of_equipment(clients: Path) -> None:
    """Of a list of assets, Number is how many there are: it is not what tells one row from another."""
    record = put(
        clients,
        "assets",
        "Asset,Number,Bought on,Life in years,Price\nLaptops of 2022,140,2022-05-01,5,1400\n",
    )
    assert record.assets == (
        Asset(id="laptops-of-2022", name="Laptops of 2022", number=140, bought=date(2022, 5, 1), life_years=5, price=1_400),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "service", "table", "held"),
    [
        ("services", "ServiceNow, contracts",
         "Number,Short description,Vendor,Contract administrator,Starts,Ends,Yearly cost\nCNTR1,Lines,Telia,Abel,2024-01-01,2027-06-30,12000\n",
         Service(id="CNTR1", name="Lines", vendor="Telia", yearly_cost=12_000, renewal=date(2027, 6, 30), owner="Abel")),
        ("services", "ServiceNow, contracts",
         "number,short_description,vendor,contract_administrator,ends,yearly_cost\nCNTR1,Lines,Telia,Abel,2027-06-30,0\n",
         Service(id="CNTR1", name="Lines", vendor="Telia", renewal=date(2027, 6, 30), owner="Abel")),
        ("assets", "ServiceNow, assets",
         "Display name,Asset tag,Model category,Quantity,Purchased,Useful life (months),Cost,Assigned to,Owned by\n"
         "P1 - Latitude,P1,Computer,1,2023-04-15,48,1250,Bo,Ada\n",
         Asset(id="P1", name="P1 - Latitude", kind="Computer", number=1, bought=date(2023, 4, 15), life_years=4, price=1250, owner="Ada")),
        ("assets", "Snipe-IT",
         "Asset Name,Asset Tag,Serial,Model,Category,Status,Checked Out To,Purchase Date,Purchase Cost,EOL Date\n"
         ",T9,S1,Latitude,Laptops,Deployed,Bo,2023-04-15,1250,2027-04-15\n",
         Asset(id="T9", name="Latitude", kind="Laptops", bought=date(2023, 4, 15), end_of_life=date(2027, 4, 15), price=1250)),
        ("services", "GLPI, contracts",
         '"Name";"ID";"Number";"Start date";"Duration";"Notice";"Renewal";"Expiration";"Associated suppliers";"Costs";\n'
         '"Lines";"12";"C-9";"2023-07-01";"48 months";"6 months";"Tacit";"2027-06-30";"Ringline\nTelia";"12 000.00";\n',
         Service(id="12", name="Lines", vendor="Ringline; Telia", renewal=date(2027, 6, 30), notice_days=182)),
        ("assets", "GLPI, assets",
         f'"Name";"Entity";"Status";"Type";"{GLPI}Date of purchase";"{GLPI}Value";"{GLPI}Amortization duration";'
         f'"{GLPI}Warranty expiration date";\n"SRV-1";"Root";"In use";"Rack";"2021-11-15";"9 800.00";"5 years";"2024-11-15";\n',
         Asset(id="SRV-1", name="SRV-1", kind="Rack", bought=date(2021, 11, 15), life_years=5, price=9800)),
    ],
)  # fmt: skip
def test_what_service_tools_export_needs_no_map(
    clients: Path, kind: str, service: str, table: str, held: Service | Asset
) -> None:
    """Recognised by its headings; whom a device is given to is not read, and a cost of zero is unknown."""
    path = clients.parent / "list.csv"
    path.write_text(table, "utf-8")
    done = import_file(clients, kind, MERIDIAN, path)
    assert f"Read as an export of {service}." in done.remarks
    (row,) = getattr(load(clients, MERIDIAN), kind)
    given = {name: getattr(row, name) for name in held.model_fields_set}
    assert given == {
        name: pytest.approx(value) if isinstance(value, float) else value
        for name, value in held
        if name in given
    }
    assert row.model_dump(exclude=set(given), exclude_none=True) == {}
    assert import_file(clients, kind, MERIDIAN, path).changed == ()


@pytest.mark.parametrize(
    ("notice", "renewal", "days"),
    [("90 days", "2027-06-30", 90), ("12 weeks", "2027-06-30", 84), ("90", "2027-06-30", 90), ("90 Tage", "", 90),
     ("3 months", "2026-12-31", 92), ("3 mois", "2027-05-31", 92), ("1 Monat", "2027-03-31", 31), ("1 year", "2028-03-01", 366),
     ("3 months", "", None), ("", "2027-06-30", None)],
)  # fmt: skip
def test_notice_may_have_its_unit(clients: Path, notice: str, renewal: str, days: int | None) -> None:
    """Days of notice as contracts state them; months are counted back from the renewal, and unknown without one."""
    record = put(clients, "services", f"Contract,Renewal date,Notice period\nLines,{renewal},{notice}\n")
    assert record.services[0].notice_days == days


def test_a_notice_that_is_no_span_is_refused(clients: Path) -> None:
    """Half a month, or a word, is asked about."""
    for cell in ("half a month", "1.5 months", "3 parsecs"):
        with pytest.raises(InputError, match="Notice period"):
            put(clients, "services", f"Contract,Renewal date,Notice period\nLines,2027-06-30,{cell}\n")


def test_risks_of_a_security_tool_keep_its_reference(clients: Path) -> None:
    """A list with the headings that CISO Assistant exports: its reference is the id, words for how bad it is are not read."""
    table = (
        "ref_id;assets;threats;name;description;existing_controls;current_impact;current_proba;current_risk;additional_controls;"
        "residual_impact;residual_proba;residual_risk;treatment;strength_of_knowledge\n"
        "R.1;Ledger;Ransomware;Ledger encrypted;;EDR;High;Likely;High;Offline copies;Medium;Unlikely;Low;Mitigate;High\n"
    )
    risk = put(clients, "risks", table).facts.risks[-1]
    assert (risk.id, risk.name, risk.severity) == ("R.1", "Ledger encrypted", None)


def test_risks_are_merged_by_id_and_the_others_stay(clients: Path) -> None:
    """A risk that is on record takes what the table says; what the table does not list stays."""
    before = load(clients, MERIDIAN).facts.risks
    table = f"ID,Risk,Category,Due date,Risk owner\n{before[0].id},{before[0].name},Operational,2029-01-31,Ada\nnew,New one,Audit,,\n"
    after = put(clients, "risks", table).facts.risks
    assert after[1 : len(before)] == before[1:]
    assert (after[0].due, after[0].owner, after[0].severity) == (date(2029, 1, 31), "Ada", before[0].severity)
    assert (after[-1].id, after[-1].kind) == ("new", "compliance")


def test_actions_without_a_round_are_of_the_latest(clients: Path) -> None:
    """A list of actions says seldom in which round one was promised."""
    record = put(
        clients,
        "actions",
        "No.,Task,Assigned to,Due date,Status\n77,Name an owner,Ada,2026-12-01,In progress\n",
    )
    action = record.actions[-1]
    assert (action.id, action.round, action.status, action.due) == (
        "77",
        record.round().id,
        "open",
        date(2026, 12, 1),
    )


def test_decisions_from_a_table(clients: Path) -> None:
    """A table of decisions is read as one by the command, too, which takes any other file for a decision sheet."""
    path = clients.parent / "list.csv"
    path.write_text(
        "Ref,Date,Subject,Outcome,Decided by\nB1,2026-10-14,intranet,Rejected,Board\nB2,2026-10-14,nobody,Approved,Board\n"
    )
    with pytest.raises(InputError, match="nobody"):
        import_file(clients, "decisions", MERIDIAN, path)
    path.write_text(path.read_text("utf-8").replace("nobody", "phone-system"))
    done = CliRunner().invoke(main, ["import", "decisions", MERIDIAN, str(path), "--clients", str(clients)])
    assert done.exit_code == 0, done.output
    assert [(one.subject, one.decision, one.by) for one in load(clients, MERIDIAN).decisions[-2:]] == [
        ("intranet", "reject", "Board"),
        ("phone-system", "approve", "Board"),
    ]


def test_our_own_roadmap_comes_back(clients: Path, roadmap: bytes) -> None:
    """The roadmap’s workbook changes nothing as it was made; an owner that a project office changed there arrives."""
    path = clients.parent / "roadmap.xlsx"
    path.write_bytes(roadmap)
    assert import_file(clients, "initiatives", MERIDIAN, path).files == {}
    book = load_workbook(path)
    sheet = book["Roadmap"]
    owner = next(cell.column for cell in sheet[1] if cell.value == "Owner in IT")
    running = next(cell.column for cell in sheet[1] if str(cell.value).startswith("Running cost a year"))
    sheet.cell(2, owner).value, sheet.cell(2, running).value = "Ada", 4321
    book.save(path)
    import_file(clients, "initiatives", MERIDIAN, path)
    one = next(each for each in load(clients, MERIDIAN).initiatives if each.id == sheet.cell(2, 1).value)
    assert (one.owner_it, one.opex) == ("Ada", 4321)


@pytest.mark.parametrize("seed", sliced(range(60), 15))
def test_an_edit_of_the_roadmap_arrives_or_is_refused(seed: int, clients: Path, roadmap: bytes) -> None:
    """What a project office changes in the roadmap is read where it can be: new rows too, whatever stands in the other columns."""
    path = clients.parent / "roadmap.xlsx"
    path.write_bytes(roadmap)
    said, end, after = edited(path, clients / MERIDIAN, seed, path)
    assert ended(clients, MERIDIAN, end, after, path) in (ARRIVES, REFUSED), said
