"""All nodes there are: built in, in a folder of the user's, and installed. A broken one is listed, never fatal."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from threading import Lock
from types import ModuleType

import nodes
from nodes.node import Node


@dataclass(frozen=True)
class Broken:
    """A node file that could not be loaded."""

    where: str
    message: str


@dataclass(frozen=True)
class Catalog:
    """Node classes by kind, and the files that could not be loaded."""

    kinds: Mapping[str, type[Node]] = field(default_factory=dict)
    broken: tuple[Broken, ...] = ()

    def __or__(self, other: Catalog) -> Catalog:
        twice = tuple(
            Broken(each.__module__, f"There already is a node `{kind}`; the one in this file is left out.")
            for kind, each in other.kinds.items()
            if kind in self.kinds and self.kinds[kind] is not each
        )
        return Catalog({**other.kinds, **self.kinds}, (*self.broken, *other.broken, *twice))


class _Later(Catalog):
    """A catalogue that is loaded when somebody first looks into it."""

    def __init__(self, load: Callable[[], Catalog]) -> None:
        self.__dict__.update(_load=cache(load), _turn=Lock())

    @property
    def _loaded(self) -> Catalog:
        # One loads while the others wait: large flows are read in threads.
        with self.__dict__["_turn"]:
            return self.__dict__["_load"]()  # type: ignore[no-any-return]  # __dict__ knows no types

    @property
    def kinds(self) -> Mapping[str, type[Node]]:
        return self._loaded.kinds

    @property
    def broken(self) -> tuple[Broken, ...]:
        return self._loaded.broken


def later(load: Callable[[], Catalog]) -> Catalog:
    """What `load` gives, once it is needed: the first page does without it."""
    return _Later(load)


@cache
def built_in() -> Catalog:
    """The nodes that come with Weft: every module in the folders beside this file."""
    found = Catalog()
    for package in pkgutil.iter_modules(nodes.__path__, "nodes."):
        if package.ispkg:
            path = importlib.import_module(package.name).__path__
            for module in pkgutil.iter_modules(path, f"{package.name}."):
                found |= _kinds(importlib.import_module(module.name))
    return found


def from_folder(folder: Path, loading: Callable[[str], None] = lambda _what: None) -> Catalog:
    """The nodes in the Python files of a folder. Loading one runs its code as the user; `loading` hears of it before,
    and an empty text when it is over."""
    found = Catalog()
    for path in sorted(folder.glob("*.py")) if folder.is_dir() else ():
        name = f"weft_user_nodes_{path.stem}"
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        loading(f"loading the node file {path.name}")
        try:
            spec.loader.exec_module(module)
            found |= _kinds(module)
        except (Exception, SystemExit) as error:  # noqa: BLE001  a stranger's file may raise anything
            found |= Catalog(broken=(Broken(str(path), _why(error, path.name)),))
        loading("")
    return found


def left_out(folder: Path) -> Catalog:
    """The same files, named and not loaded."""
    why = "It was left out, because Weft crashed twice within a minute. Start Weft again to load it."
    return Catalog(broken=tuple(Broken(str(path), why) for path in sorted(folder.glob("*.py"))))


def from_plugins(loading: Callable[[str], None] = lambda _what: None) -> Catalog:
    """The nodes of installed packages that name a module under the entry point `weft.nodes`."""
    found = Catalog()
    for point in entry_points(group="weft.nodes"):
        loading(f"loading the nodes of {point.value}")
        try:
            found |= _kinds(point.load())
        except (Exception, SystemExit) as error:  # noqa: BLE001  a stranger's package may raise anything
            found |= Catalog(broken=(Broken(point.value, _why(error, point.value)),))
        loading("")
    return found


def _kinds(module: ModuleType) -> Catalog:
    return Catalog({node.spec.kind: node for node in _nodes_in(module)})


def _nodes_in(module: ModuleType) -> Iterator[type[Node]]:
    for value in vars(module).values():
        if not (isinstance(value, type) and issubclass(value, Node) and value.__module__ == module.__name__):
            continue
        if "spec" in vars(value):
            value.spec.inputs, value.spec.outputs  # noqa: B018  a bad signature shows here, not in a run
            yield value


def _why(error: BaseException, name: str) -> str:
    if isinstance(error, SyntaxError):
        return f"{name}, line {error.lineno}: {error.msg}."
    return f"{name} could not be loaded: {type(error).__name__}: {error}"
