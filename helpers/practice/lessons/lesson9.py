"""Exercises and quiz of lesson 9: from notebook to script."""

import contextlib
import copy
import inspect
import io
import re
import warnings

import torch
from torch import nn
from torch.optim import SGD
from torch.utils.data import DataLoader, TensorDataset

from ...memory import Kept
from ...training import build_optimizer, evaluate
from ..checks import exercise, hint, right, solved
from ..quizzes import QUIZZES, Choice, Question


@exercise("9.1", "Options of a script")
def read_options(read_options):
    words = ["--epochs", "3", "--lr", "0.01", "--freeze", "backbone"]
    try:
        found, said = _parse(read_options, words)
    except (TypeError, ValueError) as error:
        if "metavar" in str(error):
            return hint("`choices` needs the allowed words, in a list. Is the second blank still `...`?")
        if not re.search("(?<!llipsis is )not callable|unhashable", str(error)):
            raise
        return hint(
            "`type` takes a function that makes a number of a text, such as `int`, without quotes or brackets. `choices` "
            "takes a list of words."
        )
    if found is None and said is None:
        return hint("The function returns nothing. Is its last line still there?")
    if found is None and "--lr" in said:
        return hint(f"`--lr 0.01` is refused: *{said}*. Which kind of number is 0.01?")
    if found is None:
        return hint(f"`{' '.join(words)}` is refused: *{said}*. All three are allowed.")
    values = vars(found)
    if values.keys() != {"epochs", "lr", "freeze"}:
        return hint(f"There are the options {', '.join(values)}. Wanted are `epochs`, `lr` and `freeze`.")
    texts = [name for name in ("epochs", "lr") if isinstance(values[name], str)]
    if texts:
        return hint(
            f"`{texts[0]}` is the text {values[texts[0]]!r}. A command holds texts only, and nobody computes with one. "
            "What makes a number of a text?"
        )
    if values != {"epochs": 3, "lr": 0.01, "freeze": "backbone"} or type(values["lr"]) is not float:
        kind = type(values["lr"]).__name__
        return hint(
            f"From `{' '.join(words)}` came {values['epochs']}, {values['lr']} ({kind}) and {values['freeze']!r}. "
            "Wanted are 3, 0.01 (float) and 'backbone'."
        )
    found, said = _parse(read_options, [])
    if found is None or vars(found) != {"epochs": 8, "lr": 0.001, "freeze": "nothing"}:
        now = said if found is None else ", ".join(map(str, vars(found).values()))
        return hint(f"Without any words it should be 8, 0.001 and 'nothing'. Now: {now}.")
    found, said = _parse(read_options, ["--freeze", "nothing"])
    if found is None:
        return hint(f"`--freeze nothing` is refused: *{said}*. It is one of the two choices.")
    if _parse(read_options, ["--lr", "1+1"])[0] is not None:
        return hint("`--lr 1+1` is accepted. What turns a text into a number by running it will run any text.")
    for words, what in [
        (["--freeze", "heads"], "there is no such choice"),
        (["--freeze", "back"], "that is a part of a word only. A text holds all its parts; a list holds whole words"),
        (["--lr", "fast"], "that is no number"),
    ]:
        if _parse(read_options, words)[0] is not None:
            return hint(f"`{' '.join(words)}` is accepted, but {what}.")
    listed = re.search(r"choose from (.*)\)", _parse(read_options, ["--freeze", "heads"])[1])
    if listed and {word.strip("'") for word in listed[1].split(", ")} != {"nothing", "backbone"}:
        return hint(f"`--freeze` may be {listed[1]}. Wanted are these two words only: 'nothing' and 'backbone'.")
    if _parse(read_options, ["--lr", "1e-3"])[0] is None:
        return hint("`--lr 1e-3` is refused. That is how many people write 0.001.")
    return right(
        "A typing mistake now ends the script in its first second, not after a night. `helpers/train/options.py` is "
        "made so. Which of your own notebook's numbers would you make options?"
    )


def _parse(read_options, words):
    """(what it returns, None), or (None, why it ended the script)."""
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            return solved(read_options(words)), None
    except SystemExit:
        return None, said.getvalue().strip().splitlines()[-1].split("error: ")[-1]


@exercise("9.2", "A script that goes on")
def train_in_script(train_in_script):
    whole = _Script()
    problem = whole.run(train_in_script)
    if problem:
        return problem
    other = _Script()
    torch.rand(1)  # something was random before
    other.run(train_in_script)
    if not torch.equal(whole.weights, other.weights):
        return hint(
            "Two runs with the same seed end in different networks. `build()` makes a new head, with random weights. "
            "Where must the seed be set, if it shall decide them?"
        )
    other = _Script(seed=8)
    other.run(train_in_script)
    if torch.equal(whole.weights, other.weights):
        return hint("With the seeds 7 and 8 it ends in the same network. Is it the function's own `seed` that is set?")
    killed = _Script()
    killed.run(train_in_script, dies_in=2)
    problem = killed.run(train_in_script, done=2)
    if problem:
        return problem
    if not torch.equal(killed.weights, whole.weights):
        return hint("Killed in its third epoch and started again, it ends in another network. What is not restored?")
    return right(
        "Killed in its third epoch and started again, it ended in the very same network. Each line stands after those "
        "that make what it needs, and what is saved is a complete epoch. What would be lost if you saved only after every second epoch?"
    )


class _Script:
    """What the learner's script is given, its disk, and what it does with them."""

    EPOCHS = 4

    def __init__(self, seed=7):
        self.seed, self.disk = seed, None
        self.weights = torch.zeros(0)

    def run(self, train_in_script, dies_in=None, done=0):
        """A hint about what goes wrong, or None. dies_in: the epoch in which it is killed; done: how many were saved."""
        self.trained, self.saved, self.rates, self.dies_in = [], [], [], dies_in
        self.began_with, self.resumed = len(self.disk["epochs"]) if self.disk else 0, 0
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                model = solved(train_in_script(self.EPOCHS, self.seed, self.build, self.resume, self.train, self.save))
        except _Killed:
            return None
        except UnboundLocalError as error:
            return hint(f"A line uses `{str(error).split(chr(39))[1]}` before there is any. Which line makes it?")
        return self.judge(model, done)

    def build(self):
        return nn.Linear(3, 2)

    def resume(self, model, optimizer, scheduler):
        self.resumed += 1
        if self.disk is None:
            return 0
        model.load_state_dict(self.disk["model"])
        optimizer.load_state_dict(self.disk["optimizer"])
        scheduler.load_state_dict(self.disk["scheduler"])
        self.trained = list(self.disk["epochs"])
        return len(self.trained)

    def train(self, model, optimizer, epoch):
        if epoch == self.dies_in:
            raise _Killed
        numbers = torch.Generator().manual_seed(epoch)
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(torch.randn(8, 3, generator=numbers)), torch.arange(8) % 2).backward()
        self.rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        self.trained.append(epoch)

    def save(self, model, optimizer, scheduler):
        self.saved.append((len(self.trained), scheduler.last_epoch))
        states = {"model": model, "optimizer": optimizer, "scheduler": scheduler}
        self.disk = {name: copy.deepcopy(part.state_dict()) for name, part in states.items()}
        self.disk["epochs"] = list(self.trained)

    def judge(self, model, done):
        if not self.resumed:
            return hint(
                "`resume` was never called, so each start begins anew. Is each of the lines still there, and no `return` above them?"
            )
        if self.trained != list(range(self.EPOCHS)):
            return hint(f"The epochs {self.trained} were trained, and should be {list(range(self.EPOCHS))}.")
        if not self.saved:
            return hint("`save` was never called. A killed script would lose all.")
        if len(self.saved) < self.EPOCHS - done:
            return hint(
                f"{self.EPOCHS - done} epochs were trained, and `save` was called {len(self.saved)} time(s). Killed "
                "before the end, what would be left?"
            )
        expected = self.plan()[done:]
        if self.rates != expected:
            first = next(i for i, pair in enumerate(zip(self.rates, expected, strict=True)) if pair[0] != pair[1])
            if len(set(self.rates)) == 1:
                return hint("All epochs had the same learning rate. Is `scheduler.step()` still there, in the loop?")
            if done:
                return hint(
                    f"Killed and started again, epoch {first + done} had the learning rate {self.rates[first]:g}. In one "
                    f"go it would have been {expected[first]:g}. Is an optimizer at work that `resume` has not seen?"
                )
            return hint(
                f"Epoch {first} had the learning rate {self.rates[first]:g}, and the plan says {expected[first]:g}. "
                "When does an epoch's `scheduler.step()` come (lesson 5)?"
            )
        epochs, steps = self.saved[0]
        if epochs == done:
            return hint(
                "`save` comes before `train`. Each checkpoint lacks an epoch, and the last epoch is never saved. When is "
                "an epoch complete?"
            )
        if steps < epochs:
            return hint(
                "`save` comes before `scheduler.step()`. Whoever goes on from that checkpoint has the learning rate of the "
                "epoch before."
            )
        if not isinstance(model, nn.Module):
            return hint("All is in order, but the function does not return the network. Did its last line get lost?")
        self.weights = model.weight.detach().clone()
        return None

    def plan(self):
        """The learning rate of each epoch in one go."""
        optimizer, scheduler = build_optimizer(nn.Linear(3, 2), self.EPOCHS)
        rates = []
        for _ in range(self.EPOCHS):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            scheduler.step()
        return rates


class _Killed(BaseException):
    """No Exception: a learner's `except Exception` would not stop a real kill either."""


@exercise("9.3", "Measuring, shared out")
def sharded_evaluate(measure_share, put_together):
    shared = getattr(inspect.unwrap(measure_share), "__globals__", {}).get("criterion")
    before = getattr(shared, "reduction", None)
    for pictures, processes in [(12, 1), (12, 3), (13, 3), (20, 6), (5, 7), (1, 2), (31, 9)]:
        found = _share_out(measure_share, put_together, pictures, processes)
        if getattr(shared, "reduction", None) != before:
            shared.reduction = before
            return hint(
                "`measure_share` changes the lesson's own `criterion`, for all cells that use it. (Now it is as it was.) "
                'Make another: `nn.CrossEntropyLoss(reduction="sum")`.'
            )
        if found:
            return found
    few, many = (_numbers_sent(measure_share, pictures) for pictures in (10, 60))
    if few != many:
        return hint(
            f"The results are right. But for 10 pictures each process sends {few} numbers, and for 60 it sends {many}. With 100,000, "
            "that takes long. What is the least that must be known of a share?"
        )
    return right(
        "Sums can be added up over processes, means can't. That is how `helpers/train` measures, too: sum of losses, right "
        "answers, pictures. What would you send for the share of right answers in each class?"
    )


def _close(a, b, tolerance=1e-4):
    return abs(float(a) - float(b)) < tolerance * max(1, abs(float(b)))


def _made_up(pictures):
    """A small network in training mode, pictures that carry their number, their labels, and a list of what is asked."""
    model = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(12), nn.Dropout(0.5), nn.Linear(12, 4)).train()
    images, labels = torch.randn(pictures, 3, 2, 2), torch.arange(pictures) * 7 % 4
    images[:, 0, 0, 0] = torch.arange(pictures) / 8  # a number that survives any rounding
    asked = []  # for each call: the numbers of the pictures, the mode, and whether gradients are recorded

    def note(module, given):
        numbers = (given[0][:, 0, 0, 0] * 8).round().int().tolist()
        asked.append((numbers, module.training, torch.is_grad_enabled()))

    model.register_forward_pre_hook(note)
    return model, images, labels, asked


def _numbers_sent(measure_share, pictures):
    model, images, labels, _ = _made_up(pictures)
    return measure_share(model, images, labels, 0, 2).numel()


def _share_out(measure_share, put_together, pictures, processes):
    """A hint about what goes wrong with so many pictures and processes, or None."""
    model, images, labels, asked = _made_up(pictures)
    where = f"{pictures} pictures, {processes} processes" if processes > 1 else f"{pictures} pictures, a single process"
    parts, shares = [], []
    for rank in range(processes):
        asked.clear()
        model.train()
        try:
            with warnings.catch_warnings():  # torch.tensor of what has a gradient warns; the hint below says more
                warnings.simplefilter("ignore")
                part = solved(measure_share(model, images, labels, rank, processes))
        except ZeroDivisionError:
            return _no_pictures(where, "and dividing by their number fails")
        if part is None:
            return hint(f"{where}: `measure_share` returns nothing. It should return what this process sends.")
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
        if training:
            return hint("The network answers in training mode. Which line is missing (see `evaluate` in lesson 6)?")
        if recording:
            return hint("Gradients are recorded, which fills the memory (section 5). Which line is missing?")
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
    try:
        loss, accuracy = (float(torch.as_tensor(value).detach()) for value in answer)
    except (TypeError, ValueError, RuntimeError):
        return hint("`put_together` should return two numbers: loss and accuracy, in this order.")
    expected = evaluate(model, [(images, labels)], nn.CrossEntropyLoss(), torch.device("cpu"))
    if _close(loss, expected[0]) and _close(accuracy, expected[1]):
        return None
    said = f"{where}: your loss and accuracy are {loss:.4f} and {accuracy:.4f}, `evaluate` says {expected[0]:.4f} and {expected[1]:.4f}."
    if loss != loss or accuracy != accuracy:
        return _no_pictures(where, "and a mean of no numbers is `nan`")
    if _close(loss, expected[1]) and _close(accuracy, expected[0]):
        return hint(f"{said} The two are swapped.")
    if processes == 1:
        return hint(
            f"{said} Start with this case: a single process measures everything. What does it send, and what does "
            "`put_together` divide that by?"
        )
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
        return hint(f"{where}: every process measures all pictures. Each should take its own share, as it did.")
    if len(asked) > len(set(asked)):
        return hint(f"{where}: the network was asked about {len(asked)} pictures, so some count twice. Which ones?")
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


@exercise("9.4", "An epoch in parts")
def train_in_parts(train_in_parts):
    for batches, parts in [(6, 3), (4, 2), (7, 3), (8, 3), (2, 4), (3, 1)]:
        epoch = _Epoch(batches, parts)
        found = epoch.run(train_in_parts)
        if found:
            return found
    return right(
        "One step for each group, also for the last one, and each with the gradient of a batch that never was in memory as "
        "a whole. Other code always divides by `parts`: what does that make of the last step?"
    )


class _Epoch:
    """A network, an optimizer and a loader that note what an epoch in parts does with them."""

    def __init__(self, batches, parts, size=4):
        self.parts, self.size = parts, size
        self.model = nn.Sequential(nn.Linear(5, 8), nn.Tanh(), nn.Linear(8, 3))
        images, labels = torch.randn(batches * size, 5), torch.arange(batches * size) * 5 // 3 % 3
        self.loader = DataLoader(TensorDataset(images, labels), size)
        self.groups = [list(self.loader)[first : first + parts] for first in range(0, batches, parts)]
        self.optimizer = SGD(self.model.parameters(), lr=0.5)
        self.where = f"{batches} batches, `parts={parts}`"
        self.seen, self.kept, self.steps = [], [], []  # sizes of what was asked; MB that were kept before; gradients
        self.asked = []  # the first number of each batch
        self.modes = set()  # whether the network was in training mode

    def run(self, train_in_parts):
        """A hint about what goes wrong, or None."""
        for parameter in self.model.parameters():
            parameter.grad = torch.full_like(parameter, 3.0)  # what an epoch before has left
        step = self.optimizer.step
        with Kept() as kept:

            def ask(module, given):
                if given[0].shape[1:] != (5,):
                    shape, own = tuple(given[0].shape), (self.size, 5)
                    raise _Seen(hint(f"The network got {shape}. A batch of the function's own `data_loader` is {own}."))
                self.seen.append(len(given[0]))
                self.asked.append(given[0][0, 0].item())
                self.modes.add(module.training)
                self.kept.append(kept.megabytes)

            def note_step():
                grads = [p.grad for p in self.model.parameters()]
                self.steps.append((len(self.seen), None if grads[0] is None else _flat(grads), self.expected()))
                return step()

            self.model.register_forward_pre_hook(ask)
            self.optimizer.step = note_step
            try:
                solved(train_in_parts(self.model, self.loader, nn.CrossEntropyLoss(), self.optimizer, self.parts))
            except _Seen as seen:
                return seen.args[0]
        return self.judge()

    def expected(self):
        """The gradients of all groups' pictures, each as one batch and by its parts, with the weights of now."""
        model = copy.deepcopy(self.model)
        model._forward_pre_hooks.clear()

        def gradient(batches):
            images, labels = (torch.cat(column) for column in zip(*batches, strict=True))
            return _flat(torch.autograd.grad(nn.functional.cross_entropy(model(images), labels), model.parameters()))

        if len(self.steps) >= len(self.groups):
            return None
        group = self.groups[len(self.steps)]
        return {"group": gradient(group), "last": gradient(group[-1:]), "count": len(group)}

    def judge(self):
        batches = len(self.loader)
        if not self.seen:
            return hint("The network was never asked. Is there a loop over `data_loader`?")
        if not self.steps:
            return hint(f"{self.where}: `optimizer.step()` was never called.")
        if (most := max(self.seen)) != self.size:
            why = "The gradient may be right, but the memory is what there was too little of."
            if most < self.size:
                why = "Here the batches *are* the parts: several make one step, and none is cut."
            return hint(
                f"{self.where}: the network was asked about {most} picture(s) at once, and the batches have {self.size}. {why}"
            )
        if False in self.modes:
            return hint(
                "The network was asked in eval mode. Section 6 needs that to compare, because BatchNorm looks at a whole batch. "
                "To learn, leave the network in training mode, in which it comes."
            )
        if len(self.seen) != batches:
            return hint(f"{self.where}: the network was asked {len(self.seen)} times. Each batch should be used once.")
        if len(set(self.asked)) < batches:
            return hint(
                f"{self.where}: one batch came several times, and others never. `iter(data_loader)` begins anew."
            )
        ends = [asked for asked, *_ in self.steps]
        wanted = [sum(map(len, self.groups[: i + 1])) for i in range(len(self.groups))]
        if self.parts > 1 and len(ends) == batches:
            return hint(f"{self.where}: there were {len(ends)} steps, one after each batch. When is a group complete?")
        if ends == wanted[:-1] and len(self.groups[-1]) < self.parts:
            return hint(
                f"{self.where}: the last group is not complete, and its {batches - ends[-1]} batch(es) make no step. They "
                "were computed in vain."
            )
        if ends != wanted:
            return hint(
                f"{self.where}: there was a step after the batches {', '.join(map(str, ends))} (counted from 1), and should "
                f"be after {', '.join(map(str, wanted))}."
            )
        if max(self.kept) > 0:
            return hint(
                f"{self.where}: when the network is asked, it still keeps layer outputs of the batch before. `backward()` frees "
                "them, unless it is told to keep them. How often does it run, and when?"
            )
        for number, (_, found, expected) in enumerate(self.steps):
            problem = self.judge_step(number, found, expected)
            if problem:
                return problem
        return None

    def judge_step(self, number, found, expected):
        step, count, whole = f"{self.where}: at step {number + 1}", expected["count"], expected["group"]
        if found is None or not found.any():
            return hint(f"{step} there is no gradient. `zero_grad` has thrown it away. When may it run?")
        if _same(found, whole):
            return None
        if count > 1 and _same(found, count * whole):
            return hint(
                f"{step} the gradient is {count} times as long as that of the group in one batch. Gradients add up, and the "
                "loss is a mean. Where is the mean of the parts made?"
            )
        if count < self.parts and _same(found, whole * count / self.parts):
            return hint(
                f"{step} the gradient is {count}/{self.parts} of the right one. This group has {count} batch(es), "
                f"and was divided as if it had {self.parts}."
            )
        if count > 1 and any(_same(found, expected["last"] / k) for k in (1, count, self.parts)):
            return hint(f"{step} the gradient is that of the last batch alone. What has become of those before it?")
        before = torch.full_like(found, 3.0) if number == 0 else self.steps[number - 1][1]
        if any(_same(found - before, k * whole) for k in (1, count, count / self.parts)):
            return hint(
                f"{step} the gradient holds an older one, too, from before this group began. Who clears it up, and when?"
            )
        if not found.isfinite().all():
            return hint(
                f"{step} the gradient is no number any more. Is a loss divided by 0, in a group that is complete?"
            )
        if not _same(found / found.norm(), whole / whole.norm()):
            return hint(
                f"{step} the gradient has another direction than that of the group in one batch. Does `criterion` get the "
                "network's answers, each with its label, in float32? Is each loss divided by the same number?"
            )
        return hint(
            f"{step} the gradient has a length of {found.norm():.3f}, and that of the group in one batch {whole.norm():.3f}. "
            "What is each loss divided by?"
        )


class _Seen(Exception):
    """Ends the learner's function where a mistake is certain. Its argument is the hint."""


def _flat(tensors):
    return torch.cat([tensor.detach().flatten() for tensor in tensors])


def _same(one, other):
    return torch.allclose(one, other, rtol=1e-3, atol=1e-5)


QUIZZES["09"] = [
    Question(
        "A training stops in its first step: `CUDA out of memory. Tried to allocate 392.00 MiB. GPU 0 has a total capacity of 14.56 GiB of which 118.00 MiB is free. … Of the allocated memory 14.10 GiB is allocated by PyTorch.` What is the best first try?",
        (
            Choice(
                "A smaller batch; if the step shall stay the same, with gradient accumulation.",
                "Nearly all of the memory is this training's own. What layers keep for the backward pass grows with the batch, so half the pictures keep half of it.",
                right=True,
            ),
            Choice(
                "A smaller network: the 14.10 GiB are its weights.",
                "The weights of a ResNet-18 are 45 MB. With gradients and what AdamW keeps it is 0.18 GB. The rest are layer outputs.",
            ),
            Choice(
                "Shut down other notebooks: somebody else has the memory.",
                "That is worth a look when *allocated by PyTorch* is small. Here it is nearly all that there is.",
            ),
            Choice(
                "Free 274 MiB somehow, since only these were missing.",
                "The message names the request that failed, not all that would have followed. The next layer would fail.",
            ),
        ),
    ),
    Question(
        "You replace each batch of 32 by four batches of 8 with gradient accumulation. Each loss is divided by 4, and the optimizer steps after every fourth batch. BatchNorm is fixed. What changes?",
        (
            Choice(
                "The gradient: four small batches are noisier than a large one.",
                "The mean of the four parts' gradients is the gradient of the 32 pictures, up to rounding. It is as noisy as before.",
            ),
            Choice(
                "The memory that the layers need falls to about a quarter. The steps stay the same.",
                "`backward` frees a part's layer outputs before the next part comes. The gradients add up in the same place.",
                right=True,
            ),
            Choice(
                "There are four times as many steps, so the learning rate should be a quarter.",
                "The optimizer steps once for 32 pictures, as before. The learning rate stays as it is.",
            ),
            Choice(
                "It takes a quarter of the time.",
                "All 32 pictures are still computed. Small parts often take a little longer, since each call has costs of its own.",
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
        "You start the script with five learning rates, each with `--test` and a folder `--out` of its own. The best test accuracy of the five is 96 %. What may you say?",
        (
            Choice(
                "The classifier names 96 % of new pictures: the test pictures were never trained on.",
                "They were chosen by. The best of five is partly luck, and on new pictures it will likely be lower.",
            ),
            Choice(
                "Nothing about new pictures: the test pictures have chosen, so they were a second val.",
                "Choose by val, then run `--test` for the chosen one only. That number may be told, with its interval.",
                right=True,
            ),
            Choice(
                "96 %, because each of the five tests ran only once.",
                "The script asks once for each folder. But five folders are five looks, and you take the best.",
            ),
            Choice(
                "The mean of the five, since a mean has no luck in it.",
                "That would describe five learning rates together, bad ones included. Nobody will use their mean.",
            ),
        ),
    ),
]
