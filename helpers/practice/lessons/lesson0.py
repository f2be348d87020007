"""Exercises and quiz of lesson 0: how exercises work, and a first look at a whole classifier."""

import torch
from torch import nn

from ..checks import exercise, hint, is_number, no_number, right, solved
from ..quizzes import QUIZZES, Choice, Question


@exercise("0.1", "How many were wrong?")
def wrong_answers(wrong_answers, history, new_pictures, loaders, sure_and_wrong):
    if not is_number(wrong_answers):
        return hint(f"That is a {type(wrong_answers).__name__}. One number is wanted: how many pictures?")
    found, total, accuracy = float(wrong_answers), len(new_pictures), history["val_accuracy"][-1]

    def near(value):
        return abs(found - value) < 0.01

    if near((1 - accuracy) * total):
        return right(
            f"{round(found)} of {total}. One picture is worth {1 / total:.1%}, so a difference of one or two between "
            "runs says little."
        )
    if near(accuracy * total):
        return hint(f"That many were named correctly. And how many are the rest of the {total}?")
    if near(1 - accuracy):
        return hint(f"That is the share of wrong answers. A share of how many pictures? There are {total} new ones.")
    if near(accuracy):
        return hint(f"That is the accuracy: the share of *right* answers, of {total} pictures.")
    if near((1 - accuracy) * 100):
        return hint(f"That is how many there would be of 100. There are {total} new pictures.")
    of_train, first = near((1 - history["train_accuracy"][-1]) * total), near((1 - history["val_accuracy"][0]) * total)
    if of_train and first:
        return hint(
            "So many it would be with the accuracy on the pictures it learnt from, and also with the one on new pictures after "
            "the first epoch. Wanted is that on new pictures, after the last."
        )
    if first:
        return hint("So it was after the first epoch. Which entry of the list is the last one?")
    if of_train:
        return hint("You used the accuracy on the pictures it learnt from. Which one belongs to the new pictures?")
    if near((1 - accuracy) * len(loaders["train"].dataset)):
        return hint("You took that share of the *training* pictures. How many new ones are there?")
    cut_off = near(int((1 - accuracy) * total))
    if near(len(sure_and_wrong)) and cut_off:
        return hint(
            f"So many are the mistakes of which it was 80 % sure or more. And `int` makes {found:g} too, since it cuts off "
            "what follows the point: `round` does not. Which of the two did you take?"
        )
    if near(len(sure_and_wrong)):
        return hint("Those are the mistakes of which it was 80 % sure or more. Count the others too.")
    if abs(found - (1 - accuracy) * total) < 1:
        return hint(
            "Nearly. Did you type the printed percentage? It is rounded: compute with the number in `history`. "
            "Or did you use `int`? It cuts off, so 12.99 becomes 12: leave it out, or take `round`."
        )
    return hint(f"That gives {found:g}. With an accuracy of {accuracy:.0%}, which share of {total} pictures is wrong?")


class Brightest(nn.Module):
    """A tiny network to try answers with: its scores are how bright the three colours are."""

    def forward(self, images):
        return images.mean(dim=(2, 3)) - 0.9  # scores may be negative


@exercise("0.2", "From a picture to a name")
def name_of(name_of, device):
    classes = ["red", "green", "blue"]
    pictures = torch.zeros(3, 3, 6, 5)
    for i in range(3):
        pictures[i, i] = 1.0
    network = Brightest().to(device).eval()
    try:
        names = solved([name_of(picture, network, classes) for picture in pictures])
    except UnboundLocalError as error:
        early = next((name for name in ("scores", "number") if f"'{name}'" in str(error)), "a name")
        return hint(f"A line uses `{early}` before there is one. Which line makes it? That one comes first.")
    except IndexError as error:
        if "Dimension" not in str(error):
            return hint(
                "Three classes came in, and a name for one of them is not found. Are two names written into it?"
            )
        return hint("The network got a bare picture. Which line makes a group of it, and when?")
    if names == [None] * 3:
        return hint("The function gives nothing back. Did the line with `return` get lost?")
    if names == classes:
        return right(
            "Picture, group, scores, number, name: every classifier answers in this way. Try "
            "`name_of(new_pictures[3][0], model, classes)`, and compare it with what stands above that picture."
        )
    if not all(isinstance(name, str) for name in names):
        return hint(
            f"What comes back is of the type {type(names[0]).__name__}. Which line turns the number into a name?"
        )
    if len(set(names)) == 1:
        return hint(f"Three pictures, one red, one green, one blue, and the answer is always {names[0]!r}.")
    return hint(
        f"A network for colours saw a red, a green and a blue picture. Your function says {', '.join(names)}. Does it ask "
        "the `model` that comes in, and take the highest score?"
    )


@exercise("0.3", "Worse than guessing")
def share_right(share_right):
    def ask(answers, labels, classes):
        share = solved(share_right(answers, labels, classes))
        return float(share) if is_number(share) else share

    try:
        share = ask([1, 1, 1, 0], [0, 1, 1, 0], ["ants", "bees"])
        other = ask([0, 1, 1, 0, 1], [0, 1, 2, 1, 1], ["cups", "dice", "keys"])
        unsorted = ask([0, 1, 1, 0, 1], [0, 1, 2, 1, 1], ["keys", "cups", "dice"])
        bad = ask([0, 0, 0, 1], [1, 1, 1, 1], ["ants", "bees"])
    except (IndexError, KeyError, ValueError) as error:
        return hint(
            f"With the classes cups, dice and keys it stops: {type(error).__name__}. "
            "Which line knows only ants and bees?"
        )
    if odd := no_number(share):
        return odd
    if abs(share - 0.25) < 1e-4:
        return hint(
            "Still the wrong way round: of 4 answers 3 are right, and it says 0.25. "
            "Does it count where the two differ? Or have `names` and `classes` different orders?"
        )
    if abs(share - 3) < 1e-4:
        return hint("Now it counts right answers. A *share* of all is wanted.")
    if abs(share - 75) < 1e-3:
        return hint("That is a percentage. A share lies between 0 and 1.")
    if abs(share - 0.75) > 1e-4:
        return hint(f"Of 4 answers 3 are right, and your function says {share:g}.")
    if abs(other - 1) < 1e-4:
        return hint(
            "You turned the result round. With two classes that looks right, with three it does not: every answer "
            "would count as right. What is wrong with the names?"
        )
    if abs(other) < 1e-4:
        return hint(
            "Right for ants and bees, but with cups, dice and keys every answer is wrong. "
            "Are the names still typed by hand?"
        )
    if abs(other - 0.6) > 1e-4:
        return hint(f"Right for two classes. With three, 3 of 5 answers are right, and your function says {other:g}.")
    if abs(unsorted - 0.6) > 1e-4:
        return hint(
            f"Right for cups, dice and keys. With the same classes in the order keys, cups, dice it says {unsorted:g} "
            "instead of 0.6. Which order must `names` have?"
        )
    if abs(bad - 0.25) > 1e-4:
        return hint(f"Where only 1 of 4 answers is right, it says {bad:g}. A bad network should get its bad score.")
    return right(
        "The names come from the dataset, or are not needed at all: numbers can be compared too. Remember the symptom: "
        "far below guessing is no bad network, but two lists in different order."
    )


@exercise("0.4", "The worst mistakes")
def worst(worst, model, loaders, device):
    if isinstance(worst, torch.Tensor):
        worst = worst.tolist()
    if not isinstance(worst, (list, tuple)):
        return hint(f"`worst` is a {type(worst).__name__}. A list of numbers is wanted.")
    nested = [entry for entry in worst if isinstance(entry, (list, tuple, dict, str))]
    if nested:
        return hint(f"An entry of your list is a {type(nested[0]).__name__}. Keep the number of the picture only.")
    if any(isinstance(entry, bool) for entry in worst):
        return hint("Your list holds True and False. Which *numbers* have the pictures that are wrong?")
    odd = [float(entry) for entry in worst if float(entry) != int(entry)]
    if odd:
        return hint(f"Your list holds {odd[0]:.4f}, which is no number of a picture. Is it a share? Keep `number`.")
    numbers, share, wrong, unclear = [int(number) for number in worst], *_ask_all(model, loaders["val"], device)
    if any(not 0 <= number < len(share) for number in numbers):
        outside = next(number for number in numbers if not 0 <= number < len(share))
        return hint(f"The new pictures are 0 to {len(share) - 1}, and your list holds {outside}. Whose is that?")
    twice = [number for number in numbers if numbers.count(number) > 1]
    names, group = loaders["val"].dataset.classes, loaders["val"].batch_size
    if twice and max(numbers) < len(names):
        return hint(
            f"Your list holds only numbers below {len(names)}, as those of the classes. Keep those of the pictures."
        )
    if twice and max(numbers) < group < len(share):
        return hint(
            f"No number in your list reaches {group}. Does the count begin anew with each group of {group} pictures?"
        )
    if twice:
        return hint(
            f"Number {twice[0]} stands there {numbers.count(twice[0])} times. In which line does it come in again?"
        )
    extra = [number for number in numbers if number not in wrong and number not in unclear]
    missing = [number for number in wrong if number not in numbers and number not in unclear]
    if extra:
        return hint(f"{len(extra)} of your pictures are named correctly, such as number {extra[0]}.")
    if missing and not numbers:
        return hint("The list is empty, but there are mistakes. When should a number come into it?")
    if missing and max(share[i] for i in missing) < min(share[i] for i in numbers):
        return hint(
            f"Mistakes that are not in your list: {len(missing)}. It was less sure there than in yours. What keeps them out?"
        )
    if missing and min(share[i] for i in missing) > max(share[i] for i in numbers):
        return hint(
            f"Mistakes that are not in your list: {len(missing)}. It was surer there than in yours. What keeps them out?"
        )
    if missing:
        return hint(
            f"Mistakes that are not in your list: {len(missing)}, such as picture {missing[0]}, of which it is {share[missing[0]]:.0%} "
            "sure. Which line leaves it out?"
        )
    shares = [share[number] for number in numbers]
    if any(after > before + 0.01 for before, after in zip(shares, shares[1:], strict=False)):
        if shares == sorted(shares):
            return hint("All are there, but from the least sure to the surest. Turn the order round.")
        if numbers == sorted(numbers):
            return hint("All are there, in the order of the pictures. Sort them by how sure the network was.")
        return hint("All are there, but not from the surest to the least sure. What do you sort by?")
    if not numbers:
        return right("It makes no mistake on these pictures. Is that still so on `loaders['test'].dataset`?")
    return right(
        f"{len(numbers)} mistakes. Of the first, picture {numbers[0]}, it was {shares[0]:.0%} sure. Put `worst[:6]` into "
        "`picks` further up and look at them."
    )


@torch.no_grad()
def _ask_all(model, loader, device):
    """How sure the network is of each picture, which it names wrongly, and which hang in the balance."""
    model.eval()
    shares, labels = [], []
    for images, targets in loader:
        shares.append(model(images.to(device)).softmax(dim=1).cpu())
        labels.append(targets)
    top, order = torch.cat(shares).sort(dim=1, descending=True)
    wrong = (order[:, 0] != torch.cat(labels)).nonzero().flatten().tolist()
    unclear = (top[:, 0] - top[:, 1] < 0.01).nonzero().flatten().tolist()
    return top[:, 0].tolist(), wrong, unclear


QUIZZES["00"] = [
    Question(
        "The network began with *pretrained* weights. Before its first epoch here, could it tell ants from bees?",
        (
            Choice(
                "Yes. That is what pretrained means; the epochs only polished it.",
                "The earlier training had other classes. The part that chooses between your "
                "classes is new, and at first it answers at random.",
            ),
            Choice(
                "No: it knew shapes and surfaces, but not which of them make an ant.",
                "What it learnt earlier is useful for many things. Which class goes with what, it learnt from your "
                "training pictures.",
                right=True,
            ),
            Choice(
                "No: before training, a network knows nothing at all.",
                "That holds for a start from nothing. This one knew edges, shapes and surfaces, and so a few hundred "
                "pictures were enough.",
            ),
        ),
    ),
    Question(
        "A friend's network names 100 % of its training pictures correctly. How good will it be on new pictures?",
        (
            Choice(
                "100 % or nearly: there is nothing left to learn.",
                "It may have learnt these pictures by heart, as one can learn the answers of an exam without the subject.",
            ),
            Choice(
                "Bad: 100 % proves that it learnt by heart.",
                "It proves neither. A good network often reaches 100 % on pictures it has seen.",
            ),
            Choice(
                "50 %, since new pictures are like guessing.",
                "Usually much of what was learnt carries over: you saw more than nine of ten new pictures named correctly.",
            ),
            Choice(
                "That cannot be said: only pictures it has not seen will tell.",
                "That is why a part of the pictures is kept back, as `val` and `test`.",
                right=True,
            ),
        ),
    ),
    Question(
        "You train the same network on the same pictures, of the same size, on a machine with a GPU. What changes?",
        (
            Choice(
                "It is done sooner.",
                "A GPU does the same arithmetic faster. For this course, a CPU is fast enough.",
                right=True,
            ),
            Choice(
                "Its answers get better.",
                "Both do the same calculation. What makes answers better is more pictures, better pictures or better settings.",
            ),
            Choice(
                "Only now does it really learn; a CPU can only use finished networks.",
                "You have seen it learn, on whatever device the cell above named. Learning needs time, not a GPU.",
            ),
        ),
    ),
    Question(
        "You show your network of ants and bees a picture of a spoon. What does it answer?",
        (
            Choice(
                "An error: it has no class for spoons.",
                "Any picture is only numbers to it. Nothing in the calculation can notice that the question makes no sense.",
            ),
            Choice(
                "About 50 % for each: that is how it says “neither”.",
                "That may happen, but nothing forces it. It was never taught what “neither” looks like.",
            ),
            Choice(
                "Ant or bee, perhaps 95 % sure.",
                "The percentages are shared out among the classes it has. They say which one fits better, not whether any fits.",
                right=True,
            ),
        ),
    ),
]
