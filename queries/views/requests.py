"""What the guard of the reading room has put into a request."""

from django.http import HttpRequest

from insurance.models import InsuredPerson


class ReaderRequest(HttpRequest):
    """After `insured_person_required`: the person whose own pages these are."""

    insured_person: InsuredPerson
