"""Exercises and quiz of lesson 8: what pays, measured with made-up machines, so that no check depends on a clock."""

import math

import torch
from torch import nn
from torch.overrides import TorchFunctionMode
from torch.utils.data import DataLoader, Dataset, TensorDataset

from ...training import evaluate
from ..checks import exercise, hint, no_number, right, solved
from ..quizzes import QUIZZES, Choice, Question


def _close(a, b):
    return math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)


@exercise("8.1", "What a trick can gain")
def gain(gain):
    found = solved(gain({"decode": 3.0, "transform": 5.0, "learn": 12.0}, ["decode", "transform"], 4))
    if odd := no_number(found):
        return odd
    found = float(found)
    said = f"Parts of 3, 5 and 12 ms, of which the first two get four times as fast: you say {found:.2f}."
    for wrong, why in [
        (20 / 5, "That would be so if *everything* got four times as fast. What about the 12 ms that nobody touched?"),
        (20 / 12, "That is the upper bound: the 8 ms have vanished. Four times as fast, how long do they still take?"),
        (20 / 2, "That counts the touched parts only. The others still take their time."),
        (20 / 18, "The 8 ms became 2. You took away those 2, which are left. What was saved?"),
        (20 / 22, "The touched parts are in it twice, as they were and as they are now."),
        (14 / 20, "That is the share of the time that is left. Asked is how many *times* as fast."),
    ]:
        if _close(found, wrong):
            return hint(f"{said} {why}")
    if _close(found, 14):
        return hint(f"{said} That is `after` itself, the milliseconds that are left. Asked is how many times as fast.")
    if _close(found, round(20 / 14, 2)) or _close(found, round(20 / 14, 1)):
        return hint(f"{said} Right, but rounded. Return all digits.")
    if not _close(found, 20 / 14):
        return hint(
            f"{said} A picture should then take 14 ms. Print `after`: which of the three parts is not as it should be?"
        )
    cases = [
        ({"read": 8, "learn": 2}, ["read"], math.inf, "a part that vanishes (`math.inf`)"),
        ({"read": 8, "learn": 2}, ["learn"], 0.5, "a trick that makes a part slower (0.5)"),
        ({"read": 1, "move": 4, "learn": 7}, ["learn", "read"], 3, "parts in another order"),
        ({"read": 8, "learn": 2}, [], 3, "a trick that touches nothing"),
    ]
    for costs, touched, times, what in cases:
        in_touched = sum(costs[name] for name in touched)
        expected = sum(costs.values()) / (sum(costs.values()) - in_touched + in_touched / times)
        found = float(gain(dict(costs), list(touched), times))
        if not _close(found, expected):
            return hint(
                f"Right for that machine. But {what}: of {costs}, {touched or 'nothing'} gets {times} times as fast. That makes "
                f"the whole {expected:.2f} times as fast, and you say {found:.2f}."
            )
    return right(
        "What stays, plus what is left of the touched parts. This is known as Amdahl's law (1967). With `math.inf` it gives the upper "
        "bound. Try it on `costs`: what would a GPU bring here that learns 100 times as fast?"
    )


class _Machine:
    """A pretended device with a pretended clock: `run` gives an order (1 ms), which the device works off later."""

    def __init__(self):
        self.now, self.busy_until, self.orders = 0.0, 0.0, 0
        self.calls = []

    def run(self):
        self.now += 0.001
        self.busy_until = max(self.busy_until, self.now) + (0.9 if self.orders == 0 else 0.05)  # the first is slower
        self.orders += 1
        self.calls.append("run")

    def wait(self):
        self.now = max(self.now, self.busy_until)
        self.calls.append("wait")

    def clock(self):
        self.calls.append("clock")
        return self.now


@exercise("8.2", "A fair measurement")
def seconds_of(seconds_of):
    machine = _Machine()
    try:
        found = solved(seconds_of(machine.run, machine.wait, machine.clock))
    except UnboundLocalError as error:
        return hint(f"A line uses `{str(error).split(chr(39))[1]}` before there is any. Which line makes it?")
    calls = machine.calls
    if calls.count("clock") < 2:
        return hint(f"The clock was read {calls.count('clock')} times. A stretch of time has a beginning and an end.")
    start, stop = calls.index("clock"), len(calls) - 1 - calls[::-1].index("clock")
    before, between = calls[:start], calls[start + 1 : stop]
    if odd := no_number(found):
        return odd
    found = float(found)
    if 0.0499 < found < 0.0511:  # of several steps together, a mean may be taken
        return right(
            "Warm up, wait, start, run, wait, stop. Without the first `wait` the warm-up leaks into the time; without the second, "
            "a GPU looks many times as fast as it is. What more did section 1 do against a busy machine?"
        )
    said = f"A step of this pretended device takes 51 ms, and its first one 901. You measure {1000 * found:.0f} ms."
    in_order = (
        f"{said} What you called, in this order: {', '.join(calls)}. How many steps does that time hold, and which?"
    )
    if calls.count("clock") > 2:
        return hint(in_order)
    if "run" not in between:
        return hint(f"{said} Between the first and the last look at the clock, nothing ran.")
    if found < 0:
        return hint("That is a negative time. Which of the two looks at the clock came first?")
    if "run" not in before:
        return hint(f"{said} The very first run is among what you timed. How do you keep the warm-up out?")
    if "wait" not in before[before.index("run") :]:
        return hint(f"{said} When your clock starts, the device is still busy with the warm-up.")
    if "wait" not in between[between.index("run") :]:
        return hint(f"{said} The orders are given. But has the device worked them off when your clock stops?")
    return hint(in_order)


class _Ticking(Dataset):
    """Pictures that take 7 ms each to load, by a pretended clock."""

    def __init__(self, count):
        self.count, self.now, self.learnt = count, 0.0, []

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        self.now += 0.007
        return torch.zeros(3, 4, 5), index

    def learn(self, images, labels):
        self.now += 0.02 + 0.005 * len(labels)  # a step, and a picture
        self.learnt.append(len(labels))

    def clock(self):
        return self.now


@exercise("8.3", "Pictures a second")
def pictures_a_second(pictures_a_second):
    for count, batch_size, drop_last in [(24, 8, False), (24, 4, False), (26, 8, False), (21, 5, True)]:
        pictures = _Ticking(count)
        loader = DataLoader(pictures, batch_size, drop_last=drop_last)
        try:
            found = solved(pictures_a_second(loader, pictures.learn, pictures.clock))
        except ZeroDivisionError:
            return hint("No time passed between your two looks at the clock. What should lie between them?")
        if odd := no_number(found):
            return odd
        found, seen, batches = float(found), sum(pictures.learnt), len(loader)
        where = f"{count} pictures in batches of {batch_size}{', the rest left out' if drop_last else ''}"
        expected = batch_size * (count // batch_size) if drop_last else count
        if seen != expected:
            return hint(
                f"{where}: the network learnt from {seen} pictures, and the loader gives {expected}. Each comes once."
            )
        learning = 0.02 * batches + 0.005 * seen
        seconds = learning + 0.007 * seen
        said = f"{where}, in {seconds:.2f} s: you say {found:.1f}."
        if _close(found, seen / seconds):
            continue
        for wrong, why in [
            (batches / seconds, f"That is still batches a second, of which there were {batches}."),
            (seconds / seen, "That is seconds a picture. Turn it round."),
            (seconds / batches, "That is seconds a batch."),
            (
                seen / learning,
                "The time in which the loader prepares its pictures is missing. When does your clock start?",
            ),
            (batches * batch_size / seconds, "That counts each batch as a full one. Here the last one is smaller."),
            (count / seconds, f"That counts all {count} pictures of the dataset. Which did the loader leave out?"),
            (
                batches * 8 / seconds,
                "That counts 8 pictures in every batch. Which number do the batches themselves have?",
            ),
            (24 / seconds, "That counts 24 pictures, as in the exercise. Which number did the loader give?"),
        ]:
            if _close(found, wrong):
                return hint(f"{said} {why}")
        return hint(f"{said} {seen} pictures came in that time. Print your count and your seconds: which differs?")
    return right(
        "Pictures, not batches: only then may the size of a batch change between two measurements. A speed always needs a unit "
        "that the trick itself does not change. Which unit would you take if the trick changed the number of pixels?"
    )


ASKS = {  # what fetches a number from the device, and how a learner knows it
    **{name: f"`{name}()`" for name in ("item", "tolist", "cpu", "numpy", "to")},
    **{f"__{name}__": f"`{name}()`" for name in ("float", "int", "bool")},
    **dict.fromkeys(["__format__", "__repr__"], "`print` or an f-string"),
}


class _Watch(TorchFunctionMode):
    """Notes when a number is asked from the device: after how many batches, and by which call."""

    def __init__(self):
        super().__init__()
        self.batches, self.asked, self.moved = 0, [], 0

    def __torch_function__(self, function, types, args=(), kwargs=None):
        name = getattr(function, "__name__", "")
        if name in ASKS and (name != "to" or "cpu" in args[1:]):
            self.asked.append((self.batches, name))
        self.moved += name == "to" and "cpu" not in args[1:]
        return function(*args, **(kwargs or {}))


class _Watched(DataLoader):
    """Tells a _Watch how many batches it has given."""

    watch: _Watch | None = None

    def __iter__(self):
        for batch in list(super().__iter__()):
            if self.watch:
                self.watch.batches += 1
            yield batch
        if self.watch:
            self.watch.batches = math.inf  # the loop is over


@exercise("8.4", "One question, at the end")
def evaluate_once(evaluate_once, device):
    model = nn.Sequential(nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 3)).to(device).train()
    pictures = TensorDataset(3 * torch.randn(19, 4) + 2, torch.arange(19) * 7 % 3)
    batches, criterion = _Watched(pictures, batch_size=8), nn.CrossEntropyLoss()
    statistics = model[0].running_mean.clone()
    grad_modes = []
    model[2].register_forward_hook(lambda module, args, output: grad_modes.append(output.requires_grad))
    batches.watch = watch = _Watch()
    with watch:
        found = solved(evaluate_once(model, batches, criterion, device))
    batches.watch = None
    if found is None:
        return hint("The function returns nothing. Is its last line still there?")
    if not isinstance(found, (tuple, list)) or len(found) != 2:
        return hint("Two numbers are wanted, as before: the mean loss, then the accuracy.")
    inside = [(batch, name) for batch, name in watch.asked if 1 <= batch < math.inf]
    if inside:
        calls = ", ".join(sorted({ASKS[name] for _, name in inside}))
        return hint(
            f"Of {len(batches)} batches, {len({batch for batch, _ in inside})} still wait for a number from the device ({calls}). "
            "Add up tensors in the loop, and ask when it is over."
        )
    if any(isinstance(number, torch.Tensor) for number in found):
        return hint("What comes back holds tensors. Whoever prints them must ask then. Ask once, after the loop.")
    if any(grad_modes):
        return hint("Gradients are recorded, which lesson 6's `evaluate` prevents. Did a line above `def` get lost?")
    if not torch.equal(model[0].running_mean, statistics):
        return hint("BatchNorm's statistics have moved: the network answered in training mode. Did a line get lost?")
    if watch.moved < len(batches):
        return hint("On a CPU that works. But a GPU would complain: the pictures are not moved to the `device`.")
    expected = evaluate(model, batches, criterion, device)
    loss, accuracy = map(float, found)
    said = f"Your loss and accuracy are {loss:.4f} and {accuracy:.4f}, those of lesson 6 {expected[0]:.4f} and {expected[1]:.4f}."
    near = [abs(a - b) < 1e-4 for a, b in zip((loss, accuracy), expected, strict=True)]
    if all(near):
        shorter = DataLoader(pictures, batch_size=8, drop_last=True)
        mine, theirs = (measure(model, shorter, criterion, device)[1] for measure in (evaluate_once, evaluate))
        if abs(mine - theirs) > 1e-4:
            return hint(
                "Right for this loader. But one that leaves out the last batch gives fewer pictures than its dataset has. Divide "
                "by those that were seen."
            )
        asked = sum(batch == math.inf for batch, _ in watch.asked)
        if asked > 2:
            return hint(
                f"After the loop, the device is still asked {asked} times, more often with more batches. Add up tensors first, "
                "then ask for the sums."
            )
        return right(
            f"The device was asked {'once' if asked == 1 else f'{asked} times'} instead of {2 * len(batches)}, however many batches there are. On a CPU that changes "
            "nothing; a GPU goes on without a pause. In `train_one_epoch`, which lines would you change?"
        )
    if abs(loss - expected[1]) < 1e-4 and abs(accuracy - expected[0]) < 1e-4:
        return hint(f"{said} The two are swapped.")
    with torch.no_grad():
        losses = torch.stack([criterion(model.eval()(x.to(device)), y.to(device)) for x, y in batches])
        rights = torch.stack([(model(x.to(device)).argmax(dim=1) == y.to(device)).float().mean() for x, y in batches])
    if abs(loss - losses.mean().item()) < 1e-4 or (near[0] and abs(accuracy - rights.mean().item()) < 1e-4):
        return hint(
            f"{said} The batches have 8, 8 and 3 pictures, and each *batch* counts the same. Each picture should."
        )
    if abs(loss - losses[-1].item()) < 1e-4 or abs(loss - losses[-1].item() * 3 / 19) < 1e-4:
        return hint(f"{said} That is the loss of the last batch only. Does each one overwrite what was there?")
    which = "accuracy" if near[0] else "loss" if near[1] else "loss, and then the accuracy"
    return hint(f"{said} Look at the {which}: print what is added up, batch by batch, and what it is divided by.")


MACHINES = [  # (name, milliseconds of each part, what each trick makes how many times as fast)
    (
        "A laptop",
        {"decode": 1.0, "transform": 2.0, "forward": 10.0, "backward": 20.0},
        {
            "decode once": {"decode": 100, "transform": 4},
            "half the size": {"transform": 2, "forward": 3.5, "backward": 3.5},
            "mixed precision": {"forward": 1.5, "backward": 1.5},
        },
    ),
    (
        "A GPU",
        {"decode": 12.0, "transform": 4.0, "forward": 0.2, "backward": 0.4},
        {
            "mixed precision": {"forward": 2, "backward": 2},
            "workers": {"decode": 4, "transform": 4},
            "decode once": {"decode": 1000, "transform": 40},
        },
    ),
    (
        "A machine where two tricks do the same work",
        {"decode": 30.0, "transform": 10.0, "learn": 60.0},
        {
            "decode once": {"decode": 100, "transform": 5},
            "workers": {"decode": 3, "transform": 3},
            "mixed precision": {"learn": 1.3},
        },
    ),
    (
        "An old CPU",
        {"decode": 1.0, "transform": 1.0, "learn": 98.0},
        {"mixed precision": {"learn": 0.1}, "workers": {"decode": 2, "transform": 2, "learn": 0.9}},
    ),
    (
        "A machine on which small things become large",
        {"read": 5.0, "learn": 95.0},
        {"cache": {"read": 4}, "new chip": {"learn": 10}},
    ),
    ("A machine without tricks", {"read": 1.0, "learn": 2.0}, {}),
]


def _after(costs, trick):
    return {name: ms / trick.get(name, 1) for name, ms in costs.items()}


def _plan(costs, tricks):
    """The right plan: for each step the trick, and how many times as fast it and every other one would make the rest."""
    left, steps = dict(tricks), []
    while left:
        total = sum(costs.values())
        gains = {name: total / sum(_after(costs, trick).values()) for name, trick in left.items()}
        best = max(gains, key=gains.get)
        steps.append((best if gains[best] >= 1.05 else None, total, gains))
        if steps[-1][0] is None:
            return steps
        costs = _after(costs, left.pop(best))
    return [*steps, (None, sum(costs.values()), {})]


@exercise("8.5", "Which tricks, in which order")
def plan(plan):
    for machine, costs, tricks in MACHINES:
        steps = _plan(costs, tricks)
        expected = [name for name, *_ in steps if name]
        given = dict(costs), {name: dict(trick) for name, trick in tricks.items()}
        try:
            found = solved(plan(*given))
        except ValueError as error:
            if "empty" not in str(error):
                raise
            return hint(
                f"{machine}: all tricks are used up, and the best one is still looked for. When else must the loop end?"
            )
        except ZeroDivisionError:
            return hint(
                f"{machine}: the costs become 0, and your plan divides by them. Is a trick that was chosen "
                "still among those that are tried?"
            )
        if found is None:
            return hint("The function returns nothing. Is there a `return` at its end?")
        if not isinstance(found, (list, tuple)):
            return hint(f"Wanted is a list of names, in order. Yours is of type {type(found).__name__}.")
        found = list(found)
        if found == expected and given == (costs, tricks):
            continue
        if found == expected:
            changed = "costs" if given[0] != costs else "tricks"
            return hint(
                f"The plan is right, but your function changed `{changed}` itself. Work on a copy, such as `dict({changed})`."
            )
        if strange := [name for name in found if name not in tricks]:
            return hint(f"{machine}: {strange[0]!r} is in your list, and is the name of no trick.")
        if len(set(found)) < len(found):
            return hint(
                f"{machine}: your plan is {found}. A trick helps once: what is switched on cannot be switched on again."
            )
        first = next((i for i, (a, b) in enumerate(zip(found, expected, strict=False)) if a != b), None)
        at = min(len(found), len(expected)) if first is None else first
        _, total, gains = steps[at]
        so_far = f"After {', '.join(expected[:at])}" if at else "At the start"
        now = f"{machine}, {costs}. {so_far}, a picture takes {total:.1f} ms."
        if first is None and len(found) < len(expected):
            return hint(
                f"{now} Your plan ends there. But {expected[at]} makes this {gains[expected[at]]:.2f} times as fast."
            )
        chosen = f"{now} Your plan goes on with {found[at]}, which makes this {gains[found[at]]:.2f} times as fast."
        if at == len(expected):
            return hint(f"{chosen} Below 1.05, nothing is worth the trouble.")
        return hint(f"{chosen} Is there a trick that brings more *now*?")
    return right(
        "After each trick, measure again: a part that has become short has nothing left to give, and the others weigh more. "
        "Try it on `costs` of this machine. Which of the numbers in `tricks` would you have to measure first?"
    )


QUIZZES["08"] = [
    Question(
        "On a CPU, each picture cost 12 ms to decode, 4 ms to transform, and 20 ms to learn from. You move to a GPU, and learning takes 0.5 ms. But the training is only about twice as fast. What next?",
        (
            Choice(
                "Something is wrong with the GPU: it should make the training 40 times as fast.",
                "It does so for what runs on it. The other 16 ms are spent as before, so 36 ms became 16.5 ms. No GPU, however fast, can bring more than that.",
            ),
            Choice(
                "Mixed precision, since it makes every training faster.",
                "It works on the 0.5 ms. Without these, 16 of 16.5 ms would remain. And even where the network takes long, it gains something on some machines only.",
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
        "Until now you trained with `float32`. Now forward and loss stand under `torch.autocast(device.type, torch.bfloat16)`. What else do you expect?",
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
        "Of 100 ms, the network takes 80, forward and backward together. Mixed precision makes these twice as fast. How many times as fast is the training?",
        (
            Choice(
                "Twice.",
                "Only if there were nothing else. The other 20 ms stay: 40 + 20 = 60 ms.",
            ),
            Choice(
                "5 times.",
                "That is the upper bound, 100 / 20: no trick for the network can bring more. A bound rules out. It promises nothing.",
            ),
            Choice(
                "1.25 times.",
                "That is 100 / 80, what you could gain at most if the *other* 20 ms vanished.",
            ),
            Choice(
                "1.67 times.",
                "40 ms are left of the network's 80, and 20 ms stay: 100 / 60. What stays now is a third of the time, so a trick for it gains more than before.",
                right=True,
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
