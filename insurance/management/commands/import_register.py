from insurance.imports.register_importer import RegisterFile
from insurance.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "把经办机构的参保登记文件读进登记"
    importer = RegisterFile
