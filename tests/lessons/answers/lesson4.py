"""Answers to the exercises of lesson 4: other right ones, and wrong ones with a part of the hint each must get."""

MOBILE = """
from torchvision.models import mobilenet_v2
small = mobilenet_v2(weights=None)
"""
NEW_HEAD = "small.classifier[-1] = nn.Linear(1280, len(classes))\n"


def adapted(*lines):
    """A function `adapt` with these lines."""
    return "\n    ".join(["def adapt(network, dataset):", *lines, "return network"])


def by_epoch(*lines, before="pass"):
    """Exercise 4.3 with these lines in each epoch, before the network answers."""
    inside = "".join(f"        {line}\n" for line in lines)
    return f"""
def answers_by_epoch(network, images, epochs=3):
    {before}
    answers = []
    for _ in range(epochs):
{inside}        answers.append(network(images[:1])[0, 0].item())
    return answers
"""


ANSWERS = {
    "4.1": {
        "right": [
            "trainable_numbers = sum(p.numel() for p in nn.Linear(4096, 5).parameters())",
            "trainable_numbers = torch.tensor(20_485)",
            "trainable_numbers = 4096 * 5 + 5",
            "trainable_numbers = (vgg.classifier[-1].in_features + 1) * 5",
            "trainable_numbers = sum(vgg.classifier[-1].in_features + 1 for _ in range(5))",
            """
beetles = copy.deepcopy(vgg).requires_grad_(False)
beetles.classifier[-1] = nn.Linear(beetles.classifier[-1].in_features, 5)
trainable_numbers = sum(p.numel() for p in beetles.parameters() if p.requires_grad)
""",
        ],
        "wrong": [
            ("trainable_numbers = vgg.classifier[-1].in_features * 5", "What does a `Linear` add"),
            ("trainable_numbers = vgg.classifier[-1].in_features", "That is what arrives"),
            ("trainable_numbers = 4096 + 5", "You added features and classes"),
            ("trainable_numbers = 4096 * 1000 + 1000", "old head"),
            ("trainable_numbers = 3 * 5 + 5", "not colours"),
            ("trainable_numbers = model.fc.in_features * 5 + 5", "head of our ResNet"),
            ("trainable_numbers = sum(p.numel() for p in vgg.classifier[-1].parameters())", "a head for `classes`"),
            ("trainable_numbers = 4096 * 5 + 4096", "one for each output"),
            ("trainable_numbers = sum(p.numel() for p in vgg.parameters())", "Over a million"),
            ("trainable_numbers = 10", "10 is not it"),
            ("trainable_numbers = vgg.classifier[-1]", "That is a Linear"),
            ("trainable_numbers = [4096 * 5 + 5]", "That is a list"),
            ("trainable_numbers = '4096 * 5 + 5'", "That is a str"),
            ("trainable_numbers = torch.tensor([4096 * 5, 5])", "That is a Tensor"),
            ("trainable_numbers = vgg.classifier[0].in_features * 5 + 5", "125,445 is not it"),
            ("trainable_numbers = 4096 * 5 * 5", "102,400 is not it"),
        ],
    },
    "4.2": {
        "right": [
            """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    model.requires_grad_(requires_grad=False)
    model.fc = nn.Linear(512, num_classes)
    return model, [model.fc.weight, model.fc.bias]
""",
            """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    for name, parameter in model.named_parameters():
        parameter.requires_grad = False
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    trainable = []
    for parameter in model.parameters():
        if parameter.requires_grad:
            trainable.append(parameter)
    return (model, trainable)
""",
            """
def build_frozen(num_classes):
    model = resnet18(weights=None, num_classes=num_classes)
    for part in list(model.children())[:-1]:
        part.requires_grad_(False)
    return model, list(filter(lambda p: p.requires_grad, model.parameters()))
""",
            """
def build_frozen(num_classes):
    model = resnet18(weights=None).requires_grad_(False)
    head = nn.Linear(model.fc.in_features, num_classes)
    model.fc = head
    return model, list(head.parameters())
""",
            """
def build_frozen(count):
    network = resnet18(weights=None)
    network.fc = nn.Linear(network.fc.in_features, count)
    for parameter in network.parameters():
        parameter.requires_grad = False
    network.fc.requires_grad_(True)
    return network, filter(lambda p: p.requires_grad, network.parameters())
""",
        ],
        "wrong": [
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    model.conv1.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return model, [p for p in model.parameters() if p.requires_grad]
""",
                "It holds 61 tensors",
            ),
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return model, [model.fc.weight]
""",
                "It holds 1 tensors",
            ),
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None).requires_grad_(False)
    model.fc.requires_grad_(True)
    return model, list(model.fc.parameters())
""",
                "still has 1000 outputs",
            ),
            (
                """
def build_frozen(num_classes):
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    trainable = [p for p in model.parameters() if p.requires_grad]
    model = resnet18(weights=None)
    model.requires_grad_(False)
    return model, trainable
""",
                "before there is one",
            ),
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return model, trainable
    trainable = [p for p in model.parameters() if p.requires_grad]
""",
                "before it is collected",
            ),
            (
                """
def build_frozen(num_classes):
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    trainable = [p for p in model.parameters() if p.requires_grad]
    return model, trainable
""",
                "instead of a fresh one",
            ),
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    trainable = [p for p in model.parameters() if p.requires_grad]
""",
                "returns nothing",
            ),
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    model.requires_grad_(False)
    trainable = [p for p in model.parameters() if p.requires_grad]
    return model, trainable
    model.fc = nn.Linear(model.fc.in_features, num_classes)
""",
                "still has 1000 outputs",
            ),
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, 2)
    trainable = [p for p in model.parameters() if p.requires_grad]
    return model, trainable
""",
                "Asked for 3 and for 5",
            ),
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    trainable = [p for p in model.parameters() if p.requires_grad]
    model.requires_grad_(False)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return model, trainable
""",
                "none of them can learn now",
            ),
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    model.requires_grad_(False)
    trainable = [p for p in model.parameters() if p.requires_grad]
    return model, trainable
""",
                "not even the new head",
            ),
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    trainable = [p for p in model.parameters() if p.requires_grad]
    return model, trainable
    model.requires_grad_(False)
""",
                "nothing is frozen",
            ),
            (
                """
def build_frozen(num_classes):
    model = resnet18(weights=None)
    model.requires_grad_(False)
    trainable = [p for p in model.parameters() if p.requires_grad]
    model.fc = nn.Linear(model.fc.in_features, num_classes)
    return model, trainable
""",
                "the list is empty",
            ),
        ],
    },
    "4.3": {
        "right": [
            """
def answers_by_epoch(network, images, epochs=3):
    answers = []
    for _ in range(epochs):
        network.train()
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.train(module.weight.requires_grad)
        with torch.no_grad():
            network(images)
            network.eval()
            answers += [network(images[:1])[0][0]]
    return tuple(answers)
""",
            """
def answers_by_epoch(network, images, epochs=3):
    answers = []
    for _ in range(epochs):
        set_train_mode(network)
        network(images)
        answers.append(copy.deepcopy(network).eval()(images[:1])[0, 0].item())
    return answers
""",
            """
def answers_by_epoch(network, images, epochs=3):
    answers = torch.zeros(epochs)
    for epoch in range(epochs):
        network.train()
        for name, part in network.named_modules():
            if hasattr(part, "running_mean") and not part.bias.requires_grad:
                part.eval()
        network(images)
        answers[epoch] = network.eval()(images[:1])[0, 0]
    return answers
""",
            """
def answers_by_epoch(network, images, epochs=3):
    def one_epoch():
        set_train_mode(network)
        network(images)
        network.eval()
        return network(images[:1]).flatten()[0].item()

    return [one_epoch() for _ in range(epochs)]
""",
            """
def answers_by_epoch(network, images, epochs=3):
    answers = []
    for epoch in range(epochs):
        network.train()
        set_train_mode(network)
        network(images)
        network.eval()
        answers.append(network(images)[0, 0].item())
    return answers
""",
        ],
        "wrong": [
            (
                by_epoch("network.train()", "network(images)", "network.eval()", before="set_train_mode(network)"),
                "2 of 2 frozen BatchNorms moved",
            ),
            (
                by_epoch(
                    "network.train()",
                    "for module in network.children():",
                    "    if isinstance(module, nn.BatchNorm2d):",
                    "        module.eval()",
                    "network(images)",
                    "network.eval()",
                ),
                "1 of 2 frozen BatchNorms moved",
            ),
            (
                by_epoch("network(images)", "network.eval()", before="set_train_mode(network)"),
                "only 1 of 4 epochs",
            ),
            (
                by_epoch("network.eval()", "network(images)"),
                "no batch ever runs through in training mode",
            ),
            (
                by_epoch("set_train_mode(network)", "network(images)"),
                "the answers are given in training mode",
            ),
            (
                """
def answers_by_epoch(network, images, epochs=3):
    answers = []
    for _ in range(3):
        set_train_mode(network)
        network(images)
        network.eval()
        answers.append(network(images[:1])[0, 0].item())
    return answers
""",
                "there should be 4 answers",
            ),
            (
                """
def answers_by_epoch(network, images, epochs=3):
    answers = []
    for _ in range(epochs):
        set_train_mode(network)
        network(images)
        network.eval()
        answers.append(network(images[:1])[0, 0].item())
    return answers[-1:]
""",
                "there should be 4 answers",
            ),
            (
                """
def answers_by_epoch(network, images, epochs=3):
    answers = []
    for _ in range(epochs):
        set_train_mode(network)
        network(images)
        network.eval()
        answers.append(network(images[:1])[0, 1].item())
    return answers
""",
                "before and after",
            ),
            (
                by_epoch(
                    "network.train()",
                    "for module in network.modules():",
                    "    if isinstance(module, nn.BatchNorm2d):",
                    "        module.eval()",
                    "network(images)",
                    "network.eval()",
                ),
                "whose last BatchNorm may learn",
            ),
            (
                by_epoch(
                    "network.train()",
                    "network(images)",
                    "network.load_state_dict(kept)",
                    "network.eval()",
                    before="kept = copy.deepcopy(network.state_dict())",
                ),
                "it took the mean of that batch",
            ),
            (
                by_epoch(
                    "set_train_mode(network)",
                    "network(images)",
                    "network.eval()",
                    before="network.requires_grad_(False)",
                ),
                "froze the head, too",
            ),
            (
                by_epoch("network(images)", "set_train_mode(network)", "network.eval()"),
                "no batch ever runs through in training mode",
            ),
            (
                """
def answers_by_epoch(network, images, epochs=3):
    answers = []
    for _ in range(epochs):
        set_train_mode(network)
        network(images)
        network.eval()
        answers.append(network(images[:1])[0, 0].item())
""",
                "returns nothing",
            ),
        ],
    },
    "4.4": {
        "right": [
            adapted("network.fc = nn.Linear(network.fc.weight.size(1), len(dataset.class_to_idx))"),
            adapted("outputs = len(set(dataset.targets))", "network.fc = nn.Linear(network.fc.in_features, outputs)"),
            adapted("setattr(network, 'fc', nn.Linear(network.fc.in_features, len(dataset.classes)))"),
            """
def adapt(network, dataset):
    features = network.fc.in_features
    network.fc = nn.Linear(features, max(dataset.targets) + 1)
    return network
""",
            """
def adapt(network, dataset):
    other = copy.deepcopy(network).requires_grad_(False)
    labels = {label for _, label in dataset.samples}
    other.fc = nn.Sequential(nn.Dropout(0.2), nn.Linear(network.fc.weight.shape[1], len(labels)))
    return other
""",
        ],
        "wrong": [
            (
                adapted(
                    "outputs = len(dataset.classes)",
                    "network.fc = nn.Sequential(network.fc, nn.Linear(network.fc.out_features, outputs))",
                ),
                "old head is still inside",
            ),
            (
                adapted(
                    "old = network.fc",
                    "network.fc = nn.Sequential(old, nn.ReLU(), nn.Linear(7, len(dataset.classes)))",
                ),
                "old head is still inside",
            ),
            (
                adapted("network.fc = nn.Linear(network.fc.in_features, network.fc.out_features)"),
                "7 outputs like the old one",
            ),
            (adapted("network.fc.out_features = len(dataset.classes)"), "its weights were made"),
            (
                adapted("network.fc = nn.Linear(len(dataset.classes), network.fc.in_features)"),
                "does not take what arrives",
            ),
            (
                adapted("network.fc = nn.Linear(network.fc.out_features, len(dataset.classes))"),
                "does not take what arrives",
            ),
            (
                adapted(
                    "new = nn.Linear(network.fc.out_features, len(dataset.classes))",
                    "network.fc = nn.Sequential(copy.deepcopy(network.fc), new)",
                ),
                "old head is still inside",
            ),
            (
                adapted(
                    "network.fc = nn.Linear(network.fc.in_features, len(dataset.classes))",
                    "network.requires_grad_(False)",
                ),
                "it can never learn",
            ),
            (
                adapted(
                    "network.body = nn.Sequential(network.body, network.fc)",
                    "network.fc = nn.Linear(7, len(dataset.classes))",
                ),
                "old head is still inside",
            ),
            (
                """
def adapt(network, dataset):
    network.fc = nn.Linear(512, 2)
    return network
""",
                "Still 2 outputs",
            ),
            (
                """
def adapt(network, dataset):
    network.fc = nn.Linear(network.fc.in_features, 3)
    return network
""",
                "but not for five",
            ),
            (
                """
def adapt(network, dataset):
    network.fc = nn.Linear(512, len(dataset.classes))
    return network
""",
                "not every network delivers 512",
            ),
            (
                """
def adapt(network, dataset):
    network.fc = nn.Linear(network.fc.in_features, len(dataset))
    return network
""",
                "counts pictures",
            ),
            (
                """
def adapt(network, dataset):
    network.fc = nn.Linear(network.fc.in_features, max(dataset.targets))
    return network
""",
                "One output too few",
            ),
            (
                """
def adapt(network, dataset):
    network.head = nn.Linear(network.fc.in_features, len(dataset.classes))
    return network
""",
                "still answers with its old head",
            ),
            (
                """
def adapt(network, dataset):
    network.fc = nn.Linear(network.fc.in_features, len(dataset.classes) + 1)
    return network
""",
                "the head has 3, 4 and 6 outputs",
            ),
            (
                """
def adapt(network, dataset):
    return nn.Linear(network.fc.in_features, len(dataset.classes))
""",
                "It returns a Linear",
            ),
            (
                """
def adapt(network, dataset):
    network.fc = nn.Linear(network.fc.in_features, len(dataset.classes))
""",
                "returns nothing",
            ),
        ],
    },
    "4.5": {
        "right": [
            """
from torchvision.models import squeezenet1_1
small = squeezenet1_1(weights=None).requires_grad_(False)
small.classifier[1] = nn.Conv2d(512, len(classes), 1)
""",
            """
from torchvision.models import shufflenet_v2_x1_0
small = shufflenet_v2_x1_0(num_classes=len(classes))
for name, parameter in small.named_parameters():
    parameter.requires_grad = name.startswith("fc")
set_train_mode(small)
""",
            """
from torchvision.models import get_model
small = get_model("shufflenet_v2_x0_5", weights=None).requires_grad_(False)
small.fc = nn.Sequential(nn.Dropout(0.1), nn.Linear(small.fc.in_features, len(classes)))
set_train_mode(small)
""",
            """
from torchvision.models import mnasnet0_5
small = mnasnet0_5(weights=None)
for parameter in small.parameters():
    parameter.requires_grad_(False)
small.classifier[1] = nn.Linear(small.classifier[1].in_features, len(classes))
for module in small.modules():
    module.train(not isinstance(module, nn.BatchNorm2d))
""",
            """
from torchvision.models import efficientnet_b0
small = efficientnet_b0(weights=None).requires_grad_(False)
small.classifier[-1] = nn.Linear(small.classifier[-1].in_features, len(classes))
set_train_mode(small)
""",
            """
from torchvision.models import mobilenet_v3_small
small = mobilenet_v3_small(weights=None).requires_grad_(False)
small.classifier = nn.Linear(small.classifier[0].in_features, len(classes))
small.eval()
small.classifier.train()
""",
            """
parts = list(resnet18(weights=None).requires_grad_(False).children())[:7]  # down to layer3
head = nn.Linear(256, len(classes))
small = nn.Sequential(*parts, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Dropout(), head)
set_train_mode(small)
""",
        ],
        "wrong": [
            (
                "from torchvision.models import mobilenet_v2\n"
                "small = mobilenet_v2(weights=None).requires_grad_(False)\n"
                "small.classifier[-1] = nn.Linear(1280, len(classes))\nsmall = set_train_mode(small)",
                "return nothing, such as `set_train_mode`",
            ),
            ("from torchvision.models import mobilenet_v2 as small", "Call it"),
            ('small = "mobilenet_v2"', "`small` is a str"),
            (
                """
from torchvision.models import mobilenet_v2
with torch.device("meta"):
    small = mobilenet_v2(weights=None)
""",
                "a plan without numbers",
            ),
            (MOBILE + "small.requires_grad_(False)\nset_train_mode(small)", "4 pictures give the shape"),
            (
                MOBILE
                + "small.requires_grad_(False)\nsmall.classifier[-1] = nn.Linear(1280, 3)\nset_train_mode(small)",
                "4 pictures give the shape",
            ),
            (
                MOBILE + "set_train_mode(small)\nsmall.requires_grad_(False)\n" + NEW_HEAD,
                "52 of 52 BatchNorms move",
            ),
            (
                MOBILE
                + "small.requires_grad_(False)\nsmall.features[-1].requires_grad_(True)\n"
                + NEW_HEAD
                + "set_train_mode(small)",
                "What should be frozen",
            ),
            (
                MOBILE + "small.requires_grad_(False)\nsmall.fc = nn.Linear(1280, len(classes))\nset_train_mode(small)",
                "the network does not use it",
            ),
            (
                """
small = resnet18(weights=None).requires_grad_(False)
small.fc = nn.Linear(small.fc.in_features, len(classes))
set_train_mode(small)
""",
                "million weights are too many",
            ),
            (
                MOBILE + NEW_HEAD + "small.requires_grad_(False)\nset_train_mode(small)",
                "Nothing can learn",
            ),
            (
                MOBILE + "small.requires_grad = False\n" + NEW_HEAD + "set_train_mode(small)",
                "where nobody reads it",
            ),
            (
                MOBILE + NEW_HEAD + "set_train_mode(small)",
                "What should be frozen",
            ),
            (
                MOBILE
                + NEW_HEAD
                + """
small.requires_grad_(False)
small.features[0].requires_grad_(True)
set_train_mode(small)
""",
                "not among them",
            ),
            (
                MOBILE
                + NEW_HEAD
                + "small.requires_grad_(False)\nsmall.classifier[-1].bias.requires_grad_(True)\nset_train_mode(small)",
                "Only a part of the new head",
            ),
            (
                MOBILE
                + "small.requires_grad_(False)\nsmall.features[0].requires_grad_(True)\n"
                + NEW_HEAD
                + "set_train_mode(small)",
                "Are some of yours not frozen",
            ),
            (
                MOBILE + "small.requires_grad_(False)\n" + NEW_HEAD,
                "52 of 52 BatchNorms move",
            ),
            (
                MOBILE + "small.requires_grad_(False)\n" + NEW_HEAD + "small.eval()",
                "a part that should train is in eval mode",
            ),
        ],
    },
}
