from django.urls import path

from claims.views import bill, days, desk, families, receipts, voucher, wallets

app_name = "claims"

VISIT = "desk/visits/<slug:number>/"
RECEIPT = "desk/receipts/<slug:reference>/"
urlpatterns = [
    path("voucher/", voucher.voucher, name="voucher"),
    path("wallet/<slug:reference>/", wallets.wallet, name="wallet"),
    path("wallet/<slug:reference>/send/", wallets.send, name="wallet-send"),
    path("wallet/<slug:reference>/back/<int:transfer>/", wallets.give_back, name="wallet-back"),
    path("settlements/<slug:reference>/", families.settlement, name="settlement"),
    path("desk/", desk.desk, name="desk"),
    path(VISIT, bill.bill, name="desk-bill"),
    path(f"{VISIT}check/", bill.check, name="desk-check"),
    path(f"{VISIT}settle/", bill.settle, name="desk-settle"),
    path(RECEIPT, receipts.receipt, name="desk-receipt"),
    path(f"{RECEIPT}back/", receipts.give_back, name="desk-give-back"),
    path("desk/days/", days.day, name="desk-day"),
    path("desk/days/csv/", days.as_file, name="desk-day-csv"),
]
