from django.urls import path

from family.views import adding, orders, receipt, seen, who_pays

app_name = "family"

urlpatterns = [
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
