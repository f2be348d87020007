"""Answers to the exercises of lesson 1: other right ones, and wrong ones with a part of the hint each must get."""

HEAP = """
class HeapDataset(torch.utils.data.Dataset):
    def __init__(self, files, transform):
        self.files, self.transform = files, transform
        self.classes = sorted({file.name.split("_")[0] for file in files})

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
"""
FILE = "        file = self.files[index]\n"
IMAGE = "        image = read_picture(file)\n"
TRANSFORM = "        image = self.transform(image)\n"
LABEL = '        label = self.classes.index(file.name.split("_")[0])\n'
RETURN = "        return image, label\n"

PIXELS = """
def pixels(path):
    return read_picture(path).tobytes()
"""


def same(find):
    """Exercise 1.5, by comparing what the expression `find` makes of a path."""
    return f"""
def find_leaks(folder):
    seen = [{find} for path in sorted((folder / "train").glob("*/*"))]
    return [path for path in sorted((folder / "val").glob("*/*")) if {find} in seen]
"""


def counting(line):
    """Exercise 1.4 with another last line."""
    return f"""
def count_pictures(folder):
    dataset = datasets.ImageFolder(folder)
    {line}

counts = count_pictures(three_classes / "train")
"""


def numbered(classes):
    """Exercise 1.3 with these classes."""
    return f"""
def number_labels(names):
    classes = {classes}
    return classes, [classes.index(name) for name in names]
"""


KEPT = (
    PIXELS
    + """
def find_leaks(folder{default}):
    seen = {{pixels(path) for path in (folder / "train").glob("*/*")}}
    for path in (folder / "val").glob("*/*"):
        if pixels(path) in seen:
            leaks.append(path)
    return leaks
"""
)


def used_up(loops, first="3.png"):
    """Exercise 1.5 with two files in order that can be gone through once; of `train`, this one comes first."""
    return (
        PIXELS
        + f"""
def find_leaks(folder):
    train = iter(sorted((folder / "train").glob("*/*"), key=lambda path: (path.name != "{first}", path)))
    val = iter(sorted((folder / "val").glob("*/*"), key=lambda path: (path.name != "5.png", path)))
    return [new for {loops} if pixels(old) == pixels(new)]
"""
    )


REMAINS = """
def number_labels(names{default}):
    for name in sorted(names):
        if name not in classes:
            classes.append(name)
    classes.sort()
    return classes, [classes.index(name) for name in names]
"""

ANSWERS = {
    "1.1": {
        "right": [
            "def name_of(dataset, index): return dataset.classes[dataset.targets[index]]",
            """
def name_of(dataset, index):
    label = dataset[index][1]
    for name, number in dataset.class_to_idx.items():
        if number == label:
            return name
""",
            "def name_of(dataset, index): return Path(dataset.samples[index][0]).parent.name",
            """
def name_of(dataset, index):
    names = dict(enumerate(dataset.classes))
    _, label = dataset[index]
    return names[label]
""",
            """
def name_of(dataset, index):
    path, label = dataset.samples[index]
    return dataset.classes[label]
""",
            """
def name_of(dataset, index):
    return {number: name for name, number in dataset.class_to_idx.items()}[dataset.imgs[index][1]]
""",
        ],
        "wrong": [
            (
                'def name_of(dataset, index): return Path(dataset.samples[index][0]).name.split("_")[0]',
                "is a part of the file's path",
            ),
            (
                "def name_of(dataset, index): return Path(dataset.samples[index][0]).name[:4]",
                "is a part of the file's path",
            ),
            ("def name_of(dataset, index): return str(dataset[index][1])", "it gives '0', a number"),
            (
                "def name_of(dataset, index): return dataset.classes[dataset[index][1] + 1]",
                "What is in its square brackets",
            ),
            ("label = 1\ndef name_of(dataset, index): return dataset.classes[label]", "Where does its label come from"),
            ("def name_of(dataset, index): return [dataset.classes[dataset[index][1]]]", "That is a list"),
            (
                """
def name_of(dataset, index):
    return dataset.classes[index]
""",
                "What is in its square brackets",
            ),
            ("def name_of(dataset, index): return dataset[index][1]", "it gives 0, a number"),
            ("def name_of(dataset, index): return dataset[index]", "That is the whole pair"),
            ("def name_of(dataset, index): return dataset.class_to_idx[dataset[index][1]]", "from name to number"),
            ("def name_of(dataset, index): return dataset.classes[dataset[index]]", "only the second"),
            ("def name_of(dataset, index): return dataset.classes", "That is a list"),
            ("def name_of(dataset, index): return dataset.samples[index][0]", "is a part of the file's path"),
            ("def name_of(dataset, index): return 'bees'", "came out"),
            ("def name_of(dataset, index): return dataset.classes[-1]", "Where does its label come from"),
            (
                "def name_of(dataset, index): return dataset.classes[dataset[index][1] - 1]",
                "of a dataset of five classes",
            ),
            ("def name_of(dataset, index): return dataset[index][0]", "is of the type Image"),
            ("def name_of(dataset, index): return train_set.classes[train_set[index][1]]", "came out"),
            ('def name_of(dataset, index): return ["ants", "bees"][dataset[index][1]]', "Are names written into it"),
            ("def name_of(dataset, index): return train_set.classes[dataset[index][1]]", "Are names written into it"),
            (
                'def name_of(dataset, index): return {0: "ants", 1: "bees"}[dataset[index][1]]',
                "Are names written into it",
            ),
            (
                'def name_of(dataset, index): return "bees" if dataset[index][1] else "ants"',
                "Are names written into it",
            ),
            (
                "def name_of(dataset, index): return Path(dataset.samples[index][0]).name",
                "is a part of the file's path",
            ),
            ("def name_of(dataset, index): return dataset.classes[dataset[0][1]]", "Where does its label come from"),
            ("def name_of(dataset, index): print(dataset.classes[dataset[index][1]])", "gives nothing back"),
            ("def name_of(dataset, index): dataset.classes[dataset[index][1]]", "gives nothing back"),
        ],
    },
    "1.2": {
        "right": [
            HEAP + FILE + LABEL + IMAGE + TRANSFORM + RETURN,
            HEAP + FILE + IMAGE + LABEL + TRANSFORM + RETURN,
            HEAP + FILE + '        image = Image.open(file).convert("RGB")\n' + TRANSFORM + LABEL + RETURN,
            HEAP + FILE + IMAGE + LABEL + "        return self.transform(image), label",
            HEAP
            + """
        path = self.files[index]
        kind, _, _ = path.stem.partition("_")
        with Image.open(path) as opened:
            return [self.transform(opened.convert("RGB")), self.classes.index(kind)]
""",
        ],
        "wrong": [
            (HEAP + IMAGE + FILE + TRANSFORM + LABEL + RETURN, "A line needs `file`"),
            (HEAP + FILE + TRANSFORM + IMAGE + LABEL + RETURN, "uses `image` before"),
            (HEAP + FILE + IMAGE + TRANSFORM + RETURN + LABEL, "A line needs `label`"),
            (HEAP + FILE + IMAGE + LABEL + RETURN + TRANSFORM, "keep their own size"),
            (HEAP + FILE + IMAGE + TRANSFORM + LABEL, "`dataset[0]` gives nothing"),
            (HEAP + FILE + "        image = Image.open(file)\n" + TRANSFORM + LABEL + RETURN, "stays grey"),
            (HEAP + FILE + IMAGE + TRANSFORM + "        return image, file.name.split('_')[0]", "is a name"),
            (HEAP + FILE + IMAGE + TRANSFORM + LABEL + "        return label, image", "The first of the pair"),
            (HEAP + FILE + IMAGE + TRANSFORM + "        return image, index", "Are all five lines there"),
            (HEAP + FILE + IMAGE.replace("file", "self.files[0]") + TRANSFORM + LABEL + RETURN, "another picture than"),
            (HEAP + FILE + IMAGE + TRANSFORM + TRANSFORM + LABEL + RETURN, "used twice"),
            (HEAP + FILE + IMAGE + TRANSFORM + LABEL + "        return image", "is of the type Image"),
            (HEAP + FILE + IMAGE + LABEL + RETURN, "keep their own size"),
            ("label = 0\n" + HEAP + FILE + IMAGE + TRANSFORM + RETURN, "Are all five lines there"),
        ],
    },
    "1.3": {
        "right": [
            """
def number_labels(names):
    numbers = {name: number for number, name in enumerate(sorted(set(names)))}
    return list(numbers), torch.tensor([numbers[name] for name in names])
""",
            """
def number_labels(names):
    classes = list(dict.fromkeys(names))
    classes.sort()
    return classes, [classes.index(name) for name in names]
""",
            """
import numpy

def number_labels(names):
    return numpy.unique(names, return_inverse=True)
""",
            """
def number_labels(names):
    classes = sorted(set(names), reverse=True)
    labels = []
    for name in names:
        labels.append(classes.index(name))
    return [classes, labels]
""",
            """
def number_labels(names):
    classes = []
    for name in sorted(names):
        if name not in classes:
            classes.append(name)
    return classes, list(map(classes.index, names))
""",
        ],
        "wrong": [
            (
                numbered("list(dict.fromkeys(names))"),
                "The order of the rows decides",
            ),
            (
                numbered("list(set(names))"),
                "that is the order of a set",
            ),
            (numbered("list(set(sorted(names)))"), "that is the order of a set"),
            (numbered("sorted(set(names), key=len)"), "that is the order of a set"),
            (numbered("sorted({'ants', 'bees', *names})"), "Does a list remain"),
            (numbered("sorted(set(train_set.classes + names))"), "Does a list remain"),
            (numbered("sorted(set(names) | {'wasps'})"), "Does a list remain"),
            (REMAINS.format(default=", classes=[]"), "Does a list remain"),
            ("classes = []\n" + REMAINS.format(default=""), "Does a list remain"),
            (
                numbered("list(dict.fromkeys(names))[::-1]"),
                "The order of the rows decides",
            ),
            (
                """
import collections

def number_labels(names):
    classes = [name for name, _ in collections.Counter(names).most_common()]
    return classes, [classes.index(name) for name in names]
""",
                "The order of the rows decides",
            ),
            (
                """
def number_labels(names):
    classes = sorted(set(names))
    return classes, [names.index(name) for name in names]
""",
                "has place",
            ),
            ("def number_labels(names): return sorted(set(names)), names", "The labels are names"),
            (
                numbered("sorted(names)"),
                "Each name should stand there once",
            ),
            (
                """
def number_labels(names):
    names = sorted(names)
    classes = list(dict.fromkeys(names))
    return classes, [classes.index(name) for name in names]
""",
                "labels must follow the rows",
            ),
            (
                numbered('["ants", "bees"]'),
                "Are two names written into it",
            ),
            (
                """
def number_labels(names):
    classes = sorted(set(names))
    return [classes.index(name) for name in names]
""",
                "Two things are wanted",
            ),
            (
                """
def number_labels(names):
    classes = sorted(set(names))
    labels = [classes.index(name) for name in names]
""",
                "gives nothing back",
            ),
        ],
    },
    "1.4": {
        "right": [
            """
def count_pictures(folder):
    dataset = datasets.ImageFolder(folder)
    counts = dict.fromkeys(dataset.classes, 0)
    for _, label in dataset.samples:
        counts[dataset.classes[label]] += 1
    return counts

counts = count_pictures(three_classes / "train")
""",
            """
import collections

def count_pictures(folder):
    return collections.Counter(Path(path).parent.name for path, _ in datasets.ImageFolder(folder).samples)

counts = count_pictures(three_classes / "train")
""",
            """
def count_pictures(folder):
    return {entry.name: len(list_pictures(entry)) for entry in folder.iterdir() if entry.is_dir()}

counts = count_pictures(three_classes / "train")
""",
            counting("return dict(zip(dataset.classes, torch.tensor(dataset.targets).bincount().tolist()))"),
            counting("return {name: dataset.targets.count(number) for name, number in dataset.class_to_idx.items()}"),
        ],
        "wrong": [
            (
                counting("""targets = dataset.targets
    return {"ants": targets.count(0), "bees": targets.count(1), "ladybirds": targets.count(2)}"""),
                "not for the 5 classes",
            ),
            (
                counting('return {Path(path).name.split("_")[0]: 1 for path, _ in dataset.samples}'),
                "made from the names of files",
            ),
            (
                counting("return {dataset.classes[i]: dataset.targets.count(i) for i in range(3)}"),
                "of 5 it counts 3",
            ),
            (
                counting('return {"ants": dataset.targets.count(0), "bees": dataset.targets.count(1)}'),
                "it names ants, bees. What keeps out",
            ),
            (
                counting("""for label, name in enumerate(dataset.classes):
        return {name: dataset.targets.count(label)}"""),
                "before it meets `return`",
            ),
            (
                counting("return {name: dataset.classes.count(name) for name in dataset.classes}"),
                "Where should one count",
            ),
            (
                counting("return {label: dataset.targets.count(label) for label in dataset.targets}"),
                "Their *names* are wanted",
            ),
            (counting("return {name: len(dataset) for name in dataset.classes}"), "the number of all pictures"),
            (
                counting("return {name: len(dataset) // len(dataset.classes) for name in dataset.classes}"),
                "as if all had the same number",
            ),
            (counting("return dataset.class_to_idx"), "the numbers of the classes"),
            (
                counting("return {name: str(dataset.targets.count(i)) for i, name in enumerate(dataset.classes)}"),
                "without quotes",
            ),
            (
                counting("return {dataset.targets.count(i): name for i, name in enumerate(dataset.classes)}"),
                "without quotes",
            ),
            (
                counting("return {name: dataset.samples.count(i) for i, name in enumerate(dataset.classes)}"),
                "Every class gets 0",
            ),
            (
                counting("return {name: dataset.targets.count(name) for name in dataset.classes}"),
                "Every class gets 0",
            ),
            (
                counting("""dataset = datasets.ImageFolder(three_classes / "train")
    return {name: dataset.targets.count(label) for label, name in enumerate(dataset.classes)}"""),
                "look into its `folder`",
            ),
            (
                counting("return {name: len(list((folder / name).glob('*.png'))) for name in dataset.classes}"),
                "Which line makes these numbers",
            ),
            (
                counting("return {name: len(list((folder / name).glob('*'))) for name in dataset.classes}"),
                "`notes.txt`",
            ),
            (
                counting("return [dataset.targets.count(label) for label in range(len(dataset.classes))]"),
                "of the type list",
            ),
            (
                counting("{name: dataset.targets.count(label) for label, name in enumerate(dataset.classes)}"),
                "gives nothing back",
            ),
            (
                counting(
                    "return {name: dataset.targets.count(i) / len(dataset) for i, name in enumerate(dataset.classes)}"
                ),
                "Which line makes these numbers",
            ),
            (
                counting("return {name: dataset.targets.count(i) for i, name in enumerate(dataset.classes)}").replace(
                    '/ "train"', '/ "val"'
                ),
                "Its last lines should be",
            ),
            (
                counting("return {name: dataset.targets.count(i) for i, name in enumerate(dataset.classes)}").replace(
                    ' / "train"', ""
                ),
                "Its last lines should be",
            ),
        ],
    },
    "1.5": {
        "right": [
            """
def find_leaks(folder):
    leaks = []
    for new in sorted((folder / "val").rglob("*")):
        for old in sorted((folder / "train").rglob("*")):
            if new.is_file() and old.is_file() and str(new) not in leaks:
                a, b = [v2.functional.pil_to_tensor(Image.open(path).convert("RGB")) for path in [new, old]]
                if torch.equal(a, b):
                    leaks.append(str(new))
    return leaks
""",
            """
def find_leaks(folder):
    seen = {train_set_picture.tobytes() for train_set_picture, _ in datasets.ImageFolder(folder / "train")}
    val = datasets.ImageFolder(folder / "val")
    return {path: "leaked" for (path, _), (image, _) in zip(val.samples, val) if image.tobytes() in seen}
""",
            same("read_picture(path).tobytes()"),
            same('list(Image.open(path).convert("RGB").tobytes())'),
            """
import hashlib

def find_leaks(folder):
    def mark(path):
        picture = read_picture(path)
        return picture.size, hashlib.sha256(picture.tobytes()).hexdigest()

    known = set(map(mark, list_pictures(folder / "train")))
    return [path.relative_to(folder) for path in list_pictures(folder / "val") if mark(path) in known]
""",
            """
from PIL import ImageChops

def find_leaks(folder):
    old = [read_picture(path) for path in list_pictures(folder / "train")]
    for path in list_pictures(folder / "val"):
        if any(ImageChops.difference(read_picture(path), other).getbbox() is None for other in old):
            yield path
""",
        ],
        "wrong": [
            (
                """
def find_leaks(folder):
    files = {Image.open(path).tobytes() for path in (folder / "train").rglob("*")}
    return [path for path in (folder / "val").rglob("*") if Image.open(path).tobytes() in files]
""",
                "A folder was opened",
            ),
            (
                """
def find_leaks(folder):
    files = {Image.open(path).tobytes() for path in (folder / "train" / "animals").glob("*")}
    return [path for path in (folder / "val" / "animals").glob("*") if Image.open(path).tobytes() in files]
""",
                "Is that name written into it",
            ),
            (
                """
def find_leaks(folder):
    old = [Image.open(path).convert("RGB") for path in (folder / "train").glob("*/*")]
    return [path for path in (folder / "val").glob("*/*") if Image.open(path).convert("RGB") in old]
""",
                "saved in another format",
            ),
            (
                """
def find_leaks(folder):
    names = {path.name for path in (folder / "train").glob("*/*")}
    return [path for path in (folder / "val").glob("*/*") if path.name in names]
""",
                "only has the *name*",
            ),
            (
                """
def find_leaks(folder):
    files = {path.read_bytes() for path in (folder / "train").glob("*/*")}
    return [path for path in (folder / "val").glob("*/*") if path.read_bytes() in files]
""",
                "saved in another format",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    leaks = []
    for path in (folder / "val").glob("*/*"):
        others = (folder / "train" / path.parent.name).glob("*")
        if pixels(path) in [pixels(other) for other in others]:
            leaks.append(path)
    return leaks
""",
                "in the folder of another class",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    seen, leaks = set(), []
    for path in sorted(folder.glob("*/*/*")):
        if pixels(path) in seen:
            leaks.append(path)
        seen.add(pixels(path))
    return leaks
""",
                "That is a nuisance",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    val = [pixels(path) for path in (folder / "val").glob("*/*")]
    return [path for path in (folder / "train").glob("*/*") if pixels(path) in val]
""",
                "Name the copies in `val`",
            ),
            (
                """
def find_leaks(folder):
    return list((folder / "val").glob("*/*"))
""",
                "stand nowhere in `train`",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    leaks = []
    for old in sorted((folder / "train").glob("*/*")):
        for new in sorted((folder / "val").glob("*/*")):
            if pixels(old) == pixels(new):
                leaks.append(new)
                break
    return leaks
""",
                "copies of the same picture of `train`",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    val = {pixels(path): path for path in sorted((folder / "val").glob("*/*"))}
    train = {pixels(path): path for path in (folder / "train").glob("*/*")}
    return [val[key] for key in val.keys() & train.keys()]
""",
                "copies of the same picture of `train`",
            ),
            (same("read_picture(path).tobytes()[:30]"), "its last pixel"),
            (same("read_picture(path).getpixel((0, 0))"), "its last pixel"),
            (same("read_picture(path).resize((4, 4), 0).tobytes()"), "its last pixel"),
            (same("read_picture(path).resize((8, 8)).tobytes()"), "one value of one pixel"),
            (same("read_picture(path).resize((64, 64), 0).tobytes()"), "it was made smaller"),
            (same("read_picture(path).histogram()"), "left and right are exchanged"),
            (same("sum(read_picture(path).tobytes())"), "left and right are exchanged"),
            (same("sorted(read_picture(path).tobytes())"), "left and right are exchanged"),
            (same('read_picture(path).convert("L").tobytes()'), "the same grey, other colours"),
            (
                """
def find_leaks(folder):
    pairs = zip(list_pictures(folder / "val"), list_pictures(folder / "train"))
    return [new for new, old in pairs if read_picture(new).tobytes() == read_picture(old).tobytes()]
""",
                "none was found",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    seen = {pixels(path) for path in list_pictures(folder / "train")}
    for path in list_pictures(folder / "val"):
        if pixels(path) in seen:
            return [path]
""",
                "Or go twice through one `glob`",
            ),
            (same("Image.open(path).tobytes()"), "with the mode RGBA"),
            (
                PIXELS
                + """
def find_leaks(folder):
    def pictures(split):
        return [path for path in (folder / split).glob("*/*") if path.suffix in [".png", ".bmp"]]

    seen = {pixels(path) for path in pictures("train")}
    return [path for path in pictures("val") if pixels(path) in seen]
""",
                "bees/scan.tif, bees/photo.png. Have they",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    seen, leaks = set(), []
    for path in sorted(folder.glob("*/*/*"), reverse=True):
        if pixels(path) in seen and "val" in path.parts:
            leaks.append(path)
        seen.add(pixels(path))
    return leaks
""",
                "That is a nuisance",
            ),
            (
                """
def find_leaks(folder):
    seen = {read_picture(path).tobytes() for path in folder.rglob("*")}
    return [path for path in folder.rglob("*") if read_picture(path).tobytes() in seen]
""",
                "A folder was opened",
            ),
            (
                """
def find_leaks(folder):
    seen = set((folder / "train").glob("*/*"))
    return [path for path in (folder / "val").glob("*/*") if path in seen]
""",
                "none was found",
            ),
            (
                """
def find_leaks(folder):
    seen = {Image.open(path) for path in (folder / "train").glob("*/*")}
    return [path for path in (folder / "val").glob("*/*") if Image.open(path) in seen]
""",
                "A set takes no picture objects",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    seen = {pixels(path) for path in (folder / "train").glob("*/*")}
    return [path.name for path in (folder / "val").glob("*/*") if pixels(path) in seen]
""",
                "A name alone",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    seen = {pixels(path) for path in (leaky / "train").glob("*/*")}
    return [path for path in (leaky / "val").glob("*/*") if pixels(path) in seen]
""",
                "lead to no file in the `val`",
            ),
            ("leaks = []\n" + KEPT.format(default="") + "\nfind_leaks(leaky)", "lead to no file in the `val`"),
            (KEPT.format(default=", leaks=[]") + "\nfind_leaks(leaky)", "lead to no file in the `val`"),
            (
                """
def find_leaks(folder):
    return [folder / "val" / "animals" / name for name in ("new.png", "converted.bmp")]
""",
                "lead to no file in the `val`",
            ),
            (used_up("new in val for old in train"), "none was found"),
            (used_up("old in train for new in val"), "Or go twice through one `glob`"),
            (used_up("old in train for new in val", first="8.jpg"), "Or go twice through one `glob`"),
            (
                PIXELS
                + """
def find_leaks(folder):
    seen = {pixels(path): path for path in (folder / "train").glob("*/*")}
    return [(path, seen[pixels(path)]) for path in (folder / "val").glob("*/*") if pixels(path) in seen]
""",
                "is of the type tuple",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    seen = {pixels(path) for path in (folder / "train").glob("*/*")}
    return len([path for path in (folder / "val").glob("*/*") if pixels(path) in seen])
""",
                "A list of paths is wanted",
            ),
        ],
    },
}
