"""Answers to the exercises of lesson 9: other right ones, and wrong ones with a part of the hint each must get."""


def options(lr="type=float, default=0.001", freeze='choices=["nothing", "backbone"], default="nothing"', **more):
    """A function `read_options` with these arguments of its options."""
    return f"""
def read_options(words):
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", {more.get("epochs", "type=int, default=8")})
    parser.add_argument("--lr", {lr})
    parser.add_argument("--freeze", {freeze})
    {more.get("end", "return parser.parse_args(words)")}
"""


BEFORE = {
    "seed": "torch.manual_seed(seed)",
    "build": "model = build()",
    "optimizer": "optimizer, scheduler = build_optimizer(model, epochs)",
    "resume": "done = resume(model, optimizer, scheduler)",
}
INSIDE = {
    "train": "train(model, optimizer, epoch)",
    "step": "scheduler.step()",
    "save": "save(model, optimizer, scheduler)",
}


def script(before="seed build optimizer resume", inside="train step save", after="", end="return model", **more):
    """A function `train_in_script` with these lines in this order, some of them inside the loop."""
    lines = [BEFORE[name] for name in before.split()]
    lines.append(more.get("loop", "for epoch in range(done, epochs):"))
    lines += [f"    {INSIDE[name]}" for name in inside.split()] + [INSIDE[name] for name in after.split()]
    body = "\n".join(f"    {line}" for line in [*lines, end])
    return f"\ndef train_in_script(epochs, seed, build, resume, train, save):\n{body}\n"


def shared(
    share="slice(rank, None, processes)",
    loss='nn.CrossEntropyLoss(reduction="sum")(logits, mine)',
    sent="torch.tensor([loss, (logits.argmax(dim=1) == mine).sum(), len(mine)])",
    result="sums[0] / sums[2], sums[1] / sums[2]",
    **more,
):
    """Functions `measure_share` and `put_together` with these parts."""
    return f"""
{more.get("decorator", "@torch.no_grad()")}
def measure_share(model, images, labels, rank, processes):
    {more.get("mode", "model.eval()")}
    share = {share}
    mine = labels[share]
    {more.get("before", "pass")}
    logits = model(images[share])
    loss = {loss}
    return {sent}


def put_together(sums):
    return {result}
"""


AS_IT_WAS = {
    "loss": "criterion(logits, mine)",
    "sent": "torch.tensor([loss, (logits.argmax(dim=1) == mine).float().mean(), 1.0])",
}


AT_THE_END = "if number % parts == parts - 1 or number == total - 1:"


def epoch(
    clear="if number % parts == 0: optimizer.zero_grad()",
    loss="criterion(model(images), labels) / group",
    back="loss.backward()",
    step=f"{AT_THE_END} optimizer.step()",
    **more,
):
    """A function `train_in_parts` with these lines in its loop."""
    return f"""
def train_in_parts(model, data_loader, criterion, optimizer, parts):
    total = len(data_loader)
    {more.get("before", "pass")}
    for number, (images, labels) in enumerate(data_loader):
        group = min(parts, total - number // parts * parts)
        {clear}
        loss = {loss}
        {back}
        {step}
    {more.get("after", "pass")}
"""


ANSWERS = {
    "9.1": {
        "right": [
            options(freeze='choices=("backbone", "nothing"), default="nothing"'),
            options(freeze='choices={"nothing": 0, "backbone": 1}, default="nothing"'),
            options(lr="type=lambda text: float(text), default=0.001"),
            options(freeze='choices=["nothing", "backbone"], metavar="PART", default="nothing"'),
            """
def read_options(words):
    parser = argparse.ArgumentParser(description="Train.")
    parser.add_argument("--epochs", type=int, default=8, help="passes over the pictures")
    parser.add_argument("--lr", type=float, default=1e-3)
    parser.add_argument("--freeze", choices="nothing backbone".split(), default="nothing")
    return parser.parse_args(args=words)
""",
        ],
        "wrong": [
            (options(lr="type=int, default=0.001"), "Which kind of number is 0.01"),
            (options(lr="type=str, default=0.001"), "`lr` is the text '0.01'"),
            (options(lr="default=0.001"), "`lr` is the text '0.01'"),
            (options(lr="type=eval, default=0.001"), "by running it"),
            (options(lr="type=complex, default=0.001"), "(complex) and"),
            (options(lr="type=float, default=0.01"), "Without any words"),
            (options(lr="type=float"), "Without any words"),
            (options(freeze='default="nothing"'), "there is no such choice"),
            (options(freeze='choices="nothing backbone", default="nothing"'), "a part of a word only"),
            (options(freeze='choices=["nothing", "batchnorm", "backbone"], default="nothing"'), "these two words only"),
            (options(freeze='choices=["nothing", "backbone", "all"], default="nothing"'), "these two words only"),
            (options(freeze='choices=("nothing", "backbone", ""), default="nothing"'), "these two words only"),
            (options(freeze='choices=["nothing", "backbone", None], default="nothing"'), "these two words only"),
            (options(freeze='choices=..., default="nothing"'), "Is the second blank still"),
            (options(freeze='choices=str, default="nothing"'), "Is the second blank still"),
            (options(lr='type="float", default=0.001'), "without quotes or brackets. `choices` takes"),
            (options(lr="type=float(), default=0.001"), "without quotes or brackets. `choices` takes"),
            (options(lr="type=[float], default=0.001"), "without quotes or brackets. `choices` takes"),
            (options(freeze='choices={["nothing", "backbone"]}'), "without quotes or brackets. `choices` takes"),
            (options(freeze='choices=["backbone"], default="nothing"'), "`--freeze nothing` is refused"),
            (options(freeze='choices=["nothing"], default="nothing"'), "All three are allowed"),
            (options(epochs="default=8"), "`epochs` is the text '3'"),
            (options(end="parser.parse_args(words)"), "returns nothing"),
            (options(end="return parser.parse_args([])"), "and 'nothing'. Wanted are 3"),
            (options(lr='dest="rate", type=float, default=0.001'), "There are the options"),
            (
                options(lr="type=lambda text: round(float(text), 2) if '.' in text else int(text), default=0.001"),
                "many people write",
            ),
        ],
    },
    "9.2": {
        "right": [
            script(loop="for epoch in list(range(epochs))[done:]:"),
            """
def train_in_script(epochs, seed, build, resume, train, save):
    torch.manual_seed(seed)
    network = build()
    parts = network, *build_optimizer(network, epochs)
    epoch = resume(*parts)
    while epoch < epochs:
        train(network, parts[1], epoch)
        parts[2].step()
        save(*parts)
        epoch += 1
    return network
""",
            script(end="return model.eval()"),
            """
def train_in_script(epochs, seed, build, resume, train, save):
    torch.manual_seed(seed)
    model = build()
    optimizer, scheduler = build_optimizer(model, epochs)
    done = resume(model, optimizer, scheduler)
    for epoch in range(epochs):
        if epoch < done:
            continue
        train(model, optimizer, epoch)
        scheduler.step()
        save(model, optimizer, scheduler)
    return model
""",
        ],
        "wrong": [
            (script("build seed optimizer resume"), "makes a new head"),
            (script("build optimizer resume seed"), "makes a new head"),
            (script("build optimizer resume"), "makes a new head"),
            (script().replace("manual_seed(seed)", "manual_seed(0)"), "ends in the same network"),
            (script("seed optimizer build resume"), "uses `model` before"),
            (script("seed build resume optimizer"), "uses `optimizer` before"),
            (script("seed resume build optimizer"), "uses `model` before"),
            (script("seed build optimizer", loop="for epoch in range(epochs):"), "`resume` was never called"),
            (script(loop="for epoch in range(epochs):"), "The epochs [0, 1, 0, 1, 2, 3] were trained"),
            (script(inside="step train save"), "the plan says"),
            (script(inside="train save step"), "comes before `scheduler.step()`"),
            (script(inside="save train step"), "comes before `train`"),
            (script(inside="save step train"), "the plan says"),
            (script(inside="step save train"), "the plan says"),
            (script(inside="train step", after="save"), "was called 1 time(s)"),
            (script(inside="train step"), "`save` was never called"),
            (script(inside="train save", after="step"), "All epochs had the same"),
            (script(inside="train save"), "All epochs had the same"),
            (script(end="pass"), "does not return the network"),
            (script("seed build optimizer resume optimizer"), "that `resume` has not seen"),
            (
                script().replace("= resume(model,", "= resume(nn.Linear(3, 2),"),
                "What is not restored",
            ),
        ],
    },
    "9.3": {
        "right": [
            """
@torch.no_grad()
def measure_share(model, images, labels, rank, processes):
    model.eval()
    sums = torch.zeros(3)
    for i in range(rank, len(labels), processes):
        logits = model(images[i : i + 1])
        right = (logits.argmax() == labels[i]).float()
        sums += torch.stack([criterion(logits, labels[i : i + 1]), right, torch.ones_like(right)])
    return sums


def put_together(sums):
    loss, accuracy = sums[:2] / sums[2]
    return loss.item(), accuracy.item()
""",
            """
def measure_share(model, images, labels, rank, processes):
    images, labels = images.tensor_split(processes)[rank], labels.tensor_split(processes)[rank]
    if len(labels) == 0:
        return torch.zeros(3)
    loss, accuracy = evaluate(model, [(images, labels)], criterion, device)
    return torch.tensor([loss * len(labels), accuracy * len(labels), len(labels)])


def put_together(sums):
    return sums[:2] / sums[2]
""",
            """
@torch.no_grad()
def measure_share(model, images, labels, rank, processes):
    model.eval()
    share = torch.arange(len(labels)) % processes == rank
    logits, mine = model(images[share]), labels[share]
    counts = torch.zeros(2, logits.shape[1], logits.shape[1])
    for row, label in zip(logits, mine):
        counts[0, label, row.argmax()] += 1
        counts[1, label, 0] -= row.log_softmax(dim=0)[label]
    return counts


def put_together(sums):
    matrix, losses = sums
    return losses.sum() / matrix.sum(), matrix.trace() / matrix.sum()
""",
            shared(
                loss="criterion(logits, mine).nan_to_num() * len(mine)",
                result="[float(number) for number in sums[:2] / sums[2]]",
            ),
            shared(
                sent="torch.tensor([loss, (logits.argmax(1) == mine).sum()]) / len(labels)",
                result="[float(number) for number in sums]",
            ),
        ],
        "wrong": [
            (shared("slice(None)"), "every process measures all pictures"),
            (
                shared("slice(rank * (len(labels) // processes), (rank + 1) * (len(labels) // processes))"),
                "were measured",
            ),
            (
                shared(
                    "slice(rank * (len(labels) // processes), "
                    "(rank + 1) * (len(labels) // processes) if rank < processes - 1 else None)"
                ),
                "wait for the largest",
            ),
            (shared("slice(None) if rank == 0 else slice(0)"), "wait for the largest"),
            (
                shared("[i % len(labels) for i in range(rank, -(-len(labels) // processes) * processes, processes)]"),
                "some count twice",
            ),
            (shared(**AS_IT_WAS), "or each process"),
            (shared(**AS_IT_WAS, before="if len(mine) == 0: return torch.zeros(3)"), "or each process"),
            (
                shared(loss=AS_IT_WAS["loss"], sent=AS_IT_WAS["sent"].replace(", 1.0]", "]"), result="sums"),
                "A single process is right",
            ),
            (shared(loss="criterion(logits, mine) * len(mine)"), "a mean of no numbers"),
            (
                shared(sent="torch.tensor([loss, sum(logits.argmax(1) == mine) / len(mine) * len(mine), len(mine)])"),
                "dividing by their number",
            ),
            (shared(result="sums[:2]"), "`put_together` divide that by"),
            (shared(loss=AS_IT_WAS["loss"]), "`put_together` divide that by"),
            (shared(before='criterion.reduction = "sum"', loss=AS_IT_WAS["loss"]), "the lesson's own `criterion`"),
            (shared(result="(sums[1] / sums[2], sums[0] / sums[2])"), "swapped"),
            (shared(sent="[loss, (logits.argmax(1) == mine).sum(), len(mine)]"), "All-reduce adds up tensors"),
            (shared(sent="None"), "`measure_share` returns nothing"),
            (shared(result="None"), "`put_together` returns nothing"),
            (shared(result="(sums[0] / sums[2]).item()"), "should return two numbers"),
            (shared(result='{"loss": sums[0] / sums[2], "accuracy": sums[1] / sums[2]}'), "should return two numbers"),
            (shared(result="sums / sums[2]"), "should return two numbers"),
            (shared(mode="pass", decorator=""), "answers in training mode"),
            (shared(mode="pass"), "answers in training mode"),
            (shared(decorator=""), "Gradients are recorded"),
            (
                shared(
                    sent="torch.cat([torch.tensor([loss, (logits.argmax(1) == mine).sum(), len(mine)]), "
                    "torch.zeros(len(labels))])"
                ),
                "the least that must be known",
            ),
            (
                shared(before="if len(mine) == 0: return torch.zeros(1)"),
                "the same shape",
            ),
        ],
    },
    "9.4": {
        "right": [
            epoch(),
            epoch(
                clear="pass",
                before="optimizer.zero_grad()",
                step=("if (number + 1) % parts == 0 or number + 1 == total: optimizer.step(); optimizer.zero_grad()"),
            ),
            epoch(back="(loss * 1.0).backward()", clear="if number % parts == 0: model.zero_grad()"),
            """
def train_in_parts(model, data_loader, criterion, optimizer, parts):
    model.train()
    batches = list(data_loader)
    for first in range(0, len(batches), parts):
        group = batches[first : first + parts]
        pictures = sum(len(labels) for _, labels in group)
        optimizer.zero_grad()
        for images, labels in group:
            loss = criterion(model(images), labels) * len(labels) / pictures
            loss.backward()
        optimizer.step()
""",
            """
def train_in_parts(model, data_loader, criterion, optimizer, parts):
    def finish(count):
        for parameter in model.parameters():
            parameter.grad /= count
        optimizer.step()
        optimizer.zero_grad()

    count = 0
    optimizer.zero_grad()
    for images, labels in data_loader:
        criterion(model(images), labels).backward()
        count += 1
        if count == parts:
            finish(count)
            count = 0
    if count:
        finish(count)
    return "done"
""",
        ],
        "wrong": [
            (epoch(loss="criterion(model(images), labels)"), "times as long"),
            (epoch(before="model.eval()"), "in eval mode"),
            (
                epoch(before="data_loader = [next(iter(data_loader)) for _ in data_loader]"),
                "one batch came several times",
            ),
            (epoch(loss="criterion(model(images), labels) / parts"), "was divided as if it had"),
            (
                epoch(loss="criterion(model(images), labels) / (total % parts if number >= total - parts else parts)"),
                "no number any more",
            ),
            (epoch(step="optimizer.step()"), "one after each batch"),
            (epoch(step="if number % parts == 0: optimizer.step()"), "a step after the batches 1, 4"),
            (epoch(step="if number % parts == parts - 1: optimizer.step()"), "make no step"),
            (epoch(clear="optimizer.zero_grad()"), "of the last batch alone"),
            (epoch(clear="optimizer.zero_grad()", loss="criterion(model(images), labels)"), "of the last batch alone"),
            (epoch(clear="pass"), "holds an older one"),
            (epoch(clear="pass", before="optimizer.zero_grad()"), "holds an older one"),
            (
                epoch(clear="pass", after="optimizer.zero_grad()"),
                "holds an older one",
            ),
            (
                epoch(
                    clear="pass",
                    step=f"{AT_THE_END} optimizer.step(); optimizer.zero_grad()",
                ),
                "holds an older one",
            ),
            (
                epoch(
                    clear="pass",
                    step=f"{AT_THE_END} optimizer.zero_grad(); optimizer.step()",
                ),
                "has thrown it away",
            ),
            (
                """
def train_in_parts(model, data_loader, criterion, optimizer, parts):
    batches = list(data_loader)
    for first in range(0, len(batches), parts):
        images, labels = (torch.cat(column) for column in zip(*batches[first : first + parts]))
        optimizer.zero_grad()
        criterion(model(images), labels).backward()
        optimizer.step()
""",
                "too little of",
            ),
            (
                """
def train_in_parts(model, data_loader, criterion, optimizer, parts):
    batches = list(data_loader)
    for first in range(0, len(batches), parts):
        group = batches[first : first + parts]
        optimizer.zero_grad()
        total = sum(criterion(model(images), labels) for images, labels in group)
        (total / len(group)).backward()
        optimizer.step()
""",
                "still keeps layer outputs",
            ),
            (
                epoch(
                    loss="sum(criterion(model(i), l) for i, l in zip(images.split(2), labels.split(2))) / 2 / group",
                ),
                "and none is cut",
            ),
            (epoch(back="loss.backward(retain_graph=True)"), "still keeps layer outputs"),
            (epoch(before='data_loader = loaders["train"]'), "the function's own `data_loader`"),
            (epoch(loss="criterion(model(images), labels.flip(0)) / group"), "has another direction"),
            (
                epoch(loss='torch.autocast("cpu", torch.bfloat16)(lambda: criterion(model(images), labels))() / group'),
                "has another direction",
            ),
            (epoch(loss="criterion(model(images), labels) / (number + 1)"), "has another direction"),
            (epoch(loss="criterion(model(images).softmax(dim=1), labels) / group"), "has another direction"),
            (epoch(step="pass"), "was never called"),
            (epoch(step="pass", after="optimizer.step()"), "a step after the batches 6 "),
            (epoch(before="data_loader = []"), "never asked"),
            (epoch(back="loss.backward(); model(images)"), "Each batch should be used once"),
            (epoch(loss="criterion(model(images), labels) / len(labels)"), "has a length of"),
            (epoch(loss="criterion(model(images), labels) / total"), "has a length of"),
        ],
    },
}
