from django.urls import path

from family.views import (
    adding,
    bindings,
    decisions,
    grants,
    invitations,
    orders,
    overview,
    receipt,
    seen,
    who_pays,
)

app_name = "family"

BINDING = "bindings/<slug:reference>/"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("pause-all/", overview.pause_all, name="pause-all"),
    path("invitations/<slug:reference>/", invitations.invitation, name="invitation"),
    path("invitations/<slug:reference>/decline/", invitations.decline, name="decline"),
    path(BINDING, bindings.binding, name="binding"),
    path(f"{BINDING}receipt/", bindings.agreed, name="agreed"),
    path(f"{BINDING}pause/", bindings.pause, name="pause"),
    path(f"{BINDING}undo/", bindings.undo, name="undo"),
    path(f"{BINDING}still-right/", bindings.still_right, name="still-right"),
    path(f"{BINDING}resume/", decisions.resume, name="resume"),
    path(f"{BINDING}change/", decisions.change, name="change"),
    path(f"{BINDING}withdraw/", decisions.withdraw, name="withdraw"),
    path(f"{BINDING}end/", decisions.end, name="end"),
    path("grants/", grants.grants, name="grants"),
    path("grants/add/", grants.add, name="grant-add"),
    path("grants/revoke/", grants.revoke, name="grant-revoke"),
    path("helping/<uuid:owner>/", grants.helping, name="helping"),
    path("add/", adding.add, name="add"),
    path("add/check/", adding.check, name="add-check"),
    path("receipt/<slug:reference>/", receipt.receipt, name="receipt"),
    path("order/", orders.order, name="order"),
    path("order/undo/", orders.undo, name="order-undo"),
    path("order/versions/", orders.history, name="order-history"),
    path("order/versions/<int:number>/", orders.version, name="order-version"),
    path("who-pays/", who_pays.who_pays, name="who-pays"),
    path("seen/<slug:reference>/", seen.seen, name="seen"),
]
