from insurance.imports.ledger_importer import LedgerFile
from insurance.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "把账目文件记入个人账户"
    importer = LedgerFile
