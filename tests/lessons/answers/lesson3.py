"""Answers to the exercises of lesson 3: other right ones, and wrong ones with a part of the hint each must get."""


def share(each, count):
    """Exercise 3.3 with other parts to add up, and another number to divide by."""
    return f"""
def share_of_class_0(loader):
    total = 0.0
    for _, labels in loader:
        total += {each}
    return total / {count}
"""


def stacked(pictures, answers, label="label"):
    """Exercise 3.2 with the pictures of these pairs, and the labels of those."""
    return f"""
def collate(pairs):
    images = torch.stack([image for image, _ in {pictures}])
    return images, torch.tensor([{label} for _, label in {answers}])
"""


def sampled(weights, size=10):
    """A loader that draws by these weights."""
    return f"""
from torch.utils.data import WeightedRandomSampler
weights = {weights}
balanced = DataLoader(unbalanced, batch_size={size}, sampler=WeightedRandomSampler(weights, 60))
"""


RIGHT = share("(labels == 0).sum().item()", "len(loader.dataset)").strip()

ANSWERS = {
    "3.1": {
        "right": [
            "numbers_per_batch = images.numel()",
            "numbers_per_batch = len(images) * images[0].numel()",
            "numbers_per_batch = torch.tensor(images.shape).prod().item()",
            "numbers_per_batch = sum(image.numel() for image in images)",
            "numbers_per_batch = images.numpy().size",
            "import numpy\nnumbers_per_batch = numpy.prod(images.shape)",
        ],
        "wrong": [
            ("numbers_per_batch = images[0].numel()", "That is one picture"),
            ("numbers_per_batch = images.numel() // 3", "pixels of the batch"),
            ("numbers_per_batch = len(images)", "how many pictures"),
            ("numbers_per_batch = sum(images.shape)", "added the four axes"),
            ("numbers_per_batch = images.shape", "That is a Size"),
            ("numbers_per_batch = images", "That is a Tensor"),
            ("numbers_per_batch = images.flatten()", "That is a Tensor"),
            ("numbers_per_batch = torch.tensor(images.shape)", "That is a Tensor"),
            ("numbers_per_batch = 786,432", "one number is two"),
            ("numbers_per_batch = 4 * images.numel()", "Four times too many"),
            ("numbers_per_batch = float(images.numel())", "The right number, as a"),
            ("numbers_per_batch = torch.tensor(images.shape).prod()", "The right number, as a"),
            ("numbers_per_batch = print(images.numel())", "That is a NoneType"),
            ("numbers_per_batch = images.numel", "the brackets"),
            ("numbers_per_batch = images.nbytes", "Four times too many"),
            ("numbers_per_batch = images.shape[2] * images.shape[3]", "Look at `images.shape`"),
            ("numbers_per_batch = len(val_set) * images[0].numel()", "Look at `images.shape`"),
        ],
    },
    "3.2": {
        "right": [
            """
def collate(pairs):
    images, labels = zip(*pairs)
    labels = torch.tensor(labels)
    images = torch.stack(images)
    return images, labels
""",
            """
def collate(pairs):
    return torch.stack([image for image, _ in pairs]), torch.tensor([label for _, label in pairs])
""",
            "collate = torch.utils.data.default_collate",
            """
def collate(pairs):
    images = torch.cat([image.unsqueeze(0) for image, _ in pairs])
    return images, torch.LongTensor([label for _, label in pairs])
""",
            """
def collate(pairs):
    images = torch.empty(len(pairs), *pairs[0][0].shape)
    labels = torch.empty(len(pairs), dtype=torch.int64)
    for i, pair in enumerate(pairs):
        images[i], labels[i] = pair
    return [images, labels]
""",
        ],
        "wrong": [
            (
                """
def collate(pairs):
    images, labels = zip(*pairs)
    return torch.tensor(labels), torch.stack(images)
""",
                "The two are swapped",
            ),
            (
                """
def collate(pairs):
    labels = torch.tensor(labels)
    images, labels = zip(*pairs)
    images = torch.stack(images)
    return images, labels
""",
                "uses `labels` before",
            ),
            (
                """
def collate(pairs):
    images = torch.stack(images)
    images, labels = zip(*pairs)
    labels = torch.tensor(labels)
    return images, labels
""",
                "uses `images` before",
            ),
            (
                """
def collate(pairs):
    images, labels = zip(*pairs)
    labels = torch.tensor(labels)
    return images, labels
    images = torch.stack(images)
""",
                "not stacked",
            ),
            (
                """
def collate(pairs):
    images, labels = zip(*pairs)
    images = torch.stack(images)
    return images, labels
    labels = torch.tensor(labels)
""",
                "labels are still loose",
            ),
            (
                """
def collate(pairs):
    images, labels = zip(*pairs)
    images = torch.stack(images)
    labels = torch.tensor(labels)
""",
                "returns nothing",
            ),
            (
                "def collate(pairs):\n    images, labels = zip(*pairs)\n    return torch.stack(images)\n",
                "Two things are wanted",
            ),
            ("def collate(pairs):\n    return pairs\n", "Two things are wanted"),
            (stacked("pairs[::-1]", "pairs"), "not in their order"),
            (stacked("pairs[:1] * len(pairs)", "pairs"), "not in their order"),
            (stacked("pairs", "pairs[::-1]"), "Each picture needs its own"),
            (stacked("pairs", "pairs[:1] * len(pairs)"), "Each picture needs its own"),
            (stacked("pairs", "pairs", "float(label)"), "Class numbers are whole"),
            (stacked("pairs", "pairs", "[label]"), "wanted are (7, 3, 4, 5) and (7,)"),
            (stacked("[pairs[i] for i in range(7)]", "pairs"), "Right for seven pairs"),
            (
                """
def collate(pairs):
    images, labels = zip(*pairs)
    return torch.stack(images), list(labels)
""",
                "Wanted are two tensors",
            ),
        ],
    },
    "3.3": {
        "right": [
            """
def share_of_class_0(loader):
    labels = torch.cat([labels for _, labels in loader])
    return (labels == 0).float().mean().item()
""",
            """
def share_of_class_0(loader):
    total = 0.0
    for _, labels in loader:
        total += (labels == 0).float().mean().item() * len(labels)
    return total / len(loader.dataset)
""",
            """
def share_of_class_0(loader):
    answers = [int(label) == 0 for _, labels in loader for label in labels]
    return sum(answers) / len(answers)
""",
            """
def share_of_class_0(loader):
    labels = torch.cat([labels for _, labels in loader])
    return (labels == 0).float().mean()
""",
            """
def share_of_class_0(loader):
    counts = sum(labels.bincount(minlength=2) for _, labels in loader)
    return (counts[0] / counts.sum()).item()
""",
            RIGHT.replace("return ", "return round(") + ", 3)",
        ],
        "wrong": [
            (
                """
def share_of_class_0(loader):
    total = 0
    for _, labels in loader:
        total += (labels == 0).sum().item()
    return total / (len(loader) * loader.batch_size)
""",
                "You add up pictures, and divide by 3",
            ),
            (
                """
def share_of_class_0(loader):
    right = sum((labels == 0).sum().item() for _, labels in loader)
    return right / (len(loader) * 50)
""",
                "by what do you divide?",
            ),
            (
                share("(labels == 0).float().mean().item()", "len(loader)"),
                "Still 0.400. The loader has batches",
            ),
            (
                share("(labels == 0).float().mean().item()", "len(loader.dataset)"),
                "still add up shares",
            ),
            (
                share("(labels == 0).sum().item()", "len(loader)"),
                "more than all",
            ),
            (
                """
def share_of_class_0(loader):
    total, seen = 0, 0
    for _, labels in loader:
        if len(labels) == loader.batch_size:
            total += (labels == 0).sum().item()
            seen += len(labels)
    return total / seen
""",
                "last batch is left out",
            ),
            (
                share("(labels == 0).sum().item()", "120"),
                "a share of 0.286",
            ),
            (share("(labels == 1).sum().item()", "len(loader.dataset)"), "Which label do you count"),
            (RIGHT.replace("return ", "return str(") + ")", "Out comes a str"),
            (RIGHT.replace("return ", "return [") + "]", "Out comes a list"),
            (RIGHT.replace("total / len(loader.dataset)", "total, len(loader.dataset)"), "Out comes a tuple"),
            (RIGHT.replace("return ", "return 100 * "), "a share is never above 1"),
            (RIGHT.replace("return ", "return round(") + ", 2)", "a share of 0.286"),
            (RIGHT.replace("/", "//"), "begin anew in each round"),
            (RIGHT.replace("+=", "="), "begin anew in each round"),
            (share("(labels == 0).sum().item()", "60"), "Print what each batch adds"),
            (share("(labels == 0).sum().item()", "(2 * len(loader.dataset))"), "Print what each batch adds"),
            (share("(labels == 0).sum().item()", "len(val_set)"), "a share of 0.286"),
            (share("(labels == 0).sum().item()", "1"), "a share is never above 1"),
            (share("(labels == 0).sum().item()", "len(labels)"), "a share is never above 1"),
            (
                """
def share_of_class_0(loader):
    right, seen = 0, 0
    for images, labels in loader:
        right += (labels == 0).sum().item()
        seen += images.numel()
    return right / seen
""",
                "all the numbers in the pictures",
            ),
            (
                """
def share_of_class_0(loader):
    loader = DataLoader(loader.dataset, batch_size=60)
    total = 0.0
    for _, labels in loader:
        total += (labels == 0).float().mean().item()
    return total / len(loader)
""",
                "but not for 130",
            ),
            (
                """
def share_of_class_0(loader):
    right, seen = 0, 0
    for _, labels in loader:
        right += (labels == 0).sum().item()
        seen += len(labels)
        return right / seen
""",
                "share of the first batch",
            ),
            (
                share("(labels == 0).float().mean().item() * loader.batch_size", "len(loader.dataset)"),
                "counts like 3",
            ),
        ],
    },
    "3.4": {
        "right": [
            sampled("[1 / 6 if label else 1 / 54 for _, label in unbalanced]"),
            sampled("[8.0 if label else 1.0 for _, label in unbalanced]"),
            sampled("[6.0 if label else 1.0 for _, label in unbalanced]"),
            sampled("[13.5 if label else 1.0 for _, label in unbalanced]"),
            "balanced = DataLoader(unbalanced * 2 + unbalanced[54:] * 25, batch_size=10, shuffle=True)",  # 162 of 270
            "balanced = DataLoader(unbalanced + 8 * unbalanced[54:], batch_size=10, shuffle=True)",
            """
class Even(Dataset):
    def __len__(self):
        return 108

    def __getitem__(self, i):
        return unbalanced[i // 2] if i % 2 == 0 else unbalanced[54 + i // 2 % 6]


balanced = DataLoader(Even(), batch_size=10, shuffle=True)
""",
            """
from torch.utils.data import ConcatDataset, Subset
bees = Subset(unbalanced, [i for i, (_, label) in enumerate(unbalanced) if label == 1])
balanced = DataLoader(ConcatDataset([unbalanced, *[bees] * 7]), batch_size=10, shuffle=True, drop_last=True)
""",
            """
unbalanced += unbalanced[54:] * 8
balanced = DataLoader(unbalanced, batch_size=10, shuffle=True)
""",
            """
targets = torch.tensor([label for _, label in unbalanced])
weights = (1 / targets.bincount())[targets]
sampler = torch.utils.data.WeightedRandomSampler(weights, 60)
balanced = DataLoader(unbalanced, batch_size=10, sampler=sampler)
""",
        ],
        "wrong": [
            *(
                (f"balanced = DataLoader(unbalanced, batch_size=10, sampler={weights})", "got the weights themselves")
                for weights in ("[1] * 54 + [9] * 6", "[1.0] * 54 + [9.0] * 6", "torch.ones(60)")
            ),
            (sampled("[9.0 if label else 1.0 for _, label in unbalanced]", size=1), "Wanted are 10"),
            (sampled("[9.0 if label else 1.0 for _, label in unbalanced]", size=16), "Wanted are 10"),
            (sampled("[2.0 if label else 1.0 for _, label in unbalanced]"), "how many times as often"),
            (sampled("[4.0 if label else 1.0 for _, label in unbalanced]"), "how many times as often"),
            (
                "turned = [(number, int(i % 2)) for i, (number, _) in enumerate(unbalanced)]\n"
                "balanced = DataLoader(turned, batch_size=10, shuffle=True)",
                "another label than in `unbalanced`",
            ),
            ("balanced = DataLoader(unbalanced, batch_size=10, shuffle=True)", "changes the order"),
            (
                """
sampler = torch.utils.data.WeightedRandomSampler([1.0, 9.0], 60)
balanced = DataLoader(unbalanced, batch_size=10, sampler=sampler)
""",
                "Your sampler has 2 weights",
            ),
            (sampled("[9.0] * 6 + [1.0] * 50"), "Your sampler has 56 weights"),
            (sampled("[1.0] * 54 + [9.0] * 7"), "Your sampler has 61 weights"),
            ("balanced = DataLoader(train_set, batch_size=10, shuffle=True)", "Wrap `unbalanced`"),
            ("balanced = DataLoader(unbalanced[:9], batch_size=10, drop_last=True)", "should not cost pictures"),
            (
                """
class Fixed(torch.utils.data.Sampler):
    def __iter__(self):
        return iter([*range(30), *[54, 55, 56, 57, 58, 59] * 5])

balanced = DataLoader(unbalanced, batch_size=10, sampler=Fixed())
""",
                "a new one each time",
            ),
            (
                """
bees = [pair for pair in unbalanced if pair[1] == 1]
balanced = DataLoader(unbalanced[:6] + bees, batch_size=10, shuffle=True)
""",
                "should not cost pictures",
            ),
            (
                """
weights = [1.0 if label == 1 else 54.0 for _, label in unbalanced]
sampler = torch.utils.data.WeightedRandomSampler(weights, 60)
balanced = DataLoader(unbalanced, batch_size=10, sampler=sampler)
""",
                "hardly ever come",
            ),
            (
                """
weights = [54.0 if label == 1 else 1.0 for _, label in unbalanced]
sampler = torch.utils.data.WeightedRandomSampler(weights, 60)
balanced = DataLoader(unbalanced, batch_size=10, sampler=sampler)
""",
                "how many times as often",
            ),
            (
                """
bees = [pair for pair in unbalanced if pair[1] == 1]
balanced = DataLoader(unbalanced[:6] * 5 + bees * 5, batch_size=10, shuffle=True)
""",
                "never drawn",
            ),
            (
                """
bees = [pair for pair in unbalanced if pair[1] == 1]
balanced = DataLoader(unbalanced[:30] + bees * 5, batch_size=10, shuffle=True)
""",
                "never drawn",
            ),
            (
                """
weights = [9.0 if label == 1 else 1.0 for _, label in unbalanced]
sampler = torch.utils.data.WeightedRandomSampler(weights, 60, replacement=False)
balanced = DataLoader(unbalanced, batch_size=10, sampler=sampler)
""",
                "See `replacement`",
            ),
            ("balanced = DataLoader(unbalanced + 8 * unbalanced[54:], batch_size=10)", "a new one each time"),
            (sampled("[0.5 if label else 1.0 for _, label in unbalanced]"), "how many times as often"),
            (sampled("[1.0] * 6 + [9.0] * 54"), "how many times as often"),
            (sampled("[0.5] * 60"), "all weights of your sampler are equal"),
            (sampled("[9.0 if label else 1.0 for label in unbalanced]"), "all weights of your sampler are equal"),
            (
                """
sampler = torch.utils.data.WeightedRandomSampler([1.0] * 54 + [9.0] * 6, 60)
balanced = DataLoader(unbalanced, 10, sampler)
""",
                "changes the order",
            ),
            (sampled("[0.0] * 3 + [1.0] * 51 + [9.0] * 6"), "never drawn"),
            (sampled("[1.0] * 54 + [54.0] + [0.0] * 5"), "never drawn"),
            (
                "balanced = DataLoader(unbalanced[:53] + unbalanced[54:] * 9, batch_size=10, shuffle=True)",
                "never drawn",
            ),
            ("balanced = unbalanced", "A `DataLoader` is wanted"),
            (
                sampled("[9.0 if label else 1.0 for _, label in unbalanced]").replace("60)", "6)"),
                "should not cost pictures",
            ),
        ],
    },
}
