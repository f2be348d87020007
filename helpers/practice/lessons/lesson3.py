"""Exercises and quiz of lesson 3: the DataLoader."""

from itertools import islice
from numbers import Integral

import torch
from torch.utils.data import DataLoader, WeightedRandomSampler

from ..checks import exercise, hint, is_number, no_number, right, solved
from ..quizzes import QUIZZES, Choice, Question


@exercise("3.1", "How many numbers?")
def numbers_per_batch(numbers_per_batch, images):
    n, c, h, w = images.shape
    if callable(numbers_per_batch):
        return hint("That is a method, not yet a number: the brackets `()` that call it are missing.")
    kind = type(numbers_per_batch).__name__
    if not isinstance(numbers_per_batch, Integral):
        if is_number(numbers_per_batch) and numbers_per_batch == images.numel():
            return hint(f"The right number, as a {kind}. `int(...)` makes it a whole number.")
        comma = " Written as 1,000, one number is two." * (kind == "tuple")
        return hint(f"That is a {kind}. One whole number is wanted: the product of all axes.{comma}")
    if numbers_per_batch == images.numel():
        return right(
            f"{images.numel():,} numbers, about {images.numel() * 4 / 1e6:.1f} MB as float32. And each layer of "
            "a network keeps numbers of its own for the whole batch, many times as many (lesson 9). That is why the batch size "
            "is the first thing to lower when memory runs out."
        )
    if numbers_per_batch == c * h * w:
        return hint("That is one picture. How many are in the batch?")
    if numbers_per_batch == n * h * w:
        return hint("Those are the pixels of the batch. How many numbers does each pixel have?")
    if numbers_per_batch == images.nbytes:
        return hint("Four times too many. Are those bytes, or the sizes before the crop?")
    if numbers_per_batch == n:
        return hint("That is how many pictures there are. How many numbers make one picture?")
    if numbers_per_batch == n + c + h + w:
        return hint("You added the four axes. Think of rows and columns: 3 rows of 4 hold 12, not 7.")
    return hint("Look at `images.shape`. Each of its four numbers has a part in it.")


@exercise("3.2", "Collate by hand")
def collate(collate):
    answers = [0, 2, 1, 1, 0, 2, 2]  # backwards, they are others
    pairs = [(torch.arange(60.0).view(3, 4, 5) + i, label) for i, label in enumerate(answers)]
    try:
        batch = solved(collate(pairs))
    except UnboundLocalError as error:
        if "'labels'" in str(error):
            return hint("A line uses `labels` before there are any. Which line gets them out of the pairs?")
        return hint("A line uses `images` before there are any. Which line gets them out of the pairs?")
    if batch is None:
        return hint("The function returns nothing. Did the line with `return` get lost?")
    if not isinstance(batch, (tuple, list)) or len(batch) != 2:
        return hint(
            f"Two things are wanted, pictures and labels. One {type(batch).__name__} comes out, of length {len(batch)}."
        )
    images, labels = batch
    if isinstance(images, tuple):
        return hint(
            "The pictures come out one by one, not stacked. Does a line stack them above the `return`, and keep the result?"
        )
    if isinstance(labels, tuple):
        return hint("The pictures are stacked, but the labels are still loose numbers when the function returns.")
    if isinstance(labels, torch.Tensor) and labels.shape == (7, 3, 4, 5):
        return hint("The two are swapped: PyTorch counts on pictures first, then labels.")
    if not isinstance(images, torch.Tensor) or not isinstance(labels, torch.Tensor):
        return hint(f"Out come a {type(images).__name__} and a {type(labels).__name__}. Wanted are two tensors.")
    if images.shape != (7, 3, 4, 5) or labels.shape != (7,):
        came = f"{tuple(images.shape)} and {tuple(labels.shape)}"
        return hint(f"Seven pairs went in. Out came the shapes {came}, wanted are (7, 3, 4, 5) and (7,).")
    if labels.dtype != torch.int64:
        return hint(
            f"The labels came out as {labels.dtype}. Class numbers are whole: `torch.tensor(labels)` gives int64."
        )
    if not torch.equal(images, torch.stack([image for image, _ in pairs])):
        return hint("Seven pictures came out, but not the seven that went in, or not in their order.")
    if labels.tolist() != answers:
        return hint(f"The labels {answers} went in, {labels.tolist()} came out. Each picture needs its own.")
    try:
        sizes = [len(labels) for _, labels in DataLoader(pairs, batch_size=3, collate_fn=collate)]
    except IndexError:
        sizes = []
    if sizes != [3, 3, 1]:
        return hint("Right for seven pairs, but not for three, or for one. Is a number written into it?")
    return right(
        "Unpack first, then stack, then return; which of the two is stacked first does not matter. `DataLoader(..., "
        "collate_fn=collate)` would use your function, for example for pictures with boxes instead of labels."
    )


@exercise("3.3", "An accuracy of 40 %")
def share_of_class_0(share_of_class_0):
    def loader_of(labels, batch_size):
        return DataLoader([(torch.zeros(3, 4, 5), label) for label in labels], batch_size=batch_size)

    share = solved(share_of_class_0(loader_of([0] * 60 + [1] * 60, 50)))
    if odd := no_number(share):
        return odd
    share = float(share)  # compared so that three decimals are enough
    of_seven = float(share_of_class_0(loader_of([1] * 5 + [0] * 2, 3)))  # 0 of 3, 1 of 3, 1 of 1
    if abs(share - 0.4) < 1e-4 and abs(of_seven - 2 / 9) < 1e-4:
        return hint(
            "Still 0.400. You add up pictures, and divide by 3 batches of 50, so by 150. How many pictures are there really?"
        )
    if abs(share - 0.4) < 1e-4 and abs(of_seven - 4 / 9) < 1e-4:
        return hint(
            "Still 0.400. The loader has batches of 50, 50 and 20 pictures, whose shares are 1.0, 0.2 and 0.0. "
            "Should the batch of 20 weigh as much as the others?"
        )
    if abs(share - 0.4) < 1e-4:
        return hint("Still 0.400. What do you add for each batch, and by what do you divide? There are 120 pictures.")
    if abs(share - 20) < 1e-3:
        return hint("That is 20: more than all. You now add up pictures. So divide by the number of pictures.")
    if abs(share - 1.2 / 120) < 1e-4:
        return hint(
            "That is 0.010. You divide by pictures, but still add up shares of batches. Add up pictures instead."
        )
    if abs(share - 60 / 7200) < 1e-4:
        return hint(
            "That is 0.008. You divide by all the numbers in the pictures. Divide by how many pictures there are."
        )
    if share == 1 and of_seven == 0:
        return hint("That is the share of the first batch. Does the function return before it has seen the others?")
    if abs(share - 0.6) < 1e-4:
        return hint("That is 0.600: the last batch is left out. Its pictures count as well.")
    if share > 1:
        return hint(f"That is {share:.3f}, and a share is never above 1: 50 % is 0.5. By what do you divide?")
    if abs(share - 0.5) > 6e-4:
        cut = "That is the share of the last batch. Does a count begin anew in each round? Or is there `//` or `round`?"
        asked = "Print what each batch adds (of class 0 are 50, 10 and 0), and what you divide by in the end (120)."
        asked = cut if share == 0 else asked
        return hint(f"Half of 120 pictures are of class 0, and your function says {share:.3f}. {asked}")
    if abs(of_seven - 4 / 7) < 1e-4:
        return hint(
            "Right for 120 pictures. But of 7, the last one is a batch of its own, and it counts like 3. How many pictures "
            "does *this* batch have?"
        )
    if abs(of_seven - 5 / 7) < 6e-4:
        return hint("Right for 120 pictures. Of 7, 0.714 is the share of class 1. Which label do you count?")
    if abs(of_seven - 2 / 7) > 6e-4:
        return hint(
            f"Right for 120 pictures in batches of 50. Of 7, 2 are of class 0, a share of 0.286. Your function says "
            f"{of_seven:.3f}. Does it round, or use a number, or a name from outside, such as `sizes` or `val_set`?"
        )
    if abs(float(share_of_class_0(loader_of([0] * 65 + [1] * 65, 50))) - 0.5) > 6e-4:
        return hint(
            "Right for 120 pictures and for 7, but not for 130. Is a number written into it, such as a batch size?"
        )
    return right(
        "Each picture counts the same, so the size of the last batch no longer matters. `evaluate` in lesson 6 counts in "
        "this way. Where else have you seen a mean of means?"
    )


@exercise("3.4", "Balanced batches")
def balanced(balanced, unbalanced):
    pictures = 60  # not len(unbalanced), which an answer may have grown
    if not isinstance(balanced, DataLoader):
        return hint(f"`balanced` is a {type(balanced).__name__}. A `DataLoader` is wanted.")
    if isinstance(balanced.sampler, list | tuple | torch.Tensor) and len(set(map(float, balanced.sampler))) <= 2:
        return hint(
            "The loader got the weights themselves, and takes them for numbers of pictures. Make a sampler of them first: "
            "`WeightedRandomSampler`."
        )
    weights = getattr(balanced.sampler, "weights", None)
    if weights is not None and len(weights) != len(balanced.dataset):
        return hint(
            f"Your sampler has {len(weights)} weights, and its dataset {len(balanced.dataset)} pictures. It wants one for "
            "each *picture*: picture i gets weight i."
        )
    if any(numbers[0].numel() != 1 for numbers, _ in islice(balanced, 1)):
        return hint("Your loader walks through other pictures. Wrap `unbalanced`.")
    epochs = [list(balanced) for _ in range(40)]  # a fair draw then misses a picture once in a billion times
    drawn = sum(len(label) for _, label in epochs[0])
    if drawn < 0.8 * pictures:
        return hint(
            f"An epoch has {drawn} pictures instead of about {pictures}. The balance should not cost pictures. "
            "Can the few be drawn more often instead?"
        )
    sizes = {len(label) for epoch in epochs for _, label in epoch[:-1]} or {drawn}
    if sizes != {10}:
        return hint(f"Sizes of your batches: {', '.join(map(str, sorted(sizes)))}. Wanted are 10.")
    if any(
        (int(number) >= 54) != bool(label)
        for epoch in epochs
        for n, ls in epoch
        for number, label in zip(n, ls, strict=True)
    ):
        return hint("A picture has another label than in `unbalanced`. The balance must not change what is true.")
    labels = [torch.cat([label for _, label in epoch]) for epoch in epochs]
    seen = {round(number.item()) for epoch in epochs for numbers, _ in epoch for number in numbers}
    share = torch.cat(labels).float().mean().item()
    if share < 0.02:
        return hint("Bees hardly ever come. Compare the weight of a bee with that of an ant: the rare ones need more.")
    if share < 0.4 and isinstance(balanced.sampler, WeightedRandomSampler) and not balanced.sampler.replacement:
        return hint("Each picture comes exactly once, so the weights only change the order. See `replacement`.")
    if weights is not None and len(set(weights.tolist())) == 1:
        return hint(
            f"{share:.0%} are bees: all weights of your sampler are equal, so each picture comes alike. Print them."
        )
    if 0.07 < share < 0.13 and weights is None:
        return hint(
            f"{share:.0%} are bees, as in the dataset: shuffling changes the order, not the shares. A sampler that draws by "
            "weight can; it must be given as `sampler=`."
        )
    if not 0.38 <= share <= 0.62:  # what is drawn with 40 % or 60 % in mind falls a little beside it
        return hint(
            f"{share:.1%} are bees. The dataset has 10 %, and between 40 % and 60 % are wanted: how many times as often as "
            "an ant must a bee come? (The bees are the last six.)"
        )
    orders = [torch.cat([numbers for numbers, _ in epoch]).flatten().tolist() for epoch in epochs[:2]]
    if orders[0] == orders[1]:
        return hint("Balanced, but each epoch has the same order. Training needs a new one each time.")
    if never := sorted(set(range(pictures)) - seen):
        return hint(
            f"Some pictures are never drawn, even in 40 epochs: {', '.join(map(str, never[:6]))}{' …' * (len(never) > 6)}. "
            "Each should have its chance."
        )
    return right(
        f"{share:.0%} bees. Each bee now comes several times an epoch; with random crops it differs each time. On val and "
        "test never balance: there the shares should be those of the world. How many pictures has an epoch of yours?"
    )


QUIZZES["03"] = [
    Question(
        "`loader = DataLoader(train_set, batch_size=16)`. What can you do with `loader`?",
        (
            Choice(
                "Take picture 5 with `loader[5]`, since it is a dataset.",
                "A DataLoader is no dataset, it wraps one: `loader.dataset[5]`.",
            ),
            Choice(
                "Count the pictures with `len(loader)`.", "It counts batches. `len(loader.dataset)` counts pictures."
            ),
            Choice(
                "Walk through it, as often as you like.",
                "Each `for` loop starts a new pass. That is all a loader promises.",
                right=True,
            ),
            Choice(
                "Walk through it once; then it is used up.",
                "That holds for `iter(loader)`, one pass. The loader makes a new one each time.",
            ),
        ),
    ),
    Question(
        "Validation has 90 pictures in batches of 40. The accuracies of the batches are 0.9, 0.8 and 0.1. What is the accuracy?",
        (
            Choice(
                "0.60, their mean", "A mean of batches lets the 10 pictures of the last one weigh as much as 40 others."
            ),
            Choice("0.77", "36 + 32 + 1 pictures of 90 are right: each picture counts the same.", right=True),
            Choice(
                "0.85, since the small batch should be dropped",
                "`drop_last` in validation ignores 10 pictures, here nine wrong ones.",
            ),
        ),
    ),
    Question(
        "On a GPU machine you write `model.to(device)` and, in a line of its own, `images.to(device)`. Then `model(images)`. What happens?",
        (
            Choice(
                "An error: the images are still on the CPU.",
                "A model moves itself, a tensor does not: `images = images.to(device)`.",
                right=True,
            ),
            Choice("It works: both were moved.", "`images.to(device)` gives a moved *copy*, and nobody kept it."),
            Choice(
                "An error: the model is still on the CPU.",
                "`model.to(device)` moves the model itself, even without an assignment.",
            ),
            Choice(
                "It works, but slowly, on the CPU.",
                "PyTorch does not move a batch silently. It raises an error that names devices, or types of tensors.",
            ),
        ),
    ),
    Question(
        "Your Dataset class stands in a cell. You set `num_workers=2`, and everything works on your Linux machine. What will a friend on Windows see?",
        (
            Choice(
                "The same, twice as fast.",
                "Even where workers start, two are rarely twice as fast: starting them costs time.",
            ),
            Choice(
                "An error from `DataLoader(...)` itself.",
                "Making the loader starts nothing. Workers start with the first pass.",
            ),
            Choice(
                "Workers that exit unexpectedly.",
                "A fresh Python must import the class, and a cell cannot be imported. Put the class into a file.",
                right=True,
            ),
        ),
    ),
]
