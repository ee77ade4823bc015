"""The zip: the same byte for byte, compiled ahead, with what functions run and nothing besides."""

import json
import shutil
import tarfile
import zipfile
from pathlib import Path

import botocore.loaders
import botocore.session
import chalice
import jwt
import pytest

from infra.cloud import botocore_data, wheels, zipped
from infra.cloud.deploy import PARAMETERS
from infra.cloud.project import ROOT, CannotGoOn, target


@pytest.fixture(scope="module")
def installed(tmp_path_factory) -> Path:
    """As `wheels` leaves them, some of this environment's."""
    folder = tmp_path_factory.mktemp("wheels")
    for package in (botocore, chalice, jwt):
        source = Path(package.__file__).parent
        shutil.copytree(source, folder / source.name, ignore=_most_of_aws)
    (folder / "click").mkdir()
    (folder / "click" / "__init__.py").write_text("raise ImportError('left out')")
    return folder


def _most_of_aws(folder: str, names: list[str]) -> set[str]:
    """Of botocore's 400 services a few besides those used are enough to be left out."""
    kept = {*botocore_data.USED, "sqs", "endpoints.json"}
    data = Path(folder).name == "data"
    return {n for n in names if n == "__pycache__" or (data and n not in kept and Path(folder, n).is_dir())}


@pytest.fixture(scope="module")
def packaged(installed, tmp_path_factory) -> zipfile.ZipFile:
    file = tmp_path_factory.mktemp("zip") / "deployment.zip"
    zipped.write(installed, file)
    return zipfile.ZipFile(file)


def test_packaging_twice_gives_the_same_bytes(installed, packaged, tmp_path) -> None:
    again = tmp_path / "elsewhere" / "again.zip"
    moved = shutil.copytree(installed, tmp_path / "moved")
    for file in moved.rglob("*.py"):
        file.touch()
    zipped.write(moved, again)
    assert again.read_bytes() == Path(str(packaged.filename)).read_bytes()


def test_every_module_is_compiled_and_stands_without_its_source_but_the_one_lambda_looks_for(
    packaged,
) -> None:
    names = set(packaged.namelist())
    assert {name for name in names if name.endswith(".py")} == {"app.py"}
    compiled = [name for name in names if name.endswith(".pyc")]
    assert len(compiled) > 100
    for name in compiled:
        flags = int.from_bytes(packaged.read(name)[4:8], "little")
        assert flags == 0b01, f"{name} would be compared with its source at each start"


def test_our_code_is_in_it_whole_and_the_command_lines_are_not(packaged) -> None:
    names = set(packaged.namelist())
    ours = {"app.py"} | {f"{p.relative_to(ROOT).as_posix()}c" for p in (ROOT / "chalicelib").rglob("*.py")}
    assert ours <= names
    assert {name for name in names if name.startswith("chalice/") and name.endswith(".pyc")} == {
        "chalice/__init__.pyc",
        "chalice/app.pyc",
    }
    assert not [name for name in names if name.startswith("click/")]


def test_what_is_too_large_is_no_package(installed, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(zipped, "SIZE_LIMIT", 10_000)
    with pytest.raises(CannotGoOn, match="more than the 10,000"):
        zipped.write(installed, tmp_path / "deployment.zip")


def test_a_client_of_the_trimmed_botocore_knows_what_is_used_and_only_that(packaged, tmp_path) -> None:
    packaged.extractall(tmp_path)  # noqa: S202  # our own
    session = botocore.session.Session()
    loader = botocore.loaders.Loader(
        extra_search_paths=[str(tmp_path / "botocore" / "data")], include_default_search_paths=False
    )
    session.register_component("data_loader", loader)
    for service, operations in botocore_data.USED.items():
        client = session.create_client(
            service, region_name="eu-central-1", aws_access_key_id="unused", aws_secret_access_key="unused"
        )
        assert set(client.meta.service_model.operation_names) == operations
        assert "eu-central-1" in client.meta.endpoint_url
        if service == "s3":
            assert client.generate_presigned_post("b", "k")["url"].startswith("https://s3.eu-central-1.")
            assert "X-Amz-" in client.generate_presigned_url("get_object", {"Bucket": "b", "Key": "k"})
        for operation in operations:
            model = client.meta.service_model.operation_model(operation)
            assert model.name == operation
            assert model.input_shape is None or model.input_shape.members is not None
    assert {p.name for p in (tmp_path / "botocore" / "data").iterdir() if p.is_dir()} == set(
        botocore_data.USED
    )


def test_an_operation_that_botocore_does_not_know_is_found_while_packaging() -> None:
    with pytest.raises(LookupError, match="Conjure"):
        botocore_data._only({"operations": {}, "shapes": {}}, frozenset({"Conjure"}))


def test_a_requirement_without_a_wheel_fails_the_build(tmp_path) -> None:
    source = tmp_path / "nowheel-1.0"
    source.mkdir()
    (source / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: nowheel\nVersion: 1.0\n")
    (source / "setup.py").write_text("from setuptools import setup; setup(name='nowheel', version='1.0')")
    with tarfile.open(tmp_path / "nowheel-1.0.tar.gz", "w:gz") as archive:
        archive.add(source, "nowheel-1.0")
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("nowheel==1.0\n")
    with pytest.raises(CannotGoOn, match=r"Not every requirement has a wheel.*arm64[\s\S]*nowheel"):
        wheels.wheels("arm64", requirements, "--no-index", f"--find-links={tmp_path}")


def test_what_cannot_be_asked_for_is_said_in_a_sentence(monkeypatch) -> None:
    with pytest.raises(CannotGoOn, match="STAGE=dev or STAGE=prod"):
        target("staging")
    monkeypatch.setenv("ARCH", "sparc")
    with pytest.raises(CannotGoOn, match="ARCH=arm64 or ARCH=x86_64"):
        target("dev")


def test_every_setting_of_a_deployment_is_a_parameter_of_the_template(templates) -> None:
    for template in templates.values():
        assert set(PARAMETERS.values()) <= set(template["Parameters"])
        assert json.dumps(template).count("EmbedOn") > 1
