import pytest

from infra.scripts import types


def test_the_sites_types_are_those_of_the_models() -> None:
    assert types.TARGET.read_text("utf-8") == types.render(), "run `python -m infra.scripts.types`"


def test_a_stale_file_is_told_and_left_alone(tmp_path, monkeypatch, capsys) -> None:
    stale = tmp_path / "types.gen.ts"
    stale.write_text("// yesterday's\n", "utf-8")
    monkeypatch.setattr(types, "TARGET", stale)

    assert types.main(["--check"]) == 1

    assert "stale" in capsys.readouterr().err
    assert stale.read_text("utf-8") == "// yesterday's\n"


def test_what_is_told_has_every_field_and_what_is_asked_may_leave_out_defaults() -> None:
    text = types.render()
    told, asked = _interface(text, "Accepted"), _interface(text, "SendMessage")

    assert '  type: "accepted";' in told
    assert "  seq: number | null;" in told
    assert "  after?: number | null;" in asked
    assert '  visibility?: "all" | "staff";' in asked
    assert "  client_id: string;" in asked


def test_names_of_literals_pairs_and_pages_survive() -> None:
    text = types.render()

    assert "  state: State;" in _interface(text, "CustomerSession")
    assert "  heads: Record<string, [number, number]>;" in _interface(text, "Pong")
    assert "  items: T[];" in _interface(text, "Page<T>")


@pytest.mark.parametrize("union", ["Command", "Event"])
def test_every_frame_stands_in_its_union(union: str) -> None:
    text = types.render()
    frames = types.commands.COMMANDS.values() if union == "Command" else types.get_args(types.events.Event)
    written = text.split(f"export type {union} =")[1].split(";")[0]

    assert {frame.__name__ for frame in frames} == {name.strip(" |\n") for name in written.split("|")} - {""}


def _interface(text: str, name: str) -> list[str]:
    return text.split(f"export interface {name} {{\n")[1].split("}\n", maxsplit=1)[0].splitlines()
