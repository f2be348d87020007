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
IMAGE = '        image = Image.open(file).convert("RGB")\n'
TRANSFORM = "        image = self.transform(image)\n"
LABEL = '        label = self.classes.index(file.name.split("_")[0])\n'
RETURN = "        return image, label\n"

PIXELS = """
def pixels(path):
    return Image.open(path).convert("RGB").tobytes()
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
        ],
        "wrong": [
            (
                """
def name_of(dataset, index):
    return dataset.classes[index]
""",
                "has a name for each class, not for each picture",
            ),
            ("def name_of(dataset, index): return dataset[index][1]", "For the first picture it gives 0"),
            ("def name_of(dataset, index): return dataset[index]", "That is the whole pair"),
            ("def name_of(dataset, index): return dataset.class_to_idx[dataset[index][1]]", "from name to number"),
            ("def name_of(dataset, index): return dataset.classes[dataset[index]]", "only the second"),
            ("def name_of(dataset, index): return dataset.classes", "That is a list"),
            ("def name_of(dataset, index): return dataset.samples[index][0]", "That is the file's path"),
            ("def name_of(dataset, index): return 'bees'", "and 'bees' came out"),
            ("def name_of(dataset, index): return dataset.classes[-1]", "of a dataset of five classes"),
            ("def name_of(dataset, index): return dataset[index][0]", "It gives a Image"),
            ("def name_of(dataset, index): dataset.classes[dataset[index][1]]", "gives nothing back"),
        ],
    },
    "1.2": {
        "right": [
            HEAP + FILE + LABEL + IMAGE + TRANSFORM + RETURN,
            HEAP + FILE + IMAGE + LABEL + TRANSFORM + RETURN,
        ],
        "wrong": [
            (HEAP + IMAGE + FILE + TRANSFORM + LABEL + RETURN, "A line needs `file`"),
            (HEAP + FILE + TRANSFORM + IMAGE + LABEL + RETURN, "uses `image` before"),
            (HEAP + FILE + IMAGE + TRANSFORM + RETURN + LABEL, "A line needs `label`"),
            (HEAP + FILE + IMAGE + LABEL + RETURN + TRANSFORM, "keep their own size"),
            (HEAP + FILE + IMAGE + TRANSFORM + LABEL, "`dataset[0]` gives nothing"),
            (HEAP + FILE + IMAGE.replace('.convert("RGB")', "") + TRANSFORM + LABEL + RETURN, "stays grey"),
            (HEAP + FILE + IMAGE + TRANSFORM + "        return image, file.name.split('_')[0]", "is a name"),
            (HEAP + FILE + IMAGE + TRANSFORM + LABEL + "        return label, image", "The first of the pair"),
            (HEAP + FILE + IMAGE + TRANSFORM + "        return image, index", "Yours are 0, 1, 2"),
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
        ],
        "wrong": [
            (
                """
def number_labels(names):
    classes = list(dict.fromkeys(names))
    return classes, [classes.index(name) for name in names]
""",
                "Still: one table has",
            ),
            (
                """
def number_labels(names):
    classes = list(set(names))
    return classes, [classes.index(name) for name in names]
""",
                "neither sorted nor as in the rows",
            ),
            (
                """
def number_labels(names):
    classes = sorted(names)
    return classes, [classes.index(name) for name in names]
""",
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
                """
def number_labels(names):
    classes = ["ants", "bees"]
    return classes, [classes.index(name) for name in names]
""",
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
        ],
        "wrong": [
            (
                """
def count_pictures(folder):
    targets = datasets.ImageFolder(folder).targets
    return {"ants": targets.count(0), "bees": targets.count(1), "ladybirds": targets.count(2)}

counts = count_pictures(three_classes / "train")
""",
                "not for the 5 classes",
            ),
            (
                """
def count_pictures(folder):
    dataset = datasets.ImageFolder(folder)
    return {dataset.classes[i]: dataset.targets.count(i) for i in range(3)}

counts = count_pictures(three_classes / "train")
""",
                "of 5 it counts 3",
            ),
            (
                """
def count_pictures(folder):
    targets = datasets.ImageFolder(folder).targets
    return {"ants": targets.count(0), "bees": targets.count(1)}

counts = count_pictures(three_classes / "train")
""",
                "gives 2 entries",
            ),
            (
                """
def count_pictures(folder):
    targets = datasets.ImageFolder(folder).targets
    return {label: targets.count(label) for label in targets}

counts = count_pictures(three_classes / "train")
""",
                "Their *names* are wanted",
            ),
            (
                """
def count_pictures(folder):
    dataset = datasets.ImageFolder(folder)
    return {name: len(dataset) for name in dataset.classes}

counts = count_pictures(three_classes / "train")
""",
                "the number of all pictures",
            ),
            (
                """
def count_pictures(folder):
    return {entry.name: len(list(entry.iterdir())) for entry in folder.iterdir()}

counts = count_pictures(three_classes / "train")
""",
                "`notes.txt`",
            ),
            (
                """
def count_pictures(folder):
    dataset = datasets.ImageFolder(folder)
    return [dataset.targets.count(label) for label in range(len(dataset.classes))]

counts = count_pictures(three_classes / "train")
""",
                "A dictionary is wanted",
            ),
            (
                """
def count_pictures(folder):
    dataset = datasets.ImageFolder(folder)
    {name: dataset.targets.count(label) for label, name in enumerate(dataset.classes)}

counts = count_pictures(three_classes / "train")
""",
                "gives nothing back",
            ),
            (
                """
def count_pictures(folder):
    dataset = datasets.ImageFolder(folder)
    return {name: dataset.targets.count(label) / len(dataset) for name, label in dataset.class_to_idx.items()}

counts = count_pictures(three_classes / "train")
""",
                "A folder with 3 ants, 1 bee and 2 ladybirds gives",
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
                "none was found",
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
                "but no leak",
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
                "do not lead into the `val`",
            ),
            (
                PIXELS
                + """
def find_leaks(folder):
    seen = {pixels(path): path for path in (folder / "train").glob("*/*")}
    return [(path, seen[pixels(path)]) for path in (folder / "val").glob("*/*") if pixels(path) in seen]
""",
                "An entry of the list is a tuple",
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
