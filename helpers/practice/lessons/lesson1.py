"""Exercises and quiz of lesson 1: folders and tables of pictures as datasets."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image
from torchvision import datasets
from torchvision.transforms import v2

from ...files.finding import find_data
from ..checks import exercise, hint, right, solved
from ..quizzes import QUIZZES, Choice, Question


@contextmanager
def folder_of(**files: list[str]) -> Iterator[Path]:
    """A folder that holds a folder of each name, with tiny pictures, each of its own colours."""
    random = np.random.default_rng(0)
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = Path(folder).resolve()
        for name, members in files.items():
            (folder / name).mkdir(parents=True)
            for member in members:
                blocks = random.integers(256, size=(4, 4, 3), dtype=np.uint8)
                Image.fromarray(blocks).resize((32, 32), Image.Resampling.NEAREST).save(folder / name / member)
        yield folder


@exercise("1.1", "From an index to a name")
def name_of(name_of):
    names = {name: ["a.png", "b.png"][: 1 + i % 2] for i, name in enumerate(["cups", "dice", "keys", "mugs", "pens"])}
    with folder_of(**names) as folder:
        dataset = datasets.ImageFolder(folder)
        wanted = [dataset.classes[label] for label in dataset.targets]
        written = hint(
            "Right for a dataset of ants and bees, but not for one of cups and dice. Are names written into it, or this "
            "notebook's `train_set`?"
        )
        try:
            found = solved([name_of(dataset, index) for index in range(len(dataset))])
        except (KeyError, IndexError) as error:
            if _right_for_ants_and_bees(name_of):
                return written
            if isinstance(error, IndexError):
                return hint(
                    "An index is beyond the end. `classes` has a name for each class, not for each picture. What is in its "
                    "square brackets?"
                )
            return hint("`class_to_idx` goes from name to number. You have a number. Which attribute goes back?")
        except TypeError as error:
            if "tuple" in str(error):
                return hint("`dataset[index]` gives two things, and only the second is the number of the class.")
            raise
    first = found[0]
    if found == wanted:
        return right(
            "The label stands at `dataset[index][1]` or, without opening a picture, in `targets`, and `classes` gives its "
            "name. It works for any dataset of this kind: your function never mentions ants."
        )
    if first is None:
        return hint("The function gives nothing back. Does it end with `return`?")
    if isinstance(first, tuple):
        return hint("That is the whole pair, or the file with its label. Take out the label, then find its name.")
    if isinstance(first, list):
        return hint("That is a list. One name is wanted, not in a list: which belongs to this picture?")
    if isinstance(first, int) or str(first).isdigit():
        return hint(f"For the first picture it gives {first!r}, a number. Which attribute turns it into a name?")
    if not isinstance(first, str):
        return hint(f"What it gives is of the type {type(first).__name__}. A name is wanted, such as 'cups'.")
    file = Path(dataset.samples[0][0]).name
    if first in file or file in first:
        return hint(
            f"{Path(first).name!r} is a part of the file's path. Here files are named after their class, but a file `a.png` may "
            "lie in a folder `cups`. Ask the dataset for the class."
        )
    if not set(found) <= set(wanted) and _right_for_ants_and_bees(name_of):
        return written
    if not set(found) <= set(wanted):
        return hint(f"A dataset of cups and dice came in, and {first!r} came out. Does the function use `dataset`?")
    if len(set(found)) == 1:
        return hint(f"It says {first} of each picture, whatever its class. Where does its label come from?")
    wrong = next(i for i in range(len(wanted)) if found[i] != wanted[i])
    return hint(
        f"Picture {wrong} of a dataset of five classes is of {wanted[wrong]}. Your function says {found[wrong]}."
    )


def _right_for_ants_and_bees(name_of):
    with folder_of(ants=["a.png", "b.png"], bees=["a.png", "b.png", "c.png"]) as folder:
        dataset = datasets.ImageFolder(folder)
        try:
            return [name_of(dataset, index) for index in range(5)] == ["ants"] * 2 + ["bees"] * 3
        except Exception:
            return False


@exercise("1.2", "A dataset from one heap")
def heap_dataset(HeapDataset):
    with folder_of(heap=["keys_1.png", "cups_1.png", "dice_1.png"]) as folder:
        files = [folder / "heap" / name for name in ("keys_1.png", "cups_1.png", "dice_1.png")]
        Image.open(files[1]).convert("L").save(files[1])
        transform = v2.Compose([v2.Resize((8, 9)), v2.RandomHorizontalFlip(p=1)])  # twice is not once
        wanted = [transform(Image.open(file).convert("RGB")) for file in files]
        dataset = HeapDataset(files, transform)
        try:
            items = solved([dataset[i] for i in range(3)])
        except UnboundLocalError as error:
            if "'image'" in str(error):
                return hint("A line uses `image` before there is one. First open the picture, then work on it.")
            early = "file" if "'file'" in str(error) else "label"
            return hint(f"A line needs `{early}`, and the line that makes it comes later, or never runs.")
    if items == [None] * 3:
        return hint("`dataset[0]` gives nothing back. Where did the line with `return` go?")
    if not all(isinstance(item, (tuple, list)) and len(item) == 2 for item in items):
        return hint(
            f"`dataset[0]` is of the type {type(solved(items[0])).__name__}. Every dataset gives a pair: picture, label."
        )
    images, labels = zip(*items, strict=True)
    solved(labels)
    if not all(isinstance(image, Image.Image) for image in images):
        return hint("The first of the pair is no picture. Picture first, then label: PyTorch counts on it.")
    if images[0].size != (9, 8):
        return hint("The pictures keep their own size, although a transform was given. Which line uses it, and when?")
    if images[1].mode != "RGB":
        return hint("A grey picture stays grey. Which line gave each picture three channels?")
    if images[0].tobytes() == wanted[0].transpose(Image.Transpose.FLIP_LEFT_RIGHT).tobytes():
        return hint("The transform was given a flip, and the pictures come out as if it had been used twice.")
    strange = next((i for i in range(3) if images[i].tobytes() != wanted[i].tobytes()), None)
    if strange is not None:
        return hint(f"`dataset[{strange}]` shows another picture than file {strange}. Which file is opened?")
    if list(labels) == ["keys", "cups", "dice"]:
        return hint("The second of the pair is a name. Networks want its number.")
    if list(labels) != [2, 0, 1]:
        return hint(
            f"Keys, cups and dice have the labels 2, 0 and 1. Yours are {', '.join(map(str, labels))}. Are all five lines there?"
        )
    return right(
        "First the file, then its picture, then the transform; the line of the label may stand anywhere after the file. "
        "With `len` and an index, yours now goes wherever an `ImageFolder` goes."
    )


class _Name(str):
    """A name that lies at another place in a set for each salt, as any name does each time Python starts."""

    def __new__(cls, name, salt):
        new = super().__new__(cls, name)
        new.salt = salt
        return new

    def __hash__(self):
        return hash((str(self), self.salt))


@exercise("1.3", "train 0.97, val 0.03")
def number_labels(number_labels):
    tables = [["bees", "ants", "ants"], ["ants", "bees", "ants", "ants"]]
    results = [solved(number_labels(list(names))) for names in tables]
    if None in results:
        return hint("The function gives nothing back. Is its last line still there?")
    if not all(isinstance(result, (tuple, list)) and len(result) == 2 for result in results):
        return hint("Two things are wanted: the list of classes, and the list of labels.")
    (classes, labels), (other, _) = [(list(solved(a)), list(solved(b))) for a, b in results]
    if isinstance(classes[0], int) and isinstance(labels[0], str):
        return hint("The two are swapped: first the classes, then the labels.")
    if any(len(set(part)) < len(part) for part in (classes, other)):
        return hint(f"Of three rows, your classes are {classes}. Each name should stand there once.")
    if any(isinstance(label, str) for label in labels):
        return hint("The labels are names. Numbers are wanted: the place of each name in your list of classes.")
    many = [f"kind {letter}" for letter in "gcakebljdhfi"]
    rows = [*many, *many[:3]]
    try:
        found, numbers = map(list, number_labels(list(rows)))
    except (ValueError, KeyError):
        return hint("Right for ants and bees, but a table with other names stops it. Are two names written into it?")
    try:
        again = list(number_labels(rows[::-1])[0])
    except (ValueError, KeyError):
        again = []
    if strange := sorted(set(map(str, found)) - set(rows)):
        return hint(
            f"A table without {strange[0]} came in, and {strange[0]} is one of your classes. Does a list remain from the "
            "call before, or are names written into it?"
        )
    letters, others = (", ".join(name[-1] for name in names) for names in (found, again))
    if any(list(map(str, number_labels([_Name(row, salt) for row in rows])[0])) != found for salt in range(4)):
        return hint(
            f"Twelve kinds come out as {letters}: that is the order of a set. A set has no fixed order, and tomorrow Python "
            "may choose another. What would make it certain? (`sorted` leaves it where a `key` is the same for two.)"
        )
    if classes != other or found != again:
        first, second = (classes, other) if classes != other else (f"[{letters}]", f"[{others}]")
        return hint(
            f"Two tables with the same classes give {first} and {second}. The order of the rows decides. Which order of "
            "the names does not depend on it?"
        )
    for names, order, given in ((tables[0], classes, labels), (rows, found, numbers)):
        wanted = [order.index(name) for name in names]
        if given != wanted and sorted(given) == sorted(wanted):
            return hint(
                f"The rows begin with {names[0]}, and the labels with {given[0]}. The labels must follow the rows."
            )
        if given != wanted:
            return hint(f"{names[0]} has place {wanted[0]} in your classes. All labels: {given}, expected {wanted}.")
    return right(
        "Sorted names get the same numbers, whatever the order of rows: `ImageFolder` sorts for this reason. One danger "
        "is left: if `val` had no ants, bees would be 0. So keep the list of `train`, and number `val` with it, too."
    )


@exercise("1.4", "Three classes: how many of each?")
def count_pictures(count_pictures, counts):
    made = {"ants": ["1.png", "2.JPG", "3.bmp"], "bees": ["1.jpg"], "ladybirds": ["1.png", "2.jpeg"]}
    wanted, fewer = ({name: len(files) for name, files in made.items()}, {"ants": 1, "bees": 2, "ladybirds": 1})
    found = _count(count_pictures, made)
    other = _count(count_pictures, {name: ["1.png", "2.png"][:count] for name, count in fewer.items()})
    if found is None:
        return hint("The function gives nothing back. Does it end with `return`?")
    if not isinstance(found, dict):
        return hint(f"That is of the type {type(found).__name__}. A dictionary is wanted: {{'ants': …, …}}.")
    if any(isinstance(value, str) for value in found.values()):
        return hint(f"It gives {found}. The names are the keys; the values are numbers, without quotes.")
    if found and not any(isinstance(key, str) for key in found):
        return hint(f"The keys are {', '.join(map(str, found))}. Their *names* are wanted, which `classes` knows.")
    if any("." in str(key) for key in found):
        return hint(
            "The keys are made from the names of files. Which list knows the classes, whatever the files are called?"
        )
    values, listed = list(found.values()), ", ".join(f"{count} {name}" for name, count in found.items())
    if found == {"ants": 3}:
        return hint("It counts the ants and then ends. How often does the loop go round before it meets `return`?")
    if len(found) < 3:
        kept = ", ".join(found) or "none"
        return hint(f"Of the classes ants, bees and ladybirds it names {kept}. What keeps out the others?")
    if found == {"ants": 0, "bees": 1, "ladybirds": 2} == other:
        return hint("Those are the numbers of the classes. How often does each of them stand in `targets`?")
    if set(values) in ({1}, {3}) and set(other.values()) == set(values):
        return hint(
            f"Each class gets {values[0]}. `classes` holds each name once, and `targets` a number for each picture. Where should "
            "one count?"
        )
    if found == other and set(values) != {0}:
        return hint(
            f"Two folders with other pictures give the same: {listed}. Does the function look into its `folder`?"
        )
    if set(values) == {6}:
        return hint("Each class gets 6, which is the number of all pictures. Count those with its label only.")
    if set(values) == {2}:
        return hint("Each class gets 2, as if all had the same number of pictures. Here they have 3, 1 and 2.")
    if set(values) == {0}:
        return hint(
            "Every class gets 0: what the function looks for is not there. `targets` holds numbers, `samples` holds pairs, "
            "and the files have several endings."
        )
    if found == wanted | {"ants": 4}:
        return hint("A file `notes.txt` among the ants was counted as a picture. `ImageFolder` leaves it out.")
    if found != wanted:
        return hint(
            f"A folder with 3 ants (.png, .JPG, .bmp), 1 bee (.jpg) and 2 ladybirds (.png, .jpeg) gives {listed}. "
            "Which line makes these numbers? (Classes begin at 0; pictures have several endings.)"
        )
    for names in ("cups dice keys mugs pens", "cups dice"):
        made = {name: ["1.png", "2.png"][: 1 + i % 2] for i, name in enumerate(names.split())}
        try:
            found = _count(count_pictures, made)
        except (KeyError, IndexError, ValueError, FileNotFoundError):
            found = {}
        if found == {name: len(files) for name, files in made.items()}:
            continue
        if found and set(found) < set(made):
            return hint(
                f"Right for three classes, but of {len(made)} it counts {len(found)}. Is a number written into it?"
            )
        return hint(
            f"Right for ants, bees and ladybirds, but not for the {len(made)} classes {', '.join(made)}. "
            "Are names or a number written into it?"
        )
    dataset = datasets.ImageFolder(find_data("three classes") / "train")
    if counts != {name: dataset.targets.count(label) for label, name in enumerate(dataset.classes)}:
        return hint(
            f"The function is right, but `counts` holds {counts}. Run its cell once more. Its last lines should be "
            '`counts = count_pictures(three_classes / "train")` and `counts`.'
        )
    listed = ", ".join(f"{count} {name}" for name, count in counts.items())
    never = 1 - min(counts.values()) / sum(counts.values())
    return right(
        f"{listed}. The names come from the folder, so two classes or five work too. There are fewer ladybirds: somebody "
        f"who never says *ladybird*, and is right about all else, still has an accuracy of {never:.0%}."
    )


def _count(count_pictures, made):
    with folder_of(**made) as folder:
        (folder / next(iter(made)) / "notes.txt").write_text("no picture")
        return solved(count_pictures(folder))


COPIES = {  # in val: what is special about each copy of a picture of train
    "ants/renamed.png": "name",
    "bees/elsewhere.png": "class folder",
    "bees/saved.bmp": "format",
    "bees/scan.tif": "format",
    "bees/photo.png": "format",
    "ants/transparent.png": "mode",
    "bees/second.png": "second",
}


def _last_pixel(picture):
    picture.putpixel((31, 31), tuple(255 - value for value in picture.getpixel((31, 31))))
    return picture


def _one_value(picture):
    red, green, blue = picture.getpixel((5, 2))
    picture.putpixel((5, 2), (red ^ 1, green, blue))
    return picture


def _same_grey(picture):
    """Other colours wherever blue can grow by 5 and green shrink by 1 without a change of the grey value."""
    pixels = np.array(picture).astype(int)
    other = (pixels + [0, -1, 5]).clip(0, 255)
    grey = [np.array(Image.fromarray(p.astype(np.uint8)).convert("L")) for p in (pixels, other)]
    return Image.fromarray(np.where((grey[0] == grey[1])[..., None], other, pixels).astype(np.uint8))


NO_COPIES = {  # in val: what is different from a picture of train, and how it is made from one
    "ants/nearly.png": ("its last pixel", _last_pixel),
    "ants/mirror.png": ("left and right are exchanged", lambda p: p.transpose(Image.Transpose.FLIP_LEFT_RIGHT)),
    "ants/tint.png": ("the same grey, other colours", _same_grey),
    "bees/speck.png": ("one value of one pixel", _one_value),
    "bees/shrunk.png": ("it was made smaller", lambda p: p.resize((16, 16), Image.Resampling.NEAREST)),
}


@exercise("1.5", "Pictures that leaked")
def find_leaks(find_leaks):
    made = {
        "train/ants": ["0.png", "1.png", "2.png"],
        "train/bees": ["3.png", "4.png", "8.jpg"],
        "val/ants": ["2.png", "5.png"],
        "val/bees": ["6.png", "7.png"],
    }
    with folder_of(**made) as folder:
        train, val = folder / "train", folder / "val"
        Image.open(train / "ants/0.png").save(val / "ants/renamed.png")
        Image.open(train / "ants/1.png").save(val / "bees/elsewhere.png")
        Image.open(train / "bees/3.png").save(val / "bees/saved.bmp")
        Image.open(train / "bees/4.png").save(val / "bees/scan.tif")
        Image.open(train / "bees/8.jpg").save(val / "bees/photo.png")
        Image.open(train / "ants/2.png").convert("RGBA").save(val / "ants/transparent.png")
        shutil.copy(train / "bees/3.png", val / "bees/second.png")  # as saved.bmp
        Image.open(val / "bees/7.png").save(val / "bees/twin.png")
        picture = Image.open(train / "ants/0.png")
        for name, (_, change) in NO_COPIES.items():
            change(picture.copy()).save(val / name)
        try:
            leaks = solved(find_leaks(folder))
        except TypeError as error:
            if "unhashable" in str(error):
                return hint(
                    "A set takes no picture objects, since these can change. It takes bytes, numbers and texts."
                )
            raise
        except (IsADirectoryError, PermissionError):  # Linux and macOS, Windows
            return hint(FOLDER_OPENED)
        except ValueError as error:
            if isinstance(error.__cause__, (IsADirectoryError, PermissionError)):  # read_picture tells it
                return hint(FOLDER_OPENED)
            raise
        if leaks is None:
            return hint("The function gives nothing back. Does it end with `return`?")
        if isinstance(leaks, (str, Path)) or not hasattr(leaks, "__iter__"):
            return hint(f"That is of the type {type(leaks).__name__}. A list of paths is wanted.")
        leaks = solved(list(leaks))
        if not all(isinstance(leak, (str, Path)) for leak in leaks):
            return hint(
                f"An entry of the list is of the type {type(leaks[0]).__name__}. The path of the file in `val` is enough."
            )
        if any(len(Path(leak).parts) == 1 for leak in leaks):
            return hint("A name alone can stand in several folders. Give the whole path, as `glob` does.")
        leaks = {(folder / leak).resolve() for leak in leaks}
        if any(train in leak.parents for leak in leaks):
            return hint("Your list holds pictures of `train`. Name the copies in `val`.")
        if any(val not in leak.parents or not leak.exists() for leak in leaks):
            return hint(
                "Some paths lead to no file in the `val` of the folder that came in. Does it use its `folder`, and does "
                "its list begin empty at each call? Are file names written into it?"
            )
        leaks = {leak.relative_to(val).as_posix() for leak in leaks}
    if "ants/2.png" in leaks and "ants/5.png" not in leaks:
        return hint("`val/ants/2.png` only has the *name* of a training picture; it shows another one.")
    if leaks & {"ants/5.png", "bees/6.png"}:
        return hint("Pictures are in your list that stand nowhere in `train`. What exactly counts as the same?")
    if leaks & {"bees/7.png", "bees/twin.png"}:
        return hint(
            "A picture that stands twice in `val`, and not in `train`, is in your list. That is a nuisance, but no leak. "
            "Keep what comes from `train` apart from what comes from `val`."
        )
    for name, (difference, _) in NO_COPIES.items():
        if name in leaks:
            return hint(
                f"`val/{name}` differs from a picture in `train`: {difference}. Compare all pixels, in their order."
            )
    missing = [copy for copy in COPIES if copy not in leaks]
    kinds = {COPIES[copy] for copy in missing}
    if not leaks:
        made = {"train/animals": ["0.png", "1.png"], "train/plants": ["2.png"]}
        with folder_of(**made) as folder:
            shutil.copytree(folder / "train", folder / "val")
            if [Path(leak).parent.name for leak in find_leaks(folder)] == ["animals"] * 2:
                return hint("It finds copies in a folder `animals`, but none in others. Is that name written into it?")
        return hint(
            f"{len(COPIES)} copies were planted, and none was found. Print what you compare for two equal pictures. (A copy may stand "
            "at any place of the other folder. A `glob` is used up after one round.)"
        )
    if kinds == {"class folder"}:
        return hint("A copy in the folder of another class is missing. Compare across classes too.")
    if kinds == {"mode"}:
        return hint(
            "A copy with the mode RGBA is missing: it has a fourth value a pixel. `read_picture` gives all `RGB`."
        )
    if kinds <= {"format", "mode"} and all(copy in missing for copy in COPIES if COPIES[copy] == "format"):
        return hint(
            "The copies saved in another format are missing. Their files differ, their pixels do not: compare those alone. "
            "(`==` on two pictures also compares notes in the file, such as its resolution. `tobytes()` gives the pixels.)"
        )
    if len(leaks) == 1 or leaks == {"bees/saved.bmp", "bees/second.png"}:  # of one picture of `train`
        return hint(
            f"Found of {len(COPIES)} copies: {', '.join(sorted(leaks))}. Does it `return` inside the loop, or keep one picture only? "
            "Or go twice through one `glob`, which is used up after one round? Or compare each with one of `train` only?"
        )
    if len(kinds) == 1 and missing[0] in ("bees/saved.bmp", "bees/second.png"):
        return hint(
            "Two files in `val` are copies of the same picture of `train`, and only one of them was found. Does a `break`, "
            "an `index` or a dictionary keep only one?"
        )
    if missing:
        return hint(
            f"Of {len(COPIES)} copies, these are missing: {', '.join(missing)}. Have they anything in common?"
            + " (photo.png is a copy of 8.jpg.)" * ("bees/photo.png" in missing)
        )
    with folder_of(**{"train/cups": ["1.png"], "val/cups": ["1.png"]}) as folder:
        if list(find_leaks(folder)):
            return hint("In a second folder, without any copies, it still finds some. Is something kept from before?")
    return right(
        f"In a folder of the check, {len(COPIES)} planted copies found, and nothing else. Each leaked picture makes validation look "
        "better than it is. Try `find_leaks(data_dir)`: an empty list is good news. (If that takes a minute, it may read each picture "
        "of `train` again for each of `val`: read them once, into a set. A copy that was cropped or made smaller stays hidden: its pixels differ.)"
    )


FOLDER_OPENED = (
    'A folder was opened as if it were a picture. `glob("*/*")` goes one level deeper, and `path.is_file()` leaves '
    "folders out."
)


QUIZZES["01"] = [
    Question(
        "`train_set = datasets.ImageFolder(...)` takes a blink for 10,000 photos. Then `train_set[0]` gives `(picture, 0)`. What does `train_set` hold?",
        (
            Choice(
                "A list of 10,000 pairs of picture and number.",
                "An index works on more than lists. It is a `Dataset`; as a list, the decoded photos would fill your memory.",
            ),
            Choice(
                "The photos as numbers, ready for a network.",
                "It has opened none yet, and without a transform it gives PIL pictures.",
            ),
            Choice(
                "File names with their labels; it opens a photo when asked for it.",
                "So it starts in a blink, and so a broken file shows itself only when its turn comes.",
                right=True,
            ),
            Choice(
                "The first photos; the others load in the background.",
                "Nothing happens in the background. It does nothing until you ask.",
            ),
        ),
    ),
    Question(
        "The folder `pets` holds `train` and `val`, and each of them holds `cats` and `dogs`. What does `datasets.ImageFolder('pets').classes` say?",
        (
            Choice(
                "`['train', 'val']`",
                "It takes the folders that it finds right below for classes, whatever they are called.",
                right=True,
            ),
            Choice(
                "`['cats', 'dogs']`, since `train` and `val` are its convention.",
                "It has no such convention; people chose these names. Each split needs a dataset of its own.",
            ),
            Choice(
                "Nothing: it raises an error, since one of the two must be chosen.",
                "If only it did! It loads without a word, and the network learns to tell train from val.",
            ),
        ),
    ),
    Question(
        "In `train` there are the classes ants and bees. In `val` the folder of the ants is missing altogether. Which label do the bees get in `val`?",
        (
            Choice(
                "1, as in `train`.",
                "The dataset of `val` knows nothing of the one of `train`. It sorts and numbers what it finds.",
            ),
            Choice(
                "0",
                "They come first in their own list. Right answers would count as wrong, so compare `classes` of all splits.",
                right=True,
            ),
            Choice(
                "None: `ImageFolder` raises an error, since a class is missing.",
                "It only complains about folders without pictures. A folder that is not there, it cannot miss.",
            ),
        ),
    ),
    Question(
        "Your labels stand in a table. What must your own class have, so that PyTorch can use it as a dataset?",
        (
            Choice(
                "Folders named after the classes, from which the labels come.",
                "That is the wish of `ImageFolder`. A table is as good: labels may come from anywhere.",
            ),
            Choice(
                "All pictures opened in `__init__`, so that they are at hand.",
                "It would work for a few. For many, memory runs out; `__getitem__` opens them one by one.",
            ),
            Choice(
                "`classes`, `samples` and `targets`, as `ImageFolder` has.",
                "They are convenient, and some tools look at them. For fetching pictures nobody needs them.",
            ),
            Choice(
                "`__len__` and `__getitem__`.",
                "How many there are, and one of them by its index: nothing more is asked.",
                right=True,
            ),
        ),
    ),
]
