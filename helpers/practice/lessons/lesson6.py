"""Exercises and quiz of lesson 6: the training loop."""

import warnings
from contextlib import contextmanager

import torch
from torch import nn
from torch.optim import SGD
from torch.optim.lr_scheduler import StepLR
from torch.utils.data import DataLoader

from ...training import build_optimizer, evaluate, train_one_epoch
from ..checks import close, exercise, hint, right, solved
from ..quizzes import QUIZZES, Choice, Question

NOTHING = (
    "The function gave back `None`. Does each way through it end with a `return`? And what does the call behind that "
    "`return` give back: the value, or nothing, as those that only draw or print?"
)


@exercise("6.1", "The share of right answers")
def accuracy(accuracy):
    batches = _answered([2, 0, 1, 2, 0, 1, 1, 0, 2, 2, 0, 1], wrong=[0, 1, 2, 3, 11], classes=3, size=5)
    try:
        share = solved(accuracy(batches))
    except RuntimeError as error:
        if "must match" not in str(error):
            raise
        if "(5)" in str(error) and "(2)" in str(error):  # as the second and the third batch have
            return hint(
                "Two batches cannot be added up: `correct` holds a True or False for each picture of a batch. Count the True "
                "ones first."
            )
        return hint(
            "The first batch has 5 labels, and they were compared with something of another shape: its logits have the "
            "shape (5, 3). Each picture needs one answer, the class with its largest logit. Which axis are the classes?"
        )
    if share is None:
        return hint(NOTHING)
    share = float(share)
    hits = [(logits.argmax(dim=1) == labels).float() for logits, labels in batches]
    if close(share, sum(hit.mean() for hit in hits) / len(hits)):
        return hint(
            f"{share:.3f} is the mean of three batches. The third has 2 pictures and the others 5: should its pictures "
            "weigh more? Count right answers and pictures, not shares and batches."
        )
    if close(share, sum(hit.mean() for hit in hits) / 12):
        return hint(f"{share:.3f}: `seen` counts pictures, but `correct` adds up shares of batches. `sum` counts.")
    if close(share, 100 * 7 / 12, 0.1):
        return hint(f"{share:.1f} is right as a percentage. A share is a number from 0 to 1: leave out the 100.")
    if share > 1:
        return hint(
            f"{share:.1f} is more than all of them, and a share is at most 1. Print `correct` and `seen` at the end: they "
            "should be 7 and 12, the right answers and the pictures."
        )
    others = _answered([i % 5 for i in range(11)], wrong=[1, 4, 6, 7], classes=5, size=4)

    def single(batches, pictures):
        return sum((logits.argmax() == labels).sum() for logits, labels in batches) / pictures

    if close(share, single(batches, 12)) and close(accuracy(others), single(others, 11)):
        return hint(
            "Each batch gave a single answer: without `dim=`, `argmax` looks for the largest logit of the whole batch. "
            "Each picture should have its own."
        )
    if share == 0:
        return hint(
            "Not one answer counts as right, although 7 of 12 are. Print what you compare with the labels: are those "
            "class numbers, or still logits? And is `correct` added up?"
        )
    if not close(share, 7 / 12):
        return hint(
            f"Of 12 made-up answers 7 are right, 0.583. Your function says {share:.3f}. Print `correct` and `seen` at the end: "
            "they should be 7 and 12."
        )
    if not close(float(accuracy(others)), 7 / 11):
        return hint(
            "Right for these 12 answers with three classes, in batches of 5, 5 and 2. But not for 11 others with five "
            "classes, in batches of 4, 4 and 3. Which number is fixed in it?"
        )
    alike = _answered([0, 0, 0, 1, 1, 1, 2, 2, 2], wrong=[1, 5], classes=3, size=3)
    shifted = [(logits + 5 * torch.arange(len(logits))[:, None], labels) for logits, labels in alike]
    if not close(float(accuracy(shifted)), 7 / 9):
        return hint(
            "Right for these answers. But where all logits of one picture were raised, which changes no answer, your share "
            "changed. Each picture should be judged alone: along which axis does each step compute?"
        )
    return right(
        "Each picture counts once, whatever the size of its batch. Logits are enough: softmax would change their size, but "
        "not which one is the largest. What would `argmax(dim=0)` tell you?"
    )


def _answered(answers, wrong, classes, size):
    """Batches of logits and labels of these answers; those at the places `wrong` are wrong."""
    answers = torch.tensor(answers)
    labels = answers.clone()
    labels[wrong] = (labels[wrong] + 1) % classes
    logits = -0.5 - torch.rand(len(answers), classes)
    logits[range(len(answers)), answers] = 1.25 - torch.arange(len(answers)) / 100
    return list(zip(logits.split(size), labels.split(size), strict=True))


@exercise("6.2", "An epoch, and what is saved")
def train_and_save(train_and_save, device):
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.ReLU(), nn.Linear(4, 2)).to(device)
    sizes = {"train": (4, 4, 3), "val": (4, 3)}
    loaders = {split: [(torch.randn(n, 3), torch.arange(n) % 2) for n in ns] for split, ns in sizes.items()}
    optimizer = SGD(model.parameters(), lr=0.1, momentum=0.9)
    scheduler = StepLR(optimizer, step_size=1, gamma=0.5)
    events, saved = [], []  # T train, M measure, L lower the learning rate; what was saved after which events
    model.register_forward_pre_hook(lambda module, _: events.append("T" if module.training else "M"))
    lower = scheduler.step
    scheduler.step = lambda *args: (events.append("L"), lower(*args))

    def save(history):
        saved.append((len(history), "".join(events)))
        events.append("S")

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            history = solved(train_and_save(model, loaders, nn.CrossEntropyLoss(), optimizer, scheduler, 3, save))
    except UnboundLocalError as error:
        return hint(f"A line uses `{str(error).split(chr(39))[1]}` before there is any. Which line makes it?")
    order = "".join(letter for i, letter in enumerate(events) if letter != events[i - 1] or i == 0)
    if "T" not in order or "M" not in order:
        return hint("The network is not trained, or not measured. Is each of the five lines still there?")
    if order.startswith("M"):
        return hint(
            "The first number in the history is that of the untrained network: it is measured before the epoch."
        )
    if "L" not in order or "S" not in order:
        return hint(
            "The learning rate is never lowered, or nothing is ever saved. Is each of the five lines still there?"
        )
    if order.startswith("L"):
        return hint(
            "The learning rate is lowered before the first batch, so each epoch trains with that of the next. PyTorch warns "
            "of it, too. When should a scheduler step?"
        )
    if events.count("S") != 3:
        return hint(f"Three epochs, and `save` ran {events.count('S')} times. Each line belongs into the loop, once.")
    if "M" not in saved[0][1] or "T" not in saved[0][1]:
        return hint("It is saved before the epoch is over: not yet trained, or not yet measured.")
    if saved[0][0] == 0:
        return hint(
            "The first checkpoint has an empty history: the epoch was trained, but not written down yet. "
            "Whoever resumes from it would train that epoch again."
        )
    if "L" not in saved[0][1]:
        return hint(
            "The first checkpoint still has the learning rate of the epoch that is over. Whoever resumes from it trains on "
            "with steps that are too large. What should be saved last?"
        )
    counts = [events.count(letter) for letter in "TML"]
    if counts != [9, 6, 3]:
        return hint(
            "In the right order, but not once each. In three epochs there should be 9 training batches, 6 batches "
            f"measured and 3 steps of the scheduler. Found: {counts[0]}, {counts[1]} and {counts[2]}."
        )
    if history is None:
        return hint(f"The order is right. {NOTHING}")
    if len(history) != 3:
        return hint(f"Three epochs, and the history has {len(history)} entries. Each line belongs into the loop.")
    accuracy = evaluate(model, loaders["val"], nn.CrossEntropyLoss(), device)[1]
    if not isinstance(history[-1], float | int | torch.Tensor) or not close(history[-1], accuracy):
        return hint(
            f"The order is right. But the history ends with {history[-1]}, and the network's accuracy on val is "
            f"{accuracy:.3f}. Which value should be written down?"
        )
    return right(
        "Train, measure, write down, lower the rate, and save last: the file then holds all that the next epoch starts from. "
        "Where the scheduler stands among the middle ones does not matter. What would a crash before `save` cost?"
    )


@exercise("6.3", "Measuring that does harm")
def measure(measure, device):
    model = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 3)).to(device)
    loader = DataLoader([(torch.randn(4) + 1, i % 3) for i in range(20)], batch_size=8)
    seen = _watch(model)
    first = solved(measure(model, loader))
    gradients = torch.is_grad_enabled()
    torch.set_grad_enabled(True)
    if first is None:
        return hint(NOTHING)
    if not isinstance(first, tuple | list) or len(first) != 2:
        return hint(f"Two numbers are expected, loss and accuracy. Your function returns {first}.")
    if not seen:
        return hint("The network was never asked. The loop and its line `logits = model(images)` must stay.")
    training, recording = any(mode for mode, _ in seen), any(grad for _, grad in seen)
    learnable = all(parameter.requires_grad for parameter in model.parameters())
    if not learnable:
        return hint("Now the network is frozen after the measuring, and cannot be trained on. Leave its weights alone.")
    if not gradients:
        return hint(
            "After your function, gradients are off for the whole notebook. Switch them off for the measuring only."
        )
    if training and recording:
        again = measure(model, loader)
        return hint(
            f"Still as reported: the same network and pictures have a loss of {_number(first[0]):.3f}, and "
            f"{_number(again[0]):.3f} the second time. BatchNorm's `running_mean` moves, and each answer is recorded for gradients."
        )
    if training and not model.training:
        return hint(
            "Eval mode comes too late: the first batch was answered in training mode. Where must `eval()` stand?"
        )
    if training:
        return hint(
            "No record is kept any more, good. But the network still answers in training mode: dropout drops, BatchNorm "
            "looks at the batch and moves its statistics. Switching off gradients does not change that. (If `eval` is there: "
            "has it its brackets?)"
        )
    if recording:
        return hint(
            "The numbers are right now, and BatchNorm stays put. But each answer still records what gradients would need, "
            "which costs memory and time. `eval()` does not stop that. (`torch.no_grad()` in a line of its own does nothing: it "
            "works with `with`, or with `@` above the function.)"
        )
    with torch.no_grad():
        expected = evaluate(model, loader, nn.CrossEntropyLoss(), device)
    if not (close(_number(first[0]), expected[0]) and close(_number(first[1]), expected[1])):
        return hint(
            f"Mode and gradients are right. But your function says {_number(first[0]):.3f} and {_number(first[1]):.3f}, and "
            f"loss and accuracy are {expected[0]:.3f} and {expected[1]:.3f}. Has another line changed?"
        )
    return right(
        "Both were missing: eval mode for dropout and BatchNorm, `no_grad` for the record. Neither does the other's work. "
        "Who trains on after measuring must switch back: `set_train_mode`, as `train_one_epoch` does."
    )


def _number(value):
    """A float of a number or a tensor, also of one that still hangs on its record."""
    return float(torch.as_tensor(value).detach())


def _watch(model):
    """A list that gets (training mode?, gradients recorded?) whenever the model is asked."""
    model.train()
    seen = []
    model.register_forward_pre_hook(lambda module, _: seen.append((module.training, torch.is_grad_enabled())))
    return seen


@exercise("6.4", "A matrix for any number of classes")
def confusion(confusion, device):
    sets = {count: _judged(count) for count in (2, 3, 5)}
    asked = []  # the shapes of what the given network is asked
    found = {count: _try(confusion, count, pairs, device, asked) for count, (pairs, _) in sets.items()}
    if not asked:
        errors = [value for value in found.values() if isinstance(value, Exception)]
        if errors:
            return hint(
                f"Your function stopped with `{type(errors[0]).__name__}: {str(errors[0]).splitlines()[0]}` before it asked "
                "the network that it is given. Does it ask another one, or is the mistake further up?"
            )
        return hint("Your function never asks the network that it is given. Which one does it ask instead?")
    if any(len(shape) != 2 for shape in asked):
        return hint("The network was asked about other pictures than those of the `data_loader` that is given.")
    good = [count for count, (_, expected) in sets.items() if _equal(found[count], expected)]
    if good and len(good) < len(sets):
        bad = next(count for count in sets if count not in good)
        return hint(
            f"Right for {good[0]} classes, but not for {bad}. Is a number written into it, or does it look at the "
            "notebook's own classes instead of those it is given?"
        )
    if not good:
        count = next((count for count, value in found.items() if not isinstance(value, Exception)), 3)
        if isinstance(found[count], Exception):
            raise found[count]
        return _explain_matrix(found[count], sets[count][1], sets[count][0])
    pairs, expected = _judged(4, absent=True)
    if not _equal(_try(confusion, 4, pairs, device, asked), expected):
        return hint(
            "Right as long as each class occurs. Of four classes without a picture of the last it should still be (4, 4): "
            "only `classes` knows how many there are, the labels of a few pictures do not."
        )
    model = nn.Dropout(0.5).to(device)
    seen = _watch(model)
    confusion(model, pairs, ["a", "b", "c", "d"])
    if any(training for training, _ in seen):
        return hint(
            "The counts are right if the network is in eval mode already. One in training mode would answer in training mode. "
            "See `evaluate`."
        )
    if any(recording for _, recording in seen):
        return hint("The counts are right. But gradients are recorded, which nobody needs here. See `evaluate`.")
    return right(
        "Its size comes from `classes`, so it fits two, three or a hundred. The diagonal over the sum of a row is the share "
        "of that class that was found. Now try it on the three classes, with the lines above."
    )


def _judged(count, absent=False):
    """Batches for a network that hands its input on: logits and labels of 40 pictures, and their true matrix."""
    generator = torch.Generator().manual_seed(count)
    labels, answers = torch.randint(count - absent, (2, 40), generator=generator)
    logits = 5.0 * nn.functional.one_hot(answers, count) - 2
    matrix = torch.zeros(count, count, dtype=torch.int64)
    for label, answer in zip(labels, answers, strict=True):
        matrix[label, answer] += 1
    return list(zip(logits.split(16), labels.split(16), strict=True)), matrix


def _try(confusion, count, pairs, device, asked):
    """What the learner's function gives, or the error that it raises, such as for a label that is too large for it."""
    model = nn.Dropout(0.0).to(device)
    model.register_forward_pre_hook(lambda module, given: asked.append(given[0].shape))
    try:
        return solved(confusion(model, pairs, list("abcde"[:count])))
    except (IndexError, RuntimeError, KeyError, ValueError) as error:
        return error


def _equal(matrix, expected):
    if not isinstance(matrix, torch.Tensor) or matrix.shape != expected.shape:
        return False
    return torch.equal(matrix.cpu().double(), expected.double())


def _explain_matrix(matrix, expected, pairs):
    count = len(expected)
    if matrix is None:
        return hint(f"{NOTHING} (`plot_confusion_matrix` only draws.)")
    if not isinstance(matrix, torch.Tensor):
        return hint(
            f"That is a {type(matrix).__name__}. `plot_confusion_matrix` wants a tensor of shape ({count}, {count})."
        )
    if matrix.shape != expected.shape:
        return hint(
            f"The shape is {tuple(matrix.shape)}. With {count} classes it should be ({count}, {count}): a row for each "
            "true class, and in it a number for each answer."
        )
    if _equal(matrix, expected.T):
        return hint("Rows and columns are swapped: the true classes should go down, the answers across.")
    if torch.allclose(matrix.cpu().double(), expected.double() / expected.sum(1, keepdim=True), atol=1e-3):
        return hint("Those are shares of each row. Counts are wanted: they also tell how many pictures there were.")
    if matrix.sum() == len(pairs[-1][1]):
        return hint("Only the last batch is counted. Is a new matrix begun for each batch?")
    if matrix.sum() == len(pairs[0][1]):
        return hint("Only the first batch is counted. Where does the `return` stand?")
    if close(matrix.sum(), 1):
        return hint("Your matrix sums to 1. Wanted are counts, not shares.")
    if matrix.max() == 1:
        return hint("No cell holds more than 1. If the same mistake happens twice, it should be counted twice.")
    return hint(
        f"{expected.sum()} pictures should be counted. Your matrix sums to {matrix.sum():g}: {matrix.tolist()}. "
        "(With a whole batch as index, `+= 1` counts a repeated pair only once.)"
    )


SEEDS = range(1000, 1020)  # other ones than those of the notebook's `mean_accuracy`


@exercise("6.5", "A better head")
def better_head(
    better_head,
    classes,
    train_features,
    train_labels,
    val_features,
    val_labels,
    features_of,
    decoded_loaders,
    pretrained,
):
    train, val, count = (train_features, train_labels), (val_features, val_labels), len(classes)
    again, _ = features_of([next(iter(decoded_loaders["val"]))])
    if not torch.allclose(again, val_features[: len(again)], atol=1e-2):
        return hint(
            "The backbone has changed: the first pictures of val now have other features than before. Frozen means that "
            "only the head learns. Run the cell with `load_resnet18` and those below it again."
        )
    tens = [_ten_of_each(train, count, seed) for seed in SEEDS]
    asked = []  # by whoever sends pictures through the backbone
    hook = pretrained.conv1.register_forward_pre_hook(lambda *_: asked.append(True))
    try:
        head = _build(better_head, tens[0], SEEDS[0])
    finally:
        hook.remove()
    if head is None:
        return hint(NOTHING)
    if not isinstance(head, nn.Module):
        return hint(f"The function returns a {type(head).__name__}. It should return the trained head, a network.")
    if asked:
        return hint(
            "Your function sends pictures through the backbone. But all that it may learn from was given to it as "
            "features. Which pictures are these?"
        )
    with torch.no_grad():
        logits = head.eval()(val_features)
    if logits.shape != (len(val_labels), count):
        return hint(
            f"For {len(val_labels)} pictures the head gives the shape {tuple(logits.shape)}. Expected is a logit for each "
            f"of the {count} classes: {(len(val_labels), count)}."
        )
    if logits.min() >= 0 and torch.allclose(logits.sum(dim=1), torch.ones(len(logits)), atol=1e-3):
        return hint(
            "The head gives probabilities. `CrossEntropyLoss` applies softmax itself (lesson 5): return logits."
        )
    heads = [head] + [_build(better_head, ten, seed) for ten, seed in zip(tens[1:], SEEDS[1:], strict=True)]
    if {id(part) for part in heads[0].parameters()} & {id(part) for part in heads[1].parameters()}:
        return hint(
            "Two calls return the same head, so it still knows the pictures of the call before. Make a new head inside the "
            "function."
        )
    problem = _depends_on_more(better_head, heads, tens, train, val, count)
    if problem:
        return hint(problem)
    plain = _mean(_share(_build(_plain_head, ten, seed, count), val) for ten, seed in zip(tens, SEEDS, strict=True))
    found = _mean(_share(head, val) for head in heads)
    learnt = _mean(_share(head, ten) for head, ten in zip(heads, tens, strict=True))
    scores = f"{found:.1%} on val, and `plain_head` {plain:.1%}, means of {len(SEEDS)} new seeds"
    if learnt < 0.7:
        return hint(
            f"Your head is right for only {learnt:.0%} of the pictures it learnt from. Does it train long enough? And was the "
            "optimizer made after the head, with the parameters of this head?"
        )
    if plain == 1:
        return hint(
            "Here `plain_head` is right for all of val already. Nothing is left to improve: take other pictures."
        )
    fewer = 1 - (1 - found) / (1 - plain)
    if fewer < 0.15:  # two seeds of `plain_head` differ by 8 points, so two means of 20 by up to 5
        return hint(
            f"{scores}: not better, or by no more than luck. Count the steps of `plain_head`: how many batches does it see "
            "in all, and how far does each one carry?"
        )
    if fewer < 1 / 3:
        return hint(
            f"{scores}: better, with {fewer:.0%} fewer wrong answers. A third is the goal. What is still as in "
            "`plain_head`? Change one thing at a time."
        )
    return right(
        f"{scores}: {fewer:.0%} fewer wrong answers. A head can only use what the features hold. What does yours reach "
        f"with all {len(train_labels)} training pictures?"
    )


def _ten_of_each(pictures, classes, seed):
    """Features and labels of ten pictures of each class, which ones the seed says."""
    features, labels = pictures
    order = torch.randperm(len(labels), generator=torch.Generator().manual_seed(seed))
    picks = torch.cat([order[labels[order] == number][:10] for number in range(classes)])
    return features[picks], labels[picks]


def _build(make, pictures, seed, *more):
    torch.manual_seed(seed)
    head = solved(make(*(tensor.clone() for tensor in pictures), *more))
    return head.cpu() if isinstance(head, nn.Module) else head


def _depends_on_more(better_head, heads, tens, train, val, classes):
    """What the learner's function looks at besides its arguments and its seed: proved by changing that alone."""

    def same(i):
        head = _build(better_head, tens[i], SEEDS[i])
        with torch.no_grad():
            return torch.allclose(heads[i].eval()(tens[i][0]), head.eval()(tens[i][0]), rtol=1e-3, atol=1e-3)

    if not same(0):
        return (
            "With the same pictures and the same seed (`torch.manual_seed`), your function gave two different heads. What "
            "else does it depend on? Something kept from an earlier call?"
        )
    for pictures, changed, i in ((val, "labels", 0), (val, "labels", 1), (val, "features", 0), (train, "both", 0)):
        with _other(*pictures, changed, classes):
            unchanged = same(i)
        if not unchanged and pictures is val:
            return (
                f"The check changed the {changed} of val, and your head came out different: val was used to learn, to choose "
                "or to stop. Then its accuracy on val is worth little, as with the 50 coins of section 8."
            )
        if not unchanged:
            return (
                "The check changed `train_features` and `train_labels`, but not the two arguments, and your head came out "
                "different. It should learn from the `features` and `labels` it is given, and from these alone."
            )
    return ""


@contextmanager
def _other(features, labels, changed, classes):
    """Meanwhile the tensors hold other features, other labels, or both."""
    kept = features.clone(), labels.clone()
    try:
        if changed != "labels":
            features.copy_(2 * kept[0].flip(0) + 1)
        if changed != "features":
            labels.copy_((kept[1] + 1) % classes)
        yield
    finally:
        features.copy_(kept[0])
        labels.copy_(kept[1])


def _plain_head(features, labels, classes):
    """The notebook's `plain_head`: three epochs, batches of 8."""
    head = nn.Linear(features.shape[1], classes)
    optimizer, scheduler = build_optimizer(head, epochs=3)
    loader = DataLoader(list(zip(features, labels, strict=True)), batch_size=8, shuffle=True)
    for _ in range(3):
        train_one_epoch(head, loader, nn.CrossEntropyLoss(), optimizer, "cpu")
        scheduler.step()
    return head


def _share(head, pictures):
    return evaluate(head, [pictures], nn.CrossEntropyLoss(), "cpu")[1]


def _mean(numbers):
    numbers = list(numbers)
    return sum(numbers) / len(numbers)


QUIZZES["06"] = [
    Question(
        "A network has BatchNorm, and dropout, which in training mode sets random numbers to 0. To test it, you copy the training loop and take out `zero_grad`, `backward` and `step`. What else belongs into a test?",
        (
            Choice(
                "Nothing: testing is only forward, and without `step` nothing can change.",
                "No weight changes. But BatchNorm moves its statistics with each batch, and dropout makes the answers random.",
            ),
            Choice(
                "`model.eval()` is needed; it also switches the gradients off.",
                "It changes how layers answer, and no more. Each answer would still record what gradients need.",
            ),
            Choice(
                "`torch.no_grad()` is needed; it also switches dropout off.",
                "It stops the record for gradients. Layers answer as before: dropout drops, and BatchNorm moves.",
            ),
            Choice(
                "Both `model.eval()` and `torch.no_grad()` are needed.",
                "One changes how layers answer, the other saves memory and time. Neither does the other's work.",
                right=True,
            ),
        ),
    ),
    Question(
        "Which of these are true?",
        (
            Choice(
                "After `model.eval()`, `loss.backward()` still computes gradients.",
                "Here the mode concerns dropout and BatchNorm only. You could even train in eval mode.",
                right=True,
            ),
            Choice(
                "After `model.eval()`, the weights are frozen until `model.train()`.",
                "Eval mode freezes no weight. `requires_grad_(False)` does that.",
            ),
            Choice(
                "Inside `torch.no_grad()`, a network in training mode still drops values at random.",
                "Dropout asks for the mode, not whether gradients are recorded.",
                right=True,
            ),
            Choice(
                "Inside `torch.no_grad()`, BatchNorm's statistics stand still.",
                "They are no gradients: in training mode each pass moves them, recorded or not.",
            ),
        ),
        answers=2,
    ),
    Question(
        "You train for 30 epochs. Epoch 17 has the best val accuracy, 96.7 %, and you keep its checkpoint. What do you report?",
        (
            Choice(
                "96.7 %: the network was never trained on the val pictures.",
                "But you chose by them. The best of 30 is partly the luckiest of 30, like the coins of section 8.",
            ),
            Choice(
                "What this checkpoint reaches on test, measured one time.",
                "Nothing was chosen by the test pictures, so no luck was chosen with them. Add the interval.",
                right=True,
            ),
            Choice(
                "The best test accuracy of the 30 checkpoints.",
                "Then you choose by the test pictures, and their number flatters as well.",
            ),
            Choice(
                "The mean of val and test, since more pictures are more exact.",
                "The val half of it was chosen for being high. Mixing spreads that luck over the test pictures.",
            ),
        ),
    ),
    Question(
        "On 120 val pictures, network A has 112 right. With another learning rate, network B has 113. What do you know?",
        (
            Choice(
                "Hardly anything: with another seed it could be the other way round.",
                "One picture is 0.83 points. In section 7, the seeds of one method differ by as much or more.",
                right=True,
            ),
            Choice(
                "B is the better network, by 0.83 points.",
                "It is better on these 120. Whether it is on the next ones, a single picture cannot tell.",
            ),
            Choice(
                "B is the better network if its loss is lower, too.",
                "Both numbers come from the same 120 pictures and one seed, so the same luck is in both.",
            ),
            Choice(
                "Both learning rates are equally good.",
                "That is not known, either. To see a difference, or none, take several seeds and more pictures.",
            ),
        ),
    ),
    Question(
        "Two classes. You try to overfit one batch of 8 pictures, and after 50 steps the loss is still 0.69. What now?",
        (
            Choice(
                "Train on all pictures: 8 are too few to learn from.",
                "To know 8 pictures by heart is easier than to understand 240. What fails here fails there, too.",
            ),
            Choice(
                "Add augmentation, so that it does better on new pictures.",
                "Augmentation makes learning by heart harder. Here even that fails.",
            ),
            Choice(
                "Lower the learning rate: its steps are too long.",
                "Steps that are too long make a loss jump about, often far above guessing. This one stands still.",
            ),
            Choice(
                "Look for a bug: does the optimizer hold the layers that should learn?",
                "A sound loop gets near 0. At 0.69, guessing, nothing useful is learnt: look at the optimizer's weights, its learning rate, and the pictures.",
                right=True,
            ),
        ),
    ),
]
