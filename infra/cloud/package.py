"""`make package`: the zip and the template of a stage, checked, with their figures.

python -m infra.cloud.package [dev|prod]     ARCH=arm64 (the default) or x86_64
"""

import sys
from dataclasses import replace

from infra.cloud import cold_start, lint, template, wheels, zipped
from infra.cloud.project import ROOT, ZIP, CannotGoOn, Target, own_arch, target


def package(wanted: Target) -> None:
    """Leaves `build/deployment.zip` and the stage's template, both checked. Raises CannotGoOn."""
    template.build(wanted)
    zipped.write(wheels.wheels(wanted.arch), ZIP)
    lint.lint(wanted.template)


def show_figures(wanted: Target) -> None:
    """Prints what the package weighs and what a cold function of it costs, beside Chalice's own. Raises CannotGoOn."""
    folder = wanted.folder / "plain"
    template.chalice_package(replace(wanted, arch=own_arch()), folder, wheels.REQUIREMENTS)
    by_chalice = folder / "deployment.zip"
    print(f"{'':28}{'ours':>10}{'Chalice':>10}{'goal':>10}")
    weights = [f"{file.stat().st_size / 1e6:.1f} MB" for file in (ZIP, by_chalice)]
    print(f"{'zip':28}{weights[0]:>10}{weights[1]:>10}{f'{zipped.SIZE_LIMIT / 1e6:.0f} MB':>10}")
    measured = ZIP
    if wanted.arch != own_arch():
        measured = wanted.folder / own_arch() / ZIP.name
        zipped.write(wheels.wheels(own_arch()), measured)
    for figure in cold_start.figures(measured, by_chalice):
        name = f"cold {figure.measured.kind} function, CPU"
        ours, beside = f"{figure.ours_ms:.0f} ms", f"{figure.plain_ms:.0f} ms"
        print(f"{name:28}{ours:>10}{beside:>10}{f'{figure.measured.goal_ms} ms':>10}")
    print(
        f"CPU of import and first call, medians of {cold_start.PROCESSES} fresh processes, on {own_arch()}."
    )


def main(arguments: list[str]) -> int:
    try:
        wanted = target(arguments[0] if arguments else "dev")
        package(wanted)
        print(f"{ZIP.relative_to(ROOT)} and {wanted.template.relative_to(ROOT)}, for {wanted.arch}")
        show_figures(wanted)
    except CannotGoOn as trouble:
        print(f"deskbell: {trouble}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
