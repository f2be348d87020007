"""Answers to the exercises of lesson 7: other right ones, and wrong ones with a part of the hint each must get."""


def best(shares="row.softmax(dim=0)", position="shares.argmax()", result="names[best], float(shares[best])"):
    """A function `best_answer` with these lines filled in."""
    return f"""
def best_answer(row, names):
    shares = {shares}
    best = {position}
    return {result}
"""


LINES = {
    "read": "x = read_picture(x)",
    "transform": "x = transform(x)",
    "axis": "x = x.unsqueeze(0).to(device)",
    "eval": "model.eval()",
    "ask": "x = model(x)",
    "softmax": "x = x.softmax(dim=1)[0]",
}


def file_to_shares(order, end="return x.cpu()", start="@torch.no_grad()"):
    """A function `shares_of` with these lines in this order."""
    body = "\n".join(f"    {LINES[name]}" for name in order.split())
    return f"""
{start}
def shares_of(x, model):
{body}
    {end}
"""


def ranked(pairs, shares="row.softmax(dim=0)"):
    """A function `ranking` that ends with these pairs."""
    return f"""
def ranking(picture, model, names):
    with torch.no_grad():
        row = model(transform(picture).unsqueeze(0).to(device))[0].cpu()
    shares = {shares}
    return {pairs}
"""


def recall(result, before="pass"):
    """A function `recall_and_precision` that returns this."""
    return f"""
def recall_and_precision(matrix):
    {before}
    hits, rows, columns = matrix.diagonal(), matrix.sum(dim=1), matrix.sum(dim=0)
    return {result}
"""


BY_LOOP = """
def recall_and_precision(matrix):
    recall, precision = [], []
    for i in range({classes}):
        pictures, answers = matrix[i].sum().item(), matrix[:, i].sum().item()
        recall.append({recall})
        precision.append(matrix[i, i].item() / answers{nothing})
    return recall, precision
"""
BY_LOOP_RECALL = "matrix[i, i].item() / pictures if pictures else float('nan')"


def cautious(score="logits.softmax(dim=1).max(dim=1).values", line="score(val_logits).quantile(0.15)", **more):
    """A function `careful` that answers where this score reaches this line."""
    return f"""
def careful(val_logits, val_labels, new_logits):
    def score(logits):
        return {score}

    threshold = {line}
    sure = score(new_logits) {more.get("compare", ">=")} threshold
    best = {more.get("best", "new_logits.argmax(dim=1)")}
    return {more.get("result", "torch.where(sure, best, -1).tolist()")}
"""


BEST_TWO = "logits.topk(2, dim=1).values @ torch.tensor([1.0, -1.0])"
ALL_SHARES = "(logits.softmax(dim=1) * logits.log_softmax(dim=1)).sum(dim=1)"

ANSWERS = {
    "7.1": {
        "right": [
            best("torch.softmax(row, 0)", "shares.tolist().index(max(shares))"),
            best("row.exp() / row.exp().sum()", "row.argmax().item()"),
            best("nn.functional.softmax(row, dim=-1).tolist()", "max(range(len(shares)), key=shares.__getitem__)"),
            best("F_softmax(row)", "torch.topk(row, 1).indices[0]").replace("F_softmax", "torch.nn.Softmax(dim=0)"),
            best("(row - row.logsumexp(dim=0)).exp()", "shares.argsort()[-1]"),
            best("row[None].softmax(dim=1)[0]", "int(torch.argmax(row))", "(names[best], shares[best].item())"),
            best("predict", "row.max(dim=0)", "names[best.indices], row.softmax(dim=0).max()"),
        ],
        "wrong": [
            (best("row.softmax(dim=1)"), "asks for a second axis"),
            (best("row.softmax(dim=0).max()", "row.argmax()"), "is a single number"),
            (best(position="shares.max()"), "needs a position"),
            (best(position="shares.max(dim=0)"), "needs a position"),
            (best("row"), "the logit itself"),
            (best("row.sigmoid()"), "this class alone"),
            (best("row / row.sum()"), "may be negative"),
            (best("row.log_softmax(dim=0)"), "is not its share"),
            (best(position="shares.argmin()"), "The name is dice"),
            (best(position="0"), "The name is cups"),
            (best(position="2", result="names[-2], float(shares[-2])"), "Is that the largest, and its share?"),
            (best(result="None"), "returns nothing"),
            (best("row.softmax(dim=-2)"), "asks for a second axis"),
            (best("row / row.abs().sum()"), "is not its share"),
            (best("row.exp()"), "is not its share"),
            (best(position="1"), "The name is dice"),
            (best(position="2 % len(names)"), "Is that the largest, and its share?"),
            (best(position="2"), "the position lies beyond the end"),
            (best(position="row.abs().argmax()"), "Is that the largest, and its share?"),
            (best("row.clamp(min=-1).softmax(dim=0)"), "Is that the largest, and its share?"),
        ],
    },
    "7.2": {
        "right": [
            file_to_shares("eval read transform axis ask softmax"),
            file_to_shares("read transform axis eval ask softmax", start="@torch.inference_mode()"),
            "def shares_of(source, model):\n    return predict(model, read_picture(source), transform, device)",
            file_to_shares("read eval transform axis ask softmax"),
            file_to_shares("read transform eval axis ask softmax", end="return x"),
            file_to_shares("read transform axis eval ask", end="return x[0].softmax(dim=0).cpu()"),
            """
def shares_of(source, model):
    batch = transform(read_picture(source))[None].to(device)
    with torch.no_grad():
        return model.eval()(batch).softmax(dim=1).squeeze(0)
""",
        ],
        "wrong": [
            (file_to_shares("softmax axis ask read eval transform"), "an `x` that it can do nothing with"),
            (file_to_shares("transform read axis eval ask softmax"), "an `x` that it can do nothing with"),
            (file_to_shares("read axis transform eval ask softmax"), "an `x` that it can do nothing with"),
            (file_to_shares("eval read ask transform axis softmax"), "of the type "),
            (file_to_shares("ask read transform axis eval softmax"), "of the type "),
            (
                file_to_shares("read transform axis eval ask softmax").replace("dim=1", "dim=2"),
                "an `x` that it can do nothing with",
            ),
            (file_to_shares("eval read transform axis softmax ask"), "shares of colours"),
            (file_to_shares("eval read transform softmax axis ask"), "shares of colours"),
            (file_to_shares("read transform axis ask eval softmax"), "comes too late"),
            (file_to_shares("read transform axis ask softmax eval"), "comes too late"),
            (file_to_shares("read transform axis ask softmax"), "with its brackets"),
            (
                """
@torch.no_grad()
def shares_of(x, model):
    x = transform(read_picture(x)).unsqueeze(0).to(device)
    model(x)
    model.eval()
    return model(x).softmax(dim=1)[0].cpu()
""",
                "comes too late",
            ),
            (
                file_to_shares("read transform eval ask axis softmax").replace(".to(device)", ""),
                "It knows batches only",
            ),
            (file_to_shares("read transform eval ask softmax"), "It knows batches only"),
            (file_to_shares("read transform axis eval ask softmax", start=""), "with `@` still above"),
            (file_to_shares("read transform axis eval ask softmax", end="pass"), "returns nothing"),
            (file_to_shares("read transform axis eval ask softmax", end="return x.max()"), "Expected are 2 shares"),
            (file_to_shares("read transform axis eval ask", end="return x[0]"), "The shares should be"),
            (file_to_shares("axis read transform eval ask softmax"), "an `x` that it can do nothing with"),
            (file_to_shares("read ask transform axis eval softmax"), "of the type "),
            (file_to_shares("read transform axis eval ask softmax", end="return float(x[0])"), "Expected are 2 shares"),
            (
                file_to_shares("read transform axis eval ask softmax softmax").replace(
                    "[0]\n    x = x.softmax(dim=1)", ".softmax(dim=1)"
                ),
                "The shares should be",
            ),
            (file_to_shares("read transform axis eval", end="return torch.ones(2) / 2"), "was never asked"),
        ],
    },
    "7.3": {
        "right": [
            ranked("sorted(zip(names, shares.tolist()), key=lambda pair: pair[1], reverse=True)"),
            ranked("[(names[i], shares[i]) for i in shares.argsort(descending=True)]"),
            ranked("{names[i]: shares[i].item() for i in shares.topk(len(names)).indices}"),
            ranked("[(names[i], float(shares[i])) for i in sorted(range(len(names)), key=lambda i: -shares[i])]"),
            ranked("[(names[i], s.item()) for s, i in zip(*shares.topk(len(names)))]"),
            ranked("sorted(dict(zip(names, shares.tolist())).items(), key=lambda pair: -pair[1])"),
            """
def ranking(picture, model, names):
    shares = predict(model, picture, transform, device).tolist()
    pairs = [(share, name) for name, share in zip(names, shares)]
    return [[name, share] for share, name in sorted(pairs)[::-1]]
""",
        ],
        "wrong": [
            (ranked("list(zip(names, shares.sort(descending=True).values.tolist()))"), "Still as reported"),
            (ranked("list(zip(names, shares.tolist()))"), "it does not always"),
            (ranked("sorted(zip(names, shares.tolist()))"), "it does not always"),
            (ranked("sorted(zip(names, shares.tolist()), key=lambda pair: pair[1])"), "the likeliest comes last"),
            (ranked("list(zip(names[::-1], shares.sort(descending=True).values.tolist()))"), "but a fixed one"),
            (ranked("list(zip(sorted(names), shares.sort(descending=True).values.tolist()))"), "but a fixed one"),
            (ranked("list(zip(classes, shares.sort(descending=True).values.tolist()))"), "Where is it from?"),
            (ranked("(names[shares.argmax()], shares.max())"), "a list of pairs"),
            (ranked("[(names[shares.argmax()], shares.max())]"), "pairs are expected"),
            (ranked("None"), "returns nothing"),
            (
                ranked("[(names[i], shares[i]) for i in sorted(range(len(names)), key=lambda i: (i > 1, -shares[i]))]"),
                "Right for two classes, but not for more",
            ),
            (
                ranked("list(zip(names if shares[0] > shares[1] else names[::-1], sorted(shares.tolist())[::-1]))"),
                "Right for two classes, but not for more",
            ),
            (ranked("[names[i] for i in shares.argsort(descending=True)]"), "a list of pairs"),
            (ranked("list(zip(reversed(names), shares.sort(descending=True).values.tolist()))"), "but a fixed one"),
            (
                ranked("list(zip(names, shares.sort(descending=True).values.tolist()))").replace(
                    "return", "names[:] = [names[i] for i in shares.argsort(descending=True)]\n    return"
                ),
                "changed `names` itself",
            ),
            (
                ranked("[(names[i], share) for i, share in zip(shares.argsort(descending=True), shares.tolist())]"),
                "Your function says",
            ),
            (
                ranked("[(names[i], 100 * shares[i]) for i in shares.argsort(descending=True)]"),
                "Your function says",
            ),
        ],
    },
    "7.4": {
        "right": [
            recall("[hits / rows, hits / columns]"),
            recall("torch.stack([hits / rows, hits / columns])"),
            BY_LOOP.format(classes="len(matrix)", recall=BY_LOOP_RECALL, nothing=" if answers else float('nan')"),
            recall("(hits / rows).tolist(), (hits / columns).tolist()"),
            recall("hits.double() / matrix.sum(1), hits.double() / matrix.sum(0)"),
            recall("tuple((hits / total).numpy() for total in (rows, columns))"),
        ],
        "wrong": [
            (recall("hits / columns, hits / rows"), "either the order is swapped"),
            (recall("hits / rows, hits / rows"), "Both are the same numbers"),
            (recall("hits / matrix.sum(), hits / matrix.sum()"), "a part of the accuracy"),
            (recall("(hits / rows).mean(), (hits / columns).mean()"), "hides the one that is bad"),
            (recall("hits / rows"), "two things, recall and precision"),
            (recall("None"), "returns nothing"),
            (
                recall("dict(enumerate((hits / rows).tolist())), dict(enumerate((hits / columns).tolist()))"),
                "Yours are dictionaries",
            ),
            (recall("hits / columns, hits / columns"), "Both are the same numbers"),
            (recall("hits / matrix.max(dim=1).values, hits / columns"), "The first class has"),
            (recall("hits / rows, hits / columns, len(matrix)"), "two things, recall and precision"),
            (recall("100 * hits / rows, 100 * hits / columns"), "Those are percent"),
            (recall("(hits / rows).round(decimals=2), (hits / columns).round(decimals=2)"), "but rounded"),
            (recall("hits // rows, hits // columns"), "something rounds them"),
            (recall("hits / rows, 1 - hits / columns"), "Recall is right"),
            (recall("rows / hits, columns / hits"), "The first class has"),
            (recall("(hits / rows).nan_to_num(), (hits / columns).nan_to_num()"), "sounds like a bad network"),
            (
                BY_LOOP.format(classes="len(matrix)", recall=BY_LOOP_RECALL, nothing=""),
                "ends in a division by 0",
            ),
            (
                BY_LOOP.format(classes="len(matrix)", recall=BY_LOOP_RECALL, nothing=" if answers else None"),
                "yours gives `None`",
            ),
            (BY_LOOP.format(classes="3", recall=BY_LOOP_RECALL, nothing=""), "Right for 3 classes, but not for 2"),
            (BY_LOOP.format(classes="2", recall=BY_LOOP_RECALL, nothing=""), "Right for 2 classes, but not for 3"),
            (
                recall("(hits / rows).nan_to_num(1.0), (hits / columns).nan_to_num(1.0)"),
                "nothing to divide by, `nan` should stand",
            ),
        ],
    },
    "7.5": {
        "right": [
            cautious(BEST_TWO),
            cautious(ALL_SHARES, "score(val_logits).quantile(0.17)", result="torch.where(sure, best, -1)"),
            cautious(
                "logits.softmax(dim=1).amax(dim=1)", "score(val_logits).sort().values[len(val_logits) * 15 // 100]"
            ),
            cautious("logits.max(dim=1).values - logits.mean(dim=1)", "score(val_logits).quantile(0.16)"),
            cautious("-(1 - logits.softmax(dim=1).max(dim=1).values)", compare=">"),
            """
def careful(val_logits, val_labels, new_logits):
    shares = val_logits.softmax(dim=1).max(dim=1).values
    right = val_logits.argmax(dim=1) == val_labels
    line = 1.0
    for candidate in shares.sort().values:  # the highest line that keeps 85 % of the val pictures
        if (shares >= candidate).float().mean() >= 0.85:
            line = candidate
    assert right[shares >= line].float().mean() > right.float().mean()
    answers = []
    for row in new_logits:
        share, best = row.softmax(dim=0).max(dim=0)
        answers.append(int(best) if share >= line else -1)
    return answers
""",
        ],
        "wrong": [
            (cautious(result="best.tolist()"), "answers always"),
            (cautious(result="[-1 for _ in best]"), "never answers"),
            (cautious(line="0.9"), "What is sure for one is not for another"),
            (cautious(line="score(val_logits).quantile(0.05)"), "but too few. Up to 20 %"),
            (cautious("logits.max(dim=1).values"), "A large logit alone"),
            (cautious(line="score(val_logits).quantile(0.4)"), "answers too seldom"),
            (cautious(line="score(val_logits).quantile(0.85)"), "answers too seldom"),
            (cautious(line="score(val_logits).median()"), "answers too seldom"),
            (cautious(line="score(val_logits)[val_logits.argmax(1) != val_labels].max()"), "Your line moves with"),
            (cautious(line="score(val_logits).quantile(0.2)"), "so leave a margin"),
            (cautious(compare="<=", line="score(val_logits).quantile(0.85)"), "the wrong way round"),
            (cautious(line="score(new_logits).quantile(0.15)"), "alone, or in other company"),
            (
                cautious(line="score(torch.cat([val_logits, new_logits])).quantile(0.15)"),
                "alone, or in other company",
            ),
            (cautious(result="sure.tolist()"), "One of the answers is `True`"),
            (cautious(result="['yes' if s else 'no' for s in sure]"), "One of the answers is `yes`"),
            (cautious(result="best[sure].tolist()"), "answers are expected"),
            (cautious(best="new_logits.argmin(dim=1)"), "with the largest logit. ("),
            (cautious(result="torch.where(sure, best + 1, 0)"), "with the largest logit. ("),
            (cautious(result="None"), "returns nothing"),
            (cautious(line="0.5"), "but too few. Up to 20 %"),
            (cautious(line="score(val_logits).mean()"), "Your line moves with"),
            (cautious("logits[:, 0]"), "By which number do you tell"),
            (cautious(result="best[:5].tolist()"), "answers are expected"),
            (cautious(result="[b.item() if s else None for b, s in zip(best, sure)]"), "Write −1 for"),
        ],
    },
}
