"""The one module with the fault in it is compiled from the changed tree; every other one is imported as ever."""

import ast
import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType


class _Loader(SourceFileLoader):
    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self._tree = tree

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._tree, self.path, "exec")


class Finder:
    """First on `sys.meta_path`. `used`: the module was really imported."""

    def __init__(self, name: str, path: Path, tree: ast.Module) -> None:
        self._name, self._path, self._tree = name, str(path), tree
        self.used = False

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name != self._name:
            return None
        self.used = True
        loader = _Loader(name, self._path, self._tree)
        return importlib.util.spec_from_file_location(name, self._path, loader=loader)

    def install(self) -> None:
        if self._name in sys.modules:
            raise RuntimeError(f"{self._name} was imported before its fault was put in")
        sys.meta_path.insert(0, self)
