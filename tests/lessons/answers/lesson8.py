"""Answers to the exercises of lesson 8: other right ones, and wrong ones with a part of the hint each must get."""


def send(numbers="sum(p.numel() for p in model.parameters() if p.requires_grad)", size="4", factor=None):
    """A function `seconds_to_send` with these blanks filled in."""
    return f"""
def seconds_to_send(model, processes, link):
    numbers = {numbers}
    bytes_sent = {size} * numbers * {factor or "2 * (processes - 1) / processes"}
    return bytes_sent / link
"""


LINES = {
    "zero": "optimizer.zero_grad()",
    "answer": "logits = half(images)",
    "loss": "loss = criterion(logits, labels)",
    "back": "scaler.scale(loss).backward()",
    "divide": "scaler.unscale_(optimizer)",
    "clip": "nn.utils.clip_grad_norm_(half.parameters(), 1.0)",
    "step": "scaler.step(optimizer)",
    "update": "scaler.update()",
}


def step(order, end="return loss.item()"):
    """A function `half_step` with these lines in this order."""
    body = "\n".join(f"    {LINES[name]}" for name in order.split())
    return f"""
def half_step(half, images, labels, optimizer, scaler):
{body}
    {end}
"""


def cached(loader="dataset, batch_size=16", labels="kept", result="TensorDataset(features, labels)", before="pass"):
    """A function `cached_features` with these parts; `kept` are the labels that come with the features."""
    return f"""
def cached_features(model, dataset):
    {before}
    loader = DataLoader({loader})
    features, kept = compute_features(model, loader, device)
    labels = {labels}
    return {result}
"""


TARGETS = "torch.tensor(dataset.targets)"


def weights(result, counts="torch.bincount(labels, minlength=len(classes))"):
    """A function `class_weights` that returns this."""
    return f"""
def class_weights(labels, classes):
    counts = {counts}
    return {result}
"""


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


ANSWERS = {
    "8.1": {
        "right": [
            send(size="torch.finfo(torch.float32).bits / 8", factor="(2 - 2 / processes)"),
            """
def seconds_to_send(model, processes, link):
    total = 0
    for parameter in model.parameters():
        if parameter.requires_grad:
            total += parameter.nbytes
    return 2 * (processes - 1) * total / (processes * link)
""",
            send("len(nn.utils.parameters_to_vector([p for p in model.parameters() if p.requires_grad]))"),
        ],
        "wrong": [
            (send("sum(p.numel() for p in model.parameters())"), "first two layers frozen"),
            (send("sum(p.requires_grad for p in model.parameters())"), "You counted 6 tensors"),
            (send("sum(t.numel() for t in model.state_dict().values())"), "BatchNorm's statistics"),
            (send(size="1"), "a single byte"),
            (send(size="32"), "32 bits, and a byte has 8"),
            (send(factor="1"), "each gradient is sent once"),
            (send(factor="2 * (4 - 1) / 4"), "but not for 8 and 50"),
            (send(factor="2 * processes"), "63 and 378"),
            (send(factor="processes"), "63 and 378"),
            (send() + "    \n" + "seconds_to_send = lambda model, processes, link: None", "returns nothing"),
        ],
    },
    "8.2": {
        "right": [
            step("answer loss zero back divide clip step update"),
            step("answer zero loss back divide clip step update", end="return float(loss)"),
            """
def half_step(half, images, labels, optimizer, scaler):
    half.zero_grad(set_to_none=True)
    loss = criterion(half(images), labels)
    scaler.scale(loss).backward()
    scaler.unscale_(optimizer)
    nn.utils.clip_grad_norm_(half.parameters(), max_norm=1.0)
    scaler.step(optimizer)
    scaler.update()
    return loss.detach()
""",
        ],
        "wrong": [
            (step("update clip answer step loss divide back zero"), "divides a second time"),
            (step("zero loss answer back divide clip step update"), "uses `logits` before"),
            (step("zero answer loss back clip divide step update"), "still multiplied"),
            (step("zero answer loss back divide step clip update"), "was to be the limit"),
            (step("zero clip answer loss back divide step update"), "was to be the limit"),
            (step("zero answer loss back divide clip update step"), "divides a second time"),
            (step("zero answer loss back clip step divide update"), "does not come before `step`"),
            (step("zero answer loss back clip step update"), "does not come before `step`"),
            (step("answer loss back zero divide clip step update"), "throws away"),
            (step("answer loss back divide zero clip step update"), "throws away"),
            (step("answer loss back divide clip step update zero"), "had left gradients"),
            (step("zero answer loss divide back clip step update"), "none of this batch yet"),
            (step("zero answer loss update back divide clip step"), "divides a second time"),
            (step("answer loss back divide clip step update"), "`zero_grad` was never called"),
            (step("zero answer loss back divide clip step"), "`update` was never called"),
            (step("zero answer loss back divide clip step update", end="pass"), "returns nothing"),
        ],
    },
    "8.3": {
        "right": [
            cached("dataset, batch_size=16, shuffle=True"),
            cached("dataset, batch_size=16, shuffle=False", TARGETS),
            cached("dataset", f"{TARGETS}.to(device)", "features, labels"),
            """
@torch.no_grad()
def cached_features(model, dataset):
    model.eval()
    network = nn.Sequential(*list(model.children())[:-1], nn.Flatten())
    pairs = [(network(picture.unsqueeze(0).to(device)), label) for picture, label in dataset]
    features, labels = zip(*pairs)
    return TensorDataset(torch.cat(features).cpu(), torch.tensor(labels))
""",
        ],
        "wrong": [
            (cached("dataset, batch_size=16, shuffle=True", TARGETS), "Still as reported"),
            (cached("dataset, batch_size=16, shuffle=True", f"{TARGETS}.to(device)"), "Still as reported"),
            (
                cached("dataset, batch_size=16, shuffle=True", "torch.cat([batch for _, batch in loader])"),
                "one pass",
            ),
            (cached("dataset, batch_size=16, shuffle=True", "kept.sort().values.flip(0)"), "Follow both"),
            (cached("dataset, batch_size=16, drop_last=True"), "None should get lost"),
            (cached("dataset, batch_size=16, shuffle=True", f"{TARGETS}[kept]"), "Follow both"),
            (cached('loaders["val"].dataset, batch_size=16'), "never looked at"),
            (cached(result="features"), "of two tensors"),
            (cached(result="None"), "returns nothing"),
            (
                cached("dataset, 16, sampler=torch.utils.data.RandomSampler(dataset, replacement=True)"),
                "a sampler at work",
            ),
            (cached(result="TensorDataset(features * 2, labels)"), "The features are others"),
            (
                cached(before="nn.Sequential(*list(model.children())[:-1])(torch.stack([x for x, _ in dataset]))"),
                "in training mode",
            ),
        ],
    },
    "8.4": {
        "right": [
            weights("1 / counts.clamp(min=0.5)"),
            weights("torch.where(counts > 0, counts.max() / counts, 0.0)"),
            """
def class_weights(labels, classes):
    shares = [(labels == number).float().mean().item() for number in range(len(classes))]
    return torch.tensor([1 / share if share else 1.0 for share in shares], device=device)
""",
            weights("len(labels) / (len(classes) * counts + 1e-9)").replace("1e-9", "(counts == 0)"),
            weights("(labels.numel() / counts).nan_to_num(posinf=0.0)"),
        ],
        "wrong": [
            (weights("len(labels) / (2 * counts)", "torch.bincount(labels)[:2]"), "Right for 2 classes, but not for 3"),
            (
                weights("1 / counts", "torch.tensor([(labels == i).sum() for i in range(3)])"),
                "Right for 3 classes, but not for 2",
            ),
            (weights("counts / len(labels)"), "most common class weighs most"),
            (weights("(1 / counts)[labels]"), "one for each picture"),
            (weights("(1 / counts).tolist()"), "That is a list"),
            (weights("len(labels) / (len(classes) * counts)"), "gets the weight inf"),
            (weights("1 / counts", "torch.bincount(labels)"), "has an argument for it"),
            (weights("(counts.max() // counts.clamp(min=1)).float()"), "should be the same for each class"),
            (weights("1 / counts.sqrt()"), "should be the same for each class"),
            (weights("1 - counts / len(labels)"), "balances two classes only"),
            (weights("torch.ones(len(classes))"), "does without weights"),
            (weights("None"), "returns nothing"),
            (weights("1 / counts.double().clamp(min=1)"), "wants the type of the logits"),
            (weights("(1 / counts).unsqueeze(1)"), "The shape is"),
            (weights("1 / (counts + (counts.min() < 1).int())"), "With an empty class, the others"),
        ],
    },
    "8.5": {
        "right": [
            """
@torch.no_grad()
def measure_share(model, images, labels, rank, processes):
    model.eval()
    sums = torch.zeros(3, device=images.device)
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
    logits, mine = model(images[share]).cpu(), labels[share].cpu()
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
                sent="torch.tensor([loss, (logits.argmax(1) == mine).sum()]) / len(labels)",
                result="[float(number) for number in sums]",
            ),
        ],
        "wrong": [
            (
                shared("list(DistributedSampler(range(len(labels)), processes, rank, shuffle=False))"),
                "fill up",
            ),
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
                shared(
                    loss="criterion(logits, mine)",
                    sent="torch.tensor([loss, (logits.argmax(1) == mine).float().mean(), 1.0])",
                ),
                "or each process",
            ),
            (
                shared(
                    loss="criterion(logits, mine)",
                    sent="torch.tensor([loss, (logits.argmax(1) == mine).float().mean()])",
                    result="sums",
                ),
                "A single process is right",
            ),
            (shared(loss="criterion(logits, mine) * len(mine)"), "a mean of no numbers"),
            (
                shared(sent="torch.tensor([loss, sum(logits.argmax(1) == mine) / len(mine) * len(mine), len(mine)])"),
                "dividing by their number",
            ),
            (shared(result="sums[:2]"), "Start with this case"),
            (shared(result="(sums[1] / sums[2], sums[0] / sums[2])"), "swapped"),
            (shared(sent="[loss, (logits.argmax(1) == mine).sum(), len(mine)]"), "All-reduce adds up tensors"),
            (shared(sent="None"), "`measure_share` returns nothing"),
            (shared(result="None"), "`put_together` returns nothing"),
            (shared(result="(sums[0] / sums[2]).item()"), "should return two numbers"),
            (shared(mode="pass", decorator=""), "first two lines"),
            (shared(mode="pass"), "answers in training mode"),
            (shared(decorator=""), "Gradients are recorded"),
            (
                shared(
                    sent="(lambda every: (every.__setitem__(slice(rank, None, processes), "
                    "torch.stack([*map(nn.CrossEntropyLoss(reduction='none'), logits, mine)]) "
                    "if len(mine) else 0.0), every)[1])(torch.zeros(len(labels)))",
                    result="(sums.mean(), (sums < 0).float().mean())",
                ),
                "Start with this case",
            ),
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
}
