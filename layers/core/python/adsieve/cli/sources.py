"""Which package a verb works with: a folder, files compiled on the spot, or the material that comes with adsieve."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import click

from adsieve.domain.errors import InputError
from adsieve.domain.policy import PolicyMatrix
from adsieve.material.compile import compile_files
from adsieve.material.package import Package, load_package
from adsieve.material.policies import default_matrix, load_matrix, material_folder
from adsieve.material.source import load_materials
from adsieve.service.publish import fetch

CURRENT = Path("current")
"""Stands for the package in force, where one is published."""

_EXISTING = click.Path(path_type=Path, exists=True)


def package_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Adds `--package` and `--materials`; turn their values into a package with `open_package`."""
    command = click.option(
        "--materials",
        type=_EXISTING,
        multiple=True,
        help="Material file or folder to compile and use; may be repeated.",
    )(command)
    return click.option(
        "--package",
        type=click.Path(path_type=Path),
        help="Package folder to use, or `current`: the published one.  [default: $ADSIEVE_PACKAGE, or the sample material]",
    )(command)


def open_package(package: Path | None, materials: tuple[Path, ...]) -> Package:
    """The package that the options name."""
    folder = folder_of(package, materials)
    if folder == CURRENT:
        # It must last as long as the verb.
        kept = click.get_current_context().with_resource(TemporaryDirectory(prefix="adsieve-current-"))
        return published(Path(kept))
    return load_package(folder) if folder else Package.of(compiled(materials))


def folder_of(package: Path | None, materials: tuple[Path, ...]) -> Path | None:
    """The folder that the options name; None where they name sources to compile."""
    if package and materials:
        raise click.UsageError("give --package or --materials, not both")
    named = package or (Path(os.environ["ADSIEVE_PACKAGE"]) if os.environ.get("ADSIEVE_PACKAGE") else None)
    return None if materials else named


def compiled(materials: tuple[Path, ...]) -> dict[str, bytes]:
    """The files of a package of these sources, or of the sample material."""
    return compile_files(load_materials(materials or (material_folder(),)), matrix_for(materials))


def published(folder: Path) -> Package:
    """The package in force, unpacked below a folder that must live as long as it, under its digest; its base beside it."""
    from adsieve.cli.works import open_works

    works = open_works()
    release = works.published()
    if release is None:
        raise InputError("nothing is published, `adsieve package publish` does it")
    return fetch(works.store, works.verifier, release.sha256, folder)


def matrix_for(sources: tuple[Path, ...]) -> PolicyMatrix:
    """The policy matrix that stands in one of the source folders, or the one that comes with adsieve."""
    for source in sources:
        if (source / "policies.csv").is_file():
            return load_matrix(source)
    return default_matrix()
