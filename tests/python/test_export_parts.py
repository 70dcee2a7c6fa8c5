"""The parts of the export that do not need paddle: replacing files, the text of inference.yml, reasons."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from paddle_export.failure import ExportError, reason_of
from paddle_export.inference_yml import HEADER, inference_yml
from paddle_export.networks import Network
from paddle_export.target_folder import Target

PDMODEL = ("inference.pdmodel", "inference.pdiparams", "inference.pdiparams.info")


def put(folder: Path, *names: str, writes_config: bool = False) -> None:
    """Export the files `names`, each with the content `new`."""
    target = Target(folder, writes_config)
    with ExitStack() as leftovers:
        staging = target.stage(None, leftovers)
        for name in names:
            (staging.files / name).write_text("new")
        target.commit(staging, names)


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def test_creates_the_folders_and_writes_the_files(tmp_path: Path) -> None:
    put(tmp_path / "a" / "b", *PDMODEL)
    assert contents(tmp_path / "a" / "b") == dict.fromkeys(PDMODEL, "new")


def test_replaces_the_files_of_an_earlier_export_and_keeps_others(tmp_path: Path) -> None:
    for name in (*PDMODEL, "readme.md", "inference.json.bak"):
        (tmp_path / name).write_text("old")
    (tmp_path / "inference.yml").write_text(f"{HEADER}\n")
    put(tmp_path, "inference.json", "inference.pdiparams")
    assert contents(tmp_path) == {
        "readme.md": "old",
        "inference.json.bak": "old",
        "inference.json": "new",
        "inference.pdiparams": "new",
    }


def test_a_users_own_config_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "inference.yml").write_text("PreProcess:\n")
    put(tmp_path, *PDMODEL)
    assert contents(tmp_path) == {**dict.fromkeys(PDMODEL, "new"), "inference.yml": "PreProcess:\n"}
    with pytest.raises(ExportError) as error:
        put(tmp_path, *PDMODEL, "inference.yml", writes_config=True)
    assert error.value.code == "EXPORT_TARGET_UNUSABLE"


def test_a_failure_leaves_everything_unchanged(tmp_path: Path) -> None:
    made = tmp_path / "a" / "b"
    with pytest.raises(RuntimeError), ExitStack() as leftovers:
        staging = Target(made, writes_config=False).stage(None, leftovers)
        (staging.files / "inference.pdmodel").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_failed_rename_is_undone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in PDMODEL:
        (tmp_path / name).write_text("old")
    rename = Path.rename

    def fail_at_the_last(source: Path, place: Path) -> Path:
        if place == tmp_path / "inference.pdmodel" and source.parent.name == "files":
            raise OSError(5, "Input/output error")
        return rename(source, place)

    monkeypatch.setattr(Path, "rename", fail_at_the_last)
    with pytest.raises(ExportError) as error:
        put(tmp_path, *PDMODEL)
    assert error.value.message == (
        f"The export cannot write into {tmp_path}: Input/output error.\n"
        "Use another folder, or check its free space and permissions."
    )
    assert contents(tmp_path) == dict.fromkeys(PDMODEL, "old")


def test_the_target_is_a_file(tmp_path: Path) -> None:
    file = tmp_path / "model"
    file.write_text("")
    for folder in (file, file / "below"):
        with pytest.raises(ExportError) as error:
            put(folder, *PDMODEL)
        assert (error.value.code, error.value.message) == (
            "EXPORT_TARGET_UNUSABLE",
            f"The export cannot write into {folder}: {file} is a file.\n"
            "Use another folder, or check its free space and permissions.",
        )


def test_a_folder_has_the_name_of_a_file_to_be_written(tmp_path: Path) -> None:
    (tmp_path / "inference.pdmodel").mkdir()
    with pytest.raises(ExportError) as error:
        put(tmp_path, *PDMODEL)
    assert error.value.message.startswith(
        f"The export cannot write into {tmp_path}: {tmp_path}/inference.pdmodel is a folder.\n"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["inference.pdmodel"]


def test_the_folder_cannot_be_written_to() -> None:
    folder = Path("/proc/1/export")  # Not even root can create a folder there.
    with pytest.raises(OSError) as reason:
        folder.mkdir()
    with pytest.raises(ExportError) as error:
        put(folder, *PDMODEL)
    assert error.value.code == "EXPORT_TARGET_UNUSABLE"
    assert error.value.message == (
        f"The export cannot write into {folder}: {os.strerror(reason.value.errno or 0)}.\n"
        "Use another folder, or check its free space and permissions."
    )


def test_two_exports_into_one_folder_do_not_mix(tmp_path: Path) -> None:
    target = Target(tmp_path, writes_config=False)
    with ExitStack() as leftovers:
        first, second = target.stage("one", leftovers), target.stage("two", leftovers)
        for staging, text in ((first, "1"), (second, "2")):
            for name in PDMODEL:
                (staging.files / name).write_text(text)
        target.commit(first, PDMODEL)
        target.commit(second, PDMODEL)
    assert contents(tmp_path) == dict.fromkeys(PDMODEL, "2")


def test_no_config_if_a_reader_needs_none() -> None:
    assert inference_yml(Network("resnet18", 224, 1000), None) is None
    assert inference_yml(Network("LeNet", 28, 10, channels=1), None) is None


@pytest.mark.parametrize(("size", "resized"), [(96, 110), (299, 342), (318, 363), (448, 512)])
def test_the_shorter_side_follows_the_crop(size: int, resized: int) -> None:
    text = inference_yml(Network("resnet18", size, 1000), None)
    assert text is not None
    assert f"resize_short: {resized}\n" in text
    assert f"CropImage:\n      size: {size}\n" in text


def test_labels_are_quoted() -> None:
    text = inference_yml(Network("LeNet", 28, 2, channels=1), ["a: #b", 'é "\x85\x7f'])
    assert text == (
        f'{HEADER}\nGlobal:\n  model_name: "LeNet"\nPostProcess:\n  Topk:\n    topk: 1\n    label_list:\n'
        '    - "a: #b"\n    - "é \\"\\u0085\\u007f"\n'
    )


def test_a_reason_is_one_line() -> None:
    assert reason_of(OSError(28, "No space left on device")) == "No space left on device"
    assert reason_of(ValueError()) == "ValueError"
    assert reason_of(ValueError("first\nsecond")) == "first"
    paddles = (
        "C++ Traceback:\n0 here\n----\nError Message Summary:\n----\n"
        "InvalidArgumentError: It is wrong.\n  [Hint: none] (at /paddle/a.cc:1)\n"
    )
    assert reason_of(RuntimeError(paddles)) == "InvalidArgumentError: It is wrong"
