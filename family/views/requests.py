"""What the guard of these pages has put into a request."""

from django.http import HttpRequest

from accounts.models import User
from insurance.models import InsuredPerson


class PersonRequest(HttpRequest):
    """After `insured_person_required`: the person who has signed in."""

    user: User
    insured_person: InsuredPerson
