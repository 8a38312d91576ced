"""Small files and short functions, held by numbers so that nobody has to argue."""

import ast

from tests.house.source import files, name

FILE_LINES = 400
TEMPLATE_LINES = 150
FUNCTION_LINES = 50
VIEW_LINES = 30


def too_long(paths, limit):
    counted = {name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in paths}
    return {path: lines for path, lines in counted.items() if lines > limit}


def functions(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
            yield node, node.end_lineno - first + 1


def test_files_are_short():
    assert not too_long(files(".py"), FILE_LINES)
    assert not too_long(files(".py", "tests", "benchmarks"), FILE_LINES)
    assert not too_long(files(".css", "static"), FILE_LINES)
    assert not too_long(files(".js", "static"), FILE_LINES)


def test_templates_are_short():
    assert not too_long(files(".html", "templates"), TEMPLATE_LINES)


def test_functions_are_short():
    long = [
        f"{name(path)}:{node.lineno} {node.name}: {lines} lines"
        for path in (*files(".py"), *files(".py", "tests", "benchmarks"))
        for node, lines in functions(path)
        if lines > FUNCTION_LINES
    ]
    assert not long


def test_views_are_a_table_of_contents():
    long = [
        f"{name(path)}:{node.lineno} {node.name}: {lines} lines"
        for path in files(".py")
        if "views" in name(path)
        for node, lines in functions(path)
        if node.args.args and node.args.args[0].arg == "request" and lines > VIEW_LINES
    ]
    assert not long
