"""Exercises and quiz of lesson 2: transforms."""

import torch
from PIL import Image
from torch import nn
from torchvision.transforms import v2

from ..checks import exercise, hint, right, solved
from ..quizzes import QUIZZES, Choice, Question

MEANS, STDS = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]  # ImageNet's
MEAN, STD = MEANS[0], STDS[0]  # of the red channel
RED = (200, 20, 20)
SLIPS = [  # (what a function of the red value may do instead, the hint for it)
    (
        lambda red: (red - MEAN) / STD,
        "For 139 that is 604.9. The network expects about −2 to 3. Which step comes before `Normalize`?",
    ),
    (
        lambda red: (red - MEAN) / STD / 255,
        "All the numbers are there, in another order. The mean belongs to values from 0 to 1, so when must 255 come?",
    ),
    (
        lambda red: red / 255,
        "Those are values from 0 to 1, as after `ToDtype` with `scale=True`. `Normalize` is still to come.",
    ),
    (lambda red: red / 255 - MEAN, "The mean is taken away. What does `Normalize` do with the std?"),
    (
        lambda red: red / 255 - MEAN / STD,
        "Python divides before it subtracts, so only the mean was divided by the std. What should be divided?",
    ),
    (lambda red: (red / 255 - MEAN) * STD, "You multiply by the std, so the values hardly spread. Look at section 6."),
    (
        lambda red: red / 255 * STD + MEAN,
        "That is the way back, which section 6 calls *undo it*. We need the way there.",
    ),
    (lambda red: (MEAN - red / 255) / STD, "The sign is turned round: with yours, a bright pixel gets a low number."),
    (lambda red: (red / 255 - 0.456) / 0.224, "Those are the mean and std of green. Each channel has its own."),
    (lambda red: (red / 255 - 0.406) / 0.225, "Those are the mean and std of blue. Each channel has its own."),
    (lambda red: (red / 255 - STD) / MEAN, "Mean and std have changed places."),
    (
        lambda red: (red / 256 - MEAN) / STD,
        "Nearly. The largest value, 255, should become exactly 1 before `Normalize`.",
    ),
]


@exercise("2.1", "What the network gets")
def what_the_network_gets(what_the_network_gets):
    reds = [0, 139, 255]
    answers = [solved(what_the_network_gets(red)) for red in reds]
    if any(answer is None for answer in answers):
        return hint("The function returns nothing. Did the word `return` get lost?")
    if any(torch.as_tensor(answer).numel() != 1 for answer in answers):
        return hint("Several numbers come out, perhaps one for each channel. Only the one for red is wanted.")
    answers = [float(answer) for answer in answers]

    def all_equal(rule):
        return all(abs(answer - rule(red)) < 6e-3 for red, answer in zip(reds, answers, strict=True))

    if all_equal(lambda red: (red / 255 - MEAN) / STD):
        return right(
            f"0 becomes {answers[0]:.2f}, 139 becomes {answers[1]:.2f} and 255 becomes {answers[2]:.2f}. So red never leaves "
            "this range, in no picture: a quick test for any chain. What are the borders for green?"
        )
    if len(set(answers)) == 1:
        return hint(f"It answers {answers[0]:.2f} to 0, to 139 and to 255. Compute with `red` instead of one value.")
    if (
        all(answer == int(answer) for answer in answers)
        and max(abs(answer - (red / 255 - MEAN) / STD) for red, answer in zip(reds, answers, strict=True)) < 1
    ):
        return hint(f"Nearly: {', '.join(f'{answer:g}' for answer in answers)} are whole numbers. Return all digits.")
    for rule, text in SLIPS:
        if all_equal(rule):
            return hint(text)
    return hint(
        f"For 0, 139 and 255 it gives {answers[0]:.2f}, {answers[1]:.2f} and {answers[2]:.2f}. "
        "Two steps are wanted: first to the range 0 to 1 (section 2), then the formula of section 6."
    )


@exercise("2.2", "A chain for training")
def training_chain(training_chain):
    too_early = "The function returns too early: what stands below a `return` never runs."
    try:
        chain = solved(training_chain(24))
    except UnboundLocalError:
        return hint("A line adds to `steps` before there is such a list. Which line makes the list?")
    except ValueError:  # Compose refuses an empty list
        return hint(f"`Compose` got an empty list. {too_early}")
    if chain is None:
        return hint("The function returns nothing. Did the line with `return` get lost?")
    if not isinstance(chain, (v2.Compose, nn.Sequential)):
        return hint(f"A {type(chain).__name__} comes out. Which line turns the list of steps into one transform?")
    steps = repr(chain)
    for step in ["RandomResizedCrop", "RandomHorizontalFlip", "ToImage", "ToDtype", "Normalize"]:
        if step not in steps:
            return hint(
                f"The chain has no `{step}`. Its line is missing, or it stands below `return`, where nothing runs."
            )
    try:
        tensor = chain(Image.new("RGB", (50, 40), RED))
    except TypeError as error:
        if "PIL" in str(error):
            return hint("`Normalize` was given a PIL picture and refused it. Which step makes a tensor of a picture?")
        if steps.index("ToDtype") < steps.index("ToImage"):
            return hint(
                "`ToDtype` met a PIL picture, and let it through without a word. So `Normalize` found whole numbers. "
                "What must a picture become before its numbers can be divided?"
            )
        return hint("`Normalize` was given whole numbers, and it wants fractions. Which step makes them?")
    if tensor.shape != (3, 24, 24):
        return hint(f"For size 24, a tensor of the shape {tuple(tensor.shape)} comes out. Is a number written into it?")
    wanted = v2.functional.normalize(torch.tensor(RED).view(3, 1, 1) / 255, mean=MEANS, std=STDS)
    if not torch.allclose(tensor, wanted.expand_as(tensor), atol=0.02):
        return hint(
            f"A picture of one colour comes out with values from {tensor.min():.1f} to {tensor.max():.1f}. "
            "Is each of the lines there exactly once, as it was given?"
        )
    if steps.index("RandomResizedCrop") < steps.index("ToImage"):
        return right(
            "Tensor, float, normalize: these three have a fixed order. Where crop and flip stand is up to you. Which "
            "order is quickest depends on the pictures: measure it. Only a crop after `ToDtype` is sure to handle more bytes."
        )
    return right(
        "Tensor, float, normalize: these three have a fixed order. You crop on the tensor, which works as well. Which "
        "order is quickest depends on the pictures: measure it. Only a crop after `ToDtype` is sure to handle more bytes."
    )


@exercise("2.3", "A score that moves")
def two_chains(two_chains):
    try:
        chains = solved(two_chains(32))
    except TypeError as error:
        if "callables" not in str(error):
            raise
        return hint(
            "`Compose` did not get a list of steps. `insert` and `append` change a list and give back nothing, so they need "
            "a line of their own. Or make a new list: `[x, *steps]`."
        )
    if not isinstance(chains, dict) or not {"train", "val"} <= set(chains):
        return hint('A dictionary with the keys `"train"` and `"val"` should come out, as in the last line.')
    train, val = chains["train"], chains["val"]
    pixels = torch.arange(60, dtype=torch.uint8).mul(4).repeat(3, 40, 1)  # brighter from left to right
    pixels[1] = torch.arange(40, dtype=torch.uint8).mul(6)[:, None]  # and green from top to bottom
    image = v2.functional.to_pil_image(pixels)
    if not all(torch.is_tensor(chain(image)) for chain in (train, val)):
        return hint("A chain gives no tensor. Are the steps of `to_tensor` still in both?")
    results = {name: {bytes(chains[name](image).numpy()) for _ in range(30)} for name in ("train", "val")}
    if len(results["val"]) > 1 and len(results["train"]) == 1:
        return hint("Now `train` is fixed and `val` is random. Which of the two should vary?")
    if len(results["val"]) > 1:
        return hint(
            "Still: one picture, sent through `val` 30 times, does not always give the same. "
            'Run `print(two_chains(128)["val"])`: it names the steps. Which one is random, and how did it get in? '
            "(A second name for a list is no copy: both names mean the same list.)"
        )
    if len(results["train"]) == 1:
        return hint(
            "`val` is fixed, but now `train` is too: 30 draws are all alike. Does the flip happen never, or always?"
        )
    grey = Image.new("RGB", (60, 40), (128, 128, 128))
    for name, chain in [("train", train), ("val", val)]:
        tensor = chain(grey)
        if tensor.shape != (3, 32, 32):
            return hint(
                f"For size 32, `{name}` gives the shape {tuple(tensor.shape)}. Is the resize or the crop missing?"
            )
        if not tensor.is_floating_point() or tensor.max() > 4:
            return hint(f"`{name}` gives values up to {tensor.max():.0f}: `scale=True` or `ToDtype` is missing.")
        if torch.allclose(tensor, torch.tensor(128 / 255)):
            return hint(f"`{name}` is not normalized any more. The network wants all pictures in the same range.")
    fixed = val(image)
    planned = v2.functional.center_crop(v2.functional.resize(image, [32]), [32])
    planned = v2.functional.to_dtype(v2.functional.to_image(planned), torch.float32, scale=True)
    planned = v2.functional.normalize(planned, mean=MEANS, std=STDS)
    if not torch.allclose(fixed, planned, atol=0.06):  # rounding makes 0.02
        return hint("`val` is fixed, but no longer what it was: `Resize(size)`, `CenterCrop(size)`, then `to_tensor`.")
    for _ in range(30):
        drawn = train(image)
        if not any(torch.allclose(drawn, view, atol=0.06) for view in (fixed, fixed.flip(-1))):
            return hint(
                "`val` is fixed and `train` varies. But some results of `train` are neither the one of `val` nor its mirror "
                "image. Compare `print(two_chains(128))`: the flip should be the only difference."
            )
    return right(
        "`Compose` keeps the very list it was given, without copying it. Whoever changes the list later changes the chain. "
        "So give each chain a list of its own. And when a score moves by itself, print the chain."
    )


COLOURS = {  # (3, 1, 1)
    name: torch.tensor(rgb)[:, None, None]
    for name, rgb in {"red": (255, 0, 0), "yellow": (255, 255, 0), "blue": (0, 0, 255)}.items()
}


def _panorama(kind, short=40):
    """A grey picture, red at one end and blue at the other, with a yellow square of 20 pixels in the middle: sides 120 and `short`."""
    pixels = torch.full((3, short, 120), 120, dtype=torch.uint8)
    pixels[:, :, :15] = COLOURS["red"]
    pixels[:, short // 2 - 10 : short // 2 + 10, 50:70] = COLOURS["yellow"]
    pixels[:, :, 105:] = COLOURS["blue"]
    return v2.functional.to_pil_image(pixels if kind == "wide" else pixels.transpose(1, 2))


def _longest_run(lines):
    """The most neighbours that are True in any of the lines."""
    words = ["".join("x" if value else " " for value in line).split() for line in lines.tolist()]
    return max((len(word) for line in words for word in line), default=0)


def _seen(image):
    """Of the answer for a `_panorama`: whether both ends show, and width and height of the yellow square."""
    pixels = v2.functional.to_dtype(v2.functional.to_image(image), torch.uint8, scale=True).int()
    near = {name: ((pixels - rgb).abs().amax(0) < 90) for name, rgb in COLOURS.items()}
    return bool(near["red"].any() and near["blue"].any()), _longest_run(near["yellow"]), _longest_run(near["yellow"].T)


@exercise("2.4", "Nothing cut off")
def to_square(to_square):
    ends, kinds = {}, {"wide": "tall", "tall": "wide"}
    squares = {}
    for kind in kinds:
        image = solved(to_square(_panorama(kind), 60))
        if image is None:
            return hint("The function returns nothing. Is its last line still there?")
        height, width = v2.functional.get_size(image)
        ends[kind], *squares[kind] = _seen(image)
        if ends[kind] and width == height != 60:
            return hint(
                f"Whole and square, but {width}×{height} pixels. {max(width, height)} is not the `size` that was asked for, 60."
            )
        if ends[kind] and width != height:
            return hint(f"Nothing is cut off, but a {kind} picture comes out as {width}×{height}, which is no square.")
    if not any(ends.values()):
        if max(squares["wide"]) < 5:  # the yellow square should have 10 of the 60 pixels
            return hint(
                "The picture comes out so small that its ends can't be made out. Its longer side should fill the square. "
                "Print `image.size` after each line."
            )
        return hint(
            "Still: a wide picture lacks its left and right ends, and a tall one its top and bottom. Print `image.size` "
            "after each line: which line cuts them off, and how large must its square be?"
        )
    for kind, other in kinds.items():
        if not ends[kind]:
            return hint(
                f"A {other} picture is whole now, but a {kind} one lacks its ends. Which of its sides is longer?"
            )
    for kind, (across, down) in squares.items():
        if abs(across - down) > 2:
            return hint(
                f"Nothing is cut off, but a square in a {kind} picture is now {across} wide and {down} high: squeezed. "
                "Fill up with bars instead of stretching."
            )
        if across < 9:
            return hint(
                f"Whole and not squeezed, but small: the longer side of a {kind} picture should fill the square, and "
                f"yours takes about {across / 10:.0%} of it. Are the bars wider than need be?"
            )
    for kind, short, size in [("tall", 24, 48), ("wide", 120, 90), ("wide", 40, 360)]:
        image = to_square(_panorama(kind, short), size)
        all_there, across, down = _seen(image)
        as_large = abs(across - size / 6) < 2 and abs(down - size / 6) < 2  # 20 of 120 pixels are a sixth
        height, width = v2.functional.get_size(image)
        if (width, height) != (size, size):
            return hint(
                f"Right for a size of 60, but with {size} it gives {width}×{height}. Is a number written into it?"
            )
        if all_there and across < size / 6 - 2 and abs(across - down) < 3:
            return hint(
                f"Right for a size of 60. But sides of 120 and {short} with a size of {size} give a picture that is smaller than "
                "the square. Its longer side should fill it, of small pictures, too."
            )
        if not all_there or not as_large:
            return hint(
                f"Right for sides of 120 and 40 and a size of 60. But 120 and {short} with a size of {size} go wrong. "
                "How wide must the bars be for each picture?"
            )
    return right(
        "Nothing is lost, at a price: the bars take room, so the animal gets fewer pixels. When your animals are in the "
        "middle, `CenterCrop` is better. Where in the frame are yours?"
    )


DRAWS = 400  # a patch that may lie anywhere then gets near each border, up to less than one chance in a million


def _flaw(cover, height, width):
    """What is wrong with `DRAWS` covered pictures of this size, or "" and the smallest and largest share that was hidden."""
    tensor = torch.rand(3, height, width) * 0.8 + 0.1
    before, hidden = tensor.clone(), []
    for _ in range(DRAWS):
        covered = solved(cover(tensor))
        if covered is None:
            return "The function returns nothing. Is there a line with `return`?", 0, 0
        if not torch.is_tensor(covered) or covered.shape != before.shape:
            what = tuple(covered.shape) if torch.is_tensor(covered) else type(covered).__name__
            return f"In goes a tensor of the shape {tuple(before.shape)}, out comes {what}. Keep type and shape.", 0, 0
        if not torch.equal(tensor, before):
            return "The tensor that was given has changed as well. Work on a copy.", 0, 0
        changed = covered != before
        if (changed.any(0) != changed.all(0)).float().mean() > 0.01:
            return (
                "Only some channels are covered, so the animal shines through in the others. `:` means all, and the channels "
                "are the first axis.",
                0,
                0,
            )
        patch = torch.stack([before[changed], covered[changed]])
        if patch.numel() and patch[1].std() > 1e-4 and patch.corrcoef()[0, 1] > 0.5:
            return "The patch still shows what was there: its values rise and fall with those of the picture.", 0, 0
        hidden.append(changed.any(0))
    hidden = torch.stack(hidden)
    shares = hidden.float().mean((1, 2))
    return _flaw_of_patches(hidden, shares), shares.min().item(), shares.max().item()


def _flaw_of_patches(hidden, shares):
    empty = int((shares == 0).sum())
    if empty == len(shares):
        return "Nothing is hidden. A tensor has three axes, and the first is the channels: which two should be cut?"
    if empty > len(shares) // 10:
        ends = {tuple(patch.nonzero().amax(0).tolist()) for patch in hidden if patch.any()}
        if len(ends) == 1:
            return (
                f"In {empty} of {len(shares)} draws nothing is hidden, and in the others the patch ends at the same row and "
                "column. `a:b` goes from a to b. What must stand behind the colon, so that the end moves along?"
            )
        size = "×".join(map(str, hidden.shape[1:]))
        return f"In {empty} of {len(shares)} draws from a picture of {size}, nothing is hidden. When does that happen?"
    smallest = hidden[shares.argmin()]
    if shares.min() < 0.045 and shares.max() <= 0.26 and (smallest[-1].any() or smallest[:, -1].any()):
        return (
            f"The goal is 5 % or more, and some patches hide only {shares.min():.0%}: they begin so near the right or lower "
            "border that little of them fits. Where may a patch begin at most?"
        )
    if shares.min() < 0.045 or shares.max() > 0.26:
        found = f"between {shares.min():.0%} and {shares.max():.0%}"
        return (
            f"It hides {found} of the area. From 5 % to 25 % is wanted. (Half the height and half the width are 25 %.)"
        )
    spans = [patch.nonzero() for patch in hidden]
    boxes = torch.stack([(span.amax(0) - span.amin(0) + 1).prod() if len(span) else torch.tensor(1) for span in spans])
    torn = int((hidden.sum((1, 2)) / boxes < 0.6).sum())
    if torn > len(hidden) // 10:
        return f"In {torn} of {len(hidden)} draws, what you hide is scattered over several places. Hide *one* patch."
    if (hidden == hidden[0]).all():
        return "The patch lies at the same place in all draws. Draw it anew at each call, inside the function, without a seed."
    starts = torch.stack([patch.nonzero().amin(0) for patch in hidden if patch.any()])  # (n, 2): top, left
    if (starts[:, 0] == starts[:, 1]).all() and len(starts.unique()) > 1:
        return "Top and left are the same number in each draw, so the patch moves along one line only. Draw for each of the two."
    for row, part in zip(["top", "middle", "bottom"], hidden.any(0).tensor_split(3, 0), strict=True):
        for column, field in zip(["left", "middle", "right"], part.tensor_split(3, 1), strict=True):
            if not field.any():
                return (
                    f"The place varies, but {len(hidden)} draws never reach the field {row} {column}. "
                    "Between which numbers may a patch begin?"
                )
    down, across = (max(2, side // 25) for side in hidden.shape[1:])  # so near to a border counts as reached
    reached = hidden.any(0)
    borders = {
        "top": reached[:down],
        "bottom": reached[-down:],
        "left": reached[:, :across],
        "right": reached[:, -across:],
    }
    for border, pixels in borders.items():
        if not pixels.any():
            return (
                f"The place varies, but in {len(hidden)} draws the patch never gets near the {border} border. "
                "Between which numbers may it begin, so that it just fits at both ends?"
            )
    for name, lines, size in (("rows", reached.any(1), down), ("columns", reached.any(0), across)):
        if free := next((i for i in range(len(lines) - size) if not lines[i : i + size].any()), None):
            return (
                f"The place varies, but in {len(hidden)} draws the {name} from {free} on are never hidden. Which places can "
                "a patch have?"
            )
    return ""


@exercise("2.5", "Cover a part")
def cover(cover):
    try:
        flaw, least, most = _flaw(cover, 128, 128)
    except TypeError as error:
        if "float" not in str(error) and "slice indices" not in str(error):
            raise
        return hint(
            "`randint` and slices want whole numbers, and got others: `int(height * 0.4)` makes one, and so does `//`."
        )
    if flaw:
        return hint(flaw)
    for height, width in [(40, 100), (200, 60)]:
        try:
            flaw, low, high = _flaw(cover, height, width)
        except (RuntimeError, ValueError, IndexError) as error:
            flaw = f"It raises a {type(error).__name__}: {error}."
        if "of the area" in flaw:
            return hint(
                f"Good for 128×128. But of a picture of {height}×{width} it hides {low:.0%} to {high:.0%}; 5 % to 25 % are "
                "wanted. A part of each side keeps the share of the area."
            )
        if flaw:
            return hint(
                f"Good for 128×128. But for a height of {height} and a width of {width}: {flaw.split('. ')[0].rstrip('.')}. "
                "Does your function compute with `height` and `width`, each for its own axis?"
            )
        least, most = min(least, low), max(most, high)
    hides = f"{least:.0%}" if round(least, 2) == round(most, 2) else f"between {least:.0%} and {most:.0%}"
    return right(
        f"It hides {hides} of the picture, each time elsewhere. Put it at the end of the chain for training, and the network "
        "cannot rely on one part alone. How much may be hidden until *you* can no longer name the animal?"
    )


QUIZZES["02"] = [
    Question(
        "The pictures of a colleague come as tensors of the type `uint8`. They want a random crop, a flip, and then `Normalize`. What do you advise?",
        (
            Choice(
                "Make PIL pictures of them first, because crop and flip take only those.",
                "Crops, resizes and flips of `v2` take both. Section 5 shows that a flip gives the same numbers.",
            ),
            Choice(
                "Use the three as they are: what crop and flip take, `Normalize` takes too.",
                "`Normalize` refuses `uint8`: *Input tensor should be a float tensor*.",
            ),
            Choice(
                "Put `ToDtype(torch.float32, scale=True)` between the flip and `Normalize`.",
                "Crop and flip take the tensors as they are. Only `Normalize` needs fractions.",
                right=True,
            ),
            Choice(
                "Put `Normalize` first, then crop and flip.",
                "The order of crop and `Normalize` is free, but `Normalize` still meets `uint8` and refuses it.",
            ),
        ),
    ),
    Question(
        "What goes into `Normalize` with ImageNet's numbers, and what comes out?",
        (
            Choice(
                "A PIL picture goes in, and values from 0 to 1 come out.",
                "It raises a `TypeError` for a PIL picture. And 0 to 1 is what `scale=True` gives, one step earlier.",
            ),
            Choice(
                "Values from 0 to 1 go in, and values from about −2 to 3 come out.",
                "0 becomes about −2, and 1 becomes about 2.2 to 2.6. Outside of that, something is wrong.",
                right=True,
            ),
            Choice(
                "Values from 0 to 255 go in, and values from 0 to 1 come out.",
                "`ToDtype` with `scale=True` does that. With such values, `Normalize` gives hundreds, and raises no error for floats.",
            ),
            Choice(
                "Any values go in, and each picture comes out with mean 0 and std 1.",
                "The six numbers are fixed and the same for every picture. So a dark picture stays darker than others.",
            ),
        ),
    ),
    Question(
        "Training pictures are cropped and flipped at random. What about validation?",
        (
            Choice(
                "Crop and flip them at random as well, since both must be treated alike.",
                "Then the score moves by itself, and you cannot tell a better network from a lucky crop.",
            ),
            Choice(
                "Leave them as they are, without any transform, to be fair.",
                "Then their sizes differ, and their values lie in a range that the network never saw.",
            ),
            Choice(
                "Crop at random, because more variants make the score more reliable.",
                "One random view of each picture only adds noise. Averaging several views is another thing.",
            ),
            Choice(
                "Same size and same `Normalize`, but a fixed crop.",
                "So the network sees what it is used to, and a score moves only when the network changed.",
                right=True,
            ),
        ),
    ),
    Question(
        "`train_set` holds 100 pictures. You give it a chain with random crops and flips. What is `len(train_set)` now?",
        (
            Choice(
                "100, and each picture is varied anew whenever it is fetched.",
                "The dataset holds file names. The chain runs at each `train_set[i]`, with new chance.",
                right=True,
            ),
            Choice(
                "100, and each picture was varied once, when the dataset was made.",
                "Making it reads only names. Ask twice for `train_set[0]`, and two variants come.",
            ),
            Choice(
                "200, because flipping adds a mirrored copy of each.",
                "A flip replaces the picture, in half of the draws. It adds none.",
            ),
            Choice(
                "More than 100: augmentation makes new files.",
                "No file is written. Variants are made in memory and forgotten.",
            ),
        ),
    ),
    Question(
        "A photo, 300 pixels wide and 200 high, goes through `Resize(100)` and `ToImage()`. Which shape comes out?",
        (
            Choice("(3, 100, 100)", "`Resize` with one number keeps the proportions. It takes two for a square."),
            Choice(
                "(3, 100, 150)",
                "The shorter side, the height, becomes 100. Proportions stay, and a tensor says the height first.",
                right=True,
            ),
            Choice("(3, 150, 100)", "PIL says the width first. A tensor says channels, height, width."),
            Choice("(3, 67, 100)", "Here the longer side became 100. One number sets the *shorter* side."),
        ),
    ),
]
