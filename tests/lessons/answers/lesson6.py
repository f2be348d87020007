"""Answers to the exercises of lesson 6: other right ones, and wrong ones with a part of the hint each must get."""


def count(right, seen="len(labels)", divide="correct / seen"):
    """A function `accuracy` with these two lines filled in."""
    return f"""
def accuracy(batches):
    correct, seen = 0, 0
    for logits, labels in batches:
        correct += {right}
        seen += {seen}
    return {divide}
"""


LINES = {
    "train": 'train_one_epoch(model, loaders["train"], criterion, optimizer, device)',
    "measure": '_, val_accuracy = evaluate(model, loaders["val"], criterion, device)',
    "note": "history.append(val_accuracy)",
    "lower": "scheduler.step()",
    "save": "save(history)",
}


def epoch(order, end="    return history"):
    """A function `train_and_save` with these lines in the loop."""
    body = "\n".join(f"        {LINES[name]}" for name in order.split())
    return f"""
def train_and_save(model, loaders, criterion, optimizer, scheduler, epochs, save):
    history = []
    for _ in range(epochs):
{body}
{end}
"""


def measure(before="", loss="criterion(logits, labels)", head="", after="", start=""):
    """A function `measure` with lines before the loop, in its head, after it, and before the function."""
    return f"""
{start}
def measure(model, data_loader):
    {before or "pass"}
    total_loss, correct, seen = 0.0, 0, 0
    for images, labels in data_loader:
        {head or "pass"}
        images, labels = images.to(device), labels.to(device)
        logits = model(images)
        total_loss += {loss} * len(labels)
        correct += (logits.argmax(dim=1) == labels).sum()
        seen += len(labels)
    {after or "pass"}
    return total_loss / seen, correct / seen
"""


def matrix(size="len(classes), len(classes)", cell="counts[label, answer] += 1", mode="model.eval()", **more):
    """A function `confusion` with these parts."""
    return f"""
{more.get("decorator", "@torch.no_grad()")}
def confusion(model, data_loader, classes):
    {mode}
    counts = torch.zeros({size})
    for images, labels in data_loader:
        {more.get("inside", "pass")}
        answers = model(images.to(device)).argmax(dim=1).cpu()
        for label, answer in zip(labels, answers):
            {cell}
    return {more.get("result", "counts")}
"""


def head(network="nn.Linear(512, len(classes))", epochs=30, pictures="features, labels", **more):
    """A function `better_head` that trains this network."""
    return f"""
def better_head(features, labels):
    head = {network}
    optimizer = {more.get("optimizer", "torch.optim.SGD(head.parameters(), lr=0.01, momentum=0.9)")}
    loader = DataLoader(list(zip({pictures})), batch_size=8, shuffle=True)
    for _ in range({epochs}):
        train_one_epoch(head, loader, criterion, optimizer, "cpu")
    return {more.get("result", "head")}
"""


ANSWERS = {
    "6.1": {
        "right": [
            count("(logits.argmax(dim=1) == labels).sum()", "labels.numel()"),
            count("sum(row.argmax() == label for row, label in zip(logits, labels))"),
            count("(logits.softmax(dim=1).max(dim=1).indices == labels).float().mean().item() * len(labels)"),
            """
def accuracy(batches):
    logits, labels = (torch.cat(parts) for parts in zip(*batches))
    return (logits.argmax(1) == labels).float().mean()
""",
        ],
        "wrong": [
            (count("(logits.argmax(dim=0) == labels).sum().item()"), "Which axis are the classes?"),
            (count("(logits.argmax(dim=1) == labels)"), "cannot be added up"),
            (count("(logits.argmax(dim=1) == labels).float().mean().item()", "1"), "the mean of three batches"),
            (count("(logits.argmax(dim=1) == labels).float().mean().item()"), "adds up shares of batches"),
            (count("(logits.argmax(dim=1) == labels).sum().item()", "1"), "more than all"),
            (count("(logits.argmax() == labels).sum().item()"), "a single answer"),
            (count("(logits.max(dim=1).values == labels).sum().item()"), "still logits"),
            (
                count("(logits.argmax(dim=1) == labels).sum().item()", divide="7 / 12"),
                "fixed",
            ),
            (count("(logits.argmax(dim=1) == labels).sum().item()", divide="None"), "returns nothing"),
            (count("(logits.argmin(dim=1) == labels).sum().item()"), "0.583"),
        ],
    },
    "6.2": {
        "right": [
            epoch("train lower measure note save"),
            epoch("train measure lower note save"),
            """
def train_and_save(model, loaders, criterion, optimizer, scheduler, epochs, save):
    history = []
    while len(history) < epochs:
        train_one_epoch(model, loaders["train"], criterion, optimizer, device)
        scheduler.step()
        history += [evaluate(model, loaders["val"], criterion, device)[1]]
        save(history)
    return history
""",
        ],
        "wrong": [
            (epoch("save lower measure note train"), "saved before the epoch is over"),
            (epoch("measure note train lower save"), "that of the untrained network"),
            (epoch("lower train measure note save"), "each epoch trains with that of the next"),
            (epoch("train measure save note lower"), "empty history"),
            (epoch("train measure note save lower"), "steps that are too large"),
            (epoch("train note measure lower save"), "uses `val_accuracy` before"),
            (epoch("train measure note save"), "never lowered"),
            (epoch("train measure note lower save", end="    pass"), "returns nothing"),
            (epoch("train measure note lower save", end="        return history"), "ran 1 times"),
            (epoch("lower measure note save"), "not trained, or not measured"),
        ],
    },
    "6.3": {
        "right": [
            measure("model.eval()", start="@torch.inference_mode()"),
            measure(
                "model = copy.deepcopy(model).eval()", "criterion(logits, labels).item()", start="@torch.no_grad()"
            ),
            measure("model.train(False)", after="model.train()", start="@torch.no_grad()"),
            """
def measure(model, data_loader):
    return evaluate(model, data_loader, criterion, device)
""",
        ],
        "wrong": [
            (measure(), "Still as reported"),
            (measure(loss="criterion(logits, labels).item()"), "Still as reported"),
            (measure("model.eval()"), "`eval()` does not stop that"),
            (measure("model.eval()", "criterion(logits, labels).item()"), "`eval()` does not stop that"),
            (measure(start="@torch.no_grad()"), "does not change that"),
            (measure(after="model.eval()", start="@torch.no_grad()"), "too late"),
            (measure("model.eval(); model.requires_grad_(False)"), "the network is frozen"),
            (measure("model.eval(); torch.set_grad_enabled(False)"), "off for the whole notebook"),
            (
                measure("model.eval()", "0.5", start="@torch.no_grad()"),
                "another line changed",
            ),
        ],
    },
    "6.4": {
        "right": [
            matrix(mode="model.train(False)"),
            """
def confusion(model, data_loader, classes):
    model = copy.deepcopy(model).eval()
    counts = torch.zeros((len(classes),) * 2, dtype=torch.long)
    for images, labels in data_loader:
        with torch.inference_mode():
            answers = model(images.to(device)).argmax(1).cpu()
        for i in range(len(classes)):
            for j in range(len(classes)):
                counts[i, j] += ((labels == i) & (answers == j)).sum()
    return counts
""",
            """
@torch.no_grad()
def confusion(model, data_loader, classes):
    model.eval()
    n, pairs = len(classes), torch.zeros(len(classes) ** 2, dtype=torch.int64)
    for images, labels in data_loader:
        cells = n * labels + model(images.to(device)).argmax(dim=1).cpu()
        pairs += cells.bincount(minlength=n * n)
    return pairs.reshape(n, n)
""",
        ],
        "wrong": [
            (matrix("2, 2"), "Right for 2 classes, but not for 3"),
            (matrix("3, 3"), "Right for 3 classes, but not for 2"),
            (matrix("5, 5"), "Right for 5 classes, but not for 2"),
            (matrix(cell="counts[answer, label] += 1"), "swapped"),
            (matrix(result="counts / counts.sum(dim=1, keepdim=True)"), "shares of each row"),
            (matrix(cell="counts[label, answer] = 1"), "holds more than 1"),
            (matrix(inside="counts = torch.zeros(len(classes), len(classes))"), "Only the last batch"),
            (matrix(result="counts.tolist()"), "That is a list"),
            (matrix(result="None"), "returns nothing"),
            (matrix(result="counts.diagonal()"), "a row for each true class"),
            (matrix(mode="pass"), "One in training mode would answer"),
            (matrix(decorator=""), "gradients are recorded"),
            (matrix(mode="model.eval(); classes = {y.item() for _, b in data_loader for y in b}"), "four classes"),
            (matrix().replace("model(images", "final(images"), "never asks the network"),
            (matrix().replace("in data_loader", 'in loaders["test"]'), "other pictures than those"),
            (matrix(cell="counts[label, answer] += label == answer"), "40 pictures should be counted"),
        ],
    },
    "6.5": {
        "right": [
            head(optimizer="torch.optim.SGD(head.parameters(), lr=0.01, momentum=0.9, weight_decay=0.1)", epochs=50),
            head("nn.Sequential(nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, len(classes)))", 50),
            """
def better_head(features, labels):
    head = nn.Linear(512, len(classes))
    nn.init.zeros_(head.weight)
    optimizer = torch.optim.SGD(head.parameters(), lr=0.003, momentum=0.9)
    for _ in range(200):
        optimizer.zero_grad()
        criterion(head(features), labels).backward()
        optimizer.step()
    return head
""",
        ],
        "wrong": [
            ("better_head = plain_head", "not better"),
            (head(epochs=0), "of the pictures it learnt from"),
            (head(epochs=3), "fewer wrong answers"),
            (head("nn.Sequential(nn.Linear(512, 2), nn.Softmax(dim=1))"), "gives probabilities"),
            (head("nn.Linear(512, 101)"), "Expected is a logit for each"),
            (head(pictures="val_features, val_labels"), "too good"),
            (head(pictures="[*features, *val_features], [*labels, *val_labels]"), "too good"),
            (head(pictures="few_features, few_labels"), "does not look at the `labels`"),
            (head(result="None"), "returns nothing"),
            (head(result="head, loader"), "returns a tuple"),
            (  # last, because it does what it must not: the network of this kernel is no longer the same
                "for parameter in pretrained.layer4.parameters():\n    parameter.data *= 1.05\n" + head(),
                "The backbone has changed",
            ),
        ],
    },
}
