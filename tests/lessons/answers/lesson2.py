"""Answers to the exercises of lesson 2: other right ones, and wrong ones with a part of the hint each must get."""


def one_line(expression):
    return f"def what_the_network_gets(red):\n    return {expression}\n"


LINES = {  # of exercise 2.2
    "list": "steps = []",
    "crop": "steps.append(v2.RandomResizedCrop(size, scale=(0.5, 1.0)))",
    "flip": "steps.append(v2.RandomHorizontalFlip())",
    "tensor": "steps.append(v2.ToImage())",
    "float": "steps.append(v2.ToDtype(torch.float32, scale=True))",
    "normalize": "steps.append(normalize)",
    "return": "return v2.Compose(steps)",
}


def in_order(names):
    return "def training_chain(size):\n" + "".join(f"    {LINES[name]}\n" for name in names.split())


def chains(rest):
    """Exercise 2.3 with other lines after the first two."""
    first = [
        "to_tensor = [v2.ToImage(), v2.ToDtype(torch.float32, scale=True), normalize]",
        "steps = [v2.Resize(size), v2.CenterCrop(size), *to_tensor]",
    ]
    return "def two_chains(size):\n" + "".join(f"    {line}\n" for line in first + rest.strip().splitlines())


def square(*lines):
    """Exercise 2.4 with these lines."""
    return "\n    ".join(["def to_square(image, size):", *lines])


def patch(top, left, change="= 0", h="height // 3", w="width // 3"):
    """Exercise 2.5: a patch that begins at these places."""
    return f"""
def randint(low, high):
    return torch.randint(low, high, ()).item()

def cover(tensor):
    height, width = tensor.shape[1:]
    h = {h}
    w = {w}
    top, left = {top}, {left}
    copy = tensor.clone()
    copy[:, top : top + h, left : left + w] {change}
    return copy
"""


ANSWERS = {
    "2.1": {
        "right": [
            one_line("(red / 255 - mean[0]) / std[0]"),
            one_line("round((red / 255 - 0.485) / 0.229, 2)"),
            one_line("normalize(torch.full((3, 1, 1), red / 255))[0, 0, 0]"),
            """
def what_the_network_gets(red):
    pixel = torch.tensor([red, 0, 0], dtype=torch.uint8)[:, None, None]
    chain = v2.Compose([v2.ToDtype(torch.float32, scale=True), normalize])
    return chain(pixel)[0].item()
""",
            one_line("red / 255 / 0.229 - 0.485 / 0.229"),
            one_line("(red - 255 * 0.485) / (255 * 0.229)"),
            one_line("v2.functional.normalize(torch.full((1, 1, 1), red / 255), [0.485], [0.229]).item()"),
        ],
        "wrong": [
            (one_line("(red - 0.485) / 0.229"), "that is 604.9"),
            (one_line("(red - 0.485) / 0.229 / 255"), "in another order"),
            (one_line("red / 255"), "`Normalize` is still to come"),
            (one_line("red / 255 - 0.485"), "do with the std"),
            (one_line("red / 255 - 0.485 / 0.229"), "Python divides before it subtracts"),
            (one_line("(red / 255 - 0.485) * 0.229"), "You multiply by the std"),
            (one_line("red / 255 * 0.229 + 0.485"), "the way back"),
            (one_line("(0.485 - red / 255) / 0.229"), "The sign is turned round"),
            (one_line("(red / 255 - 0.456) / 0.224"), "mean and std of green"),
            (one_line("(red / 255 - 0.406) / 0.225"), "mean and std of blue"),
            (one_line("(red / 256 - 0.485) / 0.229"), "should become exactly 1"),
            (one_line("(139 / 255 - 0.485) / 0.229"), "It answers 0.26 to 0"),
            (one_line("((red / 255 - mean[:, None, None]) / std[:, None, None])"), "Several numbers come out"),
            ("def what_the_network_gets(red):\n    (red / 255 - 0.485) / 0.229\n", "returns nothing"),
            (one_line("red"), "Two steps are wanted"),
            (one_line("(red / 255 - 0.229) / 0.485"), "have changed places"),
            (one_line("round((red / 255 - 0.485) / 0.229)"), "are whole numbers"),
            (one_line("int((red / 255 - 0.485) / 0.229)"), "are whole numbers"),
            (one_line("(red // 255 - 0.485) / 0.229"), "Two steps are wanted"),
            (one_line("(red / 255 - 0.485) / 0.229 * 255"), "Two steps are wanted"),
        ],
    },
    "2.2": {
        "right": [
            in_order("list flip crop tensor float normalize return"),
            in_order("list tensor crop float flip normalize return"),
            in_order("list tensor float normalize flip crop return"),
            in_order("list tensor flip float crop normalize return"),
            in_order("list tensor flip crop float normalize return").replace(
                "v2.Compose(steps)", "torch.nn.Sequential(*steps)"
            ),
            """
def training_chain(size):
    picture = v2.Compose([v2.RandomHorizontalFlip(), v2.RandomResizedCrop((size, size), scale=(0.5, 1.0))])
    return v2.Compose([picture, v2.ToImage(), v2.ToDtype(torch.float32, scale=True), normalize])
""",
            """
def training_chain(size):
    return v2.Compose(
        [v2.ToImage(), v2.RandomResizedCrop(size), v2.RandomHorizontalFlip(0.5)]
        + [v2.ToDtype(torch.float32, scale=True), normalize]
    )
""",
        ],
        "wrong": [
            (in_order("list crop flip normalize tensor float return"), "given a PIL picture and refused it"),
            (in_order("list crop flip float tensor normalize return"), "let it through without a word"),
            (in_order("list crop flip tensor normalize float return"), "it wants fractions"),
            (in_order("crop list flip tensor float normalize return"), "before there is such a list"),
            (in_order("list return crop flip tensor float normalize"), "got an empty list"),
            (in_order("list crop flip tensor return float normalize"), "has no `ToDtype`"),
            (in_order("list crop flip tensor float return normalize"), "has no `Normalize`"),
            (in_order("list crop flip tensor float normalize"), "line with `return` get lost"),
            (in_order("list crop flip tensor float normalize") + "    return steps\n", "A list comes out"),
            (in_order("list crop flip tensor float normalize return").replace("Crop(size", "Crop(128"), "For size 24"),
            (in_order("list crop flip tensor float normalize normalize return"), "each of the lines there"),
            (
                in_order("list crop flip tensor float normalize return").replace(", scale=True", ""),
                "each of the lines there",
            ),
            (in_order("list crop flip list tensor float normalize return"), "has no `RandomResizedCrop`"),
        ],
    },
    "2.3": {
        "right": [
            chains("""
train = v2.Compose([v2.Resize(size), v2.RandomHorizontalFlip(), v2.CenterCrop(size), *to_tensor])
return {"val": v2.Compose(steps), "train": train}
"""),
            chains("""
train, val = (v2.Compose(flip + steps) for flip in ([v2.RandomHorizontalFlip()], []))
return {"train": train, "val": val}
"""),
            chains("""
val = v2.Compose(list(steps))
steps.insert(0, v2.RandomHorizontalFlip())
train = v2.Compose(steps)
return {"train": train, "val": val}
"""),
            chains("""
val = v2.Compose(steps)
train = v2.Compose([v2.RandomHorizontalFlip(), val])
return {"train": train, "val": val}
"""),
            chains("""
train = v2.Compose([*steps, v2.RandomHorizontalFlip()])
return {"train": train, "val": v2.Compose(steps)}
"""),
            chains("""
train_steps = steps.copy()
train_steps.insert(1, v2.RandomHorizontalFlip())
return {"train": v2.Compose(train_steps), "val": v2.Compose(steps)}
"""),
        ],
        "wrong": [
            (
                """
def two_chains(size):
    chains = build_transforms(size)
    return {"train": chains["train"], "val": chains["val"]}
""",
                "no longer what it was",
            ),
            (
                chains("""
val = v2.Compose(steps)
train = v2.Compose([v2.RandomHorizontalFlip(), v2.CenterCrop(size), *to_tensor])
return {"train": train, "val": val}
"""),
                "neither the one of `val`",
            ),
            (
                chains("""
val = v2.Compose(steps)
train = v2.Compose([v2.RandomResizedCrop(size), v2.RandomHorizontalFlip(), *to_tensor])
return {"train": train, "val": val}
"""),
                "neither the one of `val`",
            ),
            (
                chains("""
val = v2.Compose(steps)
train_steps = steps
train_steps.insert(0, v2.RandomHorizontalFlip())
return {"train": v2.Compose(train_steps), "val": val}
"""),
                "Still: one picture",
            ),
            (
                chains("""
val = v2.Compose(steps)
train = v2.Compose(steps.insert(0, v2.RandomHorizontalFlip()))
return {"train": train, "val": val}
"""),
                "a line of their own",
            ),
            (
                chains("""
val = v2.Compose(list(steps))
train = v2.Compose([v2.RandomHorizontalFlip(p=1.0), *steps])
return {"train": train, "val": val}
"""),
                "never, or always",
            ),
            (
                chains("""
val = v2.Compose(steps)
steps.insert(0, v2.RandomHorizontalFlip())
train = v2.Compose(steps)
return {"train": train, "val": val}
"""),
                "Still: one picture",
            ),
            (
                chains("""
val = v2.Compose(steps)
train = v2.Compose(steps)
return {"train": train, "val": val}
"""),
                "never, or always",
            ),
            (
                chains("""
train = v2.Compose(steps)
val = v2.Compose([v2.RandomHorizontalFlip(), *steps])
return {"train": train, "val": val}
"""),
                "Now `train` is fixed and `val` is random",
            ),
            (
                chains("""
val = v2.Compose(to_tensor)
train = v2.Compose([v2.RandomHorizontalFlip(), *steps])
return {"train": train, "val": val}
"""),
                "Is the resize or the crop missing",
            ),
            (
                chains("""
val = v2.Compose(steps[:-1])
train = v2.Compose([v2.RandomHorizontalFlip(), *steps])
return {"train": train, "val": val}
"""),
                "is not normalized any more",
            ),
            (
                chains("""
val = v2.Compose(steps[:2])
train = v2.Compose([v2.RandomHorizontalFlip(), *steps])
return {"train": train, "val": val}
"""),
                "A chain gives no tensor",
            ),
            (
                chains("""
val = v2.Compose(steps)
train = v2.Compose([v2.RandomHorizontalFlip(), *steps])
return train, val
"""),
                "A dictionary with the keys",
            ),
        ],
    },
    "2.4": {
        "right": [
            square(
                "image = v2.functional.center_crop(image, [max(image.size)] * 2)", "return image.resize((size, size))"
            ),
            square("from PIL import ImageOps", "return ImageOps.pad(image, (size, size))"),
            square(
                "from PIL import Image",
                "canvas = Image.new('RGB', (max(image.size), max(image.size)), 'white')",
                "canvas.paste(image, (0, 0))",
                "return v2.Resize(size)(canvas)",
            ),
            square(
                "width, height = image.size",
                "longer = max(width, height)",
                "image = v2.Pad([(longer - width) // 2, (longer - height) // 2], fill=128)(image)",
                "return v2.Resize((size, size))(image)",
            ),
            square(
                "small = v2.Resize(size * min(image.size) // max(image.size))(image)",
                "return v2.CenterCrop(size)(small)",
            ),
            square(
                "longer = max(image.size)",
                "tensor = torch.zeros(3, longer, longer, dtype=torch.uint8)",
                "tensor[:, : image.height, : image.width] = v2.ToImage()(image)",
                "return v2.Resize(size)(tensor)",
            ),
            square(
                "longer = max(image.size)",
                'image = v2.Pad([0, 0, longer - image.width, longer - image.height], padding_mode="edge")(image)',
                "return v2.Resize(size)(image)",
            ),
        ],
        "wrong": [
            (
                square("image = v2.Resize(size // 2)(image)", "return v2.CenterCrop(size)(image)"),
                "Still: a wide picture",
            ),
            (
                square("image = v2.Resize(40)(image)", "return v2.CenterCrop(size)(image)"),
                "Still: a wide picture",
            ),
            (
                square(
                    "longer = max(image.size)",
                    "image = v2.Resize((longer, longer))(image)",
                    "return v2.CenterCrop(size)(image)",
                ),
                "Still: a wide picture",
            ),
            (
                square("image = v2.CenterCrop(size)(image)", "return v2.CenterCrop(size)(image)"),
                "Still: a wide picture",
            ),
            (
                square("image = v2.CenterCrop(1000)(image)", "return v2.Resize(size)(image)"),
                "comes out so small",
            ),
            (
                square("image = v2.Resize(size)(image)", "return v2.CenterCrop(size)(image)"),
                "Still: a wide picture",
            ),
            (
                square("image = v2.CenterCrop(size)(image)", "return v2.Resize(size)(image)"),
                "Still: a wide picture",
            ),
            (
                square("return v2.Resize((size, size))(image)"),
                "instead of stretching",
            ),
            (
                square("image = v2.CenterCrop(image.width)(image)", "return v2.Resize(size)(image)"),
                "A wide picture is whole now, but a tall one",
            ),
            (
                square("image = v2.CenterCrop(image.height)(image)", "return v2.Resize(size)(image)"),
                "A tall picture is whole now, but a wide one",
            ),
            (
                square("image = v2.Resize(size)(image)", "return v2.CenterCrop(max(image.size))(image)"),
                "not the `size` that was asked for",
            ),
            (
                square("return v2.Resize(size)(image)"),
                "which is no square",
            ),
            (
                square("image = v2.CenterCrop(sum(image.size))(image)", "return v2.Resize(size)(image)"),
                "the bars wider than need be",
            ),
            (
                square("image = v2.CenterCrop(max(image.size))(image)", "return v2.Resize(60)(image)"),
                "but with 48 it gives 60×60",
            ),
            (
                square(
                    "image = v2.Pad(40)(image)", "image = v2.Resize(size)(image)", "return v2.CenterCrop(size)(image)"
                ),
                "120 and 24 with a size of 48",
            ),
            (
                square("image = v2.CenterCrop(max(image.size))(image)", "v2.Resize(size)(image)"),
                "returns nothing",
            ),
            (
                square("image = v2.CenterCrop(int(1.1 * max(image.size)))(image)", "return v2.Resize(size)(image)"),
                "with a size of 360",
            ),
            (
                square("image = v2.CenterCrop(max(image.size) - 6)(image)", "return v2.Resize(size)(image)"),
                "with a size of 360",
            ),
        ],
    },
    "2.5": {
        "right": [
            patch("randint(0, height - h + 1)", "randint(0, width - w + 1)", "= 0.5"),
            patch("randint(0, height - h + 1)", "randint(0, width - w + 1)", "= torch.rand(3, 1, 1)"),
            patch(
                "randint(0, height - h + 1)",
                "randint(0, width - w + 1)",
                h="randint(height // 4, height // 2)",
                w="width // 2",
            ),
            "cover = v2.RandomErasing(p=1.0, scale=(0.05, 0.25))",
            'cover = v2.RandomErasing(p=1.0, scale=(0.1, 0.2), ratio=(1.0, 1.0), value="random")',
            """
import random

def cover(tensor):
    _, height, width = tensor.shape
    h, w = random.randint(height // 4, height // 2), random.randint(width // 4, width // 2)
    top, left = random.randrange(height - h), random.randrange(width - w)
    patch = torch.zeros_like(tensor)
    patch[:, top : top + h, left : left + w] = 1
    return torch.where(patch == 1, torch.rand(3, 1, 1), tensor)
""",
            """
def cover(tensor):
    height, width = tensor.shape[1:]
    rows, columns = torch.arange(height)[:, None], torch.arange(width)
    y, x = torch.randint(0, height, ()), torch.randint(0, width, ())
    y, x = y.clamp(height // 5, height - height // 5), x.clamp(width // 5, width - width // 5)
    inside = ((rows - y) / height) ** 2 + ((columns - x) / width) ** 2 < 0.2**2
    return tensor * ~inside
""",
            """
class Stripe(torch.nn.Module):
    def forward(self, tensor):
        height = tensor.shape[1]
        top = torch.randint(0, height - height // 5 + 1, ()).item()
        return torch.cat([tensor[:, :top], tensor[:, top : top + height // 5] * 0, tensor[:, top + height // 5 :]], 1)

cover = Stripe()
""",
        ],
        "wrong": [
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    top = torch.randint(0, height - height // 3, ()).item()
    left = torch.randint(0, width - width // 3, ()).item()
    tensor[:, top : top + height // 3, left : left + width // 3] = 0
    return tensor
""",
                "has changed as well",
            ),
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    copy = tensor.clone()
    copy[:, height // 3 : height // 3 * 2, width // 3 : width // 3 * 2] = 0
    return copy
""",
                "at the same place in all draws",
            ),
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    top = torch.randint(0, height - height // 3, ()).item()
    left = torch.randint(0, width - width // 3, ()).item()
    copy = tensor.clone()
    copy[0, top : top + height // 3, left : left + width // 3] = 0
    return copy
""",
                "Only some channels",
            ),
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    top = torch.randint(0, height - height // 3, ()).item()
    left = torch.randint(0, width - width // 3, ()).item()
    copy = tensor.clone()
    copy[top + 3 : top + height // 3, left : left + width // 3] = 0
    return copy
""",
                "which two should be cut",
            ),
            ("cover = v2.RandomErasing(scale=(0.05, 0.25))", "When does that happen"),
            (
                patch(
                    "randint(0, 2) * (height - h)",
                    "randint(0, 2) * (width - w)",
                    h="height * 2 // 5",
                    w="width * 2 // 5",
                ),
                "from 51 on",
            ),
            (patch("randint(0, height - h + 1)", "randint(0, width - w + 1)", "*= 0.5"), "still shows what was there"),
            (patch("randint(0, height - h + 1)", "randint(0, width - w + 1)", "+= 0.01"), "still shows what was there"),
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    h, w = height // 3, width // 3
    top, left = (torch.randint(0, n, ()).item() for n in (height, width))
    shown = torch.ones(height, width)
    shown[:h, :w] = 0
    return tensor * shown.roll((top, left), (0, 1))
""",
                "scattered over several places",
            ),
            (patch("randint(0, height - h + 1)", "randint(0, width - w + 1)", h="height * 0.4"), "want whole numbers"),
            (
                patch("randint(0, height - h + 1)", "randint(0, width - w + 1)", h="min(height, width) // 3", w="h"),
                "keeps the share of the area",
            ),
            ("cover = v2.RandomErasing(p=1.0)", "From 5 % to 25 %"),
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    top = torch.randint(0, height, ()).item()
    left = torch.randint(0, width, ()).item()
    copy = tensor.clone()
    copy[:, top : top + height // 3, left : left + width // 3] = 0
    return copy
""",
                "that little of them fits",
            ),
            (
                """
def cover(tensor):
    top = torch.randint(0, 20, ()).item()
    left = torch.randint(0, 20, ()).item()
    copy = tensor.clone()
    copy[:, top : top + 40, left : left + 40] = 0
    return copy
""",
                "never reach the field top right",
            ),
            (
                """
def cover(tensor):
    top = torch.randint(0, 128 - 40, ()).item()
    left = torch.randint(0, 128 - 40, ()).item()
    copy = tensor.clone()
    copy[:, top : top + 40, left : left + 40] = 0
    return copy
""",
                "a height of 40 and a width of 100",
            ),
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    return tensor * (torch.rand(1, height, width) > 0.15)
""",
                "scattered over several places",
            ),
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    h, w = height // 3, width // 3
    top = torch.randint(0, height // 2, ()).item()
    left = torch.randint(0, width // 2, ()).item()
    copy = tensor.clone()
    copy[:, top : top + h, left : left + w] = 0
    return copy
""",
                "never gets near the bottom border",
            ),
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    h, w = height // 3, width // 3
    top = torch.randint(10, height - h + 1, ()).item()
    left = torch.randint(10, width - w + 1, ()).item()
    copy = tensor.clone()
    copy[:, top : top + h, left : left + w] = 0
    return copy
""",
                "never gets near the top border",
            ),
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    h, w = height // 3, width // 3
    top = torch.randint(0, height - h + 1, ()).item()
    left = top
    copy = tensor.clone()
    copy[:, top : top + h, left : left + w] = 0
    return copy
""",
                "Top and left are the same number",
            ),
            (
                """
def cover(tensor):
    height, width = tensor.shape[1:]
    h, w = height // 3, width // 3
    top = torch.randint(0, height - h + 1, ()).item()
    left = torch.randint(0, width - w + 1, ()).item()
    copy = tensor.clone()
    copy[:, top : h, left : w] = 0
    return copy
""",
                "so that the end moves along",
            ),
            ("cover = v2.RandomCrop(100)", "Keep type and shape"),
            (
                """
def cover(tensor):
    copy = tensor.clone()
    copy[:, 10:50, 10:50] = 0
""",
                "Is there a line with `return`",
            ),
        ],
    },
}
