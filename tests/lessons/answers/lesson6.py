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
    loader = DataLoader(list(zip({pictures})), batch_size={more.get("size", 8)}, shuffle=True)
    {more.get("before", "pass")}
    for _ in range({epochs}):
        train_one_epoch(head, loader, criterion, optimizer, "cpu")
        {more.get("each", "pass")}
    return {more.get("result", "head")}
"""


ON_VAL = "evaluate(head, [(val_features, val_labels)], criterion, 'cpu')[1]"
BEST_OF_VAL = """
def better_head(features, labels):
    heads = [plain_head(features, labels) for _ in range(30)]
    return max(heads, key=lambda head: evaluate(head, [(val_features, val_labels)], criterion, "cpu")[1])
"""
BEST_EPOCH = """
def better_head(features, labels):
    head, best, kept = nn.Linear(512, len(classes)), 0, None
    optimizer, _ = build_optimizer(head, 30)
    loader = DataLoader(list(zip(features, labels)), batch_size=8, shuffle=True)
    for _ in range(30):
        train_one_epoch(head, loader, criterion, optimizer, "cpu")
        found = evaluate(head, [(val_features, val_labels)], criterion, "cpu")[1]
        if found > best:
            best, kept = found, copy.deepcopy(head)
    return kept or head
"""
SCALED_BY_VAL = """
def better_head(features, labels):
    middle = val_features.mean(dim=0)
    head = nn.Linear(512, len(classes))
    optimizer, _ = build_optimizer(head, 30)
    loader = DataLoader(list(zip(features - middle, labels)), batch_size=8, shuffle=True)
    for _ in range(30):
        train_one_epoch(head, loader, criterion, optimizer, "cpu")
    with torch.no_grad():
        head.bias -= head.weight @ middle
    return head
"""
WITH_BACKBONE = """
def better_head(features, labels):
    pairs = features_of([next(iter(decoded_loaders["train"]))])
    head = nn.Linear(512, len(classes))
    optimizer, _ = build_optimizer(head, 30)
    for _ in range(30):
        train_one_epoch(head, [pairs, (features, labels)], criterion, optimizer, "cpu")
    return head
"""
LAST_OF_ELEVEN = """
def better_head(features, labels):
    for _ in range(11):
        head = plain_head(features, labels)
    return head
"""
CHANGES_EACH_TIME = head(before="globals()['calls'] = globals().get('calls', 0) + 1; torch.manual_seed(calls)")


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
            count("torch.sum(torch.argmax(logits, -1).eq(labels)).item()", "logits.shape[0]"),
            count("(logits.topk(1).indices.squeeze(1) == labels).sum()", "labels.size(0)", "(correct / seen).item()"),
            """
def accuracy(batches):
    hits = []
    for logits, labels in batches:
        hits += (logits.argmax(dim=1) == labels).tolist()
    return sum(hits) / len(hits)
""",
        ],
        "wrong": [
            (count("(logits.argmax(dim=0) == labels).sum().item()"), "Which axis are the classes?"),
            (count("(logits.argmax(dim=1) == labels)"), "cannot be added up"),
            (count("(logits.argmax(dim=1) == labels).float().mean().item()", "1"), "the mean of three batches"),
            (count("(logits.argmax(dim=1) == labels).float().mean().item()"), "adds up shares of batches"),
            (count("(logits.argmax(dim=1) == labels).sum().item()", "1"), "more than all"),
            (count("(logits.argmax() == labels).sum().item()"), "a single answer"),
            (count("(logits.softmax(dim=0).argmax(dim=1) == labels).sum().item()"), "should be judged alone"),
            (count("(logits.abs().argmax(dim=1) == labels).sum().item()"), "made-up answers"),
            (count("(logits.max(dim=1).values == labels).sum().item()"), "still logits"),
            (
                count("(logits.argmax(dim=1) == labels).sum().item()", divide="7 / 12"),
                "not for 11 others",
            ),
            (count("(logits.argmax(dim=1) == labels).sum().item()", divide="None"), "gave back `None`"),
            (count("(logits.argmin(dim=1) == labels).sum().item()"), "made-up answers"),
            (count("(logits.argmax(dim=1) == labels).sum().item()", divide="correct / 12"), "not for 11 others"),
            (count("(logits.argmax(dim=1) == labels).sum().item()", "4"), "not for 11 others"),
            (count("(logits.argmax(dim=1) == labels).sum().item()", "5"), "made-up answers"),
            (count("(logits.argmax(dim=1) == labels).sum().item()", divide="100 * correct / seen"), "percentage"),
            (count("(logits.argmax(dim=1) == labels).sum().item()", divide="correct"), "more than all"),
            (count("(logits.argmax(dim=1) != labels).sum().item()"), "made-up answers"),
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
            epoch("train measure note lower save").replace("val_accuracy", "share").replace("_, ", "loss, "),
            """
def train_and_save(model, loaders, criterion, optimizer, scheduler, epochs, save):
    history = [None] * epochs
    for epoch in range(epochs):
        train_one_epoch(model, loaders["train"], criterion, optimizer, device)
        history[epoch] = evaluate(model, loaders["val"], criterion, device)[1]
        scheduler.step()
        save(history[: epoch + 1])
    return history
""",
            """
def train_and_save(model, loaders, criterion, optimizer, scheduler, epochs, save):
    history, left = [], epochs
    while left:
        train_one_epoch(model, loaders["train"], criterion, optimizer, device)
        history.append(evaluate(model, loaders["val"], criterion, device)[1])
        scheduler.step()
        save(history)
        left -= 1
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
            (epoch("train measure note lower save", end="    pass"), "gave back `None`"),
            (epoch("train measure note lower save", end="        return history"), "ran 1 times"),
            (epoch("lower measure note save"), "not trained, or not measured"),
            (epoch("train train measure note lower save"), "Found: 18, 6 and 3"),
            (epoch("train measure note lower lower save"), "Found: 9, 6 and 6"),
            (
                epoch("train measure note lower save").replace("loaders['val']", "").replace('["val"]', '["train"]'),
                "9, 9",
            ),
            (epoch("train measure note lower save").replace("_, val_accuracy", "val_accuracy, _"), "Which value"),
            (epoch("train measure note note lower save"), "has 6 entries"),
            (
                epoch("train measure note", end="    scheduler.step()\n    save(history)\n    return history"),
                "ran 1 times",
            ),
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
            measure(
                "model.eval(); was = torch.is_grad_enabled(); torch.set_grad_enabled(False)",
                after="torch.set_grad_enabled(was)",
            ),
            measure("[part.eval() for part in model.modules()]", start="@torch.no_grad()"),
            """
def measure(model, data_loader):
    model.eval()
    with torch.no_grad():
        pairs = [(model(images.to(device)).cpu(), labels) for images, labels in data_loader]
    logits, labels = (torch.cat(parts) for parts in zip(*pairs))
    return criterion(logits, labels).item(), (logits.argmax(dim=1) == labels).float().mean().item()
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
            (measure("model.eval", start="@torch.no_grad()"), "does not change that"),
            (measure("torch.no_grad(); model.eval()"), "`eval()` does not stop that"),
            (
                measure("model.eval()", start="@torch.no_grad()").replace(", correct / seen", ""),
                "Two numbers are expected",
            ),
            (measure("model.eval()", start="@torch.no_grad()").replace("return", "loss ="), "gave back `None`"),
            (measure("model.eval()", start="@torch.no_grad()").replace("+= len", "= len"), "another line changed"),
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
            matrix(cell="counts[label, answer] = counts[label, answer] + 1"),
            matrix(mode="was = model.training; model.eval()", result="(model.train(was), counts)[1]"),
            """
@torch.no_grad()
def confusion(model, data_loader, classes):
    model.eval()
    counts = torch.zeros(len(classes), len(classes), dtype=torch.int32)
    for images, labels in data_loader:
        truth = nn.functional.one_hot(labels, len(classes))
        answer = nn.functional.one_hot(model(images.to(device)).argmax(dim=1).cpu(), len(classes))
        counts += (truth.T @ answer).int()
    return counts
""",
        ],
        "wrong": [
            (matrix("2, 2"), "Right for 2 classes, but not for 3"),
            (matrix("3, 3"), "Right for 3 classes, but not for 2"),
            (matrix("5, 5"), "Right for 5 classes, but not for 2"),
            (matrix(cell="counts[answer, label] += 1"), "swapped"),
            (matrix(result="counts / counts.sum(dim=1, keepdim=True)"), "shares of each row"),
            (matrix(cell="counts[label, answer] = 1"), "holds more than 1"),
            (matrix(result="counts / counts.sum()"), "counts, not shares"),
            (matrix().replace("    return counts", "        return counts"), "Only the first batch"),
            (matrix(inside="counts = torch.zeros(len(classes), len(classes))"), "Only the last batch"),
            (matrix(result="counts.tolist()"), "That is a list"),
            (matrix(result="None"), "gave back `None`"),
            (matrix(result="print(counts)"), "gave back `None`"),
            (
                matrix(result="plot_confusion_matrix(counts, classes)").replace(
                    "    counts =", "    from helpers import plot_confusion_matrix\n    counts ="
                ),
                "gave back `None`",
            ),
            (matrix(result="counts.sum(dim=1)"), "a row for each true class"),
            (matrix(inside="if images.shape[0] < 16: continue"), "40 pictures should be counted"),
            (matrix("len(classes) + 1, len(classes) + 1"), "a row for each true class"),
            (matrix(result="counts.diagonal()"), "a row for each true class"),
            (matrix(mode="pass"), "One in training mode would answer"),
            (matrix(decorator=""), "gradients are recorded"),
            (matrix(mode="model.eval(); classes = {y.item() for _, b in data_loader for y in b}"), "four classes"),
            (matrix().replace("model(images", "pretrained(images"), "before it asked the network"),
            (matrix().replace("model(images.to(device))", "images"), "never asks the network"),
            (matrix().replace("in data_loader", 'in loaders["test"]'), "other pictures than those"),
            (matrix(cell="counts[label, answer] += label == answer"), "40 pictures should be counted"),
        ],
    },
    "6.5": {
        "right": [
            head(optimizer="torch.optim.SGD(head.parameters(), lr=0.01, momentum=0.9, weight_decay=0.1)", epochs=50),
            head("nn.Sequential(nn.Linear(512, 64), nn.ReLU(), nn.Linear(64, len(classes)))"),
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
            head(optimizer="build_optimizer(head, 3, lr=0.02)[0]", epochs=3, size=4),
            head(optimizer="torch.optim.Adam(head.parameters(), lr=0.001)"),
            head(each=f"shown = {ON_VAL}"),  # val is there to measure
            """
def better_head(features, labels):
    head = nn.Linear(512, len(classes))
    means = torch.stack([features[labels == number].mean(dim=0) for number in range(len(classes))])
    with torch.no_grad():
        head.weight.copy_(means)
        head.bias.copy_(-means.square().sum(dim=1) / 2)
    return head
""",
        ],
        "wrong": [
            ("better_head = plain_head", "no more than luck"),
            (LAST_OF_ELEVEN, "no more than luck"),
            (head(epochs=0), "of the pictures it learnt from"),
            (head(optimizer="build_optimizer(head, 5)[0]", epochs=5), "fewer wrong answers"),
            (
                head(optimizer="torch.optim.SGD(nn.Linear(512, 2).parameters(), lr=0.01)"),
                "of the pictures it learnt from",
            ),
            (head("nn.Sequential(nn.Linear(512, len(classes)), nn.Softmax(dim=1))"), "gives probabilities"),
            (head("nn.Linear(512, 101)"), "Expected is a logit for each"),
            (BEST_OF_VAL, "the 50 coins"),
            (BEST_EPOCH, "the 50 coins"),
            (head(each=f"if {ON_VAL} > 0.8: break"), "the 50 coins"),
            (SCALED_BY_VAL, "the 50 coins"),
            (head(pictures="val_features, val_labels"), "the 50 coins"),
            (head(pictures="[*features, *val_features], [*labels, *val_labels]"), "the 50 coins"),
            (head(pictures="train_features, train_labels", epochs=3), "from these alone"),
            (WITH_BACKBONE, "through the backbone"),
            (CHANGES_EACH_TIME, "two different heads"),
            (
                head("head").replace("labels):", "labels, head=nn.Linear(512, len(classes))):"),
                "still knows the pictures of the call before",
            ),
            (head(result="None"), "gave back `None`"),
            (head(result="head, loader"), "returns a tuple"),
            (  # last, because it does what it must not: the network of this kernel is no longer the same
                "for parameter in pretrained.layer4.parameters():\n    parameter.data *= 1.05\n" + head(),
                "The backbone has changed",
            ),
        ],
    },
}
