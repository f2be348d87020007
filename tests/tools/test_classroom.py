"""helpers/teaching/classroom.py and wheels.py: the right wheels for each system, a kit without traces of its makers,
and clear words when something is missing. uv and pip run on tiny wheels made here."""

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import pytest
from conftest import COURSE, commit

from helpers.teaching import classroom, copying, stamp, wheels


# ---------------------------------------------------------------- which wheels
def make_wheel(folder, name, requires=(), tag="py3-none-any", version="1.0"):
    info = f"{name}-{version}.dist-info"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    with zipfile.ZipFile(folder / f"{name}-{version}-{tag}.whl", "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        wheel.writestr(f"{info}/METADATA", "\n".join(lines) + "\n")
        wheel.writestr(f"{info}/WHEEL", f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{info}/RECORD", "")


WHEELS = {  # of each system: markers in the words that real packages use, tags as theirs
    "linux": "triton-1.0-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl",
    "macos": "appnope-1.0-cp312-abi3-macosx_11_0_arm64.whl",
    "windows": "pywinpty-1.0-cp312-cp312-win_amd64.whl",
}
REQUIRES = [
    "triton; platform_system == 'Linux'",
    "appnope; sys_platform == 'darwin'",
    "pywinpty; os_name == 'nt'",
    "backport; python_version < '3.12'",
]


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder of wheels, which is all that pip's own settings allow. uv has no other settings than these."""
    folder = tmp_path / "index"
    folder.mkdir()
    make_wheel(folder, "bricklayer", REQUIRES)
    make_wheel(folder, "backport")
    for file in WHEELS.values():
        make_wheel(folder, file.split("-")[0], tag=file.removesuffix(".whl").split("-", 2)[2])
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(folder), "UV_NO_CONFIG": "1"}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def uv():
    try:
        wheels.find_uv()
    except RuntimeError:
        pytest.skip("uv is not installed: it is one of tests/requirements.txt")


@pytest.fixture
def look_up(index, uv, monkeypatch):
    """What uv finds for these requirements, without the second in which pip tells its settings."""
    monkeypatch.setattr(wheels, "sources", lambda: ["--no-index", "--find-links", str(index)])

    def names_and_versions(requirements, system, python="3.12"):
        (index.parent / "requirements.txt").write_text(requirements)
        return [pin.split()[0] for pin in wheels.find_wheels(index.parent / "requirements.txt", system, python)]

    return names_and_versions


@pytest.mark.parametrize("system", WHEELS)
def test_markers_and_tags_are_those_of_the_target(index, look_up, system):
    """Not those of the machine that gathers, which is where pip's own answer goes wrong."""
    special = WHEELS[system].split("-")[0]
    assert look_up("bricklayer>=1  # a comment\n\n", system) == sorted(["bricklayer==1.0", f"{special}==1.0"])
    os.remove(index / WHEELS[system])
    make_wheel(index, special, tag="cp312-cp312-win_arm64")
    with pytest.raises(RuntimeError, match=rf"{system}, Python 3.12: uv found no wheels. It says: .*{special}"):
        look_up("bricklayer", system)


def test_the_version_of_python_is_that_of_the_target(index, look_up):
    os.remove(index / WHEELS["windows"])  # it is for Python 3.12
    make_wheel(index, "pywinpty", tag="cp311-cp311-win_amd64")
    assert look_up("bricklayer", "windows", "3.11") == ["backport==1.0", "bricklayer==1.0", "pywinpty==1.0"]


NAMES = {  # of each system, for uv and for pip
    "linux": ("x86_64-manylinux_2_28", "manylinux_2_28_x86_64"),
    "macos": ("aarch64-apple-darwin", "macosx_14_0_arm64"),
    "windows": ("x86_64-pc-windows-msvc", "win_amd64"),
}


@pytest.mark.parametrize("system", NAMES)
def test_each_system_is_asked_for_by_its_names(monkeypatch, tmp_path, system):
    asked, (platform, tag) = [], NAMES[system]

    def run(command, who="", **settings):
        asked.append((" ".join(map(str, command)), settings))
        return "torch==2.15.0 \\\n    --hash=sha256:1 \\\n    --hash=sha256:2\nnumpy==2 \\\n    --hash=sha256:3\n"

    monkeypatch.setattr(wheels, "_run", run)
    monkeypatch.setattr(wheels, "find_uv", lambda: ["uv"])
    monkeypatch.setattr(wheels, "sources", lambda: ["--index-url", "file:///school"])
    pins = wheels.find_wheels(tmp_path / "requirements.txt", system, "3.13")
    assert [pin.count("--hash") for pin in pins] == [2, 1]
    wheels.fetch_wheels(pins, tmp_path / system, system, "3.13")
    (look_up, settings), (fetch, _) = asked
    assert f"--python-platform {platform} --python-version 3.13 --only-binary :all: --generate-hashes" in look_up
    assert look_up.endswith("--index-url file:///school")
    assert settings["MACOSX_DEPLOYMENT_TARGET"] == "14.0"  # an older one brings an old torch
    assert f"--platform={tag}" in fetch and "--python-version=3.13" in fetch
    assert "--no-deps" in fetch and "--require-hashes" in fetch


def test_pips_own_settings_reach_uv(index, monkeypatch, tmp_path):
    """Its files, too. What the environment says counts more."""
    settings = "[global]\nindex-url = file:///school\nextra-index-url = file:///a\n    file:///b\nfind-links = /old\n"
    (tmp_path / "pip.conf").write_text(settings + "[install]\nconstraint = not-for-downloads.txt\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    options = " ".join(wheels.sources())
    assert "--index-url file:///school --extra-index-url file:///a --extra-index-url file:///b" in options
    assert f"file:///b --find-links {index}" in options
    assert options.endswith("--no-index") and "not-for-downloads" not in options
    monkeypatch.setenv("PIP_NO_INDEX", "0")
    assert "--no-index" not in wheels.sources()


def test_a_missing_uv_is_explained(room, monkeypatch):
    monkeypatch.setattr(wheels.shutil, "which", lambda name: None)
    monkeypatch.setattr(wheels.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"Found no uv.*Nothing was changed") as caught:
        classroom.main(["--out", str(room.kit)])
    assert r".venv\Scripts\python -m pip install uv" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 3 and not list(room.kit.parent.glob("kit*"))
    monkeypatch.setattr(wheels.importlib.util, "find_spec", lambda name: name)
    assert wheels.find_uv() == [sys.executable, "-m", "uv"]


def test_two_kinds_of_builds_are_refused(index, look_up):
    """FACTS: the small +cpu torch does not work with the torchvision of the default index."""
    for name, version in {"torch": "2.15.0+cpu", "torchvision": "0.30.0"}.items():
        make_wheel(index, name, version=version)
    message = r"linux: found torch==2.15.0\+cpu and torchvision==0.30.0, .* do not work together.*one index"
    with pytest.raises(RuntimeError, match=message):
        look_up("torch\ntorchvision", "linux")
    make_wheel(index, "torchvision", version="0.30.0+cpu")
    assert look_up("torch\ntorchvision", "linux") == ["torch==2.15.0+cpu", "torchvision==0.30.0+cpu"]


# ---------------------------------------------------------------- the kit
LESSON = {"cell_type": "markdown", "metadata": {}, "source": ["# Größen"]}
RUN = {"cell_type": "code", "metadata": {}, "source": ["1 + 1"], "execution_count": 7, "outputs": [{"text": "2"}]}
OWN = {"my_notebooks/01_data.ipynb", "notebooks/my_lesson.ipynb", "workshop/day 2/10.ipynb", "first.ipynb"}
NOT_OWN = {"env/lib/site-packages/a.ipynb", "old kit/course/notebooks/02.ipynb"}  # see `room`
HANDOUTS = {"notebooks/handouts/01_data_slides.html", "notebooks/handouts/01_data_card.html"}


@pytest.fixture
def room(index, tmp_path, monkeypatch):
    """A small course as a learner would leave it, pip's index in a folder, and no network."""
    course = tmp_path / "bricks"
    for name in (".venv/a", "notebooks/01_data.ipynb", "notebooks/my_progress.json", "notebooks/checkpoints/lesson.pt",
                 "notebooks/.ipynb_checkpoints/01_data.ipynb", "notebooks/01_data.html", "my_photos/me.jpg",
                 "helpers/data.py", "helpers/__pycache__/data.pyc", "helpers/photos/show.py", "helpers/plotting.py",
                 ".env", "helpers/.env", "notebooks/handouts/.packages/reveal.js",
                 "data_samples/downloads/hymenoptera/train/ants/0.jpg", "README.md"):  # fmt: skip
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(name)
    for name in OWN | NOT_OWN:
        (course / name).parent.mkdir(parents=True, exist_ok=True)
        (course / name).write_text(json.dumps({"metadata": {"widgets": {}}, "cells": [LESSON, RUN]}))
    for name in HANDOUTS | {"notebooks/handouts/01_data_key.html"}:
        (course / name).write_text(name)
    (course / "env" / "pyvenv.cfg").touch()
    (course / "old kit/course/helpers").mkdir()
    (course / "old kit/course/helpers/plotting.py").touch()
    (course / "requirements.txt").write_text("bricklayer>=1\n")
    shutil.copy(COURSE / ".gitignore", course)
    monkeypatch.setattr(classroom, "COURSE", course)
    monkeypatch.setattr(classroom.finding, "find_data", lambda name: course / "data_samples/downloads" / name)
    monkeypatch.setattr(classroom.backbone, "_fetch_imagenet", lambda: "the ImageNet weights could not be fetched: no")
    return SimpleNamespace(course=course, index=index, kit=tmp_path / "kit")


def files(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


IN_COURSE = {"README.md", "requirements.txt", ".gitignore", "notebooks/01_data.ipynb"}
IN_COURSE |= {"helpers/data.py", "helpers/photos/show.py", "helpers/plotting.py"}


def test_a_kit_for_all_systems_and_its_zip(room, uv, capsys):
    """What uv found is what pip fetches, for each system from the same folder of wheels."""
    classroom.main(["--out", str(room.kit), "--zip"])
    for system, file in WHEELS.items():
        assert files(room.kit / "wheels" / system) == {"bricklayer-1.0-py3-none-any.whl", file}
    # Nothing of a learner: no progress, checkpoints, exports, secrets, environment or photos of their own.
    photos = {"data_samples/downloads/hymenoptera/train/ants/0.jpg"}
    assert files(room.kit / "course") == IN_COURSE | OWN | HANDOUTS | photos
    install = (room.kit / "INSTALL.txt").read_text()
    assert r"--no-index --find-links ..\wheels\windows -r requirements.txt; .venv\Scripts\jupyter" in install
    assert "py -3.12 -m venv" in install and "../wheels/macos" in install and "../wheels/linux" in install
    assert "ImageNet" not in install
    with zipfile.ZipFile(room.kit.with_name("kit.zip")) as archive:
        assert archive.testzip() is None
        assert {name for name in archive.namelist() if name[-1] != "/"} == {f"kit/{name}" for name in files(room.kit)}
    out = capsys.readouterr().out
    assert "windows: wheels 1 to 2 of 2: bricklayer, pywinpty" in out
    assert "photos: taken" in out and "licence is not known" in out
    assert "weights: ImageNet's are not taken" in out
    assert sorted(path.name for path in room.kit.parent.glob("kit*")) == ["kit", "kit.zip"]


def test_a_second_run_keeps_what_is_whole_and_mends_the_rest(room, uv):
    classroom.main(["--out", str(room.kit), "--systems", "windows"])
    good, bad = sorted((room.kit / "wheels/windows").iterdir())
    assert "wheels/macos" not in (room.kit / "INSTALL.txt").read_text()
    before = good.stat().st_mtime_ns
    bad.write_bytes(b"half")
    make_wheel(good.parent, "pywinpty", version="0.9")
    classroom.main(["--out", str(room.kit), "--systems", "windows"])
    assert good.stat().st_mtime_ns == before and sorted(good.parent.iterdir()) == [good, bad]
    assert bad.read_bytes() == (room.index / bad.name).read_bytes()


def test_an_interrupted_run_never_looks_whole_and_goes_on(room, uv, monkeypatch):
    """With one of two wheels, and half a set of a system that is not asked for again."""
    run, kit = wheels._run, room.kit.with_name("kit.unfinished")
    (kit / "wheels/macos.unfinished").mkdir(parents=True)

    def dies(command, who="pip", **settings):
        if (kit / "wheels/windows.unfinished/bricklayer-1.0-py3-none-any.whl").exists():
            raise KeyboardInterrupt
        return run(command, who, **settings)

    with monkeypatch.context() as only_now:
        only_now.setattr(wheels, "_run", dies)
        only_now.setattr(wheels, "AT_ONCE", 1)
        with pytest.raises(SystemExit, match="Stopped. The same command goes on"):
            classroom.main(["--out", str(room.kit), "--systems", "windows"])
    assert not room.kit.exists() and not (kit / "wheels/windows").exists()
    (arrived,) = (kit / "wheels/windows.unfinished").glob("*.whl")
    before = arrived.stat().st_mtime_ns
    classroom.main(["--out", str(room.kit), "--systems", "windows"])
    assert not kit.exists() and len(files(room.kit / "wheels/windows")) == 2 == len(files(room.kit / "wheels"))
    assert (room.kit / "wheels/windows" / arrived.name).stat().st_mtime_ns == before


def test_without_a_network_a_finished_kit_stays_as_it_was(room, uv, monkeypatch):
    (room.kit / "wheels/linux").mkdir(parents=True)
    (room.kit / "INSTALL.txt").touch()
    monkeypatch.setenv("PIP_FIND_LINKS", str(room.kit / "wheels/linux"))
    with pytest.raises(SystemExit) as caught:
        classroom.main(["--out", str(room.kit), "--systems", "linux"])
    assert re.match(r"Not finished. linux, Python 3.12: uv found no wheels. It says: .*bricklayer", str(caught.value))
    assert "Expected a network" in str(caught.value) and "Then run the command again" in str(caught.value)
    assert len(str(caught.value).splitlines()) == 3 and files(room.kit) == {"INSTALL.txt"}


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
    assert re.search(r"argument --python: invalid choice: .*3\.12", capsys.readouterr().err)


def test_with_git_the_course_is_taken_as_committed(room, capsys):
    """Besides, notebooks that git does not know, ignored or not. All the rest that is not committed is named."""
    commit(room.course, *IN_COURSE)
    (room.course / "notebooks/01_data.ipynb").write_text("with my own answers")
    (room.course / "helpers/lesson10.py").touch()
    (room.course / "notebooks/broken.ipynb").write_text("<<<<<<< HEAD")
    classroom.copy_course(room.course, room.kit / "course")
    assert files(room.kit / "course") == IN_COURSE | OWN | HANDOUTS
    assert (room.kit / "course/notebooks/01_data.ipynb").read_text() == "notebooks/01_data.ipynb"
    out = capsys.readouterr().out
    assert "course: as last committed; with slides and cards; 0 MB in " in out
    assert f"your own notebooks: {', '.join(sorted(OWN))}, without outputs, but with what you typed" in out
    assert "left out, since it is no notebook that can be read: notebooks/broken.ipynb (JSONDecodeError" in out
    (left,) = re.findall("left out, since not committed: (.*)", out)
    for name in ("helpers/lesson10.py", "notebooks/01_data.ipynb", "Commit what the class needs"):
        assert name in left
    assert not {name for name in ("my_progress", ".env", *OWN) if name in left}


def test_own_notebooks_arrive_without_outputs(room):
    copying.add_own(room.course, room.kit)
    assert files(room.kit) == OWN
    for name in OWN:
        text = (room.kit / name).read_text(encoding="utf-8")
        assert json.loads(text)["cells"] == [LESSON, {**RUN, "execution_count": None, "outputs": []}]
        assert "widgets" not in text and text.endswith("}\n") and "Größen" in text


def test_what_is_being_made_is_no_news(room, capsys):
    """A kit in the course's folder is not named among what is left out, nor copied into itself."""
    commit(room.course, ".")
    for _ in range(2):
        classroom.copy_course(room.course, room.course / "monday" / "course")
        assert "monday" not in capsys.readouterr().out


def test_for_colab_the_course_alone_as_a_zip(room, tmp_path, monkeypatch, capsys):
    """It asks for no uv. Unzipped, it is found by the first cell (test_first_cell.py)."""
    monkeypatch.setattr(wheels, "find_uv", lambda: pytest.fail("no wheels are asked for"))
    classroom.main(["--out", str(room.kit), "--systems", "none", "--zip"])
    with zipfile.ZipFile(room.kit.with_name("kit.zip")) as archive:
        names = {name for name in archive.namelist() if name[-1] != "/"}
    assert names == {f"kit/course/{name}" for name in IN_COURSE | OWN | HANDOUTS} | {"kit/INSTALL.txt"}
    assert "!unzip -q *.zip" in (room.kit / "INSTALL.txt").read_text() and "photos" not in capsys.readouterr().out


def test_a_place_that_cannot_be_written_is_named(room):
    (room.kit.parent / "file").touch()
    for out in ("file", "file/kit"):
        with pytest.raises(SystemExit) as caught:
            classroom.main(["--out", str(room.kit.parent / out), "--systems", "none"])
        assert re.fullmatch(r"Not finished. \S+file\S* cannot be used \(.*\). Choose .*--out.*", str(caught.value))


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


def test_without_git_the_whole_course_is_taken(tmp_path):
    """Also what lies in a folder whose name .gitignore could have meant."""
    listed = subprocess.run(["git", "ls-files"], cwd=COURSE, capture_output=True, text=True).stdout.splitlines()
    copying._copy_files(COURSE, tmp_path / "course")
    assert set(listed) <= files(tmp_path / "course")
    ignored = (COURSE / ".gitignore").read_text().splitlines()
    assert "/classroom/" in ignored and "/classroom.unfinished/" in ignored and "/classroom.zip*" in ignored


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "JSONDecodeError"),
        (b"<<<<<<< HEAD\n", "JSONDecodeError"),
        (b"\xef\xbb\xbf{}", "BOM"),
        (b'{"nbformat": 3, "worksheets": []}', "KeyError: 'cells'"),
        (json.dumps({"cells": [{"cell_type": "markdown", "source": ["half an emoji \ud83d"]}]}).encode(), "surrogates"),
        (b"\xff\xfe", "UnicodeDecodeError"),
        (b"[" * 100_000, "RecursionError"),
    ],
)
def test_stamp_changes_all_or_nothing(tmp_path, content, words):
    (tmp_path / "notebooks").mkdir()
    for file in ("README.md", "pyproject.toml", "notebooks/00_start_here.ipynb"):
        shutil.copy(COURSE / file, tmp_path / file)
    (tmp_path / "notebooks" / "zz.ipynb").write_bytes(content)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    with pytest.raises(ValueError, match=f"zz.ipynb cannot be stamped .*{words}.*Nothing was changed") as caught:
        stamp.stamp(tmp_path, "https://github.com/someone/bricks")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before
    assert "\n" not in str(caught.value)


def test_a_file_that_cannot_be_replaced_brings_the_others_back(a_fork, monkeypatch):
    def refuse(source, target):
        if target.name == locked:
            raise PermissionError(13, "Permission denied", str(source), None, str(target))
        replace(source, target)

    before, replace = {path: path.read_bytes() for path in a_fork.rglob("*") if path.is_file()}, os.replace
    monkeypatch.setattr(os, "replace", refuse)
    for locked in ("README.md", "pyproject.toml", "00_start_here.ipynb"):
        with pytest.raises(SystemExit, match=f"{locked} cannot be written .Permission denied"):
            stamp.main(["--branch", "autumn"])
        assert {path: path.read_bytes() for path in a_fork.rglob("*") if path.is_file()} == before


@pytest.fixture
def a_fork(tmp_path, monkeypatch):
    """A small course that knows its address, as `stamp` sees it."""
    course = tmp_path / "fork"
    (course / "notebooks").mkdir(parents=True)
    for file in ("README.md", "pyproject.toml", "notebooks/00_start_here.ipynb"):
        shutil.copy(COURSE / file, course / file)
    text = (course / "pyproject.toml").read_text(encoding="utf-8")
    address = re.sub("^repository = .*$", 'repository = "https://github.com/ada/bricks"', text, flags=re.MULTILINE)
    (course / "pyproject.toml").write_text(address, encoding="utf-8")
    monkeypatch.setattr(stamp, "COURSE", course)
    return course


def test_badges_and_first_cell_follow_the_branch(a_fork, capsys):
    """It is kept, so that the next stamp, and the tests on that branch, find nothing to change."""
    stamp.main(["--branch", "autumn-2.0"])
    assert capsys.readouterr().out.count("stamped") == 3
    notebook = (a_fork / "notebooks/00_start_here.ipynb").read_text(encoding="utf-8")
    assert r"REPOSITORY, BRANCH = \"https://github.com/ada/bricks\", \"autumn-2.0\"" in notebook
    for text in (notebook, (a_fork / "README.md").read_text(encoding="utf-8")):
        assert "github/ada/bricks/blob/autumn-2.0/notebooks/00_start_here.ipynb)" in text
        assert "mybinder.org/v2/gh/ada/bricks/autumn-2.0?urlpath" in text and "main/notebooks" not in text
    assert stamp.read_branch(a_fork / "pyproject.toml") == "autumn-2.0"
    stamp.main([])
    assert capsys.readouterr().out == ""


def test_all_lessons_take_the_pictures_that_are_named_once(a_fork):
    pyproject = a_fork / "pyproject.toml"
    pyproject.write_text(pyproject.read_text(encoding="utf-8").replace('"samples"', '"our_birds"'), encoding="utf-8")
    with pytest.raises(SystemExit, match="our_birds has no folder 'train'. Nothing was changed"):
        stamp.main([])
    (a_fork / "our_birds" / "train").mkdir(parents=True)
    stamp.main([])
    assert 'DATA = \\"our_birds\\"' in (a_fork / "notebooks/00_start_here.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize("branch", ["week/2", "-f", "", "a b", 'x"; import os #', "größer", "a\n", "https://x"])
def test_a_branch_that_links_cannot_name_is_refused(a_fork, branch):
    before = {path: path.read_bytes() for path in a_fork.rglob("*") if path.is_file()}
    with pytest.raises(SystemExit) as caught:
        stamp.main([f"--branch={branch}"])
    assert "cannot be the branch. Expected letters" in str(caught.value) and "Nothing was changed" in str(caught.value)
    assert {path: path.read_bytes() for path in a_fork.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[tool.brick-by-brick]\nrepository = https://github.com/ada/bricks\n", "TOMLDecodeError"),
        ('[tool.brick-by-brick]\nrepository = ["https://github.com/ada/bricks"]\n', "AttributeError"),
        ("[tool.brick-by-brick]\n", "KeyError: 'repository'"),
        ('[tool.brick-by-brick]\nrepository = ""\n', "KeyError: 'branch'"),
        ("tool = 1\n", "TypeError"),
        ('[tool.brick-by-brick]\nrepository = "https://[github.com/ada"\n', "is no address such as"),
        ('[tool.brick-by-brick]\nrepository = "https://github.com/ada/bricks/tree/x"\n', "is no address such as"),
    ],
)
def test_a_malformed_address_is_a_sentence(a_fork, text, words):
    (a_fork / "pyproject.toml").write_text(text)
    with pytest.raises(SystemExit, match=words) as caught:
        stamp.main([])
    assert "pyproject.toml" in str(caught.value) and "\n" not in str(caught.value)


def test_a_course_that_cannot_be_written_is_a_sentence(a_fork, monkeypatch):
    monkeypatch.setattr(stamp, "written_whole", lambda path: open("/nowhere/file", "w"))
    with pytest.raises(SystemExit, match=r"/nowhere/file cannot be written \(No such file or directory\)"):
        stamp.main(["--branch", "autumn"])
