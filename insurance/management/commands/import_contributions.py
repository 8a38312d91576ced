from insurance.imports.contribution_file import ContributionFile
from insurance.management.import_command import ImportCommand


class Command(ImportCommand):
    help = "把缴费记录文件读进登记"
    importer = ContributionFile
