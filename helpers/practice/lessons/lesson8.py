"""Exercises and quiz of lesson 8: faster and bigger."""

import warnings

import torch
from torch import nn
from torch.optim import SGD
from torch.utils.data import Dataset, TensorDataset

from ...faster import MixedPrecision
from ...training import evaluate
from ..checks import exercise, hint, right, solved
from ..quizzes import QUIZZES, Choice, Question


@exercise("8.1", "Seconds to send the gradients")
def seconds_to_send(seconds_to_send):
    model = nn.Sequential(nn.Linear(6, 5), nn.BatchNorm1d(5), nn.Linear(5, 3))  # 63 parameters in 6 tensors
    found = solved(seconds_to_send(model, 4, 100.0))
    if found is None:
        return hint("The function returns nothing. Is its last line still there?")
    found, ring = float(found), 2 * 3 / 4
    if _close(found, 63 * ring / 100):
        return hint(
            f"{found:.3f} s would be right if each number were a single byte. How many bytes has a `float32`, with 32 bits?"
        )
    if _close(found, 8 * 63 * ring / 100) or _close(found, 32 * 63 * ring / 100):
        return hint(
            f"{found:.2f} s: a `float32` has 32 bits, and a byte has 8 of them. Bytes are wanted, since `link` counts bytes."
        )
    if _close(found, 4 * 63 / 100):
        return hint(
            f"{found:.2f} s: each gradient is sent once. Around a ring it is more, and depends on the number of processes. "
            "Section 11 has the factor."
        )
    if _close(found, 4 * 6 * ring / 100):
        return hint(
            "You counted 6 tensors. The network has 6 of them, and 63 numbers in them. What tells their number?"
        )
    if _close(found, 4 * 74 * ring / 100):
        return hint(
            "You counted BatchNorm's statistics, too. They have no gradient: no loss moves them. Which method of the model "
            "gives the parameters only?"
        )
    if not _close(found, 4 * 63 * ring / 100):
        return hint(
            f"For 63 parameters, 4 processes and a link of 100 bytes a second, your function says {found:.3f} s. Expected is "
            f"{4 * 63 * ring / 100:.2f} s. Print `numbers` and `bytes_sent`: they should be 63 and 378."
        )
    model[:2].requires_grad_(False)
    if not _close(seconds_to_send(model, 4, 100.0), 4 * 18 * ring / 100):
        return hint(
            "Right for a network that learns as a whole. But with its first two layers frozen the result should be smaller: "
            "what is frozen has no gradient."
        )
    if not _close(seconds_to_send(model, 8, 50.0), 4 * 18 * 2 * 7 / 8 / 50):
        return hint("Right for 4 processes and 100 bytes a second, but not for 8 and 50. Is a number written into it?")
    return right(
        "With a frozen backbone and a head for two classes, 1,026 numbers remain of 11 million: 4 kB instead of 45 MB in each "
        "step. The size of the batch is not in the formula. So what do larger batches change about the time for sending?"
    )


def _close(a, b, tolerance=1e-4):
    return abs(float(a) - float(b)) < tolerance * max(1, abs(float(b)))


@exercise("8.2", "A step in float16")
def half_step(half_step):
    steps, change, result, error = _record(half_step)
    if isinstance(error, UnboundLocalError):
        return hint(f"A line uses `{str(error).split(chr(39))[1]}` before there is any. Which line makes it?")
    if error and not isinstance(error, (AssertionError, RuntimeError)):
        raise error
    missing = [name for name in ORDER if name not in steps]
    if missing and not error:
        return hint(f"`{missing[0]}` was never called. Is each of the eight lines still there?")
    at = {name: steps.index(name) if name in steps else len(steps) for name in ORDER}
    if at["backward"] < at["zero_grad"] < at["step"]:
        return hint("`zero_grad` throws away the gradients that `backward` has computed in this step. When may it run?")
    if at["step"] < at["zero_grad"] < len(steps):
        return hint(
            "The step before had left gradients, and `backward` added the new ones to them. Clearing up at the end helps "
            "only the next step."
        )
    if at["unscale_"] < at["backward"]:
        return hint(
            "`unscale_` divides gradients. At this place there are none of this batch yet. Which line computes them?"
        )
    if at["step"] < at["backward"]:
        return hint("`step` comes before the gradients of this batch are computed. Which line computes them?")
    if at["update"] < at["step"]:
        return hint(
            "`update` ends the step: the scaler forgets that it has divided already. A `step` after it divides a second time, "
            "or finds nothing to work with."
        )
    if at["step"] < at["unscale_"]:
        return hint(
            "`unscale_` does not come before `step`. By itself, `step` would divide, too. But then no line can look at the true "
            "gradients before they are used. Which line wants to?"
        )
    if error:
        raise error
    if change > 1.5:
        return hint(
            f"The gradient had a length of {change:.1f} when it was used, and 1 was to be the limit. Where must it be clipped, "
            "if `step` shall use the shorter one?"
        )
    if change < 0.5:
        return hint(
            f"The weights have moved by {change:.3f} only, and should move by 1. The gradient was clipped to 1 while it was still "
            f"multiplied by {SCALE:.0f}, and divided after that. In which order is its length the true one?"
        )
    if result is None:
        return hint("The order is right, but the function returns nothing. Did its last line get lost?")
    return right(
        "Scale, backward, divide, clip, step, update. With an infinite gradient, `step` would have left the weights alone, and "
        "`update` would have halved the scale. Which of these lines could go if the type were `bfloat16`?"
    )


ORDER = ["zero_grad", "answer", "backward", "unscale_", "step", "update"]
SCALE = 128.0


def _record(half_step):
    """Which calls a step makes, in order; how far the weights moved at lr=1; what it returned; what it raised."""
    layer = nn.Linear(4, 3)
    half = MixedPrecision(layer, torch.device("cpu"), torch.float16)
    optimizer = SGD(layer.parameters(), lr=1.0)
    scaler = torch.amp.GradScaler("cpu", init_scale=SCALE)
    calls = []

    def note(owner, method, name):
        original = getattr(owner, method)
        setattr(owner, method, lambda *args, **more: (calls.append(name), original(*args, **more))[1])

    half.register_forward_pre_hook(lambda *_: calls.append("answer"))
    for owner in (optimizer, half):
        note(owner, "zero_grad", "zero_grad")
    note(scaler, "scale", "backward")
    for name in ("unscale_", "step", "update"):
        note(scaler, name, name)
    for parameter in layer.parameters():
        parameter.grad = torch.full_like(parameter, 9.0)  # what the step before has left
    before = layer.weight.detach().clone(), layer.bias.detach().clone()
    result = error = None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            result = solved(half_step(half, 20 * torch.randn(8, 4), torch.arange(8) % 3, optimizer, scaler))
    except (UnboundLocalError, AssertionError, RuntimeError) as caught:
        error = caught
    moved = torch.cat([(a - b).detach().flatten() for a, b in zip(before, (layer.weight, layer.bias), strict=True)])
    return calls, moved.norm().item(), result, error


@exercise("8.3", "Features and their labels")
def cached_features(cached_features, device):
    pictures = _Pictures(24)
    model = nn.Sequential(nn.Conv2d(3, 6, 1), nn.BatchNorm2d(6), nn.AdaptiveAvgPool2d(1), nn.Linear(6, 3)).to(device)
    with torch.no_grad():
        expected = model[:3].eval()(pictures.images.to(device)).flatten(1).cpu()
    before = model[1].running_mean.clone()
    model.train()
    given = solved(cached_features(model, pictures))
    if given is None:
        return hint("The function returns nothing. Is its last line still there?")
    pair = given.tensors if isinstance(given, TensorDataset) else given
    if not (isinstance(pair, (tuple, list)) and len(pair) == 2 and all(isinstance(x, torch.Tensor) for x in pair)):
        return hint(f"Returned was a {type(given).__name__}. Wanted is a `TensorDataset` of two tensors, as before.")
    features, labels = pair[0].detach().cpu(), pair[1].cpu()
    if not pictures.asked:
        return hint("The pictures of the given `dataset` were never looked at. Which ones does your function use?")
    if len(features) != len(labels) or len(features) != 24:
        return hint(
            f"The dataset has 24 pictures. You return {len(features)} rows of features and {len(labels)} labels. "
            "None should get lost."
        )
    if features.shape[1:] != (6,):
        return hint(
            f"Here 6 numbers arrive at the head. Yours have the shape {tuple(features.shape)}. Is `compute_features` still used?"
        )
    if not torch.equal(model[1].running_mean, before):
        return hint("BatchNorm's statistics have moved. Was the network asked in training mode?")
    distance, nearest = torch.cdist(features, expected).min(dim=1)
    if distance.max() > 1e-2:
        return hint("The features are others than `compute_features` gives for these pictures. What has changed?")
    wrong = (labels != pictures.labels[nearest]).sum().item()
    again = (
        "The pictures are gone through twice, and a shuffling loader has another order each time. "
        if pictures.asked > 24
        else ""
    )
    if wrong and again:
        return hint(f"{wrong} of 24 labels belong to another picture. {again}Take features and labels from one pass.")
    if wrong and torch.equal(labels, pictures.labels):
        return hint(
            f"Still as reported: {wrong} of 24 rows have the label of another picture. The labels come in the order of the "
            "files. In which order do the features come?"
        )
    if wrong:
        return hint(
            f"{wrong} of 24 rows have the label of another picture. Row 0 of the features and label 0 must come from one "
            "and the same picture. Follow both through your lines."
        )
    if len(set(nearest.tolist())) != 24:
        return hint("Each label fits, but some pictures come twice and others never. Is a sampler at work?")
    return right(
        "Each row has the label of its own picture. Shuffling belongs into the loader that trains the head, epoch by "
        "epoch. A head can learn wrong pairs by heart, too: what in its first epochs would have told you sooner than val?"
    )


class _Pictures(Dataset):
    """Like an ImageFolder: a picture and its label at each index, all labels in `targets`. Counts how often it is asked."""

    def __init__(self, count):
        self.images, self.labels = torch.randn(count, 3, 4, 4), torch.arange(count) * 3 // count
        self.targets, self.asked = self.labels.tolist(), 0
        self.classes, self.samples = ["a", "b", "c"], [(f"{i}.jpg", label) for i, label in enumerate(self.targets)]

    def __len__(self):
        return len(self.targets)

    def __getitem__(self, index):
        self.asked += 1
        return self.images[index], self.targets[index]


@exercise("8.4", "Weights for any number of classes")
def class_weights(class_weights):
    cases = {2: [30, 11], 3: [20, 7, 10], 5: [8, 5, 2, 1, 17]}
    found = {len(counts): _try(class_weights, counts) for counts in cases.values()}
    good = [count for count, counts in cases.items() if _balances(found[count], counts)]
    if (
        good == [2]
        and isinstance(found[3], torch.Tensor)
        and _like(found[3], 1 - torch.tensor(cases[3]) / sum(cases[3]))
    ):
        return hint(
            "One minus the share of a class balances two classes only. Of three, let one have half of the pictures and the "
            "others a quarter: their weights would be 0.5, 0.75 and 0.75. How often does the common class count then?"
        )
    if good and len(good) < len(cases):
        bad = next(count for count in cases if count not in good)
        return hint(
            f"Right for {good[0]} classes, but not for {bad}. Is a number written into it, or does it look at the notebook's own "
            "pictures instead of those it is given?"
        )
    if not good:
        count = next((count for count, value in found.items() if not isinstance(value, Exception)), 3)
        if isinstance(found[count], Exception):
            raise found[count]
        return _explain_weights(found[count], torch.tensor(cases[count]))
    weights = next(iter(found.values()))
    if weights.dtype != torch.float32:
        return hint(
            f"The weights are right, as {weights.dtype}. `CrossEntropyLoss` wants the type of the logits, float32."
        )
    for counts in ([7, 0, 3, 0], [0, 4, 5]):
        weights = _try(class_weights, counts)
        if isinstance(weights, Exception):
            raise weights
        if len(weights) != len(counts):
            return hint(
                f"Of {len(counts)} classes, the last may have no picture. Then your function returns {len(weights)} weights. "
                "Who knows how many classes there are? (`bincount` has an argument for it.)"
            )
        if not torch.isfinite(weights).all():
            return hint(
                f"A class without a picture gets the weight {weights[counts.index(0)]:g}. One such picture in val, and the loss is no number any "
                "more. Any ordinary number will do there. Where is the division by 0? (`clamp` can raise what is too small.)"
            )
        present = torch.tensor(counts) > 0
        if not _balances(weights[present], torch.tensor(counts)[present].tolist()):
            return hint("Right as long as each class has pictures. With an empty class, the others get wrong weights.")
    return right(
        "Pictures times weight is now the same for each class, so a rare one pulls as hard as a common one. A common factor does "
        "not matter: `CrossEntropyLoss` divides by the weights of the batch. What do the weights do to the accuracy?"
    )


def _try(class_weights, counts):
    """What the learner's function gives for so many pictures of each class, or the error that it raises."""
    labels = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    labels = labels[torch.randperm(len(labels))]
    try:
        weights = solved(class_weights(labels, list("abcde"[: len(counts)])))
    except (IndexError, RuntimeError, KeyError, ValueError, ZeroDivisionError) as error:
        return error
    return weights.detach().cpu() if isinstance(weights, torch.Tensor) else weights


def _balances(weights, counts):
    """Whether weight times count is the same, and above 0, for each class."""
    if not isinstance(weights, torch.Tensor) or weights.shape != (len(counts),):
        return False
    pull = weights.double() * torch.tensor(counts)
    return bool(pull.min() > 0 and pull.max() < 1.001 * pull.min())


def _like(weights, others):
    """Whether they are the same up to a common factor."""
    return weights.shape == others.shape and torch.allclose(weights / weights.sum(), others / others.sum(), atol=1e-3)


def _explain_weights(weights, counts):
    if weights is None:
        return hint("The function returns nothing. Is there a `return` at its end?")
    if not isinstance(weights, torch.Tensor):
        return hint(f"That is a {type(weights).__name__}. `CrossEntropyLoss` wants its weights as a tensor.")
    if weights.shape == (counts.sum(),):
        return hint(
            f"Those are {len(weights)} numbers, one for each picture. `CrossEntropyLoss` wants one for each class, and finds the "
            "picture's by its label."
        )
    if weights.shape != counts.shape:
        return hint(f"The shape is {tuple(weights.shape)}. With {len(counts)} classes it should be ({len(counts)},).")
    if _like(weights, counts):
        return hint(
            f"For {counts.tolist()} pictures you give {_short(weights)}: the most common class weighs most, so the rare one is "
            "forgotten even more."
        )
    if _like(weights, torch.ones(len(counts))):
        return hint(
            f"All classes weigh the same, {weights[0]:g}. That is what `CrossEntropyLoss` does without weights."
        )
    return hint(
        f"For {counts.tolist()} pictures you give {_short(weights)}. Pictures times weight is then "
        f"{_short(weights * counts)}, and should be the same for each class."
    )


def _short(numbers):
    return ", ".join(f"{number:.3g}" for number in numbers.tolist())


@exercise("8.5", "Measuring, shared out")
def sharded_evaluate(measure_share, put_together, device):
    for pictures, processes in [(12, 1), (12, 3), (13, 3), (20, 6), (5, 7), (1, 2), (31, 9)]:
        found = _share_out(measure_share, put_together, device, pictures, processes)
        if found:
            return found
    few, many = (_numbers_sent(measure_share, device, pictures) for pictures in (10, 60))
    if few != many:
        return hint(
            f"The results are right. But for 10 pictures each process sends {few} numbers, and for 60 it sends {many}. With 100,000, "
            "that takes long. What is the least that must be known of a share?"
        )
    return right(
        "Sums can be added up over processes, means can't. That is how `helpers/train` measures, too: sum of losses, right "
        "answers, pictures. What would you send for the share of right answers in each class?"
    )


def _made_up(device, pictures):
    """A small network in training mode, pictures that carry their number, their labels, and a list of what is asked."""
    model = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(12), nn.Dropout(0.5), nn.Linear(12, 4)).to(device).train()
    images, labels = torch.randn(pictures, 3, 2, 2), torch.arange(pictures) * 7 % 4
    images[:, 0, 0, 0] = torch.arange(pictures) / 8  # a number that survives any rounding
    asked = []  # for each call: the numbers of the pictures, the mode, and whether gradients are recorded

    def note(module, given):
        numbers = (given[0][:, 0, 0, 0] * 8).round().int().tolist()
        asked.append((numbers, module.training, torch.is_grad_enabled()))

    model.register_forward_pre_hook(note)
    return model, images.to(device), labels.to(device), asked


def _numbers_sent(measure_share, device, pictures):
    model, images, labels, _ = _made_up(device, pictures)
    return measure_share(model, images, labels, 0, 2).numel()


def _share_out(measure_share, put_together, device, pictures, processes):
    """A hint about what goes wrong with so many pictures and processes, or None."""
    model, images, labels, asked = _made_up(device, pictures)
    where = f"{pictures} pictures, {processes} processes" if processes > 1 else f"{pictures} pictures, a single process"
    parts, shares = [], []
    for rank in range(processes):
        asked.clear()
        model.train()
        try:
            part = solved(measure_share(model, images, labels, rank, processes))
        except ZeroDivisionError:
            return _no_pictures(where, "and dividing by their number fails")
        if part is None:
            return hint("`measure_share` returns nothing. It should return what this process sends.")
        if not isinstance(part, torch.Tensor):
            return hint(
                f"`measure_share` returns a {type(part).__name__}. All-reduce adds up tensors: put the numbers into one, with "
                "`torch.tensor([...])`."
            )
        if parts and part.shape != parts[0].shape:
            return hint(
                f"{where}: one process sends a tensor of shape {tuple(parts[0].shape)}, another {tuple(part.shape)}. "
                "What is to be added up must have the same shape everywhere."
            )
        training, recording = any(mode for _, mode, _ in asked), any(grad for *_, grad in asked)
        if training and recording:
            return hint(
                "The given network is in training mode, and gradients are recorded. For measuring, see the first two lines "
                "of `evaluate` (lesson 6)."
            )
        if training or recording:
            what = "The network answers in training mode" if training else "Gradients are recorded"
            return hint(f"{what}. Measuring needs both, eval mode and no gradients: one of them you have.")
        parts.append(part.detach())
        shares.append([number for numbers, *_ in asked for number in numbers])
    unfair = _unfair(shares, pictures, where)
    if unfair:
        return unfair
    total = torch.stack(parts).sum(dim=0)
    try:
        answer = solved(put_together(total))
    except ZeroDivisionError:
        return hint(f"{where}: `put_together` divides by 0. What does it divide by?")
    if answer is None:
        return hint("`put_together` returns nothing. It should return loss and accuracy.")
    if isinstance(answer, (int, float)) or len(answer) != 2:
        return hint("`put_together` should return two numbers: loss and accuracy, in this order.")
    expected = evaluate(model, [(images, labels)], nn.CrossEntropyLoss(), device)
    loss, accuracy = (float(torch.as_tensor(value).detach()) for value in answer)
    if _close(loss, expected[0]) and _close(accuracy, expected[1]):
        return None
    said = f"{where}: your loss and accuracy are {loss:.4f} and {accuracy:.4f}, `evaluate` says {expected[0]:.4f} and {expected[1]:.4f}."
    if loss != loss or accuracy != accuracy:
        return _no_pictures(where, "and a mean of no numbers is `nan`")
    if _close(loss, expected[1]) and _close(accuracy, expected[0]):
        return hint(f"{said} The two are swapped.")
    if processes == 1:
        return hint(f"{said} Start with this case: a single process measures everything. What does it send?")
    if pictures % processes == 0:
        return hint(f"{said} A single process is right. What happens to your numbers when they are added up?")
    return hint(
        f"{said} With shares of equal size all is right. Here one process has a picture more than another: does your sum "
        "count each *picture* the same, or each process?"
    )


def _no_pictures(where, what):
    return hint(
        f"{where}: a process can be left without a picture, {what}. Sums have no such trouble, and "
        '`nn.CrossEntropyLoss(reduction="sum")` gives one. Or what could such a process send without asking?'
    )


def _unfair(shares, pictures, where):
    """A hint if pictures are left out, asked twice, or shared out unequally."""
    asked = [number for share in shares for number in share]
    sizes = [len(share) for share in shares]
    if len(asked) > len(set(asked)) and max(map(len, map(set, shares))) == pictures and len(shares) > 1:
        return hint(f"{where}: every process measures all pictures. Each should take its own share.")
    if len(asked) > len(set(asked)):
        return hint(
            f"{where}: the network was asked about {len(asked)} pictures, so some count twice. Does something fill up the "
            "shares (section 12)?"
        )
    if len(asked) < pictures:
        return hint(
            f"{where}: only {len(asked)} pictures were measured. Which ones does nobody take? Print the share of each process."
        )
    if max(sizes) - min(sizes) > 1:
        return hint(
            f"{where}: the shares have the sizes {', '.join(map(str, sizes))}. The others wait for the largest. They should "
            "differ by one picture at most."
        )
    return None


QUIZZES["08"] = [
    Question(
        "On a CPU, each picture cost 12 ms to decode, 4 ms to transform, and 20 ms to learn from. You move to a GPU, and learning takes 0.5 ms. But the training is only about twice as fast. What next?",
        (
            Choice(
                "Something is wrong with the GPU: it should make the training 40 times as fast.",
                "It does so for what runs on it. The other 16 ms are spent as before, so 36 ms became 16.5 ms. No GPU, however fast, can bring more than that.",
            ),
            Choice(
                "Mixed precision and `torch.compile`, since both make every training faster.",
                "They work on the 0.5 ms. Without these, 16 of 16.5 ms would remain. And even where the network takes long, they gain something on some machines only.",
            ),
            Choice(
                "Decode once, and augment whole batches on the GPU.",
                "Decoding and transforming are 16 of 16.5 ms, so that is where time can be won. Measure again afterwards: then something else will be the slowest part.",
                right=True,
            ),
            Choice(
                "Sixty-four workers: the more of them, the faster the pictures come.",
                "Workers are right for this, up to the number of free CPU cores. More of them share the same cores, need memory, and take time to start.",
            ),
        ),
    ),
    Question(
        "Until now you trained with `float32`. Now you wrap the network: `MixedPrecision(model, device, torch.bfloat16)`. What else do you expect?",
        (
            Choice(
                "Nothing else in the loop must change. Whether it gets faster depends on the hardware.",
                "The weights stay `float32`, and autocast chooses the type for each operation. Where the hardware does not compute with `bfloat16`, it can even be many times slower.",
                right=True,
            ),
            Choice(
                "It needs a `GradScaler`, since 16 bits are too few for small gradients.",
                "`float16` needs it, because of its small range. `bfloat16` has the range of `float32`, so a small gradient does not become 0.",
            ),
            Choice(
                "It gets twice as fast on every machine: half the bits, half the work.",
                "Only with hardware that computes with this type. Other processors must convert, and gain nothing or lose.",
            ),
            Choice(
                "The accuracy falls clearly, because two or three digits are not enough.",
                "Operations that need the digits stay in `float32`, and so do the weights. The noise of small batches is larger than this rounding. Measure it, and you will hardly see a difference.",
            ),
        ),
    ),
    Question(
        "On a GPU, you take the time of the first training step with one trick, then of the second step without it: 900 ms and 2 ms. You did not wait for the device. What do you know about the trick?",
        (
            Choice(
                "It makes a step 450 times slower: both steps did the same work.",
                "The first step also fetches memory and chooses methods, and is slower with any trick. That is why a warm-up comes first.",
            ),
            Choice(
                "It is slower, but less than that: the first step may count a little more.",
                "Perhaps it is faster. The first number holds the warm-up, the second may hold nothing but the giving of orders. Neither is the time of a step.",
            ),
            Choice(
                "At least that a GPU does a step of this network in 2 ms.",
                "Without waiting, the clock stops when all orders are given. The GPU may still compute for a long time.",
            ),
            Choice(
                "Nothing yet. Warm up, wait for the device, repeat, and compare again.",
                "Both numbers measure something else. After a warm-up, the fastest of several runs each is a fair comparison.",
                right=True,
            ),
        ),
    ),
    Question(
        "Two processes train with DDP on one machine, each with half of every batch. What is true after an epoch?",
        (
            Choice(
                "There are two different networks, since each has seen other pictures. The better one is saved.",
                "Their gradients are averaged before each step. So both make the same steps, and stay the same network.",
            ),
            Choice(
                "Both hold the same weights. At best it took half of the time, and usually more.",
                "Gradients are averaged in each step, which keeps the copies equal. Sending them takes time, and the two share memory, and perhaps cores.",
                right=True,
            ),
            Choice(
                "It took half of the time, since each had half of the pictures.",
                "That is the limit. Waiting for each other and sending gradients come on top, in every step. On a slow link two can be slower than one.",
            ),
            Choice(
                "Each process has trained on its own, and at the end of the epoch the two networks were averaged.",
                "What is averaged are gradients, in every step, not networks at the end. Networks that have gone apart can't be averaged so easily.",
            ),
        ),
    ),
    Question(
        "When may you compute the features of the training pictures once, and train only on them from then on?",
        (
            Choice(
                "Always, if you compute them with the training transform, so that there is augmentation.",
                "Then each picture has one random crop, and the same one in every epoch. That is no augmentation any more, only a worse picture.",
            ),
            Choice(
                "Also while the backbone learns, if its learning rate is small.",
                "With each step the backbone would give other features. The stored ones would belong to a network that no longer exists.",
            ),
            Choice(
                "If the backbone has `requires_grad=False`; its mode does not matter.",
                "In training mode BatchNorm looks at the batch and moves its statistics. A picture's features would depend on its company.",
            ),
            Choice(
                "If the backbone is frozen and in eval mode, and each picture enters it in the same form.",
                "Then it would compute the same numbers in every epoch. The head can learn from the stored ones in seconds.",
                right=True,
            ),
        ),
    ),
]
