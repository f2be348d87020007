"""helpers/teaching/classroom.py and wheels.py: the right wheels for each system, a kit without traces of its makers,
and clear words when something is missing. pip runs on tiny wheels made here."""

import os
import re
import shutil
import subprocess
import zipfile
from types import SimpleNamespace

import pytest
from conftest import COURSE, NOTEBOOKS, commit

from helpers.teaching import classroom, wheels

# ---------------------------------------------------------------- which wheels
INDEX = {
    "torch": ("2.15.0", ['triton==3.8; platform_system == "Linux"', "cuda-toolkit[blas]==13; sys_platform == 'linux'"]),
    "triton": ("3.8", []),
    "cuda-toolkit": ("13", ["nvidia-blas==1; extra == 'blas'", "nvidia-fft==1; extra == 'fft'"]),
    "nvidia-blas": ("1", []),
    "terminado": ("0.18", ["ptyprocess; os_name != 'nt'", "pywinpty>=1.1; os_name == 'nt'"]),
    "ptyprocess": ("0.7", []),
    "pywinpty": ("3.0", []),
    "ipykernel": ("7.4", ["appnope>=0.1.2; platform_system == 'Darwin'", "backport; python_version < '3.12'"]),
    "appnope": ("0.1.4", []),
    "backport": ("1", []),
}
ROOTS = ["torch>=2.6", "terminado", "ipykernel"]


def ask(requirements):
    names = [wheels.canonicalize_name(wheels.Requirement(requirement).name) for requirement in requirements]
    return {name: {"version": INDEX[name][0], "requires_dist": INDEX[name][1]} for name in names}


@pytest.mark.parametrize(
    "system, python, special",
    [
        ("linux", "3.12", {"triton", "cuda-toolkit", "nvidia-blas", "ptyprocess"}),
        ("macos", "3.12", {"appnope", "ptyprocess"}),
        ("windows", "3.12", {"pywinpty"}),
        ("windows", "3.11", {"pywinpty", "backport"}),
    ],
)
def test_markers_are_those_of_the_target(system, python, special):
    """Not those of the machine that gathers, which is where pip's own answer goes wrong."""
    found = wheels.resolve(ROOTS, wheels.markers_of(system, python), ask)
    assert set(found) == {"torch", "terminado", "ipykernel"} | special


def test_every_marker_has_a_value():
    known = set(wheels.Requirement("a").marker or ()) | set(
        __import__("packaging.markers").markers.default_environment()
    )
    assert set(wheels.markers_of("macos", "3.13")) == known


def test_a_later_requirement_can_change_an_earlier_choice():
    """The newest torch is chosen first; then torchvision asks for the one before it, which needs other packages."""
    torches = {"2.15.1": ["new-part"], "2.15.0": ["old-part"]}
    asked = []

    def choose(requirements):
        asked.extend(requirements)
        packages = {"torchvision": ("0.29", ["torch==2.15.0"]), "new-part": ("1", []), "old-part": ("1", [])}
        packages["torch"] = ("2.15.0", torches["2.15.0"]) if "torch==2.15.0" in requirements[-1] else None
        packages["torch"] = packages["torch"] or ("2.15.1", torches["2.15.1"])
        names = [wheels.Requirement(requirement).name for requirement in requirements]
        return {name: {"version": packages[name][0], "requires_dist": packages[name][1]} for name in names}

    found = wheels.resolve(["torch", "torchvision"], wheels.markers_of("linux", "3.12"), choose)
    assert {name: package["version"] for name, package in found.items()} == {
        "torch": "2.15.0",
        "torchvision": "0.29",
        "old-part": "1",
    }
    assert asked[:2] == ["torch", "torchvision"]


def test_versions_that_exclude_each_other_are_named(monkeypatch):
    monkeypatch.setattr(wheels, "ROUNDS", 3)
    with pytest.raises(RuntimeError, match=r"No versions of .*torch[<>=,\d.]+ suit all who"):
        wheels.resolve(["terminado", "torch>=2.6", "torch<2.6"], wheels.markers_of("linux", "3.12"), ask)


def test_two_kinds_of_builds_are_refused(monkeypatch):
    """FACTS: the small +cpu torch does not work with the torchvision of the default index."""
    versions = {"torch": "2.15.0+cpu", "torchvision": "0.30.0"}
    look_up = {name: {"version": version} for name, version in versions.items()}
    monkeypatch.setattr(wheels, "look_up", lambda names, system, python: look_up)
    with pytest.raises(RuntimeError, match=r"linux: pip would take .*2.15.0\+cpu.* do not work together.*one index"):
        wheels.find_wheels(["torch", "torchvision"], "linux", "3.12")
    look_up["torchvision"]["version"] = "0.30.0+cpu"
    assert wheels.find_wheels(["torch", "torchvision"], "linux", "3.12") == look_up


# ---------------------------------------------------------------- the kit
def make_wheel(folder, name, requires="", tag="py3-none-any"):
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(folder / f"{name}-1.0-{tag}.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{requires}\n")
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/RECORD", "")


@pytest.fixture
def room(tmp_path, monkeypatch):
    """A small course as a learner would leave it, pip's index in a folder, and no network."""
    course, index = tmp_path / "bricks", tmp_path / "index"
    for name in (".venv/a", "notebooks/01_data.ipynb", "notebooks/my_progress.json", "notebooks/checkpoints/lesson.pt",
                 "notebooks/.ipynb_checkpoints/01_data.ipynb", "notebooks/01_data.html", "my_photos/me.jpg",
                 "my_notebooks/01_data.ipynb", "helpers/data.py", "helpers/__pycache__/data.pyc",
                 "helpers/photos/show.py",
                 "data_samples/downloads/hymenoptera/train/ants/0.jpg", "README.md"):  # fmt: skip
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(name)
    (course / "requirements.txt").write_text("bricklayer>=1  # a comment\n\n")
    shutil.copy(COURSE / ".gitignore", course)
    index.mkdir()
    make_wheel(index, "bricklayer", 'Requires-Dist: winonly; sys_platform == "win32"\nRequires-Dist: maconly; '
                                    'sys_platform == "darwin"')  # fmt: skip
    make_wheel(index, "winonly", tag="cp312-cp312-win_amd64")
    make_wheel(index, "maconly", tag="cp312-abi3-macosx_11_0_arm64")
    monkeypatch.setattr(classroom, "COURSE", course)
    monkeypatch.setattr(classroom.finding, "find_data", lambda name: course / "data_samples/downloads" / name)
    monkeypatch.setattr(classroom.backbone, "_fetch_imagenet", lambda: "the ImageNet weights could not be fetched: no")
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    for name, value in {"CONFIG_FILE": os.devnull, "NO_INDEX": "1", "FIND_LINKS": str(index)}.items():
        monkeypatch.setenv(f"PIP_{name}", value)
    monkeypatch.setenv("PIP_DISABLE_PIP_VERSION_CHECK", "1")
    return SimpleNamespace(course=course, index=index, kit=tmp_path / "kit")


@pytest.fixture
def quick_pip(room, monkeypatch):
    """Answers as pip would with an index that tells hashes, in a thousandth of its time."""

    def look_up(requirements, system, python):
        found = {}
        for requirement in requirements:
            name = wheels.Requirement(requirement).name
            (path,) = room.index.glob(f"{name}-*.whl")
            with zipfile.ZipFile(path) as wheel:
                lines = wheel.read(f"{name}-1.0.dist-info/METADATA").decode().splitlines()
            requires = [line.removeprefix("Requires-Dist: ") for line in lines if line.startswith("Requires")]
            sha256 = wheels.hashlib.sha256(path.read_bytes()).hexdigest()
            found[name] = {
                "name": name,
                "version": "1.0",
                "requires_dist": requires,
                "file": path.name,
                "sha256": sha256,
            }
        return found

    def download(command, system, python, *arguments):
        for pin in arguments[3:]:
            (path,) = room.index.glob(f"{pin.split('==')[0]}-*.whl")
            shutil.copy(path, arguments[2])

    monkeypatch.setattr(wheels, "look_up", look_up)
    monkeypatch.setattr(wheels, "pip", download)


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


IN_COURSE = {
    "README.md",
    "requirements.txt",
    ".gitignore",
    "notebooks/01_data.ipynb",
    "helpers/data.py",
    "helpers/photos/show.py",
}


def test_the_real_pip_finds_and_fetches_for_another_system(room):
    """Its markers and tags are those of Windows, whatever runs here."""
    packages = wheels.find_wheels(["bricklayer>=1"], "windows", "3.12")
    wheels.fetch_wheels(packages, room.kit / "windows", "windows", "3.12")
    assert files(room.kit) == {
        "windows/bricklayer-1.0-py3-none-any.whl",
        "windows/winonly-1.0-cp312-cp312-win_amd64.whl",
    }


def test_a_kit_for_two_systems_and_its_zip(room, quick_pip, capsys):
    classroom.main(["--out", str(room.kit), "--systems", "windows", "macos", "--zip"])
    assert files(room.kit / "wheels") == {
        "windows/bricklayer-1.0-py3-none-any.whl",
        "windows/winonly-1.0-cp312-cp312-win_amd64.whl",
        "macos/bricklayer-1.0-py3-none-any.whl",
        "macos/maconly-1.0-cp312-abi3-macosx_11_0_arm64.whl",
    }
    # Nothing of a learner: no progress, checkpoints, exports, environment or photos of their own.
    assert files(room.kit / "course") == IN_COURSE | {"data_samples/downloads/hymenoptera/train/ants/0.jpg"}
    install = (room.kit / "INSTALL.txt").read_text()
    assert r"--no-index --find-links ..\wheels\windows -r requirements.txt; .venv\Scripts\jupyter" in install
    assert "py -3.12 -m venv" in install and "../wheels/macos" in install and "wheels/linux" not in install
    assert "ImageNet" not in install
    with zipfile.ZipFile(room.kit.with_name("kit.zip")) as archive:
        assert archive.testzip() is None
        assert {name for name in archive.namelist() if name[-1] != "/"} == {f"kit/{name}" for name in files(room.kit)}
    out = capsys.readouterr().out
    assert "windows: 2 wheels, 2 of them to fetch" in out
    assert "macos: 2 wheels, 1 of them to fetch" in out, "the other fits both systems"
    assert "photos: taken" in out and "licence is not known" in out
    assert "weights: ImageNet's are not taken" in out
    assert sorted(path.name for path in room.kit.parent.glob("kit*")) == ["kit", "kit.zip"]


def test_a_second_run_keeps_what_is_whole_and_mends_the_rest(room, quick_pip, capsys):
    classroom.main(["--out", str(room.kit), "--systems", "windows"])
    good, bad = sorted((room.kit / "wheels/windows").iterdir())
    before = good.stat().st_mtime_ns
    bad.write_bytes(b"half")
    (room.kit / "wheels/windows/winonly-0.9-py3-none-any.whl").write_bytes(b"an earlier version")
    capsys.readouterr()
    classroom.main(["--out", str(room.kit), "--systems", "windows"])
    assert "2 wheels, 1 of them to fetch" in capsys.readouterr().out
    assert good.stat().st_mtime_ns == before and sorted((room.kit / "wheels/windows").iterdir()) == [good, bad]
    assert bad.read_bytes() == (room.index / bad.name).read_bytes()


def test_an_interrupted_run_never_looks_whole(room, quick_pip, monkeypatch, capsys):
    def dies(*arguments):
        raise KeyboardInterrupt

    with monkeypatch.context() as only_now:
        only_now.setattr(wheels, "pip", dies)
        with pytest.raises(SystemExit, match="Stopped. The same command goes on"):
            classroom.main(["--out", str(room.kit), "--systems", "windows"])
    unfinished = room.kit.with_name("kit.unfinished")
    assert not room.kit.exists() and (unfinished / "wheels/windows.unfinished").exists()
    classroom.main(["--out", str(room.kit), "--systems", "macos"])
    assert [path.name for path in (room.kit / "wheels").iterdir()] == ["macos"] and not unfinished.exists()


def test_without_a_network_a_finished_kit_stays_as_it_was(room, monkeypatch):
    (room.kit / "wheels/linux").mkdir(parents=True)
    (room.kit / "INSTALL.txt").touch()
    monkeypatch.setenv("PIP_FIND_LINKS", str(room.kit / "wheels/linux"))
    with pytest.raises(SystemExit) as caught:
        classroom.main(["--out", str(room.kit), "--systems", "linux"])
    assert "linux: pip found no wheels for Python 3.12. It says: ERROR:" in str(caught.value)
    assert "Expected a network" in str(caught.value) and "Then run the command again" in str(caught.value)
    assert files(room.kit) == {"INSTALL.txt"}


def test_a_full_disk_is_noticed_before_anything_is_written(room, monkeypatch):
    monkeypatch.setattr(classroom.shutil, "disk_usage", lambda path: SimpleNamespace(free=1.2e9))
    with pytest.raises(SystemExit, match=r"has 1.2 GB left. Expected 5.1 GB for this.*--out.*--systems"):
        classroom.main(["--out", str(room.kit)])
    assert not list(room.kit.parent.glob("kit*"))


@pytest.mark.parametrize(
    "found, message",
    [
        ("holiday.jpg", "holds holiday.jpg. Expected a new folder"),
        ("course/.venv/pyvenv.cfg", "Somebody works in .*course.*Move it away"),
        ("wheels/linux/torch-2.15.0-cp313-cp313-manylinux_2_28_x86_64.whl", r"is for Python 3.13, not 3.12"),
    ],
)
def test_a_folder_that_is_not_ours_is_refused(room, found, message):
    (room.kit / found).parent.mkdir(parents=True)
    (room.kit / found).touch()
    with pytest.raises(SystemExit, match=message):
        classroom.main(["--out", str(room.kit)])
    assert files(room.kit) == {found}


def test_the_kit_cannot_lie_among_the_lessons(room):
    with pytest.raises(SystemExit, match="inside the course and would be copied into itself"):
        classroom.main(["--out", str(room.course / "notebooks" / "kit")])


@pytest.mark.parametrize("version", ["3.9", "3.10", "312", "4.0"])
def test_a_version_that_the_course_cannot_use_is_refused(version, capsys):
    with pytest.raises(SystemExit):
        classroom.main(["--python", version])
    assert "expected a version such as 3.12" in capsys.readouterr().err


def test_with_git_the_course_is_taken_as_committed(room, capsys):
    commit(room.course, *IN_COURSE)
    (room.course / "notebooks/01_data.ipynb").write_text("with my own answers")
    classroom.copy_course(room.course, room.kit / "course")
    assert files(room.kit / "course") == IN_COURSE
    assert (room.kit / "course/notebooks/01_data.ipynb").read_text() == "notebooks/01_data.ipynb"
    assert "without later changes in 1 files" in capsys.readouterr().out


def test_photos_and_weights_say_what_could_not_be_had(room, monkeypatch, capsys):
    def refuse(name):
        raise ConnectionError("The photos could not be fetched.")

    monkeypatch.setattr(classroom.finding, "find_data", refuse)
    classroom.add_photos(room.kit)
    assert "photos: not taken" in capsys.readouterr().out
    (room.index / "resnet18-f37072fd.pth").write_bytes(b"weights")
    monkeypatch.setattr(classroom.backbone, "_fetch_imagenet", lambda: "")
    monkeypatch.setattr(classroom.backbone, "_cached", lambda: room.index / "resnet18-f37072fd.pth")
    room.kit.mkdir()
    classroom.add_weights(room.kit / "weights")
    assert "weights: ImageNet's are taken" in capsys.readouterr().out
    (room.kit / "wheels" / "linux").mkdir(parents=True)
    assert "cp ../weights/*.pth ~/.cache/torch/hub/checkpoints" in classroom.install_text(room.kit, "3.12")


def test_the_parts_of_the_course_are_all_known():
    """TOP is what a course without git is copied by."""
    listed = subprocess.run(["git", "ls-files"], cwd=COURSE, capture_output=True, text=True).stdout.splitlines()
    assert {line.split("/")[0] for line in listed} <= set(classroom.TOP)
    ignored = (COURSE / ".gitignore").read_text().splitlines()
    assert "/classroom/" in ignored and "/classroom.unfinished/" in ignored and "/classroom.zip*" in ignored


# ---------------------------------------------------------------- the page for instructors
PAGE = COURSE / "notebooks" / "INSTRUCTORS.md"


def test_the_page_has_plain_sentences_and_links_that_resolve():
    text = re.sub(r"^```.*?^```", "", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        assert target.startswith(("https://", "#")) or (PAGE.parent / target.split("#")[0]).exists(), target
    headings = {
        re.sub(r"[^\w-]", "", h.lower().replace(" ", "-")) for h in re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    }
    assert set(re.findall(r"\]\(#([\w-]+)\)", text)) <= headings
    prose = re.sub(r"`[^`]*`|\]\([^)]*\)|^[|>#-].*$", " ", text, flags=re.MULTILINE)
    assert not re.search(r"\b(simply|just|obviously|of course|trivial)\b", prose, re.IGNORECASE)
    for sentence in re.split(r"(?<=[.!?:])\s+|\n\n", prose):
        assert len(sentence.split()) <= 32, sentence


def test_the_plans_add_up():
    """Each row begins when the one before it ends, and each week has 60 minutes."""
    plans = PAGE.read_text(encoding="utf-8").split("## Three plans")[1].split("## Lesson by lesson")[0]
    rows = re.findall(r"^\| (\d+):(\d\d) \| (\d+) \|", plans, re.MULTILINE)
    times = [(int(hour) * 60 + int(minute), int(length)) for hour, minute, length in rows]
    totals, begin = [], 9 * 60
    for (start, length), following in zip(times, [*times[1:], (begin, 0)], strict=True):
        if following[0] == begin:
            totals.append(start + length - begin)
        else:
            assert start + length == following[0]
    assert totals == [7 * 60 + 45, 4 * 60, 4 * 60, 4 * 60]
    weeks = re.findall(r"^\| \d \| (\d+)[^|]*\| (\d+)[^|]*\| (\d+)[^|]*\| (\d+) \|", plans, re.MULTILINE)
    assert [sum(map(int, week)) for week in weeks] == [60] * 8


def test_the_page_has_the_minutes_of_every_lesson():
    text = PAGE.read_text(encoding="utf-8")
    for name in ["all", *(path.name[:2] for path in NOTEBOOKS)]:
        assert re.search(rf"<!-- minutes {name} -->\n(\|.*\n){{5,}}<!-- /minutes -->", text), name
