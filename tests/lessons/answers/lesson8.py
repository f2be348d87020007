"""Answers to the exercises of lesson 8: other right ones, and wrong ones with a part of the hint each must get."""


def gain(after, result="before / after"):
    """A function `gain` with this blank filled in."""
    return f"""
def gain(costs, touched, times):
    before = sum(costs.values())
    in_touched = sum(costs[name] for name in touched)
    after = {after}
    return {result}
"""


LINES = {
    "run": "run()",
    "wait": "wait()",
    "start": "start = clock()",
    "stop": "stop = clock()",
    "end": "return stop - start",
}


def timed(order):
    """A function `seconds_of` with these lines in this order."""
    body = "\n".join(f"    {LINES[name]}" for name in order.split())
    return f"\ndef seconds_of(run, wait, clock):\n{body}\n"


def speed(result, before="pictures = 0", inside="pictures += len(labels)", loop="loader"):
    """A function `pictures_a_second` with these parts."""
    return f"""
def pictures_a_second(loader, learn, clock):
    {before}
    start = clock()
    for images, labels in {loop}:
        learn(images, labels)
        {inside}
    seconds = clock() - start
    return {result}
"""


def once(
    loss="total_loss += criterion(logits, labels) * len(labels)",
    correct="correct += (logits.argmax(dim=1) == labels).sum()",
    result="total_loss.item() / seen, correct.item() / seen",
    **more,
):
    """A function `evaluate_once` with these parts."""
    return f"""
{more.get("decorator", "@torch.no_grad()")}
def evaluate_once(model, data_loader, criterion, device):
    {more.get("mode", "model.eval()")}
    {more.get("start", "total_loss, correct, seen = 0.0, 0, 0")}
    for images, labels in data_loader:
        images, labels = images.to(device), labels.to(device)
        logits = model(images)
        {loss}
        {correct}
        seen += len(labels)
        {more.get("after", "pass")}
    return {result}
"""


AFTER = """
def after(costs, trick):
    return {name: ms / trick.get(name, 1) for name, ms in costs.items()}

def gain_of(costs, trick):
    return sum(costs.values()) / sum(after(costs, trick).values())
"""


def greedy(test="gain < 1.05", more="", best="min", base="costs", name="best", before=""):
    """A function `plan` that takes the best trick again and again, with these parts."""
    return f"""{AFTER}
def plan(costs, tricks):
    left, chosen, at_first = dict(tricks), [], dict(costs)
    {before or "pass"}
    while left:
        totals = {{name: sum(after({base}, trick).values()) for name, trick in left.items()}}
        best = {best}(totals, key=totals.get)
        gain = sum({base}.values()) / totals[best]
        if {test}:
            break
        costs = after(costs, left.pop(best))
        chosen.append({name})
        {more}
    return chosen
"""


def ranked(condition, by="gains[name]", reverse=True):
    """A function `plan` that measures all tricks once, at the start."""
    return f"""{AFTER}
def plan(costs, tricks):
    gains = {{name: gain_of(costs, tricks[name]) for name in tricks}}
    names = sorted(tricks, key=lambda name: {by}, reverse={reverse})
    return [name for name in names if {condition}]
"""


ANSWERS = {
    "8.1": {
        "right": [
            gain("before - in_touched * (1 - 1 / times)"),
            gain("sum(ms / times if name in touched else ms for name, ms in costs.items())"),
            """
def gain(costs, touched, times):
    share = sum(costs[name] for name in touched) / sum(costs.values())
    return 1 / (1 - share + share / times)
""",
            """
def gain(costs, touched, times):
    costs = dict(costs)
    before = sum(costs.values())
    for name in touched:
        costs[name] /= times
    return before / sum(costs.values())
""",
        ],
        "wrong": [
            (gain("before / times"), "if *everything* got"),
            (gain("before - in_touched"), "That is the upper bound"),
            (gain("in_touched / times"), "touched parts only"),
            (gain("before - in_touched / times"), "What was saved?"),
            (gain("before + in_touched / times"), "in it twice"),
            (gain("before - in_touched + in_touched / times", "after / before"), "share of the time"),
            (gain("in_touched"), "A picture should then take 14 ms"),
            (gain("before - in_touched * (times - 1) / times"), "a part that vanishes"),
            (gain("before - in_touched + in_touched / max(times, 1)"), "and you say 1.00"),
            (gain("12 + in_touched / times"), "a part that vanishes"),
            (
                gain("sum(list(costs.values())[len(touched):]) + in_touched / times"),
                "and you say 1.67",
            ),
            (gain("before - in_touched + in_touched / times", "None"), "returns nothing"),
            (gain("before - in_touched + in_touched / times", "str(before / after)"), "Out comes a str"),
        ],
    },
    "8.2": {
        "right": [
            timed("run run wait wait start run wait stop end"),
            """
def seconds_of(run, wait, clock):
    run()
    times = []
    for _ in range(3):
        wait()
        start = clock()
        run()
        wait()
        times.append(clock() - start)
    return min(times)
""",
            """
def seconds_of(run, wait, clock):
    for _ in range(2):
        start = clock()
        run()
        wait()
        seconds = clock() - start
    return seconds
""",
            """
def seconds_of(run, wait, clock):
    run(), wait()
    start = clock()
    for _ in range(10):
        run()
    wait()
    return (clock() - start) / 10
""",
            """
def seconds_of(run, wait, clock):
    run(), wait()
    begin = clock()
    run()
    wait()
    return clock() - begin
""",
        ],
        "wrong": [
            (timed("run start run wait stop wait end"), "still busy with the warm-up"),
            (timed("wait run start run wait stop end"), "still busy with the warm-up"),
            (timed("run wait start run stop wait end"), "when your clock stops"),
            (timed("run wait start wait run stop end"), "when your clock stops"),
            (timed("start run wait run wait stop end"), "among what you timed"),
            (timed("start run wait stop end"), "among what you timed"),
            (timed("run wait run wait start stop end"), "nothing ran"),
            (timed("run wait stop run wait start end"), "negative time"),
            (timed("run wait end start run wait stop"), "uses `stop` before"),
            (timed("run wait start run wait end stop"), "uses `stop` before"),
            (timed("run wait start run run wait stop end"), "How many steps"),
            (timed("run wait start run wait stop"), "returns nothing"),
            ("\ndef seconds_of(run, wait, clock):\n    run(), wait()\n    return clock()\n", "a beginning and an end"),
        ],
    },
    "8.3": {
        "right": [
            speed("sum(sizes) / seconds", "sizes = []", "sizes.append(images.shape[0])"),
            speed("pictures / seconds", loop="iter(loader)", inside="pictures += labels.numel()"),
            """
def pictures_a_second(loader, learn, clock):
    pictures = sum(len(labels) for _, labels in loader)
    start = clock()
    [learn(images, labels) for images, labels in loader]
    return pictures / (clock() - start)
""",
            """
def pictures_a_second(loader, learn, clock):
    full, rest = divmod(len(loader.dataset), loader.batch_size)
    start = clock()
    for images, labels in loader:
        learn(images, labels)
    return (full * loader.batch_size + (0 if loader.drop_last else rest)) / (clock() - start)
""",
        ],
        "wrong": [
            (speed("len(loader) / seconds"), "still batches a second"),
            (speed("pictures / seconds", inside="pictures += images.numel()"), "which differs?"),
            (speed("len(loader) * loader.batch_size / seconds"), "the last one is smaller"),
            (speed("len(loader) * len(labels) / seconds"), "which differs?"),
            (speed("len(loader.dataset) / seconds"), "Which did the loader leave out"),
            (speed("len(loader) * 8 / seconds"), "8 pictures in every batch"),
            (speed("24 / seconds"), "as in the exercise"),
            (speed("seconds / pictures"), "Turn it round"),
            (
                """
def pictures_a_second(loader, learn, clock):
    pictures = 0
    for images, labels in loader:
        learn(images, labels)
        pictures += len(labels)
    start = clock()
    return pictures / (clock() - start)
""",
                "No time passed",
            ),
            (speed("seconds / len(loader)"), "seconds a batch"),
            (speed("pictures / seconds", "pictures, loader = 0, list(loader)"), "When does your clock start"),
            (speed("pictures / seconds", inside="pictures += len(labels); break"), "Each comes once"),
            (speed("pictures / seconds", inside="pictures += len(labels); learn(images, labels)"), "Each comes once"),
            (speed("None"), "returns nothing"),
        ],
    },
    "8.4": {
        "right": [
            once(
                start="total_loss, correct, seen = torch.zeros(()), torch.zeros(()), 0",
                result="(torch.stack([total_loss, correct]) / seen).tolist()",
            ),
            once(
                "losses.append(criterion(logits, labels) * len(labels))",
                "right.append(logits.argmax(dim=1) == labels)",
                "sum(losses).item() / seen, torch.cat(right).float().mean().item()",
                start="losses, right, seen = [], [], 0",
            ),
            once(result="total_loss.item() / seen, (correct / seen).item()"),
            """
@torch.inference_mode()
def evaluate_once(model, data_loader, criterion, device):
    model.eval()
    answers, truth = [], []
    for images, labels in data_loader:
        answers.append(model(images.to(device)))
        truth.append(labels.to(device))
    answers, truth = torch.cat(answers), torch.cat(truth)
    return float(criterion(answers, truth)), float((answers.argmax(dim=1) == truth).double().mean())
""",
            """
def evaluate_once(model, data_loader, criterion, device):
    model.train(False)
    sums = torch.zeros(3, device=device)
    with torch.no_grad():
        for images, labels in data_loader:
            images, labels = images.to(device), labels.to(device)
            logits = model(images)
            right = torch.eq(logits.max(dim=1).indices, labels).sum()
            loss = nn.functional.cross_entropy(logits, labels, reduction="sum")
            sums += torch.stack([loss, right, torch.tensor(len(labels), device=device)])
    loss, right, seen = sums.tolist()
    return loss / seen, right / seen
""",
        ],
        "wrong": [
            (
                once(
                    "total_loss += criterion(logits, labels).item() * len(labels)",
                    result="total_loss / seen, correct.item() / seen",
                ),
                "(`item()`)",
            ),
            (
                once(
                    correct="correct += (logits.argmax(dim=1) == labels).sum().item()",
                    result="total_loss.item() / seen, correct / seen",
                ),
                "(`item()`)",
            ),
            (
                once(
                    "total_loss += float(criterion(logits, labels)) * len(labels)",
                    result="total_loss / seen, correct.item() / seen",
                ),
                "(`float()`)",
            ),
            (once("total_loss += criterion(logits, labels).cpu() * len(labels)"), "(`cpu()`)"),
            (once(after="print(f'{total_loss:.2f}')"), "(`print` or an f-string)"),
            (
                once(
                    correct="correct += sum((logits.argmax(dim=1) == labels).tolist())",
                    result="total_loss.item() / seen, correct / seen",
                ),
                "(`tolist()`)",
            ),
            (once(result="total_loss / seen, correct / seen"), "comes back holds tensors"),
            (
                once(
                    "losses.append(criterion(logits, labels) * len(labels))",
                    "hits.append((logits.argmax(dim=1) == labels).sum())",
                    "sum(part.item() for part in losses) / seen, sum(part.item() for part in hits) / seen",
                    start="losses, hits, seen = [], [], 0",
                ),
                "is still asked 6 times",
            ),
            (
                once(result="total_loss.item() / len(data_loader.dataset), correct.item() / len(data_loader.dataset)"),
                "leaves out the last batch",
            ),
            (
                once().replace("images, labels = images.to(device), labels.to(device)", "pass"),
                "not moved to the `device`",
            ),
            (
                once(
                    "total_loss += criterion(logits, labels)",
                    result="total_loss.item() / len(data_loader_list), correct.item() / seen",
                    start="total_loss, correct, seen = 0.0, 0, 0; data_loader = data_loader_list = list(data_loader)",
                ),
                "each *batch* counts the same",
            ),
            (once("total_loss = criterion(logits, labels) * len(labels)"), "Does each one overwrite"),
            (
                once("total_loss = criterion(logits, labels)", result="total_loss.item(), correct.item() / seen"),
                "Does each one overwrite",
            ),
            (once(result="correct.item() / seen, total_loss.item() / seen"), "The two are swapped"),
            (once(result="total_loss.item() / seen"), "Two numbers are wanted"),
            (once(result="None"), "returns nothing"),
            (once(mode="pass"), "answered in training mode"),
            (once(decorator=""), "Gradients are recorded"),
            (once(result="total_loss.item() / seen, correct.item()"), "Look at the accuracy"),
            (once("total_loss += criterion(logits, labels)"), "Look at the loss"),
        ],
    },
    "8.5": {
        "right": [
            greedy(test="gain - 1 < 0.05"),
            greedy(test="totals[best] > sum(costs.values()) / 1.05"),
            f"""{AFTER}
def plan(costs, tricks):
    total = sum(costs.values())
    best, least = None, total / 1.05
    for name, trick in tricks.items():
        if sum(after(costs, trick).values()) <= least:
            best, least = name, sum(after(costs, trick).values())
    if best is None:
        return []
    rest = {{name: trick for name, trick in tricks.items() if name != best}}
    return [best] + plan(after(costs, tricks[best]), rest)
""",
            """
def plan(costs, tricks):
    costs, chosen = dict(costs), []
    for _ in range(len(tricks)):
        best, most = None, 1.05
        for name in tricks:
            if name in chosen:
                continue
            new = sum(costs[part] / tricks[name].get(part, 1) for part in costs)
            if sum(costs.values()) / new >= most:
                best, most = name, sum(costs.values()) / new
        if best is None:
            break
        chosen.append(best)
        for part, times in tricks[best].items():
            if part in costs:
                costs[part] = costs[part] / times
    return tuple(chosen)
""",
        ],
        "wrong": [
            (ranked("gains[name] >= 1.05"), "brings more *now*"),
            (ranked("gains[name] >= 1.05", "gains[name]", False), "brings more *now*"),
            (greedy(test="False"), "nothing is worth the trouble"),
            (greedy(test="gain < 1"), "nothing is worth the trouble"),
            (greedy(more="break"), "Your plan ends there"),
            (
                f"""{AFTER}
def plan(costs, tricks):
    left, chosen = dict(tricks), []
    while True:
        best = min(left, key=lambda name: sum(after(costs, left[name]).values()))
        new = after(costs, left.pop(best))
        if sum(costs.values()) / sum(new.values()) < 1.05:
            return chosen
        costs = new
        chosen.append(best)
""",
                "all tricks are used up",
            ),
            (greedy(best="max", test="gain < 1.05"), "brings more *now*"),
            (greedy(test="gain < 1.5"), "Your plan ends there"),
            (greedy(base="at_first"), "brings more *now*"),
            (
                greedy(before="left = {name: tricks[name] for name in tricks if gain_of(costs, tricks[name]) >= 1.05}"),
                "brings more *now*",
            ),
            (greedy(name="(best, gain)"), "is the name of no trick"),
            (greedy(more="chosen.append(best)"), "A trick helps once"),
            (
                f"""{AFTER}
def plan(costs, tricks):
    chosen = []
    while True:
        best = max(tricks, key=lambda name: sum(costs.values()) / sum(after(costs, tricks[name]).values()))
        if sum(costs.values()) / sum(after(costs, tricks[best]).values()) < 1.05:
            return chosen
        costs = after(costs, tricks[best])
        chosen.append(best)
""",
                "still among those that are tried",
            ),
            (
                f"""{AFTER}
def plan(costs, tricks):
    chosen = []
    while tricks:
        best = min(tricks, key=lambda name: sum(after(costs, tricks[name]).values()))
        new = after(costs, tricks.pop(best))
        if sum(costs.values()) / sum(new.values()) < 1.05:
            break
        costs = new
        chosen.append(best)
    return chosen
""",
                "Work on a copy",
            ),
            (
                f"{AFTER}\ndef plan(costs, tricks):\n    return max(tricks, key=lambda name: 1, default='')\n",
                "a list of names",
            ),
            (f"{AFTER}\ndef plan(costs, tricks):\n    list(tricks)\n", "returns nothing"),
            (f"{AFTER}\ndef plan(costs, tricks):\n    return sorted(tricks)\n", "brings more *now*"),
        ],
    },
}
