"""Answers to the exercises of lesson 5: other right ones, and wrong ones with a part of the hint each must get."""


def loss(body):
    return f"def loss_by_hand(row, label):\n    return {body}\n"


def step(*lines):
    named = {
        "zero": "optimizer.zero_grad()",
        "logits": "logits = model(images)",
        "loss": "loss = F.cross_entropy(logits, labels)",
        "backward": "loss.backward()",
        "step": "optimizer.step()",
        "return": "return loss.item()",
    }
    body = "\n".join(f"    {named[line]}" for line in lines)
    return f"def train_step(model, optimizer, images, labels):\n{body}\n"


def prepare(*lines):
    body = "\n".join(f"    {line}" for line in lines)
    return f"def prepare(net, num_classes):\n{body}\n"


FREEZE = "net.requires_grad_(False)"
SURGERY = "net[1] = nn.Linear(net[1].in_features, num_classes)"
BUILD = "optimizer = SGD(net.parameters(), lr=0.1)"
RETURN = "return net, optimizer"


def criterion(*lines):
    body = "\n".join(f"    {line}" for line in lines)
    return f"def build_criterion(targets):\n{body}\n"


WEIGHTED = "return nn.CrossEntropyLoss(weight=weights)"


def choose(optimizer, scheduler):
    return (
        "from torch.optim import lr_scheduler\n"
        f"def choose(parameters):\n    optimizer = {optimizer}\n    return optimizer, {scheduler}\n"
    )


ANSWERS = {
    "5.1": {
        "right": [
            loss("-row.softmax(dim=0).log()[label]"),
            loss("-math.log(row.softmax(dim=0)[label])"),
            loss("row.exp().sum().log() - row[label]"),
            loss("F.cross_entropy(row, torch.tensor(label)).item()"),
            loss("nn.CrossEntropyLoss()(row.reshape(1, -1), torch.tensor([label]))"),
            loss("-row[None].log_softmax(dim=1)[:, label]"),
        ],
        "wrong": [
            (loss("row.softmax(dim=0)[label].log()"), "the sign is not"),
            (loss("-row.softmax(dim=0)[label].log10()"), "1.204 is the logarithm to another base"),
            (loss("-math.log2(row.softmax(dim=0)[label])"), "3.998 is the logarithm to another base"),
            (loss("row.softmax(dim=0)[label]"), "is the share itself"),
            (loss("-(1 - row.softmax(dim=0)[label]).log()"), "0.065 comes from 1 − share"),
            (loss("1 - row.softmax(dim=0)[label]"), "0.937 comes from 1 − share"),
            (loss("-row[label]"), "-0.500 comes from the logit"),
            (loss("-row[label].log()"), "0.693 comes from the logit"),
            (loss("F.cross_entropy(row.softmax(dim=0), torch.tensor(label))"), "applied twice"),
            (loss("-row.softmax(dim=0).max().log()"), "if class 0 were the right one"),
            (loss("-row.softmax(dim=0)[label - 1].log()"), "if class 1 were the right one"),
            (loss("-row.softmax(dim=0).log()"), "That gives 4 numbers"),
            (loss("-row.softmax(dim=0).log().mean()"), "shares of all classes"),
            (loss("-row.softmax(dim=0)[2].log() if len(row) > 2 else 0.0"), "Right for one row"),
            (loss("-(row / row.sum())[label].log()"), "do they sum to 1"),
            ("def loss_by_hand(row, label):\n    shares = row.softmax(dim=0)\n", "returns nothing"),
        ],
    },
    "5.2": {
        "right": [
            step("logits", "zero", "loss", "backward", "step", "return"),
            step("logits", "loss", "zero", "backward", "step", "return"),
            step("logits", "loss", "backward", "step", "zero", "return"),
            """
def train_step(model, optimizer, images, labels):
    model.zero_grad()
    loss = nn.CrossEntropyLoss()(model(images), labels)
    loss.backward()
    optimizer.step()
    return loss.detach()
""",
        ],
        "wrong": [
            (step("zero", "loss", "logits", "backward", "step", "return"), "uses `logits` before"),
            (step("zero", "logits", "backward", "loss", "step", "return"), "uses `loss` before"),
            (step("zero", "logits", "loss", "return", "backward", "step"), "No gradient was ever computed"),
            (step("zero", "logits", "loss", "step", "return"), "nothing has computed a gradient"),
            (step("zero", "logits", "loss", "backward", "return", "step"), "Which line moves the weights"),
            (step("zero", "logits", "loss", "step", "backward", "return"), "has no gradients of this batch"),
            (step("logits", "loss", "backward", "zero", "step", "return"), "before they are used"),
            (step("logits", "loss", "backward", "step", "return", "zero"), "gradients of the first batch"),
            (step("zero", "logits", "loss", "backward", "step"), "the function returns nothing"),
            (step("zero", "logits", "loss", "backward", "step", "step", "return"), "What happened"),
        ],
    },
    "5.3": {
        "right": [
            prepare(FREEZE, SURGERY, BUILD, RETURN),
            prepare(
                FREEZE,
                SURGERY,
                "optimizer = SGD([p for p in net.parameters() if p.requires_grad], lr=0.1, momentum=0.9)",
                RETURN,
            ),
            prepare(FREEZE, BUILD, SURGERY, 'optimizer.add_param_group({"params": net[1].parameters()})', RETURN),
            prepare(
                "net[0].requires_grad_(False)",
                "head = nn.Linear(net[1].in_features, num_classes)",
                "net = nn.Sequential(net[0], head)",
                "return [net, Adam(head.parameters())]",
            ),
            prepare(SURGERY, FREEZE, "net[1].requires_grad_(True)", BUILD, RETURN),
        ],
        "wrong": [
            (prepare(FREEZE, BUILD, SURGERY, RETURN), "Still: after a step"),
            (prepare(SURGERY, FREEZE, BUILD, RETURN), "nothing can learn"),
            (prepare(SURGERY, BUILD, RETURN), "but the backbone too"),
            (prepare(FREEZE, "optimizer = SGD(net[1].parameters(), lr=0.1)", SURGERY, RETURN), "but none of them"),
            (prepare(FREEZE, BUILD, "net[1].requires_grad_(True)", RETURN), "gives 10 numbers"),
            (prepare(FREEZE, SURGERY, "optimizer = SGD([net[1].weight], lr=0.1)", RETURN), "Only a part of the head"),
            (prepare(FREEZE, SURGERY.replace("num_classes", "3"), BUILD, RETURN), "Right for 3 classes"),
            (prepare(FREEZE, SURGERY, BUILD, "return net"), "return two things"),
        ],
    },
    "5.4": {
        "right": [
            criterion("counts = targets.bincount()", "weights = counts.sum() / (len(counts) * counts)", WEIGHTED),
            criterion(
                "counts = [(targets == k).sum().item() for k in range(targets.max() + 1)]",
                "weights = torch.tensor([max(counts) / count for count in counts])",
                WEIGHTED,
            ),
            criterion(
                "weights = 1 / targets.bincount()",
                "return lambda logits, labels: F.cross_entropy(logits, labels, weights)",
            ),
            criterion(
                "weights = (1 / targets.bincount()).to(device)",
                WEIGHTED.replace("weights)", 'weights, reduction="sum")'),
            ),
        ],
        "wrong": [
            (criterion("weights = [1.0, 1.0, 2.0]", WEIGHTED), "The weights are a list"),
            (criterion("weights = 120 // targets.bincount()", WEIGHTED), "weights are whole numbers"),
            (criterion("return nn.CrossEntropyLoss()"), "All pictures weigh the same"),
            (criterion("weights = targets.bincount().float()", WEIGHTED), "It should be the other way"),
            (criterion("weights = 1 - targets.bincount() / len(targets)", WEIGHTED), "1 − share"),
            (criterion("weights = 1 / targets.bincount() ** 2", WEIGHTED), "weighs 4.00 times"),
            (criterion("weights = torch.tensor([1.0, 1.0, 2.0])", WEIGHTED), "not for [10, 40, 20]"),
            (criterion("weights = 120 / targets.bincount()[:3]", WEIGHTED), "not for [10, 20, 40, 20, 10]"),
            (criterion("weights = torch.ones(len(classes) + 4)", WEIGHTED), "another number of weights"),
            (criterion("weights = torch.tensor([2.0, 1.0, 2.0])", WEIGHTED), "equally many"),
            (criterion("return 1 / targets.bincount()"), "A loss is wanted"),
            (criterion("weights = 1 / targets.bincount()", "nn.CrossEntropyLoss(weight=weights)"), "forget `return`"),
        ],
    },
    "5.5": {
        "right": [
            choose("SGD(parameters, lr=0.2)", "lr_scheduler.CosineAnnealingLR(optimizer, 200)"),
            choose("SGD(parameters, lr=0.1)", "lr_scheduler.ExponentialLR(optimizer, 0.98)"),
            choose("SGD(parameters, lr=0.01, momentum=0.9)", "StepLR(optimizer, 100, 0.1)"),
            choose("Adam(parameters, lr=0.1)", "lr_scheduler.CosineAnnealingLR(optimizer, T_max=200)"),
            choose("Adam(parameters, lr=0.15)", "StepLR(optimizer, step_size=100)"),
            choose("SGD(parameters, lr=0.1)", "lr_scheduler.LambdaLR(optimizer, lambda k: 1 / (1 + 0.05 * k))"),
            choose("SGD(parameters, lr=0.1)", "lr_scheduler.OneCycleLR(optimizer, max_lr=0.005, total_steps=200)"),
            choose("SGD(parameters, lr=0.1)", "lr_scheduler.ReduceLROnPlateau(optimizer, patience=5, factor=0.5)"),
        ],
        "wrong": [
            (choose("SGD(parameters, lr=0.001)", "StepLR(optimizer, 1000)"), "way, at a learning rate of 0.001."),
            (choose("Adam(parameters, lr=0.01)", "None"), "way, at a learning rate of 0.01."),
            (choose("SGD(parameters, lr=0.1)", "StepLR(optimizer, 1000)"), "with a learning rate of 0.1,"),
            (choose("Adam(parameters, lr=0.05)", "None"), "with a learning rate of 0.05,"),
            (
                choose("SGD(parameters, lr=0.1)", "StepLR(optimizer, step_size=3, gamma=0.1)"),
                "before the balls arrived",
            ),
            (choose("SGD(parameters, lr=0.1, momentum=0.9)", "StepLR(optimizer, 100)"), "balls still jitter"),
            (choose("SGD(parameters, lr=0.1)", "StepLR(optimizer, 40)"), "stay scattered"),
            (choose("SGD(parameters, lr=0.3)", "StepLR(optimizer, 100)"), "first learning rate is 0.3."),
            (choose("SGD(parameters, lr=0.21)", "StepLR(optimizer, 190)"), "first learning rate is 0.21."),
            (choose("SGD(parameters, lr=0.05)", "StepLR"), "A class came back"),
            (
                "def choose(parameters):\n    parameters[0].data.zero_()\n    return SGD(parameters, lr=0.1)\n",
                "were moved before",
            ),
            ("def choose(parameters):\n    return SGD(parameters, lr=0.1)\n", "an optimizer alone"),
            (choose("SGD([torch.zeros(2, requires_grad=True)], lr=0.1)", "StepLR(optimizer, 100)"), "does not hold"),
            ("def choose(parameters):\n    optimizer = SGD(parameters, lr=0.1)\n", "`choose` returns a NoneType"),
        ],
    },
}
