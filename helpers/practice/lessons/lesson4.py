"""Exercises and quiz of lesson 4: model surgery."""

from collections import OrderedDict

import torch
from torch import nn
from torch.nn.modules.batchnorm import _BatchNorm as BatchNorm
from torchvision.datasets import ImageFolder

from ..checks import exercise, hint, is_number, right, solved
from ..quizzes import QUIZZES, Choice, Question
from .lesson1 import folder_of


@exercise("4.1", "How much can learn?")
def trainable_numbers(trainable_numbers, vgg, model, classes):
    if not is_number(trainable_numbers):
        return hint(f"That is a {type(trainable_numbers).__name__}. One whole number is wanted.")
    answer, inputs = float(trainable_numbers), vgg.classifier[-1].in_features
    features, mine = model.fc.in_features, len(classes)
    mistakes = {
        inputs * 5: "Those are the weights. What does a `Linear` add at the end, once for each of its outputs?",
        inputs: "That is what arrives at the head. Each of the 5 outputs has a weight of its own for each feature.",
        inputs + 5: "You added features and classes. But each class has a weight for each feature.",
        (inputs + 1) * 1000: "That is the old head, with its 1000 outputs. How many does the new one have?",
        3 * 5 + 5: "That would fit a head for 3 inputs. But what arrives at it are features, not colours.",
        features * 5 + 5: f"To the head of our ResNet come {features} features. How many come to the head of `vgg`?",
        (inputs + 1) * mine: f"That is a head for `classes`, of which there are {mine}. How many beetles are there?",
        inputs * 5 + inputs: "Almost: you added one bias for each input. There is one for each output.",
    }
    if answer == inputs * 5 + 5:
        return right(
            f"{inputs:,} × 5 weights and 5 biases: {inputs * 5 + 5:,} of 134 million. They fit into 82 kB, and few numbers "
            "can be learnt from few pictures. How many would it be with the 512 features of a ResNet-18?"
        )
    if answer in mistakes:
        return hint(mistakes[answer])
    if answer > 1_000_000:
        return hint("Over a million: you count more than the new head. The rest, with all other layers, is frozen.")
    return hint(
        f"{answer:,.0f} is not it. How many features arrive, how many outputs leave, and what is added to each?"
    )


@exercise("4.2", "A surgery")
def build_frozen(build_frozen, model):
    own_head = model.fc
    try:
        built = {count: solved(build_frozen(count)) for count in (3, 5)}
    except UnboundLocalError as error:
        if "'model'" in str(error):
            return hint("A line uses `model` before there is one. Which line makes it?")
        return hint("The function returns `trainable` before it is collected.")
    finally:
        changed = model.fc is not own_head
        model.fc = own_head
    if changed:
        return hint("Your function operates on the lesson's `model` instead of a fresh one. Is a line missing?")
    if built[3] is None:
        return hint("The function returns nothing. Did the line with `return` get lost?")
    network, trainable = built[3]
    trainable, head = list(trainable), list(network.fc.parameters())
    late = [p for p in trainable if not p.requires_grad]
    outputs = [network.fc.out_features for network, _ in built.values()]
    if outputs == [1000, 1000]:
        return hint("The head still has 1000 outputs: the function returns before the new one is in place.")
    if outputs != [3, 5]:
        return hint(f"Asked for 3 and for 5 classes, the heads have {outputs[0]} and {outputs[1]} outputs.")
    if late:
        return hint(
            f"The list has {len(trainable)} tensors, but {'none' if len(late) == len(trainable) else 'not all'} of them can "
            "learn now: they were collected first and frozen afterwards. What must be settled before you collect?"
        )
    if not head[0].requires_grad:
        return hint("Nothing can learn any more, not even the new head. It was there already when all was frozen.")
    if network.conv1.weight.requires_grad:
        return hint(f"{len(trainable)} tensors can learn: nothing is frozen when the function returns.")
    if not trainable:
        return hint("The head can learn, but the list is empty: when it was made, the new head was not there yet.")
    if {id(p) for p in trainable} == {id(p) for p in head}:
        return right(
            "Load, freeze, replace, collect: only the new head's weight and bias are left. Lesson 5 hands this list to the "
            "training. A list made before freezing holds the old weights only, and no error tells you."
        )
    return hint(f"The list should hold the head's weight and bias. It holds {len(trainable)} tensors.")


@exercise("4.3", "Three answers to one picture")
def answers_by_epoch(answers_by_epoch):
    passes = []  # of each pass: whether the dropout of the head was active
    network, norms = _with_batchnorms()
    network.requires_grad_(False).fc.requires_grad_(True)
    network.dropout.register_forward_hook(lambda dropout, inputs, output: passes.append(dropout.training))
    images = 3 + torch.randn(6, 3, 8, 8)
    with torch.no_grad():
        expected = network.eval()(images[:1])[0, 0].item()
    passes.clear()
    answers = solved(answers_by_epoch(network, images, 4))
    if answers is None:
        return hint("The function returns nothing. Is its last line still there?")
    answers = [float(torch.as_tensor(answer).detach()) for answer in answers]
    if len(answers) != 4:
        return hint(f"After 4 epochs there should be 4 answers. There are {len(answers)}.")
    moved = sum(norm.running_mean.abs().sum().item() > 0 for norm in norms)
    if moved:
        return hint(
            f"Still {len(set(answers))} different answers in 4 epochs of a small network, and {moved} of 2 frozen BatchNorms moved. "
            "Follow the mode of a BatchNorm line by line: who has the last word before the batch runs through?"
        )
    if passes and passes[-1]:
        return hint(
            "The BatchNorms stand still. But the answers are given in training mode, where a dropout in the head leaves "
            "out numbers by chance. Which line switched to answering?"
        )
    if sum(passes) == 0:
        return hint(
            "The answers agree, but no batch ever runs through in training mode. A head with dropout, which leaves out "
            "numbers by chance in training, would be switched off. Only the frozen BatchNorms belong in eval mode."
        )
    if sum(passes) < 4:
        return hint(
            f"The answers agree, but only {sum(passes)} of 4 epochs had its batch in training mode. `network.eval()` at the "
            "end of an epoch lasts. Who switches back?"
        )
    if max(abs(answer - expected) for answer in answers) > 1e-4:
        return hint(f"The network's answer is {expected:.3f} before and after. Yours are {answers}.")
    if not network.fc.weight.requires_grad:
        return hint("Your function froze the head, too. Only the modes should change, not what can learn.")
    network, (frozen, learning) = _with_batchnorms()
    frozen.requires_grad_(False)
    modes = []  # of the frozen BatchNorm, in each pass
    frozen.register_forward_hook(lambda norm, inputs, output: modes.append(norm.training))
    answers_by_epoch(network, images, 4)
    if any(modes):
        return hint(
            "The answers agree, but a frozen BatchNorm was in training mode when a batch ran through: it took the mean of "
            "that batch. Putting its statistics back, or holding them, does not change this."
        )
    if not learning.running_mean.abs().sum():
        return hint(
            "Right for this network. But one whose last BatchNorm may learn was tried, too, and there it stood still. Only "
            "the frozen ones belong in eval mode."
        )
    return right(
        "`train()` switches *all* layers, so the cure must follow it each time, not once at the start. What should happen "
        "to the answers if `layer4` is not frozen?"
    )


def _with_batchnorms():
    """A tiny network with dropout and a head named `fc`, and its two BatchNorms, the second of them inside a block."""
    first, block = nn.BatchNorm2d(4), nn.Sequential(nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4))
    parts = {
        "conv1": nn.Conv2d(3, 4, 3),
        "bn1": first,
        "relu": nn.ReLU(),
        "layer1": block,
        "pool": nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten()),
        "dropout": nn.Dropout(0.5),
        "fc": nn.Linear(4, 3),
    }
    return nn.Sequential(OrderedDict(parts)), (first, block[1])


class WithHead(nn.Module):
    """A tiny network whose head is named `fc`, with 7 old classes."""

    def __init__(self, features: int):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(3, features, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.fc = nn.Linear(features, 7)

    def forward(self, x):
        return self.fc(self.body(x))


def holds(network, weight):
    """Whether these numbers are a parameter of the network, wherever they stand."""
    return any(torch.equal(parameter.cpu(), weight) for parameter in network.parameters())


@exercise("4.4", "A head that fits")
def adapt(adapt):
    adapted, old = {}, {}
    for count, features in [(2, 512), (3, 512), (5, 512), (3, 6)]:
        with folder_of(**{f"class {k}": ["a.png", "b.png", "c.png", "d.png"] for k in range(count)}) as folder:
            dataset, network = ImageFolder(folder), WithHead(features)
            try:
                old[count, features] = network.fc, network.fc.weight.clone()
                adapted[count, features] = solved(adapt(network, dataset))
            except TypeError as error:
                if "list" not in str(error):
                    raise
                return hint("`dataset.classes` is a list of names. A layer wants a number: how many are there?")
    network, images = adapted[3, 512], torch.zeros(1, 3, 4, 4)
    if network is None:
        return hint("The function returns nothing. Is its last line still there?")
    if not isinstance(network, nn.Module) or not hasattr(network, "body"):
        return hint(f"It returns a {type(network).__name__}. The network that it was given is wanted, with a new head.")
    try:
        found = [adapted[count, 512].cpu()(images).numel() for count in (2, 3, 5)]
    except RuntimeError as error:
        if "shapes cannot be multiplied" not in str(error):
            raise
        return hint(
            "The new head does not take what arrives. `nn.Linear` wants first how many numbers come in, then how many go out. "
            "Which number of the old head counts what comes in?"
        )
    if found == [2, 2, 2]:
        return hint(
            "Still 2 outputs, for 3 and for 5 classes too. The ladybirds, label 2, have no output. Is a number written into "
            "it, or does it ask the lesson's `classes`? It is given a `dataset`."
        )
    old_head, old_weight = old[3, 512]
    if found != [7, 7, 7] and holds(network, old_weight):
        return hint(
            "The old head is still inside: its 7 old answers go into a new layer. Print `network`. The new head should "
            "get the features themselves."
        )
    if found == [7, 7, 7] and network.fc is not old_head:
        return hint(
            "There is a new layer, and it has 7 outputs like the old one. What says how many classes there are?"
        )
    if found == [7, 7, 7] and network.fc.out_features != 7:
        return hint(
            f"`out_features` says {network.fc.out_features} now, and the layer still gives 7 numbers: its weights were made "
            "for 7 outputs. A new layer is needed."
        )
    if found == [7, 7, 7]:
        return hint(
            "The network still answers with its old head, 7 outputs. Under which name does it look for its head?"
        )
    if found == [8, 12, 20]:
        return hint("`len(dataset)` counts pictures. How many *kinds* of pictures are there?")
    if found == [1, 2, 4]:
        return hint("One output too few. Labels start at 0, so the largest label is one less than there are classes.")
    if found == [3, 3, 3]:
        return hint(
            "Right for three classes, but not for five: 3 outputs then too. Is a number written into it, or does it look "
            "at something else than the `dataset` that it is given?"
        )
    if found != [2, 3, 5]:
        return hint(f"Given 2, 3 and 5 classes, the head has {found[0]}, {found[1]} and {found[2]} outputs.")
    if not all(parameter.requires_grad for parameter in network.fc.parameters()):
        return hint("The new head fits, but it is frozen, so it can never learn. Which line froze it?")
    try:
        adapted[3, 6].cpu()(images)
    except RuntimeError:
        return hint(
            "The classes are right: 2, 3 and 5. But not every network delivers 512 features. The one tried next has 6, "
            "and its new head does not fit. Whom can you ask?"
        )
    return right(
        "Both numbers are asked and none is written down, so it fits any `fc` and any folder. "
        "Whenever the classes change, the head must be trained anew. Which line would change for `densenet121`?"
    )


@exercise("4.5", "A network for a phone")
def small(small, classes):
    if not isinstance(small, nn.Module):
        if callable(small):
            return hint("That is what makes a network, not yet a network. Call it, as in `resnet18(weights=None)`.")
        if small is None:
            return hint(
                "`small` is `None`. Some functions change a network and return nothing, such as `set_train_mode`. Call them in a "
                "line of their own."
            )
        return hint(f"`small` is a {type(small).__name__}. A network is wanted.")
    parameters, modules = list(small.parameters()), list(small.modules())
    if any(p.is_meta for p in parameters):
        return hint("`small` is a plan without numbers (device meta). It cannot answer. Build a real one.")
    images = torch.randn(4, 3, 128, 128).to(parameters[0].device)
    norms = [module for module in modules if isinstance(module, BatchNorm) and module.track_running_stats]
    means = [norm.running_mean.clone() for norm in norms]
    with torch.no_grad():
        small(images)  # in the mode it was left in
        moving = [norm for mean, norm in zip(means, norms, strict=True) if not torch.equal(mean, norm.running_mean)]
        moved, frozen = len(moving), [norm for norm in moving if not any(p.requires_grad for p in norm.parameters())]
        training = [module.training for module in modules]
        waiting = [module for module in modules if "Dropout" in type(module).__name__ and not module.training]
        shape = tuple(small.eval()(images).shape)
    total = sum(p.numel() for p in parameters)
    learns = sum(p.numel() for p in parameters if p.requires_grad)
    if shape != (4, len(classes)):
        unused = [name for name, child in small.named_children() if getattr(child, "out_features", 0) == len(classes)]
        if unused:
            return hint(
                f"There is a layer `{unused[0]}` with {len(classes)} outputs, but the network does not use it: Python lets "
                "you store a layer under any name. Print the network. Under which name does the old head stand?"
            )
        if any(isinstance(module, nn.Conv2d) and module.out_channels == 1000 for module in modules):
            return hint(
                "The head of this network is no `Linear` but a `Conv2d`, the one with 1000 outputs. It can be replaced in the "
                "same way, with `kernel_size=1`. Or take another network first."
            )
        return hint(
            f"4 pictures give the shape {shape}. Wanted are {len(classes)} numbers for each. Which layer decides?"
        )
    if total >= 5_000_000:
        return hint(f"{total / 1e6:.1f} million weights are too many. The table behind the link has a column for that.")
    if learns == total and any("requires_grad" in vars(module) for module in modules):
        return hint(
            "You stored `requires_grad = False` on a network or layer, where nobody reads it, and no weight has changed. "
            "Compare with the line that freezes in section 6: look at every character."
        )
    if learns == 0:
        return hint("Nothing can learn. Was the new head there already when you froze the rest?")
    layers = [m for m in modules if isinstance(m, (nn.Linear, nn.Conv2d)) and len(m.weight) == len(classes)]
    heads = [list(layer.parameters()) for layer in layers]
    if not heads or not any(p.requires_grad for p in heads[-1]):
        return hint(f"{learns:,} weights can learn, but the new head is not among them, and it is still random.")
    if not all(p.requires_grad for p in heads[-1]):
        return hint("Only a part of the new head can learn: it has weights and biases. The whole head should.")
    if learns >= 0.05 * total:
        return hint(f"{learns:,} of {total:,} weights can learn, which is {learns / total:.0%}. What should be frozen?")
    if frozen:
        return hint(
            f"When a batch runs through, {moved} of {len(norms)} BatchNorms move. Freezing the weights does not stop them. "
            "A fresh network is in training mode, and `set_train_mode` switches those BatchNorms that are frozen at that "
            "moment. When did you call it, and what came after?"
        )
    if moved:
        return hint(
            f"When a batch runs through, {moved} of {len(norms)} BatchNorms move. `set_train_mode` leaves those in training "
            "mode that can still learn. Are some of yours not frozen?"
        )
    if waiting or not any(training):
        return hint(
            "No BatchNorm moves, but a part that should train is in eval mode as well. (Dropout, for example, leaves out "
            "numbers by chance in training mode only.) Only the frozen BatchNorms belong there."
        )
    return right(
        f"{type(small).__name__} with {total:,} weights ({total * 4 / 1e6:.0f} MB), of which {learns:,} can learn. "
        'With `weights="DEFAULT"` it would also know what pictures look like.'
        + " Can you go below 1 million?"
        * (total > 1_000_000)
    )


QUIZZES["04"] = [
    Question(
        "You print a network that you have never seen, and its last line is `Linear(in_features=1280, out_features=1000)`. What is 1280?",
        (
            Choice(
                "How many channels a picture must have to go in",
                "Pictures go in with 3 channels, at the other end of the network. The head sees no picture.",
            ),
            Choice(
                "How many classes the network knew before",
                "That is `out_features`, which becomes the number of your classes.",
            ),
            Choice(
                "How many numbers describe a picture when it arrives at the head",
                "These are its features. A new head must take as many, so ask the old one.",
                right=True,
            ),
            Choice(
                "How many weights the head has",
                "It has one for each pair of a feature and an output, 1280 × 1000, and 1000 biases.",
            ),
        ),
    ),
    Question(
        "`model.requires_grad_(False)`, then `model.train()`. Now 100 batches run through, without a single training step. Afterwards `model.eval()`. What has become of its answers?",
        (
            Choice(
                "They are as before: all is frozen, and frozen means fixed.",
                "All *weights* are fixed. BatchNorm's running mean and variance are no weights, and they moved.",
            ),
            Choice(
                "They are as before: `requires_grad=False` holds for the whole BatchNorm, with its statistics.",
                "It holds for weight and bias. The statistics are no parameters; only eval mode stops them.",
            ),
            Choice(
                "They are as before: without a training step nothing in a network can change.",
                "A training step changes weights. In training mode, the forward pass itself updates the running statistics.",
            ),
            Choice(
                "They are different, though each weight is the same.",
                "Each pass in training mode moved the BatchNorms' statistics, and eval mode answers with these.",
                right=True,
            ),
        ),
    ),
    Question(
        "You want to train the new head only. Which two lines do it?",
        (
            Choice(
                "`model.fc = nn.Linear(512, 3)`, then `model.requires_grad_(False)`",
                "This freezes the new head as well. Nothing is left that could learn.",
            ),
            Choice(
                "`model.requires_grad_(False)`, then `model.fc = nn.Linear(512, 3)`",
                "All old weights are frozen, and a new layer starts trainable.",
                right=True,
            ),
            Choice(
                "`model.requires_grad = False`, then `model.fc = nn.Linear(512, 3)`",
                "This stores a new attribute on the model, which nobody reads. Every weight still learns, without a warning.",
            ),
            Choice(
                "`model.eval()`, then `model.fc = nn.Linear(512, 3)`",
                "The mode changes how some layers work, such as BatchNorm. It freezes no weight: all of them still learn.",
            ),
        ),
    ),
    Question(
        "A network with its old head sees a bee and says “mosquito 94 %”. There is no bee among its classes. What do you conclude?",
        (
            Choice(
                "Among its classes, mosquito fits best. More it cannot say.",
                "The shares add up to 100 % over the classes it has, whatever the picture shows.",
                right=True,
            ),
            Choice(
                "Its weights are broken: for an unknown thing all shares should be small.",
                "They may be, but nothing forces them to: it was never taught “none of these”.",
            ),
            Choice(
                "It cannot tell bees from mosquitoes, so its features are of no use for bees.",
                "The head has no name for bees, but the features may still differ. A new head can use that.",
            ),
        ),
    ),
    Question(
        "Your data gets a third class, ladybirds. What does your network need?",
        (
            Choice(
                "More `in_features`, since there is more to tell apart",
                "`in_features` is what the backbone delivers. It does not depend on the classes.",
            ),
            Choice(
                "Nothing: two outputs can be divided among three classes",
                "Label 2 would have no output, and training would stop with an error.",
            ),
            Choice(
                "A backbone that was pretrained on ladybirds too",
                "That is not needed: edges, textures and shapes serve for new classes too. The course's own weights knew no ants.",
            ),
            Choice(
                "A head with 3 outputs, which must then be trained",
                "`nn.Linear(model.fc.in_features, len(classes))` makes it. All else can stay.",
                right=True,
            ),
        ),
    ),
]
