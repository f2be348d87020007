"""Exercises and quiz of lesson 7: predict and judge."""

import math
import tempfile
from pathlib import Path

import torch
from PIL import Image
from torch import nn

from ..checks import close, exercise, hint, right, solved
from ..quizzes import QUIZZES, Choice, Question


@exercise("7.1", "The best answer and its share")
def best_answer(best_answer):
    row, names = torch.tensor([1.2, -0.4, 2.1, 0.5]), ["cups", "dice", "keys", "pens"]
    shares = row.softmax(dim=0)
    try:
        found = solved(best_answer(row, names))
    except IndexError as error:
        if "too many indices for tensor of dimension 0" in str(error):
            return hint("`shares` is a single number and has no positions. The first blank wants *all* shares.")
        if "Dimension out of range" not in str(error):
            raise
        return hint(
            f"`dim=1` asks for a second axis. The shape of `row` is {tuple(row.shape)}: the logits of a single picture, "
            "no batch. Which axis are the classes here?"
        )
    except TypeError as error:
        if "ellipsis" in str(error) or not any(word in str(error) for word in ("index", "indices")):
            raise
        return hint(
            "`names[best]` needs a position, a whole number. `best` is something else: how large the best is, perhaps, "
            "instead of where it stands. Print it."
        )
    if found is None:
        return hint("The function returns nothing. Is its last line still there?")
    name, share = found[0], float(found[1])
    if name != "keys":
        return hint(
            f"The name is {name}. The logits are {_short(row)} for {', '.join(names)}: which class has the largest, and "
            "at which position does it stand?"
        )
    if close(share, row[2]):
        return hint(f"{share:.1f} is the logit itself. A share lies between 0 and 1. What turns logits into shares?")
    if close(share, row[2].sigmoid()):
        return hint(
            f"{share:.3f} looks at this class alone: with `sigmoid`, the four shares sum to {row.sigmoid().sum():.2f}. "
            "They should sum to 1."
        )
    if close(share, row[2] / row.sum()):
        return hint(
            f"{share:.3f} is the logit over the sum of the logits. Logits may be negative, so that can give shares below 0 "
            "or above 1. What has to be done to them first?"
        )
    if not close(share, shares[2]):
        return hint(
            f"The name is right, and {share:.3f} is not its share. All four should sum to 1: what is the sum of yours?"
        )
    others = [[-1.5, 0.5], [0.5, -1.5], [-3.0, -0.5, -2.0], [0.2, -4.0, 0.1], [-2.0, -6.0, -2.5, -5.0, -0.1]]
    for row in map(torch.tensor, others):
        names = list("abcde"[: len(row)])
        given = f"Right for the first row, but not for the logits {_short(row)} of {', '.join(names)}"
        try:
            name, share = best_answer(row, names)
        except IndexError:
            return hint(f"{given}: there, the position lies beyond the end. Where does it come from?")
        if name != names[row.argmax()] or not close(share, row.softmax(dim=0).max()):
            return hint(f"{given}: your function says {name}, {float(share):.3f}. Is that the largest, and its share?")
    return right(
        "`argmax` says where the largest stands, `softmax` how large it is among all. A batch would have one more axis: "
        "then both want `dim=1`. What is the smallest share that the best can have, with four classes?"
    )


def _short(values):
    return ", ".join(f"{float(value):g}" for value in torch.as_tensor(values).mul(1000).round().div(1000))


@exercise("7.2", "From a file to shares")
def shares_of(shares_of, read_picture, transform, device):
    for count in (2, 5):
        model = nn.Sequential(
            nn.Conv2d(3, 4, 1), nn.BatchNorm2d(4), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, count)
        ).to(device)
        seen = []  # (what was asked, training mode?, gradients recorded?)
        model.register_forward_pre_hook(
            lambda module, given, seen=seen: seen.append((given[0], module.training, torch.is_grad_enabled()))
        )
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            file = Path(folder, "made_up.png")
            shades = Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90)
            Image.merge("RGB", shades).convert("P").save(file)  # with a palette: to read it as it is will not do
            batch = transform(read_picture(file)).unsqueeze(0).to(device)
            try:
                shares = solved(shares_of(file, model))
            except (AttributeError, TypeError, ValueError, RuntimeError, IndexError) as error:
                return hint(_explain_order(error, seen))
        if not seen:
            return hint("The network that is given was never asked. Is each line still there?")
        asked = seen[-1][0]
        training, recording = any(mode for _, mode, _ in seen), any(records for _, _, records in seen)
        if asked.shape != batch.shape:
            return hint(_explain_order(None, seen))
        if training and not model.training:
            return hint(
                "Eval mode comes too late: the network answered in training mode, where BatchNorm looks at this one picture "
                "for its mean and spread. There is no error, only other shares. What must come before it is asked?"
            )
        if training:
            return hint(
                "The network answered in training mode. Is the line with `eval` still there, with its brackets?"
            )
        if recording:
            return hint(
                "The shares are right, but what gradients need was recorded with them. Is the line with `@` still above?"
            )
        if shares is None:
            return hint("The order is right, but the function returns nothing. Did its last line get lost?")
        with torch.no_grad():
            expected = model.eval()(batch).softmax(dim=1)[0].cpu()
        if not isinstance(shares, torch.Tensor) or shares.shape != expected.shape:
            found = tuple(shares.shape) if isinstance(shares, torch.Tensor) else type(shares).__name__
            return hint(
                f"Expected are {count} shares, one for each class, so the shape {tuple(expected.shape)}. Found: {found}."
            )
        if not torch.allclose(shares.cpu().float(), expected, atol=1e-4):
            return hint(
                f"The shares should be {_short(expected)}, and yours are {_short(shares)}, which sum to "
                f"{float(shares.sum()):.3f}. Is each of the lines still there, once?"
            )
    return right(
        "Read, transform, add the batch axis, ask, softmax; and eval mode anywhere before the network is asked. These "
        "are the lines of every program that uses a network. Which of them would fail silently if it were missing?"
    )


def _explain_order(error, seen):
    """Which line stands where it cannot work, in words. seen: what the network was asked before, if it was."""
    asked = seen[-1][0] if seen else None
    if seen and not isinstance(asked, torch.Tensor):
        return f"The network was asked about something of the type {type(asked).__name__}. It knows batches of tensors only."
    if not seen or asked.dim() == 4:
        message = str(error).splitlines()[0]
        return (
            f"One of the lines got an `x` that it can do nothing with: {message}. What is `x` before and after each line: a path, "
            "a picture, a tensor?"
        )
    if asked.min() >= 0:
        return "Softmax came before the network was asked, so it made shares of colours. Shares are made of what the network gives."
    return (
        f"The network was asked about a tensor of shape {tuple(asked.shape)}. It knows batches only, (N, 3, H, W), also for a "
        "single picture. Which line adds that axis, and where does it stand?"
    )


@exercise("7.3", "Names and shares")
def ranking(ranking, transform, device):
    everywhere = []  # (names, right shares, what was found), for each class of each network as the best
    for count in (2, 3, 5):
        names = [f"kind {letter}" for letter in "QXAMC"[:count]]
        for best in range(count):
            model = _one_that_says(best, count).to(device).eval()
            picture = Image.new("RGB", (60, 60), (40 * best, 90, 200))
            given = list(names)
            found = solved(ranking(picture, model, given))
            if given != names:
                return hint("Your function changed `names` itself. So the next picture would get the wrong names.")
            shares = model(transform(picture).unsqueeze(0).to(device))[0].softmax(dim=0).tolist()
            problem = _not_a_ranking(found, names)
            if problem:
                return hint(problem)
            everywhere.append((names, shares, list(found.items() if isinstance(found, dict) else found)))
    tops = {found[0][0] for names, _, found in everywhere if len(names) == 5}
    matched = all(
        close(share, shares[names.index(name)]) for names, shares, found in everywhere for name, share in found
    )
    sinking = all(float(a[1]) >= float(b[1]) for _, _, found in everywhere for a, b in zip(found, found[1:]))  # noqa: B905
    rising = all(float(a[1]) <= float(b[1]) for _, _, found in everywhere for a, b in zip(found, found[1:]))  # noqa: B905
    if matched and sinking:
        return right(
            "A share and its name must move together. The shares alone looked fine, and that is why nobody saw it. The test "
            "that finds such a bug: compare with `evaluate` on pictures whose class you know."
        )
    two_right = all(_in_order(names, shares, found) for names, shares, found in everywhere if len(names) == 2)
    bad = [case for case in everywhere if not _in_order(*case)]
    if two_right:
        names, shares, found = bad[0]
        return hint(
            f"Right for two classes, but not for more. Of the shares {_short(shares)} of {', '.join(names)} it makes "
            f"{', '.join(f'{name} {float(share):.3f}' for name, share in found)}."
        )
    if matched and rising:
        return hint("Each name has its own share now. But the likeliest comes last, and it should come first.")
    if matched:
        return hint(
            "Each name has its own share now. But the likeliest class should come first, and it does not always."
        )
    if all([name for name, _ in found] == names for names, _, found in everywhere):
        return hint(
            f"Still as reported: whatever the picture shows, `{everywhere[-1][0][0]}` comes first. Follow one class through "
            "the lines: which one moves its share, and does its name move as well?"
        )
    if len(tops) == 1:
        return hint(
            f"Now the names have another order, but a fixed one: `{tops.pop()}` comes first, whatever the picture shows. "
            "The order must come from the shares of this picture. (`sort` also gives `indices`: where each value stood.)"
        )
    names, shares, found = next(
        case for case in everywhere if any(not close(share, case[1][case[0].index(name)]) for name, share in case[2])
    )
    return hint(
        f"The shares of {', '.join(names)} are {_short(shares)}, in this order. Your function says "
        f"{', '.join(f'{name} {float(share):.3f}' for name, share in found)}."
    )


def _in_order(names, shares, found):
    """Whether each name of a ranking has its own share, and the largest come first."""
    said = [float(share) for _, share in found]
    own = all(close(share, shares[names.index(name)]) for name, share in found)
    return own and said == sorted(said, reverse=True)


def _one_that_says(best, count):
    """A network whose largest logit is that of class `best`, for whatever picture; the others come in mixed order."""
    model = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(3, count))
    with torch.no_grad():
        model[2].weight.mul_(0.01)
        model[2].bias.copy_(torch.arange(count) * 3 % 5 * 0.4)
        model[2].bias[best] = 3.0
    return model


def _not_a_ranking(found, names):
    """What is wrong with the form of a ranking, in words, or None."""
    if found is None:
        return "The function returns nothing. Is its last line still there?"
    pairs = list(found.items()) if isinstance(found, dict) else found
    if not isinstance(pairs, (list, tuple)) or not all(isinstance(pair, (list, tuple)) for pair in pairs):
        return f"That is a {type(found).__name__}. Expected is a list of pairs, a name and a share for each class."
    if len(pairs) != len(names) or any(len(pair) != 2 for pair in pairs):
        return f"With {len(names)} classes, {len(names)} pairs are expected, (name, share). Found: {len(pairs)}."
    strange = [pair[0] for pair in pairs if pair[0] not in names]
    if strange:
        return f"{strange[0]!r} is no name of those that the function was given: {', '.join(names)}. Where is it from?"
    return None


@exercise("7.4", "Recall and precision")
def recall_and_precision(recall_and_precision):
    generator = torch.Generator().manual_seed(0)
    found, wrong = {}, {}
    for count in (3, 2, 5):
        matrix = torch.randint(1, 30, (count, count), generator=generator)
        try:
            found[count] = solved(recall_and_precision(matrix.clone()))
        except IndexError as error:
            found[count] = error
        message = _explain_shares(found[count], matrix)
        if message:
            wrong[count] = message
    if wrong and len(wrong) < 3:
        good, bad = next(count for count in found if count not in wrong), next(iter(wrong))
        return hint(f"Right for {good} classes, but not for {bad}. Is a number written into it?")
    if wrong:
        if isinstance(found[3], Exception):
            raise found[3]
        return hint(wrong[3])
    matrix = torch.tensor([[4, 2, 0, 0], [1, 5, 0, 0], [0, 0, 0, 0], [2, 1, 0, 0]])
    try:
        given = [_listed(part) for part in recall_and_precision(matrix.clone())]
    except ZeroDivisionError:
        return hint(
            "Right as long as each class occurs. But here one has no picture, and two are never answered, and that ends in a "
            "division by 0. What should stand there?"
        )
    if any(value is None for part in given for value in part):
        return hint(
            "Right as long as each class occurs. Where there is nothing to divide by, yours gives `None`. Nothing can be computed "
            'with that, and a tensor cannot hold it. Write `float("nan")` instead.'
        )
    recall, precision = (_floats(part) for part in given)
    if recall[2] == 0 or precision[2] == 0 or precision[3] == 0:
        return hint(
            "Of a class without a picture, your function says that 0 % was found. That sounds like a bad network, and is only "
            "unknown. The same holds for a class that was never answered. `nan` says so."
        )
    if not (math.isnan(recall[2]) and math.isnan(precision[2]) and math.isnan(precision[3])):
        return hint(
            f"Four classes, the third without a picture, and the last two never answered. Recall: {_short(recall)}; precision: "
            f"{_short(precision)}. Where there is nothing to divide by, `nan` should stand."
        )
    if not (_same(recall, [4 / 6, 5 / 6, None, 0]) and _same(precision, [4 / 7, 5 / 8, None, None])):
        return hint(
            f"Right as long as each class occurs. Of four classes, the third without a picture, the last two never answered, "
            f"the known numbers are wrong: recall {_short(recall)}; precision {_short(precision)}."
        )
    return right(
        "Rows belong to the truth, columns to the answers. In the matrix above, all ladybirds were found, and yet one of seven "
        "answers *ladybirds* is wrong. Which of the two matters more when a missed case is dangerous?"
    )


def _listed(values):
    """The numbers of a tensor or a sequence, as a list."""
    return list(values.tolist() if isinstance(values, torch.Tensor) else values)


def _floats(values):
    """The same as floats; None, as a way to say unknown, becomes nan."""
    return [math.nan if value is None else float(value) for value in _listed(values)]


def _same(values, expected):
    return len(values) == len(expected) and all(
        other is None or close(value, other) for value, other in zip(values, expected, strict=True)
    )


def _explain_shares(found, matrix):
    """What is wrong with recall and precision of this matrix, in words, or None."""
    count = len(matrix)
    hits = matrix.diagonal()
    recall, precision = hits / matrix.sum(dim=1), hits / matrix.sum(dim=0)
    if found is None:
        return "The function returns nothing. Is there a `return` at its end?"
    if isinstance(found, Exception):
        return str(found)
    if not isinstance(found, (tuple, list, torch.Tensor)) or len(found) != 2:
        return f"Expected are two things, recall and precision, with a number for each class in both. Found: {found!r}."
    if any(isinstance(part, dict) for part in found):
        return "Both should be lists or tensors, with the numbers in the order of the classes. Yours are dictionaries."
    try:
        first, second = (_floats(part) for part in found)
    except TypeError:
        return (
            "Both should hold a number for each class, and yours holds a single one. The mean over all classes hides the one "
            "that is bad."
        )
    if _same(first, recall) and _same(second, precision):
        return None
    if _same(first, precision) and _same(second, recall):
        return (
            "Those are precision and recall, so either the order is swapped, or the axes are. Which sum holds all pictures "
            "of a class: that of its row, or of its column?"
        )
    if _same(first, recall) and _same(second, recall) or _same(first, precision) and _same(second, precision):
        return "Both are the same numbers. One is divided by the sum of a row, the other by that of a column."
    if _same(first, hits / matrix.sum()):
        return (
            "Divided by all pictures, each number is a part of the accuracy. Of a class, only its own pictures, or the "
            "answers that name it, should count."
        )
    if _same(first, 100 * recall):
        return "Those are percent. Shares between 0 and 1 are expected."
    if all(close(one, other, 0.006) for one, other in zip(first + second, [*recall, *precision])):  # noqa: B905
        return "Right, but rounded. Return all digits; round when you print."
    if set(first + second) <= {0.0, 1.0}:
        return "All numbers are 0 or 1: something rounds them. `//` and `int` cut off what follows the point."
    if _same(first, recall):
        return f"Recall is right. The precision of the first class should be {precision[0]:.3f}, and yours is {second[0]:.3f}."
    if len(first) != count:
        return f"With {count} classes, each part should hold {count} numbers. Yours holds {len(first)}."
    return (
        f"The first class has {matrix[0].sum()} pictures, and {hits[0]} of them were found: a recall of {recall[0]:.3f}. Yours "
        f"is {first[0]:.3f}. Is it divided by the sum of the right numbers?"
    )


NETWORKS = [(3, 6.0, 2.5), (3, 0.5, 2.5), (2, 2.0, 2.2), (5, 1.0, 3.2)]  # classes, how sure they are, how good


@exercise("7.5", "A network that may say: I don't know")
def careful(careful):
    scores = []  # (share answered, wrong answers left / wrong answers before, wrong among those left out)
    turned, by_logit = False, True  # whether the sure ones are left out; whether the largest logit alone decides
    for seed, (classes, sureness, skill) in enumerate(NETWORKS):
        val = _made_up(classes, sureness, skill, 10 + seed, 1000)
        logits, labels = _made_up(classes, sureness, skill, 20 + seed, 2000)
        found = solved(careful(val[0].clone(), val[1].clone(), logits.clone()))
        answers = _class_numbers(found, len(logits))
        if isinstance(answers, str):
            return hint(answers)
        best = logits.argmax(dim=1)
        answered, wrong = answers >= 0, best != labels
        if (answers[answered] != best[answered]).any():
            i = int((answered & (answers != best)).nonzero()[0])
            return hint(
                f"For the logits {_short(logits[i])}, your function answers {answers[i]}. If it answers, it should be the class "
                "with the largest logit. (Classes are counted from 0.)"
            )
        groups = [*torch.arange(20).split(1), answered.nonzero()[:, 0], (~answered).nonzero()[:, 0]]
        for group in groups:
            again = _class_numbers(careful(val[0].clone(), val[1].clone(), logits[group].clone()), len(group))
            if isinstance(again, str) or not torch.equal(again, answers[group]):
                return hint(
                    "A picture gets another answer alone, or in other company. In use, pictures come one by one. So what is "
                    "sure enough must be decided by the val pictures, not by the new ones."
                )
        if answered.any() and not answered.all():
            share, logit = logits.softmax(dim=1).amax(dim=1), logits.amax(dim=1)
            turned = turned or bool(share[answered].mean() < share[~answered].mean())
            by_logit = by_logit and bool(logit[answered].min() >= logit[~answered].max())
        left_out = wrong[~answered].double().mean() if not answered.all() else torch.tensor(torch.inf)
        scores.append(
            (answered.double().mean().item(), ((wrong & answered).sum() / wrong.sum()).item(), left_out.item())
        )
    shares = [share for share, _, _ in scores]
    told = f"Answered: {', '.join(f'{share:.1%}' for share in shares)} of the pictures of four networks. "
    told += f"Wrong answers left: {', '.join(f'{left:.0%}' for _, left, _ in scores)}."
    if min(shares) == 1:
        return hint(
            "It answers always, so nothing is gained. How could you see that the network wavers between classes?"
        )
    if max(shares) == 0:
        return hint("It never answers: no wrong answers, and no use either.")
    if max(shares) - min(shares) > 0.2:
        found = (
            f"Four networks, and your function answers {', '.join(f'{share:.0%}' for share in shares)} of the pictures."
        )
        logits = _made_up(*NETWORKS[0], 20, 2000)[0]
        surer, same = (_made_up(*network, 10, 1000) for network in (NETWORKS[0], (3, 20.0, 2.5)))
        if torch.equal(*(_class_numbers(careful(*val, logits.clone()), 2000) for val in (surer, same))):
            return hint(
                f"{found} What is sure for one is not for another, since each speaks with a sureness of its own. Can "
                "`val_logits` tell what is usual for this one?"
            )
        return hint(
            f"{found} Your line moves with `val_logits`, but the part of the pictures below it is another for each. Which "
            "line do the same part of the val pictures always fall below?"
        )
    if max(shares) < 0.75:
        return hint(
            f"{told} Few mistakes are left, but it answers too seldom: 80 % is the goal. Which part of the val pictures lies "
            "below your line?"
        )
    if turned and any(before < 0.3 * _mistakes(i) for i, (_, _, before) in enumerate(scores)):
        return hint(
            "Hardly any of the answers that you leave out would have been wrong: the sure ones are left out, and the "
            "unsure ones answered. Is a comparison the wrong way round?"
        )
    if any(before < 2 * _mistakes(i) for i, (_, _, before) in enumerate(scores)):
        i = min(range(len(scores)), key=lambda i: scores[i][2] / _mistakes(i))
        why = "By which number do you tell that the network wavers? Compare it for right and for wrong val pictures."
        if by_logit:
            why = "A large logit alone does not tell that a network is sure (lesson 5: softmax looks only at differences)."
        return hint(
            f"{told} Of what you leave out, only {scores[i][2]:.0%} would have been wrong, and of all {_mistakes(i):.0%}: hardly "
            f"better than leaving out by chance. {why}"
        )
    if max(left for _, left, _ in scores) > 0.5 and min(shares) >= 0.8:
        return hint(
            f"{told} Half is the goal. It leaves out doubtful pictures, but too few. Up to 20 % may go: how many does it leave out? "
            "With few mistakes among the val pictures, a threshold from these alone is shaky."
        )
    if min(shares) < 0.8:
        return hint(
            f"{told} Each should answer 80 % at least. Val and new pictures differ a little by luck, so leave a margin."
        )
    return right(
        f"{told} That is the bargain of every careful program: fewer answers, and better ones. It finds pictures that lie "
        "*between* the classes. A picture of something else may still get a large share: try `predict` with one of your own."
    )


def _made_up(classes, sureness, skill, seed, count):
    """Logits (count, classes) and labels of a network, as in the exercise's cell."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(classes, (count,), generator=generator)
    evidence = torch.randn(count, classes, generator=generator) + skill * nn.functional.one_hot(labels, classes)
    return sureness * (evidence + 4 * torch.randn(count, 1, generator=generator)), labels


def _mistakes(i):
    """The share of wrong answers of a network of NETWORKS when it answers always."""
    logits, labels = _made_up(*NETWORKS[i], 20 + i, 2000)
    return (logits.argmax(dim=1) != labels).double().mean().item()


def _class_numbers(found, count):
    """Answers as a tensor of int64 with -1 for "don't know", or in words why they are none."""
    if found is None:
        return "The function returns nothing. Is there a `return` at its end?"
    if hasattr(found, "tolist"):  # a tensor or an array
        found = torch.as_tensor(found)
        found = found.flatten().tolist() if found.dim() < 2 or 1 in found.shape else found.tolist()
    if not isinstance(found, (list, tuple)) or len(found) != count:
        number = len(found) if isinstance(found, (list, tuple)) else f"a {type(found).__name__}"
        return f"For {count} pictures, {count} answers are expected, one for each. Found: {number}."
    if None in found:
        return "One of the answers is `None`. Write −1 for *don't know*, so that all answers are numbers."
    strange = [answer for answer in found if isinstance(answer, bool) or answer not in range(-1, 100)]
    if strange:
        return f"One of the answers is `{strange[0]}`. Expected is the number of a class, or −1 for *don't know*."
    return torch.tensor([int(answer) for answer in found])


QUIZZES["07"] = [
    Question(
        "For a photo, the network says: ants, 97 %. What does that number tell?",
        (
            Choice(
                "With a probability of 97 %, the answer is right.",
                "That would have to be measured. Softmax makes shares of logits, and these may well be larger than they deserve.",
            ),
            Choice(
                "Its logit is well above the others'. How often such answers are right must be measured.",
                "With two classes, 97 % is a difference of about 3.5 between the logits. How often such answers are right, section 4 counts.",
                right=True,
            ),
            Choice(
                "It is nearly sure, so it has been trained on pictures like this one.",
                "Nothing in the network compares the photo with what it was trained on. Strange pictures often get high shares.",
            ),
            Choice(
                "97 % of the picture looks like an ant.",
                "A share is for the whole picture, not a part of it. Where it looked is another question: Grad-CAM.",
            ),
        ),
    ),
    Question(
        "A network for ants and bees gets a photo of a spoon. Which shares can you expect?",
        (
            Choice(
                "Low ones for both classes, since it is neither.",
                "They sum to 1, so one of them is always 50 % or more. Softmax has no way to say neither.",
            ),
            Choice(
                "About 50 % for each, since nothing speaks for ants or for bees.",
                "That happens, but nothing sees to it. Edges, colours and ground push the logits somewhere, often far apart.",
            ),
            Choice(
                "An error: the class *spoon* is unknown.",
                "To the network, a picture is numbers of the right shape. It answers any of them.",
            ),
            Choice(
                "Any, also 99 % for one of the two.",
                "It never learnt what is neither. Only which of the two logits is larger, and by how much, decides.",
                right=True,
            ),
        ),
    ),
    Question(
        "(On section 8.) Grad-CAM of a picture that was rightly called *bees*: the yellow spot lies on the bee. What do you know?",
        (
            Choice(
                "The network is right for the right reason.",
                "It may be. But the spot is coarse, one picture is one case, and stripes or the flower below may lie under it, too.",
            ),
            Choice(
                "Why it said bees: it knows the wings and the stripes.",
                "The map says where, not what. Which property counted there, it cannot tell.",
            ),
            Choice(
                "Values from that region spoke for *bees*. Whether they decided, a test can tell: cover the region, and ask again.",
                "Grad-CAM weighs feature maps by their gradients. Occlusion is an experiment on the answer itself.",
                right=True,
            ),
            Choice(
                "The answer can be trusted more than one whose spot lies beside the animal.",
                "A spot beside the animal is a warning. But a spot on it is no proof: a wrong answer may have it there as well.",
            ),
        ),
    ),
    Question(
        "Two networks are right for 90 of 100 pictures. A gives its answers 99 % on average, B 90 %. What follows?",
        (
            Choice(
                "B is better calibrated: in the mean, it claims what it reaches.",
                "Calibration compares what is claimed with what is right. A claims 99 % and reaches 90 %: it is overconfident.",
                right=True,
            ),
            Choice(
                "Both are calibrated equally well, since their accuracy is the same.",
                "Accuracy counts right answers. Calibration asks whether the shares match that count, and here they differ.",
            ),
            Choice(
                "A is better: it is as often right, and surer.",
                "Sure is not right. For its 10 wrong answers, A sounds nearly as sure as for the others, and so nobody will check them.",
            ),
            Choice(
                "B is better calibrated, so its answers are right more often.",
                "Both are right 90 times. B only says more honestly how often.",
            ),
        ),
    ),
    Question(
        "A program makes a ResNet-18, trains for an epoch, and then answers for a single photo inside `torch.no_grad()`. `model.eval()` is missing. What happens?",
        (
            Choice(
                "Nothing bad: with one picture there is no batch, so BatchNorm has nothing to do.",
                "One picture is a batch of one. BatchNorm takes mean and spread over its pixels.",
            ),
            Choice(
                "Shares that may be quite different, without an error; and BatchNorm's statistics move.",
                "Mean and spread come from this one picture instead of the training. In lesson 6, that cost much accuracy.",
                right=True,
            ),
            Choice(
                "Nothing bad: `no_grad` is enough when nothing is trained.",
                "It stops the record for gradients. The mode of BatchNorm and dropout is another matter.",
            ),
            Choice(
                "An error, so that one notices.",
                "It would be good. But as long as the feature maps have more than one pixel, BatchNorm works and is silent.",
            ),
        ),
    ),
]
