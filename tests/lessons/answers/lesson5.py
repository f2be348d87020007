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


TOTAL = """
def train_step(model, optimizer, images, labels):
    optimizer.zero_grad()
    loss = F.cross_entropy(model(images), labels, reduction="sum")
    loss.backward()
    optimizer.step()
    return loss.item()
"""


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


def choose(optimizer, scheduler, result="optimizer, scheduler"):
    return (
        "from torch.optim import lr_scheduler\n"
        f"def choose(parameters):\n    optimizer = {optimizer}\n    scheduler = {scheduler}\n    return {result}\n"
    )


COSINE = "(1 + math.cos(math.pi * step / 200)) / 2"


ANSWERS = {
    "5.1": {
        "right": [
            loss("-row.softmax(dim=0).log()[label]"),
            loss("-math.log(row.softmax(dim=0)[label])"),
            loss("row.exp().sum().log() - row[label]"),
            loss("F.cross_entropy(row, torch.tensor(label)).item()"),
            loss("nn.CrossEntropyLoss()(row.reshape(1, -1), torch.tensor([label]))"),
            loss("-row[None].log_softmax(dim=1)[:, label]"),
            loss("-math.log(math.exp(row[label]) / sum(math.exp(value) for value in row))"),
            loss("F.nll_loss(row.log_softmax(dim=-1), torch.tensor(label))"),
            loss("(row - row[label]).exp().sum().log()"),
            loss("-torch.log(row.exp()[label] / row.exp().sum()).item()"),
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
            (
                loss("-row.softmax(dim=0)[label].log() if len(row) > 2 else -row.softmax(dim=0)[0].log()"),
                "Right for one row",
            ),
            (loss("-(row / row.sum())[label].log()"), "are there 4, and do they sum to 1"),
            (loss("-row.sigmoid()[label].log()"), "are there 4, and do they sum to 1"),
            (loss("-(row.exp() / row.exp().sum()).cumsum(dim=0)[label].log()"), "are there 4, and do they sum to 1"),
            (loss("-(row.exp() / row.exp().sum())[0, label].log()"), "A row has one axis only"),
            (loss("-row.softmax(dim=1)[label].log()"), "A row has one axis only"),
            (loss("round(-math.log(row.softmax(dim=0)[label]), 2)"), "rounded to 2 decimals"),
            (loss("-logits[0].softmax(dim=0)[label].log()"), "for two different rows"),
            (loss("-shares[0, label].log()"), "for two different rows"),
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
            """
def train_step(model, optimizer, images, labels):
    loss = F.cross_entropy(model(images), labels)
    optimizer.zero_grad(set_to_none=False)
    loss.backward()
    optimizer.step()
    return loss
""",
            """
def train_step(model, optimizer, images, labels):
    loss = -model(images).log_softmax(dim=1)[range(len(labels)), labels].mean()
    for parameter in model.parameters():
        parameter.grad = None
    loss.backward()
    optimizer.step()
    return loss.item()
""",
            """
def train_step(model, optimizer, images, labels):
    optimizer.zero_grad()
    total = F.cross_entropy(model(images), labels, reduction="sum")
    (total / len(labels)).backward()
    optimizer.step()
    return total.item() / len(labels)
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
            (
                step("zero", "logits", "loss", "backward", "step", "return").replace(
                    "    optimizer.zero_grad()",
                    "    optimizer = SGD(model.parameters(), lr=0.1)\n    optimizer.zero_grad()",
                ),
                "not by a step of the `optimizer`",
            ),
            (step("zero", "logits", "loss", "backward", "step", "step", "return"), "What happened"),
            (step("logits", "loss", "backward", "step", "return"), "gradients of the first batch"),
            (step("logits", "loss", "backward", "step", "step", "return"), "What happened"),
            (TOTAL, "Then the loss is another"),
            (TOTAL.replace("loss.backward()", "(loss / 5).backward()"), "is returned. The loss was"),
            (
                step("zero", "logits", "loss", "backward", "step", "logits", "loss", "return"),
                "is returned. The loss was",
            ),
            (TOTAL.replace("loss.backward()", "(loss / len(labels)).backward()"), "is returned. The loss was"),
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
            prepare(
                "for parameter in net.parameters():",
                "    parameter.requires_grad = False",
                "net[-1] = nn.Linear(net[-1].in_features, num_classes)",
                "return net, AdamW(filter(lambda parameter: parameter.requires_grad, net.parameters()))",
            ),
            prepare(SURGERY, "net[0].requires_grad_(False)", "return net, SGD(net[1].parameters(), lr=0.01)"),
            prepare(
                FREEZE,
                SURGERY,
                'groups = [{"params": [net[1].weight]}, {"params": [net[1].bias], "lr": 0.5}]',
                "optimizer = SGD(groups, lr=0.1)",
                RETURN,
            ),
            prepare(FREEZE, SURGERY, "return net, build_optimizer(net, epochs=3)[0]"),
        ],
        "wrong": [
            (prepare(FREEZE, BUILD, SURGERY, RETURN), "Still: after a step"),
            (prepare(SURGERY, FREEZE, BUILD, RETURN), "nothing can learn"),
            (prepare(SURGERY, BUILD, RETURN), "The backbone learns. It should stay frozen."),
            (prepare(BUILD, SURGERY, RETURN), "The backbone learns. It should stay frozen."),
            (prepare(SURGERY, BUILD, FREEZE, RETURN), "nothing can learn"),
            (prepare(SURGERY, "optimizer = SGD(net[1].parameters(), lr=0.1)", RETURN), "the backbone is not frozen"),
            (prepare(FREEZE, SURGERY, BUILD, "return optimizer, net"), "return two things"),
            (prepare(FREEZE, SURGERY, BUILD.replace("0.1", "0.0"), RETURN), "What is its learning rate"),
            (
                prepare(
                    FREEZE, "net[1] = nn.Sequential(net[1], nn.Linear(net[1].out_features, num_classes))", BUILD, RETURN
                ),
                "The old head is still a part of it",
            ),
            (
                prepare(FREEZE, "net.append(nn.Linear(net[1].out_features, num_classes))", BUILD, RETURN),
                "The old head is still a part of it",
            ),
            (
                prepare(FREEZE, SURGERY, "net[1].bias.requires_grad_(False)", BUILD, RETURN),
                "in the new head are frozen",
            ),
            (prepare(FREEZE, SURGERY, "optimizer = SGD([net[1].bias], lr=0.1)", RETURN), "only 1 of them learn"),
            (prepare(FREEZE, "optimizer = SGD(net[1].parameters(), lr=0.1)", SURGERY, RETURN), "but none of them"),
            (prepare(FREEZE, BUILD, "net[1].requires_grad_(True)", RETURN), "gives 10 numbers"),
            (prepare(FREEZE, SURGERY.replace("num_classes", "2"), BUILD, RETURN), "written into the new head"),
            (prepare(FREEZE, SURGERY, "optimizer = SGD([net[1].weight], lr=0.1)", RETURN), "only 1 of them learn"),
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
            criterion("counts = targets.bincount()", "weights = counts.min() / counts", WEIGHTED),
            criterion("weights = targets.unique(return_counts=True)[1].float() ** -1", WEIGHTED),
            criterion(
                "from collections import Counter",
                "counts = Counter(targets.tolist())",
                "weights = torch.tensor([len(targets) / counts[k] for k in sorted(counts)])",
                WEIGHTED,
            ),
        ],
        "wrong": [
            (criterion("weights = [1.0, 1.0, 2.0]", WEIGHTED), "The weights are a list"),
            (criterion("weights = 120 // targets.bincount()", WEIGHTED), "weights are whole numbers"),
            (criterion("return nn.CrossEntropyLoss()"), "All pictures weigh the same"),
            (
                criterion("counts = targets.bincount()", "weights = (counts.max() // counts).float()", WEIGHTED),
                "such as `//`",
            ),
            (
                criterion("counts = targets.bincount()", "weights = (counts.max() / counts).round()", WEIGHTED),
                "such as `//`",
            ),
            (criterion("weights = 1 / three_targets.bincount()", WEIGHTED), "not for [100, 60]"),
            (criterion("weights = 1 / targets.bincount().sqrt()", WEIGHTED), "weighs 1.41 times"),
            (
                criterion("weights = 1 / targets.bincount()", "weights[1] = weights[0]", WEIGHTED),
                "not for [100, 60]",
            ),
            (criterion("weights = targets.bincount().float()", WEIGHTED), "It should be the other way"),
            (criterion("weights = 1 - targets.bincount() / len(targets)", WEIGHTED), "1 − share"),
            (criterion("weights = 1 / targets.bincount() ** 2", WEIGHTED), "weighs 4.00 times"),
            (criterion("weights = torch.tensor([1.0, 1.0, 2.0])", WEIGHTED), "not for [100, 60]"),
            (criterion("weights = 120 / targets.bincount()[:3]", WEIGHTED), "not for [7, 40, 23, 11, 64]"),
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
            choose("AdamW(parameters, lr=0.1)", f"LambdaLR(optimizer, lambda step: {COSINE})"),
            choose("SGD(parameters, lr=0.1)", f"LambdaLR(optimizer, lambda step: min(1, (step + 1) / 20) * {COSINE})"),
            choose("SGD(parameters, lr=0.1)", "lr_scheduler.PolynomialLR(optimizer, 200)"),
            """
def choose(parameters):
    model = nn.Module()
    model.points = nn.Parameter(parameters[0])
    optimizer, scheduler = build_optimizer(model, epochs=200, lr=0.1, weight_decay=0)
    optimizer.param_groups[0]["params"] = list(parameters)
    return [optimizer, scheduler]
""",
        ],
        "wrong": [
            (choose("SGD(parameters, lr=0.001)", "StepLR(optimizer, 1000)"), "way, at a learning rate of 0.001."),
            (choose("Adam(parameters, lr=0.01)", "StepLR(optimizer, 300)"), "way, at a learning rate of 0.01."),
            (choose("SGD(parameters, lr=0.1)", "StepLR(optimizer, 1000)"), "with a learning rate of 0.1,"),
            (choose("Adam(parameters, lr=0.05)", "StepLR(optimizer, 300)"), "with a learning rate of 0.05,"),
            (choose("SGD(parameters, lr=0.1)", "StepLR(optimizer, step_size=3, gamma=0.1)"), "Step 4 was the first"),
            (
                choose("AdamW(parameters, lr=0.01)", f"LambdaLR(optimizer, lambda step: {COSINE})"),
                "Step 101 was the first",
            ),
            (choose("SGD(parameters, lr=0.1, momentum=0.9)", "StepLR(optimizer, 100)"), "balls still jitter"),
            (choose("SGD(parameters, lr=0.1)", "StepLR(optimizer, 40)"), "In the last 80 steps"),
            (
                choose("SGD(parameters, lr=0.01, weight_decay=2)", "StepLR(optimizer, 1000)"),
                "way, at a learning rate of 0.01.",
            ),
            (
                choose("SGD(parameters, lr=0.05, weight_decay=0.1)", "StepLR(optimizer, 100)"),
                "pulls both numbers towards 0",
            ),
            (
                choose("AdamW(parameters, lr=0.1, weight_decay=9.9)", "StepLR(optimizer, 100)"),
                "pulls both numbers towards 0",
            ),
            (
                choose("SGD(parameters, lr=0.1)", "LambdaLR(optimizer, lambda e: (1 + math.cos(math.pi * e / 8)) / 2)"),
                "falls and then rises again, 12 times",
            ),
            ("def choose(parameters):\n    return build_optimizer(parameters, epochs=200)\n", "wants a model"),
            (
                choose("Adam(parameters, lr=0.4)", f"LambdaLR(optimizer, lambda step: {COSINE})"),
                "balls still jitter",
            ),
            (choose("SGD(parameters, lr=0.3)", "StepLR(optimizer, 100)"), "largest learning rate is 0.3."),
            (choose("SGD(parameters, lr=0.21)", "StepLR(optimizer, 190)"), "largest learning rate is 0.21."),
            (choose("SGD(parameters, lr=0.05)", "StepLR"), "A class came back"),
            (
                "def choose(parameters):\n    parameters[0].data.zero_()\n    optimizer = SGD(parameters, lr=0.1)\n"
                "    return optimizer, StepLR(optimizer, 100)\n",
                "were moved before",
            ),
            ("def choose(parameters):\n    return SGD(parameters, lr=0.1)\n", "an optimizer alone"),
            (choose("SGD([torch.zeros(2, requires_grad=True)], lr=0.1)", "StepLR(optimizer, 100)"), "does not hold"),
            ("def choose(parameters):\n    optimizer = SGD(parameters, lr=0.1)\n", "`choose` returns a NoneType"),
            (choose("SGD(parameters, lr=0.05)", "StepLR(optimizer, 100)", "scheduler, optimizer"), "comes second here"),
            (
                choose("SGD(parameters, lr=0.05)", "StepLR(SGD(parameters, lr=0.05), 100)"),
                "belongs to another optimizer",
            ),
            (
                choose("SGD(parameters, lr=0.05)", "StepLR(optimizer, 100)", "optimizer, scheduler, 200"),
                "returns 3 things",
            ),
            (choose("SGD(parameters, lr=0.05)", "None"), "The second thing is a NoneType"),
            (choose("SGD(parameters, lr=0.05)", "SGD(parameters, lr=0.005)"), "The second thing is a SGD"),
            (choose("SGD(parameters, lr=0.1)", "lr_scheduler.ReduceLROnPlateau(optimizer)"), "must be told the loss"),
        ],
    },
}
