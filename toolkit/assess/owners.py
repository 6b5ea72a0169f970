"""Who could answer for an action on each side, as far as the record names anyone."""

from __future__ import annotations

from toolkit.client.record import Record

Owners = tuple[str | None, str | None]


def leads(record: Record) -> Owners:
    """Return the leads of business and of IT as the profile names them; None is not named."""
    return record.facts.profile.business_lead, record.facts.profile.it_lead


def with_owner(record: Record, owner: str | None) -> Owners:
    """Return both sides' owners where one person is known: that person's side, and the lead of the other.

    A person is taken for IT's where the record names them as an owner in IT, and nowhere in the business.
    """
    business, it = leads(record)
    if owner is None:
        return business, it
    facts = record.facts
    in_it = {it, *(k.owner_it for k in facts.kpis), *(i.owner_it for i in record.initiatives)}
    in_business = {
        business,
        *(k.owner_business for k in facts.kpis),
        *(i.owner_business for i in record.initiatives),
    }
    return (business, owner) if owner in in_it and owner not in in_business else (owner, it)


def of_initiatives(record: Record, initiatives: tuple[str, ...]) -> Owners:
    """Return the leads, and where the profile names none the first owners of these initiatives."""
    business, it = leads(record)
    work = [one for one in record.initiatives if one.id in initiatives]
    business = business or next((one.owner_business for one in work if one.owner_business), None)
    return business, it or next((one.owner_it for one in work if one.owner_it), None)
