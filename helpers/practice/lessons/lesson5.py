"""Exercises and quiz of lesson 5: loss and optimizer."""

import copy
import math

import torch
from torch import nn
from torch.nn import functional as F
from torch.optim import SGD, Optimizer
from torch.optim.lr_scheduler import ReduceLROnPlateau

from ..checks import exercise, hint, right, solved
from ..quizzes import QUIZZES, Choice, Question
from .lesson4 import holds


@exercise("5.1", "Cross entropy by hand")
def loss_by_hand(loss_by_hand):
    row, label = torch.tensor([3.0, 1.5, 0.5, -2.0]), 2
    try:
        answer = solved(loss_by_hand(row.clone(), label))
    except IndexError as error:
        if "too many indices" not in str(error) and "Dimension out of range" not in str(error):
            raise
        return hint(
            "A line asks for a second axis, with `dim=1` or with two numbers in square brackets. A row has one axis only: "
            "that of the classes, number 0."
        )
    if answer is None:
        return hint("The function returns nothing. Is its last line still there?")
    if isinstance(answer, torch.Tensor) and answer.numel() > 1:
        return hint(f"That gives {answer.numel()} numbers. Only the share of one class matters: that of the label.")
    answer, shares = float(answer), row.softmax(dim=0)
    share = shares[label].item()

    def found(value):
        return abs(answer - float(value)) < 1e-4

    if found(math.log(share)):
        return hint("The size is right, the sign is not: a loss below 0 would be better than perfect.")
    if found(-math.log10(share)) or found(-math.log2(share)):
        return hint(
            f"{answer:.3f} is the logarithm to another base. The natural one is wanted: `.log()`, or `math.log`."
        )
    if found(share):
        return hint(
            f"{answer:.3f} is the share itself: it grows when the network gets better. A loss should shrink. "
            "Which function of section 2 turns one into the other?"
        )
    if found(1 - share) or found(-math.log(1 - share)):
        return hint(
            f"{answer:.3f} comes from 1 − share, the share of all *other* classes together. Which one does section 2 take?"
        )
    if any(found(sign * value) for value in (row[label], row[label].log()) for sign in (1, -1)):
        return hint(f"{answer:.3f} comes from the logit itself. First turn the row into shares that sum to 1.")
    if found(F.cross_entropy(shares, torch.tensor(label))):
        return hint("Softmax was applied twice, once by you and once by the library. Which of the two do you need?")
    if found(-shares.log().sum()) or found(-shares.log().mean()):
        return hint("You used the shares of all classes. Only one of them counts in cross entropy.")
    for k in range(len(row)):
        if k != label and found(-shares[k].log()):
            return hint(f"That is the loss if class {k} were the right one. But the label says {label}.")
    if not found(-math.log(share)):
        digits = next((n for n in range(4) if round(-math.log(share), n) == round(answer, 6)), None)
        if digits is not None:
            return hint(f"{answer:g} is the loss, rounded to {digits} decimals. Return it as it is.")
        if abs(float(loss_by_hand(row.flip(0), label)) - answer) < 1e-6:
            return hint(
                f"The function gives {answer:.3f} for two different rows. Does it look at something else, such as this "
                "notebook's `logits`?"
            )
        return hint(
            f"For the logits {row.tolist()} and the label {label} your function gives {answer:.3f}, the library "
            f"{-math.log(share):.3f}. Print the shares: are there {len(row)}, and do they sum to 1? Then print the one that "
            "you take."
        )
    for logits, k in [([0.5, -1.0], 1), ([1.0, 0.0, -3.0, 2.0, 0.5], 4), ([4.0, 1.0, 1.0], 0), ([9.0, -3.0], 1)]:
        library = F.cross_entropy(torch.tensor([logits]), torch.tensor([k])).item()
        if abs(float(loss_by_hand(torch.tensor(logits), k)) - library) > 1e-4:
            return hint(
                f"Right for one row, but not for {logits} and the label {k}. Is a number written into it that should be "
                "`row` or `label`?"
            )
    return right(
        "The library agrees, for any number of classes. It works with logits for a reason: try `row = torch.tensor([200.0, "
        "0.0])`. Where `exp` overflows by hand, the library still answers."
    )


class _Watched(SGD):
    """SGD that notes what is done with it."""

    def __init__(self, parameters, lr, events):
        super().__init__(parameters, lr=lr)
        self.events = events

    def step(self, closure=None):
        self.events.append("step")
        return super().step(closure)

    def zero_grad(self, set_to_none=True):
        self.events.append("zero_grad")
        super().zero_grad(set_to_none)


@exercise("5.2", "One training step")
def train_step(train_step):
    net, events = nn.Linear(4, 3), []
    by_hand = copy.deepcopy(net)
    net.weight.register_hook(lambda _: events.append("backward"))
    optimizer = _Watched(net.parameters(), 0.5, events)
    for call, labels in enumerate([torch.tensor([0, 1, 2, 0, 1]), torch.tensor([2, 2, 0])]):
        images = torch.randn(len(labels), 4)
        expected = F.cross_entropy(by_hand(images), labels)
        slopes = torch.autograd.grad(expected, list(by_hand.parameters()))
        with torch.no_grad():
            for parameter, slope in zip(by_hand.parameters(), slopes, strict=True):
                parameter -= 0.5 * slope
        events.clear()
        before = net.weight.clone()
        try:
            loss = solved(train_step(net, optimizer, images, labels))
        except UnboundLocalError as error:
            if "'logits'" in str(error):
                return hint("A line uses `logits` before there are any. Which line asks the network?")
            if "'loss'" in str(error):
                return hint("A line uses `loss` before there is one. Which line computes it, and from what?")
            raise
        after = zip(net.parameters(), by_hand.parameters(), strict=True)
        if not all(torch.allclose(mine, other, atol=1e-6) for mine, other in after):
            moved = not torch.equal(net.weight, before)
            return _why_not_by_hand(events, call, moved)
        if loss is None:
            return hint("The weights are right, but the function returns nothing. Did the line with `return` get lost?")
        loss = torch.as_tensor(loss).detach()
        if not abs(float(loss) - expected.item()) < 1e-4:
            return hint(
                f"The weights are right, but {float(loss):.3f} is returned. The loss was {expected.item():.3f}."
            )
    return right(
        "Two batches, two steps, each equal to SGD by hand. `zero_grad` has several right places: anywhere before "
        "`backward`, or after `step`. It must only never come between the two. Lesson 6 builds its loop around these lines."
    )


def _why_not_by_hand(events, call, moved):
    if moved and "step" not in events:
        return hint("The weights have moved, but not by a step of the `optimizer` that the function is given.")
    if "backward" not in events and "step" in events:
        return hint("`step` ran, but nothing has computed a gradient of this batch. Is a line missing?")
    if "backward" not in events:
        return hint("No gradient was ever computed. Does the function return too early?")
    if "step" not in events:
        return hint(
            "The gradients are there, but no weight has moved. Which line moves the weights, and is it reached?"
        )
    forth, back = events.index("step"), events.index("backward")
    if forth < back:
        return hint(
            "`step` runs before `backward`: it has no gradients of this batch yet. The slope must be known before you walk."
        )
    if "zero_grad" in events[back:forth]:
        return hint("No weight has moved: the gradients are cleared after they are computed and before they are used.")
    if events == ["backward", "step"] and call == 1:
        return hint(
            "The first step is right, the second is not: it still contains the gradients of the first batch. "
            "Which line should have cleared them, and is it reached?"
        )
    if sorted(events) == ["backward", "step", "zero_grad"]:
        return hint(
            f"The order is right, but the weights after step {call + 1} are not those of SGD by hand. Then the loss is another "
            "one: is it the cross entropy of these `logits` and `labels`, and the mean over the batch?"
        )
    return hint(f"The weights after step {call + 1} are not those of SGD by hand. What happened: {', '.join(events)}.")


@exercise("5.3", "A loss that stands still")
def prepare(prepare):
    for layers, num_classes in [((6, 5, 10), 3), ((3, 7, 1000), 5)]:
        features, hidden, outputs = layers
        net = nn.Sequential(nn.Linear(features, hidden), nn.Linear(hidden, outputs))
        old = net[1].weight.clone()
        wrong = _why_not_prepared(solved(prepare(net, num_classes)), old, features, num_classes)
        if wrong:
            return wrong
    return right(
        "Freeze, surgery, optimizer: in this order each step sees what the one before made. Print the sum of "
        "`p.numel()` over the optimizer's parameters before a long training: a sum that surprises you is a bug found early."
    )


def _why_not_prepared(result, old, features, num_classes):
    parts = result if isinstance(result, (tuple, list)) else ()
    if len(parts) != 2 or not isinstance(parts[0], nn.Module) or not isinstance(parts[1], Optimizer):
        return hint("The function should return two things: the network, and then its optimizer.")
    net, optimizer = parts
    outputs = net(torch.ones(4, features)).shape[1]
    if outputs != num_classes and num_classes == 5:
        return hint(f"Right for 3 classes. Asked for 5, it gives {outputs} outputs. Is a number written into it?")
    if outputs != num_classes:
        why = "Is there a new head?" if outputs == len(old) else "Is a number written into the new head?"
        return hint(f"Asked for 3 classes, the network gives {outputs} numbers for a picture. {why}")
    if holds(net, old):
        return hint("The old head is still a part of it, and hands its answers on. The new one belongs in its place.")
    *backbone, head = list(net.children())
    backbone = [parameter for part in backbone for parameter in part.parameters()]
    head = list(head.parameters())
    held = {id(parameter) for group in optimizer.param_groups for parameter in group["params"]}
    if not any(parameter.requires_grad for parameter in [*backbone, *head]):
        return hint("Now nothing can learn: the new head is frozen like the rest. When was everything frozen?")
    before = [parameter.clone() for parameter in [*backbone, *head]]
    optimizer.zero_grad()
    F.cross_entropy(net(torch.randn(8, features)), torch.arange(8) % num_classes).backward()
    optimizer.step()
    moved = [not torch.equal(old, new) for old, new in zip(before, [*backbone, *head], strict=True)]
    learns = moved[len(backbone) :]
    if any(moved[: len(backbone)]):
        return hint(
            "The backbone learns. It should stay frozen." + " So far, the new head does not learn." * (not any(learns))
        )
    if not any(moved) and held & {id(parameter) for parameter in head}:
        return hint(
            "The optimizer holds parameters of the head, and still none of them moves. What is its learning rate?"
        )
    if not any(moved) and held & {id(parameter) for parameter in backbone}:
        return hint(
            f"Still: after a step, every weight is as it was. The optimizer holds {len(held)} tensors. Which of "
            "them belong to a part of the network that can learn?"
        )
    if not any(moved):
        return hint(
            f"After a step, every weight is as it was. The optimizer holds {len(held)} tensors, but none of them is part "
            "of the network that you return."
        )
    frozen = sum(not parameter.requires_grad for parameter in head)
    if frozen:
        return hint(f"{frozen} of {len(head)} tensors in the new head are frozen. It should learn.")
    if not all(learns):
        return hint(
            f"The head has {len(learns)} tensors, and only {sum(learns)} of them learn. A new `Linear` has a weight and a "
            "bias, and the optimizer needs both."
        )
    if any(parameter.requires_grad for parameter in backbone):
        return hint(
            "Only the head learns, since the optimizer holds nothing else. But the backbone is not frozen: `backward` still "
            "computes all its gradients, for nothing."
        )
    return None


@exercise("5.4", "Ladybirds count too")
def build_criterion(build_criterion):
    counts = [120, 120, 60]
    try:
        criterion = solved(build_criterion(_labels(counts)))
    except TypeError as error:
        if "'list'" not in str(error):
            raise
        return hint("The weights are a list. The loss wants a tensor: `torch.tensor(…)` makes one of a list.")
    if criterion is None:
        return hint("The function returns nothing. Did you forget `return`?")
    if isinstance(criterion, (torch.Tensor, list, tuple)) or isinstance(criterion, type):
        return hint(f"The function returns a {type(criterion).__name__}. A loss is wanted: `nn.CrossEntropyLoss(…)`.")
    try:
        bees, ladybirds = _weights(criterion, 3)
    except RuntimeError as error:
        if "Long" in str(error):
            return hint(
                "The weights are whole numbers. The loss wants decimal ones (*float*), such as 2.0 instead of 2. "
                "(`/` gives those, `//` whole ones.)"
            )
        if "weight tensor" not in str(error):
            raise
        return hint(
            "For these three classes, the loss got another number of weights. Were they counted in `targets`, or in "
            "something else, such as this notebook's `classes`?"
        )
    if not 0.99 < bees < 1.01:
        return hint(f"Ants and bees are equally many, but a bee weighs {bees:.2f} times as much as an ant.")
    if abs(ladybirds - 1) < 0.01:
        return hint("All pictures weigh the same, so the ladybirds together have half the say of the ants.")
    if abs(ladybirds - 0.5) < 0.01:
        return hint(
            "Now a ladybird weighs *half* as much as an ant: its count is its weight. It should be the other way."
        )
    if abs(ladybirds - 4 / 3) < 0.01:
        return hint(
            "A ladybird weighs 1.33 times as much as an ant: that is 1 − share of the pictures. It looks right with two "
            "classes, and only there. How often must 60 pictures count, to equal 120?"
        )
    if not 1.99 < ladybirds < 2.01:
        return hint(
            f"A ladybird weighs {ladybirds:.2f} times as much as an ant. There are half as many. What makes both classes "
            "equal together?"
        )
    for other in ([100, 60], [120, 6, 45], [10, 40, 20], [7, 40, 23, 11, 64]):
        wrong = hint(
            f"Right for {counts} pictures, but not for {other}. Is a number written into it, or does it "
            "look at `three_targets` instead of the `targets` that it is given?"
        )
        try:
            weights = _weights(build_criterion(_labels(other)), len(other))
        except RuntimeError as error:
            if "weight tensor" not in str(error):
                raise
            return wrong
        if other == [100, 60] and min(abs(weights[0] - whole) for whole in (1, 2)) < 1e-3:
            (third,) = _weights(build_criterion(_labels([100, 34])), 2)  # 2.94
            if min(abs(third - whole) for whole in (2, 3)) < 1e-3:
                return hint(
                    f"Right for {counts} pictures. For {other}, a picture of the rare class weighs {weights[0]:.2f} times as "
                    "much as one of the other. 100 / 60 would be 1.67. Does something round, such as `//`?"
                )
        if not all(0.99 < w * n / other[0] < 1.01 for w, n in zip(weights, other[1:], strict=True)):
            return wrong
    return right(
        "Weight times pictures is now the same for each class. In training each has *nearly* the same say: the mean divides "
        "by the weights of its own batch, and a batch rarely holds the classes in proportion. The other way is to draw the "
        "rare class more often."
    )


def _labels(counts):
    """Labels with these counts, in mixed order."""
    labels = torch.arange(len(counts)).repeat_interleave(torch.tensor(counts))
    return labels[torch.randperm(len(labels))]


def _weights(criterion, num_classes):
    """How much a picture of class 1, 2, … weighs in the loss, compared with one of class 0."""
    device = getattr(getattr(criterion, "weight", None), "device", "cpu")
    ratios = []
    for k in range(1, num_classes):
        losses = []
        for sure in (0, 1):  # which of two pictures is answered right, at no cost; the other one is guessed
            labels = torch.tensor([0, k], device=device)
            logits = torch.zeros(2, num_classes, device=device)
            logits[sure, labels[sure]] = 100.0
            losses.append(criterion(logits, labels).sum().item())
        ratios.append(losses[0] / losses[1] if losses[1] else math.inf)
    return ratios


@exercise("5.5", "Down a noisy valley")
def choose(choose):
    steps, goal = 200, 0.01
    points = START.repeat(200, 1).requires_grad_()
    try:
        result = solved(choose([points]))
    except AttributeError as error:
        if "'list' object has no attribute 'parameters'" not in str(error):
            raise
        return hint(
            "`build_optimizer` wants a model, and `parameters` is a list of tensors. Write the two lines anew: an "
            "optimizer, and a factor for 200 steps."
        )
    wrong = _why_no_pair(result, points)
    if wrong:
        return wrong
    if not torch.equal(points[0], START):
        return hint("The balls were moved before the first step. Let the optimizer do that.")
    rates, losses, end, centre = _descend(points, *result, steps)
    decay = max(group.get("weight_decay", 0) for group in result[0].param_groups)
    if end < goal:
        return right(
            f"The loss ends at {end:.4f}: long steps to get there, short ones to settle. Lesson 6 uses a "
            "schedule for the same reason. Can you get there with another optimizer, too?"
        )
    if decay:
        points = START.repeat(200, 1).requires_grad_()
        optimizer, scheduler = choose([points])
        for group in optimizer.param_groups:
            group["weight_decay"] = 0
        with_decay, (rates, losses, end, centre) = end, _descend(points, optimizer, scheduler, steps)
        if end < goal:
            return hint(
                f"The loss ends at {with_decay:.3g}, and without the weight decay of {decay:g} it would end at {end:.4f}: it "
                "pulls both numbers towards 0, and the lowest point lies at 3."
            )
    highest, last = max(rates), rates[-1]
    if not end < _valley(START):  # also if it is not a number
        return hint(
            f"The balls run away: the loss ends at {end:.3g}, above the {_valley(START).item():g} of the start. The steps "
            f"are too long for the steep side. Your largest learning rate is {highest:g}."
        )
    ending = f"The loss ends at {end:.3g}"
    if (rises := _rises(rates)) > 0:
        return hint(
            f"{ending}. Your learning rate falls and then rises again, {rises} times in 200 steps. For how many steps is its "
            "curve made?"
        )
    if centre > end / 2 and last > 0.5 * highest:
        return hint(
            f"{ending}: the balls are still on their way, at a learning rate of {last:g}. What would let them cover more "
            "ground in 200 steps?"
        )
    if centre > end / 2:
        low = next(i for i in range(rates.index(highest), steps) if rates[i] <= 0.5 * highest)
        return hint(
            f"{ending}: the learning rate fell from {highest:g} to {last:.2g} before the balls arrived. Step {low + 1} was the "
            f"first at half of it or less, and the loss was still {losses[low]:.2g} then. Did it fall too early, or were the "
            "steps too short from the start?"
        )
    if last > 0.5 * highest:
        return hint(
            f"{ending}. On average the balls have arrived, but they jitter around the goal: with a learning rate of "
            f"{last:g}, the noise throws each of them about until the end. When should it be smaller?"
        )
    if last < 0.005 * highest:
        tiny = steps - next(i for i in range(steps) if max(rates[i:]) < 0.01 * highest)
    if last < 0.005 * highest and tiny > steps // 10:
        return hint(
            f"{ending}. On average the balls have arrived, but they stay scattered around the goal. In the last {tiny} steps "
            f"the learning rate was below a hundredth of the largest, {highest:g}, too little to move them. How could it fall "
            "more gently?"
        )
    momentum = any(group.get("momentum") or group.get("betas") for group in result[0].param_groups)
    return hint(
        f"{ending}. The learning rate fell from {highest:g} to {last:.2g}, and the balls still jitter. "
        f"Was it too large for too long{', or does momentum still carry the balls about' * momentum}?"
    )


def _descend(points, optimizer, scheduler, steps):
    """As in the lesson. Returns the learning rates, the mean losses, the last loss, and that of the balls' mean place."""
    rates, losses = [], []
    for _ in range(steps):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()
        loss = _valley(points)
        losses.append(loss.mean().item())
        (loss + (torch.randn(200, 2) * points).sum(dim=1)).sum().backward()
        optimizer.step()
        scheduler.step()
    return rates, losses, _valley(points).mean().item(), _valley(points.mean(dim=0)).item()


def _rises(rates):
    """How often a learning rate that had been high, and then less than half, gets high again."""
    levels = ["high" if rate > 0.9 * max(rates) else "low" for rate in rates if not 0.5 <= rate / max(rates) <= 0.9]
    return max(0, sum(now == "high" != before for before, now in zip(["low", *levels], levels, strict=False)) - 1)


def _why_no_pair(result, points):
    """A hint if this is no optimizer of these points with a scheduler of its own, in this order."""
    parts = list(result) if isinstance(result, (tuple, list)) else [result]
    if any(isinstance(part, type) for part in parts):
        return hint("A class came back, not an object made of it. Brackets make one, as in `StepLR(optimizer, …)`.")
    optimizers = [part for part in parts if isinstance(part, Optimizer)]
    if not optimizers:
        return hint(
            f"`choose` returns a {type(result).__name__} without an optimizer. An optimizer and a scheduler are wanted."
        )
    if len(parts) == 1:
        return hint("`choose` returns an optimizer alone. `descend` wants two things: an optimizer and a scheduler.")
    if len(parts) > 2:
        return hint(f"`choose` returns {len(parts)} things. `descend` wants two: an optimizer and a scheduler.")
    if parts[0] is not optimizers[0]:
        return hint("The optimizer comes second here. `descend` takes the optimizer first, and then the scheduler.")
    optimizer, scheduler = parts
    if isinstance(scheduler, ReduceLROnPlateau):
        return hint(
            "`ReduceLROnPlateau` must be told the loss at each step. `descend` tells none: take another scheduler."
        )
    if not hasattr(scheduler, "step") or isinstance(scheduler, Optimizer):
        return hint(f"The second thing is a {type(scheduler).__name__}. `descend` needs a scheduler there.")
    if getattr(scheduler, "optimizer", optimizer) is not optimizer:
        return hint(
            "The scheduler belongs to another optimizer than the one that you return, so it changes a learning rate that "
            "nobody uses. Make the optimizer once, give it a name, and use the name twice."
        )
    if not any(parameter is points for group in optimizer.param_groups for parameter in group["params"]):
        return hint("The optimizer does not hold the `parameters` that `choose` was given, so no ball can move.")
    return None


START = torch.tensor([8.0, 4.0])


def _valley(points):
    return 0.5 * (points[..., 0] - 3) ** 2 + 5 * (points[..., 1] - 3) ** 2


QUIZZES["05"] = [
    Question(
        "For one picture, a network with three outputs gives −0.5, 4.5 and 5.0. What does the 5.0 tell you?",
        (
            Choice(
                "The picture is of the third class, with a probability of 5 %.",
                "A logit is no percentage. Logits can be negative or larger than 100, and they sum to anything.",
            ),
            Choice(
                "The network is 5.0 / 9.0, so about 56 % sure of the third class.",
                "Dividing by the sum fails as soon as a logit is negative: the shares must go through `exp` first.",
            ),
            Choice(
                "It prefers the third class; how sure it is depends on all three logits.",
                "Softmax looks at the differences between logits. Alone, a logit of 5.0 can mean 95 % or 1 %.",
                right=True,
            ),
            Choice(
                "It is very sure, since 5.0 is a large logit.",
                "Large compared with what? The second class has nearly as much, so it is not sure at all: about 62 to 38 %.",
            ),
        ),
    ),
    Question(
        "Two classes. The training accuracy reaches 100 %, but the loss, a `CrossEntropyLoss`, levels off at 0.32. The network ends with `nn.Softmax(dim=1)`. What do you do?",
        (
            Choice(
                "Take the softmax out of the network.",
                "The loss applies its own. With two, it cannot fall below 0.313, however good the network is.",
                right=True,
            ),
            Choice(
                "Keep it, since the loss needs probabilities, and train longer.",
                "The loss needs logits and makes probabilities itself. No training gets below 0.313 here.",
            ),
            Choice(
                "Nothing: 0.32 is the loss of guessing between two classes.",
                "Guessing has 0.693, the logarithm of 2. And who guesses is not right for 100 %.",
            ),
            Choice(
                "Lower the learning rate: it jitters around the minimum.",
                "A rate that is too high can stop a loss too. But there is a floor at 0.313 here, and it is where it stops.",
            ),
        ),
    ),
    Question(
        "You want to see how large the gradients are in each training step. Where do you print them?",
        (
            Choice(
                "After `zero_grad`: it clears the network's gradients, the optimizer's `param_groups` keep them.",
                "`param_groups` holds the very same parameters, not copies. What is cleared there is cleared here.",
            ),
            Choice(
                "Between `zero_grad` and `backward`.",
                "There they are `None`: the old ones are gone, and the new ones are not computed yet.",
            ),
            Choice(
                "Between `backward` and the next `zero_grad`.",
                "`backward` leaves them at the parameters. There they stay, also after `step`, until they are cleared.",
                right=True,
            ),
            Choice(
                "Nowhere: `step` uses them up.",
                "`step` only reads them. That is why they add up if nobody clears them.",
            ),
        ),
    ),
    Question(
        "You write `optimizer = SGD(model.parameters(), lr=0.01)`, and in the next line `model.fc = nn.Linear(512, 2)`. Nothing is frozen. You train. What happens?",
        (
            Choice(
                "All layers learn: the optimizer looks the parameters up in `model`.",
                "It got the tensors themselves when it was built, and never asks the model again.",
            ),
            Choice(
                "The backbone learns, the new head stays random.",
                "The loss may even fall a little, because the backbone adapts to the random head. So it is easy to miss.",
                right=True,
            ),
            Choice(
                "`optimizer.step()` raises an error: the old head has no gradient.",
                "Parameters without a gradient are passed over silently. That is what makes this bug hard to see.",
            ),
            Choice(
                "Only the new head learns, since it is the newest layer.",
                "It is the one part that the optimizer does not hold. The order of building gives no priority.",
            ),
        ),
    ),
    Question(
        "A network trains well with `SGD(…, lr=0.1, momentum=0.9)`. Its gradients are about 0.001. You write `Adam(…, lr=0.1)` instead. How long is the very first step?",
        (
            Choice(
                "As before: Adam is SGD with momentum.",
                "Both keep momentum, but Adam also divides by the usual size of the gradient.",
            ),
            Choice(
                "As before: only later steps differ, since there is no movement to keep yet.",
                "That is true of SGD with and without momentum. Adam differs from its first step on.",
            ),
            Choice(
                "Shorter, because Adam divides by the size of the gradient.",
                "Dividing by something as small as 0.001 makes it longer.",
            ),
            Choice(
                "About a thousand times longer.",
                "SGD goes 0.1 × 0.001 = 0.0001. Adam's first step is about `lr` = 0.1, whatever the slope.",
                right=True,
            ),
        ),
    ),
]
