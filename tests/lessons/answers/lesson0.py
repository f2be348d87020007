"""Answers to the exercises of lesson 0: other right ones, and wrong ones with a part of the hint each must get."""

ASK = """
if "found" not in globals():
    found = []
    for number, (image, label) in enumerate(new_pictures):
        with torch.no_grad():
            share, answer = model(image.unsqueeze(0).to(device)).softmax(dim=1)[0].max(dim=0)
        found.append((share.item(), number, answer.item() == label))
mistakes = [(share, number) for share, number, good in found if not good]
"""


def named(names):
    """Exercise 0.3 with another list of names."""
    return f"""
def share_right(answers, labels, classes):
    names = {names}
    right = 0
    for answer, label in zip(answers, labels):
        right += names[answer] == classes[label]
    return right / len(labels)
"""


ANSWERS = {
    "0.1": {
        "right": [
            """
with torch.no_grad():
    wrong_answers = sum(
        (model(images.to(device)).argmax(dim=1).cpu() != labels).sum() for images, labels in loaders["val"]
    )
""",
            "wrong_answers = len(new_pictures) - history['val_accuracy'][-1] * len(new_pictures)",
            "wrong_answers = sum(ask(image)[1].item() != label for image, label in new_pictures)",
            """
*_, last = history["val_accuracy"]
wrong_answers = len(new_pictures) - round(last * len(new_pictures))
""",
            "wrong_answers = torch.tensor((1 - history['val_accuracy'][epochs - 1]) * len(new_pictures)).round()",
        ],
        "wrong": [
            ("wrong_answers = history['val_accuracy'][-1] * len(new_pictures)", "That many were named correctly"),
            ("wrong_answers = 1 - history['val_accuracy'][-1]", "That is the share of wrong"),
            ("wrong_answers = history['val_accuracy'][-1]", "That is the accuracy"),
            ("wrong_answers = (1 - history['val_accuracy'][-1]) * 100", "there would be of 100"),
            ("wrong_answers = (1 - history['train_accuracy'][-1]) * len(new_pictures)", "pictures it learnt from"),
            (
                "wrong_answers = (1 - history['val_accuracy'][-1]) * len(loaders['train'].dataset)",
                "*training* pictures",
            ),
            ("wrong_answers = len(sure_and_wrong)", "80 % sure or more"),
            ("wrong_answers = round(1 - history['val_accuracy'][-1], 3) * len(new_pictures) + 0.1", "Nearly"),
            ("wrong_answers = history['val_accuracy']", "That is a list"),
            ("wrong_answers = torch.tensor([3, 4])", "That is a Tensor"),
            ("wrong_answers = f\"{1 - history['val_accuracy'][-1]:.0%}\"", "That is a str"),
            (
                "wrong_answers = round(history['val_accuracy'][-1] * len(new_pictures))",
                "That many were named correctly",
            ),
            ("wrong_answers = len(new_pictures) / 2", "which share of"),
            ("wrong_answers = -len(new_pictures)", "which share of"),
            ("wrong_answers = len(new_pictures)", "which share of"),
        ],
    },
    "0.2": {
        "right": [
            """
def name_of(image, model, classes):
    return classes[model(image[None].to(device)).softmax(dim=1)[0].argmax()]
""",
            """
def name_of(image, model, classes):
    with torch.no_grad():
        share, answer = model(image.unsqueeze(0).to(device)).max(dim=1)
    return classes[answer.item()]
""",
            """
def name_of(image, model, classes):
    scores = model(torch.stack([image]).to(device))[0].tolist()
    return classes[scores.index(max(scores))]
""",
            """
def name_of(image, model, classes):
    image = image.unsqueeze(0)
    image = image.to(device)
    (number,) = model(image).argmax(dim=1)
    return list(classes)[int(number)]
""",
            """
def name_of(image, model, classes):
    scores = dict(zip(classes, model(image.to(device).reshape(1, *image.shape))[0].tolist()))
    return max(scores, key=scores.get)
""",
        ],
        "wrong": [
            (
                """
def name_of(image, model, classes):
    return ["ants", "bees"][model(image.unsqueeze(0).to(device)).argmax()]
""",
                "Are two names written into it",
            ),
            (
                """
def name_of(image, model, classes):
    return classes[model(image.unsqueeze(0).to(device)).abs().argmax()]
""",
                "A network for colours",
            ),
            (
                """
def name_of(image, model, classes):
    return classes[number]
    image = image.unsqueeze(0).to(device)
    scores = model(image)
    best, number = scores[0].max(dim=0)
""",
                "uses `number` before",
            ),
            (
                """
def name_of(image, model, classes):
    scores = model(image)
    image = image.unsqueeze(0).to(device)
    best, number = scores[0].max(dim=0)
    return classes[number]
""",
                "a bare picture",
            ),
            (
                """
def name_of(image, model, classes):
    image = image.unsqueeze(0).to(device)
    best, number = scores[0].max(dim=0)
    scores = model(image)
    return classes[number]
""",
                "uses `scores` before",
            ),
            (
                """
def name_of(image, model, classes):
    image = image.unsqueeze(0).to(device)
    scores = model(image)
    best, number = scores[0].max(dim=0)
""",
                "gives nothing back",
            ),
            (
                """
def name_of(image, model, classes):
    return model(image.unsqueeze(0).to(device)).argmax().item()
""",
                "of the type int",
            ),
            (
                """
def name_of(image, model, classes):
    image = image.unsqueeze(0).to(device)
    return classes[0]
""",
                "always 'red'",
            ),
            (
                """
def name_of(image, model, classes):
    return classes[model(image.unsqueeze(0).to(device)).argmin()]
""",
                "A network for colours",
            ),
            (
                """
def name_of(image, model, classes):
    image = image.unsqueeze(0).to(device)
    scores = model(image)
    best, number = scores[0].max(dim=0)
    return best
""",
                "of the type Tensor",
            ),
            (
                """
def name_of(image, model, classes):
    image = image.unsqueeze(0).to(device)
    scores = model(image)
    best, number = scores[0].min(dim=0)
    return classes[number]
""",
                "A network for colours",
            ),
            (
                """
def name_of(image, model, classes):
    image = image.unsqueeze(0).to(device)
    scores = model(image)
    best, number = scores.max(dim=1)
    return [classes[i] for i in number]
""",
                "of the type list",
            ),
        ],
    },
    "0.3": {
        "right": [
            """
def share_right(answers, labels, classes):
    return sum(answer == label for answer, label in zip(answers, labels)) / len(labels)
""",
            """
def share_right(answers, labels, classes):
    return (torch.tensor(answers) == torch.tensor(labels)).float().mean()
""",
            named("classes"),
            """
def share_right(answers, labels, classes):
    same = [classes[answer] == classes[label] for answer, label in zip(answers, labels)]
    return same.count(True) / len(same)
""",
            """
def share_right(answers, labels, classes):
    wrong = 0
    for i in range(len(labels)):
        if answers[i] != labels[i]:
            wrong += 1
    return 1 - wrong / len(labels)
""",
            """
import numpy

def share_right(answers, labels, classes):
    names = numpy.array(classes)
    return (names[answers] == names[labels]).mean()
""",
        ],
        "wrong": [
            (
                """
def share_right(answers, labels, classes):
    right = 0
    for answer, label in zip(answers, labels):
        right += answer != label
    return right / len(labels)
""",
                "Still the wrong way round",
            ),
            (
                """
def share_right(answers, labels, classes):
    right = sum(answer == label for answer, label in zip(answers, labels))
    return max(right, len(labels) - right) / len(labels)
""",
                "should get its bad score",
            ),
            (
                named("sorted(classes)"),
                "Which order must `names` have",
            ),
            (
                named('["bees", "ants"]'),
                "Still the wrong way round",
            ),
            (
                named('["ants", "bees"]'),
                "still typed by hand",
            ),
            (
                """
def share_right(answers, labels, classes):
    names = ["ants", "bees"]
    right = 0
    for answer, label in zip(answers, labels):
        right += names[answer] == names[label]
    return right / len(labels)
""",
                "knows only ants and bees",
            ),
            (
                """
def share_right(answers, labels, classes):
    names = ["bees", "ants"]
    right = 0
    for answer, label in zip(answers, labels):
        right += names[answer] != classes[label]
    return right / len(labels)
""",
                "turned the result round",
            ),
            (
                """
def share_right(answers, labels, classes):
    right = 0
    for answer, label in zip(answers, labels):
        right += classes[answer] == classes[label]
    return right
""",
                "it counts right answers",
            ),
            (
                """
def share_right(answers, labels, classes):
    return 100 * sum(answer == label for answer, label in zip(answers, labels)) / len(labels)
""",
                "That is a percentage",
            ),
            (
                """
def share_right(answers, labels, classes):
    for answer, label in zip(answers, labels):
        right = answer == label
""",
                "returns nothing",
            ),
            ("def share_right(answers, labels, classes): return 0.97", "Of 4 answers 3 are right"),
            ("def share_right(answers, labels, classes): return '0.75'", "Out comes a str"),
            (named("classes[::-1]"), "Still the wrong way round"),
            (named("classes").replace("len(labels)", "len(classes)"), "Of 4 answers 3 are right"),
            (named("classes").replace("    return", "        return"), "Of 4 answers 3 are right"),
        ],
    },
    "0.4": {
        "right": [
            """
answers, shares, labels = [], [], []
with torch.no_grad():
    for images, targets in loaders["val"]:
        share, answer = model(images.to(device)).softmax(dim=1).max(dim=1)
        answers, shares, labels = [*answers, answer], [*shares, share], [*labels, targets]
wrong = (torch.cat(answers) != torch.cat(labels).to(device)).nonzero().flatten()
worst = wrong[torch.cat(shares)[wrong].argsort(descending=True)]
""",
            """
mistakes = []
for number in range(len(new_pictures)):
    image, label = new_pictures[number]
    share, answer = ask(image)
    if answer != label:
        mistakes.append([number, share])
mistakes.sort(key=lambda pair: pair[1], reverse=True)
worst = [number for number, share in mistakes]
""",
            ASK + "sure = {n: s for s, n in mistakes}\nworst = sorted(sure, key=sure.get, reverse=True)",
            ASK + "worst = tuple(n for s, n in sorted(mistakes))[::-1]",
        ],
        "wrong": [
            (ASK + "worst = [n for s, n in sorted(mistakes, reverse=True) if s >= 0.8]", "was less sure"),
            (ASK + "worst = [n for s, n in sorted(mistakes)]", "Turn the order round"),
            (ASK + "worst = sorted(n for s, n in mistakes)", "in the order of the pictures"),
            (ASK + "worst = sorted(mistakes, reverse=True)", "An entry of your list is a tuple"),
            (ASK + "worst = [n for s, n, good in sorted(found, reverse=True)]", "are named correctly"),
            (ASK + "worst = [not good for s, n, good in found]", "holds True and False"),
            (ASK + "worst = [n for s, n in sorted(mistakes, reverse=True) for _ in range(2)]", "stands there 2 times"),
            (ASK + "worst = [n for s, n in sorted(mistakes, reverse=True) if n > 40]", "such as picture"),
            (ASK + "worst = [n + len(found) for s, n in mistakes]", "Whose is that?"),
            (ASK + "worst = [s for s, n in sorted(mistakes, reverse=True)]", "Is it a share?"),
            (ASK + "worst = [new_pictures[n][1] for s, n, good in found]", "as those of the classes"),
            (ASK + "worst = [n for s, n in sorted(mistakes, reverse=True) if s < 0.8]", "It was surer there"),
            (ASK + "worst = [n % loaders['val'].batch_size for s, n, good in found]", "begin anew with each group"),
            (ASK + "worst = [n for s, n in mistakes][::-1]", "What do you sort by?"),
            (ASK + "worst = [-n for s, n in mistakes]", "Whose is that?"),
            ("worst = []", "The list is empty"),
            ("worst = 3", "A list of numbers is wanted"),
        ],
    },
}
