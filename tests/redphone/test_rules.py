"""`redphone rules` and a newsroom's own files over the built-in ones, in processes of their own: data are read once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.redphone.test_cli import CALL, redphone
from tests.support.processes import ROOT, environment


def ran(home: Path, *arguments: str, data: Path | None = None, said: str = "") -> subprocess.CompletedProcess[str]:
    settings = {"REDPHONE_DATA_DIR": str(data)} if data else {}
    return subprocess.run(
        [sys.executable, "-m", "redphone", *arguments],
        env=environment(settings, home), cwd=ROOT, input=said, capture_output=True, text=True, check=False,
    )  # fmt: skip


def without(text: str, word: str) -> str:
    """A table without the rows that have a word."""
    return "".join(line for line in text.splitlines(keepends=True) if word not in line)


def test_a_file_of_rules_goes_back_one_version_without_a_release(tmp_path: Path) -> None:
    before, own = tmp_path / "before", tmp_path / "own"
    assert ran(tmp_path, "rules", "--export", str(before)).returncode == 0
    (own / "classify").mkdir(parents=True)
    patterns = (before / "classify" / "patterns.csv").read_text(encoding="utf-8")
    assert patterns == (ROOT / "services/classify/data/patterns.csv").read_text(encoding="utf-8")
    (own / "shared").mkdir()
    countries = (before / "shared" / "countries.csv").read_text(encoding="utf-8")
    (own / "shared" / "countries.csv").write_text(countries.replace("Russia,", "Russland,"), encoding="utf-8")
    line = json.dumps({"id": "a", "text": CALL, "published_at": "2025-01-29"})
    plain, laid = ran(tmp_path, "rules"), ran(tmp_path, "rules", data=own)
    assert f"{own}/shared/countries.csv lies over the built-in file" in laid.stdout
    assert "lies over" not in plain.stdout
    assert plain.stdout.splitlines()[0] != laid.stdout.splitlines()[0]  # the version that each reading keeps
    (own / "classify" / "cues.csv").write_text(
        without((before / "classify" / "cues.csv").read_text(encoding="utf-8"), "điện đàm"), encoding="utf-8"
    )
    assert json.loads(ran(tmp_path, "classify", said=line).stdout)["alert"] is True
    assert json.loads(ran(tmp_path, "classify", data=own, said=line).stdout)["alert"] is False
    broken = ran(tmp_path, "rules", data=own)
    assert broken.returncode == 2
    assert "the test article is not read as a call" in broken.stderr


def test_a_desk_changes_single_phrases_and_titles_and_loses_no_alert(tmp_path: Path) -> None:
    own = tmp_path / "own"
    for name, text in {
        "notify/wording.csv": "key,en,vi,remark\nlabel_next,Coming up,Tới đây,\nof_another_release,Later,Sau,\n",
        "status/page.csv": "key,en,vi\nyes,Aye.,Vâng.\n",
        "status/lines.csv": "key,en,vi\nhand_gone,gone,đã rút\n",
        "shared/offices.csv": (ROOT / "shared/data/offices.csv")
        .read_text("utf-8")
        .replace("Taiwan's leader", "President of Taiwan"),
    }.items():
        (own / name).parent.mkdir(parents=True, exist_ok=True)
        (own / name).write_text(text, encoding="utf-8")
    taiwan = "Tổng thống Mỹ Donald Trump điện đàm với lãnh đạo Đài Loan Lại Thanh Đức ngày 18/3/2025."
    article = tmp_path / "one.jsonl"
    article.write_text(
        json.dumps({"id": "a", "text": taiwan, "published_at": "2025-03-18T17:00:00Z"}), encoding="utf-8"
    )
    assert "President of Taiwan Lai Ching-te" in ran(tmp_path, "replay", str(article), data=own).stdout
    plain, laid = (ran(tmp_path, "replay", str(ROOT / "seeds"), data=data).stdout for data in (None, own))
    assert [plain.count("│ Next"), laid.count("│ Next")] == [plain.count("│ Next"), 0]
    assert laid.count("│ Coming up") == plain.count("│ Next") > 0
    assert "6 alerts and 1 update to the desk" in laid
    assert ran(tmp_path, "rules", data=own).returncode == 0


def test_a_phrase_that_nothing_can_fill_is_refused_before_it_is_needed(tmp_path: Path) -> None:
    (tmp_path / "notify").mkdir()
    row = "key,en,vi,remark\nlabel_next,Next {when},Sắp tới {when},\n"
    (tmp_path / "notify" / "wording.csv").write_text(row, encoding="utf-8")
    for command in (["rules"], ["replay", str(ROOT / "seeds")]):
        told = ran(tmp_path, *command, data=tmp_path)
        assert (told.returncode, told.stdout) == (2, "")
        assert told.stderr == (
            "redphone: wording.csv: nothing fills {when} of 'label_next'; redphone rules --export has them\n"
        )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("classify/cue.csv", "id\n", "classify/cue.csv is no data file of this program"),
        ("cues.csv", "id\n", "cues.csv is no data file"),
        ("elsewhere/cues.csv", "id\n", "elsewhere/cues.csv is no data file"),
        ("classify/cues.csv", "id,kind\n", "classify/cues.csv has no column"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_by_every_command(
    name: str,
    text: str,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(text)
    monkeypatch.setenv("REDPHONE_DATA_DIR", str(tmp_path))
    assert redphone("classify", str(ROOT / "seeds")) == 2
    said = capsys.readouterr().err
    assert words in said
    assert said.count("\n") == 1


def test_a_folder_that_is_not_there_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATA_DIR", str(tmp_path / "none"))
    assert redphone("rules") == 2
    assert "cannot be read (no such folder)" in capsys.readouterr().err


def test_files_are_exported_into_a_new_folder_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "note.txt").touch()
    assert redphone("rules", "--export", str(tmp_path)) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["note.txt"]


@pytest.mark.parametrize(
    ("good", "broken", "words"),
    [
        ("(?:nhấc|bấm|bốc)", "(?:nhấc|bấm|bốc", "cues.csv, rule pick_up: missing ), unterminated subpattern"),
        ("ring,ring,", "ring,rung,", "cues.csv, rule ring: Invalid enum value 'rung'"),
        ("ring,ring,", "ring,ring,,", "cues.csv, line 4: not as many cells as the first line has"),
    ],
)
def test_a_rule_that_cannot_be_read_is_told_by_its_id(good: str, broken: str, words: str, tmp_path: Path) -> None:
    cues = (ROOT / "services/classify/data/cues.csv").read_text(encoding="utf-8")
    (tmp_path / "classify").mkdir()
    (tmp_path / "classify" / "cues.csv").write_text(cues.replace(good, broken, 1), encoding="utf-8")
    line = json.dumps({"id": "a", "text": CALL, "published_at": "2025-01-29"})
    for command, said in (("classify", line), ("rules", "")):
        told = ran(tmp_path, command, data=tmp_path, said=said)
        assert (told.returncode, told.stdout) == (2, "")
        assert len(told.stderr.splitlines()) == 1
        assert words in told.stderr
